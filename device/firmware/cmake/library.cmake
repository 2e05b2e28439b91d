# SPDX-License-Identifier: Apache-2.0

# Builds the Rust side of firmware, as the imported static library `thimble_rust`.
#
# Two targets are there for people: `thimble_cargo` builds it alone, and
# `thimble_rust_library` puts it where another build can take it (THIMBLE_LIBRARY).

include(${CMAKE_CURRENT_LIST_DIR}/rust.cmake)

set(THIMBLE_LIBRARY "" CACHE FILEPATH
  "The Rust side of Thimble, built before; empty to build it with cargo")

# The targets of processors without compare-and-swap. Atomic operations disable interrupts for
# a moment there: right on one core, in threads that may.
set(THIMBLE_TARGETS_WITHOUT_ATOMICS "^(thumbv6m|riscv32[ei]m?c?)-")

# Stops unless the library that was built before fits, by what is written beside it: with
# another one the firmware would not link, or not work.
function(thimble_check_library library description board)
  if(NOT EXISTS ${library})
    message(FATAL_ERROR "Thimble: there is no library ${library} (THIMBLE_LIBRARY)")
  endif()
  if(NOT EXISTS ${library}.txt)
    message(FATAL_ERROR
      "Thimble: ${library}.txt, which says what the library (THIMBLE_LIBRARY) is for, is "
      "missing. The target thimble_rust_library makes both.")
  endif()
  file(READ ${library}.txt found)
  if(NOT found STREQUAL description)
    message(FATAL_ERROR
      "Thimble: the library ${library} (THIMBLE_LIBRARY) is for\n${found}"
      "and this configuration of ${board} wants\n${description}")
  endif()
endfunction()

# Defines the targets that call cargo, and sets `archive` to what they make.
function(thimble_add_cargo archive target features description board flags)
  thimble_find_rust(${target} ${board})

  # So that firmware is the same wherever it is built.
  get_filename_component(root ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../.. ABSOLUTE)
  list(PREPEND flags "--remap-path-prefix=${root}=thimble" ${THIMBLE_RUSTC_OPTIONS})
  if(target MATCHES "${THIMBLE_TARGETS_WITHOUT_ATOMICS}")
    list(APPEND flags --cfg portable_atomic_unsafe_assume_single_core)
  endif()
  # What cargo has between flags.
  string(ASCII 31 separator)
  list(JOIN flags "${separator}" flags)

  # What the environment says about compilers and flags is meant for other builds.
  # CARGO_BUILD_BUILD_DIR is left: it lets builds share what they have in common, and
  # so is CARGO_BUILD_JOBS, which bounds the processes of cargo.
  set(environment
    --unset=RUSTC --unset=RUSTFLAGS --unset=CARGO_BUILD_TARGET --unset=CARGO_TARGET_DIR
    "CARGO_ENCODED_RUSTFLAGS=${flags}" ${THIMBLE_RUSTC_ENVIRONMENT}
  )
  set(options "")
  if(thimble_build_std)
    # A stable compiler refuses -Z without the variable.
    list(APPEND environment RUSTC=${thimble_build_std} RUSTC_BOOTSTRAP=1)
    list(APPEND options -Zbuild-std=core,alloc)
  endif()
  # A build by make lends cargo its job slots. Ninja before 1.13 has none to lend.
  set(job_server "")
  if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.28)
    set(job_server JOB_SERVER_AWARE TRUE)
  endif()

  set(directory ${CMAKE_CURRENT_BINARY_DIR}/cargo)
  set(library ${directory}/${target}/release/libthimble_firmware.a)
  # Always run: cargo knows what has changed.
  add_custom_target(thimble_cargo
    COMMAND ${CMAKE_COMMAND} -E env ${environment}
      ${THIMBLE_CARGO} build --release --locked --quiet ${options}
      --manifest-path ${root}/device/firmware/Cargo.toml
      --target ${target}
      --target-dir ${directory}
      "--features=${features}"
    BYPRODUCTS ${library}
    COMMENT "Building Thimble for ${target}"
    ${job_server}
    VERBATIM
  )

  set(copy ${CMAKE_BINARY_DIR}/libthimble_firmware.a)
  file(WRITE ${directory}/description.txt "${description}")
  add_custom_target(thimble_rust_library
    COMMAND ${CMAKE_COMMAND} -E copy ${library} ${copy}
    COMMAND ${CMAKE_COMMAND} -E copy ${directory}/description.txt ${copy}.txt
    COMMENT "Copying the Rust side of Thimble to ${copy}"
    VERBATIM
  )
  add_dependencies(thimble_rust_library thimble_cargo)
  set(${archive} ${library} PARENT_SCOPE)
endfunction()

# Defines `thimble_rust`.
#
# BOARD is what the firmware is for, in messages; TARGET its Rust target; FEATURES those of
# device/firmware/Cargo.toml; FLAGS more flags for the compiler.
function(thimble_firmware_library)
  cmake_parse_arguments(ARG "" "BOARD;TARGET" "FEATURES;FLAGS" ${ARGN})
  list(JOIN ARG_FEATURES "," features)
  set(description "target ${ARG_TARGET}\nfeatures ${features}\n")
  if(THIMBLE_LIBRARY)
    thimble_check_library(${THIMBLE_LIBRARY} "${description}" ${ARG_BOARD})
    set(archive ${THIMBLE_LIBRARY})
  else()
    thimble_add_cargo(archive ${ARG_TARGET} "${features}" "${description}" ${ARG_BOARD} "${ARG_FLAGS}")
  endif()

  add_library(thimble_rust STATIC IMPORTED GLOBAL)
  set_target_properties(thimble_rust PROPERTIES IMPORTED_LOCATION ${archive})
  if(TARGET thimble_cargo)
    add_dependencies(thimble_rust thimble_cargo)
  endif()
endfunction()
