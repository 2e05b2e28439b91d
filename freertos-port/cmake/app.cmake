# SPDX-License-Identifier: Apache-2.0

include(${CMAKE_CURRENT_LIST_DIR}/../../device/firmware/cmake/compile.cmake)

# Links a program into firmware: thimble_add_app(firmware NAME hello WASM hello.wasm)
#
# FIRMWARE is the executable. NAME is what the command calls the program. WASM is a WebAssembly
# module; a relative path is one from the directory of the caller. The build translates it to an
# image, which is executed where it lies, in flash. With the word MODULE, the module itself is
# linked, and the device translates it each time it is run.
function(thimble_add_app firmware)
  thimble_parse_app("${THIMBLE_TRANSLATE}" ${ARGN})

  set(directory ${CMAKE_CURRENT_BINARY_DIR}/thimble/${firmware})
  string(MAKE_C_IDENTIFIER thimble_program_${APP_NAME} APP_SYMBOL)
  get_property(port GLOBAL PROPERTY THIMBLE_PORT_DIRECTORY)
  configure_file(${port}/cmake/app.S.in ${directory}/${APP_NAME}.S @ONLY)
  set_source_files_properties(${directory}/${APP_NAME}.S PROPERTIES OBJECT_DEPENDS ${APP_CONTENT})
  target_sources(${firmware} PRIVATE ${directory}/${APP_NAME}.S)

  # The list of all, as far as it goes.
  get_target_property(APP_DECLARATIONS ${firmware} THIMBLE_PROGRAM_DECLARATIONS)
  get_target_property(APP_ENTRIES ${firmware} THIMBLE_PROGRAM_ENTRIES)
  if(NOT APP_ENTRIES)
    set(APP_DECLARATIONS "")
    set(APP_ENTRIES "")
    target_sources(${firmware} PRIVATE ${directory}/programs.c)
    target_include_directories(${firmware} PRIVATE ${port}/src)
  endif()
  string(APPEND APP_DECLARATIONS "extern const uint8_t ${APP_SYMBOL}[], ${APP_SYMBOL}_end[];\n")
  string(APPEND APP_ENTRIES
    "    {\"${APP_NAME}\", ${APP_SYMBOL}, ${APP_SYMBOL}_end, ${APP_IS_IMAGE}},\n")
  set_target_properties(${firmware} PROPERTIES
    THIMBLE_PROGRAM_DECLARATIONS "${APP_DECLARATIONS}"
    THIMBLE_PROGRAM_ENTRIES "${APP_ENTRIES}"
  )
  configure_file(${port}/cmake/programs.c.in ${directory}/programs.c @ONLY)
endfunction()
