# SPDX-License-Identifier: Apache-2.0

set_property(GLOBAL PROPERTY THIMBLE_CMAKE_DIRECTORY ${CMAKE_CURRENT_LIST_DIR})

# Links a program into the firmware: thimble_add_app(NAME hello WASM hello.wasm)
#
# NAME is what the shell calls it. WASM is a WebAssembly module; a relative path is
# one from the directory of the caller. To be called after find_package(Zephyr).
function(thimble_add_app)
  cmake_parse_arguments(APP "" "NAME;WASM" "" ${ARGN})
  if(NOT APP_NAME OR NOT APP_WASM OR APP_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "thimble_add_app takes NAME and WASM, not: ${ARGN}")
  endif()
  if(NOT APP_NAME MATCHES "^[A-Za-z0-9._-]+$")
    message(FATAL_ERROR
      "thimble_add_app: ${APP_NAME} is no name: use letters, digits, '.', '_', '-'")
  endif()
  get_filename_component(APP_WASM ${APP_WASM} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  if(NOT EXISTS ${APP_WASM})
    message(FATAL_ERROR "thimble_add_app: there is no file ${APP_WASM}")
  endif()

  string(MAKE_C_IDENTIFIER ${APP_NAME} APP_IDENTIFIER)
  set(APP_IS_IMAGE false)
  set(APP_INCLUDE thimble_app_${APP_NAME}.inc)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/thimble)
  set(source ${directory}/thimble_app_${APP_NAME}.c)
  get_property(templates GLOBAL PROPERTY THIMBLE_CMAKE_DIRECTORY)
  configure_file(${templates}/app.c.in ${source} @ONLY)
  generate_inc_file_for_target(app ${APP_WASM} ${directory}/${APP_INCLUDE})
  set_property(SOURCE ${source} APPEND PROPERTY OBJECT_DEPENDS ${directory}/${APP_INCLUDE})
  target_sources(app PRIVATE ${source})
endfunction()
