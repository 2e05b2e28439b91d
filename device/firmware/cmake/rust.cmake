# SPDX-License-Identifier: Apache-2.0

# Finds the Rust toolchain, and Rust's core library for a target.

set(THIMBLE_DISTRIBUTION_RUSTC /usr/bin/rustc CACHE FILEPATH
  "The compiler of the distribution's package, which need not be the one in use")
mark_as_advanced(THIMBLE_DISTRIBUTION_RUSTC)

# Sets `result` to what the compiler prints when it is asked with ARGN, or to nothing.
#
# For a target that the compiler does not know by itself, THIMBLE_RUSTC_ENVIRONMENT and
# THIMBLE_RUSTC_OPTIONS say how it does; cargo gets them as well.
function(thimble_ask_rustc result compiler)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS ${THIMBLE_RUSTC_ENVIRONMENT}
      ${compiler} ${THIMBLE_RUSTC_OPTIONS} ${ARGN}
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE status ERROR_VARIABLE error
  )
  if(NOT status EQUAL 0)
    set(answer "")
  endif()
  set(${result} "${answer}" PARENT_SCOPE)
  set(${result}_error "${error}" PARENT_SCOPE)
endfunction()

# Sets `result` to a compiler that has the sources of the core library beside it, or
# to nothing.
function(thimble_find_sources result target)
  set(${result} "" PARENT_SCOPE)
  foreach(compiler IN ITEMS ${THIMBLE_RUSTC} ${THIMBLE_DISTRIBUTION_RUSTC})
    thimble_ask_rustc(sysroot ${compiler} --print sysroot --target ${target})
    if(sysroot AND IS_DIRECTORY ${sysroot}/lib/rustlib/src/rust/library/core)
      set(${result} ${compiler} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Sets THIMBLE_CARGO and, in the caller's scope, `thimble_build_std`: the compiler with
# which the core library is to be built as well, or nothing where it is installed.
# Stops with a message that says what to install if there is neither. `board` is whose
# target it is, for messages.
function(thimble_find_rust target board)
  set(directories $ENV{CARGO_HOME}/bin $ENV{HOME}/.cargo/bin)
  find_program(THIMBLE_CARGO cargo PATHS ${directories})
  find_program(THIMBLE_RUSTC rustc PATHS ${directories})
  if(NOT THIMBLE_CARGO OR NOT THIMBLE_RUSTC)
    message(FATAL_ERROR
      "Thimble is written in Rust, and cargo or rustc was not found.\n"
      "Install Rust from https://rustup.rs, then: rustup target add ${target}\n"
      "Or set THIMBLE_LIBRARY to a library that was built elsewhere.")
  endif()

  set(thimble_build_std "" PARENT_SCOPE)
  thimble_ask_rustc(directory ${THIMBLE_RUSTC} --print target-libdir --target ${target})
  if(NOT directory)
    message(FATAL_ERROR
      "Thimble: ${THIMBLE_RUSTC} does not know ${target}, the target of ${board}:\n"
      "${directory_error}")
  endif()
  file(GLOB core ${directory}/libcore-*.rlib)
  if(core)
    return()
  endif()

  thimble_find_sources(compiler ${target})
  if(NOT compiler)
    message(FATAL_ERROR
      "Thimble: Rust's core library for ${target}, the target of ${board}, is not installed.\n"
      "Install it: rustup target add ${target}\n"
      "Or its sources, from which it is built then: rustup component add rust-src "
      "(or the packages rustc-web and rust-web-src of Debian)")
  endif()
  message(STATUS
    "Thimble: Rust's core library for ${target} is not installed and is built with "
    "${compiler} from its sources (-Zbuild-std); quicker: rustup target add ${target}")
  set(thimble_build_std ${compiler} PARENT_SCOPE)
endfunction()
