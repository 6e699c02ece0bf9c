//! Labelled rows and systems, as the command line names them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use painpoint::evaluate::baseline::{Lexicon, Linear, Majority};
use painpoint::evaluate::{
    Bootstrap, Dataset, Grouping, Layout, Mapping, Prediction, Predictions, Predictor, PublicSet,
    Settings, Signature, Stray, Task,
};
use painpoint::{Engine, Feedback, ReadOptions, Reader, Row};
use sha2::{Digest, Sha256};

use super::engine::{EngineArguments, ModelChoice};
use super::say;
use super::sources::Source;

/// Labels that do not fit which are said.
const STRAYS: usize = 5;

/// Rows that are asked at once, between two looks at the progress.
const BATCH: usize = 256;

type Rows = Box<dyn Iterator<Item = painpoint::Result<Row>>>;

/// Which rows, what their columns mean, and how figures are found.
#[derive(clap::Args)]
pub(crate) struct Labelled {
    /// Take the labels from this file, by id, instead of from the rows themselves
    #[arg(long, value_name = "FILE")]
    gold: Option<PathBuf>,

    /// What columns and values mean, in TOML: for each task column, values, labels, counts_as, separator, indicators, annotators
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,

    /// What columns and values of files of predictions mean, if they are not records or our own labels
    #[arg(long, value_name = "FILE")]
    predictions_mapping: Option<PathBuf>,

    /// Read a public set, whose columns and published figures are known
    #[arg(long, value_name = "NAME", conflicts_with = "mapping")]
    pub(crate) set: Option<String>,

    /// Column of the text; found if left out
    #[arg(long, value_name = "COLUMN")]
    text: Option<String>,

    /// Column of the id; found if left out
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,

    /// Column of the id in --gold and in files of predictions
    #[arg(long, value_name = "COLUMN", default_value = "id")]
    labels_id: String,

    /// Column of a task: sentiment, mixed, stars, emotions, topics, act, urgency or language
    #[arg(long, value_name = "TASK=COLUMN", value_parser = task_column)]
    column: Vec<(Task, String)>,

    /// What a value of a task means, such as sentiment:0=negative
    #[arg(long, value_name = "TASK:VALUE=LABEL", value_parser = task_value)]
    value: Vec<(Task, (String, String))>,

    /// Columns of several annotators, such as act=anna,ben; Krippendorff's alpha is measured
    #[arg(long, value_name = "TASK=COLUMNS", value_parser = task_column)]
    annotators: Vec<(Task, String)>,

    /// Do not measure a task
    #[arg(long, value_name = "TASK", value_parser = task)]
    ignore: Vec<Task>,

    /// Only rows of this part: those whose id ends in 0 are dev, the others train
    #[arg(long, value_name = "PART", value_parser = ["dev", "train"])]
    pub(crate) split: Option<String>,

    /// Tell rows apart by language, length or a column, such as channel
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "language"
    )]
    by: Vec<String>,

    /// Sets drawn for the 95 % intervals
    #[arg(long, value_name = "COUNT", default_value_t = 1000)]
    resamples: u32,

    /// Where the random numbers start
    #[arg(long, value_name = "NUMBER", default_value_t = 12345)]
    seed: u64,

    /// Labelled files or folders that the baselines learn from; rows that are measured are left out
    #[arg(long, value_name = "FILE")]
    train: Vec<PathBuf>,

    /// Threads; 0 for one a core
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    threads: usize,

    /// Say nothing on stderr but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn task(code: &str) -> Result<Task, String> {
    Task::from_code(code).ok_or_else(|| {
        let codes: Vec<_> = Task::ALL.iter().map(|task| task.code()).collect();
        format!("one of {}", codes.join(", "))
    })
}

fn task_column(pair: &str) -> Result<(Task, String), String> {
    let (name, column) = pair.split_once('=').ok_or("TASK=COLUMN")?;
    Ok((task(name)?, column.to_owned()))
}

