# Promises of the style that a script can keep; they need no build. Included by CMakeLists.txt.
set(CHECKS ${CMAKE_CURRENT_SOURCE_DIR}/checks)
add_test(NAME checks/layers COMMAND ${CHECKS}/layers.py ${PROJECT_SOURCE_DIR})
add_test(NAME checks/sizes COMMAND ${CHECKS}/sizes.py ${PROJECT_SOURCE_DIR})
add_test(NAME checks/order COMMAND ${CHECKS}/order.py ${PROJECT_SOURCE_DIR})
add_test(NAME checks/planted COMMAND ${CHECKS}/planted.py)
set_tests_properties(checks/layers checks/sizes checks/order checks/planted PROPERTIES
    LABELS unit TIMEOUT 30)
