# The real binaries. Included by CMakeLists.txt.
add_test(NAME system/systemd
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/system/systemd.sh ${PROJECT_BINARY_DIR})
add_test(NAME system/survive
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/system/survive.sh ${PROJECT_BINARY_DIR})
# What is installed is optimised across files; all other tests are of this build.
add_test(NAME system/release_survives
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/system/survive.sh ${PROJECT_SOURCE_DIR}/build/release)
add_test(NAME system/survive_many
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/system/survive_many.sh ${PROJECT_BINARY_DIR})
add_test(NAME system/archive
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/system/archive.sh ${PROJECT_BINARY_DIR})
add_test(NAME system/real_clients_survive
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/system/real_clients_survive.sh ${PROJECT_BINARY_DIR})
add_test(NAME system/exposure # in tenths: 0.5
    COMMAND systemd-analyze security --offline=true --threshold=5 --no-pager
        ${PROJECT_BINARY_DIR}/systemd/partylined.service)
file(GLOB MANUALS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.[158])
add_test(NAME system/manuals COMMAND mandoc -T lint -W warning ${MANUALS})
set_tests_properties(system/systemd system/survive system/release_survives system/survive_many system/archive system/real_clients_survive
    system/exposure system/manuals PROPERTIES
    LABELS system TIMEOUT 120 SKIP_RETURN_CODE 77)

add_test(NAME system/client
    COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/system/client.py $<TARGET_FILE:partyline>)
add_test(NAME system/client_tls
    COMMAND python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/system/client_tls.py $<TARGET_FILE:partyline>)
add_test(NAME system/client_full
    COMMAND python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/system/client_full.py $<TARGET_FILE:partyline>
        $<TARGET_FILE:partylined>)
set_tests_properties(system/client system/client_tls system/client_full PROPERTIES
    LABELS system TIMEOUT 120 SKIP_RETURN_CODE 77)

# Real netcats, telnets and IRC clients at the daemon, each script in a network of its own.
foreach(name netcats telnets irc_clients real_clients kernel operators bad_input)
    add_test(NAME system/${name}
        COMMAND python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/system/${name}.py $<TARGET_FILE:partylined>)
    set_tests_properties(system/${name} PROPERTIES LABELS system TIMEOUT 120 SKIP_RETURN_CODE 77)
endforeach()
