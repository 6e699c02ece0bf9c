//! A linear model on n-grams of words and characters, trained on the spot.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::error::Result;
use crate::evaluate::{LabelledRow, Labels, Prediction, Predictor, Task, TopicLabel};
use crate::feedback::Feedback;

/// Buckets that n-grams are hashed into (Weinberger et al. 2009): at 30,000 rows
/// the collisions cost less than a tenth of a point.
const BUCKETS: usize = 1 << 18;

/// Characters of the longest n-gram within a text.
const LONGEST: usize = 4;

/// Longer words are sentences without spaces, as in Chinese and Thai: their
/// characters say enough.
const LONGEST_WORD: usize = 20;

/// Passes over the rows.
const EPOCHS: usize = 8;

/// Length of the first step; it falls to 0 in a straight line.
const STEP: f32 = 4.0;

/// Of several labels each applies from this probability on. Below a half, as F1
/// gains more from a hit than it loses by a miss.
const APPLIES: f32 = 0.3;

/// A topic that fewer rows have cannot be learned.
const FEWEST_ROWS: usize = 5;

/// Logistic regression on hashed n-grams of one to four characters and of one
/// and two words: a head for each task that the rows are labelled for, trained
/// by stochastic gradient descent. The same rows give the same model, on any
/// number of threads.
#[derive(Clone, Debug)]
pub struct Linear {
    heads: BTreeMap<Task, Head>,
}

/// The weights of one task.
#[derive(Clone, Debug)]
struct Head {
    labels: Vec<String>,
    /// One for each label, bucket after bucket; the bias last.
    weights: Vec<f32>,
    /// Whether just one label applies.
    exclusive: bool,
}

/// Buckets of a text with their values, whose squares sum to 1; each bucket once.
type Features = Vec<(u32, f32)>;

impl Linear {
    /// Learns from `rows`; `seed` orders them.
    pub fn train(rows: &[LabelledRow], seed: u64) -> Self {
        let features: Vec<Features> = rows
            .par_iter()
            .map(|row| features(&row.feedback.text))
            .collect();
        let heads = Task::ALL.par_iter().filter_map(|&task| {
            let examples: Vec<(&Features, Vec<String>)> = features
                .iter()
                .zip(rows)
                .filter_map(|(features, row)| Some((features, labels_of(&row.gold, task)?)))
                .collect();
            Some((task, Head::train(&examples, task, seed)?))
        });
        Self {
            heads: heads.collect(),
        }
    }

    fn answer(&self, text: &str) -> Prediction {
        let features = features(text);
        let shares = |task| {
            let head = self.heads.get(&task)?;
            Some(head.labels.iter().zip(head.probabilities(&features)))
        };
        let class = |task| {
            let likeliest = shares(task)?.max_by(|a, b| a.1.total_cmp(&b.1));
            likeliest.map(|(label, _)| label.clone())
        };
        let several = |task| {
            let shares = shares(task)?.filter(|(_, share)| *share >= APPLIES);
            Some(shares.map(|(label, _)| label.clone()))
        };
        let stars = shares(Task::Stars).map(|shares| {
            let expected = shares.map(|(stars, share)| stars.parse().unwrap_or(0.0) * share);
            f64::from(expected.sum::<f32>())
        });
        let probabilities: BTreeMap<String, f64> = shares(Task::Sentiment)
            .into_iter()
            .flatten()
            .map(|(label, share)| (label.clone(), f64::from(share)))
            .collect();
        let share = |label: &str| probabilities.get(label).copied().unwrap_or(0.0);
        Prediction {
            score: (!probabilities.is_empty()).then(|| share("positive") - share("negative")),
            labels: Labels {
                sentiment: class(Task::Sentiment),
                mixed: class(Task::Mixed).map(|label| label == "mixed"),
                stars,
                emotions: several(Task::Emotions).map(Iterator::collect),
                topics: several(Task::Topics).map(|topics| topics.map(topic).collect()),
                act: class(Task::Act),
                urgency: class(Task::Urgency),
                language: class(Task::Language),
            },
            probabilities,
            ..Prediction::default()
        }
    }
}

impl Predictor for Linear {
    fn name(&self) -> String {
        "linear".to_owned()
    }

