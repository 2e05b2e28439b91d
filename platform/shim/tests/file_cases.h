/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Cases that try what file_*.c promise, on a file system of the back end's.
 *
 * The back end's header shim_test.h declares check_true(condition) and check_ok(status), which end
 * a case that is not so, or what begins with it; THIMBLE_TEST_PATH, an empty file system with 128
 * KB once it is mounted; and thimble_test_mount(), thimble_test_mount_to_read(),
 * thimble_test_unmount(). Each case stands between thimble_file_cases_begin() and
 * thimble_file_cases_end().
 */

#ifndef THIMBLE_FILE_CASES_H
#define THIMBLE_FILE_CASES_H

/** Applies a macro to the name of each case that is for every file system. */
#define THIMBLE_FILE_CASES(apply) \
    apply(roots) \
    apply(all_see_what_one_writes) \
    apply(what_is_open_keeps_its_name) \
    apply(a_listing_goes_on_while_files_are_removed) \
    apply(a_directory_grows_and_shrinks) \
    apply(large_transfers_stay_within_the_buffer) \
    apply(sizes_end) \
    apply(a_full_medium) \
    apply(handles_end) \
    apply(paths_end)

/** Likewise of those where a medium can go away or be protected while something is open. */
#define THIMBLE_REMOVABLE_FILE_CASES(apply) \
    apply(a_file_system_that_is_gone) \
    apply(a_medium_that_cannot_be_written)

/** Likewise of those where a file system opens fewer files than there are handles. */
#define THIMBLE_LIMITED_FILE_CASES(apply) apply(files_of_the_file_system_end)

/** Likewise of those for FAT with long names. */
#define THIMBLE_FAT_FILE_CASES(apply) apply(names_on_fat)

/** Mounts and opens the file system. */
void thimble_file_cases_begin(void);

/** Closes and unmounts it. */
void thimble_file_cases_end(void);

#define THIMBLE_DECLARE_CASE(name) void thimble_file_case_##name(void);
THIMBLE_FILE_CASES(THIMBLE_DECLARE_CASE)
THIMBLE_REMOVABLE_FILE_CASES(THIMBLE_DECLARE_CASE)
THIMBLE_LIMITED_FILE_CASES(THIMBLE_DECLARE_CASE)
THIMBLE_FAT_FILE_CASES(THIMBLE_DECLARE_CASE)

#endif
