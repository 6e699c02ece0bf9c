//! Lists of names, one a line, from general knowledge.

use std::collections::HashSet;

/// The lines of a list without its comments.
pub(super) fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = list.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The lines of a list, to look names up in.
pub(super) fn set(list: &'static str) -> HashSet<&'static str> {
    lines(list).collect()
}
