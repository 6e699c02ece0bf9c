//! The inner loops of the encoders and heads, on plain slices. The only module
//! that may hold `unsafe` code.
//!
//! | file | what |
//! |---|---|
//! | [`float`] | sums, softmax, GELU, layer normalisation |
//! | [`attention`] | one head after the other over one window |
//! | [`int8`] | rows and matrices in eight bits, and their product |
//! | [`scalar`], `x86_64`, `aarch64` | the innermost loop of that product, for each instruction set |
//!
//! # The same bits everywhere
//!
//! An [`InstructionSet`] is chosen at run time, once, and never changes a
//! result:
//!
//! * the product of integers is exact, in whatever order it is summed;
//! * everything in floats is written once, in portable Rust over chunks of 16
//!   lanes, and only compiled for each set. Every sum has one fixed order,
//!   every product that is added to something is a fused multiply-add
//!   ([`f32::mul_add`], rounded once by definition), and all else is the
//!   arithmetic of IEEE 754. A processor without that instruction calls a
//!   function for it, which is slow but right. Only AVX-512 has one step in
//!   intrinsics, from the sums of a tile to floats: the same operations in the
//!   same order.
//!
//! So a row's result depends on neither the machine nor the rows beside it. A
//! test holds the bits of one computation; AVX-512 was tested on such a
//! processor, NEON and x86-64 without FMA in emulation.

#[cfg(target_arch = "aarch64")]
#[allow(unsafe_code)]
mod aarch64;
mod attention;
mod float;
mod int8;
mod scalar;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86_64;

use std::sync::OnceLock;

pub(crate) use attention::{Attention, HeadShape};
pub(crate) use float::Norm;
pub(crate) use int8::{DenseParts, MAX_INPUTS, PackedDense, QuantizedRows, RowsView};

/// A set of instructions that this machine has: a value exists only where
/// detection has found them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct InstructionSet(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// What every processor of the architecture has.
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// NEON, which every processor of the architecture has, with `sdot`.
    #[cfg(target_arch = "aarch64")]
    NeonDot,
}

impl InstructionSet {
    /// Every set of this machine, the fastest last.
    pub(crate) fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<InstructionSet>> = OnceLock::new();
        ALL.get_or_init(|| {
            let mut all = vec![Self(Kind::Scalar)];
            #[cfg(target_arch = "x86_64")]
            all.extend(x86_64::detect().map(Self));
            #[cfg(target_arch = "aarch64")]
            all.extend(aarch64::detect().map(Self));
            all
        })
    }

    /// The fastest set of this machine.
    pub(crate) fn best() -> Self {
        *Self::all().last().expect("the scalar set is everywhere")
    }

    pub(crate) fn name(self) -> &'static str {
        match self.0 {
            Kind::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Vnni => "avx512_vnni",
            #[cfg(target_arch = "aarch64")]
            Kind::NeonDot => "neon_dotprod",
        }
    }
}

impl std::fmt::Debug for InstructionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Makes a method of [`InstructionSet`] from a portable function: the function
/// compiled for each set.
macro_rules! compiled_for_each_set {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? = $body:path;)*) => {
        impl InstructionSet { $(
            $(#[$doc])*
            #[allow(unsafe_code)]
            pub(crate) fn $name(self, $($argument: $type),*) $(-> $result)? {
                match self.0 {
                    Kind::Scalar => $body($($argument),*),
                    // There is nothing more for floats.
                    #[cfg(target_arch = "aarch64")]
                    Kind::NeonDot => $body($($argument),*),
                    #[cfg(target_arch = "x86_64")]
                    Kind::Avx2 => {
                        #[target_feature(enable = "avx2,fma")]
                        fn compiled($($argument: $type),*) $(-> $result)? {
                            $body($($argument),*)
                        }
                        // SAFETY: a value of this kind exists only where these features do.
                        unsafe { compiled($($argument),*) }
                    }
                    #[cfg(target_arch = "x86_64")]
                    Kind::Avx512Vnni => {
                        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
                        fn compiled($($argument: $type),*) $(-> $result)? {
                            $body($($argument),*)
                        }
                        // SAFETY: a value of this kind exists only where these features do.
                        unsafe { compiled($($argument),*) }
                    }
                }
            }
        )* }
    };
}

