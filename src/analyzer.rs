//! The stages, joined in order: prepare → tokenize → encode → classify → interpret.

use std::borrow::Borrow;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::analysis::Analysis;
use crate::checkpoint::{Checkpoint, Judge};
use crate::classify::{Classifier, Scores, Sums, WindowScores};
use crate::encode::{Device, Embeddings, Encoder, Engine};
use crate::error::{Error, ErrorKind, Result};
use crate::feedback::Feedback;
use crate::interpret::Interpreter;
use crate::model::Model;
use crate::prepare::{Document, prepare};
use crate::taxonomy::Taxonomy;
use crate::tokenize::{MARKS, Subwords, Window};

/// Windows are encoded together up to so many tokens: enough rows to keep the
/// dense layers busy, few enough for their results to stay in the cache; and in
/// a small batch few enough for every thread to have a share.
const GROUP_TOKENS: RangeInclusive<usize> = 96..=512;

/// Windows of so many tokens are encoded and added up before the next ones are:
/// a second or so of work, and some megabytes of sums, however long a document is.
const STRETCH_TOKENS: usize = 1 << 15;

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
    /// The longest window that every tier takes.
    max_tokens: usize,
    /// Each is asked about what the ones before it were unsure of.
    tiers: Vec<Tier>,
    /// Has the last word on the sentiment or the topics.
    judge: Option<Judge>,
    model_id: Arc<str>,
    interpreter: Interpreter,
    /// Of the models of all tiers.
    fingerprint: String,
}

/// A model at work.
struct Tier {
    encoder: Box<dyn Encoder>,
    classifier: Classifier,
    /// The least confidence in a sentiment with which its word is taken.
    sure: f32,
}

/// A document and its windows, in order.
type Cut = (Document, Vec<Window>);

