//! Stream sockets of the kernel, never blocking.

use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::io::Errno;
use rustix::net::{self, AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, sockopt};
use thimble_platform::{ErrorKind, Result, Shutdown, SocketHandle, Sockets};

use crate::error::from_errno;
use crate::table::Table;

/// All sockets.
#[derive(Debug, Default)]
pub(crate) struct HostSockets(Table<HostSocket>);

/// One socket.
#[derive(Debug)]
pub(crate) struct HostSocket(OwnedFd);

impl AsFd for HostSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl HostSockets {
    pub(crate) fn get(&self, socket: SocketHandle) -> Result<Arc<HostSocket>> {
        self.0.get(socket.raw())
    }

    fn insert(&self, descriptor: OwnedFd) -> Result<SocketHandle> {
        self.0
            .insert(HostSocket(descriptor))
            .map(SocketHandle::from_raw)
    }
}

fn flags() -> SocketFlags {
    SocketFlags::CLOEXEC | SocketFlags::NONBLOCK
}

fn socket(address: SocketAddr) -> Result<OwnedFd> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    net::socket_with(family, SocketType::STREAM, flags(), None).map_err(from_errno)
}

/// Repeats `call` until no signal ends it.
fn retry<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            other => return other.map_err(from_errno),
        }
    }
}

fn ip_address(address: Option<net::SocketAddrAny>) -> Result<SocketAddr> {
    address
        .and_then(|address| SocketAddr::try_from(address).ok())
        .ok_or(ErrorKind::NotSupported.into())
}

impl Sockets for HostSockets {
    fn listen(&self, address: SocketAddr, backlog: u32) -> Result<SocketHandle> {
        let descriptor = socket(address)?;
        sockopt::set_socket_reuseaddr(&descriptor, true).map_err(from_errno)?;
        net::bind(&descriptor, &address).map_err(from_errno)?;
        let backlog = backlog.clamp(1, 4096).try_into().unwrap_or(1);
        net::listen(&descriptor, backlog).map_err(from_errno)?;
        self.insert(descriptor)
    }

    fn connect(&self, address: SocketAddr) -> Result<SocketHandle> {
        let descriptor = socket(address)?;
        match net::connect(&descriptor, &address) {
            // A signal does not end connecting.
            Ok(()) | Err(Errno::INPROGRESS | Errno::INTR) => self.insert(descriptor),
            Err(errno) => Err(from_errno(errno)),
        }
    }

    fn accept(&self, listener: SocketHandle) -> Result<(SocketHandle, SocketAddr)> {
        let listener = self.get(listener)?;
        let (descriptor, address) = retry(|| net::acceptfrom_with(listener.as_fd(), flags()))?;
        let address = ip_address(address)?;
        Ok((self.insert(descriptor)?, address))
    }

    fn receive(&self, socket: SocketHandle, buffer: &mut [u8], peek: bool) -> Result<usize> {
        let socket = self.get(socket)?;
        let flags = match peek {
            true => RecvFlags::PEEK,
            false => RecvFlags::empty(),
        };
        retry(|| net::recv(socket.as_fd(), &mut *buffer, flags)).map(|(count, _)| count)
    }

    fn send(&self, socket: SocketHandle, data: &[u8]) -> Result<usize> {
        let socket = self.get(socket)?;
        // Without NOSIGNAL a lost connection would end this process.
        retry(|| net::send(socket.as_fd(), data, SendFlags::NOSIGNAL))
    }

    fn shutdown(&self, socket: SocketHandle, how: Shutdown) -> Result<()> {
        let how = match how {
            Shutdown::Read => net::Shutdown::Read,
            Shutdown::Write => net::Shutdown::Write,
            Shutdown::Both => net::Shutdown::Both,
        };
        net::shutdown(self.get(socket)?.as_fd(), how).map_err(from_errno)
    }

    fn local_address(&self, socket: SocketHandle) -> Result<SocketAddr> {
        let address = net::getsockname(self.get(socket)?.as_fd()).map_err(from_errno)?;
        ip_address(Some(address))
    }

    fn peer_address(&self, socket: SocketHandle) -> Result<SocketAddr> {
        let address = net::getpeername(self.get(socket)?.as_fd()).map_err(from_errno)?;
        ip_address(address)
    }

    fn is_listener(&self, socket: SocketHandle) -> Result<bool> {
        sockopt::socket_acceptconn(self.get(socket)?.as_fd()).map_err(from_errno)
    }

    fn close(&self, socket: SocketHandle) -> Result<()> {
        self.0.remove(socket.raw()).map(drop)
    }
}
