//! Rights: what may be done through a descriptor, and through those opened from it.

use crate::types::Filetype;

macro_rules! rights {
    ($($bit:literal $name:ident $text:literal,)*) => {
        /// `rights`: a set of operations that a descriptor allows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
        pub struct Rights(u64);

        impl Rights {
            $(
                #[doc = $text]
                pub const $name: Rights = Rights(1 << $bit);
            )*

            /// Every right that the specification knows.
            pub const ALL: Rights = Rights($(1 << $bit)|*);
        }
    };
}

rights! {
    0 FD_DATASYNC "`fd_datasync`.",
    1 FD_READ "`fd_read`, `sock_recv`; with `FD_SEEK` also `fd_pread`.",
    2 FD_SEEK "`fd_seek`; includes `FD_TELL`.",
    3 FD_FDSTAT_SET_FLAGS "`fd_fdstat_set_flags`.",
    4 FD_SYNC "`fd_sync`.",
    5 FD_TELL "`fd_tell`, and `fd_seek` that does not move.",
    6 FD_WRITE "`fd_write`, `sock_send`; with `FD_SEEK` also `fd_pwrite`.",
    7 FD_ADVISE "`fd_advise`.",
    8 FD_ALLOCATE "`fd_allocate`.",
    9 PATH_CREATE_DIRECTORY "`path_create_directory`.",
    10 PATH_CREATE_FILE "`path_open` with `oflags::creat`.",
    11 PATH_LINK_SOURCE "`path_link` with this directory as the source.",
    12 PATH_LINK_TARGET "`path_link` with this directory as the target.",
    13 PATH_OPEN "`path_open`.",
    14 FD_READDIR "`fd_readdir`.",
    15 PATH_READLINK "`path_readlink`.",
    16 PATH_RENAME_SOURCE "`path_rename` with this directory as the source.",
    17 PATH_RENAME_TARGET "`path_rename` with this directory as the target.",
    18 PATH_FILESTAT_GET "`path_filestat_get`.",
    19 PATH_FILESTAT_SET_SIZE "`path_open` with `oflags::trunc`.",
    20 PATH_FILESTAT_SET_TIMES "`path_filestat_set_times`.",
    21 FD_FILESTAT_GET "`fd_filestat_get`.",
    22 FD_FILESTAT_SET_SIZE "`fd_filestat_set_size`.",
    23 FD_FILESTAT_SET_TIMES "`fd_filestat_set_times`.",
    24 PATH_SYMLINK "`path_symlink`.",
    25 PATH_REMOVE_DIRECTORY "`path_remove_directory`.",
    26 PATH_UNLINK_FILE "`path_unlink_file`.",
    27 POLL_FD_READWRITE "`poll_oneoff` on this descriptor.",
    28 SOCK_SHUTDOWN "`sock_shutdown`.",
    29 SOCK_ACCEPT "`sock_accept`.",
}

impl Rights {
    /// No right.
    pub const NONE: Rights = Rights(0);

    /// What makes sense on a regular file.
    pub const REGULAR_FILE: Rights = Rights::FD_DATASYNC
        .and(Rights::FD_READ)
        .and(Rights::FD_SEEK)
        .and(Rights::FD_FDSTAT_SET_FLAGS)
        .and(Rights::FD_SYNC)
        .and(Rights::FD_TELL)
        .and(Rights::FD_WRITE)
        .and(Rights::FD_ADVISE)
        .and(Rights::FD_ALLOCATE)
        .and(Rights::FD_FILESTAT_GET)
        .and(Rights::FD_FILESTAT_SET_SIZE)
        .and(Rights::FD_FILESTAT_SET_TIMES)
        .and(Rights::POLL_FD_READWRITE);

