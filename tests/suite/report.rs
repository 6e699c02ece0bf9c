//! Aggregates, reports and their command: what was planted in half a year of
//! records is found, and nothing else is claimed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use painpoint::Feedback;
use painpoint::aggregate::{Aggregates, Amount, InputColumns, Measure};
use painpoint::report::{Period, Report, ReportOptions};
use serde_json::{Value, json};

use crate::support::{painpoint, root, tiny_analyzer};

// What data/report/half_year.py plants.
const CAUSE: &str = "defects_reliability";
const REFUND: f64 = 50.0;
const SPIKE: (&str, &str) = ("delivery_accuracy", "2026-04-06");
const FIXED: &str = "waiting_responsiveness";
const FIX_DAY: &str = "2026-05-01";
const COSTLY: &str = "account_access";

/// What the script prints: half a year of reviews, or of records. `None` where
/// there is no Python to run it; nothing is tested then.
#[expect(clippy::print_stderr, reason = "says that it was skipped")]
fn half_year(arguments: &[&str]) -> Option<String> {
    let mut python = Command::new("python3");
    python.arg(root("data/report/half_year.py")).args(arguments);
    let Ok(output) = python.output() else {
        eprintln!("skipped: there is no program called python3");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

fn gather(records: &[impl AsRef<str>]) -> Aggregates {
    let mut aggregates = Aggregates::new(InputColumns::default());
    for record in records {
        let record = record.as_ref().as_bytes();
        aggregates.add_record(record).expect("a record");
    }
    aggregates
}

fn half_year_columns() -> InputColumns {
    InputColumns {
        value: Some("refund".to_owned()),
        reach: Some("views".to_owned()),
        ..InputColumns::default()
    }
}

fn half_year_options() -> ReportOptions {
    ReportOptions {
        period: Some(Period::Week),
        since: Some(FIX_DAY.to_owned()),
        ..ReportOptions::default()
    }
}

#[test]
fn what_was_planted_is_found_and_nothing_else_is_claimed() {
    let Some(records) = half_year(&["--records"]) else {
        return;
    };
    let records: Vec<_> = records.lines().collect();
    let mut aggregates = Aggregates::new(half_year_columns());
    for record in &records {
        let added = aggregates.add_record(record.as_bytes());
        added.expect("a record");
    }
    let report = Report::new(&aggregates, &half_year_options()).expect("fine options");
    assert_eq!(report.counted, records.len() as u64);

    let timeline = report.timeline.expect("dates");
    let spikes = timeline.spikes.iter();
    let spikes: Vec<_> = spikes
        .map(|spike| (spike.topic.as_str(), spike.start.as_str()))
        .collect();
    assert_eq!(spikes, [SPIKE]);

    let since = report.since.expect("a date was asked after");
    let clear: Vec<_> = since.topics.iter().filter(|it| it.clear).collect();
    assert_eq!(clear.len(), 1, "{clear:?}");
    assert_eq!(clear[0].topic, FIXED);
    let fall = clear[0].after.share / clear[0].before.share;
    assert!((0.25..0.6).contains(&fall), "{fall}");
    assert!(clear[0].change.interval.high < 0.0);
    assert!(since.measures.iter().all(|it| !it.clear));

    let costs: Vec<_> = report
        .impacts
        .iter()
        .filter(|impact| impact.clear)
        .map(|impact| (impact.measure, impact.topic.as_str(), impact.praise))
        .collect();
    assert_eq!(costs, [(Measure::Nps, COSTLY, false)]);
    assert!(report.impacts[0].interval.high < 0.0);

    for pain in &report.pain_points {
        let direction = pain.trend.map(|trend| trend.direction);
        if pain.topic != FIXED {
            assert_eq!(direction, Some("steady"), "{}", pain.topic);
        }
        for issue in &pain.issues.issues {
            assert!(pain.topic == SPIKE.0 || issue.leaps.is_empty(), "{issue:?}");
        }
    }
    let channel = report.cuts.iter().find(|cut| cut.name == "channel");
    let groups = &channel.expect("channels").groups;
    assert!(groups.iter().all(|group| !group.clear), "{groups:?}");

    let planted = records
        .iter()
        .filter(|record| record.contains("blue hinge"));
    let planted = planted.count() as f64;
    let mut pains = report.pain_points.iter();
    let pain = pains.find(|pain| pain.topic == CAUSE).expect("a pain");
    let issues = &pain.issues;
    let mut named = issues.issues.iter();
    let issue = named.find(|it| it.name == "blue hinge snapped");
    let issue = issue.unwrap_or_else(|| panic!("{:?}", issues.issues));
    // One wording in six has more words of its own than it shares.
    let found = issue.rate.count as f64;
    assert!(
        found <= planted && found >= 0.8 * planted,
        "{found} of {planted}"
    );
    assert_eq!(issue.value, Some(REFUND * found));
    assert_eq!(pain.amounts[&Amount::Value], REFUND * planted);
    assert_eq!(report.amounts[&Amount::Value].sum, REFUND * planted);
    assert!(issues.complete);
    assert!(issues.unassigned.is_some_and(|rate| rate.share < 1.0));
    let reach = report.amounts[&Amount::Reach];
    let negative = report.negative.count as f64;
    let others = reach.count as f64 - negative;
    assert_eq!(
        reach.share,
        30.0 * negative / (30.0 * negative + 10.0 * others)
    );
}

/// The same from the reviews themselves, as the bundled model reads them.
#[cfg(feature = "bundled-model")]
#[test]
#[ignore = "reads 20,060 reviews: minutes in a release build"]
fn what_was_planted_is_found_in_reviews() {
    let Some(reviews) = half_year(&[]) else {
        return;
    };
    let analyzer = painpoint::Analyzer::new().expect("the bundled model");
    let reviews = std::io::Cursor::new(reviews);
    let options = painpoint::ReadOptions::default();
    let reader = painpoint::Reader::from_read("reviews.jsonl", reviews, &options);
    let rows: Result<Vec<_>, _> = reader.expect("rows").collect();
    let mut aggregates = Aggregates::new(half_year_columns());
    for rows in rows.expect("sound rows").chunks(256) {
        let feedback: Vec<_> = rows.iter().map(|row| &row.feedback).collect();
        for (feedback, analysis) in feedback.iter().zip(analyzer.analyze_batch(&feedback)) {
            let added = aggregates.add(feedback, &analysis.expect("any text"));
            added.expect("sound fields");
        }
    }
    let report = Report::new(&aggregates, &half_year_options()).expect("fine options");

    let spikes = report.timeline.expect("dates").spikes;
    let spikes: Vec<_> = spikes
        .iter()
        .map(|spike| (spike.topic.as_str(), spike.start.as_str()))
        .collect();
    assert_eq!(spikes, [SPIKE]);
    let since = report.since.expect("a date was asked after");
    let clear: Vec<_> = since.topics.iter().filter(|it| it.clear).collect();
    assert_eq!(clear.len(), 1, "{clear:?}");
    assert_eq!(clear[0].topic, FIXED);
    assert!(clear[0].change.interval.high < 0.0);
    let costs = report.impacts.iter().filter(|impact| impact.clear);
    let costs: Vec<_> = costs.map(|it| (it.topic.as_str(), it.praise)).collect();
    assert_eq!(costs, [(COSTLY, false)]);
    let channel = report.cuts.iter().find(|cut| cut.name == "channel");
    let groups = &channel.expect("channels").groups;
    assert!(groups.iter().all(|group| !group.clear), "{groups:?}");
    let mut pains = report.pain_points.iter();
    let pain = pains.find(|pain| pain.topic == CAUSE).expect("a pain");
    let mut issues = pain.issues.issues.iter();
    let issue = issues.find(|it| it.name.contains("blue hinge"));
    let issue = issue.unwrap_or_else(|| panic!("{:?}", pain.issues));
    assert_eq!(issue.value, Some(REFUND * issue.rate.count as f64));
}

#[test]
fn analyses_and_their_records_aggregate_alike() {
    let analyzer = tiny_analyzer(1);
    let feedback: Vec<_> = ["Late again!", "物流太慢了", "ช้ามาก", "<b>nul\u{0}</b>", ""]
        .iter()
        .enumerate()
        .map(|(id, text)| Feedback::new(id.to_string(), *text))
        .collect();
    let mut direct = Aggregates::new(InputColumns::default());
    let mut writer = painpoint::Writer::new(
        Vec::new(),
        painpoint::OutputFormat::Jsonl,
        analyzer.model_id(),
        &[],
    );
    for feedback in &feedback {
        let analysis = analyzer.analyze(feedback).expect("any text");
        direct.add(feedback, &analysis).expect("no JSON fields");
        writer.write(feedback, &analysis).expect("memory");
    }
    let written = writer.into_inner().expect("memory");
    let written = String::from_utf8(written).expect("UTF-8");
    let written: Vec<_> = written.lines().collect();
    assert_eq!(gather(&written).to_json(), direct.to_json());
    assert_eq!(direct.records, 5);
}

/// Records of a customer who means no good.
fn hostile() -> Vec<String> {
    let hostile = "<script>alert(1)</script>\u{1b}[31m\" onload=\"x| `a` *b*\n# c";
    (0..8)
        .map(|id| {
            let evidence = json!([{ "start": 0, "end": 1, "text": format!("{hostile} {id}") }]);
            json!({
                "schema": 1, "id": hostile, "language": hostile, "model": hostile,
                "sentiment": { "label": "negative", "score": -0.9, "mixed": false },
                "emotions": [{ "label": hostile, "probability": 1 }],
                "act": { "label": hostile, "probability": 1 },
                "urgency": { "level": "P1", "reasons": [hostile] },
                "topics": [{ "topic": hostile, "polarity": "negative", "evidence": evidence }],
                "pain_points": [{ "topic": hostile, "severity": 0.9, "stage": "use", "evidence": evidence }],
                "context": { "date": format!("2026-03-{:02}", 1 + id), "channel": hostile, "customer": hostile, "nps": 1 },
            })
            .to_string()
        })
        .collect()
}

/// Runs `report` on records, in a folder of its own: exit code, stdout, stderr.
fn report(records: &str, arguments: &[&str], folder: &Path) -> (i32, String, String) {
    let path = folder.join("records.jsonl");
    fs::write(&path, records).expect("a writable folder");
    let mut command = painpoint();
    command.current_dir(folder).arg("report").arg(path);
    let output = command.args(arguments).output().expect("the tool runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code().expect("an exit code"),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn hostile_text_stays_text_in_every_form() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let records = hostile().join("\n");
    for form in ["html", "md", "txt"] {
        let (code, page, stderr) = report(&records, &["--form", form], dir.path());
        assert_eq!(code, 0, "{stderr}");
        assert!(page.contains("alert(1)"), "{form}");
        assert!(!page.contains('\u{1b}'), "{form}");
        if form != "txt" {
            assert!(!page.contains("<script>alert"), "{form}");
            assert!(!page.contains("\" onload=\"x") || form == "md", "{form}");
        }
    }
}

#[test]
fn a_page_needs_nothing_from_outside_in_any_language() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let Some(records) = half_year(&["--records", "--count", "400"]) else {
        return;
    };
    let mut leads = BTreeSet::new();
    for language in ["en", "zh-Hans", "zh-Hant", "fr", "es", "th"] {
        let arguments = [
            "-o",
            "page.html",
            "--language",
            language,
            "--since",
            "2026-04-01",
            "--value-column",
            "refund",
        ];
        let (code, stdout, stderr) = report(&records, &arguments, dir.path());
        assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
        let page = fs::read_to_string(dir.path().join("page.html")).expect("the page");
        for outside in ["http:", "https:", " src=", "@import", "url("] {
            assert!(!page.contains(outside), "{language}: {outside}");
        }
        assert!(page.len() < 3 << 20);
        for section in [
            "five",
            "figures",
            "ranking",
            "impact-frequency",
            "time",
            "since",
            "journey",
            "emotions",
            "heat",
            "groups",
            "call-back",
            "quotes",
            "search",
            "method",
        ] {
            assert!(
                page.contains(&format!("id=\"{section}\"")),
                "{language}: {section}"
            );
        }
        let (_, lead) = page.split_once("<h2>").expect("a first section");
        leads.insert(lead.split('<').next().map(str::to_owned));
    }
    assert_eq!(leads.len(), 6);
}

/// In Chromium, as Debian has it; where there is none, nothing is tested.
#[test]
#[expect(clippy::print_stderr, reason = "says that it was skipped")]
fn a_browser_has_nothing_to_complain_of() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let records = hostile().join("\n");
    report(
        &records,
        &["-o", "page.html", "--since", "2026-03-04"],
        dir.path(),
    );
    let browser = Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
        .args(["--enable-logging=stderr", "--dump-dom"])
        .arg(format!("--user-data-dir={}", dir.path().display()))
        .arg(format!("file://{}", dir.path().join("page.html").display()))
        .output();
    let Ok(browser) = browser else {
        eprintln!("skipped: there is no program called chromium");
        return;
    };
    let said = String::from_utf8_lossy(&browser.stderr);
    // Whatever the page asks for from outside, its own policy reports here, too.
    assert!(!said.contains("CONSOLE"), "{said}");
    let page = String::from_utf8_lossy(&browser.stdout);
    assert!(page.contains("id=\"method\"") && !page.contains("<script>alert"));
    // By its digest, not any that stands in the page; the browser let it run.
    assert!(page.contains("script-src 'sha256-") && !page.contains("unsafe-"));
}

#[test]
fn alerts_and_bad_lines_set_the_exit_code() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let records = hostile().join("\n");
    let run = |records: &str, arguments: &[&str]| report(records, arguments, dir.path());
    let (code, _, stderr) = run(
        &records,
        &["--fail-on", "P1>=8", "--figures", "figures.json"],
    );
    assert_eq!(code, 1);
    assert!(stderr.contains("P1>=8"), "{stderr}");
    let figures = fs::read(dir.path().join("figures.json")).expect("the figures");
    let figures: Value = serde_json::from_slice(&figures).expect("JSON");
    assert_eq!(figures["alerts"][0]["value"], 8.0);
    assert_eq!(run(&records, &["--fail-on", "P1>8"]).0, 0);
    assert_eq!(run(&records, &["--fail-on", "nps<0"]).0, 1);
    assert_eq!(run(&records, &["--fail-on", "nonsense"]).0, 2);
    assert_eq!(run(&records, &["--since", "May"]).0, 2);
    let (code, _, stderr) = run(&format!("{records}\nno record\n\n"), &[]);
    assert_eq!(code, 3);
    assert!(stderr.contains("lines: 1"), "{stderr}");
    assert_eq!(run("", &[]).0, 0);
}

#[test]
fn aggregates_merge_and_compare_through_files() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let records = hostile();
    let (first, second) = records.split_at(3);
    let run = |records: &[String], arguments: &[&str]| {
        let (code, stdout, stderr) = report(&records.join("\n"), arguments, dir.path());
        assert_eq!(code, 0, "{stderr}");
        stdout
    };
    let saved = |name: &str| fs::read(dir.path().join(name)).expect("aggregates");
    run(&records, &["--json", "whole.json", "--threads", "1"]);
    run(first, &["--json", "first.json"]);
    run(
        second,
        &["first.json", "--json", "merged.json", "--threads", "3"],
    );
    assert_eq!(saved("merged.json"), saved("whole.json"));
    let compared = run(&records, &["--baseline", "first.json"]);
    assert!(compared.contains("Beside the earlier run"), "{compared}");
    let priorities = run(&records, &["--print-priorities"]);
    fs::write(dir.path().join("p.toml"), &priorities).expect("a writable folder");
    run(&records, &["--priorities", "p.toml"]);
}
