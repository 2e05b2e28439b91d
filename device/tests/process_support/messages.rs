//! The log of the system, kept.

use std::sync::{Mutex, MutexGuard, Once};

use log::{Level, LevelFilter, Log, Metadata, Record};
use thimble_tests_memory::allocator::undisturbed;

static KEPT: Mutex<Vec<(Level, String)>> = Mutex::new(Vec::new());

struct Keeper;

impl Log for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        assert_eq!(record.target(), "thimble");
        undisturbed(|| {
            let mut kept = KEPT.lock().expect("not poisoned");
            kept.push((record.level(), record.args().to_string()));
        });
    }

    fn flush(&self) {}
}

/// The messages since this was made. One test at a time has them.
pub struct Messages {
    _alone: MutexGuard<'static, ()>,
}

impl Messages {
    /// Keeps those up to a level.
    pub fn keep(level: LevelFilter) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        static BEGUN: Once = Once::new();
        let alone = ALONE.lock().unwrap_or_else(|poisoned| {
            // A test that failed leaves nothing that matters to others.
            poisoned.into_inner()
        });
        BEGUN.call_once(|| log::set_logger(&Keeper).expect("the only logger"));
        log::set_max_level(level);
        KEPT.lock().expect("not poisoned").clear();
        Self { _alone: alone }
    }

    /// Takes what was written since, as `level: text`.
    pub fn take(&self) -> Vec<String> {
        let kept = std::mem::take(&mut *KEPT.lock().expect("not poisoned"));
        let line = |(level, text)| format!("{level}: {text}");
        kept.into_iter().map(line).collect()
    }
}