compiled_for_each_set! {
    /// See [`float::dot`].
    dot(a: &[f32], b: &[f32]) -> f32 = float::dot;
    /// See [`float::dots`].
    dots(rows: &[f32], x: &[f32], out: &mut [f32]) = float::dots;
    /// See [`float::weighted_sum`].
    weighted_sum(weights: &[f32], rows: &[f32], out: &mut [f32]) = float::weighted_sum;
    /// See [`float::softmax`].
    softmax(row: &mut [f32]) = float::softmax;
    /// See [`float::sigmoid`].
    sigmoid(row: &mut [f32]) = float::sigmoid;
    /// See [`float::gelu`].
    gelu(row: &mut [f32]) = float::gelu;
    /// See [`float::layer_norm`].
    layer_norm(row: &mut [f32], norm: Norm<'_>) = float::layer_norm;
    /// See [`int8::quantize`].
    quantize(rows: &[f32], out: &mut QuantizedRows) = int8::quantize;
    /// See [`int8::quantize_gelu`].
    quantize_gelu(rows: &[f32], out: &mut QuantizedRows) = int8::quantize_gelu;
    /// See [`int8::add_norm_quantize`].
    add_norm_quantize(
        states: &mut [f32],
        updates: &[f32],
        norm: Norm<'_>,
        first: usize,
        out: &mut QuantizedRows
    ) = int8::add_norm_quantize;
}

impl InstructionSet {
    /// See [`int8::apply`].
    #[allow(unsafe_code)]
    pub(crate) fn apply(self, rows: RowsView<'_>, dense: &PackedDense, out: &mut [f32]) {
        match self.0 {
            Kind::Scalar => int8::apply(rows, dense, out, scalar::tile),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a value of this kind exists only where its features do.
            Kind::Avx2 => unsafe { x86_64::apply_avx2(rows, dense, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Kind::Avx512Vnni => unsafe { x86_64::apply_avx512(rows, dense, out) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: as above.
            Kind::NeonDot => unsafe { aarch64::apply_dot(rows, dense, out) },
        }
    }

    /// See [`attention::attend`].
    #[allow(unsafe_code)]
    pub(crate) fn attend(
        self,
        projected: &[f32],
        shape: HeadShape,
        scratch: &mut Attention,
        context: &mut [f32],
    ) {
        let portable = attention::pack_queries;
        match self.0 {
            Kind::Scalar => attention::attend(projected, shape, scratch, context, portable),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a value of this kind exists only where its features do.
            Kind::Avx2 => unsafe { x86_64::attend_avx2(projected, shape, scratch, context) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Kind::Avx512Vnni => unsafe {
                x86_64::attend_avx512(projected, shape, scratch, context)
            },
            // There is nothing more for floats.
            #[cfg(target_arch = "aarch64")]
            Kind::NeonDot => attention::attend(projected, shape, scratch, context, portable),
        }
    }

    /// Runs the set's innermost integer instructions `rounds` times on
    /// registers alone, and says how many multiplications and additions that
    /// were: the most that any product can reach on this machine. `None` for
    /// the scalar set, which is left to the compiler.
    #[allow(unsafe_code)]
    pub(crate) fn peak(self, rounds: u64) -> Option<u64> {
        match self.0 {
            Kind::Scalar => None,
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a value of this kind exists only where its features do.
            Kind::Avx2 => Some(unsafe { x86_64::peak_avx2(rounds) }),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Kind::Avx512Vnni => Some(unsafe { x86_64::peak_avx512(rounds) }),
            #[cfg(target_arch = "aarch64")]
            // SAFETY: as above.
            Kind::NeonDot => Some(unsafe { aarch64::peak_dot(rounds) }),
        }
    }
}

/// [`InstructionSet::dot`] with the fastest set.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    InstructionSet::best().dot(a, b)
}

/// [`InstructionSet::dots`] with the fastest set.
pub(crate) fn dots(rows: &[f32], x: &[f32], out: &mut [f32]) {
    InstructionSet::best().dots(rows, x, out);
}

/// [`InstructionSet::weighted_sum`] with the fastest set.
pub(crate) fn weighted_sum(weights: &[f32], rows: &[f32], out: &mut [f32]) {
    InstructionSet::best().weighted_sum(weights, rows, out);
}

/// [`InstructionSet::softmax`] with the fastest set.
pub(crate) fn softmax(row: &mut [f32]) {
    InstructionSet::best().softmax(row);
}

/// [`InstructionSet::sigmoid`] with the fastest set.
pub(crate) fn sigmoid(row: &mut [f32]) {
    InstructionSet::best().sigmoid(row);
}

/// [`InstructionSet::gelu`] with the fastest set.
pub(crate) fn gelu(row: &mut [f32]) {
    InstructionSet::best().gelu(row);
}

/// [`InstructionSet::layer_norm`] with the fastest set.
pub(crate) fn layer_norm(row: &mut [f32], norm: Norm<'_>) {
    InstructionSet::best().layer_norm(row, norm);
}

#[cfg(test)]
mod tests;
