//! The cells of one row → its labels, as a [`Mapping`] says. Our own records
//! are rows too: their objects are understood where a label may stand.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::labels::{Labels, Prediction, Task, TopicLabel};
use super::mapping::{Mapping, TaskMapping};
use crate::feedback::{Feedback, Field};
use crate::language::Language;
use crate::span::Span;

/// What a sentiment is called that is none of the classes.
const MIXED: &str = "mixed";

/// The columns that a task's labels stand in where nothing else is said.
fn names(task: Task) -> &'static [&'static str] {
    match task {
        Task::Sentiment => &["sentiment", "polarity"],
        Task::Mixed => &["mixed"],
        // Not `rating`: it may go to 10, and is the customer's word, not a label.
        Task::Stars => &["stars"],
        Task::Emotions => &["emotions", "emotion"],
        Task::Topics => &["topics", "aspects"],
        Task::Act => &["act"],
        Task::Urgency => &["urgency"],
        Task::Language => &["language", "lang"],
    }
}

/// One row, ready to be asked for labels.
pub(super) struct Cells<'a> {
    fields: &'a [(String, Field)],
    /// The text that evidence points into.
    text: &'a str,
    mapping: &'a Mapping,
    /// Byte offset of every code point, once it is needed.
    points: OnceCell<Vec<usize>>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(fields: &'a [(String, Field)], text: &'a str, mapping: &'a Mapping) -> Self {
        Self {
            fields,
            text,
            mapping,
            points: OnceCell::new(),
        }
    }

    /// Why a row of our own records has no labels.
    pub(super) fn failure(&self) -> Option<String> {
        let error = self.get("error")?;
        let what = error.get("what").unwrap_or(&error);
        Some(what.as_str().unwrap_or("an error").to_owned())
    }

    /// All labels of the row.
    pub(super) fn labels(&self) -> Labels {
        let class = |task| self.asked(task).and_then(|task| self.class(task));
        let sentiment = class(Task::Sentiment);
        let mixed = match self.value(Task::Mixed) {
            Some(value) => self.flag(&value),
            None => self.mixed_beside_sentiment(sentiment.as_deref()),
        };
        Labels {
            mixed: mixed.filter(|_| !self.mapping.ignore.contains(&Task::Mixed)),
            sentiment: sentiment.filter(|label| label != MIXED),
            stars: self.asked(Task::Stars).and_then(|_| self.stars()),
            emotions: self.asked(Task::Emotions).and_then(|_| self.emotions()),
            topics: self.asked(Task::Topics).and_then(|_| self.topics()),
            act: class(Task::Act),
            urgency: class(Task::Urgency),
            language: class(Task::Language),
        }
    }

    /// The row as what a system says.
    pub(super) fn prediction(&self) -> Prediction {
        let labels = self.labels();
        let sentiment = self.value(Task::Sentiment);
        let member = |name: &str| sentiment.as_ref()?.get(name);
        let shares = member("probabilities").and_then(Value::as_object);
        let mut probabilities: BTreeMap<String, f64> = shares
            .into_iter()
            .flatten()
            .filter_map(|(label, share)| Some((label.clone(), share.as_f64()?)))
            .collect();
        let column = self
            .task(Task::Sentiment)
            .and_then(|task| task.confidence.as_ref());
        let confidence = column.and_then(|column| number(&self.get(column)?));
        if let (Some(label), Some(share)) = (&labels.sentiment, confidence) {
            probabilities.insert(label.clone(), share);
        }
        Prediction {
            score: member("score").and_then(Value::as_f64),
            probabilities,
            segments: self.segments(),
            labels,
        }
    }

    fn task(&self, task: Task) -> Option<&TaskMapping> {
        self.mapping.tasks.get(&task)
    }

    /// The task, unless rows are not measured on it.
    fn asked(&self, task: Task) -> Option<Task> {
        (!self.mapping.ignore.contains(&task)).then_some(task)
    }

    /// What stands in the column of a task.
    fn value(&self, task: Task) -> Option<Value> {
        let column = self.task(task).and_then(|task| task.column.as_deref());
        match column {
            Some(column) => self.get(column),
            None => names(task).iter().find_map(|name| self.get(name)),
        }
    }

    /// What stands in a column, or at a dotted path; nothing in an empty cell.
    fn get(&self, path: &str) -> Option<Value> {
        let own = |name: &str| {
            let field = self
                .fields
                .iter()
                .find(|(own, _)| own.eq_ignore_ascii_case(name));
            field.and_then(|(_, field)| parse(field))
        };
        own(path).or_else(|| {
            let (first, rest) = path.split_once('.')?;
            rest.split('.')
                .try_fold(own(first)?, |value, name| value.get(name).cloned())
        })
    }

    fn class(&self, task: Task) -> Option<String> {
        match self.value(task) {
            Some(value) => self.label(task, &raw(&value)?),
            None => self.majority(task),
        }
    }

    /// The class that most of the annotators see; none if two are level.
    fn majority(&self, task: Task) -> Option<String> {
        let mut votes: BTreeMap<String, usize> = BTreeMap::new();
        for label in self.annotations(task).into_iter().flatten() {
            *votes.entry(label).or_default() += 1;
        }
        let most = *votes.values().max()?;
        let mut first = votes.into_iter().filter(|(_, count)| *count == most);
        let label = first.next()?.0;
        first.next().is_none().then_some(label)
    }

    /// What each annotator says, in the order of the mapping.
    pub(super) fn annotations(&self, task: Task) -> Vec<Option<String>> {
        let columns = self.task(task).map_or(&[][..], |task| &task.annotators);
        let cells = columns.iter().map(|column| self.get(column));
        cells.map(|cell| self.label(task, &raw(&cell?)?)).collect()
    }

    /// What a value means; nothing if the set has no such label.
    fn label(&self, task: Task, raw: &str) -> Option<String> {
        let mapping = self.task(task);
        if let Some(label) = mapping.and_then(|mapping| mapping.values.get(raw)) {
            return Some(label.clone());
        }
        let label = match task {
            Task::Urgency => raw.to_uppercase(),
            Task::Language => match Language::from_code(raw) {
                Some(language) => language.code().to_owned(),
                None => raw.to_owned(),
            },
            _ => raw.to_lowercase(),
        };
        let known = |mapping: &TaskMapping| {
            let labels = mapping.labels.as_ref();
            labels.is_none_or(|labels| labels.contains(&label))
        };
        (mapping.is_none_or(known) || label == MIXED).then_some(label)
    }

    fn flag(&self, value: &Value) -> Option<bool> {
        match value {
            Value::Bool(flag) => Some(*flag),
            value => match raw(value)?.to_lowercase().as_str() {
                "true" | "yes" | "1" | MIXED => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
        }
    }

    /// Our records say it inside `sentiment`, our corpus as a sentiment of its own.
    fn mixed_beside_sentiment(&self, sentiment: Option<&str>) -> Option<bool> {
        let value = self.value(Task::Sentiment);
        let member = value.as_ref().and_then(|value| value.get(MIXED));
        match member {
            Some(flag) => flag.as_bool(),
            None => sentiment.map(|label| label == MIXED),
        }
    }

    fn stars(&self) -> Option<f64> {
        let beside = || {
            let sentiment = self.value(Task::Sentiment)?;
            sentiment.get("stars").and_then(Value::as_f64)
        };
        let stars = match self.value(Task::Stars) {
            Some(value) => {
                let raw = raw(&value)?;
                let values = self.task(Task::Stars).map(|task| &task.values);
                let raw = values.and_then(|values| values.get(&raw)).unwrap_or(&raw);
                raw.trim().parse().ok()
            }
            None => beside(),
        };
        stars.filter(|stars| (1.0..=5.0).contains(stars))
    }

    fn emotions(&self) -> Option<BTreeSet<String>> {
        let task = Task::Emotions;
        if let Some(mapping) = self.task(task).filter(|task| !task.indicators.is_empty()) {
            let mut seen = false;
            let labels = mapping.indicators.iter().filter_map(|(column, label)| {
                let applies = self.get(column).and_then(|cell| self.flag(&cell))?;
                seen = true;
                applies.then(|| label.clone())
            });
            let labels = labels.collect();
            return seen.then_some(labels);
        }
        let items = self.items(task)?;
        let labels = items
            .iter()
            .filter_map(|item| self.label(task, &raw(item)?));
        Some(labels.collect())
    }

    fn topics(&self) -> Option<Vec<TopicLabel>> {
        let task = Task::Topics;
        if let Some(mapping) = self.task(task).filter(|task| !task.indicators.is_empty()) {
            let mut seen = false;
            let topics = mapping.indicators.iter().filter_map(|(column, topic)| {
                let value = raw(&self.get(column)?)?;
                seen = true;
                // A value without a meaning says that the topic is not there.
                let polarity = mapping.values.get(&value)?.clone();
                Some(TopicLabel {
                    topic: topic.clone(),
                    polarity: Some(polarity),
                    evidence: Vec::new(),
                })
            });
            let topics = topics.collect();
            return seen.then_some(topics);
        }
        let items = self.items(task)?;
        let mut topics: Vec<TopicLabel> = Vec::with_capacity(items.len());
        for topic in items.iter().filter_map(|item| self.topic(item)) {
            let known = topics
                .iter_mut()
                .find(|known| (&known.topic, &known.polarity) == (&topic.topic, &topic.polarity));
            match known {
                Some(known) => known.evidence.extend(topic.evidence),
                None => topics.push(topic),
            }
        }
        Some(topics)
    }

    /// `{"topic": .., "polarity": .., "evidence": ..}`, `price_value:negative` or `price_value`.
    fn topic(&self, item: &Value) -> Option<TopicLabel> {
        if let Value::Object(members) = item {
            let name = ["topic", "aspect", "label"]
                .iter()
                .find_map(|name| members.get(*name))?;
            return Some(TopicLabel {
                topic: self.label(Task::Topics, &raw(name)?)?,
                polarity: members
                    .get("polarity")
                    .and_then(raw)
                    .map(|raw| raw.to_lowercase()),
                evidence: members
                    .get("evidence")
                    .map_or_else(Vec::new, |evidence| self.spans(evidence)),
            });
        }
        let item = raw(item)?;
        let (topic, polarity) = match item.rsplit_once(':') {
            Some((topic, polarity)) => (topic, Some(polarity.trim().to_lowercase())),
            None => (item.as_str(), None),
        };
        Some(TopicLabel {
            topic: self.label(Task::Topics, topic.trim())?,
            polarity,
            evidence: Vec::new(),
        })
    }

    /// The items of a list, or of a cell with separators; `None` without a cell.
    fn items(&self, task: Task) -> Option<Vec<Value>> {
        let separator = self.task(task).and_then(|task| task.separator.as_deref());
        Some(match self.value(task)? {
            Value::Array(items) => items,
            Value::String(cell) => {
                let items: Vec<&str> = match separator {
                    Some(separator) => cell.split(separator).collect(),
                    None => cell.split([';', '|']).collect(),
                };
                let items = items.into_iter().map(str::trim);
                let items = items.filter(|item| !item.is_empty());
                items.map(Value::from).collect()
            }
            value => vec![value],
        })
    }

    /// A quote, a pair of positions, or several of them.
    fn spans(&self, evidence: &Value) -> Vec<Span> {
        match evidence {
            Value::Array(items) => items.iter().flat_map(|item| self.spans(item)).collect(),
            Value::String(quote) => {
                let start = self.text.find(quote.as_str());
                start
                    .map(|start| Span::new(start, start + quote.len()))
                    .into_iter()
                    .collect()
            }
            positions => self.span(positions).into_iter().collect(),
        }
    }

    /// `{"start": .., "end": ..}` in code points.
    fn span(&self, positions: &Value) -> Option<Span> {
        let points = self.points.get_or_init(|| {
            let starts = self.text.char_indices().map(|(at, _)| at);
            starts.chain([self.text.len()]).collect()
        });
        let point = |name: &str| {
            let position = positions.get(name)?.as_u64()?;
            points.get(usize::try_from(position).ok()?).copied()
        };
        let (start, end) = (point("start")?, point("end")?);
        (start <= end).then(|| Span::new(start, end))
    }

    fn segments(&self) -> Vec<(Span, f64)> {
        let Some(Value::Array(segments)) = self.get("segments") else {
            return Vec::new();
        };
        let segments = segments.iter();
        segments
            .filter_map(|segment| Some((self.span(segment)?, segment.get("score")?.as_f64()?)))
            .collect()
    }
}

