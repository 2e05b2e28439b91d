# SPDX-License-Identifier: Apache-2.0

# What the firmware of the sample is made of, for the sample and for the tests of it
# (twister-tests/shell). To be included after find_package(Zephyr).

target_sources(app PRIVATE ${CMAKE_CURRENT_LIST_DIR}/src/main.c)
# Where flash has no room for the programs.
set(linker_script ${CMAKE_CURRENT_LIST_DIR}/boards/${NORMALIZED_BOARD_TARGET}.ld)
if(EXISTS ${linker_script})
  zephyr_linker_sources(ROM_SECTIONS ${linker_script})
endif()

# Programs in the firmware: images, which run in place. The larger ones take 700 KB.
set(programs ${CMAKE_CURRENT_LIST_DIR}/../../guests/wasm)
if(FILE_SUFFIX MATCHES "^small" OR (CONFIG_XIP AND CONFIG_FLASH_SIZE LESS 2048
    AND NOT EXISTS ${linker_script}))
  foreach(name hello cat wc ls clock echo-server spin)
    thimble_add_app(NAME ${name} WASM ${programs}/small/${name}.wasm)
  endforeach()
else()
  foreach(name hello cat wc ls copy json clock echo-server spin exit)
    thimble_add_app(NAME ${name} WASM ${programs}/${name}.wasm)
  endforeach()
endif()

# Modules, which the device translates; the sample puts them on its file system too.
if(CONFIG_THIMBLE_TRANSLATE)
  foreach(name trap hello-c env)
    thimble_add_app(NAME ${name} MODULE WASM ${programs}/${name}.wasm)
  endforeach()
endif()
