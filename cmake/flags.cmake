# One interface target that carries the compiler's flags for everything we build.
add_library(flags INTERFACE)
target_compile_definitions(flags INTERFACE _GNU_SOURCE PARTYLINE_VERSION="${PROJECT_VERSION}")
target_compile_options(flags INTERFACE
    -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wundef -Wcast-qual
    -Wformat=2 -Wswitch-enum -Wmissing-prototypes -Wstrict-prototypes -Wwrite-strings
    -fno-common -fno-omit-frame-pointer)

if(PARTYLINE_WERROR)
    target_compile_options(flags INTERFACE -Werror)
endif()

if(PARTYLINE_SANITIZE)
    target_compile_options(flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
    target_link_options(flags INTERFACE -fsanitize=address,undefined)
elseif(PARTYLINE_HARDEN)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    target_compile_options(flags INTERFACE -fstack-protector-strong -fno-plt) # see -z now
    target_compile_definitions(flags INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
    target_link_options(flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()

if(PARTYLINE_LIBFUZZER)
    target_compile_options(flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# The order of functions: each has a section of its own, and the linker puts some of them first.
set(PARTYLINE_ORDER ${PROJECT_SOURCE_DIR}/cmake/order.ld)
include(CheckLinkerFlag)
check_linker_flag(C "LINKER:-T,${PARTYLINE_ORDER}" PARTYLINE_CAN_ORDER)
target_compile_options(flags INTERFACE -ffunction-sections)
