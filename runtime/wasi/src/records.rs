//! The records that pass between guest and host, with their layout in guest memory.

use crate::errno::Errno;
use crate::guest::{GuestPtr, GuestValue, integer};
use crate::rights::Rights;
use crate::types::{Eventrwflags, Eventtype, Fdflags, Filetype, Subclockflags};

/// Places `bytes` at `offset` of a record being built.
pub(crate) fn place(record: &mut [u8], offset: usize, bytes: &[u8]) {
    for (to, from) in record.iter_mut().skip(offset).zip(bytes) {
        *to = *from;
    }
}

/// `fdstat`: the attributes of a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fdstat {
    /// What it refers to.
    pub filetype: Filetype,
    /// How it behaves.
    pub flags: Fdflags,
    /// What may be done through it.
    pub rights_base: Rights,
    /// What may be done through descriptors opened from it.
    pub rights_inheriting: Rights,
}

impl Fdstat {
    /// The record in guest memory.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 24] {
        let mut record = [0; 24];
        place(&mut record, 0, &[self.filetype as u8]);
        place(&mut record, 2, &self.flags.bits().to_le_bytes());
        place(&mut record, 8, &self.rights_base.bits().to_le_bytes());
        place(
            &mut record,
            16,
            &self.rights_inheriting.bits().to_le_bytes(),
        );
        record
    }
}

/// `filestat`: the attributes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filestat {
    /// The device that holds it.
    pub device: u64,
    /// Its serial number on the device.
    pub inode: u64,
    /// Its type.
    pub filetype: Filetype,
    /// The number of its names.
    pub links: u64,
    /// Its length in bytes.
    pub size: u64,
    /// Last access, in nanoseconds since 1970.
    pub accessed: u64,
    /// Last modification of the data.
    pub modified: u64,
    /// Last change of data or attributes.
    pub changed: u64,
}

impl Filestat {
    /// The attributes of something that is no file and has nothing but a type.
    #[must_use]
    pub const fn of_type(filetype: Filetype) -> Self {
        Filestat {
            device: 0,
            inode: 0,
            filetype,
            links: 0,
            size: 0,
            accessed: 0,
            modified: 0,
            changed: 0,
        }
    }

    /// The record in guest memory.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut record = [0; 64];
        let words = [
            self.device,
            self.inode,
            self.filetype as u64,
            self.links,
            self.size,
            self.accessed,
            self.modified,
            self.changed,
        ];
        for (place, word) in record.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        record
    }
}

/// `dirent`: the head of a directory entry, which its name follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dirent {
    /// The cookie that continues behind this entry.
    pub next: u64,
    /// The file's serial number.
    pub inode: u64,
    /// The length of its name.
    pub name_length: u32,
    /// Its type.
    pub filetype: Filetype,
}

impl Dirent {
    /// The record in guest memory.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 24] {
        let mut record = [0; 24];
        place(&mut record, 0, &self.next.to_le_bytes());
        place(&mut record, 8, &self.inode.to_le_bytes());
        place(&mut record, 16, &self.name_length.to_le_bytes());
        place(&mut record, 20, &[self.filetype as u8]);
        record
    }
}

/// `iovec` and `ciovec`: one of several buffers to read to or write from.
#[derive(Clone, Copy, Debug)]
pub struct Iovec {
    /// Where it starts.
    pub buffer: GuestPtr<u8>,
    /// Its length in bytes.
    pub length: u32,
}

impl GuestValue for Iovec {
    const SIZE: u32 = 8;

    #[allow(clippy::cast_possible_truncation, reason = "4 bytes each")]
    fn load(bytes: &[u8]) -> Result<Self, Errno> {
        Ok(Iovec {
            buffer: GuestPtr::new(integer(bytes, 0, 4) as u32),
            length: integer(bytes, 4, 4) as u32,
        })
    }
}

/// `subscription_u`: what a subscription waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionKind {
    /// A clock reaching a time.
    Clock {
        /// The number of the clock, unchecked: a wrong one is answered in the event.
        id: u32,
        /// The time, or the duration from now, in nanoseconds.
        timeout: u64,
        /// Whether `timeout` is a time.
        absolute: bool,
    },
    /// A descriptor becoming readable.
    FdRead(u32),
    /// A descriptor becoming writable.
    FdWrite(u32),
}

impl SubscriptionKind {
    /// The number of the kind.
    #[must_use]
    pub const fn eventtype(self) -> Eventtype {
        match self {
            SubscriptionKind::Clock { .. } => Eventtype::Clock,
            SubscriptionKind::FdRead(_) => Eventtype::FdRead,
            SubscriptionKind::FdWrite(_) => Eventtype::FdWrite,
        }
    }
}

