//! The files, folders and streams that a command is given.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use glob::MatchOptions;
use painpoint::{Columns, Format, ReadOptions, ReadProgress, Reader};

/// Where feedback comes from.
pub(crate) enum Source {
    File(PathBuf),
    /// Standard input, already open: its head has been looked at.
    Stdin(Box<Reader>),
}

impl Source {
    /// The sources named by `paths`: `-` is standard input, and so is nothing
    /// at all; a folder stands for the files in it that can be read, and a pattern
    /// for those that it fits, in the order of their names.
    pub(crate) fn all(paths: &[PathBuf], options: &ReadOptions) -> anyhow::Result<Vec<Self>> {
        let stdin = [PathBuf::from("-")];
        let paths = if paths.is_empty() { &stdin[..] } else { paths };
        let mut sources = Vec::new();
        for path in paths {
            if path == Path::new("-") {
                let reader = Reader::from_read("stdin", std::io::stdin(), options)?;
                sources.push(Self::Stdin(Box::new(reader)));
            } else if path.is_dir() {
                let before = sources.len();
                add_folder(path, &mut sources)?;
                if sources.len() == before {
                    bail!(
                        "{}: no file in this folder has the name of a table or a text, such as reviews.csv",
                        path.display()
                    );
                }
            } else if let Some(pattern) = pattern(path) {
                add_matches(pattern, &mut sources)?;
            } else {
                sources.push(Self::File(path.clone()));
            }
        }
        Ok(sources)
    }

    /// What is taken from it.
    pub(crate) fn columns(&self, options: &ReadOptions) -> painpoint::Result<Columns> {
        match self {
            Self::File(path) => Ok(Reader::open(path, options)?.columns().clone()),
            Self::Stdin(reader) => Ok(reader.columns().clone()),
        }
    }

    /// The name shown to the user.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin(_) => "stdin".to_owned(),
        }
    }

    /// The file, where it can be read again; pipes and devices cannot.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        match self {
            // What is not there is not there again.
            Self::File(path) => (path.is_file() || !path.exists()).then_some(path),
            Self::Stdin(_) => None,
        }
    }

    /// Size in bytes, where it is known.
    pub(crate) fn bytes(&self) -> Option<u64> {
        match self {
            Self::File(path) => path.metadata().ok().map(|metadata| metadata.len()),
            Self::Stdin(_) => None,
        }
    }

    pub(crate) fn open(self, options: &ReadOptions) -> painpoint::Result<(Reader, ReadProgress)> {
        let reader = match self {
            Self::File(path) => Reader::open(path, options)?,
            Self::Stdin(reader) => *reader,
        };
        let progress = reader.progress();
        Ok((reader, progress))
    }
}

/// The pattern that stands for files where no file has that very name: quoted, or
/// given to a shell that leaves it alone, as that of Windows does.
fn pattern(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    (text.contains(['*', '?', '[']) && !path.exists()).then_some(text)
}

/// Adds the files that a pattern fits, those already named left out: it may name
/// them beside the pattern.
fn add_matches(pattern: &str, sources: &mut Vec<Source>) -> anyhow::Result<()> {
    // As shells do: the partial output of a run is hidden, and no input.
    let options = MatchOptions {
        require_literal_leading_dot: true,
        ..MatchOptions::new()
    };
    let paths = glob::glob_with(pattern, options)
        .with_context(|| format!("{pattern}: is no pattern of file names"))?;
    let mut found = false;
    for path in paths {
        let path = path.with_context(|| format!("{pattern}: cannot look for files"))?;
        let named = |source: &Source| matches!(source, Source::File(other) if *other == path);
        if path.is_dir() {
            continue;
        }
        found = true;
        if !sources.iter().any(named) {
            sources.push(Source::File(path));
        }
    }
    if !found {
        bail!(
            "{pattern}: no file fits this pattern; `**` stands for folders, as in exports/**/*.csv"
        );
    }
    Ok(())
}

/// The files that `paths` name, those in folders too.
pub(crate) fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let sources = Source::all(paths, &ReadOptions::default())?.into_iter();
    let files = sources.filter_map(|source| match source {
        Source::File(path) => Some(path),
        Source::Stdin(_) => None,
    });
    Ok(files.collect())
}

fn add_folder(folder: &Path, sources: &mut Vec<Source>) -> anyhow::Result<()> {
    let context = || format!("{}: cannot read this folder", folder.display());
    let entries = std::fs::read_dir(folder).with_context(context)?;
    let mut paths: Vec<_> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()
        .with_context(context)?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_folder(&path, sources)?;
        } else if Format::of_name(&path).is_some() {
            sources.push(Source::File(path));
        }
    }
    Ok(())
}
