//! Stream sockets.

use std::ffi::c_void;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

use thimble_platform::{Platform, Result, Shutdown, SocketHandle, Sockets};
use thimble_platform_ffi::abi;

use super::{HOST, count, done, filled, flag};

fn sockets() -> &'static dyn Sockets {
    HOST.sockets().unwrap()
}

fn socket(raw: usize) -> SocketHandle {
    SocketHandle::from_raw(raw)
}

fn from_c(address: &abi::Address) -> SocketAddr {
    let [a, b, c, d, ..] = address.bytes;
    match address.family {
        4 => SocketAddr::from((Ipv4Addr::new(a, b, c, d), address.port)),
        _ => SocketAddrV6::new(
            Ipv6Addr::from(address.bytes),
            address.port,
            address.flow,
            address.scope,
        )
        .into(),
    }
}

fn to_c(address: SocketAddr) -> abi::Address {
    let mut result = abi::Address {
        port: address.port(),
        ..abi::Address::default()
    };
    match address {
        SocketAddr::V4(address) => {
            result.family = 4;
            for (to, from) in result.bytes.iter_mut().zip(address.ip().octets()) {
                *to = from;
            }
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

/// # Safety
///
/// `to` can be written.
unsafe fn filled_socket(result: Result<SocketHandle>, to: *mut usize) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe { filled(result.map(SocketHandle::raw), to) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_socket_listen(
    address: *const abi::Address,
    backlog: u32,
    socket: *mut usize,
) -> i32 {
    // SAFETY: the header promises an address to read and a handle to write.
    unsafe { filled_socket(sockets().listen(from_c(&*address), backlog), socket) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_socket_connect(
    address: *const abi::Address,
    socket: *mut usize,
) -> i32 {
    // SAFETY: the header promises an address to read and a handle to write.
    unsafe { filled_socket(sockets().connect(from_c(&*address)), socket) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_socket_accept(
    listener: usize,
    accepted: *mut usize,
    address: *mut abi::Address,
) -> i32 {
    let result = sockets().accept(socket(listener)).map(|(new, peer)| {
        // SAFETY: the header promises an address that can be written.
        unsafe { address.write(to_c(peer)) };
        new
    });
    // SAFETY: the header promises a handle that can be written.
    unsafe { filled_socket(result, accepted) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_socket_receive(
    raw: usize,
    buffer: *mut c_void,
    length: usize,
    peek: u8,
) -> i32 {
    // SAFETY: the header promises that many bytes that can be written.
    let buffer = unsafe { std::slice::from_raw_parts_mut(buffer.cast(), length) };
    count(sockets().receive(socket(raw), buffer, peek != 0))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_socket_send(
    raw: usize,
    data: *const c_void,
    length: usize,
) -> i32 {
    // SAFETY: the header promises that many bytes that can be read.
    let data = unsafe { std::slice::from_raw_parts(data.cast(), length) };
    count(sockets().send(socket(raw), data))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_socket_shutdown(raw: usize, how: u8) -> i32 {
    let how = match how {
        abi::SHUTDOWN_READ => Shutdown::Read,
        abi::SHUTDOWN_WRITE => Shutdown::Write,
        _ => Shutdown::Both,
    };
    done(sockets().shutdown(socket(raw), how))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_socket_local_address(
    raw: usize,
    address: *mut abi::Address,
) -> i32 {
    // SAFETY: the header promises an address that can be written.
    unsafe { filled(sockets().local_address(socket(raw)).map(to_c), address) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_socket_peer_address(
    raw: usize,
    address: *mut abi::Address,
) -> i32 {
    // SAFETY: the header promises an address that can be written.
    unsafe { filled(sockets().peer_address(socket(raw)).map(to_c), address) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_socket_is_listener(raw: usize) -> i32 {
    flag(sockets().is_listener(socket(raw)))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_socket_close(raw: usize) -> i32 {
    done(sockets().close(socket(raw)))
}
