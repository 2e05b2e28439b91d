# SPDX-License-Identifier: Apache-2.0

# The Rust side for this configuration, and the programs that are part of the firmware. The
# options CONFIG_... are variables.

include(${CMAKE_CURRENT_LIST_DIR}/../../device/firmware/cmake/library.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/../../device/firmware/cmake/compile.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)

# Sets `result` to the text of an option, which may have quotation marks.
function(thimble_option result option)
  string(REGEX REPLACE "^\"(.*)\"$" "\\1" text "${CONFIG_${option}}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# Stops unless NuttX can load the command as a module (CONFIG_THIMBLE=m).
function(thimble_check_module)
  set(refused "")
  if(NOT CONFIG_ELF OR NOT CONFIG_BINFMT_ELF_RELOCATABLE)
    set(refused "is a relocatable ELF file (CONFIG_ELF, CONFIG_BINFMT_ELF_RELOCATABLE)")
  elseif(NOT CONFIG_BUILD_FLAT OR CONFIG_PIC)
    set(refused "is for the flat build, without CONFIG_PIC")
  elseif(NOT CONFIG_ARCH_ARMV7A AND NOT CONFIG_ARCH_ARMV7M)
    set(refused "is for ARMv7-A and ARMv7-M: NuttX's loaders for others do not know all that "
      "compilers make")
  elseif(CONFIG_ARCH_ARMV7A AND CONFIG_ARM_THUMB)
    set(refused "is Arm code, from which NuttX's loader links no calls to Thumb code "
      "(CONFIG_ARM_THUMB)")
  endif()
  foreach(stack IN ITEMS ELF_STACKSIZE POSIX_SPAWN_DEFAULT_STACKSIZE)
    if(CONFIG_${stack} LESS CONFIG_THIMBLE_STACKSIZE)
      set(refused "needs a stack of ${CONFIG_THIMBLE_STACKSIZE} bytes, and CONFIG_${stack} is "
        "${CONFIG_${stack}}")
    endif()
  endforeach()
  if(refused)
    list(JOIN refused "" refused)
    message(FATAL_ERROR
      "Thimble: a loadable module (CONFIG_THIMBLE=m) ${refused}.\n"
      "CONFIG_THIMBLE=y makes the command a part of the firmware.")
  endif()
endfunction()

# Defines the target thimble_rust.
function(thimble_add_firmware)
  if("${CONFIG_THIMBLE}" STREQUAL "m")
    thimble_check_module()
  endif()
  thimble_option(board ARCH_BOARD)
  thimble_option(target THIMBLE_TARGET)
  if(NOT target)
    thimble_find_target(target)
  endif()
  if(NOT target)
    thimble_option(architecture ARCH)
    message(FATAL_ERROR
      "Thimble does not know the Rust target of ${board} (architecture ${architecture}).\n"
      "The list is in nuttx-app/cmake/target.cmake; CONFIG_THIMBLE_TARGET names another.")
  endif()
  if(CONFIG_SMP AND target MATCHES "${THIMBLE_TARGETS_WITHOUT_ATOMICS}")
    message(FATAL_ERROR
      "Thimble: ${board} runs threads on several cores (CONFIG_SMP), between which a "
      "processor like ${target} has no atomic operations.\n"
      "CONFIG_SMP=n runs them on one, CONFIG_THIMBLE=n builds without Thimble.")
  endif()

  # The features of the crate.
  set(levels OFF log_error log_warning log_information log_debug)
  set(features "")
  foreach(feature IN ITEMS
      runtime translate verify fast_numerics wasi wasi_arguments wasi_clocks wasi_poll wasi_random
      files sockets c_api conformance specification)
    string(TOUPPER ${feature} option)
    if(CONFIG_THIMBLE_${option})
      list(APPEND features ${feature})
    endif()
  endforeach()
  if(CONFIG_THIMBLE_STORE)
    list(APPEND features store_files)
  endif()
  if(CONFIG_THIMBLE_LOG_LEVEL)
    list(GET levels ${CONFIG_THIMBLE_LOG_LEVEL} level)
    if(level)
      list(APPEND features ${level})
    endif()
  endif()

  # Firmware that is a process is linked at a fixed address.
  set(flags "")
  if(CONFIG_ARCH_SIM)
    set(flags -C relocation-model=static)
  endif()

  # A target that is described here; a stable compiler takes such only with the variable.
  get_property(root GLOBAL PROPERTY THIMBLE_ROOT_DIRECTORY)
  set(targets ${root}/nuttx-app/cmake/targets)
  if(EXISTS ${targets}/${target}.json)
    get_filename_component(targets ${targets} ABSOLUTE)
    set(THIMBLE_RUSTC_ENVIRONMENT RUST_TARGET_PATH=${targets} RUSTC_BOOTSTRAP=1)
    set(THIMBLE_RUSTC_OPTIONS -Zunstable-options)
  endif()

  thimble_option(library THIMBLE_LIBRARY)
  if(library)
    set(THIMBLE_LIBRARY ${library})
  endif()
  thimble_firmware_library(BOARD ${board} TARGET ${target} FEATURES ${features} FLAGS ${flags})
endfunction()

# Sets `source` to a C file with the programs of the firmware.
function(thimble_add_programs source)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/thimble)
  get_property(root GLOBAL PROPERTY THIMBLE_ROOT_DIRECTORY)
  thimble_option(programs THIMBLE_PROGRAMS)
  separate_arguments(programs UNIX_COMMAND "${programs}")
  file(MAKE_DIRECTORY ${directory})
  set(PROGRAM_CONTENTS "")
  set(PROGRAM_ROWS "")
  set(images "")
  set(count 0)
  foreach(module IN LISTS programs)
    get_filename_component(module ${module} ABSOLUTE BASE_DIR ${root})
    get_filename_component(name ${module} NAME_WE)
    if(NOT EXISTS ${module})
      message(FATAL_ERROR "Thimble: there is no file ${module} (CONFIG_THIMBLE_PROGRAMS)")
    endif()
    thimble_translate(image ${name} ${module})
    list(APPEND images ${image})
    string(APPEND PROGRAM_CONTENTS "CONTENT(${count}, \"${image}\")\n")
    string(APPEND PROGRAM_ROWS "    ROW(${count}, \"${name}\"),\n")
    math(EXPR count "${count} + 1")
  endforeach()
  set(PROGRAM_COUNT ${count})
  set(generated ${directory}/programs.c)
  configure_file(${root}/nuttx-app/cmake/programs.c.in ${generated} @ONLY)
  set_property(SOURCE ${generated} APPEND PROPERTY OBJECT_DEPENDS "${images}")
  set(${source} ${generated} PARENT_SCOPE)
