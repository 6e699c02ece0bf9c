//! Finds what the columns of a source hold: the text, the id, the language and
//! everything that has a [`Role`].

use std::borrow::Cow;

use super::columns::list;
use super::names::{
    self, CONS, CONVERSATION, ID, LANGUAGE, PROS, QUESTION, SPEAKER, TEXT, TITLE, TURN,
};
use super::ratings::Scale;
use super::roles::{Found, Role, RoleColumn, Search};
use super::sample::{self, Sample};
use super::{Columns, Format, ReadOptions, TurnUnit};
use crate::error::{Error, Result};
use crate::feedback::{Feedback, Question};

/// Least letters a cell for a column to be taken as text by its content alone.
const TEXT_LENGTH: f32 = 12.0;

/// A column of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// Its place among the names.
    pub(super) at: usize,
    /// What its cells are read with.
    question: Option<String>,
}

/// Which columns hold what, by their place among the names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) text: Vec<Part>,
    pub(super) id: Option<usize>,
    pub(super) language: Option<usize>,
    /// What the text answers.
    question: Option<usize>,
    others: Vec<Found>,
    rolled_up: bool,
}

impl Choice {
    pub(super) fn is_text(&self, at: usize) -> bool {
        self.text.iter().any(|part| part.at == at)
    }

    /// Whether the column is carried through: the text is not, nor what the
    /// record says elsewhere.
    pub(super) fn carries(&self, at: usize) -> bool {
        let speaks = |found: &Found| matches!(found.role, Role::Speaker | Role::Turn);
        let rolled_up = self.rolled_up
            && self
                .others
                .iter()
                .any(|found| found.at == at && speaks(found));
        !self.is_text(at) && self.id != Some(at) && !rolled_up
    }

    /// What was taken for what among the columns `names`.
    pub(super) fn columns(&self, format: Format, names: &[String]) -> Columns {
        let name = |at: usize| names[at].clone();
        let question = self.question.iter().map(|&at| RoleColumn {
            role: Role::Question,
            column: name(at),
            note: None,
        });
        let others = self.others.iter().map(|found| RoleColumn {
            role: found.role,
            column: name(found.at),
            note: found.note(),
        });
        Columns {
            text: self.text.iter().map(|part| name(part.at)).collect(),
            asked: self.text.iter().any(|part| part.question.is_some()),
            id: self.id.map(name),
            language: self.language.map(name),
            others: question.chain(others).collect(),
            rolled_up: self.rolled_up,
            carried: (0..names.len())
                .filter(|&at| self.carries(at))
                .map(name)
                .collect(),
            ..Columns::new(format, "")
        }
    }

    /// What the cells of a row say, without its fields and its kind; `id` is
    /// made where the row has none of its own. Of several columns of text the
    /// cells that are not blank are joined by line breaks.
    pub(super) fn feedback<'a>(
        &self,
        id: impl FnOnce() -> String,
        cell: impl Fn(usize) -> Result<Option<Cow<'a, str>>>,
    ) -> Result<Feedback> {
        let value = |at: Option<usize>| match at {
            Some(at) => Ok(cell(at)?.filter(|cell| !cell.trim().is_empty())),
            None => Ok(None),
        };
        let own_id = value(self.id)?.map(|id| id.trim().to_owned());
        let mut feedback = Feedback::new(own_id.unwrap_or_else(id), "");
        feedback.language = value(self.language)?.and_then(|code| sample::language(&code));

        for part in &self.text {
            let Some(cell) = cell(part.at)? else { continue };
            let blank = cell.trim().is_empty();
            if blank && self.text.len() > 1 {
                continue;
            }
            if !feedback.text.is_empty() {
                feedback.text.push('\n');
            }
            if let Some(question) = part.question.as_ref().filter(|_| !blank) {
                feedback.questions.push(Question {
                    before: feedback.text.len(),
                    text: question.clone(),
                });
            }
            feedback.text.push_str(&cell);
        }
        if let Some(question) = value(self.question)?
            && !feedback.text.trim().is_empty()
        {
            let text = question.trim().to_owned();
            feedback.questions.insert(0, Question { before: 0, text });
        }

        for found in &self.others {
            if let Some(cell) = cell(found.at)? {
                found.tell(&cell, &mut feedback.context);
            }
        }
        Ok(feedback)
    }
}

