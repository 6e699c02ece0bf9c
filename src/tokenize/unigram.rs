//! Text → the tokens of a SentencePiece vocabulary, by the likeliest way to cut
//! each word.
//!
//! The same ids and places as the `tokenizers` crate gives for the kind of
//! `tokenizer.json` that our models have, from a smaller and quicker structure:
//! that crate spends most of a program's start on its own, and a hundred
//! megabytes. It stays the reference, and tests compare the two.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::charsmap::Charsmap;
use super::format::{self, Parts, Vocabulary};
use super::normalize::{Line, SPACE, normalize};
use super::trie::Trie;
use crate::error::{Error, Result};

/// A token and the bytes of the text it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) id: u32,
    pub(super) place: Range<usize>,
}

/// How much less likely than any piece an unknown character is.
const UNKNOWN_PENALTY: f64 = 10.0;

/// A vocabulary and how text is cut by it.
pub(super) struct Unigram {
    charsmap: Charsmap,
    vocabulary: Vocabulary,
    unknown: u32,
    unknown_score: f64,
    /// Finds the added tokens, whose numbers are `added_ids`.
    added: AhoCorasick,
    added_ids: Vec<u32>,
}

/// The likeliest way to some point of a word.
#[derive(Clone, Copy)]
struct Best {
    score: f64,
    /// Where its last piece begins; [`NOWHERE`] before there is a way.
    start: usize,
    /// Its last piece.
    id: u32,
}

const NOWHERE: usize = usize::MAX;

impl Unigram {
    /// Reads the bytes of a `tokenizer.json`.
    pub(super) fn parse(json: &[u8]) -> Result<Self> {
        let Parts {
            charsmap,
            vocabulary,
            unknown,
            added,
        } = format::parse(json)?;
        let lowest = vocabulary
            .scores
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        let (added_ids, contents): (Vec<_>, Vec<_>) = added.into_iter().unzip();
        Ok(Self {
            unknown,
            unknown_score: lowest - UNKNOWN_PENALTY,
            charsmap,
            vocabulary,
            added: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(contents)
                .map_err(|source| {
                    Error::model("tokenizer.json has added tokens that cannot be searched for")
                        .with_source(source)
                })?,
            added_ids,
        })
    }

    /// Number of pieces.
    pub(super) fn len(&self) -> usize {
        self.vocabulary.scores.len()
    }

    /// The number of `piece`.
    pub(super) fn id(&self, piece: &str) -> Option<u32> {
        self.vocabulary.trie.get(piece.chars())
    }

    /// The tokens of `text`, in order.
    pub(super) fn tokens(&self, text: &str) -> Vec<Token> {
        let mut cutter = Cutter {
            unigram: self,
            line: Line::default(),
            best: Vec::new(),
            tokens: Vec::with_capacity(text.len() / 4),
        };
        let mut at = 0;
        for found in self.added.find_iter(text) {
            cutter.cut(text, at..found.start());
            cutter.tokens.push(Token {
                id: self.added_ids[found.pattern()],
                place: found.range(),
            });
            at = found.end();
        }
        cutter.cut(text, at..text.len());
        cutter.tokens
    }
}

/// Cuts text, with room that is used again for every word.
struct Cutter<'a> {
    unigram: &'a Unigram,
    line: Line,
    /// For each point of a word.
    best: Vec<Best>,
    tokens: Vec<Token>,
}

