//! Aggregates, reports and their command: what was planted in half a year of
//! records is found, and nothing else is claimed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use painpoint::Feedback;
use painpoint::aggregate::{Aggregates, InputColumns, Measure};
use painpoint::report::{Period, Report, ReportOptions};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{lines, painpoint, tiny_analyzer};

/// An item of `data/feedback`.
#[derive(Deserialize)]
struct Item {
    language: String,
    sentiment: String,
    emotions: Vec<String>,
    topics: Vec<ItemTopic>,
    act: String,
    urgency: String,
}

#[derive(Deserialize)]
struct ItemTopic {
    topic: String,
    polarity: String,
    evidence: String,
}

/// SplitMix64 (Steele, Lea & Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) % end as u64) as usize
    }

    fn happens(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }
}

const MONTHS: [(usize, usize); 6] = [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30)];

/// The date so many days after the first of the year.
fn date(mut day: usize) -> String {
    for (month, days) in MONTHS {
        if day < days {
            return format!("2026-{month:02}-{:02}", day + 1);
        }
        day -= days;
    }
    unreachable!("a day of the half-year")
}

fn blames(item: &Item, topic: &str) -> bool {
    let mut topics = item.topics.iter();
    topics.any(|it| it.topic == topic && it.polarity == "negative")
}

// What is planted.
const CAUSE: &str = "defects_reliability";
const CAUSES: [&str; 6] = [
    "the blue hinge snapped on day two",
    "blue hinge snapped the first week",
    "their blue hinge snapped, just like that",
    "and then the blue hinge snapped",
    "blue hinge snapped again after the repair",
    "guess what, the blue hinge snapped",
];
const SPIKE: &str = "delivery_accuracy";
/// Days from Monday, 6 April.
const SPIKE_DAYS: std::ops::Range<usize> = 95..102;
const FIXED: &str = "waiting_responsiveness";
/// The first of May.
const FIX_DAY: usize = 120;
const COSTLY: &str = "account_access";

/// A record of `item`.
fn record(item: &Item, id: usize, day: usize, random: &mut Random) -> String {
    let costly = blames(item, COSTLY);
    let topics: Vec<_> = item
        .topics
        .iter()
        // What comes with the costly topic would cost as much.
        .filter(|topic| !costly || topic.topic == COSTLY)
        .map(|topic| {
            let quote = match blames(item, CAUSE) && topic.topic == CAUSE && random.happens(150) {
                true => CAUSES[random.below(CAUSES.len())],
                false => &topic.evidence,
            };
            (topic, json!([{ "start": 0, "end": 1, "text": quote }]))
        })
        .collect();
    let severity = match item.urgency.as_str() {
        "P1" => 0.9,
        "P2" => 0.6,
        "P3" => 0.4,
        _ => 0.1,
    };
    let (label, score) = match item.sentiment.as_str() {
        "positive" => ("positive", 0.9),
        "neutral" => ("neutral", 0.0),
        _ => ("negative", -0.9),
    };
    let given = random.below(11);
    let nps = if costly {
        given.saturating_sub(4)
    } else {
        given
    };
    let channel = ["app", "shop", "phone"][random.below(3)];
    let pains = topics
        .iter()
        .filter(|(topic, _)| topic.polarity == "negative");
    json!({
        "schema": 1,
        "id": format!("r{id}"),
        "language": item.language,
        "sentiment": { "label": label, "score": score, "mixed": item.sentiment == "mixed" },
        "emotions": item.emotions.iter().map(|it| json!({ "label": it, "probability": 0.9 })).collect::<Vec<_>>(),
        "act": { "label": item.act, "probability": 0.9 },
        "urgency": { "level": item.urgency, "reasons": ["repeated contact"] },
        "topics": topics.iter().map(|(topic, quote)| json!({
            "topic": topic.topic, "polarity": topic.polarity, "probability": 0.9, "evidence": quote,
        })).collect::<Vec<_>>(),
        "pain_points": pains.map(|(topic, quote)| json!({
            "topic": topic.topic, "severity": severity, "evidence": quote,
        })).collect::<Vec<_>>(),
        "context": {
            "date": date(day),
            "nps": nps,
            "channel": channel,
            "customer": format!("c{}", random.below(9000)),
        },
        "model": "none",
    })
    .to_string()
}

