# SPDX-License-Identifier: Apache-2.0

set_property(GLOBAL PROPERTY THIMBLE_CMAKE_DIRECTORY ${CMAKE_CURRENT_LIST_DIR})

set(THIMBLE_COMPILE "" CACHE FILEPATH
  "The command thimble-compile, built before; empty to build it with cargo")

# Sets `result` to the command that translates modules for thimble_add_app, and defines
# the target that builds it.
function(thimble_find_compiler result)
  if(THIMBLE_COMPILE)
    set(${result} ${THIMBLE_COMPILE} PARENT_SCOPE)
    return()
  endif()
  find_program(THIMBLE_CARGO cargo PATHS $ENV{CARGO_HOME}/bin $ENV{HOME}/.cargo/bin)
  if(NOT THIMBLE_CARGO)
    message(FATAL_ERROR
      "thimble_add_app: cargo, which builds the translator, was not found.\n"
      "Install Rust from https://rustup.rs, set THIMBLE_COMPILE to a thimble-compile that "
      "was built elsewhere, or add the word MODULE to have the device translate.")
  endif()
  get_property(templates GLOBAL PROPERTY THIMBLE_CMAKE_DIRECTORY)
  get_filename_component(root ${templates}/../.. ABSOLUTE)
  set(directory ${CMAKE_BINARY_DIR}/thimble/host)
  set(command ${directory}/debug/thimble-compile${CMAKE_HOST_EXECUTABLE_SUFFIX})
  if(NOT TARGET thimble_compiler)
    # The computer's own compiler makes it, whatever the firmware is built with.
    add_custom_target(thimble_compiler
      COMMAND ${CMAKE_COMMAND} -E env
        --unset=RUSTC --unset=RUSTFLAGS --unset=CARGO_BUILD_TARGET --unset=CARGO_TARGET_DIR
        --unset=CARGO_ENCODED_RUSTFLAGS
        ${THIMBLE_CARGO} build --quiet --locked --package thimble-compile
        --manifest-path ${root}/Cargo.toml --target-dir ${directory}
      BYPRODUCTS ${command}
      COMMENT "Building the translator of WebAssembly modules"
      VERBATIM
    )
  endif()
  set(${result} ${command} PARENT_SCOPE)
endfunction()

# Links a program into the firmware: thimble_add_app(NAME hello WASM hello.wasm)
#
# NAME is what the shell calls it. WASM is a WebAssembly module; a relative path is
# one from the directory of the caller. The build translates it to an image, which is
# executed where it lies, in flash. With the word MODULE, the module itself is linked,
# and the device translates it each time it is run. To be called after
# find_package(Zephyr).
function(thimble_add_app)
  cmake_parse_arguments(APP "MODULE" "NAME;WASM" "" ${ARGN})
  if(NOT APP_NAME OR NOT APP_WASM OR APP_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "thimble_add_app takes NAME, WASM and MODULE, not: ${ARGN}")
  endif()
  if(NOT APP_NAME MATCHES "^[A-Za-z0-9._-]+$")
    message(FATAL_ERROR
      "thimble_add_app: ${APP_NAME} is no name: use letters, digits, '.', '_', '-'")
  endif()
  if(APP_MODULE AND NOT CONFIG_THIMBLE_TRANSLATE)
    message(FATAL_ERROR
      "thimble_add_app: ${APP_NAME} is to be a module, and this firmware runs only images "
      "(CONFIG_THIMBLE_TRANSLATE=n)")
  endif()
  get_filename_component(APP_WASM ${APP_WASM} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  if(NOT EXISTS ${APP_WASM})
    message(FATAL_ERROR "thimble_add_app: there is no file ${APP_WASM}")
  endif()

  set(directory ${CMAKE_CURRENT_BINARY_DIR}/thimble)
  if(APP_MODULE)
    set(APP_IS_IMAGE false)
    set(content ${APP_WASM})
  else()
    set(APP_IS_IMAGE true)
    set(content ${directory}/${APP_NAME}.thm)
    thimble_find_compiler(compiler)
    add_custom_command(
      OUTPUT ${content}
      COMMAND ${compiler} ${APP_WASM} ${content}
      DEPENDS ${APP_WASM} ${compiler}
      COMMENT "Translating ${APP_NAME}"
      VERBATIM
    )
  endif()

  string(MAKE_C_IDENTIFIER ${APP_NAME} APP_IDENTIFIER)
  set(APP_INCLUDE thimble_app_${APP_NAME}.inc)
  set(source ${directory}/thimble_app_${APP_NAME}.c)
  get_property(templates GLOBAL PROPERTY THIMBLE_CMAKE_DIRECTORY)
  configure_file(${templates}/app.c.in ${source} @ONLY)
  generate_inc_file_for_target(app ${content} ${directory}/${APP_INCLUDE})
  set_property(SOURCE ${source} APPEND PROPERTY OBJECT_DEPENDS ${directory}/${APP_INCLUDE})
  target_sources(app PRIVATE ${source})
endfunction()
