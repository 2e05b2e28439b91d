//! Messages for the log of the system. Without the feature `log` firmware has neither
//! them nor their text, and likewise those of the levels that the crate `log` leaves out.

/// Writes a message: a level of the crate `log`, then what `format_args!` takes.
macro_rules! message {
    ($level:ident, $($text:tt)+) => {{
        #[cfg(feature = "log")]
        if ::log::Level::$level <= ::log::STATIC_MAX_LEVEL
            && ::log::Level::$level <= ::log::max_level()
        {
            $crate::message::write(::log::Level::$level, ::core::format_args!($($text)+));
        }
        #[cfg(not(feature = "log"))]
        if false {
            let _ = ::core::format_args!($($text)+);
        }
    }};
}
pub(crate) use message;

/// Not inlined, so that a message takes little flash where it is written.
#[cfg(feature = "log")]
#[inline(never)]
pub(crate) fn write(level: log::Level, text: core::fmt::Arguments<'_>) {
    let mut record = log::Record::builder();
    let record = record.level(level).target("thimble").args(text).build();
    log::logger().log(&record);
}
