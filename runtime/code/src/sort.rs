//! Sorting in little code: the core library's sort is written anew for each type
//! and order, at some kilobytes each.

use alloc::vec::Vec;
use core::cmp::Ordering;

use thimble_wasm::fallible::{OutOfMemory, TryVec};

/// Sorts numbers in place by an order of what they stand for (heapsort).
pub(crate) fn sort(numbers: &mut [u32], order: &dyn Fn(u32, u32) -> Ordering) {
    let count = numbers.len();
    // First a heap is built, from its lowest inner node up; then its largest
    // number is taken out, again and again.
    for step in (0..count + count / 2).rev() {
        let (mut node, end) = match step.checked_sub(count) {
            Some(node) => (node, count),
            None => {
                numbers.swap(0, step);
                (0, step)
            }
        };
        let less = |numbers: &[u32], a: usize, b: usize| match (numbers.get(a), numbers.get(b)) {
            (Some(&a), Some(&b)) => order(a, b).is_lt(),
            _ => false,
        };
        loop {
            let mut child = 2 * node + 1;
            if child + 1 < end && less(numbers, child, child + 1) {
                child += 1;
            }
            if child >= end || !less(numbers, node, child) {
                break;
            }
            numbers.swap(node, child);
            node = child;
        }
    }
}

/// Of each number below `count`, the first that is equal to it in an order.
///
/// # Errors
/// [`OutOfMemory`] when there is no room for 6 bytes a number.
pub(crate) fn first_of_equals(
    count: u16,
    first_of: &mut Vec<u16>,
    order: &dyn Fn(u16, u16) -> Ordering,
) -> Result<(), OutOfMemory> {
    let mut sorted = Vec::new();
    for number in 0..u32::from(count) {
        sorted.try_push(number)?;
    }
    sort(&mut sorted, &|a, b| {
        order(a as u16, b as u16).then(a.cmp(&b))
    });
    first_of.try_resize(count.into(), 0)?;
    let mut first: Option<u16> = None;
    for &number in &sorted {
        let number = number as u16;
        let equal = first
            .filter(|&first| order(first, number).is_eq())
            .unwrap_or(number);
        first = Some(equal);
        if let Some(place) = first_of.get_mut(usize::from(number)) {
            *place = equal;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_order() {
        for count in 0..50u32 {
            let mut numbers = Vec::new();
            for number in 0..count {
                numbers.try_push(number * 7 % 31).unwrap();
            }
            sort(&mut numbers, &|a, b| a.cmp(&b));
            assert!(numbers.is_sorted(), "{numbers:?}");
            sort(&mut numbers, &|a, b| b.cmp(&a));
            assert!(numbers.is_sorted_by(|a, b| a >= b), "{numbers:?}");
        }
    }

    #[test]
    fn the_first_of_equals_stands_for_all() {
        let mut first = Vec::new();
        first_of_equals(10, &mut first, &|a, b| (a % 3).cmp(&(b % 3))).unwrap();
        assert_eq!(first, [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    }
}
