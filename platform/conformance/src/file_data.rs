//! Cases about what is in files.

use thimble_platform::{ErrorKind, Interest, PollEntry, PollOutcome, PollTarget, Readiness};

use crate::file::{NEW, READ, WRITE, in_scratch};
use crate::outcome::{Result, check, fails};
use crate::run::{Config, cases};

cases![
    bytes_are_kept_at_their_offset,
    after_the_end_is_nothing,
    a_gap_reads_as_zeroes,
    a_size_can_be_set,
    access_is_as_opened,
    offsets_end_at_the_sign_bit,
    more_than_a_block_is_kept,
    synchronising_succeeds,
    a_regular_file_is_always_ready,
];

fn bytes_are_kept_at_their_offset(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        s.write_all(file, 0, b"0123456789")?;
        s.write_all(file, 4, b"abc")?;
        s.holds(file, 0, b"0123abc789")?;
        // Reading leaves no position behind.
        s.holds(file, 6, b"c789")?;
        s.holds(file, 3, b"3abc789")?;
        let mut buffer = [0xff; 4];
        let count = s.files.read_at(file, 2, &mut buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        check(count >= 1 && b"23ab".starts_with(read), "some bytes")?;
        check(
            s.files.read_at(file, 0, &mut [])? == 0,
            "nothing into no room",
        )?;
        check(s.files.write_at(file, 0, &[])? == 0, "nothing written")?;
        check(s.files.metadata(file)?.size == 10, "ten bytes")?;
        s.files.close(file)?;
        let metadata = s.files.metadata_at(s.directory, "file")?;
        check(metadata.size == 10, "ten bytes after closing")?;
        s.names("file", b"0123abc789")
    })
}

fn after_the_end_is_nothing(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        s.write_all(file, 0, b"content")?;
        for offset in [7, 8, 1 << 20, 1 << 31, 1 << 40] {
            let count = s.files.read_at(file, offset, &mut [0; 8])?;
            check(count == 0, "nothing after the end")?;
        }
        // Writing nothing after the end does not move it.
        s.files.write_at(file, 100, &[])?;
        check(s.files.metadata(file)?.size == 7, "the size to stay")?;
        Ok(s.files.close(file)?)
    })
}

fn a_gap_reads_as_zeroes(config: &Config) -> Result {
    in_scratch(config, |s| {
        // What the medium held before must not show in the gap.
        s.make("before", &[0xff; 700])?;
        s.files.remove_file_at(s.directory, "before")?;
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        s.write_all(file, 0, b"start")?;
        s.write_all(file, 605, b"end")?;
        check(s.files.metadata(file)?.size == 608, "the size")?;
        s.holds(file, 605, b"end")?;
        let mut gap = [0; 608];
        for (place, byte) in gap.iter_mut().zip(b"start") {
            *place = *byte;
        }
        for (place, byte) in gap.iter_mut().skip(605).zip(b"end") {
            *place = *byte;
        }
        s.holds(file, 0, &gap)?;
        Ok(s.files.close(file)?)
    })
}

fn a_size_can_be_set(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        s.write_all(file, 0, b"0123456789")?;
        s.files.set_size(file, 4)?;
        s.holds(file, 0, b"0123")?;
        s.files.set_size(file, 8)?;
        s.holds(file, 0, b"0123\0\0\0\0")?;
        s.files.set_size(file, 8)?;
        check(s.files.metadata(file)?.size == 8, "the size")?;
        s.files.set_size(file, 0)?;
        s.holds(file, 0, b"")?;
        Ok(s.files.close(file)?)
    })
}

fn access_is_as_opened(config: &Config) -> Result {
    let refused = ErrorKind::BadDescriptor;
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        let (reader, _) = s.files.open_at(s.directory, "file", READ)?;
        fails(s.files.write_at(reader, 0, b"data"), refused)?;
        fails(s.files.set_size(reader, 0), refused)?;
        let duplicate = s.files.duplicate(reader)?;
        fails(s.files.write_at(duplicate, 0, b"data"), refused)?;
        s.files.close(duplicate)?;
        s.files.close(reader)?;
        let (writer, _) = s.files.open_at(s.directory, "file", WRITE)?;
        fails(s.files.read_at(writer, 0, &mut [0; 4]), refused)?;
        s.files.close(writer)?;
        let write = s.files.write_at(s.directory, 0, b"data");
        check(write.is_err(), "a directory not to be written")?;
        s.names("file", b"content")
    })
}

fn offsets_end_at_the_sign_bit(config: &Config) -> Result {
    let refused = ErrorKind::InvalidArgument;
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        for offset in [1 << 63, u64::MAX] {
            fails(s.files.read_at(file, offset, &mut [0; 4]), refused)?;
            fails(s.files.write_at(file, offset, b"data"), refused)?;
            fails(s.files.set_size(file, offset), refused)?;
        }
        check(s.files.metadata(file)?.size == 0, "the size to stay")?;
        Ok(s.files.close(file)?)
    })
}

fn more_than_a_block_is_kept(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        // 41 is no divisor of any block size, so parts cross every border.
        let mut part = [0; 41];
        for round in 0..200u64 {
            part.fill(round as u8);
            s.write_all(file, round * 41, &part)?;
        }
        check(s.files.metadata(file)?.size == 8200, "the size")?;
        for round in (0..200u64).rev() {
            let mut done = 0;
            while done < 41 {
                let mut buffer = [0; 41];
                let rest = buffer.get_mut(done..).unwrap_or_default();
                let count = s.files.read_at(file, round * 41 + done as u64, rest)?;
                let read = rest.get(..count).unwrap_or_default();
                check(count > 0, "more of the file")?;
                check(read.iter().all(|b| *b == round as u8), "what was written")?;
                done += count;
            }
        }
        Ok(s.files.close(file)?)
    })
}

fn synchronising_succeeds(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        s.write_all(file, 0, b"content")?;
        s.files.sync(file, true)?;
        s.files.sync(file, false)?;
        s.holds(file, 0, b"content")?;
        Ok(s.files.close(file)?)
    })
}

fn a_regular_file_is_always_ready(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        for interest in [Interest::Read, Interest::Write] {
            let mut entries = [PollEntry::new(PollTarget::File(file), interest)];
            let outcome = config.platform.poll().poll(&mut entries, None, None)?;
            check(outcome == PollOutcome::Ready, "the file to be ready")?;
            let [entry] = entries;
            let ready = matches!(entry.readiness, Readiness::Ready { .. });
            check(ready, "the file to be ready")?;
        }
        Ok(s.files.close(file)?)
    })
}
