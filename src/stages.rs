//! The stages one by one, so that benches can time each and fuzz targets reach
//! each. Not part of the API: it changes whenever the stages do.

use std::borrow::Cow;

use crate::analysis::Analysis;
use crate::classify::{Classifier, Scores, Sums};
use crate::encode::{Embeddings, Encoder, Int8Encoder};
use crate::error::Result;
use crate::feedback::Feedback;
use crate::interpret::Interpreter;
use crate::kernel::{Attention, DenseParts, HeadShape, InstructionSet, PackedDense, QuantizedRows};
use crate::model::{Files, Model};
use crate::prepare;
use crate::taxonomy::Taxonomy;
use crate::tokenize::{Subwords, Window};

/// The stages behind an [`Analyzer`](crate::Analyzer).
pub struct Stages {
    subwords: Subwords,
    encoder: Int8Encoder,
    classifier: Classifier,
    interpreter: Interpreter,
}

/// What `prepare` gives.
pub struct Document(prepare::Document);

/// What `tokenize` gives.
pub struct Windows(Vec<Window>);

impl Windows {
    /// Number of tokens, marks included.
    pub fn tokens(&self) -> usize {
        self.0.iter().map(|window| window.ids.len()).sum()
    }
}

/// What `classify` gives.
pub struct Classified(Scores);

impl Stages {
    /// The stages of `model`.
    ///
    /// # Errors
    ///
    /// As [`AnalyzerBuilder::build`](crate::AnalyzerBuilder::build).
    pub fn new(model: &Model) -> Result<Self> {
        let encoder = Int8Encoder::new(model)?;
        Ok(Self {
            subwords: Subwords::new(model)?,
            classifier: Classifier::new(model, &encoder, Taxonomy::built_in())?,
            encoder,
            interpreter: Interpreter::new()?,
        })
    }

    /// The stages of a model whose files, manifest, tokenizer and weights, nobody has
    /// compared with its manifest.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn unverified(files: [Vec<u8>; 3]) -> Result<Self> {
        let [manifest, tokenizer, weights] = files.map(Cow::Owned);
        Self::new(&Model::unverified(Files {
            manifest,
            tokenizer,
            weights,
            shared: None,
        })?)
    }

    /// Cleans, detects the language, splits.
    pub fn prepare(feedback: &Feedback) -> Document {
        Document(prepare::prepare(feedback))
    }

    /// Cuts into windows of tokens.
    pub fn tokenize(&self, document: &Document) -> Windows {
        let max_tokens = self.encoder.max_tokens();
        Windows(self.subwords.windows(&document.0, max_tokens))
    }

    /// One vector a token.
    pub fn encode(&self, windows: &Windows) -> Embeddings {
        let ids: Vec<&[u32]> = windows
            .0
            .iter()
            .map(|window| window.ids.as_slice())
            .collect();
        self.encoder.encode(&ids).expect("tokens of its own model")
    }

    /// Probabilities of the labels.
    pub fn classify(
        &self,
        document: &Document,
        windows: &Windows,
        vectors: &Embeddings,
    ) -> Classified {
        let mut first = 0;
        let mut sums = Sums::default();
        for window in &windows.0 {
            let rows = vectors.rows(first, window.ids.len());
            first += window.ids.len();
            let scores = self.classifier.window(window, rows);
            self.classifier.add(&document.0, &mut sums, scores);
        }
        Classified(self.classifier.document(&document.0, sums))
    }

    /// What it all says.
    pub fn interpret(
        &self,
        document: &Document,
        windows: &Windows,
        scores: Classified,
    ) -> Analysis {
        self.interpreter
            .interpret(&document.0, &windows.0, scores.0)
    }
}

/// A dense layer in eight bits on one instruction set, with numbers of no meaning.
pub struct DenseKernel {
    set: InstructionSet,
    shape: [usize; 3],
    rows: QuantizedRows,
    dense: PackedDense,
    out: Vec<f32>,
}

impl DenseKernel {
    /// `[rows, inputs]` to `[rows, outputs]`, on each set of this machine.
    pub fn all(shape: [usize; 3]) -> Vec<Self> {
        let [rows, inputs, outputs] = shape;
        let values: Vec<f32> = (0..rows * inputs).map(|i| (i as f32).sin()).collect();
        let kernels = InstructionSet::all().iter().map(|&set| {
            let parts = DenseParts {
                weights: (0..inputs * outputs).map(|i| (i * 31) as i8).collect(),
                scales: vec![0.01; outputs],
                biases: vec![0.1; outputs],
            };
            let mut quantized = QuantizedRows::default();
            quantized.resize(rows, inputs);
            set.quantize(&values, &mut quantized);
            Self {
                set,
                shape,
                rows: quantized,
                dense: PackedDense::new(inputs, &[parts]),
                out: vec![0.0; rows * outputs],
            }
        });
        kernels.collect()
    }

    /// The name of the instruction set.
    pub fn set(&self) -> String {
        format!("{:?}", self.set)
    }

    /// Computes the layer and says how many operations that took.
    pub fn run(&mut self) -> u64 {
        let [rows, inputs, outputs] = self.shape;
        let view = self.rows.view(0, rows);
        self.set.apply(view, &self.dense, &mut self.out);
        2 * (rows * inputs * outputs) as u64
    }

    /// Runs the set's instruction on registers alone and says how many
    /// operations that were; `None` for the scalar set.
    pub fn peak(&self, rounds: u64) -> Option<u64> {
        self.set.peak(rounds)
    }
}

/// Self-attention over one window on one instruction set, with numbers of no meaning.
pub struct AttentionKernel {
    set: InstructionSet,
    shape: HeadShape,
    projected: Vec<f32>,
    scratch: Attention,
    context: Vec<f32>,
}

impl AttentionKernel {
    /// A window of `tokens`, on each set of this machine.
    pub fn all(tokens: usize, heads: usize, width: usize) -> Vec<Self> {
        let hidden = heads * width;
        let sets = InstructionSet::all().iter();
        sets.map(|&set| Self {
            set,
            shape: HeadShape { heads, width },
            projected: (0..tokens * 3 * hidden).map(|i| (i as f32).sin()).collect(),
            scratch: Attention::default(),
            context: vec![0.0; tokens * hidden],
        })
        .collect()
    }

    /// The name of the instruction set.
    pub fn set(&self) -> String {
        format!("{:?}", self.set)
    }

    /// Attends to every token and says how many multiplications and additions
    /// that took.
    pub fn run(&mut self) -> u64 {
        self.set.attend(
            &self.projected,
            self.shape,
            &mut self.scratch,
            &mut self.context,
        );
        let hidden = self.shape.heads * self.shape.width;
        let tokens = self.context.len() / hidden;
        4 * (tokens * tokens * hidden) as u64
    }
}
