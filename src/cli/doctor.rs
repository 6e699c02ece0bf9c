//! `painpoint doctor`: whether the program does here what it should, and how fast.

use std::env;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use painpoint::{Analyzer, Engine, Feedback, Int8Encoder, Polarity};
use serde::Serialize;

use super::Outcome;
use super::engine::{EngineArguments, ModelChoice};

/// How long the speed is measured for.
const MEASURE: Duration = Duration::from_secs(1);

/// Most documents of one round of that.
const MOST_DOCUMENTS: usize = 1_000;

/// What nobody who reads the language could take for anything else.
const KNOWN_ANSWERS: [(&str, Polarity); 10] = {
    use Polarity::{Negative, Positive};
    [
        (
            "The parcel arrived broken and nobody answers my emails.",
            Negative,
        ),
        (
            "Friendly staff, quick delivery and a great price. Thank you!",
            Positive,
        ),
        (
            "Toujours pas remboursé après trois semaines, c'est inadmissible.",
            Negative,
        ),
        (
            "La comida llegó fría y el repartidor fue muy grosero.",
            Negative,
        ),
        (
            "Excelente atención, todo llegó a tiempo y en perfecto estado.",
            Positive,
        ),
        ("ของมาส่งช้ามาก แถมกล่องยังแตก แย่ที่สุด", Negative),
        ("พนักงานบริการดีมาก ประทับใจ จะกลับมาอีกแน่นอน", Positive),
        ("客服态度太差了，退款拖了一个月还没到账。", Negative),
        ("物流很快，质量也很好，非常满意！", Positive),
        ("等了一個小時餐點才來，而且已經冷掉了，非常失望。", Negative),
    ]
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// base, fast, cascade, or the folder of a model
    #[arg(long, value_name = "MODEL", default_value = "base")]
    model: ModelChoice,

    /// Compute the encoder in int8 (fast) or f32 (the reference)
    #[arg(long, value_name = "ENGINE", value_parser = super::engine::engine, default_value_t = Engine::Int8)]
    engine: Engine,

    /// Threads; 0 for one a core
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    threads: usize,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let findings = Findings::new(arguments);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &findings)?;
        writeln!(out)?;
    } else {
        for (name, value) in findings.lines() {
            writeln!(out, "{name:<10} {value}")?;
        }
    }
    Ok(match findings.problems.is_empty() {
        true => Outcome::Done,
        false => Outcome::Alert,
    })
}