    /// What makes sense on a directory. There is no reading, writing or seeking in it.
    pub const DIRECTORY: Rights = Rights::FD_FDSTAT_SET_FLAGS
        .and(Rights::FD_SYNC)
        .and(Rights::FD_DATASYNC)
        .and(Rights::PATH_CREATE_DIRECTORY)
        .and(Rights::PATH_CREATE_FILE)
        .and(Rights::PATH_LINK_SOURCE)
        .and(Rights::PATH_LINK_TARGET)
        .and(Rights::PATH_OPEN)
        .and(Rights::FD_READDIR)
        .and(Rights::PATH_READLINK)
        .and(Rights::PATH_RENAME_SOURCE)
        .and(Rights::PATH_RENAME_TARGET)
        .and(Rights::PATH_FILESTAT_GET)
        .and(Rights::PATH_FILESTAT_SET_SIZE)
        .and(Rights::PATH_FILESTAT_SET_TIMES)
        .and(Rights::FD_FILESTAT_GET)
        .and(Rights::FD_FILESTAT_SET_TIMES)
        .and(Rights::PATH_SYMLINK)
        .and(Rights::PATH_REMOVE_DIRECTORY)
        .and(Rights::PATH_UNLINK_FILE);

    /// What makes sense on a stream without a position: a console, a pipe.
    ///
    /// Without `FD_SEEK` and `FD_TELL`, which is how a C library recognises a terminal.
    pub const STREAM: Rights = Rights::FD_READ
        .and(Rights::FD_WRITE)
        .and(Rights::FD_FDSTAT_SET_FLAGS)
        .and(Rights::FD_FILESTAT_GET)
        .and(Rights::POLL_FD_READWRITE);

    /// What makes sense on a connected socket.
    pub const SOCKET: Rights = Rights::STREAM.and(Rights::SOCK_SHUTDOWN);

    /// What makes sense on a listening socket.
    pub const LISTENER: Rights = Rights::SOCK_ACCEPT
        .and(Rights::FD_FDSTAT_SET_FLAGS)
        .and(Rights::FD_FILESTAT_GET)
        .and(Rights::POLL_FD_READWRITE);

    /// Everything that only reads: for a preopened directory whose files the guest must not change.
    pub const READ_ONLY: Rights = Rights::FD_READ
        .and(Rights::FD_SEEK)
        .and(Rights::FD_TELL)
        .and(Rights::FD_ADVISE)
        .and(Rights::FD_FDSTAT_SET_FLAGS)
        .and(Rights::FD_READDIR)
        .and(Rights::FD_FILESTAT_GET)
        .and(Rights::PATH_OPEN)
        .and(Rights::PATH_READLINK)
        .and(Rights::PATH_FILESTAT_GET)
        .and(Rights::POLL_FD_READWRITE);

    /// The rights named by the bits of `bits`; bits that name none are dropped.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Rights {
        Rights(bits & Rights::ALL.0)
    }

    /// The bits, as a guest sees them.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// These without `others`.
    #[must_use]
    pub const fn without(self, others: Rights) -> Rights {
        Rights(self.0 & !others.0)
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Rights) -> Rights {
        Rights(self.0 | others.0)
    }

    /// Those of these that are also among `others`.
    #[must_use]
    pub const fn within(self, others: Rights) -> Rights {
        Rights(self.0 & others.0)
    }

    /// Whether all of `others` are among these.
    #[must_use]
    pub const fn contains(self, others: Rights) -> bool {
        self.0 & others.0 == others.0
    }

    /// Whether one of `others` is among these.
    #[must_use]
    pub const fn intersects(self, others: Rights) -> bool {
        self.0 & others.0 != 0
    }

    /// What makes sense on a file of this type.
    #[must_use]
    pub const fn of_type(filetype: Filetype) -> Rights {
        match filetype {
            Filetype::Directory => Rights::DIRECTORY,
            Filetype::RegularFile => Rights::REGULAR_FILE,
            Filetype::SocketStream | Filetype::SocketDgram => Rights::SOCKET,
            _ => Rights::STREAM,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_the_specification() {
        assert_eq!(Rights::FD_DATASYNC.bits(), 1);
        assert_eq!(Rights::SOCK_ACCEPT.bits(), 1 << 29);
        assert_eq!(Rights::ALL.bits(), (1 << 30) - 1);
        assert_eq!(Rights::from_bits(u64::MAX), Rights::ALL);
    }

    #[test]
    fn a_directory_cannot_be_read_written_or_sought() {
        let file_only = Rights::FD_READ
            .and(Rights::FD_WRITE)
            .and(Rights::FD_SEEK)
            .and(Rights::FD_TELL);
        assert!(!Rights::DIRECTORY.intersects(file_only.and(Rights::FD_FILESTAT_SET_SIZE)));
    }
}
