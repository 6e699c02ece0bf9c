//! The stages, joined in order: prepare → tokenize → encode → classify → interpret.

use std::borrow::Borrow;
use std::ops::RangeInclusive;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::analysis::Analysis;
use crate::classify::{Classifier, WindowScores};
use crate::encode::{Encoder, Engine};
use crate::error::{Error, ErrorKind, Result};
use crate::feedback::Feedback;
use crate::interpret::Interpreter;
use crate::model::Model;
use crate::prepare::{Document, prepare};
use crate::taxonomy::Taxonomy;
use crate::tokenize::{Subwords, Window};

/// Windows are encoded together up to so many tokens: enough rows to keep the
/// dense layers busy, few enough for their results to stay in the cache; and in
/// a small batch few enough for every thread to have a share.
const GROUP_TOKENS: RangeInclusive<usize> = 96..=512;

/// Reads feedback: what hurts, where, how badly and in what tone.
///
/// It owns its threads and is `Send` and `Sync`; one for a whole program is
/// enough. The same feedback gives the same analysis, whatever the batch it
/// is in and the number of threads.
///
/// ```
/// # #[cfg(feature = "bundled-model")] {
/// use painpoint::{Analyzer, Feedback};
///
/// let analyzer = Analyzer::new()?;
/// let analysis = analyzer.analyze(&Feedback::new("r-1", "Toujours pas de remboursement !"))?;
/// for pain in &analysis.pain_points {
///     println!("{} {:.2}", pain.topic.id(), pain.severity);
/// }
/// # }
/// # Ok::<(), painpoint::Error>(())
/// ```
pub struct Analyzer {
    pool: ThreadPool,
    subwords: Subwords,
    encoder: Box<dyn Encoder>,
    classifier: Classifier,
    interpreter: Interpreter,
    model_id: String,
}

impl Analyzer {
    /// An analyzer with the bundled model and a thread for every core.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if no model is bundled.
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// An analyzer that is set up step by step.
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    /// The model as records name it, `painpoint-base-1`.
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// Reads one piece of feedback.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoder`] if the encoder fails on this text.
    pub fn analyze(&self, feedback: &Feedback) -> Result<Analysis> {
        let mut results = self.analyze_batch(std::slice::from_ref(feedback));
        results
            .pop()
            .expect("a result for the one piece of feedback")
    }

    /// Reads many pieces of feedback at once.
    ///
    /// The results have the length and order of `batch`; a failure of one
    /// leaves the others intact.
    pub fn analyze_batch<F>(&self, batch: &[F]) -> Vec<Result<Analysis>>
    where
        F: Borrow<Feedback> + Sync,
    {
        self.pool.install(|| {
            let cut: Vec<_> = batch
                .par_iter()
                .map(|feedback| self.cut(feedback.borrow()))
                .collect();
            let mut scores = self.score(&cut).into_iter();
            let scores: Vec<Vec<_>> = cut
                .iter()
                .map(|(_, windows)| scores.by_ref().take(windows.len()).collect())
                .collect();
            cut.into_par_iter()
                .zip(scores)
                .map(|(cut, scores)| self.read(cut, scores))
                .collect()
        })
    }

    fn cut(&self, feedback: &Feedback) -> (Document, Vec<Window>) {
        let document = prepare(feedback);
        let windows = self.subwords.windows(&document, self.encoder.max_tokens());
        (document, windows)
    }

    /// Scores all windows in order, encoding neighbours together.
    fn score(&self, cut: &[(Document, Vec<Window>)]) -> Vec<Result<WindowScores>> {
        let windows: Vec<&Window> = cut.iter().flat_map(|(_, windows)| windows).collect();
        let tokens: usize = windows.iter().map(|window| window.ids.len()).sum();
        let share = tokens.div_ceil(self.pool.current_num_threads());
        let share = share.clamp(*GROUP_TOKENS.start(), *GROUP_TOKENS.end());
        let groups: Vec<&[&Window]> = groups(&windows, share).collect();
        groups
            .par_iter()
            .flat_map_iter(|group| self.score_group(group))
            .collect()
    }