/// Chooses among the columns `names` by the options, their names and the cells
/// of the first `rows` rows.
pub(super) fn choose(
    names: &[String],
    samples: &[Sample],
    rows: usize,
    options: &ReadOptions,
) -> Result<Choice> {
    let told = |role: Role| -> Result<Vec<usize>> {
        let columns = options.told(role);
        columns.map(|wanted| find(names, wanted)).collect()
    };
    let one = |role| told(role).map(|columns| columns.first().copied());
    // Roles that somebody gave a column, or said to have none.
    let mut settled: Vec<Role> = options.columns.iter().map(|(role, _)| *role).collect();
    let free = |role: Role| !settled.contains(&role);

    let mut others = Vec::new();
    let mut search = Search {
        names,
        samples,
        taken: Vec::new(),
    };
    let single = [
        Role::Text,
        Role::Title,
        Role::Question,
        Role::Id,
        Role::Language,
    ];
    for &role in Role::ALL.iter().filter(|role| !single.contains(role)) {
        if let Some(at) = one(role)? {
            others.push(search.told(role, at));
        }
    }
    search.taken.extend(others.iter().map(|found| found.at));
    for role in single {
        search.taken.extend(told(role)?);
    }

    let mut text = told(Role::Text)?;
    let found_text = text.is_empty();
    if found_text {
        text = find_texts(names, samples, &search.taken).ok_or_else(|| no_text(names))?;
        search.taken.extend(&text);
    }
    let title = match one(Role::Title)? {
        None if found_text && free(Role::Title) => search
            .by_name(Role::Title, &TITLE)
            .map(|found| found.at)
            .filter(|&at| samples[at].is_headline()),
        title => title,
    };
    let question = match one(Role::Question)? {
        None if free(Role::Question) => {
            search.taken.extend(title);
            let found = search.by_name(Role::Question, &QUESTION);
            found
                .map(|found| found.at)
                .filter(|&at| samples[at].length() > 0.0)
        }
        question => question,
    };
    search.taken.extend(title.into_iter().chain(question));
    let text: Vec<_> = title
        .into_iter()
        .filter(|title| !text.contains(title))
        .chain(text.iter().copied())
        .map(|at| Part {
            at,
            question: is_asking(&names[at]).then(|| names[at].clone()),
        })
        .collect();

    let wanted = options.turns == Some(TurnUnit::Conversation);
    let turns = turns(&mut search, &mut others, &settled, wanted);
    let rolled_up = match options.turns {
        Some(TurnUnit::Row) => false,
        Some(TurnUnit::Conversation)
            if !others.iter().any(|found| found.role == Role::Conversation) =>
        {
            return Err(
                Error::input("none of its columns looks like the conversation").with_hint(format!(
                    "name one with `--column conversation=NAME`; it has {}",
                    list(names)
                )),
            );
        }
        Some(TurnUnit::Conversation) => true,
        None => turns,
    };

    let id = one(Role::Id)?.or_else(|| {
        let named = |at: &usize| ID.is(&names[*at]) && !search.taken.contains(at);
        let identifies = |at: &usize| rows == 0 || samples[*at].identifies(rows);
        let found = (0..names.len()).find(|at| named(at) && identifies(at));
        found.filter(|_| free(Role::Id))
    });
    let language = one(Role::Language)?.or_else(|| {
        let named = |at: &usize| LANGUAGE.is(&names[*at]) && !search.taken.contains(at);
        let found = (0..names.len()).find(|at| named(at) && samples[*at].is_language(rows));
        found.filter(|_| free(Role::Language))
    });
    search.taken.extend(id.into_iter().chain(language));
    settled.extend(others.iter().map(|found| found.role));
    others.extend(search.rest(&settled));
    others.sort_by_key(|found| found.role);
    Ok(Choice {
        text,
        id,
        language,
        question,
        others,
        rolled_up,
    })
}

/// Finds the columns of a table of turns, and tells whether it is one: it names
/// conversation and speaker, or turn, and conversations have several rows. Where
/// that is `wanted`, the name of the conversation will do.
fn turns(search: &mut Search<'_>, others: &mut Vec<Found>, settled: &[Role], wanted: bool) -> bool {
    let find = |role: Role, known| {
        let told = others.iter().find(|found| found.role == role).cloned();
        told.or_else(|| {
            search
                .by_name(role, known)
                .filter(|_| !settled.contains(&role))
        })
    };
    let conversation = find(Role::Conversation, &CONVERSATION);
    let speaker = find(Role::Speaker, &SPEAKER);
    let turn = find(Role::Turn, &TURN);
    let Some(conversation) = conversation else {
        return false;
    };
    let sample = &search.samples[conversation.at];
    // A live pipe shows one row at first.
    let repeats = sample.distinct() < sample.filled() || sample.filled() < 2;
    let turns = wanted || repeats && (speaker.is_some() || turn.is_some());
    // Who wrote a review is not a speaker, and its place in a list no turn.
    let found = if turns {
        vec![Some(conversation), speaker, turn]
    } else {
        Vec::new()
    };
    for found in found.into_iter().flatten() {
        if !search.taken.contains(&found.at) {
            search.taken.push(found.at);
            others.push(found);
        }
    }
    turns
}

/// Whether the cells under a name mean little without it: it is a question, or
/// says that they praise or blame.
fn is_asking(name: &str) -> bool {
    names::is_question(name) || PROS.is(name) || CONS.is(name)
}

