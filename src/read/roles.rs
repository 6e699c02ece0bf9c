//! What columns can hold besides text, id and language, and which do.

use std::fmt;
use std::str::FromStr;

use super::dates::DateForm;
use super::names::{self, Names};
use super::ratings::Scale;
use super::sample::Sample;
use crate::error::{Error, ErrorKind, Result};
use crate::feedback::Context;

labels! {
    /// What a column holds.
    Role {
        /// What the customer says.
        Text => "text",
        /// A headline, joined with the text.
        Title => "title",
        /// What the text answers.
        Question => "question",
        /// What identifies a row.
        Id => "id",
        /// The code of the language.
        Language => "language",
        /// When it was said.
        Date => "date",
        /// Stars, points or a degree of satisfaction.
        Rating => "rating",
        /// How likely the customer is to recommend, 0 to 10.
        Nps => "nps",
        /// How satisfied the customer is.
        Csat => "csat",
        /// How much effort it took.
        Ces => "ces",
        /// How it reached the company.
        Channel => "channel",
        /// What was bought or used.
        Product => "product",
        /// The shop, the branch, the town.
        Place => "place",
        /// The group of customers.
        Segment => "segment",
        /// Who the customer is.
        Customer => "customer",
        /// The conversation that a turn belongs to.
        Conversation => "conversation",
        /// Who speaks in a turn.
        Speaker => "speaker",
        /// The number of a turn.
        Turn => "turn",
    }
}

impl FromStr for Role {
    type Err = Error;

    /// The role with that code.
    fn from_str(code: &str) -> Result<Self> {
        Self::from_code(code).ok_or_else(|| {
            let codes: Vec<_> = Self::ALL.iter().map(|role| role.code()).collect();
            let nearest = names::nearest(code, &codes);
            let meant = nearest.map_or(String::new(), |code| format!("did you mean {code}? "));
            let hint = format!("{meant}Roles are {}", codes.join(", "));
            Error::new(ErrorKind::Config, format!("no role is called \"{code}\"")).with_hint(hint)
        })
    }
}

/// A column and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RoleColumn {
    /// What it was taken for.
    pub role: Role,
    /// Its name, or JSON path.
    pub column: String,
    /// How it is read, where that had to be decided: `day first`, `1–5`.
    pub note: Option<String>,
}

/// `date from "when" (day first)`
impl fmt::Display for RoleColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from \"{}\"", self.role, self.column)?;
        match &self.note {
            Some(note) => write!(f, " ({note})"),
            None => Ok(()),
        }
    }
}

/// A column that tells something of the [`Context`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) role: Role,
    /// Its place among the names.
    pub(super) at: usize,
    reading: Reading,
}

/// How the cells of a role are read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reading {
    Word,
    Number,
    Date(DateForm),
    Scale(Scale),
}

/// The names of each role's columns, in the order in which roles choose: a
/// column that could have two belongs to the first. Conversations and their
/// speakers are looked for before, and only together.
static NAMES: [(Role, &Names); 10] = [
    (Role::Nps, &names::NPS),
    (Role::Csat, &names::CSAT),
    (Role::Ces, &names::CES),
    (Role::Rating, &names::RATING),
    (Role::Date, &names::DATE),
    (Role::Segment, &names::SEGMENT),
    (Role::Channel, &names::CHANNEL),
    (Role::Product, &names::PRODUCT),
    (Role::Place, &names::PLACE),
    (Role::Customer, &names::CUSTOMER),
];

/// Rows from which plain numbers may tell a scale without a name.
const ENOUGH_NUMBERS: usize = 5;

/// Names that may tell in which order a table writes its dates: every column that
/// could hold some asks them.
const TELLING_NAMES: usize = 64;

/// The columns of a source, and which of them are taken.
pub(super) struct Search<'a> {
    pub(super) names: &'a [String],
    pub(super) samples: &'a [Sample],
    /// Columns that hold something already.
    pub(super) taken: Vec<usize>,
}

