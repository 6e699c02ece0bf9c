//! Tasks with several labels in a row, and where in the text they are seen.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Cells, raw};
use crate::evaluate::labels::{Task, TopicLabel};
use crate::span::Span;

impl Cells<'_> {
    pub(super) fn emotions(&self) -> Option<BTreeSet<String>> {
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

    pub(super) fn topics(&self) -> Option<Vec<TopicLabel>> {
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

    pub(super) fn segments(&self) -> Vec<(Span, f64)> {
        let Some(Value::Array(segments)) = self.get("segments") else {
            return Vec::new();
        };
        let segments = segments.iter();
        segments
            .filter_map(|segment| Some((self.span(segment)?, segment.get("score")?.as_f64()?)))
            .collect()
    }
}
