# SPDX-License-Identifier: Apache-2.0

include(${CMAKE_CURRENT_LIST_DIR}/../../device/firmware/cmake/compile.cmake)

# Links a program into the firmware: thimble_add_app(NAME hello WASM hello.wasm)
#
# NAME is what the shell calls it. WASM is a WebAssembly module; a relative path is
# one from the directory of the caller. The build translates it to an image, which is
# executed where it lies, in flash. With the word MODULE, the module itself is linked,
# and the device translates it each time it is run. To be called after
# find_package(Zephyr).
function(thimble_add_app)
  thimble_parse_app("${CONFIG_THIMBLE_TRANSLATE}" ${ARGN})

  string(MAKE_C_IDENTIFIER ${APP_NAME} APP_IDENTIFIER)
  set(APP_INCLUDE thimble_app_${APP_NAME}.inc)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/thimble)
  set(source ${directory}/thimble_app_${APP_NAME}.c)
  get_property(root GLOBAL PROPERTY THIMBLE_ROOT_DIRECTORY)
  configure_file(${root}/zephyr-module/cmake/app.c.in ${source} @ONLY)
  generate_inc_file_for_target(app ${APP_CONTENT} ${directory}/${APP_INCLUDE})
  set_property(SOURCE ${source} APPEND PROPERTY OBJECT_DEPENDS ${directory}/${APP_INCLUDE})
  target_sources(app PRIVATE ${source})
endfunction()
