# Pictures of the client, made of golden screens. Included by CMakeLists.txt.
#     build/dev/tests/picture tests/screens/picture.screen >docs/pictures/client.svg
add_executable(picture picture.c)
target_include_directories(picture PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(picture PRIVATE client)
add_test(NAME checks/pictures
    COMMAND sh -c "$<TARGET_FILE:picture> screens/picture.screen | cmp - ../docs/pictures/client.svg"
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
set_tests_properties(checks/pictures PROPERTIES LABELS unit TIMEOUT 30)
