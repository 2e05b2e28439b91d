//! Faults of sockets.

use core::net::SocketAddr;

use super::fault::{Call, FaultInjector};
use crate::{Error, ErrorKind, Result, Shutdown, SocketHandle, Sockets};

impl FaultInjector<'_> {
    /// The sockets below, which are there if anybody can ask for them.
    fn sockets_below(&self) -> Result<&dyn Sockets> {
        let sockets = self.below.sockets();
        sockets.ok_or(Error::new(ErrorKind::NotSupported))
    }
}

impl Sockets for FaultInjector<'_> {
    fn listen(&self, address: SocketAddr, backlog: u32) -> Result<SocketHandle> {
        self.pass(Call::SocketOpen)?;
        self.sockets_below()?.listen(address, backlog)
    }

    fn connect(&self, address: SocketAddr) -> Result<SocketHandle> {
        self.pass(Call::SocketOpen)?;
        self.sockets_below()?.connect(address)
    }

    fn accept(&self, listener: SocketHandle) -> Result<(SocketHandle, SocketAddr)> {
        self.pass(Call::SocketOpen)?;
        self.sockets_below()?.accept(listener)
    }

    fn receive(&self, socket: SocketHandle, buffer: &mut [u8], peek: bool) -> Result<usize> {
        self.pass(Call::SocketData)?;
        self.sockets_below()?.receive(socket, buffer, peek)
    }

    fn send(&self, socket: SocketHandle, data: &[u8]) -> Result<usize> {
        self.pass(Call::SocketData)?;
        self.sockets_below()?.send(socket, data)
    }

    fn shutdown(&self, socket: SocketHandle, how: Shutdown) -> Result<()> {
        self.pass(Call::SocketState)?;
        self.sockets_below()?.shutdown(socket, how)
    }

    fn local_address(&self, socket: SocketHandle) -> Result<SocketAddr> {
        self.pass(Call::SocketState)?;
        self.sockets_below()?.local_address(socket)
    }

    fn peer_address(&self, socket: SocketHandle) -> Result<SocketAddr> {
        self.pass(Call::SocketState)?;
        self.sockets_below()?.peer_address(socket)
    }

    fn is_listener(&self, socket: SocketHandle) -> Result<bool> {
        self.pass(Call::SocketState)?;
        self.sockets_below()?.is_listener(socket)
    }

    fn close(&self, socket: SocketHandle) -> Result<()> {
        self.sockets_below()?.close(socket)
    }
}
