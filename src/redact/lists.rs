//! Lists of names and of words beside them, one a line, from general knowledge.

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

/// The lines of the part of a list that stands under `[name]`.
pub(super) fn section(
    list: &'static str,
    name: &'static str,
) -> impl Iterator<Item = &'static str> {
    let is_head = |line: &&str| line.starts_with('[');
    lines(list)
        .skip_while(move |line| line.trim_matches(['[', ']']) != name || !is_head(line))
        .skip(1)
        .take_while(move |line| !is_head(line))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn lists_are_in_order_and_name_everything_once() {
        let lists = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/privacy");
        for list in std::fs::read_dir(lists).expect("the lists") {
            let path = list.expect("a list").path();
            let text = std::fs::read_to_string(&path).expect("a text");
            for part in text.split("\n[") {
                let names: Vec<_> = part
                    .lines()
                    .filter(|line| !line.starts_with('#') && !line.is_empty())
                    .filter(|line| !line.ends_with(']'))
                    .collect();
                let wrong = names.windows(2).find(|pair| pair[0] >= pair[1]);
                assert_eq!(wrong, None, "{}", path.display());
            }
        }
    }
}