/// The value of a field; lists and objects may stand in a cell of a table too.
fn parse(field: &Field) -> Option<Value> {
    let value = match field {
        Field::Json(json) => serde_json::from_str(json).ok()?,
        Field::Text(cell) => match cell.trim() {
            "" => Value::Null,
            cell if cell.starts_with(['[', '{']) => {
                serde_json::from_str(cell).unwrap_or_else(|_| cell.into())
            }
            cell => cell.into(),
        },
    };
    (!value.is_null()).then_some(value)
}

/// The text of a single value; of a label in our records its name.
fn raw(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(members) => {
            let names = ["label", "level"].iter();
            raw(names.copied().find_map(|name| members.get(name))?)
        }
        Value::Array(items) => match items.as_slice() {
            [item] => raw(item),
            _ => None,
        },
        Value::Null => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| raw(value)?.parse().ok())
}

/// The labels of a piece of feedback, out of its fields.
pub(super) fn labels(feedback: &Feedback, text: &str, mapping: &Mapping) -> Labels {
    Cells::new(&feedback.fields, text, mapping).labels()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(cells: &[(&str, &str)]) -> Vec<(String, Field)> {
        let field = |cell: &str| match cell.strip_prefix("json:") {
            Some(json) => Field::Json(json.to_owned()),
            None => Field::Text(cell.to_owned()),
        };
        let cells = cells.iter();
        cells
            .map(|(name, cell)| ((*name).to_owned(), field(cell)))
            .collect()
    }

    fn read(cells: &[(&str, &str)], text: &str, toml: &str) -> Labels {
        let mapping = Mapping::from_toml(toml).expect("a mapping");
        Cells::new(&fields(cells), text, &mapping).labels()
    }

    fn emotions(labels: &Labels) -> Option<Vec<&str>> {
        let emotions = labels.emotions.as_ref()?;
        Some(emotions.iter().map(String::as_str).collect())
    }

    #[test]
    fn columns_are_found_by_name_in_tables_and_json() {
        let cells = [
            ("Sentiment", "Negative"),
            ("stars", "2"),
            ("emotions", "anger; worry"),
            ("topics", "delivery_speed:negative|price_value"),
            ("act", "json:\"complaint\""),
            ("urgency", "p2"),
            ("lang", "zh-TW"),
        ];
        let labels = read(&cells, "", "");
        assert_eq!(labels.sentiment.as_deref(), Some("negative"));
        assert_eq!((labels.mixed, labels.stars), (Some(false), Some(2.0)));
        assert_eq!(emotions(&labels), Some(vec!["anger", "worry"]));
        assert_eq!(labels.urgency.as_deref(), Some("P2"));
        assert_eq!(labels.language.as_deref(), Some("zh-Hant"));
        let found = labels.topics_with_polarity();
        assert!(
            found.contains(&("delivery_speed", Some("negative"))),
            "{found:?}"
        );
        assert!(found.contains(&("price_value", None)), "{found:?}");
    }

    #[test]
    fn a_mixed_text_has_none_of_the_classes() {
        let labels = read(&[("sentiment", "mixed")], "", "");
        assert_eq!((labels.sentiment, labels.mixed), (None, Some(true)));
    }

    #[test]
    fn values_mean_what_the_mapping_says() {
        let toml = "[sentiment]\ncolumn = \"q\"\nvalues = { 0 = \"negative\", 2 = \"positive\" }\nlabels = [\"negative\", \"positive\"]";
        for (cell, label) in [
            ("json:0", Some("negative")),
            ("2", Some("positive")),
            ("positive", Some("positive")),
            ("1", None),
            ("", None),
        ] {
            let labels = read(&[("q", cell)], "", toml);
            assert_eq!(labels.sentiment.as_deref(), label, "{cell:?}");
        }
    }

    #[test]
    fn a_column_for_each_label_is_read() {
        let toml = "[emotions]\nindicators = { fear = \"worry\", joy = \"joy\" }\n\
            [topics]\nindicators = { \"Food#Taste\" = \"food_taste\", Price = \"price_value\" }\nvalues = { -1 = \"negative\", 1 = \"positive\" }";
        let cells = [
            ("fear", "1"),
            ("joy", "json:0"),
            ("Food#Taste", "-1"),
            ("Price", "-2"),
        ];
        let labels = read(&cells, "", toml);
        assert_eq!(emotions(&labels), Some(vec!["worry"]));
        let found: Vec<_> = labels.topics_with_polarity().into_iter().collect();
        assert_eq!(found, [("food_taste", Some("negative"))]);
        assert_eq!(read(&[], "", toml).emotions, None);
    }

    #[test]
    fn what_most_annotators_say_is_the_label() {
        let toml = "[act]\nannotators = [\"a\", \"b\", \"c\"]";
        for (votes, label) in [
            (["praise", "praise", "remark"], Some("praise")),
            (["praise", "remark", ""], None),
            (["", "", "request"], Some("request")),
        ] {
            let cells = [("a", votes[0]), ("b", votes[1]), ("c", votes[2])];
            assert_eq!(read(&cells, "", toml).act.as_deref(), label, "{votes:?}");
        }
    }

    #[test]
    fn evidence_is_found_by_quote_and_by_position() {
        let text = "ส่งช้ามาก 😡 pas de réponse";
        for (evidence, words) in [
            ("\"réponse\"", vec!["réponse"]),
            ("{\"start\":10,\"end\":11}", vec!["😡"]),
            ("[{\"start\":0,\"end\":5},\"pas\"]", vec!["ส่งช้", "pas"]),
            ("\"not there\"", vec![]),
            ("{\"start\":7,\"end\":3}", vec![]),
            ("{\"start\":0,\"end\":900}", vec![]),
        ] {
            let topics = format!(
                "json:[{{\"topic\":\"delivery_speed\",\"polarity\":\"negative\",\"evidence\":{evidence}}}]"
            );
            let labels = read(&[("topics", &topics)], text, "");
            let spans = labels.topics.expect("topics")[0].evidence.clone();
            let found: Vec<_> = spans.into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, words, "{evidence}");
        }
    }

    #[test]
    fn our_records_are_predictions() {
        let sentiment = r#"json:{"label":"negative","score":-0.7,"probabilities":{"negative":0.8,"neutral":0.1,"positive":0.1},"stars":1.5,"mixed":true}"#;
        let cells = [
            ("sentiment", sentiment),
            ("emotions", r#"json:[{"label":"anger","probability":0.9}]"#),
            ("act", r#"json:{"label":"complaint","probability":0.9}"#),
            ("urgency", r#"json:{"level":"P1","reasons":[]}"#),
            ("segments", r#"json:[{"start":0,"end":2,"score":-0.5}]"#),
        ];
        let (fields, mapping) = (fields(&cells), Mapping::default());
        let told = Cells::new(&fields, "très", &mapping).prediction();
        assert_eq!(told.confidence(), Some(0.8));
        assert_eq!(
            (told.labels.mixed, told.labels.stars),
            (Some(true), Some(1.5))
        );
        assert_eq!(told.labels.act.as_deref(), Some("complaint"));
        assert_eq!(told.labels.urgency.as_deref(), Some("P1"));
        assert_eq!(told.segments, [(Span::new(0, 2), -0.5)]);
    }

    #[test]
    fn nothing_makes_it_panic() {
        for cell in [
            "json:{",
            "[",
            "{\"label\":{}}",
            "json:[[[]]]",
            "json:null",
            ";;|",
            ":",
            "\u{0}",
        ] {
            let cells: Vec<_> = ["sentiment", "emotions", "topics", "stars", "act", "mixed"]
                .map(|name| (name, cell))
                .into();
            read(&cells, "text", "");
        }
    }
}
