//! Which rows and which columns of the output are written.

use painpoint::{Act, Analysis, Polarity, Urgency};

#[derive(clap::Args)]
#[command(next_help_heading = "What is written")]
pub(crate) struct SelectionArguments {
    /// Write these columns only, in every format, as id,sentiment,score; `painpoint schema --columns` lists them
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// Write only rows that are one of these, as negative,mixed or P1,P2: tones, mixed, urgencies, acts, pain (anything hurts); where repeated, all must hold. Rows that could not be read stay
    #[arg(long, value_name = "TRAITS", value_parser = any_of)]
    only: Vec<AnyOf>,

    /// Write only rows whose tone is at least so likely, from 0 to 1. Rows that could not be read stay
    #[arg(long, value_name = "PROBABILITY", value_parser = probability)]
    min_confidence: Option<f32>,
}

/// Traits of a row, one of which it must have.
#[derive(Clone, Debug, PartialEq)]
struct AnyOf(Vec<Trait>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Trait {
    Tone(Polarity),
    Mixed,
    Urgency(Urgency),
    Act(Act),
    Pain,
}

fn any_of(text: &str) -> Result<AnyOf, String> {
    let traits = text.split(',').map(|code| Trait::of(code.trim()));
    let traits: Option<Vec<_>> = traits.collect();
    traits.map(AnyOf).ok_or_else(|| {
        let tones = Polarity::ALL.iter().map(|label| label.code());
        let urgencies = Urgency::ALL.iter().map(|label| label.code());
        let acts = Act::ALL.iter().map(|label| label.code());
        let codes: Vec<_> = tones.chain(urgencies).chain(acts).collect();
        format!(
            "some of {}, mixed, pain, parted by commas",
            codes.join(", ")
        )
    })
}

fn probability(text: &str) -> Result<f32, String> {
    let value = text.parse().ok();
    value
        .filter(|value| (0.0..=1.0).contains(value))
        .ok_or_else(|| "a probability from 0 to 1".to_owned())
}

impl Trait {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "mixed" => Self::Mixed,
            "pain" => Self::Pain,
            code => {
                let tone = Polarity::from_code(code).map(Self::Tone);
                let urgency = || Urgency::from_code(&code.to_uppercase()).map(Self::Urgency);
                let act = || Act::from_code(code).map(Self::Act);
                tone.or_else(urgency).or_else(act)?
            }
        })
    }

    fn is_in(self, analysis: &Analysis) -> bool {
        let sentiment = analysis.sentiment.as_ref();
        match self {
            Self::Tone(tone) => sentiment.is_some_and(|it| it.label == tone),
            Self::Mixed => sentiment.is_some_and(|it| it.mixed),
            Self::Urgency(level) => analysis
                .urgency
                .as_ref()
                .is_some_and(|it| it.level == level),
            Self::Act(act) => analysis.act.is_some_and(|it| it.label == act),
            Self::Pain => !analysis.pain_points.is_empty(),
        }
    }
}

impl SelectionArguments {
    /// Whether rows may be left out.
    pub(crate) fn is_set(&self) -> bool {
        !self.only.is_empty() || self.min_confidence.is_some()
    }

    /// Whether the row is written.
    pub(crate) fn takes(&self, analysis: &Analysis) -> bool {
        let sure = self.min_confidence.is_none_or(|least| {
            let sentiment = analysis.sentiment.as_ref();
            sentiment.is_some_and(|it| it.probabilities[it.label as usize] >= least)
        });
        let mut conditions = self.only.iter();
        sure && conditions.all(|AnyOf(traits)| traits.iter().any(|it| it.is_in(analysis)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_are_read() {
        let cases = [
            (
                "negative,mixed",
                Some(vec![Trait::Tone(Polarity::Negative), Trait::Mixed]),
            ),
            (
                " p1 , P2",
                Some(vec![
                    Trait::Urgency(Urgency::P1),
                    Trait::Urgency(Urgency::P2),
                ]),
            ),
            (
                "complaint,pain",
                Some(vec![Trait::Act(Act::Complaint), Trait::Pain]),
            ),
            ("", None),
            ("negative,", None),
            ("差评", None),
            ("P5", None),
        ];
        for (text, expected) in cases {
            assert_eq!(any_of(text).ok(), expected.map(AnyOf), "{text}");
        }
        assert!(probability("0.6").is_ok() && probability("60").is_err());
        assert!(probability("NaN").is_err());
    }
}