endfunction()

# If an option is on, tells a source of the shim where the file is that another option names and
# that becomes a part of the firmware.
function(thimble_embed source option file_option)
  if(NOT CONFIG_${option})
    return()
  endif()
  get_property(root GLOBAL PROPERTY THIMBLE_ROOT_DIRECTORY)
  thimble_option(file ${file_option})
  get_filename_component(file ${file} ABSOLUTE BASE_DIR ${root})
  if(NOT EXISTS ${file})
    message(FATAL_ERROR
      "Thimble: there is no file ${file} (CONFIG_${file_option}); its help says what makes it")
  endif()
  get_filename_component(path ${root}/nuttx-app/src/${source} ABSOLUTE)
  set_property(SOURCE ${path} APPEND PROPERTY COMPILE_DEFINITIONS "THIMBLE_EMBEDDED=\"${file}\"")
  set_property(SOURCE ${path} APPEND PROPERTY OBJECT_DEPENDS ${file})
endfunction()

# Makes the table of those symbols of the firmware that modules use, if there is to be one:
# NuttX's Makefiles make it, its build with CMake in 13.0.0 does not.
function(thimble_add_symbols module)
  if(NOT CONFIG_EXECFUNCS_HAVE_SYMTAB)
    return()
  endif()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/thimble/symbols.c)
  add_custom_command(OUTPUT ${source}
    COMMAND ${NUTTX_APPS_DIR}/tools/mksymtab.sh ${CMAKE_BINARY_DIR}/bin > ${source}
    DEPENDS ${module} VERBATIM)
  # Not as other libraries of applications, which modules wait for.
  add_library(thimble_symbols STATIC ${source})
  nuttx_add_library_internal(thimble_symbols)
  set_property(GLOBAL APPEND PROPERTY NUTTX_EXTRA_LIBRARIES thimble_symbols)
  # It declares functions that the compiler knows as others.
  target_compile_options(thimble_symbols PRIVATE -fno-lto -fno-builtin)
endfunction()
