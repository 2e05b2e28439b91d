# SPDX-License-Identifier: Apache-2.0

# Translates WebAssembly modules to images while firmware is built.

set(THIMBLE_COMPILE "" CACHE FILEPATH
  "The command thimble-compile, built before; empty to build it with cargo")
set_property(GLOBAL PROPERTY THIMBLE_ROOT_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/../../..)

# Sets `result` to the command that translates modules, and defines the target that builds it.
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
  get_property(root GLOBAL PROPERTY THIMBLE_ROOT_DIRECTORY)
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

# Sets `image` to the file that the build translates a module to. `name` is the program's.
function(thimble_translate image name module)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/thimble/${name}.thm)
  thimble_find_compiler(compiler)
  add_custom_command(
    OUTPUT ${file}
    COMMAND ${compiler} ${module} ${file}
    DEPENDS ${module} ${compiler}
    COMMENT "Translating ${name}"
    VERBATIM
  )
  set(${image} ${file} PARENT_SCOPE)
endfunction()

# Reads what thimble_add_app is called with, the same on every system: sets APP_NAME, APP_WASM
# (an absolute path), APP_MODULE and APP_IS_IMAGE, and APP_CONTENT to the file whose bytes the
# firmware has. `can_translate` is whether the firmware runs modules.
macro(thimble_parse_app can_translate)
  cmake_parse_arguments(APP "MODULE" "NAME;WASM" "" ${ARGN})
  if(NOT APP_NAME OR NOT APP_WASM OR APP_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "thimble_add_app takes NAME, WASM and MODULE, not: ${ARGN}")
  endif()
  if(NOT APP_NAME MATCHES "^[A-Za-z0-9._-]+$")
    message(FATAL_ERROR
      "thimble_add_app: ${APP_NAME} is no name: use letters, digits, '.', '_', '-'")
  endif()
  if(APP_MODULE AND NOT "${can_translate}")
    message(FATAL_ERROR
      "thimble_add_app: ${APP_NAME} is to be a module, and this firmware runs only images")
  endif()
  get_filename_component(APP_WASM ${APP_WASM} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  if(NOT EXISTS ${APP_WASM})
    message(FATAL_ERROR "thimble_add_app: there is no file ${APP_WASM}")
  endif()
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/thimble)
  if(APP_MODULE)
    set(APP_IS_IMAGE false)
    set(APP_CONTENT ${APP_WASM})
  else()
    set(APP_IS_IMAGE true)
    thimble_translate(APP_CONTENT ${APP_NAME} ${APP_WASM})
  endif()
endmacro()