fn task_value(meaning: &str) -> Result<(Task, (String, String)), String> {
    let wrong = "TASK:VALUE=LABEL";
    let (name, meaning) = meaning.split_once(':').ok_or(wrong)?;
    let (value, label) = meaning.rsplit_once('=').ok_or(wrong)?;
    Ok((task(name)?, (value.to_owned(), label.to_owned())))
}

/// A system with what a signature says of it.
pub(crate) struct System {
    pub(crate) predictor: Box<dyn Predictor>,
    /// What its hash is of, and the hash.
    hash: Option<(&'static str, String)>,
    /// Names and values.
    settings: Vec<(&'static str, String)>,
}

impl System {
    fn new(predictor: impl Predictor + 'static) -> Self {
        Self {
            predictor: Box::new(predictor),
            hash: None,
            settings: Vec::new(),
        }
    }

    /// Adds what it is to a signature; `place` stands before each name.
    pub(crate) fn sign(&self, signature: Signature, place: &str) -> Signature {
        let name = |name: &str| format!("{place}{name}");
        let mut signature = signature.with(&name("system"), self.predictor.name());
        if let Some((of, hash)) = &self.hash {
            signature = signature.with_hash(&name(of), hash);
        }
        for (setting, value) in &self.settings {
            signature = signature.with(&name(setting), value);
        }
        signature
    }
}

impl Labelled {
    pub(crate) fn settings(&self, errors: usize) -> Settings {
        Settings {
            bootstrap: Bootstrap {
                resamples: self.resamples,
                seed: self.seed,
            },
            by: self
                .by
                .iter()
                .map(|name| Grouping::from(name.as_str()))
                .collect(),
            errors,
        }
    }

    pub(crate) fn public_set(&self) -> painpoint::Result<Option<PublicSet>> {
        self.set.as_deref().map(PublicSet::named).transpose()
    }

    /// The rows that are measured.
    pub(crate) fn data(&self, paths: &[PathBuf]) -> anyhow::Result<Dataset> {
        let mapping = self.mapping()?;
        let mut data = self.rows(paths, &mapping)?;
        if let Some(part) = &self.split {
            data.retain(|row| is_dev(&row.feedback) == (part == "dev"));
        }
        data.check(&mapping)?;
        if let Some(first) = data.failures.first().filter(|_| data.rows.is_empty()) {
            anyhow::bail!("no row can be read; the first: {first}");
        }
        if data.rows.is_empty() {
            anyhow::bail!(
                "no row has a label; name the columns with --column TASK=COLUMN or --mapping FILE"
            );
        }
        if data.unlabelled > 0 && !self.quiet {
            say(format_args!("{} rows have no label", data.unlabelled));
        }
        warn("cells cannot be read", &data.unread);
        Ok(data)
    }

    fn rows(&self, paths: &[PathBuf], mapping: &Mapping) -> anyhow::Result<Dataset> {
        let set = self.public_set()?;
        let rows = match set.filter(|set| set.layout != Layout::Plain) {
            Some(set) => self.rows_of_set(paths, set, mapping)?,
            None => self.rows_of_files(paths, mapping)?,
        };
        Ok(match &self.gold {
            Some(gold) => Dataset::join(rows, self.by_id(gold)?, mapping),
            None => Dataset::read(rows, mapping),
        })
    }

    /// Rows of the files of a public set, written as only they are.
    fn rows_of_set(
        &self,
        paths: &[PathBuf],
        mut set: PublicSet,
        mapping: &Mapping,
    ) -> painpoint::Result<Rows> {
        set.mapping = mapping.clone();
        let mut rows = Vec::new();
        for path in paths {
            rows.extend(set.rows(path)?);
            if !self.quiet {
                say(format_args!("{}: {}", path.display(), set.title));
            }
        }
        Ok(Box::new(rows.into_iter()))
    }

    fn rows_of_files(&self, paths: &[PathBuf], mapping: &Mapping) -> anyhow::Result<Rows> {
        let options = ReadOptions {
            text: mapping.text.iter().cloned().collect(),
            id: mapping.id.clone(),
            ..ReadOptions::default()
        };
        let sources = Source::all(paths, &options)?;
        for source in &sources {
            let columns = source.columns(&options)?;
            if !self.quiet {
                say(format_args!("{}: {columns}", source.name()));
            }
        }
        // One file open at a time: a folder may hold thousands.
        let open = move |source: Source| -> Rows {
            match source.open(&options) {
                Ok((reader, _)) => Box::new(reader),
                Err(error) => Box::new(std::iter::once(Err(error))),
            }
        };
        Ok(Box::new(sources.into_iter().flat_map(open)))
    }

    /// Rows that need no text, only an id and labels.
    fn by_id(
        &self,
        path: &Path,
    ) -> painpoint::Result<impl Iterator<Item = painpoint::Result<Row>>> {
        let id = Some(self.labels_id.clone());
        let options = ReadOptions {
            text: id.iter().cloned().collect(),
            id,
            ..ReadOptions::default()
        };
        Reader::open(path, &options)
    }

    fn mapping(&self) -> anyhow::Result<Mapping> {
        let mut mapping = match (&self.mapping, self.public_set()?) {
            (Some(path), _) => Mapping::from_toml(&read(path)?)?,
            (None, Some(set)) => set.mapping,
            (None, None) => Mapping::default(),
        };
        mapping.text = self.text.clone().or(mapping.text);
        mapping.id = self.id.clone().or(mapping.id);
        mapping.ignore.extend(&self.ignore);
        for (task, column) in &self.column {
            mapping.tasks.entry(*task).or_default().column = Some(column.clone());
        }
        for (task, (value, label)) in &self.value {
            let values = &mut mapping.tasks.entry(*task).or_default().values;
            values.insert(value.clone(), label.clone());
        }
        for (task, columns) in &self.annotators {
            let columns = columns.split(',').map(str::to_owned);
            mapping
                .tasks
                .entry(*task)
                .or_default()
                .annotators
                .extend(columns);
        }
        Ok(mapping)
    }

    /// Whether there is anything for baselines to learn from.
    pub(crate) fn has_training(&self) -> bool {
        !self.train.is_empty()
    }

    /// What the baselines learn from: nothing that is measured.
    fn training(&self, measured: &Dataset) -> anyhow::Result<Dataset> {
        if self.train.is_empty() {
            return Ok(Dataset::default());
        }
        let mut data = self.rows(&self.train, &self.mapping()?)?;
        let texts = measured.rows.iter().map(|row| &row.feedback.text);
        let measured: HashSet<&String> = texts.collect();
        data.retain(|row| !measured.contains(&row.feedback.text));
        Ok(data)
    }

    /// The system of that name: a bundled model (`base`, `fast`, `cascade`), an
    /// engine of the full one (`int8`, `f32`, `rust-bert`), a baseline (`majority`,
    /// `lexicon`, `linear`), the folder of a model, that of a checkpoint beside the
    /// bundled model, or a file of predictions.
    pub(crate) fn system(&self, name: &str, data: &Dataset) -> anyhow::Result<System> {
        if let Some(engine) = Engine::from_code(name) {
            return self.model(&EngineArguments::of(ModelChoice::Base, engine));
        }
        let model = |name: &str| {
            let Ok(model) = name.parse();
            self.model(&EngineArguments::of(model, Engine::default()))
        };
        match name {
            "base" | "fast" | "cascade" => model(name),
            "majority" => {
                let training = self.training(data)?.rows;
                let learned = training.len();
                // Told the answers, it is as good as any constant can be.
                let rows = if learned > 0 { &training } else { &data.rows };
                let mut system = System::new(Majority::train(rows));
                system.settings.push(("trained-on", learned.to_string()));
                Ok(system)
            }
            "lexicon" => Ok(System::new(Lexicon::new()?)),
            "linear" => {
                let rows = self.training(data)?.rows;
                if rows.is_empty() {
                    anyhow::bail!(
                        "the linear baseline needs rows to learn from; name them with --train FILE"
                    );
                }
                let mut system = System::new(Linear::train(&rows, self.seed));
                system.settings.push(("trained-on", rows.len().to_string()));
                Ok(system)
            }
            path if is_checkpoint(Path::new(path)) => {
                self.model(&EngineArguments::of_checkpoint(path.into()))
            }
            path if Path::new(path).is_dir() => model(path),
            path => self.predictions(Path::new(path), data),
        }
    }

    pub(crate) fn model(&self, engine: &EngineArguments) -> anyhow::Result<System> {
        let analyzer = engine.builder()?.threads(self.threads).build()?;
        let hash = analyzer.model_fingerprint().to_owned();
        let mut system = System::new(analyzer);
        system.hash = Some(("model", hash));
        let engine = engine.engine.code().to_owned();
        system.settings.push(("engine", engine));
        Ok(system)
    }

    pub(crate) fn predictions(&self, path: &Path, data: &Dataset) -> anyhow::Result<System> {
        let rows = self.by_id(path)?;
        let name = path.display().to_string();
        let hash = Sha256::digest(std::fs::read(path)?);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let mapping = match &self.predictions_mapping {
            Some(path) => Mapping::from_toml(&read(path)?)?,
            None => Mapping::default(),
        };
        let predictions = Predictions::read(name, rows, mapping);
        let problems = predictions.problems(&data.feedback());
        warn("predictions do not fit the rows", &problems);
        let mut system = System::new(predictions);
        system.hash = Some(("predictions", hash));
        Ok(system)
    }

    /// Asks a system about every row of `data`, and says which labels of both
    /// sides do not fit together.
    pub(crate) fn ask_of(
        &self,
        system: &dyn Predictor,
        data: &Dataset,
    ) -> Vec<painpoint::Result<Prediction>> {
        let told = self.ask(system, &data.feedback());
        let strays = Stray::find(data, &told);
        for stray in strays.iter().take(STRAYS) {
            say(format_args!(
                "painpoint: {stray}; `--value {}:{}=LABEL`, or a mapping of the predictions, says what it means",
                stray.task, stray.label
            ));
        }
        if strays.len() > STRAYS {
            say(format_args!(
                "painpoint: {} more labels do not fit",
                strays.len() - STRAYS
            ));
        }
        told
    }

    /// Asks a system, with the progress on stderr.
    pub(crate) fn ask(
        &self,
        system: &dyn Predictor,
        feedback: &[&Feedback],
    ) -> Vec<painpoint::Result<Prediction>> {
        let bar = match self.quiet {
            true => ProgressBar::hidden(),
            false => ProgressBar::new(feedback.len() as u64),
        };
        let style =
            ProgressStyle::with_template("{bar:30} {pos} of {len} rows, {msg}, {eta} to go");
        bar.set_style(style.expect("a template of ours"));
        bar.set_message(system.name());
        bar.enable_steady_tick(Duration::from_millis(200));
        let mut told = Vec::with_capacity(feedback.len());
        for batch in feedback.chunks(BATCH) {
            told.extend(system.predict(batch));
            bar.set_position(told.len() as u64);
        }
        bar.finish_and_clear();
        told
    }
}

/// Says how many there are of a kind, and the first.
fn warn(what: &str, errors: &[painpoint::Error]) {
    if let Some(first) = errors.first() {
        let count = errors.len();
        say(format_args!(
            "painpoint: {count} {what}; the first: {first}"
        ));
    }
}

/// Whether a folder is as `transformers` saves a model, and not as we do.
fn is_checkpoint(path: &Path) -> bool {
    path.join("config.json").exists() && !path.join("manifest.json").exists()
}

/// The split of our corpus: an item whose number ends in 0 is dev.
fn is_dev(feedback: &Feedback) -> bool {
    feedback.id.ends_with('0')
}

fn read(path: &Path) -> anyhow::Result<String> {
    use anyhow::Context;
    std::fs::read_to_string(path)
        .with_context(|| format!("{}: cannot read this file", path.display()))
}