    fn score_group(&self, windows: &[&Window]) -> Vec<Result<WindowScores>> {
        let ids: Vec<&[u32]> = windows.iter().map(|window| window.ids.as_slice()).collect();
        let embeddings = match self.encoder.encode(&ids) {
            Ok(embeddings) => embeddings,
            // One window at a time, so that only the faulty one fails.
            Err(_) if windows.len() > 1 => {
                return windows
                    .iter()
                    .flat_map(|window| self.score_group(&[window]))
                    .collect();
            }
            Err(error) => return vec![Err(error)],
        };
        let mut first = 0;
        windows
            .iter()
            .map(|window| {
                let rows = embeddings.rows(first, window.ids.len());
                first += window.ids.len();
                Ok(self.classifier.window(window, rows))
            })
            .collect()
    }

    fn read(
        &self,
        (document, windows): (Document, Vec<Window>),
        scores: Vec<Result<WindowScores>>,
    ) -> Result<Analysis> {
        if windows.is_empty() {
            return Ok(self.interpreter.nothing(&document));
        }
        let scores = scores.into_iter().collect::<Result<_>>()?;
        let scores = self.classifier.document(document.segments.len(), scores);
        Ok(self.interpreter.interpret(&document, &windows, scores))
    }
}

/// Cuts `windows` into runs of at most so many tokens; a longer window is a run
/// of its own.
fn groups<'a, 'b>(
    windows: &'a [&'b Window],
    most_tokens: usize,
) -> impl Iterator<Item = &'a [&'b Window]> {
    let mut rest = windows;
    std::iter::from_fn(move || {
        let mut tokens = 0;
        let fitting = rest.iter().take_while(|window| {
            tokens += window.ids.len();
            tokens <= most_tokens
        });
        let count = fitting.count().max(1);
        let (group, later) = rest.split_at_checked(count)?;
        rest = later;
        Some(group)
    })
}

/// Sets up an [`Analyzer`].
#[derive(Default)]
pub struct AnalyzerBuilder {
    model: Option<Model>,
    engine: Engine,
    encoder: Option<Box<dyn Encoder>>,
    threads: usize,
}

impl AnalyzerBuilder {
    /// Uses `model` instead of the bundled one.
    pub fn model(mut self, model: Model) -> Self {
        self.model = Some(model);
        self
    }

    /// Computes the model's encoder by `engine`; [`Engine::Int8`] if left out.
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Uses `encoder` instead of one of our engines. Its vectors must be those
    /// that the model's heads were trained on.
    pub fn encoder(mut self, encoder: Box<dyn Encoder>) -> Self {
        self.encoder = Some(encoder);
        self
    }

    /// Uses `count` threads; 0, the default, means one for every core.
    pub fn threads(mut self, count: usize) -> Self {
        self.threads = count;
        self
    }

    /// Loads everything.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Model`] if the model does not hold what it should;
    /// [`ErrorKind::Config`] if no model is given and none is bundled, or the
    /// threads cannot be started.
    pub fn build(self) -> Result<Analyzer> {
        let (model, verified) = match self.model {
            Some(model) => (model, true),
            None => (Model::bundled_unverified()?, false),
        };
        let pool = ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .thread_name(|index| format!("painpoint-{index}"))
            .build()
            .map_err(|source| {
                Error::new(ErrorKind::Config, "cannot start the threads").with_source(source)
            })?;
        // What takes time: to verify the files, and to load the two large parts.
        let verify = || if verified { Ok(()) } else { model.verify() };
        let load_encoder = || match self.encoder {
            Some(encoder) => Ok(encoder),
            None => self.engine.load(&model),
        };
        let load = || rayon::join(|| Subwords::new(&model), load_encoder);
        let (verified, (subwords, encoder)) = pool.join(verify, load);
        verified?;
        let encoder = encoder?;
        Ok(Analyzer {
            pool,
            subwords: subwords?,
            classifier: Classifier::new(&model, &*encoder, Taxonomy::built_in())?,
            encoder,
            interpreter: Interpreter::new()?,
            model_id: model.id(),
        })
    }
}
