//! A document → the texts that a checkpoint is asked about: the whole, and the
//! parts that our own model gives a tone of their own.

use std::collections::HashMap;

use crate::classify::Scores;
use crate::prepare::Document;

/// The texts of a document, each once, and what they are of.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) texts: Vec<String>,
    /// How many texts there are.
    pub(super) count: usize,
    /// The number of the text of the whole.
    pub(super) whole: usize,
    /// The same of each segment, turn and opening that has a tone.
    pub(super) segments: Vec<Option<usize>>,
    pub(super) turns: Vec<Option<usize>>,
    pub(super) opening: Option<usize>,
}

impl Asked {
    /// `scores` are those of our own model: what it has no tone of is not asked about.
    pub(super) fn new(document: &Document, scores: &Scores) -> Self {
        let mut texts = Texts::default();
        let segments = &document.segments;
        let all = || 0..segments.len();
        // Who speaks for the company bears on no tone but that of the turn itself.
        let heard = |parts: Vec<usize>| {
            let own = parts.iter().copied().filter(|&at| !segments[at].context);
            let own: Vec<_> = own.collect();
            if own.is_empty() { parts } else { own }
        };
        let mut turns = vec![Vec::new(); document.turns.len()];
        for at in all().filter(|&at| !segments[at].asked) {
            turns[segments[at].turn].push(at);
        }
        let whole = texts.add(join(document, &heard(all().collect())));
        let parts = all().zip(&scores.segments);
        let parts = parts.map(|(at, tone)| tone.map(|_| texts.add(join(document, &[at]))));
        let parts = parts.collect();
        let turns = turns.iter().zip(&scores.turns);
        let turns = turns.map(|(turn, tone)| tone.map(|_| texts.add(join(document, turn))));
        let turns = turns.collect();
        let opening = scores
            .opening
            .map(|_| texts.add(join(document, &heard(document.opening()))));
        Self {
            count: texts.list.len(),
            texts: texts.list,
            whole,
            segments: parts,
            turns,
            opening,
        }
    }
}

/// Texts without repetition: a document is often one segment.
#[derive(Default)]
struct Texts {
    list: Vec<String>,
    places: HashMap<String, usize>,
}

impl Texts {
    fn add(&mut self, text: String) -> usize {
        *self.places.entry(text).or_insert_with_key(|text| {
            self.list.push(text.clone());
            self.list.len() - 1
        })
    }
}

/// The text of some segments, which are in order: as it stands where they follow
/// each other, on a new line where something is left out between them.
fn join(document: &Document, segments: &[usize]) -> String {
    let text = document.text.as_str();
    let runs = segments.chunk_by(|before, after| before + 1 == *after);
    let runs = runs.map(|run| {
        let start = document.segments[run[0]].range.start;
        let end = document.segments[run[run.len() - 1]].range.end;
        text[start..end].trim()
    });
    runs.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Feedback;
    use crate::prepare::prepare;

    #[test]
    fn segments_that_follow_each_other_are_joined_as_they_stand() {
        let text = "Customer: It broke.  Twice!\nAgent: Sorry.\nCustomer: 没人理我。";
        let document = prepare(&Feedback::new("", text));
        let own: Vec<_> = (0..document.segments.len())
            .filter(|&at| !document.segments[at].context)
            .collect();
        assert_eq!(
            join(&document, &own),
            "Customer: It broke. Twice!\nCustomer: 没人理我。"
        );
        assert_eq!(join(&document, &[]), "");
    }
}
