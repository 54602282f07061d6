# The real server in-process, on a rig. Included by CMakeLists.txt. The wraps let tests count and cut
# the server's system calls: support/crash.c.
add_library(rig STATIC
    support/crash.c
    support/dialogue.c
    support/dialogue_settings.c
    support/dialogue_words.c
    support/peer.c
    support/rig.c
    support/rig_settle.c
    support/slow_clock.c)
target_include_directories(rig PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(rig PUBLIC shadow PkgConfig::CMOCKA)
target_link_options(rig PUBLIC
    -Wl,--wrap=recv,--wrap=send,--wrap=accept4,--wrap=shutdown,--wrap=close
    -Wl,--wrap=clock_gettime)

file(GLOB INTEGRATION_TESTS CONFIGURE_DEPENDS integration/test_*.c)
foreach(source IN LISTS INTEGRATION_TESTS)
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE rig)
    if(name STREQUAL test_crash)
        continue() # below: act by act, so that they run side by side
    endif()
    add_test(NAME integration/${name} COMMAND ${name})
    set_tests_properties(integration/${name} PROPERTIES LABELS integration TIMEOUT 180
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
endforeach()

file(GLOB ACTS CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} integration/acts/*.chat)
foreach(act IN LISTS ACTS)
    get_filename_component(name ${act} NAME_WE)
    add_test(NAME integration/test_crash/${name} COMMAND test_crash ${act})
    set_tests_properties(integration/test_crash/${name} PROPERTIES LABELS integration TIMEOUT 180
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
endforeach()
