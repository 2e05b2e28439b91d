# SPDX-License-Identifier: Apache-2.0

# Builds the Rust side, as the imported static library `thimble_rust`.

include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)

set(THIMBLE_LIBRARY "" CACHE FILEPATH
  "The Rust side of Thimble, built before; empty to build it with cargo")

# Stops with a readable message unless cargo and the target are there.
function(thimble_check_rust target)
  find_program(THIMBLE_CARGO cargo PATHS $ENV{HOME}/.cargo/bin)
  find_program(THIMBLE_RUSTC rustc PATHS $ENV{HOME}/.cargo/bin)
  if(NOT THIMBLE_CARGO OR NOT THIMBLE_RUSTC)
    message(FATAL_ERROR
      "Thimble is written in Rust, and cargo or rustc was not found.\n"
      "Install Rust from https://rustup.rs, then: rustup target add ${target}\n"
      "Or set THIMBLE_LIBRARY to a library that was built elsewhere, or CONFIG_THIMBLE=n.")
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS
      ${THIMBLE_RUSTC} --print target-libdir --target ${target}
    OUTPUT_VARIABLE directory OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE status ERROR_VARIABLE error
  )
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "Thimble: ${THIMBLE_RUSTC} does not know ${target}:\n${error}")
  endif()
  file(GLOB core ${directory}/libcore-*.rlib)
  if(NOT core)
    message(FATAL_ERROR
      "Thimble: Rust's core library for ${target}, the target of ${BOARD}, is not installed.\n"
      "Install it: rustup target add ${target}")
  endif()
endfunction()

if(THIMBLE_LIBRARY)
  if(NOT EXISTS ${THIMBLE_LIBRARY})
    message(FATAL_ERROR "Thimble: there is no library ${THIMBLE_LIBRARY} (THIMBLE_LIBRARY)")
  endif()
  set(thimble_archive ${THIMBLE_LIBRARY})
else()
  thimble_find_target(thimble_target)
  if(NOT thimble_target)
    message(FATAL_ERROR
      "Thimble does not know the Rust target of ${BOARD} (architecture ${ARCH}).\n"
      "The list is in ${CMAKE_CURRENT_LIST_DIR}/target.cmake.")
  endif()
  thimble_check_rust(${thimble_target})

  set(thimble_features "")
  if(CONFIG_THIMBLE_RUNTIME)
    list(APPEND thimble_features runtime)
  endif()
  if(CONFIG_THIMBLE_CONFORMANCE)
    list(APPEND thimble_features conformance)
  endif()
  list(JOIN thimble_features "," thimble_features)

  # So that firmware is the same wherever it is built.
  get_filename_component(thimble_root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
  set(thimble_flags "--remap-path-prefix=${thimble_root}=thimble")
  # Firmware that is a process is linked at a fixed address.
  if(CONFIG_ARCH_POSIX)
    list(APPEND thimble_flags -C relocation-model=static)
  endif()
  # What cargo has between flags.
  string(ASCII 31 thimble_separator)
  list(JOIN thimble_flags "${thimble_separator}" thimble_flags)

  set(thimble_directory ${CMAKE_CURRENT_BINARY_DIR}/cargo)
  set(thimble_archive ${thimble_directory}/${thimble_target}/release/libthimble_zephyr.a)

  # Always run: cargo knows what has changed. What the environment says about
  # compilers and flags is meant for other builds.
  add_custom_target(thimble_cargo
    COMMAND ${CMAKE_COMMAND} -E env
      --unset=RUSTC --unset=RUSTFLAGS --unset=CARGO_BUILD_TARGET --unset=CARGO_TARGET_DIR
      "CARGO_ENCODED_RUSTFLAGS=${thimble_flags}"
      ${THIMBLE_CARGO} build --release --locked --quiet
      --manifest-path ${CMAKE_CURRENT_LIST_DIR}/../rust/Cargo.toml
      --target ${thimble_target}
      --target-dir ${thimble_directory}
      "--features=${thimble_features}"
    BYPRODUCTS ${thimble_archive}
    COMMENT "Building Thimble for ${thimble_target}"
    VERBATIM
  )
endif()

add_library(thimble_rust STATIC IMPORTED GLOBAL)
set_target_properties(thimble_rust PROPERTIES IMPORTED_LOCATION ${thimble_archive})
if(TARGET thimble_cargo)
  add_dependencies(thimble_rust thimble_cargo)
endif()