    fn predict(&self, feedback: &[&Feedback]) -> Vec<Result<Prediction>> {
        let answers = feedback.par_iter();
        answers
            .map(|feedback| Ok(self.answer(&feedback.text)))
            .collect()
    }
}

/// The labels of a row as a head learns them; a topic with its polarity is one.
fn labels_of(gold: &Labels, task: Task) -> Option<Vec<String>> {
    Some(match task {
        Task::Stars => vec![format!("{}", gold.stars?.round())],
        Task::Emotions => gold.emotions.as_ref()?.iter().cloned().collect(),
        Task::Topics => {
            gold.topics.as_ref()?;
            let topics = gold.topics_with_polarity().into_iter();
            topics
                .map(|(topic, polarity)| match polarity {
                    Some(polarity) => format!("{topic} {polarity}"),
                    None => topic.to_owned(),
                })
                .collect()
        }
        task => vec![gold.class(task)?.to_owned()],
    })
}

fn topic(label: String) -> TopicLabel {
    let (topic, polarity) = match label.rsplit_once(' ') {
        Some((topic, polarity)) => (topic.to_owned(), Some(polarity.to_owned())),
        None => (label, None),
    };
    TopicLabel {
        topic,
        polarity,
        evidence: Vec::new(),
    }
}

impl Head {
    /// `None` without a label to learn.
    fn train(examples: &[(&Features, Vec<String>)], task: Task, seed: u64) -> Option<Self> {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        for label in examples.iter().flat_map(|(_, labels)| labels) {
            *counts.entry(label).or_default() += 1;
        }
        let fewest = if task == Task::Topics { FEWEST_ROWS } else { 1 };
        counts.retain(|_, count| *count >= fewest);
        let numbers: BTreeMap<&String, usize> = counts
            .keys()
            .enumerate()
            .map(|(number, label)| (*label, number))
            .collect();
        let labels: Vec<String> = counts.into_keys().cloned().collect();
        if labels.is_empty() {
            return None;
        }
        let mut head = Self {
            weights: vec![0.0; (BUCKETS + 1) * labels.len()],
            exclusive: !matches!(task, Task::Emotions | Task::Topics),
            labels,
        };
        let targets: Vec<Vec<usize>> = examples
            .iter()
            .map(|(_, own)| {
                own.iter()
                    .filter_map(|label| numbers.get(label).copied())
                    .collect()
            })
            .collect();
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let steps = (EPOCHS * examples.len()) as f32;
        let mut done = 0.0;
        for _ in 0..EPOCHS {
            order.shuffle(&mut random);
            for &at in &order {
                head.learn(examples[at].0, &targets[at], STEP * (1.0 - done / steps));
                done += 1.0;
            }
        }
        Some(head)
    }

    /// One step down the gradient of the cross-entropy.
    fn learn(&mut self, features: &Features, targets: &[usize], step: f32) {
        let mut errors = self.probabilities(features);
        for &target in targets {
            errors[target] -= 1.0;
        }
        let width = self.labels.len();
        for &(bucket, value) in features.iter().chain(&[BIAS]) {
            let at = bucket as usize * width;
            for (weight, error) in self.weights[at..at + width].iter_mut().zip(&errors) {
                *weight -= step * value * error;
            }
        }
    }

    fn probabilities(&self, features: &Features) -> Vec<f32> {
        let width = self.labels.len();
        let mut sums = vec![0.0; width];
        for &(bucket, value) in features.iter().chain(&[BIAS]) {
            let at = bucket as usize * width;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[at..at + width]) {
                *sum += value * weight;
            }
        }
        if !self.exclusive {
            sums.iter_mut()
                .for_each(|sum| *sum = 1.0 / (1.0 + (-*sum).exp()));
            return sums;
        }
        let most = sums.iter().copied().fold(f32::MIN, f32::max);
        sums.iter_mut().for_each(|sum| *sum = (*sum - most).exp());
        let total: f32 = sums.iter().sum();
        sums.iter_mut().for_each(|sum| *sum /= total);
        sums
    }
}

/// Every text has it; small, so that it does not outrun the others.
const BIAS: (u32, f32) = (BUCKETS as u32, 0.1);

