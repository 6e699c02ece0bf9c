//! From feedback to analyses and records, with the tiny model: whatever the
//! text, however it is batched.

use std::sync::atomic::{AtomicUsize, Ordering};

use painpoint::{
    Analysis, Analyzer, ErrorKind, Feedback, FeedbackKind, Flag, Language, Markup, OutputFormat,
    Question, Rating, Reader, Writer,
};
use proptest::prelude::*;

use crate::support::{odd_texts, root, tiny_analyzer, tiny_model};

fn feedback() -> Vec<Feedback> {
    let texts = odd_texts().into_iter().enumerate();
    texts
        .map(|(index, text)| Feedback::new(index.to_string(), text))
        .collect()
}

/// Every promise about one analysis of one text.
fn check(feedback: &Feedback, analysis: &Analysis) {
    let text = &feedback.text;
    let inside = |start: usize, end: usize| {
        assert!(
            start < end && end <= text.len(),
            "{start}..{end} of {}",
            text.len()
        );
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
    };
    let probability = |p: f32| assert!((0.0..=1.0).contains(&p), "{p}");

    let mut end = 0;
    for segment in &analysis.segments {
        inside(segment.span.start(), segment.span.end());
        assert!(segment.span.start() >= end, "segments stand in order");
        end = segment.span.end();
        assert!((-1.0..=1.0).contains(&segment.score));
    }
    for topic in &analysis.topics {
        probability(topic.probability);
        assert!(!topic.evidence.is_empty());
        topic
            .evidence
            .iter()
            .for_each(|span| inside(span.start(), span.end()));
    }
    for pain in &analysis.pain_points {
        probability(pain.severity);
        assert!(
            analysis
                .topics
                .iter()
                .any(|topic| topic.topic == pain.topic)
        );
    }
    assert!(
        analysis
            .pain_points
            .is_sorted_by(|a, b| a.severity >= b.severity)
    );
    analysis
        .emotions
        .iter()
        .for_each(|emotion| probability(emotion.probability));

    let empty = analysis.flags.contains(&Flag::Empty);
    assert_eq!(analysis.sentiment.is_none(), empty);
    assert_eq!(analysis.segments.is_empty(), empty);
    if let Some(sentiment) = analysis.sentiment {
        assert!((sentiment.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!((1.0..=5.0).contains(&sentiment.stars));
        assert_eq!(
            sentiment.confidence(),
            sentiment.probabilities.into_iter().fold(0.0, f32::max)
        );
    }
}

#[test]
fn any_text_gives_a_sound_analysis() {
    let analyzer = tiny_analyzer(0);
    let batch = feedback();
    let analyses = analyzer.analyze_batch(&batch);
    assert_eq!(analyses.len(), batch.len());
    for (feedback, analysis) in batch.iter().zip(&analyses) {
        check(
            feedback,
            analysis.as_ref().expect("the encoder takes any text"),
        );
    }
}

#[test]
fn batches_and_threads_do_not_change_the_analysis() {
    let batch = feedback();
    let expected = tiny_analyzer(1).analyze_batch(&batch);
    for threads in [1, 2, 5] {
        let analyzer = tiny_analyzer(threads);
        for size in [1, 7, 256] {
            let analyses = batch
                .chunks(size)
                .flat_map(|part| analyzer.analyze_batch(part));
            for (analysis, expected) in analyses.zip(&expected) {
                let (analysis, expected) = (
                    analysis.expect("any text"),
                    expected.as_ref().expect("any text"),
                );
                assert_eq!(&analysis, expected, "{threads} threads, batches of {size}");
            }
        }
    }
}

#[test]
fn a_long_text_is_read_from_its_first_to_its_last_sentence() {
    let sentence = "The lift was out of order again. ";
    let text = format!("{}The last words count.", sentence.repeat(300));
    let analysis = tiny_analyzer(0)
        .analyze(&Feedback::new("1", text.as_str()))
        .expect("any text");
    assert!(analysis.flags.contains(&Flag::Long));
    assert_eq!(analysis.segments.len(), 301);
    let last = analysis.segments.last().expect("a segment");
    assert_eq!(last.span.of(&text), "The last words count.");
}

#[test]
fn a_very_long_text_is_the_same_whatever_stands_before_it() {
    let sentence = "The lift was out of order again, and nobody at the desk was sorry. ";
    let text = |count: usize| Feedback::new("1", sentence.repeat(count));
    let analyzer = tiny_analyzer(0);
    // Encoded in several stretches, which begin elsewhere behind another text.
    let alone = analyzer.analyze(&text(5000)).expect("any text");
    assert_eq!(alone.segments.len(), 10_000);
    let batch = [text(700), text(5000), text(1)];
    let together = analyzer.analyze_batch(&batch);
    assert_eq!(together[1].as_ref().expect("any text"), &alone);

    let asked = AtomicUsize::new(0);
    let times = |most: usize| {
        asked.store(0, Ordering::Relaxed);
        let stop = || asked.fetch_add(1, Ordering::Relaxed) == most;
        analyzer.analyze_batch_until(&batch, stop).is_some()
    };
    assert!(!times(0) && !times(1));
    assert!(times(1000));
    assert!(asked.load(Ordering::Relaxed) > 1, "a stretch after another");
}

#[test]
fn a_stopped_encoder_fails_its_own_texts_only() {
    let batch = [
        Feedback::new("1", "fine"),
        Feedback::new("2", "fail"),
        Feedback::new("3", "fine"),
    ];
    let analyzer = painpoint::Analyzer::builder()
        .model(crate::support::tiny_model())
        .encoder(Box::new(Faulty::new()))
        .build()
        .expect("a model of the repository");
    let analyses = analyzer.analyze_batch(&batch);
    let failed: Vec<_> = analyses.iter().map(Result::is_err).collect();
    assert_eq!(failed, [false, true, false]);
}

/// An encoder of anybody's making: what it promises and what it gives may differ.
struct Odd {
    max_tokens: usize,
    /// For each token it was given.
    vectors: usize,
    dimension: usize,
}

impl painpoint::Encoder for Odd {
    fn dimension(&self) -> usize {
        64
    }

    fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    fn encode(&self, windows: &[&[u32]]) -> painpoint::Result<painpoint::Embeddings> {
        let tokens: usize = windows.iter().map(|window| window.len()).sum();
        let values = vec![0.5; self.vectors * tokens * self.dimension];
        Ok(painpoint::Embeddings::new(values, self.dimension))
    }
}

#[test]
fn an_encoder_that_breaks_its_promise_is_an_error() {
    let build = |max_tokens, vectors, dimension| {
        let encoder = Odd {
            max_tokens,
            vectors,
            dimension,
        };
        let builder = Analyzer::builder()
            .model(tiny_model())
            .threads(1)
            .encoder(Box::new(encoder));
        builder.build()
    };
    for max_tokens in 0..3 {
        let error = build(max_tokens, 1, 64).expect_err("no room for a token");
        assert_eq!(error.kind(), ErrorKind::Encoder, "{error}");
    }
    let feedback = Feedback::new("1", "The room was lovely but the staff were rude.");
    let analyze = |vectors, dimension| {
        let analyzer = build(3, vectors, dimension).expect("a sound encoder by its word");
        analyzer.analyze(&feedback)
    };
    for (vectors, dimension) in [(0, 64), (2, 64), (1, 32), (2, 32)] {
        let error = analyze(vectors, dimension).expect_err("vectors that do not fit");
        assert_eq!(error.kind(), ErrorKind::Encoder, "{error}");
    }
    check(&feedback, &analyze(1, 64).expect("vectors that fit"));
}

#[test]
fn figures_and_marks_speak_of_nothing() {
    let analyzer = tiny_analyzer(1);
    let analyze = |text: &str| {
        let analysis = analyzer.analyze(&Feedback::new("1", text));
        analysis.expect("any text")
    };
    for (text, flag) in [
        ("1,2", Some(Flag::TooShort)),
        ("๑๒", Some(Flag::TooShort)),
        ("？", Some(Flag::TooShort)),
        ("...", Some(Flag::Meaningless)),
        ("asdfghjkl", Some(Flag::Meaningless)),
        ("10/10", None),
        ("非常好", None),
        ("ห้องเล็ก", None),
        ("😡", None),
    ] {
        let analysis = analyze(text);
        let told = [Flag::TooShort, Flag::Meaningless].map(|flag| analysis.flags.contains(&flag));
        let expected = [Flag::TooShort, Flag::Meaningless].map(|other| flag == Some(other));
        assert_eq!(told, expected, "{text}");
        // The model has a topic for whatever it reads.
        assert_eq!(analysis.topics.is_empty(), flag.is_some(), "{text}");
        assert_eq!(
            analysis.pain_points.is_empty(),
            analysis.topics.is_empty(),
            "{text}"
        );
        assert!(analysis.sentiment.is_some(), "{text}");
    }
    for answer in [
        Feedback::new("1", "5").answering("How many stars?"),
        Feedback::new("1", "Agent: How many stars would you give us?\nCustomer: 5"),
    ] {
        let analysis = analyzer.analyze(&answer).expect("any text");
        assert!(analysis.topics.is_empty() && !analysis.flags.contains(&Flag::TooShort));
    }
}

/// Refuses the window that holds the text `fail`.
struct Faulty {
    inner: painpoint::Int8Encoder,
    refused: Vec<u32>,
}

impl Faulty {
    fn new() -> Self {
        let model = crate::support::tiny_model();
        let tokenizer = root("tests/fixtures/tiny-model/tokenizer.json");
        let tokenizer = tokenizers::Tokenizer::from_file(tokenizer).expect("a tokenizer");
        Self {
            inner: painpoint::Int8Encoder::new(&model).expect("a model of the repository"),
            refused: tokenizer
                .encode("fail", true)
                .expect("any text")
                .get_ids()
                .to_vec(),
        }
    }
}

impl painpoint::Encoder for Faulty {
    fn dimension(&self) -> usize {
        self.inner.dimension()
    }

    fn max_tokens(&self) -> usize {
        self.inner.max_tokens()
    }

    fn encode(&self, windows: &[&[u32]]) -> painpoint::Result<painpoint::Embeddings> {
        if windows.iter().any(|window| *window == self.refused) {
            // Any error will do; a window beyond all bounds has one.
            return self.inner.encode(&[&[0; 1000]]);
        }
        self.inner.encode(windows)
    }
}

#[test]
fn samples_of_every_format_become_records() {
    let analyzer = tiny_analyzer(0);
    let mut rows = 0;
    for name in [
        "hotel_reviews.csv",
        "app_survey.tsv",
        "complaints.jsonl",
        "transcripts/th.txt",
    ] {
        let path = root("data/samples").join(name);
        let reader = Reader::open(path, &Default::default()).expect("a sample");
        let mut writer = Writer::new(Vec::new(), OutputFormat::Jsonl, analyzer.model_id(), &[]);
        for row in reader {
            let feedback = row.expect("a sample has no bad row").feedback;
            let analysis = analyzer.analyze(&feedback).expect("any text");
            check(&feedback, &analysis);
            writer
                .write(&feedback, &analysis)
                .expect("memory takes any record");
            rows += 1;
        }
        writer.flush().expect("memory takes any record");
    }
    assert_eq!(rows, 42 + 24 + 36 + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_text_gives_a_sound_analysis(texts in prop::collection::vec(any::<String>(), 0..4)) {
        thread_local!(static ANALYZER: painpoint::Analyzer = tiny_analyzer(1));
        let batch: Vec<_> = texts.into_iter().map(|text| Feedback::new("1", text)).collect();
        ANALYZER.with(|analyzer| {
            for (feedback, analysis) in batch.iter().zip(analyzer.analyze_batch(&batch)) {
                check(feedback, &analysis.expect("any text"));
            }
        });
    }
}

/// Parts of texts that mean something to one stage or another.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{1,12}",
        "[à-ÿ ]{1,12}",
        "[一-鿿，。！？]{1,12}",
        "[ก-๛ ]{1,16}",
        "[\u{590}-\u{6ff}\u{200e}\u{200f}\u{202a}-\u{202e}]{1,8}",
        "[😀-🙏🏻-🏿👨👩❤\u{200d}\u{fe0f}🇦-🇿]{1,6}",
        "[\u{0}-\u{1f}\u{80}-\u{a0}\u{ad}\u{200b}-\u{200d}\u{feff}\u{fffd}]{1,4}",
        "[\u{300}-\u{36f}]{1,5}",
        "[A-Z][a-z]{2,6}: ",
        "(客服|顾客|Agent|Cliente|ลูกค้า)[:：] ?",
        "\\[?[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?\\]? ",
        "<(p|br|div|/p|a href=\"x|!--|script)>?",
        "&(amp|eacute|#[0-9]{1,7}|#x[0-9a-f]{1,6});?",
        "[#>*_`~|\\[\\]()-]{1,6}",
        "(https?://|www\\.|@|#)[a-z./]{1,9}",
        "(Ã©|â€™|é|ï¿½|ä½ å¥½|锟斤拷|\\(y[àn]\\))",
        "(ha|ja|5|哈|k|w|mdr){1,12}",
        "[\n\r\t \u{2028}]{1,4}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_feedback_gives_a_sound_analysis(
        parts in prop::collection::vec(part(), 0..16),
        kind in 0..=FeedbackKind::ALL.len(),
        markup in 0..=Markup::ALL.len(),
        language in 0..=Language::ALL.len(),
        question in prop::option::of((any::<usize>(), part())),
        rating in prop::option::of(any::<f64>()),
    ) {
        thread_local!(static ANALYZER: Analyzer = tiny_analyzer(1));
        let mut feedback = Feedback::new("1", parts.concat());
        feedback.kind = FeedbackKind::ALL.get(kind).copied();
        feedback.markup = Markup::ALL.get(markup).copied();
        feedback.language = Language::ALL.get(language).copied();
        if let Some((before, text)) = question {
            // Anywhere, in the middle of a character and behind the end, too.
            let before = before % (feedback.text.len() + 2);
            feedback.questions.push(Question { before, text });
        }
        feedback.context.rating = Rating::new(3.0, 1.0, 5.0).map(|scale| {
            let mut given = scale;
            given.value = rating.unwrap_or(scale.value);
            given
        });
        let analysis = ANALYZER.with(|analyzer| analyzer.analyze(&feedback));
        check(&feedback, &analysis.expect("any text"));
    }
}

/// The customer's turn leaves nothing to read, so that all of the window is the
/// company's: no topic is found in it, since none could be quoted.
#[test]
fn what_only_the_company_says_is_no_topic() {
    let text =
        "[0:00:58] Agent：http://a..ลูกค้า：Oaaajb: ฮงฃ ก ก ก ก\u{2028}Bbb: 👨👨👨哈hahahahamdrha";
    let mut feedback = Feedback::new("1", text);
    feedback.kind = FeedbackKind::ALL.first().copied();
    feedback.markup = Markup::ALL.first().copied();
    feedback.language = Language::ALL.first().copied();
    let analysis = tiny_analyzer(1).analyze(&feedback).expect("any text");
    check(&feedback, &analysis);
}

/// An answer without words stands in one segment with its question, of which
/// nothing is quoted.
#[test]
fn a_question_is_never_quoted() {
    let analyzer = tiny_analyzer(1);
    for before in [0, 9, 21, 27] {
        let mut feedback = Feedback::new("1", "？。！！！？，。，");
        feedback.language = Language::ALL.first().copied();
        let text = "ก".to_owned();
        feedback.questions.push(Question { before, text });
        check(&feedback, &analyzer.analyze(&feedback).expect("any text"));
    }
}

/// Whichever model answers, the answers of a model asked first are its own.
#[test]
fn a_model_may_be_asked_first() {
    let batch = feedback();
    let alone = tiny_analyzer(2).analyze_batch(&batch);
    for sure in [0.0, 0.4, 1.1] {
        let builder = Analyzer::builder().model(tiny_model()).threads(2);
        let cascade = builder.first(tiny_model(), sure).build();
        let analyses = cascade.expect("two of a kind").analyze_batch(&batch);
        for (analysis, alone) in analyses.iter().zip(&alone) {
            assert_eq!(
                analysis.as_ref().expect("any text"),
                alone.as_ref().expect("any text")
            );
        }
    }
}

#[test]
#[cfg(feature = "bundled-model")]
fn a_cascade_of_models_that_cut_text_differently_is_refused() {
    let error = Analyzer::builder()
        .first(tiny_model(), 0.9)
        .build()
        .expect_err("the vocabularies differ");
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("tiny-model-1"));
}
