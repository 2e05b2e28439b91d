//! Scattered buffers: walking a guest's array of `iovec` in step with the data.

use crate::errno::Errno;
use crate::guest::{GuestMemory, GuestPtr};
use crate::limits::MAXIMUM_VECTORS;
use crate::records::Iovec;

/// A place in a guest's array of buffers.
///
/// The array itself is in the guest's memory and is read again at each step, so
/// that nothing is allocated for it. A guest that reads a file over its own array
/// gets the data at unexpected places of its own memory, nothing else.
#[derive(Debug)]
pub(crate) struct Vectors {
    array: GuestPtr<Iovec>,
    count: u32,
    index: u32,
    offset: u32,
    /// Bytes of all buffers together that are yet to come.
    remaining: u32,
}

impl Vectors {
    /// The start of the array, every buffer of which lies in the memory.
    ///
    /// # Errors
    /// [`Errno::Inval`] for too many buffers, or more bytes than 32 bits can count;
    /// [`Errno::Fault`] if the array or a buffer does not lie in the memory.
    pub(crate) fn check(
        memory: &GuestMemory<'_>,
        array: GuestPtr<Iovec>,
        count: u32,
    ) -> Result<Self, Errno> {
        if count > MAXIMUM_VECTORS {
            return Err(Errno::Inval);
        }
        let mut remaining = 0_u32;
        for index in 0..count {
            let vector = memory.load(array.element(index)?)?;
            memory.bytes(vector.buffer, vector.length)?;
            remaining = remaining.checked_add(vector.length).ok_or(Errno::Inval)?;
        }
        Ok(Vectors {
            array,
            count,
            index: 0,
            offset: 0,
            remaining,
        })
    }

    /// Bytes that are yet to come.
    pub(crate) fn remaining(&self) -> usize {
        usize::try_from(self.remaining).unwrap_or(usize::MAX)
    }

    /// The next stretch of at most `limit` bytes that lies in one piece.
    fn next(&mut self, memory: &GuestMemory<'_>, limit: usize) -> Result<Option<Iovec>, Errno> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX).min(self.remaining);
        if limit == 0 {
            return Ok(None);
        }
        while self.index < self.count {
            let vector = memory.load(self.array.element(self.index)?)?;
            let left = vector.length.saturating_sub(self.offset).min(limit);
            if left == 0 {
                self.index += 1;
                self.offset = 0;
                continue;
            }
            let address = vector
                .buffer
                .address()
                .checked_add(self.offset)
                .ok_or(Errno::Fault)?;
            self.offset += left;
            self.remaining -= left;
            return Ok(Some(Iovec {
                buffer: GuestPtr::new(address),
                length: left,
            }));
        }
        Ok(None)
    }

    /// Fills `buffer` from the guest's buffers, as far as they reach; returns how far.
    ///
    /// # Errors
    /// [`Errno::Fault`] if the guest has changed the array meanwhile.
    pub(crate) fn gather(
        &mut self,
        memory: &GuestMemory<'_>,
        buffer: &mut [u8],
    ) -> Result<usize, Errno> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..) {
            let Some(piece) = self.next(memory, rest.len())? else {
                break;
            };
            let bytes = memory.bytes(piece.buffer, piece.length)?;
            let Some(to) = rest.get_mut(..bytes.len()) else {
                break;
            };
            to.copy_from_slice(bytes);
            filled += bytes.len();
        }
        Ok(filled)
    }

    /// Copies `data` to the guest's buffers, as far as they reach.
    ///
    /// # Errors
    /// [`Errno::Fault`] if the guest has changed the array meanwhile.
    pub(crate) fn scatter(
        &mut self,
        memory: &mut GuestMemory<'_>,
        mut data: &[u8],
    ) -> Result<(), Errno> {
        while let Some(piece) = self.next(memory, data.len())? {
            let bytes = memory.bytes_mut(piece.buffer, piece.length)?;
            let Some((head, tail)) = data.split_at_checked(bytes.len()) else {
                break;
            };
            bytes.copy_from_slice(head);
            data = tail;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory_with(vectors: &[(u32, u32)]) -> [u8; 128] {
        let mut bytes = [0; 128];
        for (index, (address, length)) in vectors.iter().enumerate() {
            bytes[index * 8..][..4].copy_from_slice(&address.to_le_bytes());
            bytes[index * 8 + 4..][..4].copy_from_slice(&length.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn data_is_scattered_and_gathered_in_any_step() {
        for step in 1..12 {
            let mut bytes = memory_with(&[(100, 3), (64, 0), (110, 5), (120, 2)]);
            let mut memory = GuestMemory::new(&mut bytes);
            let mut vectors = Vectors::check(&memory, GuestPtr::new(0), 4).unwrap();
            assert_eq!(vectors.remaining(), 10);
            for piece in b"abcdefghij".chunks(step) {
                vectors.scatter(&mut memory, piece).unwrap();
            }
            vectors.scatter(&mut memory, b"too much").unwrap();
            let mut vectors = Vectors::check(&memory, GuestPtr::new(0), 4).unwrap();
            let mut all = [0_u8; 16];
            let mut filled = 0;
            while vectors.remaining() > 0 {
                let end = filled + step;
                filled += vectors
                    .gather(&memory, &mut all[filled..end.min(16)])
                    .unwrap();
            }
            assert_eq!(&all[..filled], b"abcdefghij");
            assert_eq!(&bytes[100..103], b"abc");
            assert_eq!(&bytes[110..115], b"defgh");
            assert_eq!(&bytes[120..122], b"ij");
        }
    }

    #[test]
    fn absurd_arrays_are_refused_before_anything_moves() {
        let mut bytes = memory_with(&[(100, 3), (126, 3), (0, 128)]);
        let memory = GuestMemory::new(&mut bytes);
        let check =
            |address, count| Vectors::check(&memory, GuestPtr::new(address), count).unwrap_err();
        assert_eq!(check(0, 2), Errno::Fault);
        assert_eq!(check(0, MAXIMUM_VECTORS + 1), Errno::Inval);
        assert_eq!(check(0, u32::MAX), Errno::Inval);
        assert_eq!(check(u32::MAX - 7, 2), Errno::Fault);
        assert_eq!(check(121, 1), Errno::Fault);
        assert!(Vectors::check(&memory, GuestPtr::new(u32::MAX), 0).is_ok());
    }

    #[test]
    fn an_array_that_is_overwritten_does_no_harm() {
        // The first buffer is the second vector itself.
        let mut bytes = memory_with(&[(8, 8), (100, 8)]);
        let mut memory = GuestMemory::new(&mut bytes);
        let mut vectors = Vectors::check(&memory, GuestPtr::new(0), 2).unwrap();
        assert_eq!(vectors.scatter(&mut memory, &[0xff; 16]), Err(Errno::Fault));
    }
}