impl Cutter<'_> {
    /// Cuts a part of `text` that holds no added token.
    fn cut(&mut self, text: &str, range: Range<usize>) {
        normalize(&self.unigram.charsmap, &text[range.clone()], &mut self.line);
        let mut rest = 0..self.line.chars.len();
        while !rest.is_empty() {
            let after = self.line.chars[rest.start + 1..].iter();
            let length = after.take_while(|&&c| c != SPACE).count() + 1;
            self.find_best(rest.start..rest.start + length);
            self.collect(text, range.start, rest.start..rest.start + length);
            rest.start += length;
        }
    }

    /// Finds the best way to each point of a word. The crate adds and compares
    /// in this order too: of equal ways the one found first stays.
    fn find_best(&mut self, word: Range<usize>) {
        let Unigram {
            vocabulary: Vocabulary { trie, scores },
            unknown,
            unknown_score,
            ..
        } = self.unigram;
        let word = &self.line.chars[word];
        let start = Best {
            score: 0.0,
            start: NOWHERE,
            id: 0,
        };
        self.best.clear();
        self.best.resize(word.len() + 1, start);
        for start in 0..word.len() {
            let score = self.best[start].score;
            let (mut node, mut single) = (Trie::ROOT, false);
            for (end, &c) in (start + 1..).zip(&word[start..]) {
                let Some(next) = trie.child(node, c) else {
                    break;
                };
                node = next;
                if let Some(id) = trie.piece(node) {
                    self.best[end].improve(score + scores[id as usize], start, id);
                    single |= end == start + 1;
                }
            }
            if !single {
                self.best[start + 1].improve(score + unknown_score, start, *unknown);
            }
        }
    }

    /// Appends the tokens of the best way through a word; unknown neighbours
    /// are one.
    fn collect(&mut self, text: &str, offset: usize, word: Range<usize>) {
        let unknown = self.unigram.unknown;
        let (chars, places) = (&self.line.chars[word.clone()], &self.line.places[word]);
        let first = self.tokens.len();
        let mut end = chars.len();
        while end > 0 {
            let Best {
                mut start, mut id, ..
            } = self.best[end];
            if id == unknown {
                while start > 0 && self.best[start].id == unknown {
                    start = self.best[start].start;
                }
                // Together they may be a piece after all.
                let joined = self
                    .unigram
                    .vocabulary
                    .trie
                    .get(chars[start..end].iter().copied());
                id = joined.unwrap_or(unknown);
            }
            let (from, last) = (offset + places[start], offset + places[end - 1]);
            let width = text[last..].chars().next().map_or(0, char::len_utf8);
            self.tokens.push(Token {
                id,
                place: from..last + width,
            });
            end = start;
        }
        self.tokens[first..].reverse();
    }
}

