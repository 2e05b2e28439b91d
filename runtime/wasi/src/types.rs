//! The enumerations and flags of the specification.

use crate::errno::Errno;

macro_rules! enumeration {
    ($(#[doc = $about:literal])* $type:ident { $($(#[doc = $text:literal])* $name:ident = $number:literal,)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $type {
            $($(#[doc = $text])* $name = $number,)*
        }

        impl $type {
            /// The value with this number.
            ///
            /// # Errors
            /// [`Errno::Inval`] if there is none.
            pub const fn decode(number: u32) -> Result<Self, Errno> {
                match number {
                    $($number => Ok($type::$name),)*
                    _ => Err(Errno::Inval),
                }
            }
        }
    };
}

macro_rules! flags {
    ($(#[doc = $about:literal])* $type:ident { $($bit:literal $name:ident $text:literal,)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
        pub struct $type(u16);

        impl $type {
            $(
                #[doc = $text]
                pub const $name: $type = $type(1 << $bit);
            )*

            /// The flags with these bits.
            ///
            /// # Errors
            /// [`Errno::Inval`] if a bit has no meaning.
            pub const fn decode(bits: u32) -> Result<Self, Errno> {
                const KNOWN: u32 = $(1 << $bit)|*;
                if bits & !KNOWN != 0 {
                    return Err(Errno::Inval);
                }
                Ok($type((bits & KNOWN) as u16))
            }

            /// The bits, as a guest sees them.
            #[must_use]
            pub const fn bits(self) -> u16 {
                self.0
            }

            /// Whether all of `others` are set.
            #[must_use]
            pub const fn contains(self, others: $type) -> bool {
                self.0 & others.0 == others.0
            }

            /// These and those.
            #[must_use]
            pub const fn and(self, others: $type) -> $type {
                $type(self.0 | others.0)
            }
        }
    };
}

enumeration! {
    /// `clockid`: which clock.
    Clockid {
        /// Time of day, in nanoseconds since 1970-01-01T00:00:00Z.
        Realtime = 0,
        /// Time that only goes forward, since some moment.
        Monotonic = 1,
        /// Processor time of the program.
        ProcessCputimeId = 2,
        /// Processor time of the thread.
        ThreadCputimeId = 3,
    }
}

enumeration! {
    /// `whence`: what an offset is counted from.
    Whence {
        /// The start of the file.
        Set = 0,
        /// The position.
        Cur = 1,
        /// The end of the file.
        End = 2,
    }
}

enumeration! {
    /// `filetype`: what a descriptor or a directory entry refers to.
    Filetype {
        /// None of the following.
        Unknown = 0,
        /// A block device.
        BlockDevice = 1,
        /// A character device, such as a terminal.
        CharacterDevice = 2,
        /// A directory.
        Directory = 3,
        /// A regular file.
        RegularFile = 4,
        /// A datagram socket.
        SocketDgram = 5,
        /// A byte-stream socket.
        SocketStream = 6,
        /// A symbolic link.
        SymbolicLink = 7,
    }
}

enumeration! {
    /// `advice`: how a part of a file will be accessed.
    Advice {
        /// Nothing known.
        Normal = 0,
        /// From lower to higher offsets.
        Sequential = 1,
        /// In any order.
        Random = 2,
        /// Soon.
        Willneed = 3,
        /// Not soon.
        Dontneed = 4,
        /// Once.
        Noreuse = 5,
    }
}

enumeration! {
    /// `eventtype`: what is waited for.
    Eventtype {
        /// A clock reaching a time.
        Clock = 0,
        /// A descriptor becoming readable.
        FdRead = 1,
        /// A descriptor becoming writable.
        FdWrite = 2,
    }
}

flags! {
    /// `fdflags`: how a descriptor behaves.
    Fdflags {
        0 APPEND "Each write goes to the end of the file.",
        1 DSYNC "A write returns when its data is on the device.",
        2 NONBLOCK "What would block fails with `Errno::Again` instead.",
        3 RSYNC "A read returns when earlier writes are on the device.",
        4 SYNC "A write returns when data and metadata are on the device.",
    }
}

flags! {
    /// `oflags`: how `path_open` opens.
    Oflags {
        0 CREAT "Create the file if it does not exist.",
        1 DIRECTORY "Fail if it is not a directory.",
        2 EXCL "Fail if it exists.",
        3 TRUNC "Cut the file to no bytes.",
    }
}

flags! {
    /// `fstflags`: which times to set, and to what.
    Fstflags {
        0 ATIM "Set the access time to the given one.",
        1 ATIM_NOW "Set the access time to now.",
        2 MTIM "Set the modification time to the given one.",
        3 MTIM_NOW "Set the modification time to now.",
    }
}

flags! {
    /// `lookupflags`: how the last component of a path is looked up.
    Lookupflags {
        0 SYMLINK_FOLLOW "Follow it if it is a symbolic link.",
    }
}

flags! {
    /// `riflags`: how to receive.
    Riflags {
        0 RECV_PEEK "Leave the data in the queue.",
        1 RECV_WAITALL "Wait until the buffers are full.",
    }
}

flags! {
    /// `sdflags`: which directions of a socket to shut down.
    Sdflags {
        0 RD "Receiving.",
        1 WR "Sending.",
    }
}

flags! {
    /// `subclockflags`: how to read the time of a clock subscription.
    Subclockflags {
        0 SUBSCRIPTION_CLOCK_ABSTIME "It is a time, not a duration from now.",
    }
}

flags! {
    /// `eventrwflags`: the state of a polled descriptor.
    Eventrwflags {
        0 FD_READWRITE_HANGUP "The other side has closed.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_numbers_and_bits_are_refused() {
        assert_eq!(Whence::decode(3), Err(Errno::Inval));
        assert_eq!(Clockid::decode(1), Ok(Clockid::Monotonic));
        assert_eq!(Fdflags::decode(0x20), Err(Errno::Inval));
        assert_eq!(Oflags::decode(0x1_0001), Err(Errno::Inval));
        assert_eq!(Oflags::decode(5), Ok(Oflags::CREAT.and(Oflags::EXCL)));
    }
}
