//! The integer tile for AVX-512 VNNI and for AVX2.

use std::arch::x86_64::*;
use std::hint::black_box;

use super::Kind;
use super::int8::{self, Activation, Group, PackedDense, ROWS, RowsView, Steps, Tile};

/// The sets of this machine beyond what every one has, the fastest last.
pub(super) fn detect() -> impl Iterator<Item = Kind> {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let avx512 = avx2
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vnni");
    [(avx2, Kind::Avx2), (avx512, Kind::Avx512Vnni)]
        .into_iter()
        .filter_map(|(found, kind)| found.then_some(kind))
}

#[target_feature(enable = "avx2,fma")]
pub(super) fn apply_avx2(
    rows: RowsView<'_>,
    dense: &PackedDense,
    activation: Activation,
    out: &mut [f32],
) {
    int8::apply(rows, dense, activation, out, 0, |rows, panel, out| {
        tile_avx2(rows, panel, out)
    });
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
pub(super) fn apply_avx512(
    rows: RowsView<'_>,
    dense: &PackedDense,
    activation: Activation,
    out: &mut [f32],
) {
    int8::apply(
        rows,
        dense,
        activation,
        out,
        0,
        |rows, panel, out| match rows.len() {
            6 => tile_avx512::<6>(rows, panel, out),
            5 => tile_avx512::<5>(rows, panel, out),
            4 => tile_avx512::<4>(rows, panel, out),
            3 => tile_avx512::<3>(rows, panel, out),
            2 => tile_avx512::<2>(rows, panel, out),
            _ => tile_avx512::<1>(rows, panel, out),
        },
    );
}

/// `vpdpbusd` adds four products of unsigned with signed bytes to each of 16
/// sums, without saturation.
#[target_feature(enable = "avx512f,avx512vnni")]
fn tile_avx512<const COUNT: usize>(rows: &[Steps<'_>], panel: &[Group], out: &mut Tile) {
    let rows = equally_long::<COUNT>(rows, panel.len());
    let mut sums = [[_mm512_setzero_si512(); 4]; COUNT];
    for (step, group) in panel.iter().enumerate() {
        let [a, b, c, d] = &group.0;
        let weights = [load_512(a), load_512(b), load_512(c), load_512(d)];
        for (row, sums) in rows.iter().zip(&mut sums) {
            let bytes = _mm512_set1_epi32(i32::from_le_bytes(row[step]));
            for (sum, weights) in sums.iter_mut().zip(weights) {
                *sum = _mm512_dpbusd_epi32(*sum, bytes, weights);
            }
        }
    }
    for (sums, out) in sums.iter().zip(out) {
        for (&sum, out) in sums.iter().zip(out.as_chunks_mut().0) {
            store_512(sum, out);
        }
    }
}

/// Without a dot product of bytes: they are widened to 16 bits, where
/// `vpmaddwd` adds two products into 32 bits and cannot overflow. (`vpmaddubsw`
/// would be shorter, and would saturate.) Each sum is kept in two halves.
#[target_feature(enable = "avx2")]
fn tile_avx2(rows: &[Steps<'_>], panel: &[Group], out: &mut Tile) {
    debug_assert!(rows.len() <= ROWS);
    // Three rows times 16 outputs are twelve of the sixteen registers.
    for (rows, out) in rows.chunks(3).zip(out.chunks_mut(3)) {
        for register in 0..4 {
            match rows.len() {
                3 => columns_avx2::<3>(rows, panel, register, out),
                2 => columns_avx2::<2>(rows, panel, register, out),
                _ => columns_avx2::<1>(rows, panel, register, out),
            }
        }
    }
}

/// 16 of the 64 outputs of a panel.
#[target_feature(enable = "avx2")]
fn columns_avx2<const COUNT: usize>(
    rows: &[Steps<'_>],
    panel: &[Group],
    register: usize,
    out: &mut [[i32; int8::COLUMNS]],
) {
    let rows = equally_long::<COUNT>(rows, panel.len());
    let mut sums = [[_mm256_setzero_si256(); 4]; COUNT];
    for (step, group) in panel.iter().enumerate() {
        let mut bytes = [_mm256_setzero_si256(); COUNT];
        for (bytes, row) in bytes.iter_mut().zip(rows) {
            *bytes = _mm256_cvtepu8_epi16(_mm_set1_epi32(i32::from_le_bytes(row[step])));
        }
        for (column, weights) in group.0[register].as_chunks().0.iter().enumerate() {
            let weights = _mm256_cvtepi8_epi16(load_128(weights));
            for (sums, bytes) in sums.iter_mut().zip(bytes) {
                let products = _mm256_madd_epi16(bytes, weights);
                sums[column] = _mm256_add_epi32(sums[column], products);
            }
        }
    }
    for (sums, out) in sums.iter().zip(out) {
        let outs = out[register * 16..][..16].as_chunks_mut().0;
        for (&[first, second], out) in sums.as_chunks().0.iter().zip(outs) {
            // Halves are joined within each 128 bits, which leaves outputs
            // 0 1 4 5 2 3 6 7.
            let joined = _mm256_hadd_epi32(first, second);
            store_256(_mm256_permute4x64_epi64::<0b11_01_10_00>(joined), out);
        }
    }
}

/// The first `COUNT` rows, of one length, so that no loop need look. (No closure:
/// it would have the features of its function, but what calls it would not, and
/// it could not be inlined.)
#[inline(always)]
fn equally_long<'a, const COUNT: usize>(rows: &[Steps<'a>], length: usize) -> [Steps<'a>; COUNT] {
    let mut equal: [Steps<'_>; COUNT] = [&[]; COUNT];
    for (equal, row) in equal.iter_mut().zip(rows) {
        *equal = &row[..length];
    }
    equal
}

/// See [`super::InstructionSet::peak`].
#[target_feature(enable = "avx512f,avx512vnni")]
pub(super) fn peak_avx512(rounds: u64) -> u64 {
    let mut sums = [_mm512_setzero_si512(); 24];
    let bytes = _mm512_set1_epi8(black_box(3));
    let weights = _mm512_set1_epi8(black_box(-5));
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = _mm512_dpbusd_epi32(*sum, bytes, weights);
        }
    }
    black_box(sums);
    rounds * sums.len() as u64 * 64 * 2
}

/// See [`super::InstructionSet::peak`].
#[target_feature(enable = "avx2")]
pub(super) fn peak_avx2(rounds: u64) -> u64 {
    let mut sums = [_mm256_setzero_si256(); 12];
    let bytes = _mm256_set1_epi16(black_box(3));
    let mut weights = _mm256_set1_epi16(black_box(-5));
    for _ in 0..rounds {
        // As in the tile, a product is made for every addition.
        weights = black_box(weights);
        for sum in &mut sums {
            *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(bytes, weights));
        }
    }
    black_box(sums);
    rounds * sums.len() as u64 * 16 * 2
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_512(from: &[i8; 64]) -> __m512i {
    // SAFETY: 64 bytes are read, and there are 64; no alignment is asked for.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
fn load_128(from: &[i8; 16]) -> __m128i {
    // SAFETY: 16 bytes are read, and there are 16; no alignment is asked for.
    unsafe { _mm_loadu_si128(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_512(value: __m512i, to: &mut [i32; 16]) {
    // SAFETY: 64 bytes are written, and there are 64; no alignment is asked for.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), value) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store_256(value: __m256i, to: &mut [i32; 8]) {
    // SAFETY: 32 bytes are written, and there are 32; no alignment is asked for.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), value) }
}
