//! Conditions on a report that end a run with an alert: `P1>=1`, `nps<20`.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::Report;
use crate::aggregate::Measure;
use crate::error::{Error, ErrorKind, Result};
use crate::label::Urgency;

/// A condition such as `P1>=1`.
///
/// What can be asked after: `P1` to `P4`, records of that urgency; `negative`,
/// per cent of records; `nps`, `csat`, `ces` and `rating`; `spikes`, in the last
/// period; `pain`, records that hurt, in per cent, and `pain:TOPIC` for those
/// that one topic hurts.
///
/// ```
/// use painpoint::report::Alert;
///
/// let alert: Alert = "negative > 30".parse()?;
/// assert_eq!(alert.to_string(), "negative>30");
/// assert!("P9>=1".parse::<Alert>().is_err());
/// # Ok::<(), painpoint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    subject: Subject,
    comparison: &'static str,
    limit: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Subject {
    Level(Urgency),
    Negative,
    Score(Measure),
    Spikes,
    Pain(Option<String>),
}

/// An alert whose condition holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Fired {
    /// The condition.
    pub alert: String,
    /// The value that made it hold.
    pub value: f64,
}

/// The longer ones first, as `>` begins `>=`.
const COMPARISONS: [&str; 6] = [">=", "<=", "==", "!=", ">", "<"];

impl Alert {
    /// What `report` says, if the condition holds. A score that nobody gave
    /// fires nothing.
    pub fn check(&self, report: &Report) -> Option<Fired> {
        let value = self.subject.value(report)?;
        let holds = match self.comparison {
            ">=" => value >= self.limit,
            "<=" => value <= self.limit,
            "==" => value == self.limit,
            "!=" => value != self.limit,
            ">" => value > self.limit,
            _ => value < self.limit,
        };
        holds.then(|| Fired {
            alert: self.to_string(),
            value,
        })
    }
}

impl Subject {
    fn value(&self, report: &Report) -> Option<f64> {
        Some(match self {
            Self::Level(level) => report.urgency[*level as usize].rate.count as f64,
            Self::Negative => 100.0 * report.negative.share,
            Self::Score(measure) => {
                let mut measures = report.measures.iter();
                measures.find(|figure| figure.measure == *measure)?.mean
            }
            Self::Spikes => {
                let timeline = report.timeline.as_ref()?;
                let last = timeline.periods.len() - 1;
                let spikes = timeline.spikes.iter();
                spikes.filter(|spike| spike.at == last).count() as f64
            }
            Self::Pain(None) => 100.0 * report.hurt.share,
            Self::Pain(Some(topic)) => {
                let mut pains = report.pain_points.iter();
                let pain = pains.find(|pain| pain.topic == *topic);
                pain.map_or(0.0, |pain| 100.0 * pain.frequency.share)
            }
        })
    }

    fn of(name: &str) -> Option<Self> {
        if let Some(level) = Urgency::from_code(&name.to_uppercase()) {
            return Some(Self::Level(level));
        }
        let name = name.to_lowercase();
        Some(match name.as_str() {
            "negative" => Self::Negative,
            "spikes" => Self::Spikes,
            "pain" => Self::Pain(None),
            name => match name.strip_prefix("pain:") {
                Some(topic) => Self::Pain(Some(topic.trim().to_owned())),
                None => Self::Score(Measure::from_code(name)?),
            },
        })
    }
}

impl FromStr for Alert {
    type Err = Error;

    /// # Errors
    ///
    /// [`ErrorKind::Config`] if it is no condition on something known.
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || {
            let message = format!("{text}: no condition of a report");
            Error::new(ErrorKind::Config, message).with_hint(
                "write P1>=1, negative>30, nps<20, csat<80, ces<5, rating<4, spikes>=1, pain>40 \
                 or pain:delivery_speed>5",
            )
        };
        let found = COMPARISONS
            .iter()
            .filter_map(|&comparison| Some((text.find(comparison)?, comparison)))
            .min_by_key(|&(at, comparison)| (at, std::cmp::Reverse(comparison.len())));
        let (at, comparison) = found.ok_or_else(wrong)?;
        let limit = text[at + comparison.len()..].trim().trim_end_matches('%');
        let limit: f64 = limit.trim_end().parse().map_err(|_| wrong())?;
        match Subject::of(text[..at].trim()) {
            Some(subject) if limit.is_finite() => Ok(Self {
                subject,
                comparison,
                limit,
            }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Subject::Level(level) => f.write_str(level.code()),
            Subject::Negative => f.write_str("negative"),
            Subject::Score(measure) => f.write_str(measure.code()),
            Subject::Spikes => f.write_str("spikes"),
            Subject::Pain(None) => f.write_str("pain"),
            Subject::Pain(Some(topic)) => write!(f, "pain:{topic}"),
        }?;
        write!(f, "{}{}", self.comparison, self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_people_write_them() {
        let cases = [
            ("P1>=1", Some("P1>=1")),
            (" p1 >= 1 ", Some("P1>=1")),
            ("nps<-20", Some("nps<-20")),
            ("negative>30%", Some("negative>30")),
            ("pain:staff_attitude>2.5", Some("pain:staff_attitude>2.5")),
            ("rating != 4", Some("rating!=4")),
            ("P1", None),
            (">=1", None),
            ("P5>1", None),
            ("nps<", None),
            ("nps<inf", None),
            ("差评>1", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let alert = text.parse::<Alert>().ok().map(|alert| alert.to_string());
            assert_eq!(alert.as_deref(), expected, "{text}");
        }
    }
}