/// `subscription`: one of the things that `poll_oneoff` waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// A number of the guest's, given back in the event.
    pub userdata: u64,
    /// What is waited for.
    pub kind: SubscriptionKind,
}

impl GuestValue for Subscription {
    const SIZE: u32 = 48;

    #[allow(
        clippy::cast_possible_truncation,
        reason = "each was read with its size"
    )]
    fn load(bytes: &[u8]) -> Result<Self, Errno> {
        let descriptor = integer(bytes, 16, 4) as u32;
        let kind = match Eventtype::decode(integer(bytes, 8, 1) as u32)? {
            Eventtype::Clock => {
                let flags = Subclockflags::decode(integer(bytes, 40, 2) as u32)?;
                SubscriptionKind::Clock {
                    id: descriptor,
                    timeout: integer(bytes, 24, 8),
                    absolute: flags.contains(Subclockflags::SUBSCRIPTION_CLOCK_ABSTIME),
                }
            }
            Eventtype::FdRead => SubscriptionKind::FdRead(descriptor),
            Eventtype::FdWrite => SubscriptionKind::FdWrite(descriptor),
        };
        Ok(Subscription {
            userdata: integer(bytes, 0, 8),
            kind,
        })
    }
}

/// `event`: something that was waited for and happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The number that the subscription gave.
    pub userdata: u64,
    /// Why this subscription cannot be waited for.
    pub error: Option<Errno>,
    /// What happened.
    pub eventtype: Eventtype,
    /// Bytes that can be read or written, as far as known.
    pub bytes: u64,
    /// The state of the descriptor.
    pub flags: Eventrwflags,
}

impl Event {
    /// Bytes that it takes.
    pub const SIZE: u32 = 32;

    /// The record in guest memory.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        let mut record = [0; 32];
        let error = self.error.map_or(0, |errno| errno as u16);
        place(&mut record, 0, &self.userdata.to_le_bytes());
        place(&mut record, 8, &error.to_le_bytes());
        place(&mut record, 10, &[self.eventtype as u8]);
        place(&mut record, 16, &self.bytes.to_le_bytes());
        place(&mut record, 24, &self.flags.bits().to_le_bytes());
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_lie_as_the_specification_says() {
        let stat = Fdstat {
            filetype: Filetype::RegularFile,
            flags: Fdflags::NONBLOCK,
            rights_base: Rights::FD_READ,
            rights_inheriting: Rights::FD_WRITE,
        };
        let bytes = stat.to_bytes();
        assert_eq!((bytes[0], bytes[2], bytes[8], bytes[16]), (4, 4, 2, 64));
        let event = Event {
            userdata: 7,
            error: Some(Errno::Badf),
            eventtype: Eventtype::FdWrite,
            bytes: 9,
            flags: Eventrwflags::FD_READWRITE_HANGUP,
        };
        let bytes = event.to_bytes();
        assert_eq!(
            (bytes[0], bytes[8], bytes[10], bytes[16], bytes[24]),
            (7, 8, 2, 9, 1)
        );
        let mut file = Filestat::of_type(Filetype::Directory);
        file.size = 5;
        file.changed = 6;
        let bytes = file.to_bytes();
        assert_eq!((bytes[16], bytes[32], bytes[56]), (3, 5, 6));
        let entry = Dirent {
            next: 1,
            inode: 2,
            name_length: 3,
            filetype: Filetype::SymbolicLink,
        };
        let bytes = entry.to_bytes();
        assert_eq!((bytes[0], bytes[8], bytes[16], bytes[20]), (1, 2, 3, 7));
    }

    #[test]
    fn a_subscription_is_read_by_its_tag() {
        let mut bytes = [0_u8; 48];
        bytes[0] = 1;
        bytes[16] = 1;
        bytes[24] = 100;
        bytes[40] = 1;
        let read = Subscription::load(&bytes).unwrap();
        let kind = SubscriptionKind::Clock {
            id: 1,
            timeout: 100,
            absolute: true,
        };
        assert_eq!(read, Subscription { userdata: 1, kind });
        bytes[8] = 2;
        assert_eq!(
            Subscription::load(&bytes).unwrap().kind,
            SubscriptionKind::FdWrite(1)
        );
        bytes[8] = 3;
        assert_eq!(Subscription::load(&bytes), Err(Errno::Inval));
        bytes[8] = 0;
        bytes[40] = 2;
        assert_eq!(Subscription::load(&bytes), Err(Errno::Inval));
    }
}
