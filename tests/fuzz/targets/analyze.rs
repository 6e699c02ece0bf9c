//! Any text goes all the way, through the tokenizer of the tiny model to a
//! record, and every span of the answer lies inside it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use painpoint::{Analyzer, Feedback, Model, OutputFormat, Redactor, Writer};

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/tiny-model");
    let model = Model::load(model).expect("a model of the repository");
    let builder = Analyzer::builder().model(model).threads(1);
    builder.build().expect("a model of the repository")
});

static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::new);

fuzz_target!(|text: &str| {
    let feedback = Feedback::new("input", text);
    let analysis = ANALYZER.analyze(&feedback).expect("any text");
    let evidence = analysis.topics.iter().flat_map(|topic| &topic.evidence);
    let segments = analysis.segments.iter().map(|segment| &segment.span);
    for span in evidence.chain(segments) {
        // Panics outside of the text, or inside of a character.
        assert!(!span.of(text).is_empty());
    }
    for format in OutputFormat::ALL {
        let writer = Writer::new(Vec::new(), *format, ANALYZER.model_id(), &[]);
        let mut writer = writer.redact(REDACTOR.clone());
        let written = writer.write(&feedback, &analysis);
        written.expect("memory takes any record");
    }
});
