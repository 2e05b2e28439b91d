//! Stream sockets that never block.

use core::net::SocketAddr;

use crate::{Result, SocketHandle};

/// Which direction of a connection to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// No more is received.
    Read,
    /// No more is sent; the other side reads the end.
    Write,
    /// Both.
    Both,
}

/// Stream sockets (TCP). Optional.
///
/// No call waits: where it would have to, it answers
/// [`ErrorKind::WouldBlock`](crate::ErrorKind::WouldBlock), and the caller
/// polls with [`PollTarget::Socket`](crate::PollTarget::Socket). An unknown
/// handle is [`ErrorKind::BadDescriptor`](crate::ErrorKind::BadDescriptor)
/// everywhere. Listening and connecting are for the embedder, which decides
/// what a program may reach.
pub trait Sockets: Sync {
    /// Makes a socket that listens at `address`; port 0 lets the system
    /// choose. `backlog` is how many connections may wait to be accepted, at
    /// least 1; a back end may lower it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AddressInUse`](crate::ErrorKind::AddressInUse),
    /// [`ErrorKind::AddressNotAvailable`](crate::ErrorKind::AddressNotAvailable),
    /// [`ErrorKind::PermissionDenied`](crate::ErrorKind::PermissionDenied),
    /// [`ErrorKind::NotSupported`](crate::ErrorKind::NotSupported) for an
    /// address family the system does not have,
    /// [`ErrorKind::TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn listen(&self, address: SocketAddr, backlog: u32) -> Result<SocketHandle>;

    /// Starts to connect to `address`. The socket is ready to write when the
    /// connection is there; when it failed, poll or the first use says so.
    ///
    /// # Errors
    ///
    /// Those of [`listen`](Sockets::listen), and at once or later
    /// [`ErrorKind::ConnectionRefused`](crate::ErrorKind::ConnectionRefused),
    /// [`ErrorKind::Unreachable`](crate::ErrorKind::Unreachable),
    /// [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut).
    fn connect(&self, address: SocketAddr) -> Result<SocketHandle>;

    /// Takes a waiting connection: a new socket, and who is at its other end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`](crate::ErrorKind::WouldBlock) when none
    /// waits, [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument)
    /// when the socket does not listen,
    /// [`ErrorKind::ConnectionAborted`](crate::ErrorKind::ConnectionAborted),
    /// [`ErrorKind::TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn accept(&self, listener: SocketHandle) -> Result<(SocketHandle, SocketAddr)>;

    /// Receives at least one byte and returns how many; 0 is the end of the
    /// stream, or an empty `buffer`. With `peek` the bytes stay to be
    /// received again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`](crate::ErrorKind::WouldBlock),
    /// [`ErrorKind::ConnectionReset`](crate::ErrorKind::ConnectionReset),
    /// [`ErrorKind::NotConnected`](crate::ErrorKind::NotConnected).
    fn receive(&self, socket: SocketHandle, buffer: &mut [u8], peek: bool) -> Result<usize>;

    /// Sends some of `data`, at least one byte unless it is empty, and
    /// returns how many.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`](crate::ErrorKind::WouldBlock),
    /// [`ErrorKind::BrokenPipe`](crate::ErrorKind::BrokenPipe),
    /// [`ErrorKind::ConnectionReset`](crate::ErrorKind::ConnectionReset),
    /// [`ErrorKind::NotConnected`](crate::ErrorKind::NotConnected).
    fn send(&self, socket: SocketHandle, data: &[u8]) -> Result<usize>;

    /// Ends one or both directions of a connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotConnected`](crate::ErrorKind::NotConnected);
    /// [`ErrorKind::NotSupported`](crate::ErrorKind::NotSupported) to end
    /// sending alone, where the system has no connections that are half open.
    fn shutdown(&self, socket: SocketHandle, how: Shutdown) -> Result<()>;

    /// The socket's own address, with the port that the system chose.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn local_address(&self, socket: SocketHandle) -> Result<SocketAddr>;

    /// The address at the other end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotConnected`](crate::ErrorKind::NotConnected).
    fn peer_address(&self, socket: SocketHandle) -> Result<SocketAddr>;

    /// Whether the socket listens (rather than being, or becoming,
    /// connected).
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn is_listener(&self, socket: SocketHandle) -> Result<bool>;

    /// Ends the socket and its handle. The handle is gone after an error,
    /// too.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn close(&self, socket: SocketHandle) -> Result<()>;
}