impl Best {
    fn improve(&mut self, score: f64, start: usize, id: u32) {
        if self.start == NOWHERE || score > self.score {
            *self = Self { score, start, id };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// A tokenizer of ours and the crate's, of the same file.
    struct Pair {
        ours: Unigram,
        reference: tokenizers::Tokenizer,
    }

    impl Pair {
        fn load(dir: &str) -> Self {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
            let json = fs::read(path.join("tokenizer.json")).expect("a model of the repository");
            Self {
                ours: Unigram::parse(&json).expect("a tokenizer of the repository"),
                reference: tokenizers::Tokenizer::from_bytes(json).expect("the same"),
            }
        }

        /// Fails if the two do not give the same tokens.
        fn compare(&self, text: &str) {
            let ours = self.ours.tokens(text);
            let encoding = self.reference.encode(text, false).expect("any text");
            let places = encoding.get_offsets().iter();
            let reference: Vec<_> = encoding
                .get_ids()
                .iter()
                .zip(places)
                .map(|(&id, &(start, end))| Token {
                    id,
                    place: start..end,
                })
                .collect();
            assert_eq!(ours, reference, "in {text:?}");
        }
    }

    static BASE: LazyLock<Pair> = LazyLock::new(|| Pair::load("models/painpoint-base"));
    static TINY: LazyLock<Pair> = LazyLock::new(|| Pair::load("tests/fixtures/tiny-model"));

    /// Compares every text below `dir`: what a line of JSON calls its text, and
    /// other lines as they are. Says how many there were.
    fn compare_files(dir: &Path) -> usize {
        let mut texts = 0;
        for entry in fs::read_dir(dir).expect("a folder of the repository") {
            let path = entry.expect("a folder of the repository").path();
            if path.is_dir() {
                texts += compare_files(&path);
                continue;
            }
            let file = fs::read_to_string(&path).expect("a file of the repository");
            for line in file.lines() {
                let value = serde_json::from_str(line).unwrap_or(Value::Null);
                BASE.compare(value["text"].as_str().unwrap_or(line));
                texts += 1;
            }
        }
        texts
    }

    #[test]
    fn tokens_of_our_data_are_those_of_the_reference() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let mut texts = 0;
        for dir in ["feedback", "behaviour", "samples"] {
            // Packages come without some of it.
            let dir = data.join(dir);
            texts += if dir.exists() { compare_files(&dir) } else { 0 };
        }
        assert!(texts > 100, "{texts}");
    }

    #[test]
    fn tokens_of_odd_texts_are_those_of_the_reference() {
        let texts = [
            "",
            " ",
            "   ",
            "▁",
            "▁▁ ▁a▁",
            " a  b   c ",
            "<s>",
            "</s> <s><pad>x<unk>y <s",
            "＜s＞ ＜unk＞＜unk＞",
            "a<s>",
            "\u{1e}",
            "\u{1e}a b",
            "™\u{1e}g",
            "a\u{1e}\u{1e}\u{1e}b",
            "\0",
            "a\r\nb\n\nc\td",
            "ａ\u{301}ｂ",
            "ﬁn ﬀ ㌔ ㍿ ½",
            "é e\u{301} e\u{301}\u{302}\u{303}\u{304}",
            "กำ น้ำ ที่",
            "한국어 한",
            "👨‍👩‍👧‍👦 🇹🇭🇫🇷🇪 👍🏽 ❤️",
            "\u{feff}x\u{ad}y\u{200b}z",
            "\u{600}a \u{e0001}",
            "哈哈哈哈哈哈哈",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!!!!!!!!!!!!",
            "𐎀𐎁𐎂 𐎀",
        ];
        for text in texts {
            for pair in [&*BASE, &*TINY] {
                pair.compare(text);
                pair.compare(&text.repeat(3));
                pair.compare(&format!("so {text} la"));
            }
        }
    }

    #[test]
    fn every_character_gives_the_tokens_of_the_reference() {
        let mut line = String::new();
        for c in '\0'..=char::MAX {
            line.extend([c, ' ', c, 'a', c, '\u{301}', '.']);
            if line.len() > 4000 {
                TINY.compare(&line);
                line.clear();
            }
        }
    }

    /// A few characters of one kind, or a word that means something to the
    /// tokenizer.
    fn part() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ -~]{1,8}",
            "[a-c]{1,9}",
            " {1,4}",
            "[ \u{a0}\u{2000}-\u{200f}\u{3000}\t\r\n]{1,4}",
            "[\0-\u{9f}]{1,3}",
            "[à-ɏ]{1,6}",
            "[e\u{300}-\u{36f}]{1,5}",
            "[ก-๛]{1,12}",
            "[ᄀ-ᇿ가-힣]{1,6}",
            "[぀-ヿｦ-ﾟ]{1,8}",
            "[一-鿿]{1,12}",
            "[豈-﫿㈀-㏿]{1,4}",
            "[！-｠ﬀ-ﭏ]{1,6}",
            "[℀-↏①-⓿]{1,4}",
            "[\u{600}-\u{6ff}\u{900}-\u{97f}]{1,6}",
            "[🇦-🇿]{1,5}",
            "[😀-🙏🏻-🏿👨👩❤\u{200d}\u{fe0f}]{1,7}",
            "▁{1,3}",
            "<s>|</s>|<pad>|<unk>|＜s＞|<s|s>",
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn tokens_of_any_text_are_those_of_the_reference(
            parts in prop::collection::vec(part(), 0..12)
        ) {
            let text = parts.concat();
            BASE.compare(&text);
            TINY.compare(&text);
        }
    }

    #[test]
    fn what_is_not_supported_is_refused() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/tiny-model/tokenizer.json"
        );
        let json: Value =
            serde_json::from_slice(&fs::read(path).expect("a file of the repository"))
                .expect("a JSON file");
        type Change = fn(&mut Value);
        let cases: [(Change, &str); 11] = [
            (|t| t["version"] = "2.0".into(), "version"),
            (|t| t["model"]["type"] = "BPE".into(), "Unigram"),
            (
                |t| t["model"]["byte_fallback"] = true.into(),
                "byte_fallback",
            ),
            (|t| t["model"]["unk_id"] = Value::Null, "unknown"),
            (|t| t["model"]["unk_id"] = 3200.into(), "unknown"),
            (|t| t["model"]["vocab"][7] = 1.into(), "cannot be used"),
            (
                |t| t["pre_tokenizer"]["split"] = false.into(),
                "pre_tokenizer",
            ),
            (
                |t| t["normalizer"]["normalizers"][1] = Value::Null,
                "normalizer",
            ),
            (
                |t| t["normalizer"]["normalizers"][0]["precompiled_charsmap"] = "AAAA".into(),
                "charsmap",
            ),
            (|t| t["added_tokens"][2]["lstrip"] = true.into(), "</s>"),
            (|t| t["added_tokens"][2]["id"] = 7.into(), "</s>"),
        ];
        assert!(Unigram::parse(json.to_string().as_bytes()).is_ok());
        for (change, expected) in cases {
            let mut json = json.clone();
            change(&mut json);
            let error = Unigram::parse(json.to_string().as_bytes());
            let message = error.err().expect("a refusal").to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