impl Search<'_> {
    /// The free column for `role` by its name, where the content agrees: one
    /// that is called so, else one whose name ends so.
    pub(super) fn by_name(&self, role: Role, known: &Names) -> Option<Found> {
        let find = |fits: &dyn Fn(usize) -> bool| {
            let mut free = self.free().filter(|&at| fits(at));
            free.find_map(|at| self.read_as(role, at, true))
        };
        find(&|at| known.is(&self.names[at]))
            .or_else(|| find(&|at| known.ends(&self.names[at]) && self.is_loose(role, at)))
    }

    /// What remains to be found: every role that is not `settled`.
    pub(super) fn rest(&mut self, settled: &[Role]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let open = |found: &[Found], role| {
            !settled.contains(&role) && !found.iter().any(|found: &Found| found.role == role)
        };
        // Who is called so comes before who is called somewhat so.
        for exact in [true, false] {
            for (role, known) in &NAMES {
                if !open(&found, *role) {
                    continue;
                }
                let fits = |at: &usize| match exact {
                    true => known.is(&self.names[*at]),
                    false => self.is_loosely(known, *role, *at),
                };
                let read = |at| self.read_as(*role, at, true);
                let column = self.free().filter(fits).find_map(read);
                if let Some(column) = column {
                    self.taken.push(column.at);
                    found.push(column);
                }
            }
        }
        for role in [Role::Date, Role::Rating] {
            let column = self.free().find_map(|at| self.by_content(role, at));
            if let Some(column) = column.filter(|_| open(&found, role)) {
                self.taken.push(column.at);
                found.push(column);
            }
        }
        found
    }

    fn free(&self) -> impl Iterator<Item = usize> {
        (0..self.names.len()).filter(|at| !self.taken.contains(at))
    }

    fn is_loosely(&self, known: &Names, role: Role, at: usize) -> bool {
        let name = &self.names[at];
        // What the content proves may be called in any words.
        let named = known.ends(name) || is_measured(role) && known.is_in(name);
        named && self.is_loose(role, at)
    }

    /// Whether the content of a column that is not called quite so agrees.
    fn is_loose(&self, role: Role, at: usize) -> bool {
        let sample = &self.samples[at];
        let words = |value: &str| value.contains(char::is_alphabetic);
        sample.filled() > 0 && (is_measured(role) || sample.is_mostly(words))
    }

    /// The column at `at` as one of `role`, if its content allows it. `named`
    /// columns are called so.
    fn read_as(&self, role: Role, at: usize, named: bool) -> Option<Found> {
        let sample = &self.samples[at];
        // Bare numbers under `time` may be any time that something took.
        let reading = self.reading(role, at, named && names::says_date(&self.names[at]));
        let nearly_all = |count: usize, share: usize| count * 10 >= sample.filled() * share;
        let fits = match reading {
            Reading::Date(_) if names::is_birth(&self.names[at]) => false,
            Reading::Date(form) => {
                let read = sample.values().filter(|value| form.read(value).is_some());
                nearly_all(read.count(), 8)
            }
            Reading::Scale(scale) => {
                let read = sample.values().filter(|value| scale.read(value).is_some());
                nearly_all(read.count(), 9)
            }
            Reading::Number => sample.is_mostly(|value| value.parse::<u64>().is_ok()),
            Reading::Word if matches!(role, Role::Title | Role::Question) => true,
            Reading::Word => sample.is_mostly(is_name),
        };
        fits.then_some(Found { role, at, reading })
    }

    /// The column at `at`, whatever its content, because somebody said so.
    pub(super) fn told(&self, role: Role, at: usize) -> Found {
        let reading = self.reading(role, at, true);
        Found { role, at, reading }
    }

    fn reading(&self, role: Role, at: usize, named: bool) -> Reading {
        let values = self.samples[at].values();
        match role {
            Role::Date => {
                let names = &self.names[..self.names.len().min(TELLING_NAMES)];
                Reading::Date(DateForm::of(values, named, names).0)
            }
            Role::Nps => Reading::Scale(Scale::recommendation()),
            Role::Rating | Role::Csat | Role::Ces => {
                let seven = role == Role::Ces;
                Reading::Scale(Scale::of(values, &self.names[at], seven).0)
            }
            Role::Turn => Reading::Number,
            _ => Reading::Word,
        }
    }

    /// The column at `at` as one of `role`, by its content alone. Small numbers
    /// are a rating only where there is no name that says something else.
    fn by_content(&self, role: Role, at: usize) -> Option<Found> {
        let sample = &self.samples[at];
        if !sample.is_mostly(|value| value.contains(char::is_numeric)) && role == Role::Date {
            return None;
        }
        let found = self
            .read_as(role, at, false)
            .filter(|_| sample.filled() > 0)?;
        let nameless = self.names[at] == format!("column_{}", at + 1);
        let told = match found.reading {
            Reading::Scale(scale) if scale.is_of_numbers() => {
                let ten =
                    sample.is_mostly(|value| value.parse::<u8>().is_ok_and(|number| number <= 10));
                nameless && ten && sample.filled() >= ENOUGH_NUMBERS && sample.distinct() > 1
            }
            _ => true,
        };
        told.then_some(found)
    }
}

/// Whether the role's columns hold values that can be told from others.
fn is_measured(role: Role) -> bool {
    matches!(
        role,
        Role::Date | Role::Nps | Role::Csat | Role::Ces | Role::Rating
    )
}

/// Whether a value may be the name of something: short, no link, no sentence.
fn is_name(value: &str) -> bool {
    value.chars().count() <= 100
        && !value.contains("://")
        && !value.ends_with(['.', '!', '?', '。', '！', '？'])
}

impl Found {
    /// What had to be decided about it.
    pub(super) fn note(&self) -> Option<String> {
        match self.reading {
            Reading::Date(form) => form.note().map(str::to_owned),
            Reading::Scale(_) if self.role == Role::Nps => None,
            Reading::Scale(scale) => Some(scale.note()),
            Reading::Word | Reading::Number => None,
        }
    }

    /// Adds what a cell tells to the context; a cell that does not hold what
    /// its column does tells nothing.
    pub(super) fn tell(&self, cell: &str, context: &mut Context) {
        let cell = cell.trim();
        if cell.is_empty() {
            return;
        }
        match self.reading {
            Reading::Date(form) => context.date = form.read(cell),
            Reading::Number => context.turn = cell.parse().ok(),
            Reading::Scale(scale) => {
                let rating = scale.read(cell);
                match self.role {
                    Role::Nps => {
                        let whole = rating.filter(|rating| rating.value.fract() == 0.0);
                        context.nps = whole.map(|rating| rating.value as u8);
                    }
                    Role::Csat => context.csat = rating,
                    Role::Ces => context.ces = rating,
                    _ => context.rating = rating,
                }
            }
            Reading::Word => {
                let place = match self.role {
                    Role::Channel => &mut context.channel,
                    Role::Product => &mut context.product,
                    Role::Place => &mut context.place,
                    Role::Segment => &mut context.segment,
                    Role::Customer => &mut context.customer,
                    Role::Conversation => &mut context.conversation,
                    Role::Speaker => &mut context.speaker,
                    // Not of the context.
                    _ => return,
                };
                *place = Some(cell.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_role_is_answered_with_the_nearest() {
        let error = "raiting".parse::<Role>().expect_err("is none");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(
            error.to_string().contains("did you mean rating?"),
            "{error}"
        );
        assert_eq!("place".parse::<Role>().expect("is one"), Role::Place);
    }
}
