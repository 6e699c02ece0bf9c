//! The integer tile in plain Rust: the reference for the other instruction
//! sets, and what runs where there is none of them.

use super::int8::{COLUMNS, Finish, Group, Steps};

/// Sums the products of up to six rows with a panel.
#[inline(always)]
pub(super) fn tile(rows: &[Steps<'_>], panel: &[Group], _: &[Group], finish: &mut Finish<'_>) {
    for (number, row) in rows.iter().enumerate() {
        let mut sums = [0; COLUMNS];
        for (bytes, group) in row.iter().zip(panel) {
            let weights = group.0.as_flattened().as_chunks().0;
            for (sum, &[a, b, c, d]) in sums.iter_mut().zip(weights) {
                *sum += i32::from(bytes[0]) * i32::from(a)
                    + i32::from(bytes[1]) * i32::from(b)
                    + i32::from(bytes[2]) * i32::from(c)
                    + i32::from(bytes[3]) * i32::from(d);
            }
        }
        finish.put(number, &sums, 0);
    }
}
