//! The heap, with an account of what is asked of it.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::RefCell;
use core::ptr::{NonNull, null_mut};

use linked_list_allocator::Heap;

unsafe extern "C" {
    /// Where the heap begins; the linker's script of the machine says so.
    static mut __heap: u8;
    /// Its address is the size of the heap in bytes.
    static __heap_size: u8;
}

/// What was asked of the heap, in bytes as they were asked for: how an allocator rounds is not
/// what is measured.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Allocated now.
    pub allocated: usize,
    /// The most that was at once since [`restart`].
    pub peak: usize,
    /// Allocations since [`restart`], those that failed among them.
    pub requests: usize,
    /// Of these, how many can succeed.
    pub limit: usize,
}

impl Account {
    /// Whether one more allocation may succeed, of which it takes notice.
    fn request(&mut self) -> bool {
        self.requests += 1;
        self.requests <= self.limit
    }

    fn add(&mut self, size: usize) {
        self.allocated += size;
        self.peak = self.peak.max(self.allocated);
    }
}

struct State {
    /// Empty until the first allocation.
    heap: Heap,
    account: Account,
}

struct Pool(RefCell<State>);

// SAFETY: the firmware has one thread, and its exception handler allocates nothing.
unsafe impl Sync for Pool {}

#[global_allocator]
static POOL: Pool = Pool(RefCell::new(State {
    heap: Heap::empty(),
    account: Account {
        allocated: 0,
        peak: 0,
        requests: 0,
        limit: usize::MAX,
    },
}));

// SAFETY: what is handed out comes from the heap of `linked_list_allocator`, which meets the
// trait's conditions, and is given back to it.
unsafe impl GlobalAlloc for Pool {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut state = self.0.borrow_mut();
        if state.heap.size() == 0 {
            let size = (&raw const __heap_size).addr();
            // SAFETY: the board has that memory, of which the linker gives nothing to others; this
            // is done once.
            unsafe { state.heap.init(&raw mut __heap, size) };
        }
        if !state.account.request() {
            return null_mut();
        }
        let Ok(block) = state.heap.allocate_first_fit(layout) else {
            return null_mut();
        };
        state.account.add(layout.size());
        block.as_ptr()
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(block) = NonNull::new(block) else {
            return;
        };
        let mut state = self.0.borrow_mut();
        // SAFETY: by this function's own condition, the block came from `alloc` with this layout.
        unsafe { state.heap.deallocate(block, layout) };
        state.account.allocated -= layout.size();
    }
}

/// What the account says now.
pub fn account() -> Account {
    POOL.0.borrow().account
}

/// Begins a new account, in which `limit` allocations can succeed.
pub fn restart(limit: usize) {
    let account = &mut POOL.0.borrow_mut().account;
    account.peak = account.allocated;
    account.requests = 0;
    account.limit = limit;
}