impl Analyzer {
    /// An analyzer with the bundled model and a thread for every core.
    ///
    /// # Errors
    ///
    /// As [`AnalyzerBuilder::build`]: [`ErrorKind::Config`] if no model is bundled.
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// An analyzer that is set up step by step.
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    /// The model, `painpoint-base-1`; of a cascade all in the order in which they are
    /// asked, `painpoint-fast-1+painpoint-base-1`, of which a record names the one
    /// that answered; with a checkpoint beside it
    /// `painpoint-base-1, sentiment by NAME`.
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// What tells that model from any other: its [`Model::fingerprint`]; of a cascade
    /// those of all, joined in the same way.
    pub fn model_fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Reads one piece of feedback.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoder`] if the encoder fails on this text, or gives back
    /// other vectors than one for every token.
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
        self.analyze_batch_until(batch, || false)
            .expect("nothing stops it")
    }

    /// As [`analyze_batch`](Self::analyze_batch), and `None` if `stop` says so
    /// meanwhile. It is asked before every 32,768 tokens, which with the bundled
    /// model is about once a second: what it is for are batches with books among
    /// them.
    pub fn analyze_batch_until<F>(
        &self,
        batch: &[F],
        stop: impl Fn() -> bool + Sync,
    ) -> Option<Vec<Result<Analysis>>>
    where
        F: Borrow<Feedback> + Sync,
    {
        self.pool.install(|| {
            let cut: Vec<_> = batch
                .par_iter()
                .map(|feedback| self.cut(feedback.borrow()))
                .collect();
            let mut scores = self.scores(&cut, &stop)?;
            if let Some(judge) = &self.judge {
                judge.answer(&cut, &mut scores);
            }
            let analyses = cut.into_par_iter().zip(scores);
            Some(
                analyses
                    .map(|(cut, scores)| self.read(cut, scores))
                    .collect(),
            )
        })
    }

    fn cut(&self, feedback: &Feedback) -> Cut {
        let document = prepare(feedback);
        let windows = self.subwords.windows(&document, self.max_tokens);
        (document, windows)
    }

    /// Asks one tier after the other; `None` for documents without windows, and
    /// for all of them once `stop` says so.
    fn scores(&self, cut: &[Cut], stop: &impl Fn() -> bool) -> Option<Vec<Option<Result<Scores>>>> {
        let mut scores: Vec<_> = cut.iter().map(|_| None).collect();
        let mut asked: Vec<_> = (0..cut.len())
            .filter(|&document| !cut[document].1.is_empty())
            .collect();
        for tier in &self.tiers {
            let documents: Vec<_> = asked.iter().map(|&document| &cut[document]).collect();
            for (&document, said) in asked.iter().zip(tier.scores(&documents, stop)?) {
                scores[document] = Some(said);
            }
            asked.retain(|&document| !tier.is_sure(&scores[document]));
        }
        Some(scores)
    }

    /// What records call the last tier, which a document without words would come to.
    fn last_model(&self) -> Arc<str> {
        let last = self.tiers.last().expect("there is a model");
        let id = last.classifier.model_id();
        match &self.judge {
            Some(judge) => judge.model_id(id),
            None => Arc::clone(id),
        }
    }

    fn read(&self, (document, windows): Cut, scores: Option<Result<Scores>>) -> Result<Analysis> {
        Ok(match scores {
            Some(scores) => self.interpreter.interpret(&document, &windows, scores?),
            None => self.interpreter.nothing(&document, &self.last_model()),
        })
    }
}

/// The models and the number of threads.
impl fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let models = self.tiers.iter().map(|tier| tier.classifier.model_id());
        f.debug_struct("Analyzer")
            .field("models", &models.collect::<Vec<_>>())
            .field("threads", &self.pool.current_num_threads())
            .finish_non_exhaustive()
    }
}

impl Tier {
    fn new(
        model: &Model,
        encoder: Option<Box<dyn Encoder>>,
        load: impl Fn(&Model) -> Result<Box<dyn Encoder>>,
        sure: f32,
    ) -> Result<Self> {
        let encoder = match encoder {
            Some(encoder) => encoder,
            None => load(model)?,
        };
        Ok(Self {
            classifier: Classifier::new(model, &*encoder, Taxonomy::built_in())?,
            encoder,
            sure,
        })
    }

    fn is_sure(&self, scores: &Option<Result<Scores>>) -> bool {
        matches!(scores, Some(Ok(scores)) if scores.confidence() >= self.sure)
    }

    /// Scores documents, each with at least one window, encoding neighbours
    /// together; `None` once `stop` says so.
    fn scores(&self, documents: &[&Cut], stop: &impl Fn() -> bool) -> Option<Vec<Result<Scores>>> {
        let windows: Vec<(usize, &Window)> = documents
            .iter()
            .enumerate()
            .flat_map(|(document, (_, windows))| {
                windows.iter().map(move |window| (document, window))
            })
            .collect();
        let mut sums: Vec<Result<Sums>> = documents.iter().map(|_| Ok(Sums::default())).collect();
        for stretch in runs(&windows, STRETCH_TOKENS) {
            if stop() {
                return None;
            }
            self.score_stretch(documents, stretch, &mut sums);
        }
        let scores = documents.par_iter().zip(sums);
        let scores =
            scores.map(|((document, _), sums)| Ok(self.classifier.document(document, sums?)));
        Some(scores.collect())
    }

    /// Adds some windows, each with the number of its document, to the sums of the
    /// documents.
    fn score_stretch(
        &self,
        documents: &[&Cut],
        windows: &[(usize, &Window)],
        sums: &mut [Result<Sums>],
    ) {
        let tokens: usize = windows.iter().map(|(_, window)| window.ids.len()).sum();
        let share = tokens.div_ceil(rayon::current_num_threads());
        let share = share.clamp(*GROUP_TOKENS.start(), *GROUP_TOKENS.end());
        let groups: Vec<_> = runs(windows, share).collect();
        let scores: Vec<Result<WindowScores>> = groups
            .par_iter()
            .flat_map_iter(|group| self.score_group(group))
            .collect();
        let (Some((first, _)), Some((last, _))) = (windows.first(), windows.last()) else {
            return;
        };
        // Neighbours have each window, so these are the documents `first` to `last`.
        let mut scores = scores.into_iter();
        let of_each = windows.chunk_by(|(one, _), (other, _)| one == other);
        let of_each: Vec<Vec<_>> = of_each
            .map(|windows| scores.by_ref().take(windows.len()).collect())
            .collect();
        let documents = documents[*first..=*last].par_iter();
        let sums = sums[*first..=*last].par_iter_mut();
        documents
            .zip(sums)
            .zip(of_each)
            .for_each(|(((document, _), sums), scores)| {
                for scores in scores {
                    match (&mut *sums, scores) {
                        (Ok(sums), Ok(scores)) => self.classifier.add(document, sums, scores),
                        (Ok(_), Err(error)) => *sums = Err(error),
                        (Err(_), _) => {}
                    }
                }
            });
    }

    fn score_group(&self, windows: &[(usize, &Window)]) -> Vec<Result<WindowScores>> {
        let ids = windows.iter().map(|(_, window)| window.ids.as_slice());
        let ids: Vec<&[u32]> = ids.collect();
        let embeddings = match self.encode(&ids) {
            Ok(embeddings) => embeddings,
            // One window at a time, so that only the faulty one fails.
            Err(_) if windows.len() > 1 => {
                return windows
                    .iter()
                    .flat_map(|window| self.score_group(std::slice::from_ref(window)))
                    .collect();
            }
            Err(error) => return vec![Err(error)],
        };
        let mut first = 0;
        windows
            .iter()
            .map(|(_, window)| {
                let rows = embeddings.rows(first, window.ids.len());
                first += window.ids.len();
                Ok(self.classifier.window(window, rows))
            })
            .collect()
    }

    /// What the encoder makes of `windows`. It may be anybody's, so the shape of
    /// what it gives is looked at.
    fn encode(&self, windows: &[&[u32]]) -> Result<Embeddings> {
        let embeddings = self.encoder.encode(windows)?;
        let tokens: usize = windows.iter().map(|window| window.len()).sum();
        let shape = [embeddings.len(), embeddings.dimension()];
        if shape != [tokens, self.encoder.dimension()] {
            let [rows, dimension] = shape;
            let message = format!(
                "the encoder gave {rows} vectors of {dimension} for {tokens} tokens, not of {}",
                self.encoder.dimension()
            );
            return Err(Error::new(ErrorKind::Encoder, message)
                .with_hint("an encoder gives one vector of its dimension for every token"));
        }
        Ok(embeddings)
    }
}

/// Cuts `windows`, each with the number of its document, into runs of at most so
/// many tokens; a longer window is a run of its own.
fn runs<'a, 'b>(
    windows: &'a [(usize, &'b Window)],
    most_tokens: usize,
) -> impl Iterator<Item = &'a [(usize, &'b Window)]> {
    let mut rest = windows;
    std::iter::from_fn(move || {
        let mut tokens = 0;
        let fitting = rest.iter().take_while(|(_, window)| {
            tokens += window.ids.len();
            tokens <= most_tokens
        });
        let count = fitting.count().max(1);
        let (run, later) = rest.split_at_checked(count)?;
        rest = later;
        Some(run)
    })
}

/// Sets up an [`Analyzer`].
#[derive(Default)]
#[must_use]
pub struct AnalyzerBuilder {
    model: Option<Model>,
    engine: Engine,
    device: Device,
    encoder: Option<Box<dyn Encoder>>,
    first: Option<(Model, f32)>,
    checkpoint: Option<Checkpoint>,
    threads: usize,
}

impl AnalyzerBuilder {
    /// Uses `model` instead of the bundled one.
    pub fn model(mut self, model: Model) -> Self {
        self.model = Some(model);
        self
    }

    /// Asks another model first, a faster one, and [`model`](Self::model) only
    /// about feedback whose sentiment the first gives less than this
    /// probability, `0.0..=1.0`. Both must have the same tokenizer.
    pub fn first(mut self, model: Model, sure: f32) -> Self {
        self.first = Some((model, sure));
        self
    }

    /// Computes the encoders by `engine`; [`Engine::Int8`] if left out.
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Lets [`Engine::RustBert`] and the [`checkpoint`](Self::checkpoint)
    /// compute on `device`; [`Device::Cpu`] if left out.
    pub fn device(mut self, device: Device) -> Self {
        self.device = device;
        self
    }

    /// Takes the sentiment or the topics, whichever its labels are, from
    /// `checkpoint`: of the whole, of each segment and of each turn. All else is
    /// the model's.
    pub fn checkpoint(mut self, checkpoint: Checkpoint) -> Self {
        self.checkpoint = Some(checkpoint);
        self
    }

    /// Uses `encoder` for [`model`](Self::model) instead of one of our engines.
    /// Its vectors must be those that the model's heads were trained on.
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
    /// [`ErrorKind::Model`] if a model or a checkpoint does not hold what it
    /// should; [`ErrorKind::Config`] if no model is given and none is bundled, if
    /// two models do not have the same tokenizer, if the labels of a checkpoint
    /// mean nothing, if the engine, the device or libtorch is not there, or if the
    /// threads cannot be started; [`ErrorKind::Encoder`] if a given encoder takes
    /// no window with a token in it.
    pub fn build(self) -> Result<Analyzer> {
        let (model, verified) = match self.model {
            Some(model) => (model, true),
            None => (Model::bundled_unverified()?, false),
        };
        if let Some((first, _)) = &self.first
            && first.tokenizer() != model.tokenizer()
        {
            let message = format!("{} and {} cut text differently", first.id(), model.id());
            return Err(Error::new(ErrorKind::Config, message)
                .with_hint("a cascade takes models with the same tokenizer.json"));
        }
        let uses_device = self.engine == Engine::RustBert || self.checkpoint.is_some();
        if self.device != Device::Cpu && !uses_device {
            let message = format!("the engine {} computes on the processor alone", self.engine);
            return Err(Error::new(ErrorKind::Config, message)
                .with_hint("the engine rust-bert can use a GPU"));
        }
        let pool = ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .thread_name(|index| format!("painpoint-{index}"))
            .build()
            .map_err(|source| {
                Error::new(ErrorKind::Config, "cannot start the threads")
                    .with_source(source)
                    .with_hint("ask for fewer")
            })?;
        // What takes time: to verify the files, and to load the large parts.
        let verify = || if verified { Ok(()) } else { model.verify() };
        let load_encoder = |model: &_| self.engine.load_on(model, self.device, self.threads);
        let load_tiers = || {
            let first = self
                .first
                .iter()
                .map(|(model, sure)| Tier::new(model, None, load_encoder, *sure));
            let last = Tier::new(&model, self.encoder, load_encoder, 0.0);
            first.chain([last]).collect::<Result<Vec<_>>>()
        };
        let load_judge = |checkpoint| Judge::load(checkpoint, &model, self.device, self.threads);
        let load = || rayon::join(|| Subwords::new(&model), load_tiers);
        let (verified, (subwords, tiers)) = pool.join(verify, load);
        verified?;
        let tiers = tiers?;
        let longest = tiers.iter().map(|tier| tier.encoder.max_tokens());
        let max_tokens = longest.min().expect("there is a model");
        if max_tokens <= MARKS {
            let message = format!("the encoder takes windows of {max_tokens} tokens");
            return Err(Error::new(ErrorKind::Encoder, message).with_hint(
                "a window has an opening and a closing mark, and a token between them",
            ));
        }
        let judge = self.checkpoint.as_ref().map(load_judge).transpose()?;
        let models = || self.first.iter().map(|(first, _)| first).chain([&model]);
        let model_id = models().map(Model::id).collect::<Vec<_>>().join("+");
        let fingerprints: Vec<_> = models().map(Model::fingerprint).collect();
        Ok(Analyzer {
            max_tokens,
            tiers,
            model_id: match &judge {
                Some(judge) => judge.model_id(&model_id),
                None => model_id.into(),
            },
            judge,
            subwords: subwords?,
            interpreter: Interpreter::new()?,
            fingerprint: fingerprints.join("+"),
            pool,
        })
    }
}

/// The settings; of an encoder only whether one is given.
impl fmt::Debug for AnalyzerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnalyzerBuilder")
            .field("model", &self.model)
            .field("engine", &self.engine)
            .field("encoder", &self.encoder.as_ref().map(|_| ..))
            .field("first", &self.first)
            .field("threads", &self.threads)
            .finish()
    }
}
