//! The list of all functions of WASI preview1, from which linking, documents and tests derive.

use thimble_vm::ValueType;

use crate::guest::GuestPtr;

/// The module from which guests import these functions.
///
/// Its predecessor `wasi_unstable` has functions of the same names with other layouts of
/// records, so it is no other name for this one.
pub const MODULE: &str = "wasi_snapshot_preview1";

/// Calls the macro `$with` with one row for each function: the name, which is that of the
/// import and of the method of [`WasiContext`](crate::WasiContext), and the parameters.
///
/// Each function returns an `errno` as an `i32`, but `proc_exit`, which does not return.
macro_rules! for_each_function {
    ($with:ident) => {
        $with! {
            args_get(argv: GuestPtr<GuestPtr<u8>>, argv_buf: GuestPtr<u8>);
            args_sizes_get(argc: GuestPtr<u32>, argv_buf_size: GuestPtr<u32>);
            environ_get(environ: GuestPtr<GuestPtr<u8>>, environ_buf: GuestPtr<u8>);
            environ_sizes_get(environc: GuestPtr<u32>, environ_buf_size: GuestPtr<u32>);
            clock_res_get(id: u32, resolution: GuestPtr<u64>);
            clock_time_get(id: u32, precision: u64, time: GuestPtr<u64>);
            fd_advise(fd: u32, offset: u64, len: u64, advice: u32);
            fd_allocate(fd: u32, offset: u64, len: u64);
            fd_close(fd: u32);
            fd_datasync(fd: u32);
            fd_fdstat_get(fd: u32, stat: GuestPtr<u8>);
            fd_fdstat_set_flags(fd: u32, flags: u32);
            fd_fdstat_set_rights(fd: u32, rights_base: u64, rights_inheriting: u64);
            fd_filestat_get(fd: u32, stat: GuestPtr<u8>);
            fd_filestat_set_size(fd: u32, size: u64);
            fd_filestat_set_times(fd: u32, atim: u64, mtim: u64, fst_flags: u32);
            fd_pread(fd: u32, iovs: GuestPtr<Iovec>, iovs_len: u32, offset: u64, nread: GuestPtr<u32>);
            fd_prestat_get(fd: u32, stat: GuestPtr<u8>);
            fd_prestat_dir_name(fd: u32, path: GuestPtr<u8>, path_len: u32);
            fd_pwrite(fd: u32, iovs: GuestPtr<Iovec>, iovs_len: u32, offset: u64, nwritten: GuestPtr<u32>);
            fd_read(fd: u32, iovs: GuestPtr<Iovec>, iovs_len: u32, nread: GuestPtr<u32>);
            fd_readdir(fd: u32, buf: GuestPtr<u8>, buf_len: u32, cookie: u64, bufused: GuestPtr<u32>);
            fd_renumber(fd: u32, to: u32);
            fd_seek(fd: u32, offset: i64, whence: u32, newoffset: GuestPtr<u64>);
            fd_sync(fd: u32);
            fd_tell(fd: u32, offset: GuestPtr<u64>);
            fd_write(fd: u32, iovs: GuestPtr<Iovec>, iovs_len: u32, nwritten: GuestPtr<u32>);
            path_create_directory(fd: u32, path: GuestPtr<u8>, path_len: u32);
            path_filestat_get(fd: u32, flags: u32, path: GuestPtr<u8>, path_len: u32, stat: GuestPtr<u8>);
            path_filestat_set_times(fd: u32, flags: u32, path: GuestPtr<u8>, path_len: u32,
                atim: u64, mtim: u64, fst_flags: u32);
            path_link(old_fd: u32, old_flags: u32, old_path: GuestPtr<u8>, old_path_len: u32,
                new_fd: u32, new_path: GuestPtr<u8>, new_path_len: u32);
            path_open(fd: u32, dirflags: u32, path: GuestPtr<u8>, path_len: u32, oflags: u32,
                rights_base: u64, rights_inheriting: u64, fdflags: u32, opened_fd: GuestPtr<u32>);
            path_readlink(fd: u32, path: GuestPtr<u8>, path_len: u32, buf: GuestPtr<u8>, buf_len: u32,
                bufused: GuestPtr<u32>);
            path_remove_directory(fd: u32, path: GuestPtr<u8>, path_len: u32);
            path_rename(fd: u32, old_path: GuestPtr<u8>, old_path_len: u32,
                new_fd: u32, new_path: GuestPtr<u8>, new_path_len: u32);
            path_symlink(old_path: GuestPtr<u8>, old_path_len: u32,
                fd: u32, new_path: GuestPtr<u8>, new_path_len: u32);
            path_unlink_file(fd: u32, path: GuestPtr<u8>, path_len: u32);
            poll_oneoff(subscriptions: GuestPtr<Subscription>, events: GuestPtr<u8>, nsubscriptions: u32,
                nevents: GuestPtr<u32>);
            proc_exit(code: u32);
            proc_raise(signal: u32);
            sched_yield();
            random_get(buf: GuestPtr<u8>, buf_len: u32);
            sock_accept(fd: u32, flags: u32, accepted_fd: GuestPtr<u32>);
            sock_recv(fd: u32, ri_data: GuestPtr<Iovec>, ri_data_len: u32, ri_flags: u32,
                nread: GuestPtr<u32>, ro_flags: GuestPtr<u8>);
            sock_send(fd: u32, si_data: GuestPtr<Iovec>, si_data_len: u32, si_flags: u32,
                nwritten: GuestPtr<u32>);
            sock_shutdown(fd: u32, how: u32);
        }
    };
}
pub(crate) use for_each_function;

