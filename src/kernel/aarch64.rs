//! The integer tile for NEON with the dot product of bytes.

use std::arch::aarch64::*;
use std::arch::{asm, is_aarch64_feature_detected};
use std::hint::black_box;

use super::Kind;
use super::int8::{self, COLUMNS, Group, PackedDense, ROWS, RowsView, Steps};

/// `sdot` takes signed bytes on both sides, so 128 is taken off those of a row.
const LOWERED: i32 = 128;

/// The sets of this machine beyond what every one has.
pub(super) fn detect() -> impl Iterator<Item = Kind> {
    is_aarch64_feature_detected!("dotprod")
        .then_some(Kind::NeonDot)
        .into_iter()
}

#[target_feature(enable = "neon,dotprod")]
pub(super) fn apply_dot(rows: RowsView<'_>, dense: &PackedDense, out: &mut [f32]) {
    int8::apply(rows, dense, out, |rows, panel, _, finish| {
        let mut sums = [[0; COLUMNS]; ROWS];
        // Six rows times 16 outputs are 24 of the 32 registers.
        for register in 0..4 {
            match rows.len() {
                6 => columns::<6>(rows, panel, register, &mut sums),
                5 => columns::<5>(rows, panel, register, &mut sums),
                4 => columns::<4>(rows, panel, register, &mut sums),
                3 => columns::<3>(rows, panel, register, &mut sums),
                2 => columns::<2>(rows, panel, register, &mut sums),
                _ => columns::<1>(rows, panel, register, &mut sums),
            }
        }
        for (row, sums) in sums[..rows.len()].iter().enumerate() {
            finish.put(row, sums, LOWERED);
        }
    });
}

/// 16 of the 64 outputs of a panel.
#[target_feature(enable = "neon,dotprod")]
fn columns<const COUNT: usize>(
    rows: &[Steps<'_>],
    panel: &[Group],
    register: usize,
    out: &mut [[i32; COLUMNS]; ROWS],
) {
    let mut sums = [[vdupq_n_s32(0); 4]; COUNT];
    for (step, group) in panel.iter().enumerate() {
        let [a, b, c, d] = group.0[register].as_chunks().0 else {
            unreachable!("four times 16 bytes");
        };
        let weights = [load(a), load(b), load(c), load(d)];
        for (row, sums) in rows.iter().zip(&mut sums) {
            let bytes = vdupq_n_u32(u32::from_le_bytes(row[step]) ^ 0x8080_8080);
            let bytes = vreinterpretq_s8_u32(bytes);
            for (sum, weights) in sums.iter_mut().zip(weights) {
                *sum = dot(*sum, weights, bytes);
            }
        }
    }
    for (sums, out) in sums.iter().zip(out) {
        let out = out[register * 16..][..16].as_chunks_mut().0;
        for (&sum, out) in sums.iter().zip(out) {
            store(sum, out);
        }
    }
}

/// Adds four products of bytes to each of four sums.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn dot(mut sums: int32x4_t, a: int8x16_t, b: int8x16_t) -> int32x4_t {
    // The intrinsic, `vdotq_s32`, is not stable.
    // SAFETY: one instruction on registers, and the function asks for its feature.
    unsafe {
        asm!(
            "sdot {sums:v}.4s, {a:v}.16b, {b:v}.16b",
            sums = inout(vreg) sums,
            a = in(vreg) a,
            b = in(vreg) b,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}

/// See [`super::InstructionSet::peak`].
#[target_feature(enable = "neon,dotprod")]
pub(super) fn peak_dot(rounds: u64) -> u64 {
    let mut sums = [vdupq_n_s32(0); 24];
    let bytes = vdupq_n_s8(black_box(3));
    let weights = vdupq_n_s8(black_box(-5));
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = dot(*sum, weights, bytes);
        }
    }
    black_box(sums);
    rounds * sums.len() as u64 * 16 * 2
}

#[inline]
#[target_feature(enable = "neon")]
fn load(from: &[i8; 16]) -> int8x16_t {
    // SAFETY: 16 bytes are read, and there are 16; no alignment is asked for.
    unsafe { vld1q_s8(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn store(value: int32x4_t, to: &mut [i32; 4]) {
    // SAFETY: 16 bytes are written, and there are 16; no alignment is asked for.
    unsafe { vst1q_s32(to.as_mut_ptr(), value) }
}
