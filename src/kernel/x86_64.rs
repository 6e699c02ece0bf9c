//! The integer tile for AVX-512 VNNI and for AVX2, and a transposition in AVX-512.

use std::arch::x86_64::*;
use std::hint::black_box;

use super::Kind;
use super::attention::{self, Attention, HeadShape, pack_queries};
use super::float::{LANES, copy};
use super::int8::{self, COLUMNS, Finish, Group, PackedDense, ROWS, RowsView, Steps};

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
pub(super) fn apply_avx2(rows: RowsView<'_>, dense: &PackedDense, out: &mut [f32]) {
    int8::apply(rows, dense, out, |rows, panel, _, finish| {
        tile_avx2(rows, panel, finish)
    });
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
pub(super) fn apply_avx512(rows: RowsView<'_>, dense: &PackedDense, out: &mut [f32]) {
    int8::apply(rows, dense, out, |rows, panel, next, finish| {
        match rows.len() {
            6 => tile_avx512::<6>(rows, panel, next, finish),
            5 => tile_avx512::<5>(rows, panel, next, finish),
            4 => tile_avx512::<4>(rows, panel, next, finish),
            3 => tile_avx512::<3>(rows, panel, next, finish),
            2 => tile_avx512::<2>(rows, panel, next, finish),
            _ => tile_avx512::<1>(rows, panel, next, finish),
        }
    });
}

#[target_feature(enable = "avx2,fma")]
pub(super) fn attend_avx2(
    projected: &[f32],
    shape: HeadShape,
    scratch: &mut Attention,
    context: &mut [f32],
) {
    attention::attend(projected, shape, scratch, context, pack_queries);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
pub(super) fn attend_avx512(
    projected: &[f32],
    shape: HeadShape,
    scratch: &mut Attention,
    context: &mut [f32],
) {
    attention::attend(
        projected,
        shape,
        scratch,
        context,
        |rows, first, stride, queries| pack_queries_avx512(rows, first, stride, queries),
    );
}

/// [`pack_queries`] in whole registers, where the width allows it.
#[target_feature(enable = "avx512f")]
fn pack_queries_avx512(rows: &[f32], first: usize, stride: usize, queries: &mut [[f32; LANES]]) {
    let (blocks, []) = queries.as_chunks_mut::<LANES>() else {
        return pack_queries(rows, first, stride, queries);
    };
    for (block, queries) in blocks.iter_mut().enumerate() {
        let mut lanes = [_mm512_setzero_ps(); LANES];
        for (lane, row) in lanes.iter_mut().zip(rows.chunks_exact(stride)) {
            *lane = load_ps(&row[first..].as_chunks().0[block]);
        }
        for (lane, to) in transposed(lanes).into_iter().zip(queries) {
            store_ps(lane, to);
        }
    }
}

/// Rows as columns. To lay the first half of 256 values between the second turns
/// the eight bits of their places by one; done four times, the four bits of the
/// row have changed places with those of the column.
#[inline]
#[target_feature(enable = "avx512f")]
fn transposed(mut rows: [__m512; LANES]) -> [__m512; LANES] {
    let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    let high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
    for _ in 0..4 {
        let before = rows;
        for (i, &second) in before[LANES / 2..].iter().enumerate() {
            rows[2 * i] = _mm512_permutex2var_ps(before[i], low, second);
            rows[2 * i + 1] = _mm512_permutex2var_ps(before[i], high, second);
        }
    }
    rows
}

/// `vpdpbusd` adds four products of unsigned with signed bytes to each of 16
/// sums, without saturation.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
fn tile_avx512<const COUNT: usize>(
    rows: &[Steps<'_>],
    panel: &[Group],
    next: &[Group],
    finish: &mut Finish<'_>,
) {
    let rows = equally_long::<COUNT>(rows, panel.len());
    let mut sums = [[_mm512_setzero_si512(); 4]; COUNT];
    for (step, group) in panel.iter().enumerate() {
        prefetch(next, step);
        let [a, b, c, d] = &group.0;
        let weights = [load_512(a), load_512(b), load_512(c), load_512(d)];
        for (row, sums) in rows.iter().zip(&mut sums) {
            let bytes = _mm512_set1_epi32(i32::from_le_bytes(row[step]));
            for (sum, weights) in sums.iter_mut().zip(weights) {
                *sum = _mm512_dpbusd_epi32(*sum, bytes, weights);
            }
        }
    }
    // The arithmetic of `Finish::put`, which would take the sums from memory.
    let mut values = [[_mm512_setzero_ps(); 4]; COUNT];
    for register in 0..4 {
        let scales = load_ps(&finish.scales[register]);
        let biases = load_ps(&finish.biases[register]);
        let weights = load_ps(&finish.sums[register]);
        for (row, (sums, values)) in finish.rows.iter().zip(sums.iter().zip(&mut values)) {
            let scale = _mm512_set1_ps(row.scale);
            let zero = _mm512_set1_ps(-(row.scale * row.zero_point));
            let constant = _mm512_fmadd_ps(zero, weights, biases);
            let product = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[register]), scales);
            values[register] = _mm512_fmadd_ps(product, scale, constant);
        }
    }
    for (row, values) in values.iter().enumerate() {
        let out = finish.out(row);
        if let Ok(out) = <&mut [f32; COLUMNS]>::try_from(&mut *out) {
            for (&value, out) in values.iter().zip(out.as_chunks_mut().0) {
                store_ps(value, out);
            }
        } else {
            let mut all = [0.0; COLUMNS];
            for (&value, all) in values.iter().zip(all.as_chunks_mut().0) {
                store_ps(value, all);
            }
            copy(&all, out);
        }
    }
}

/// Without a dot product of bytes: they are widened to 16 bits, where
/// `vpmaddwd` adds two products into 32 bits and cannot overflow. (`vpmaddubsw`
/// would be shorter, and would saturate.) Each sum is kept in two halves.
#[target_feature(enable = "avx2,fma")]
fn tile_avx2(rows: &[Steps<'_>], panel: &[Group], finish: &mut Finish<'_>) {
    debug_assert!(rows.len() <= ROWS);
    // Three rows times 16 outputs are twelve of the sixteen registers.
    for (part, rows) in rows.chunks(3).enumerate() {
        let mut sums = [[0; COLUMNS]; 3];
        for register in 0..4 {
            match rows.len() {
                3 => columns_avx2::<3>(rows, panel, register, &mut sums),
                2 => columns_avx2::<2>(rows, panel, register, &mut sums),
                _ => columns_avx2::<1>(rows, panel, register, &mut sums),
            }
        }
        for (row, sums) in sums[..rows.len()].iter().enumerate() {
            finish.put(3 * part + row, sums, 0);
        }
    }
}

/// 16 of the 64 outputs of a panel.
#[target_feature(enable = "avx2")]
fn columns_avx2<const COUNT: usize>(
    rows: &[Steps<'_>],
    panel: &[Group],
    register: usize,
    out: &mut [[i32; COLUMNS]],
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

/// Brings line number `line` from `groups` on to the second cache.
#[inline]
#[target_feature(enable = "sse2")]
fn prefetch(groups: &[Group], line: usize) {
    let line = groups.as_ptr().cast::<i8>().wrapping_add(64 * line);
    // The intrinsic was unsafe in older versions of Rust.
    #[allow(unused_unsafe)]
    // SAFETY: a hint, which no address makes fault.
    unsafe {
        _mm_prefetch::<_MM_HINT_T1>(line)
    }
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
fn load_ps(from: &[f32; 16]) -> __m512 {
    // SAFETY: 64 bytes are read, and there are 64; no alignment is asked for.
    unsafe { _mm512_loadu_ps(from.as_ptr()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_ps(value: __m512, to: &mut [f32; 16]) {
    // SAFETY: 64 bytes are written, and there are 64; no alignment is asked for.
    unsafe { _mm512_storeu_ps(to.as_mut_ptr(), value) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store_256(value: __m256i, to: &mut [i32; 8]) {
    // SAFETY: 32 bytes are written, and there are 32; no alignment is asked for.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), value) }
}
