# doxin_library(): makes the library out of all folders declared so far.
#
#   doxin          libdoxin.so; exports what libdoxin/abi/symbols.txt lists and nothing else
#   doxin_static   libdoxin.a; one object in which every internal name has become local, so that none of them can meet a
#                  name of the program it is linked into
#   doxin_testing  libdoxin_testing.a; the same objects with all their names visible, for the tests alone

# What the folders link from outside, without the folders themselves.
function(doxin_outer_links out)
  set(links)
  foreach(target IN LISTS ARGN)
    get_target_property(all ${target} INTERFACE_LINK_LIBRARIES)
    foreach(link IN LISTS all)
      if(TARGET ${link})
        get_target_property(type ${link} TYPE)
        if(type STREQUAL "OBJECT_LIBRARY")
          continue()
        endif()
      endif()
      list(APPEND links ${link})
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES links)
  set(${out} ${links} PARENT_SCOPE)
endfunction()

# The version script of the shared library, from the list of exported names.
function(doxin_version_script symbols script node)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${symbols})
  file(STRINGS ${symbols} names REGEX "^doxin_")
  list(JOIN names ";\n    " lines)
  file(CONFIGURE OUTPUT ${script} CONTENT "${node} {\n  global:\n    ${lines};\n  local:\n    *;\n};\n" @ONLY)
endfunction()

function(doxin_library)
  set(symbols ${CMAKE_SOURCE_DIR}/libdoxin/abi/symbols.txt)
  get_property(paths GLOBAL PROPERTY DOXIN_FOLDERS)
  set(folders)
  set(objects)
  foreach(path IN LISTS paths)
    string(REPLACE "/" "_" name ${path})
    list(APPEND folders doxin_${name})
    list(APPEND objects $<TARGET_OBJECTS:doxin_${name}>)
  endforeach()
  # Objects of others that were made ready for this library alone: joined in, not linked from outside.
  get_property(foreign GLOBAL PROPERTY DOXIN_FOREIGN_OBJECTS)
  set_source_files_properties(${foreign} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  list(APPEND objects ${foreign})
  doxin_outer_links(links ${folders})
  list(REMOVE_ITEM links ${foreign})

  set(script ${CMAKE_BINARY_DIR}/doxin.map)
  doxin_version_script(${symbols} ${script} "DOXIN_${PROJECT_VERSION_MAJOR}")
  add_library(doxin SHARED ${objects})
  set_target_properties(doxin PROPERTIES LINKER_LANGUAGE C VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
    LINK_DEPENDS ${script})
  target_include_directories(doxin INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(doxin PRIVATE ${links})
  target_link_options(doxin PRIVATE -Wl,--version-script,${script} -Wl,--exclude-libs,ALL -Wl,-z,nodelete)
  if(NOT DOXIN_SANITIZE)
    target_link_options(doxin PRIVATE -Wl,-z,defs)
  endif()

  set(whole ${CMAKE_BINARY_DIR}/lib/doxin.o)
  set(archive ${CMAKE_BINARY_DIR}/lib/libdoxin.a)
  add_custom_command(OUTPUT ${archive}
    COMMAND ${CMAKE_LINKER} -r -o ${whole} ${objects}
    COMMAND ${CMAKE_OBJCOPY} --localize-hidden --wildcard --localize-symbol=dx_parser__* ${whole}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
    COMMAND ${CMAKE_AR} rcsD ${archive} ${whole}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${whole}
    DEPENDS ${folders} ${objects}
    COMMAND_EXPAND_LISTS VERBATIM COMMENT "Joining libdoxin.a")
  add_custom_target(doxin_archive ALL DEPENDS ${archive})
  add_library(doxin_static INTERFACE)
  add_dependencies(doxin_static doxin_archive)
  target_include_directories(doxin_static INTERFACE ${CMAKE_SOURCE_DIR}/include)
  target_link_libraries(doxin_static INTERFACE ${archive} ${links})
  set_property(TARGET doxin_static PROPERTY INTERFACE_LINK_DEPENDS ${archive})

  add_library(doxin_testing STATIC EXCLUDE_FROM_ALL ${objects})
  set_target_properties(doxin_testing PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(doxin_testing PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/libdoxin)
  target_link_libraries(doxin_testing PUBLIC ${links})

  doxin_install(${archive})
endfunction()

# Headers, both libraries, the pkg-config file and the CMake package.
function(doxin_install archive)
  include(CMakePackageConfigHelpers)
  get_property(modules GLOBAL PROPERTY DOXIN_MODULES)
  list(REMOVE_DUPLICATES modules)
  list(JOIN modules " " DOXIN_REQUIRES_PRIVATE)
  list(JOIN modules " " DOXIN_PACKAGE_MODULES)
  get_property(DOXIN_LIBS_PRIVATE GLOBAL PROPERTY DOXIN_LIBS_PRIVATE)
  set(package ${CMAKE_INSTALL_LIBDIR}/cmake/doxin)

  install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/schemas DESTINATION ${CMAKE_INSTALL_DATADIR}/doxin)
  install(FILES ${CMAKE_SOURCE_DIR}/libdoxin/core/guard/data/doxin.policy.json DESTINATION ${CMAKE_INSTALL_DATADIR}/doxin/policies)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/doxin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
  install(TARGETS doxin EXPORT doxinTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES ${archive} DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT doxinTargets NAMESPACE doxin:: DESTINATION ${package})

  configure_file(${CMAKE_SOURCE_DIR}/pkgconfig/doxin.pc.in ${CMAKE_BINARY_DIR}/doxin.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/doxin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/doxinConfig.cmake.in ${CMAKE_BINARY_DIR}/doxinConfig.cmake
    INSTALL_DESTINATION ${package} PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/doxinConfigVersion.cmake COMPATIBILITY SameMajorVersion)
  install(FILES ${CMAKE_BINARY_DIR}/doxinConfig.cmake ${CMAKE_BINARY_DIR}/doxinConfigVersion.cmake DESTINATION ${package})
endfunction()
