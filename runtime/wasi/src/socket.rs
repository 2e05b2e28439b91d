//! Sockets: connections to a listener that the embedder has opened.

use thimble_platform::{Interest, Shutdown};

use crate::context::WasiContext;
use crate::descriptor::{Descriptor, Resource};
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::handle::OwnedSocket;
use crate::records::Iovec;
use crate::rights::Rights;
use crate::transfer::{Receive, when_ready};
use crate::types::{Fdflags, Filetype, Riflags, Sdflags};

impl WasiContext {
    /// The connected socket `fd`, if `rights` are held.
    fn connected(&self, fd: u32, rights: Rights) -> Result<&OwnedSocket, Errno> {
        let descriptor = self.table.get(fd)?;
        match &descriptor.resource {
            Resource::Socket(socket) => {
                descriptor.require(rights)?;
                Ok(socket)
            }
            Resource::Listener(_) => Err(Errno::Notconn),
            _ => Err(Errno::Notsock),
        }
    }

    /// `sock_accept`: waits for a connection to the listener `fd`, and stores the number of
    /// its descriptor. Of the flags it can be given `fdflags::nonblock` only.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notsock`], [`Errno::Inval`] if it does not listen or for other flags, [`Errno::Notcapable`],
    /// [`Errno::Again`], [`Errno::Connaborted`], [`Errno::Mfile`], [`Errno::Nfile`], [`Errno::Nomem`], [`Errno::Fault`]; [`Failure::Interrupted`].
    pub fn sock_accept(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        flags: u32,
        accepted_fd: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        let flags = Fdflags::decode(flags)?;
        if !Fdflags::NONBLOCK.contains(flags) {
            return Err(Errno::Inval.into());
        }
        memory.bytes(accepted_fd.cast(), 4)?;
        self.table.reserve()?;
        let descriptor = self.table.get(fd)?;
        let listener = match &descriptor.resource {
            Resource::Listener(listener) => listener,
            Resource::Socket(_) => return Err(Errno::Inval.into()),
            _ => return Err(Errno::Notsock.into()),
        };
        descriptor.require(Rights::SOCK_ACCEPT)?;
        let sockets = listener.sockets;
        let nonblocking = descriptor.flags.contains(Fdflags::NONBLOCK);
        let mut accept = || sockets.accept(listener.handle);
        let target = descriptor.poll_target();
        let (handle, _) = when_ready(
            self.system,
            target,
            Interest::Read,
            nonblocking,
            &mut accept,
        )?;
        let resource = Resource::Socket(OwnedSocket { sockets, handle });
        let mut accepted = Descriptor::new(resource, Filetype::SocketStream, Rights::SOCKET);
        accepted.flags = flags;
        let number = self.table.insert(accepted)?;
        Ok(memory.store_u32(accepted_fd, number)?)
    }

    /// `sock_recv`: waits for data on the socket `fd` and receives it; 0 bytes are the end.
    /// With `riflags::recv_waitall` it waits until the buffers are full, unless it only peeks.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notsock`], [`Errno::Notconn`], [`Errno::Inval`], [`Errno::Fault`], [`Errno::Again`], [`Errno::Connreset`];
    /// [`Failure::Interrupted`].
    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    pub fn sock_recv(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        ri_data: GuestPtr<Iovec>,
        ri_data_len: u32,
        ri_flags: u32,
        nread: GuestPtr<u32>,
        ro_flags: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        let flags = Riflags::decode(ri_flags)?;
        let receive = Receive {
            peek: flags.contains(Riflags::RECV_PEEK),
            all: flags.contains(Riflags::RECV_WAITALL),
        };
        self.connected(fd, Rights::FD_READ)?;
        // A stream is never cut, so the only flag of the answer is never set.
        memory.store(ro_flags, &[0; 2])?;
        self.read(memory, (fd, ri_data, ri_data_len), None, receive, nread)
    }

    /// `sock_send`: sends on the socket `fd`. There are no flags.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notsock`], [`Errno::Notconn`], [`Errno::Inval`], [`Errno::Fault`], [`Errno::Again`], [`Errno::Pipe`], [`Errno::Connreset`];
    /// [`Failure::Interrupted`].
    pub fn sock_send(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        si_data: GuestPtr<Iovec>,
        si_data_len: u32,
        si_flags: u32,
        nwritten: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        if si_flags != 0 {
            return Err(Errno::Inval.into());
        }
        self.connected(fd, Rights::FD_WRITE)?;
        self.write(memory, (fd, si_data, si_data_len), None, nwritten)
    }

    /// `sock_shutdown`: ends one or both directions of the socket `fd`.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notsock`], [`Errno::Notconn`], [`Errno::Notcapable`], [`Errno::Inval`] for no or unknown directions.
    pub fn sock_shutdown(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        how: u32,
    ) -> Result<(), Failure> {
        let flags = Sdflags::decode(how)?;
        let socket = self.connected(fd, Rights::SOCK_SHUTDOWN)?;
        let how = match (flags.contains(Sdflags::RD), flags.contains(Sdflags::WR)) {
            (true, true) => Shutdown::Both,
            (true, false) => Shutdown::Read,
            (false, true) => Shutdown::Write,
            (false, false) => return Err(Errno::Inval.into()),
        };
        Ok(socket.sockets.shutdown(socket.handle, how)?)
    }
}