/// A WebAssembly type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ParameterType {
    /// `i32`: a descriptor, an address, a size, flags.
    I32 = ValueType::I32 as u8,
    /// `i64`: an offset, a time, rights.
    I64 = ValueType::I64 as u8,
}

/// A value that a guest passes to a function.
pub(crate) trait Parameter: Sized {
    /// How it is passed.
    const TYPE: ParameterType;

    /// The value whose passed bits, extended to 64, are `bits`.
    fn from_bits(bits: u64) -> Self;
}

impl Parameter for u32 {
    const TYPE: ParameterType = ParameterType::I32;

    #[allow(clippy::cast_possible_truncation, reason = "32 bits were extended")]
    fn from_bits(bits: u64) -> Self {
        bits as u32
    }
}

impl Parameter for u64 {
    const TYPE: ParameterType = ParameterType::I64;

    fn from_bits(bits: u64) -> Self {
        bits
    }
}

impl Parameter for i64 {
    const TYPE: ParameterType = ParameterType::I64;

    fn from_bits(bits: u64) -> Self {
        bits.cast_signed()
    }
}

impl<T> Parameter for GuestPtr<T> {
    const TYPE: ParameterType = ParameterType::I32;

    fn from_bits(bits: u64) -> Self {
        GuestPtr::new(u32::from_bits(bits))
    }
}

/// A function as a guest imports it.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The name of the import.
    pub name: &'static str,
    /// The types of its parameters.
    pub parameters: &'static [ParameterType],
}

macro_rules! list {
    ($($name:ident($($parameter:ident: $type:ty),*);)*) => {
        /// All functions of WASI preview1.
        pub const FUNCTIONS: &[Function] = {
            use crate::records::{Iovec, Subscription};
            &[$(Function {
                name: stringify!($name),
                parameters: &[$(<$type as Parameter>::TYPE),*],
            }),*]
        };
    };
}

for_each_function!(list);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_46_and_no_two_alike() {
        assert_eq!(FUNCTIONS.len(), 46);
        for (index, function) in FUNCTIONS.iter().enumerate() {
            assert!(
                FUNCTIONS[..index]
                    .iter()
                    .all(|other| other.name != function.name)
            );
        }
    }

    #[test]
    fn signatures_follow_the_specification() {
        let signature = |name| {
            let function = FUNCTIONS
                .iter()
                .find(|function| function.name == name)
                .unwrap();
            function.parameters
        };
        use ParameterType::{I32, I64};
        assert_eq!(
            signature("path_open"),
            [I32, I32, I32, I32, I32, I64, I64, I32, I32]
        );
        assert_eq!(signature("fd_seek"), [I32, I64, I32, I32]);
        assert_eq!(signature("sched_yield"), []);
        assert_eq!(signature("clock_time_get"), [I32, I64, I32]);
    }
}