/// The columns of the text, in their order: the one that looks most like it, and
/// those whose names are questions or `pros` and `cons`.
fn find_texts(names: &[String], samples: &[Sample], taken: &[usize]) -> Option<Vec<usize>> {
    // Degrees of satisfaction are words too.
    let is_degree = |at: usize| {
        let (scale, count) = Scale::of(samples[at].values(), &names[at], false);
        !scale.is_of_numbers() && count * 10 >= samples[at].filled() * 9
    };
    let asked = |at: &usize| is_asking(&names[*at]) && samples[*at].is_answer() && !is_degree(*at);
    let free = (0..names.len()).filter(|at| !taken.contains(at));
    let mut texts: Vec<usize> = free.filter(asked).collect();
    let text = find_text(names, samples, taken);
    // Beside answers, what merely is long may be anything.
    let named = |at: &usize| TEXT.is(&names[*at]) || names::is_like_text(&names[*at]);
    texts.extend(text.filter(|at| texts.is_empty() || named(at) && samples[*at].is_answer()));
    texts.sort_unstable();
    texts.dedup();
    (!texts.is_empty()).then_some(texts)
}

fn find_text(names: &[String], samples: &[Sample], taken: &[usize]) -> Option<usize> {
    let longest = |fits: &dyn Fn(usize) -> bool, least: f32| {
        let free = (0..names.len()).filter(|at| !taken.contains(at));
        let fitting = free.filter(|&at| samples[at].length() >= least && fits(at));
        // The first of equals: `max_by` would take the last.
        let fitting: Vec<usize> = fitting.collect();
        fitting
            .into_iter()
            .rev()
            .max_by(|&a, &b| samples[a].text_score().total_cmp(&samples[b].text_score()))
    };
    let is_text = |at: usize| TEXT.is(&names[at]);
    longest(&is_text, f32::MIN_POSITIVE)
        .or_else(|| longest(&|at| names::is_like_text(&names[at]), f32::MIN_POSITIVE))
        .or_else(|| longest(&|_| true, TEXT_LENGTH))
        // A text column whose first cells are all blank, and a table of nothing else.
        .or_else(|| longest(&is_text, 0.0))
        .or_else(|| (names.len() == 1).then_some(0))
}

fn find(names: &[String], wanted: &str) -> Result<usize> {
    names.iter().position(|name| name == wanted).ok_or_else(|| {
        let hint = match names::nearest(wanted, names) {
            Some(name) => format!("did you mean \"{name}\"? It has {}", list(names)),
            None => format!("it has {}", list(names)),
        };
        Error::input(format!("has no column \"{wanted}\"")).with_hint(hint)
    })
}

fn no_text(names: &[String]) -> Error {
    Error::input("none of its columns looks like the text").with_hint(format!(
        "name one with `--text NAME`; it has {}",
        list(names)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The choice in a table, by name.
    fn chosen(table: &[&[&str]]) -> (String, Option<String>, Option<String>) {
        let names: Vec<String> = table[0].iter().map(|&name| name.to_owned()).collect();
        let mut samples: Vec<Sample> = names.iter().map(|_| Sample::default()).collect();
        for row in &table[1..] {
            for (sample, cell) in samples.iter_mut().zip(*row) {
                sample.add(cell);
            }
        }
        let options = ReadOptions::default();
        let choice = choose(&names, &samples, table.len() - 1, &options).expect("has a text");
        let name = |at: usize| names[at].clone();
        (
            name(choice.text[0].at),
            choice.id.map(name),
            choice.language.map(name),
        )
    }

    #[test]
    fn columns_are_found_by_name_and_content() {
        struct Case(
            &'static [&'static [&'static str]],
            &'static str,
            Option<&'static str>,
        );
        for Case(table, text, id) in [
            Case(
                &[&["id", "message", "review"], &["1", "hi", "much too late"]],
                "review",
                Some("id"),
            ),
            Case(
                &[
                    &["review_id", "review_date", "x"],
                    &["a1", "2026", "Late and rude staff"],
                ],
                "x",
                Some("review_id"),
            ),
            Case(
                &[
                    &["编号", "评论时间", "用户评论内容"],
                    &["1", "2026-01-01", "太慢"],
                ],
                "用户评论内容",
                Some("编号"),
            ),
            Case(
                &[&["id", "avis"], &["7", "Trop cher"], &["7", "Trop lent"]],
                "avis",
                None,
            ),
            Case(&[&["review", "verbatim"], &["4", "Slow"]], "verbatim", None),
            Case(
                &[&["รหัส", "ร้าน", "ข้อความ"], &["1", "สาขาหนึ่ง", "ช้า"]],
                "ข้อความ",
                Some("รหัส"),
            ),
            Case(&[&["id", "text"]], "text", Some("id")),
        ] {
            let (found, found_id, _) = chosen(table);
            assert_eq!(
                (found.as_str(), found_id.as_deref()),
                (text, id),
                "{table:?}"
            );
        }
        let table: &[&[&str]] = &[&["lang", "text"], &["fr-FR", "Trop lent"]];
        assert_eq!(chosen(table).2.as_deref(), Some("lang"));
        let table: &[&[&str]] = &[&["language", "text"], &["rude", "Too slow"]];
        assert_eq!(chosen(table).2, None);
    }
}
