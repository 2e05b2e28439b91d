//! Cortex-M, on the boards MPS2.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::interrupt::free;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{Peripherals, SCB, SYST};
pub use cortex_m_rt::entry;

/// Instructions in a tick of the counter: the emulator takes a nanosecond of the board's time for
/// each (`-icount shift=0`), and the processor's clock has 25 MHz.
pub const RESOLUTION: u64 = 40;

const RELOAD: u32 = 0x00ff_ffff;

/// How often the timer came round.
static ROUNDS: AtomicU32 = AtomicU32::new(0);

/// Starts the counter.
pub fn start_counting() {
    let Some(peripherals) = Peripherals::take() else {
        return;
    };
    let mut timer = peripherals.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(RELOAD);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

#[cortex_m_rt::exception]
fn SysTick() {
    ROUNDS.store(
        ROUNDS.load(Ordering::Relaxed).wrapping_add(1),
        Ordering::Relaxed,
    );
}

/// Instructions executed since the start, to [`RESOLUTION`].
pub fn instructions() -> u64 {
    free(|_| {
        let mut ticks = RELOAD - SYST::get_current();
        let mut rounds = ROUNDS.load(Ordering::Relaxed);
        // It came round, and the exception for it has not been taken yet: read after that.
        if SCB::is_pendst_pending() {
            ticks = RELOAD - SYST::get_current();
            rounds = rounds.wrapping_add(1);
        }
        (u64::from(rounds) * (u64::from(RELOAD) + 1) + u64::from(ticks)) * RESOLUTION
    })
}

/// The processor's stack pointer.
pub fn stack_pointer() -> usize {
    cortex_m::register::msp::read() as usize
}
