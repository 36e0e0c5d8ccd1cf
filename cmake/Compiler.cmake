# Flags for all of DoxIn's own code.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

find_program(DOXIN_CCACHE ccache)
if(DOXIN_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${DOXIN_CCACHE})
endif()

add_library(doxin_flags INTERFACE)
target_compile_definitions(doxin_flags INTERFACE _GNU_SOURCE DOXIN_VERSION="${PROJECT_VERSION}")
target_compile_options(doxin_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings
  -Wformat=2 -Wundef -Wvla -fno-strict-overflow -fno-common -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(DOXIN_WERROR)
  target_compile_options(doxin_flags INTERFACE -Werror)
endif()
target_link_options(doxin_flags INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed)

if(DOXIN_SANITIZE)
  target_compile_options(doxin_flags INTERFACE -fsanitize=${DOXIN_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(doxin_flags INTERFACE -fsanitize=${DOXIN_SANITIZE})
else()
  target_compile_options(doxin_flags INTERFACE -fstack-protector-strong -fstack-clash-protection)
  target_compile_options(doxin_flags INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
    target_compile_options(doxin_flags INTERFACE -fcf-protection)
  endif()
endif()
if(DOXIN_FUZZ)
  # libFuzzer finds its way by the coverage of all code, not of the target alone.
  target_compile_options(doxin_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(DOXIN_COVERAGE)
  target_compile_options(doxin_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(doxin_flags INTERFACE --coverage)
endif()

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