/// Half a year of 20,000 records.
fn half_year() -> Vec<String> {
    let mut items: Vec<Item> = Vec::new();
    for language in ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"] {
        items.extend(lines::<Item>(&format!("data/feedback/{language}.jsonl")));
    }
    // By the promise of the report, one seed in twenty shows a chance claim of each
    // kind; this one shows none.
    let mut random = Random(20_260_702);
    let mut records = Vec::new();
    while records.len() < 20_000 {
        let day = random.below(181);
        let mut item = &items[random.below(items.len())];
        while day >= FIX_DAY && blames(item, FIXED) && random.happens(600) {
            item = &items[random.below(items.len())];
        }
        records.push(record(item, records.len(), day, &mut random));
    }
    let spiked: Vec<_> = items.iter().filter(|item| blames(item, SPIKE)).collect();
    for _ in 0..60 {
        let day = SPIKE_DAYS.start + random.below(SPIKE_DAYS.len());
        let item = spiked[random.below(spiked.len())];
        records.push(record(item, records.len(), day, &mut random));
    }
    records
}

fn gather(records: &[impl AsRef<str>]) -> Aggregates {
    let mut aggregates = Aggregates::new(InputColumns::default());
    for record in records {
        let record = record.as_ref().as_bytes();
        aggregates.add_record(record).expect("a record");
    }
    aggregates
}

#[test]
fn what_was_planted_is_found_and_nothing_else_is_claimed() {
    let records = half_year();
    let aggregates = gather(&records);
    let options = ReportOptions {
        period: Some(Period::Week),
        since: Some(date(FIX_DAY)),
        ..ReportOptions::default()
    };
    let report = Report::new(&aggregates, &options).expect("fine options");
    assert_eq!(report.counted, records.len() as u64);

    let timeline = report.timeline.expect("dates");
    let spikes: Vec<_> = timeline
        .spikes
        .iter()
        .map(|spike| (spike.topic.as_str(), spike.start.as_str()))
        .collect();
    assert_eq!(spikes, [(SPIKE, "2026-04-06")]);

    let since = report.since.expect("a date was asked after");
    let clear: Vec<_> = since.topics.iter().filter(|it| it.clear).collect();
    assert_eq!(clear.len(), 1, "{clear:?}");
    assert_eq!(clear[0].topic, FIXED);
    let fall = clear[0].after.share / clear[0].before.share;
    assert!((0.25..0.6).contains(&fall), "{fall}");
    assert!(clear[0].change.interval.high < 0.0);

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
    }
    let channel = report.cuts.iter().find(|cut| cut.name == "channel");
    let groups = &channel.expect("channels").groups;
    assert!(groups.iter().all(|group| !group.clear), "{groups:?}");

    let planted = records
        .iter()
        .filter(|record| record.contains("blue hinge"))
        .count() as u64;
    let mut pains = report.pain_points.iter();
    let issues = &pains
        .find(|pain| pain.topic == CAUSE)
        .expect("a pain")
        .issues;
    let issue = issues
        .issues
        .iter()
        .find(|it| it.name.contains("blue hinge"));
    let issue = issue.unwrap_or_else(|| panic!("{:?}", issues.issues));
    assert!(issues.complete);
    // One wording in six has more words of its own than it shares.
    assert!(
        issue.rate.count <= planted && 5 * issue.rate.count >= 4 * planted,
        "{} of {planted}",
        issue.rate.count
    );
    assert!(issues.unassigned.is_some_and(|rate| rate.share < 1.0));
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
    let mut random = Random(7);
    let items: Vec<Item> = lines("data/feedback/fr-b.jsonl");
    let records: Vec<_> = items
        .iter()
        .take(400)
        .enumerate()
        .map(|(id, item)| record(item, id, random.below(181), &mut random))
        .collect();
    let records = records.join("\n");
    let mut leads = BTreeSet::new();
    for language in ["en", "zh-Hans", "zh-Hant", "fr", "es", "th"] {
        let arguments = [
            "-o",
            "page.html",
            "--language",
            language,
            "--since",
            "2026-04-01",
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
