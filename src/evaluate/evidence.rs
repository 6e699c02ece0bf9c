//! How far two sides quote the same words of a text.

use std::ops::Range;

use super::labels::TopicLabel;
use super::metrics::Count;
use crate::span::Span;

/// F1 of the characters of both sides' evidence; `None` without a gold one.
pub(super) fn overlap(gold: &TopicLabel, told: &TopicLabel, text: &str) -> Option<f64> {
    let (gold, told) = (merged(&gold.evidence), merged(&told.evidence));
    let characters = |range: Range<usize>| text.get(range).map_or(0, |part| part.chars().count());
    let size = |spans: &[Range<usize>]| spans.iter().cloned().map(characters).sum::<usize>() as u64;
    let there = size(&gold);
    let common = gold.iter().flat_map(|gold| {
        told.iter()
            .map(|told| gold.start.max(told.start)..gold.end.min(told.end))
    });
    let hits = common
        .filter(|range| range.start < range.end)
        .map(characters)
        .sum::<usize>();
    let count = Count {
        there,
        claimed: size(&told),
        hits: hits as u64,
    };
    (there > 0).then(|| count.f1()).flatten()
}

/// Spans that do not overlap, in order.
fn merged(spans: &[Span]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = spans.iter().map(|span| span.range()).collect();
    spans.sort_by_key(|span| span.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(evidence: &[(usize, usize)]) -> TopicLabel {
        TopicLabel {
            topic: "delivery_speed".to_owned(),
            polarity: None,
            evidence: evidence
                .iter()
                .map(|&(start, end)| Span::new(start, end))
                .collect(),
        }
    }

    #[test]
    fn evidence_overlaps_in_characters() {
        let text = "送货太慢了，客服不理人";
        for (gold, told, f1) in [
            (&[(0, 15)][..], &[(0, 15)][..], Some(1.0)),
            // Three of five characters, and nothing else.
            (&[(0, 15)], &[(6, 15)], Some(2.0 * 3.0 / 8.0)),
            (&[(0, 15)], &[], Some(0.0)),
            (&[(0, 15)], &[(18, 33)], Some(0.0)),
            // Spans that overlap one another count once.
            (&[(0, 9), (6, 15)], &[(0, 15), (3, 6)], Some(1.0)),
            (&[], &[(0, 15)], None),
        ] {
            assert_eq!(
                overlap(&topic(gold), &topic(told), text),
                f1,
                "{gold:?} {told:?}"
            );
        }
        // Positions of another text.
        assert_eq!(overlap(&topic(&[(1, 400)]), &topic(&[(0, 3)]), text), None);
    }
}