#[derive(Serialize)]
struct Findings {
    version: &'static str,
    /// Features that it was compiled with.
    features: Vec<&'static str>,
    machine: Machine,
    engine: &'static str,
    /// The instruction set of the engine.
    kernel: &'static str,
    model: Option<ModelFindings>,
    self_test: Option<SelfTest>,
    speed: Option<Speed>,
    /// Bytes of memory held after that, where the system says.
    resident_bytes: Option<u64>,
    terminal: Terminal,
    /// What keeps it from working as it should.
    problems: Vec<String>,
    /// What is worth knowing.
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Machine {
    architecture: &'static str,
    system: &'static str,
    cores: usize,
    /// Those of the processor's features that a kernel asks for.
    features: Vec<&'static str>,
}

#[derive(Serialize)]
struct ModelFindings {
    id: String,
    /// SHA-256 of its manifest. The files were compared with the hashes in it,
    /// else there would be a problem in the place of these findings.
    fingerprint: String,
}

#[derive(Serialize)]
struct SelfTest {
    sentences: usize,
    right: usize,
}

#[derive(Serialize)]
struct Speed {
    documents_per_second: f64,
    threads: usize,
}

#[derive(Serialize)]
struct Terminal {
    locale: Option<String>,
    utf8: bool,
    /// Whether standard output, and error, are read by a person.
    stdout: bool,
    stderr: bool,
    colours: bool,
}

impl Findings {
    fn new(arguments: &Arguments) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let kernel = match arguments.engine {
            Engine::Int8 => Int8Encoder::instruction_set(),
            _ => "portable",
        };
        let mut findings = Self {
            version: env!("CARGO_PKG_VERSION"),
            features: compiled_features(),
            machine: Machine {
                architecture: env::consts::ARCH,
                system: env::consts::OS,
                cores,
                features: processor_features(),
            },
            engine: arguments.engine.code(),
            kernel,
            model: None,
            self_test: None,
            speed: None,
            resident_bytes: None,
            terminal: Terminal::new(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        if let Err(error) = findings.try_out(arguments) {
            findings.problems.push(error.to_string());
        }
        findings.resident_bytes = resident_bytes();
        findings.note();
        findings
    }

    /// Loads the model, asks it what is known, and measures.
    fn try_out(&mut self, arguments: &Arguments) -> painpoint::Result<()> {
        let engine = EngineArguments::of(arguments.model.clone(), arguments.engine);
        let analyzer = engine.builder()?.threads(arguments.threads).build()?;
        self.model = Some(ModelFindings {
            id: analyzer.model_id().to_owned(),
            fingerprint: analyzer.model_fingerprint().to_owned(),
        });
        let mut right = 0;
        for (text, expected) in KNOWN_ANSWERS {
            let sentiment = analyzer.analyze(&Feedback::new("", text))?.sentiment;
            let label = sentiment.map(|sentiment| sentiment.label);
            if label == Some(expected) {
                right += 1;
                continue;
            }
            let label = label.map_or("nothing", Polarity::code);
            let expected = expected.code();
            self.problems.push(format!(
                "self-test: {text} is {expected}, the model says {label}"
            ));
        }
        self.self_test = Some(SelfTest {
            sentences: KNOWN_ANSWERS.len(),
            right,
        });
        self.speed = Some(Speed {
            documents_per_second: measure(&analyzer)?,
            threads: match arguments.threads {
                0 => self.machine.cores,
                threads => threads,
            },
        });
        Ok(())
    }

    fn note(&mut self) {
        let mut note = |holds: bool, text: &str| {
            if holds {
                self.notes.push(text.to_owned());
            }
        };
        note(
            self.kernel == "scalar",
            "no kernel for this processor: everything works, several times slower",
        );
        note(
            cfg!(debug_assertions),
            "compiled for debugging, which is many times slower",
        );
        note(
            !self.terminal.utf8,
            "the locale is not UTF-8: a terminal may show texts wrongly; what is written to files is UTF-8 all the same",
        );
    }

    /// Name and value, for a person to read.
    fn lines(&self) -> Vec<(&'static str, String)> {
        let Self {
            machine, terminal, ..
        } = self;
        let mut lines = vec![
            (
                "painpoint",
                format!("{}, with {}", self.version, list(&self.features)),
            ),
            (
                "machine",
                format!(
                    "{} {}, {} cores, {}",
                    machine.system,
                    machine.architecture,
                    machine.cores,
                    list(&machine.features)
                ),
            ),
            ("engine", format!("{}, {} kernel", self.engine, self.kernel)),
        ];
        if let Some(model) = &self.model {
            let line = format!("{}, verified, {}", model.id, model.fingerprint);
            lines.push(("model", line));
        }
        if let Some(test) = &self.self_test {
            let line = format!("{} of {} sentences right", test.right, test.sentences);
            lines.push(("self-test", line));
        }
        if let Some(speed) = &self.speed {
            lines.push((
                "speed",
                format!(
                    "{:.0} short documents a second on {} threads",
                    speed.documents_per_second, speed.threads
                ),
            ));
        }
        if let Some(bytes) = self.resident_bytes {
            lines.push(("memory", format!("{} MB held", bytes / 1_000_000)));
        }
        let locale = terminal.locale.as_deref().unwrap_or("none");
        let yes = |holds: bool, what: &'static str| holds.then_some(what);
        let said = [
            yes(terminal.utf8, "UTF-8"),
            yes(terminal.stdout, "stdout is a terminal"),
            yes(terminal.stderr, "stderr is a terminal"),
            yes(terminal.colours, "colours"),
        ];
        let said: Vec<_> = said.into_iter().flatten().collect();
        lines.push(("terminal", format!("locale {locale}, {}", list(&said))));
        let named = |name, texts: &[String]| {
            let texts = texts.iter().cloned();
            texts.map(|text| (name, text)).collect::<Vec<_>>()
        };
        lines.extend(named("note", &self.notes));
        lines.extend(named("problem", &self.problems));
        if self.problems.is_empty() {
            lines.push(("all well", String::new()));
        }
        lines
    }
}

fn list(names: &[&str]) -> String {
    match names {
        [] => "nothing more".to_owned(),
        names => names.join(", "),
    }
}

/// Documents a second: rounds of twice as many each, until they have taken long
/// enough, of which the last counts.
fn measure(analyzer: &Analyzer) -> painpoint::Result<f64> {
    let mut documents: Vec<_> = KNOWN_ANSWERS
        .iter()
        .map(|(text, _)| Feedback::new("", *text))
        .collect();
    let started = Instant::now();
    loop {
        let round = Instant::now();
        for analysis in analyzer.analyze_batch(&documents) {
            analysis?;
        }
        if started.elapsed() >= MEASURE {
            return Ok(documents.len() as f64 / round.elapsed().as_secs_f64());
        }
        if documents.len() < MOST_DOCUMENTS {
            documents.extend_from_within(..);
        }
    }
}

fn compiled_features() -> Vec<&'static str> {
    let features = [
        ("bundled-model", cfg!(feature = "bundled-model")),
        ("chinese", cfg!(feature = "chinese")),
        ("arrow", cfg!(feature = "arrow")),
        ("excel", cfg!(feature = "excel")),
    ];
    let on = features.into_iter().filter(|(_, on)| *on);
    on.map(|(name, _)| name).collect()
}

/// The features that the kernels ask for, as far as this processor has them.
fn processor_features() -> Vec<&'static str> {
    macro_rules! found {
        // A literal would not be seen through by the macros of the standard library.
        ($detected:ident: $($name:tt),+) => {
            [$(($name, std::arch::$detected!($name))),+]
        };
    }
    #[cfg(target_arch = "x86_64")]
    let features = found!(is_x86_feature_detected:
        "avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512vnni");
    #[cfg(target_arch = "aarch64")]
    let features = found!(is_aarch64_feature_detected: "neon", "dotprod");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let features: [(&str, bool); 0] = [];
    let found = features.into_iter().filter(|(_, found)| *found);
    found.map(|(name, _)| name).collect()
}

/// What Linux says that this process holds; other systems tell through calls that
/// are not safe.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

impl Terminal {
    fn new() -> Self {
        // The first that is set and not empty counts, by POSIX.
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let is_utf8 = |locale: &String| {
            let locale = locale.to_lowercase();
            locale.ends_with("utf-8") || locale.ends_with("utf8")
        };
        let stdout = std::io::stdout().is_terminal();
        let dumb = env::var("TERM").is_ok_and(|term| term == "dumb");
        Self {
            // Windows writes to its console in UTF-16, whatever the locale.
            utf8: cfg!(windows) || locale.as_ref().is_some_and(is_utf8),
            locale,
            stdout,
            stderr: std::io::stderr().is_terminal(),
            colours: stdout && !dumb && set("NO_COLOR").is_none(),
        }
    }
}
