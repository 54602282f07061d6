# The real binaries. Included by CMakeLists.txt.
add_test(NAME system/systemd
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/system/systemd.sh ${PROJECT_BINARY_DIR})
add_test(NAME system/exposure # in tenths: 0.5
    COMMAND systemd-analyze security --offline=true --threshold=5 --no-pager
        ${PROJECT_BINARY_DIR}/systemd/partylined.service)
file(GLOB MANUALS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.[158])
add_test(NAME system/manuals COMMAND mandoc -T lint -W warning ${MANUALS})
set_tests_properties(system/systemd system/exposure system/manuals PROPERTIES
    LABELS system TIMEOUT 120 SKIP_RETURN_CODE 77)

add_test(NAME system/client
    COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/system/client.py $<TARGET_FILE:partyline>)
set_tests_properties(system/client PROPERTIES LABELS system TIMEOUT 120 SKIP_RETURN_CODE 77)
