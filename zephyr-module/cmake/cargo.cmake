# SPDX-License-Identifier: Apache-2.0

# Builds the Rust side, as the imported static library `thimble_rust`.
#
# Two targets are there for people: `thimble_cargo` builds it alone, and
# `thimble_rust_library` puts it where another build can take it (THIMBLE_LIBRARY).

include(${CMAKE_CURRENT_LIST_DIR}/rust.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)

set(THIMBLE_LIBRARY "" CACHE FILEPATH
  "The Rust side of Thimble, built before; empty to build it with cargo")

thimble_find_target(thimble_target)
if(CONFIG_SMP AND thimble_target MATCHES "${THIMBLE_TARGETS_WITHOUT_ATOMICS}")
  message(FATAL_ERROR
    "Thimble: ${BOARD}${BOARD_QUALIFIERS} runs threads on several cores (CONFIG_SMP), between which "
    "a processor like ${thimble_target} has no atomic operations.\n"
    "CONFIG_SMP=n runs them on one, CONFIG_THIMBLE=n builds without Thimble.")
endif()

# The features of the crate, from Kconfig.
set(thimble_features "")
foreach(feature IN ITEMS runtime translate verify fast_numerics files sockets c_api conformance specification)
  string(TOUPPER ${feature} option)
  if(CONFIG_THIMBLE_${option})
    list(APPEND thimble_features ${feature})
  endif()
endforeach()
if(CONFIG_THIMBLE_STORE_FLASH)
  list(APPEND thimble_features flash)
endif()
list(JOIN thimble_features "," thimble_features)

# What a library was built for, in a file beside it: with another one the firmware
# would not link, or not work.
set(thimble_description "target ${thimble_target}\nfeatures ${thimble_features}\n")

# Stops unless the library that was built before fits this configuration.
function(thimble_check_library library)
  if(NOT EXISTS ${library})
    message(FATAL_ERROR "Thimble: there is no library ${library} (THIMBLE_LIBRARY)")
  endif()
  if(NOT EXISTS ${library}.txt)
    message(FATAL_ERROR
      "Thimble: ${library}.txt, which says what the library (THIMBLE_LIBRARY) is for, is "
      "missing. The target thimble_rust_library makes both.")
  endif()
  file(READ ${library}.txt description)
  if(NOT description STREQUAL thimble_description)
    message(FATAL_ERROR
      "Thimble: the library ${library} (THIMBLE_LIBRARY) is for\n${description}"
      "and this configuration of ${BOARD}${BOARD_QUALIFIERS} wants\n${thimble_description}")
  endif()
endfunction()

# Defines the targets that call cargo, and sets `archive` to what they make.
function(thimble_add_cargo archive)
  if(NOT thimble_target)
    message(FATAL_ERROR
      "Thimble does not know the Rust target of ${BOARD}${BOARD_QUALIFIERS} (architecture ${ARCH}).\n"
      "The list is in ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/target.cmake.")
  endif()
  thimble_find_rust(${thimble_target})

  # So that firmware is the same wherever it is built.
  get_filename_component(root ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../.. ABSOLUTE)
  set(flags "--remap-path-prefix=${root}=thimble")
  # Firmware that is a process is linked at a fixed address.
  if(CONFIG_ARCH_POSIX)
    list(APPEND flags -C relocation-model=static)
  endif()
  # Atomic operations disable interrupts for a moment instead: right on one core, which
  # was checked above, in threads that may, as those of Thimble (no user threads).
  if(thimble_target MATCHES "${THIMBLE_TARGETS_WITHOUT_ATOMICS}")
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
    "CARGO_ENCODED_RUSTFLAGS=${flags}"
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
  set(library ${directory}/${thimble_target}/release/libthimble_zephyr.a)
  # Always run: cargo knows what has changed.
  add_custom_target(thimble_cargo
    COMMAND ${CMAKE_COMMAND} -E env ${environment}
      ${THIMBLE_CARGO} build --release --locked --quiet ${options}
      --manifest-path ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../rust/Cargo.toml
      --target ${thimble_target}
      --target-dir ${directory}
      "--features=${thimble_features}"
    BYPRODUCTS ${library}
    COMMENT "Building Thimble for ${thimble_target}"
    ${job_server}
    VERBATIM
  )

  set(copy ${CMAKE_BINARY_DIR}/libthimble_zephyr.a)
  file(WRITE ${directory}/description.txt "${thimble_description}")
  add_custom_target(thimble_rust_library
    COMMAND ${CMAKE_COMMAND} -E copy ${library} ${copy}
    COMMAND ${CMAKE_COMMAND} -E copy ${directory}/description.txt ${copy}.txt
    COMMENT "Copying the Rust side of Thimble to ${copy}"
    VERBATIM
  )
  add_dependencies(thimble_rust_library thimble_cargo)
  set(${archive} ${library} PARENT_SCOPE)
endfunction()

if(THIMBLE_LIBRARY)
  thimble_check_library(${THIMBLE_LIBRARY})
  set(thimble_archive ${THIMBLE_LIBRARY})
else()
  thimble_add_cargo(thimble_archive)
endif()

add_library(thimble_rust STATIC IMPORTED GLOBAL)
set_target_properties(thimble_rust PROPERTIES IMPORTED_LOCATION ${thimble_archive})
if(TARGET thimble_cargo)
  add_dependencies(thimble_rust thimble_cargo)
endif()
