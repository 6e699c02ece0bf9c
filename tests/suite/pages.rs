//! Pages copied from the web: their text is kept, what stands around it is
//! dropped and counted.

use painpoint::{Analysis, Analyzer, DropReason, Feedback, Flag};

use crate::support::{root, tiny_analyzer};

/// The page and what each of its lines should become; `None` is kept.
fn page(file: &str) -> (String, Vec<(String, Option<DropReason>)>) {
    let path = root("tests/fixtures/pages").join(file);
    let marked = std::fs::read_to_string(path).expect("a file of the repository");
    let lines: Vec<_> = marked
        .lines()
        .map(|line| {
            let (mark, line) = line.split_once(' ').expect("a mark and a line");
            let reason = match mark {
                "=" => None,
                "-" => Some(DropReason::Boilerplate),
                "!" => Some(DropReason::Spam),
                _ => panic!("no such mark: {mark}"),
            };
            (line.to_owned(), reason)
        })
        .collect();
    let text = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    (text, lines)
}

fn analyze(analyzer: &Analyzer, text: &str) -> Analysis {
    analyzer
        .analyze(&Feedback::new("", text))
        .expect("any text")
}

#[test]
fn pages_lose_their_frame_and_nothing_else() {
    let analyzer = tiny_analyzer(0);
    for (code, is_damaged) in [
        ("en", false),
        ("fr", false),
        ("es", false),
        ("th", false),
        ("zh-Hans", false),
        ("zh-Hant", true),
    ] {
        let (text, lines) = page(&format!("{code}.txt"));
        let analysis = analyze(&analyzer, &text);
        let dropped = analysis.dropped.iter();
        let dropped: Vec<_> = dropped
            .map(|part| (part.span.of(&text), part.reason))
            .collect();
        let expected: Vec<_> = lines
            .iter()
            .filter_map(|(line, reason)| Some((line.as_str(), (*reason)?)))
            .collect();
        assert_eq!(dropped, expected, "{code}");
        for (line, _) in lines.iter().filter(|(_, reason)| reason.is_none()) {
            let start = text.find(line).expect("it is part of the page");
            let place = start..start + line.len();
            let scored = |segment: &painpoint::SegmentTone| place.contains(&segment.span.start());
            assert!(analysis.segments.iter().any(scored), "{code}: {line}");
        }
        assert_eq!(
            analysis.language.map(|language| language.code()),
            Some(code)
        );
        assert_eq!(
            analysis.flags.contains(&Flag::Damaged),
            is_damaged,
            "{code}"
        );
    }
}

#[test]
fn the_frame_of_a_marked_up_page_is_dropped_with_its_elements() {
    let text = "<html><head><title>x</title></head><body><nav><a href=\"/\">Home</a></nav>\
        <p>The parcel came late &amp; open.</p><p>Nobody answered me.</p><footer>© us</footer></body></html>";
    let analysis = analyze(&tiny_analyzer(0), text);
    let dropped: Vec<_> = analysis
        .dropped
        .iter()
        .map(|part| part.span.of(text))
        .collect();
    assert_eq!(
        dropped,
        [
            "<head><title>x</title></head>",
            "<nav><a href=\"/\">Home</a></nav>",
            "<footer>© us</footer>"
        ]
    );
    let segments: Vec<_> = analysis
        .segments
        .iter()
        .map(|segment| segment.span.of(text))
        .collect();
    assert_eq!(
        segments,
        ["The parcel came late &amp; open.", "Nobody answered me."]
    );
}

/// Pages found on the web, which cannot be part of the repository: by the folder
/// in `PAINPOINT_SEEDS`.
#[test]
#[expect(clippy::print_stderr, reason = "says that nothing was tested")]
fn found_pages_go_through() {
    let Some(folder) = std::env::var_os("PAINPOINT_SEEDS") else {
        eprintln!("skipped: PAINPOINT_SEEDS names no folder of pages");
        return;
    };
    // By the number that a file's name starts with: its language, the least of
    // what is dropped, and whether characters were lost.
    let expected = [
        ("000", "fr", 1, false),
        ("001", "zh-Hant", 30, true),
        ("002", "th", 2, false),
        ("003", "zh-Hant", 30, true),
        ("004", "es", 4, false),
    ];
    let analyzer = tiny_analyzer(0);
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some(&(_, language, least, is_damaged)) = expected
            .iter()
            .find(|(number, ..)| name.starts_with(number))
        else {
            continue;
        };
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let analysis = analyze(&analyzer, &text);
        assert_eq!(
            analysis.language.map(|language| language.code()),
            Some(language),
            "{name}"
        );
        assert!(
            analysis.dropped.len() >= least,
            "{name}: {}",
            analysis.dropped.len()
        );
        let dropped: usize = analysis.dropped.iter().map(|part| part.span.len()).sum();
        // Of the worst page four lines in ten are spam, most of them short.
        assert!(
            dropped * 5 < text.len() * 2,
            "{name}: {dropped} of {}",
            text.len()
        );
        assert_eq!(
            analysis.flags.contains(&Flag::Damaged),
            is_damaged,
            "{name}"
        );
        seen += 1;
    }
    assert_eq!(seen, expected.len());
}
