//! Names for the objects of the system below.

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Copying the handle does not copy the object. The number means
        /// something to the back end that issued it and to nobody else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name(usize);

        impl $name {
            /// The handle with this number; for back ends. A number that the
            /// back end has not issued gives a handle that it refuses.
            pub const fn from_raw(raw: usize) -> Self {
                Self(raw)
            }

            /// The number; for back ends.
            pub const fn raw(self) -> usize {
                self.0
            }
        }
    )*};
}

handles! {
    /// A thread, from [`Threads::spawn`](crate::Threads::spawn) until `join`.
    ThreadHandle;
    /// A mutex, from [`Mutexes::create`](crate::Mutexes::create) until `destroy`.
    MutexHandle;
    /// A condition, from [`Conditions::create`](crate::Conditions::create) until `destroy`.
    ConditionHandle;
    /// A wake object, from [`Wakes::create`](crate::Wakes::create) until `destroy`.
    WakeHandle;
    /// An open file or directory, until [`Files::close`](crate::Files::close).
    FileHandle;
    /// A socket, until [`Sockets::close`](crate::Sockets::close).
    SocketHandle;
}