fn features(text: &str) -> Features {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut buckets = Vec::with_capacity(text.len() * LONGEST);
    for run in &words {
        // With its borders, so that a word's first and last letters differ from others.
        let run = format!(" {run} ");
        let places: Vec<usize> = run
            .char_indices()
            .map(|(at, _)| at)
            .chain([run.len()])
            .collect();
        for length in 1..=LONGEST {
            let grams = places.windows(length + 1);
            buckets.extend(grams.map(|gram| bucket(b'c', &[&run[gram[0]..gram[length]]])));
        }
    }
    let words: Vec<&str> = words
        .into_iter()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty() && word.chars().nth(LONGEST_WORD).is_none())
        .collect();
    buckets.extend(words.iter().map(|word| bucket(b'w', &[word])));
    buckets.extend(words.windows(2).map(|pair| bucket(b'w', pair)));

    buckets.sort_unstable();
    let mut features: Features = buckets
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], (same.len() as f32).ln_1p()))
        .collect();
    let norm = features
        .iter()
        .map(|(_, value)| value * value)
        .sum::<f32>()
        .sqrt();
    features.iter_mut().for_each(|(_, value)| *value /= norm);
    features
}

/// FNV-1a: the same everywhere, unlike the hashes of the standard library.
fn bucket(kind: u8, parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([b' ']));
    let hash = [kind]
        .into_iter()
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    // The low bits of FNV are its weakest.
    ((hash ^ (hash >> 32)) % BUCKETS as u64) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Dataset, Mapping};
    use crate::read::{ReadOptions, Reader};

    const ROWS: &str = "text,sentiment,stars,emotions,topics\n\
        Trop lent et sale,negative,1,anger,cleanliness:negative\n\
        Toujours lent,negative,2,anger;frustration,\n\
        Très propre et rapide,positive,5,joy,cleanliness:positive\n\
        Rapide et gentil,positive,4,joy,\n\
        ช้ามาก แย่,negative,1,anger,\n\
        ดีมาก ขอบคุณ,positive,5,joy,\n\
        太慢了,negative,2,frustration,\n\
        很好 谢谢,positive,5,joy,\n";

    fn trained() -> (Dataset, Linear) {
        let rows = Reader::from_read("rows", ROWS.as_bytes(), &ReadOptions::default());
        let data = Dataset::read(rows.expect("rows"), &Mapping::default());
        let linear = Linear::train(&data.rows, 7);
        (data, linear)
    }

    #[test]
    fn it_learns_what_it_is_shown() {
        let (data, linear) = trained();
        for (row, told) in data.rows.iter().zip(linear.predict(&data.feedback())) {
            let told = told.expect("an answer");
            assert!(
                row.gold.agree(&told.labels, Task::Sentiment),
                "{row:?} {told:?}"
            );
            let total: f64 = told.probabilities.values().sum();
            assert!((total - 1.0).abs() < 1e-5, "{told:?}");
            let stars = told.labels.stars.expect("stars");
            assert!((1.0..=5.0).contains(&stars), "{stars}");
            // Each topic is in too few rows.
            assert_eq!(told.labels.topics, None);
        }
    }

    #[test]
    fn it_learns_the_same_on_any_number_of_threads() {
        let answers = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().expect("threads");
            pool.install(|| {
                let (data, linear) = trained();
                let told = linear.predict(&data.feedback()).into_iter();
                told.map(|told| told.expect("an answer"))
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(answers(1), answers(3));
    }

    #[test]
    fn odd_texts_have_features_of_length_one_or_none() {
        for text in [
            "",
            "   ",
            "!",
            "😡",
            "คำ",
            "太慢了，退款",
            "Très lent",
            &"x".repeat(50_000),
        ] {
            let features = features(text);
            let norm: f32 = features.iter().map(|(_, value)| value * value).sum();
            assert!(
                features.is_empty() || (norm - 1.0).abs() < 1e-4,
                "{text:?}: {norm}"
            );
            assert!(
                features
                    .iter()
                    .all(|(bucket, _)| (*bucket as usize) < BUCKETS)
            );
        }
    }
}
