//! Stream sockets.

use core::ffi::c_void;
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use thimble_platform::{Error, ErrorKind, Result, Shutdown, SocketHandle, Sockets};

use crate::abi;
use crate::platform::CPlatform;
use crate::status::{MOST, count, done, flag, handle};

unsafe extern "C" {
    fn thimble_platform_socket_listen(
        address: *const abi::Address,
        backlog: u32,
        socket: *mut usize,
    ) -> i32;
    fn thimble_platform_socket_connect(address: *const abi::Address, socket: *mut usize) -> i32;
    fn thimble_platform_socket_accept(
        listener: usize,
        socket: *mut usize,
        address: *mut abi::Address,
    ) -> i32;
    fn thimble_platform_socket_receive(
        socket: usize,
        buffer: *mut c_void,
        length: usize,
        peek: u8,
    ) -> i32;
    fn thimble_platform_socket_send(socket: usize, data: *const c_void, length: usize) -> i32;
    safe fn thimble_platform_socket_shutdown(socket: usize, how: u8) -> i32;
    fn thimble_platform_socket_local_address(socket: usize, address: *mut abi::Address) -> i32;
    fn thimble_platform_socket_peer_address(socket: usize, address: *mut abi::Address) -> i32;
    safe fn thimble_platform_socket_is_listener(socket: usize) -> i32;
    safe fn thimble_platform_socket_close(socket: usize) -> i32;
}

fn to_c(address: SocketAddr) -> abi::Address {
    let mut result = abi::Address {
        port: address.port(),
        ..abi::Address::default()
    };
    match address {
        SocketAddr::V4(address) => {
            result.family = 4;
            let [a, b, c, d] = address.ip().octets();
            [
                result.bytes[0],
                result.bytes[1],
                result.bytes[2],
                result.bytes[3],
            ] = [a, b, c, d];
        }
        SocketAddr::V6(address) => {
            result.family = 6;
            result.bytes = address.ip().octets();
            result.flow = address.flowinfo();
            result.scope = address.scope_id();
        }
    }
    result
}

fn from_c(address: &abi::Address) -> Result<SocketAddr> {
    let [a, b, c, d, ..] = address.bytes;
    match address.family {
        4 => Ok(SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), address.port).into()),
        6 => {
            let ip = Ipv6Addr::from(address.bytes);
            Ok(SocketAddrV6::new(ip, address.port, address.flow, address.scope).into())
        }
        _ => Err(Error::new(ErrorKind::NotSupported)),
    }
}

/// The address that a call fills in.
fn filled(call: impl FnOnce(*mut abi::Address) -> i32) -> Result<SocketAddr> {
    let mut address = abi::Address::default();
    done(call(&raw mut address))?;
    from_c(&address)
}

impl Sockets for CPlatform {
    fn listen(&self, address: SocketAddr, backlog: u32) -> Result<SocketHandle> {
        let address = to_c(address);
        // SAFETY: the address can be read and the handle written during the
        // call; the shim keeps neither pointer.
        handle(|socket| unsafe {
            thimble_platform_socket_listen(&raw const address, backlog.max(1), socket)
        })
        .map(SocketHandle::from_raw)
    }

    fn connect(&self, address: SocketAddr) -> Result<SocketHandle> {
        let address = to_c(address);
        // SAFETY: as for `listen`.
        handle(|socket| unsafe { thimble_platform_socket_connect(&raw const address, socket) })
            .map(SocketHandle::from_raw)
    }

    fn accept(&self, listener: SocketHandle) -> Result<(SocketHandle, SocketAddr)> {
        let mut address = abi::Address::default();
        // SAFETY: both the handle and the address can be written during the
        // call; the shim keeps neither pointer.
        let socket = handle(|socket| unsafe {
            thimble_platform_socket_accept(listener.raw(), socket, &raw mut address)
        })?;
        let socket = SocketHandle::from_raw(socket);
        match from_c(&address) {
            Ok(address) => Ok((socket, address)),
            Err(error) => {
                self.close(socket)?;
                Err(error)
            }
        }
    }

    fn receive(&self, socket: SocketHandle, buffer: &mut [u8], peek: bool) -> Result<usize> {
        let length = buffer.len().min(MOST);
        let start = buffer.as_mut_ptr().cast();
        // SAFETY: `buffer` can be written during the call for `length` bytes,
        // and the shim does not keep the pointer.
        let status =
            unsafe { thimble_platform_socket_receive(socket.raw(), start, length, peek.into()) };
        count(status, length)
    }

    fn send(&self, socket: SocketHandle, data: &[u8]) -> Result<usize> {
        let length = data.len().min(MOST);
        // SAFETY: `data` can be read during the call for `length` bytes, and
        // the shim neither writes to it nor keeps the pointer.
        let status =
            unsafe { thimble_platform_socket_send(socket.raw(), data.as_ptr().cast(), length) };
        count(status, length)
    }

    fn shutdown(&self, socket: SocketHandle, how: Shutdown) -> Result<()> {
        let how = match how {
            Shutdown::Read => abi::SHUTDOWN_READ,
            Shutdown::Write => abi::SHUTDOWN_WRITE,
            Shutdown::Both => abi::SHUTDOWN_BOTH,
        };
        done(thimble_platform_socket_shutdown(socket.raw(), how))
    }

    fn local_address(&self, socket: SocketHandle) -> Result<SocketAddr> {
        // SAFETY: `filled` gives a pointer that can be written during the
        // call, and the shim does not keep it.
        filled(|address| unsafe { thimble_platform_socket_local_address(socket.raw(), address) })
    }

    fn peer_address(&self, socket: SocketHandle) -> Result<SocketAddr> {
        // SAFETY: as for `local_address`.
        filled(|address| unsafe { thimble_platform_socket_peer_address(socket.raw(), address) })
    }

    fn is_listener(&self, socket: SocketHandle) -> Result<bool> {
        flag(thimble_platform_socket_is_listener(socket.raw()))
    }

    fn close(&self, socket: SocketHandle) -> Result<()> {
        done(thimble_platform_socket_close(socket.raw()))
    }
}
