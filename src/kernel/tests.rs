//! Every kernel on every instruction set of this machine: the same bits as the
//! scalar set, at lengths from 0 to several vectors and a remainder.

use super::*;

/// The sets to compare with the scalar one.
fn others() -> &'static [InstructionSet] {
    &InstructionSet::all()[1..]
}

/// Floats in about ±4 that look random and are always the same.
fn floats(count: usize, seed: u32) -> Vec<f32> {
    integers(seed)
        .take(count)
        .map(|bits| (bits >> 8) as f32 / (1 << 21) as f32 - 4.0)
        .collect()
}

fn integers(seed: u32) -> impl Iterator<Item = u32> {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state ^ state >> 15
    })
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Runs `kernel` on every set; the results must have the bits of the scalar set's.
fn compare(what: &str, kernel: impl Fn(InstructionSet) -> Vec<f32>) {
    let expected = kernel(InstructionSet(Kind::Scalar));
    for &set in others() {
        assert_eq!(bits(&kernel(set)), bits(&expected), "{what} on {set:?}");
    }
}

fn dense(inputs: usize, outputs: usize, seed: u32) -> PackedDense {
    let bytes = integers(seed).map(|bits| (bits >> 24) as u8 as i8);
    let weights: Vec<i8> = bytes.take(inputs * outputs).collect();
    let parts = DenseParts {
        weights,
        scales: floats(outputs, seed + 1),
        biases: floats(outputs, seed + 2),
    };
    PackedDense::new(inputs, &[parts])
}

fn quantized(set: InstructionSet, rows: &[f32], count: usize, width: usize) -> QuantizedRows {
    let mut out = QuantizedRows::default();
    out.resize(count, width);
    set.quantize(rows, &mut out);
    out
}

#[test]
fn elementwise_kernels_and_sums_agree() {
    for length in 0..70 {
        let (a, b) = (floats(length, 1), floats(length, 2));
        let norm = Norm {
            weight: &b,
            bias: &a,
            epsilon: 1e-12,
        };
        compare("dot", |set| vec![set.dot(&a, &b)]);
        for count in 0..10 {
            let rows = floats(count * length, 3);
            let dots = |set: InstructionSet| {
                let mut out = vec![7.0; count];
                set.dots(&rows, &b, &mut out);
                out
            };
            compare("dots", dots);
            let row = |at: usize| float::dot(&rows[at * length..][..length], &b);
            let one_by_one: Vec<_> = (0..count).map(row).collect();
            assert_eq!(bits(&dots(InstructionSet::best())), bits(&one_by_one));
        }
        let in_place = |kernel: fn(InstructionSet, &mut [f32])| {
            let a = &a;
            move |set| {
                let mut row = a.iter().map(|x| x * 3.0).collect::<Vec<_>>();
                kernel(set, &mut row);
                row
            }
        };
        compare("softmax", in_place(InstructionSet::softmax));
        compare("sigmoid", in_place(InstructionSet::sigmoid));
        compare("gelu", in_place(InstructionSet::gelu));
        compare("layer_norm", |set| {
            let mut row = a.clone();
            set.layer_norm(&mut row, norm);
            row
        });
        let rows = floats(length * 21, 3);
        compare("weighted_sum", |set| {
            let mut out = vec![0.0; 21];
            set.weighted_sum(&a, &rows, &mut out);
            out
        });
    }
}

#[test]
fn quantized_rows_agree() {
    for width in 1..70 {
        let (rows, updates) = (floats(width * 5, 4), floats(width * 3, 5));
        let run = |set: InstructionSet| {
            let mut gelu = QuantizedRows::default();
            gelu.resize(5, width);
            set.quantize_gelu(&rows, &mut gelu);
            let mut quantized = quantized(set, &rows, 5, width);
            let mut states = rows[width..4 * width].to_vec();
            let norm = Norm {
                weight: &rows[..width],
                bias: &updates[..width],
                epsilon: 1e-12,
            };
            set.add_norm_quantize(&mut states, &updates, norm, 2, &mut quantized);
            (bits(&states), quantized, gelu)
        };
        let expected = run(InstructionSet(Kind::Scalar));
        for &set in others() {
            assert!(run(set) == expected, "width {width} on {set:?}");
        }
    }
}

#[test]
fn dense_layers_agree_at_every_number_of_rows() {
    for (inputs, outputs) in [(1, 1), (3, 63), (4, 64), (64, 65), (77, 200), (384, 128)] {
        let dense = dense(inputs, outputs, 6);
        for count in 0..=20 {
            let rows = floats(count * inputs, 7);
            compare(&format!("{count} rows, {inputs} → {outputs}"), |set| {
                let rows = quantized(set, &rows, count, inputs);
                let mut out = vec![0.0; count * outputs];
                set.apply(rows.view(0, count), &dense, &mut out);
                out
            });
        }
    }
}

#[test]
fn the_largest_products_do_not_saturate() {
    // Bytes of 255 and a zero point of 0, weights of ±128 and 127.
    let inputs = 1536;
    for weight in [-128, 127] {
        let weights = vec![weight; inputs];
        let parts = DenseParts {
            weights,
            scales: vec![1.0],
            biases: vec![0.0],
        };
        let dense = PackedDense::new(inputs, &[parts]);
        for &set in InstructionSet::all() {
            let rows = quantized(set, &vec![255.0; inputs], 1, inputs);
            let mut out = [0.0];
            set.apply(rows.view(0, 1), &dense, &mut out);
            let truth = 255.0 * f32::from(weight) * inputs as f32;
            assert_eq!(out[0], truth, "{set:?}");
        }
    }
}

