# doxin_folder(<floor>/<name> SOURCES … [USES <floor>/<name> …] [EXTERNAL <pkg-config module> …] [HEADERS <name.h> …])
#
# Makes the OBJECT library doxin_<floor>_<name> from libdoxin/<floor>/<name>. USES are the folders that its sources may
# include headers of; EXTERNAL are pkg-config modules that this folder alone links, HEADERS the external headers that
# stand for them. Everything is also written down for tests/check/includes.py, which fails on an #include outside it.
function(doxin_folder path)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;EXTERNAL;HEADERS" ${ARGN})
  string(REPLACE "/" "_" name ${path})
  set(target doxin_${name})
  add_library(${target} OBJECT ${ARG_SOURCES})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/libdoxin ${CMAKE_SOURCE_DIR}/include)
  target_link_libraries(${target} PUBLIC doxin_flags Threads::Threads m)
  foreach(use IN LISTS ARG_USES)
    string(REPLACE "/" "_" used ${use})
    target_link_libraries(${target} PUBLIC doxin_${used})
  endforeach()
  foreach(module IN LISTS ARG_EXTERNAL)
    string(MAKE_C_IDENTIFIER ${module} id)
    if(NOT TARGET PkgConfig::${id})
      pkg_check_modules(${id} REQUIRED IMPORTED_TARGET GLOBAL ${module})
    endif()
    target_link_libraries(${target} PUBLIC PkgConfig::${id})
    set_property(GLOBAL APPEND PROPERTY DOXIN_MODULES ${module})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY DOXIN_FOLDERS ${path})
  set_property(GLOBAL APPEND_STRING PROPERTY DOXIN_EDGES
    "${path}\t${ARG_USES}\t${ARG_HEADERS}\n")
endfunction()

# Writes edges.tsv into the build folder: one line a folder, what it may include and which external headers are its own.
function(doxin_write_edges)
  get_property(edges GLOBAL PROPERTY DOXIN_EDGES)
  file(WRITE ${CMAKE_BINARY_DIR}/edges.tsv "${edges}")
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL doxin_write_edges)
