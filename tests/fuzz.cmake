# Fuzz targets. With libFuzzer (cmake --preset fuzz) they look for new inputs:
#     build/fuzz/tests/fuzz_session -max_total_time=60 NEW_FOLDER tests/fuzz/corpus/session
# Without it, and under ctest, they run over the inputs that were interesting once. Included by
# CMakeLists.txt.
foreach(target scanner irc_message utf8 config session client_edit client_view)
    set(name fuzz_${target})
    set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${target})
    add_executable(${name} fuzz/${name}.c)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE core client shadow)
    if(PARTYLINE_LIBFUZZER)
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        add_test(NAME fuzz/${target} COMMAND ${name} -runs=0 ${corpus})
    else()
        target_sources(${name} PRIVATE fuzz/replay.c)
        add_test(NAME fuzz/${target} COMMAND ${name} ${corpus})
    endif()
    set_tests_properties(fuzz/${target} PROPERTIES LABELS fuzz TIMEOUT 120)
endforeach()