#[test]
fn dense_layers_match_wide_arithmetic() {
    let (inputs, outputs, count) = (77, 70, 7);
    let weights: Vec<i8> = integers(8)
        .map(|bits| (bits >> 24) as u8 as i8)
        .take(inputs * outputs)
        .collect();
    let (scales, biases) = (vec![0.01; outputs], floats(outputs, 9));
    // As the queries, keys and values are packed.
    let cut = 30;
    let parts = [0..cut, cut..outputs].map(|range| DenseParts {
        weights: weights[range.start * inputs..range.end * inputs].to_vec(),
        scales: scales[range.clone()].to_vec(),
        biases: biases[range].to_vec(),
    });
    let dense = PackedDense::new(inputs, &parts);
    let rows = floats(count * inputs, 10);
    for &set in InstructionSet::all() {
        let quantized = quantized(set, &rows, count, inputs);
        let mut out = vec![0.0; count * outputs];
        set.apply(quantized.view(0, count), &dense, &mut out);
        for (row, out) in rows.chunks(inputs).zip(out.chunks(outputs)) {
            for (output, &out) in out.iter().enumerate() {
                let weights = &weights[output * inputs..][..inputs];
                let sum: f64 = row
                    .iter()
                    .zip(weights)
                    .map(|(&x, &w)| f64::from(x) * f64::from(w))
                    .sum();
                let truth = sum * 0.01 + f64::from(biases[output]);
                // Each of 77 bytes is off by half a step of 8/255 at most.
                assert!((f64::from(out) - truth).abs() < 4.0, "{out} for {truth}");
            }
        }
    }
}

#[test]
fn attention_agrees_and_matches_its_formula() {
    let mut scratch = Attention::default();
    for (heads, width) in [(1, 16), (3, 32), (2, 21)] {
        let shape = HeadShape { heads, width };
        let hidden = heads * width;
        // Downwards too, so that a larger window has left its traces.
        for tokens in (0..=36).rev().chain([1, 50]) {
            let projected: Vec<f32> = floats(tokens * 3 * hidden, 11)
                .iter()
                .map(|x| x * 0.3)
                .collect();
            let mut run = |set: InstructionSet| {
                let mut context = vec![0.0; tokens * hidden];
                set.attend(&projected, shape, &mut scratch, &mut context);
                context
            };
            let expected = run(InstructionSet(Kind::Scalar));
            for &set in others() {
                assert_eq!(
                    bits(&run(set)),
                    bits(&expected),
                    "{tokens} tokens, {shape:?} on {set:?}"
                );
            }
            let at = |token: usize, part: usize, head: usize| {
                &projected[token * 3 * hidden + part * hidden + head * width..][..width]
            };
            for token in 0..tokens {
                for head in 0..heads {
                    let mut weights: Vec<f32> = (0..tokens)
                        .map(|other| dot(at(token, 0, head), at(other, 1, head)))
                        .collect();
                    softmax(&mut weights);
                    for column in 0..width {
                        let truth: f32 = (0..tokens)
                            .map(|other| weights[other] * at(other, 2, head)[column])
                            .sum();
                        let ours = expected[token * hidden + head * width + column];
                        // A weight is off by 1e-4 of itself, a value is 1.2 at most.
                        assert!((ours - truth).abs() < 2e-4);
                    }
                }
            }
        }
    }
}

#[test]
fn every_machine_gives_the_bits_of_this_one() {
    // One layer in small, twice over.
    let (hidden, tokens) = (48, 21);
    let shape = HeadShape {
        heads: 3,
        width: 16,
    };
    let attention = dense(hidden, 3 * hidden, 12);
    let (inner, outer) = (dense(hidden, 100, 13), dense(100, hidden, 14));
    let (weight, bias) = (floats(hidden, 15), floats(hidden, 16));
    let norm = Norm {
        weight: &weight,
        bias: &bias,
        epsilon: 1e-12,
    };
    for &set in InstructionSet::all() {
        let mut states = floats(tokens * hidden, 17);
        let mut rows = quantized(set, &states, tokens, hidden);
        let mut wide = vec![0.0; tokens * 100];
        let mut updates = vec![0.0; tokens * hidden];
        for _ in 0..2 {
            let mut projected = vec![0.0; tokens * 3 * hidden];
            set.apply(rows.view(0, tokens), &attention, &mut projected);
            // Small enough that no token takes all the attention.
            for value in &mut projected {
                *value *= 1.0 / 4096.0;
            }
            set.attend(&projected, shape, &mut Attention::default(), &mut updates);
            set.add_norm_quantize(&mut states, &updates, norm, 0, &mut rows);
            set.apply(rows.view(0, tokens), &inner, &mut wide);
            let mut wide_rows = QuantizedRows::default();
            wide_rows.resize(tokens, 100);
            set.quantize_gelu(&wide, &mut wide_rows);
            set.apply(wide_rows.view(0, tokens), &outer, &mut updates);
            set.add_norm_quantize(&mut states, &updates, norm, 0, &mut rows);
        }
        // FNV-1a.
        let hash = states
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, state| {
                (hash ^ u64::from(state.to_bits())).wrapping_mul(0x0100_0000_01b3)
            });
        assert_eq!(hash, 0xdafc_c5e3_bc64_157b, "{set:?}");
    }
}
