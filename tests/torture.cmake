# The torture: a daemon that can be made to die anywhere, and the program that does it while many
# people talk. Included by CMakeLists.txt.
set(TORTURE_WRAPS
    accept4 recv send shutdown rights_receive rights_send notify_store notify_unstore boxes_tidy
    state_open state_begin state_commit log_make_room log_append state_edit_cursor output_close pages_give_back
    kernel_tcp_totals)
list(TRANSFORM TORTURE_WRAPS PREPEND "LINKER:--wrap=")
add_executable(partylined_torture
    ${PROJECT_SOURCE_DIR}/daemon/main.c torture/points.c torture/bugs.c torture/names.c)
target_include_directories(partylined_torture PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(partylined_torture PRIVATE core)
target_link_options(partylined_torture PRIVATE ${TORTURE_WRAPS})

file(GLOB TORTURE_SOURCES CONFIGURE_DEPENDS torture/*.c)
list(FILTER TORTURE_SOURCES EXCLUDE REGEX "/(points|bugs|many)\\.c$")
add_executable(torture ${TORTURE_SOURCES} support/manager.c support/launch.c)
target_include_directories(torture PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(torture PRIVATE core)
# It looks into a region that the daemon has locked.
target_link_options(torture PRIVATE LINKER:--wrap=fcntl)

add_executable(many torture/many.c support/manager.c support/launch.c)
target_include_directories(many PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(many PRIVATE lib)

add_test(NAME system/torture
    COMMAND torture --daemon $<TARGET_FILE:partylined_torture> --seconds 20)
add_test(NAME system/visits
    COMMAND torture --daemon $<TARGET_FILE:partylined_torture> --seconds 4 --visits --most-us 100000)
add_test(NAME system/many COMMAND many --daemon $<TARGET_FILE:partylined>)
set_tests_properties(system/torture system/visits system/many PROPERTIES
    LABELS "system;torture" TIMEOUT 180)
