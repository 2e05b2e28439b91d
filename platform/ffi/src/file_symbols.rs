//! The symbols of files.

use core::ffi::{c_char, c_void};

use crate::abi;

unsafe extern "C" {
    pub(crate) fn thimble_platform_file_open_root(path: *const c_char, file: *mut usize) -> i32;
    pub(crate) fn thimble_platform_file_open_at(
        directory: usize,
        name: *const c_char,
        options: u32,
        file: *mut usize,
    ) -> i32;
    pub(crate) fn thimble_platform_file_duplicate(file: usize, duplicate: *mut usize) -> i32;
    pub(crate) safe fn thimble_platform_file_close(file: usize) -> i32;
    pub(crate) fn thimble_platform_file_read_at(
        file: usize,
        offset: u64,
        buffer: *mut c_void,
        length: usize,
    ) -> i32;
    pub(crate) fn thimble_platform_file_write_at(
        file: usize,
        offset: u64,
        data: *const c_void,
        length: usize,
    ) -> i32;
    pub(crate) safe fn thimble_platform_file_set_size(file: usize, size: u64) -> i32;
    pub(crate) safe fn thimble_platform_file_sync(file: usize, data_only: u8) -> i32;
    pub(crate) fn thimble_platform_file_metadata(file: usize, metadata: *mut abi::Metadata) -> i32;
    pub(crate) fn thimble_platform_file_metadata_at(
        directory: usize,
        name: *const c_char,
        metadata: *mut abi::Metadata,
    ) -> i32;
    pub(crate) fn thimble_platform_file_set_times(
        file: usize,
        accessed: *const abi::TimeChange,
        modified: *const abi::TimeChange,
    ) -> i32;
    pub(crate) fn thimble_platform_file_set_times_at(
        directory: usize,
        name: *const c_char,
        accessed: *const abi::TimeChange,
        modified: *const abi::TimeChange,
    ) -> i32;
    pub(crate) fn thimble_platform_file_list(
        directory: usize,
        cookie: u64,
        visit: abi::Visit,
        context: *mut c_void,
    ) -> i32;
    pub(crate) fn thimble_platform_file_create_directory_at(
        directory: usize,
        name: *const c_char,
    ) -> i32;
    pub(crate) fn thimble_platform_file_remove_file_at(
        directory: usize,
        name: *const c_char,
    ) -> i32;
    pub(crate) fn thimble_platform_file_remove_directory_at(
        directory: usize,
        name: *const c_char,
    ) -> i32;
    pub(crate) fn thimble_platform_file_rename_at(
        directory: usize,
        name: *const c_char,
        to_directory: usize,
        to_name: *const c_char,
    ) -> i32;
    pub(crate) fn thimble_platform_file_link_at(
        directory: usize,
        name: *const c_char,
        to_directory: usize,
        to_name: *const c_char,
    ) -> i32;
    pub(crate) fn thimble_platform_file_symlink_at(
        target: *const c_char,
        directory: usize,
        name: *const c_char,
    ) -> i32;
    pub(crate) fn thimble_platform_file_read_link_at(
        directory: usize,
        name: *const c_char,
        buffer: *mut c_void,
        length: usize,
    ) -> i32;
}
