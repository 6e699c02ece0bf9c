//! The files, folders and streams that a command is given.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use glob::MatchOptions;
use painpoint::{Columns, Format, ReadOptions, ReadProgress, Reader};

/// What stands for standard input among paths.
const STDIN: &str = "-";

/// Where feedback comes from.
pub(crate) enum Source {
    File(PathBuf),
    /// A stream, already open: its head has been looked at, and would be gone if it
    /// were opened again.
    Stream(String, painpoint::Result<Box<Reader>>),
}

impl Source {
    /// The sources named by `paths`: `-` is standard input, and so is nothing
    /// at all; a folder stands for the files in it that can be read, and a pattern
    /// for those that it fits, in the order of their names.
    pub(crate) fn all(paths: &[PathBuf], options: &ReadOptions) -> anyhow::Result<Vec<Self>> {
        let stdin = [PathBuf::from(STDIN)];
        let paths = if paths.is_empty() { &stdin[..] } else { paths };
        let sources = expand(paths)?.into_iter().map(|path| {
            if path == Path::new(STDIN) {
                let reader = Reader::from_read("stdin", std::io::stdin(), options);
                Self::Stream("stdin".to_owned(), reader.map(Box::new))
            } else if is_stream(&path) {
                let reader = Reader::open(&path, options);
                Self::Stream(path.display().to_string(), reader.map(Box::new))
            } else {
                Self::File(path)
            }
        });
        Ok(sources.collect())
    }

    /// What is taken from it.
    pub(crate) fn columns(&self, options: &ReadOptions) -> painpoint::Result<Columns> {
        match self {
            Self::File(path) => Ok(Reader::open(path, options)?.columns().clone()),
            Self::Stream(_, Ok(reader)) => Ok(reader.columns().clone()),
            Self::Stream(_, Err(error)) => Err(error.clone()),
        }
    }

    /// The name shown to the user.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stream(name, _) => name.clone(),
        }
    }

    /// The file, where it can be read again; pipes and devices cannot.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        match self {
            Self::File(path) => Some(path),
            Self::Stream(..) => None,
        }
    }

    /// Size in bytes, where it is known.
    pub(crate) fn bytes(&self) -> Option<u64> {
        match self {
            Self::File(path) => path.metadata().ok().map(|metadata| metadata.len()),
            Self::Stream(..) => None,
        }
    }

    pub(crate) fn open(self, options: &ReadOptions) -> painpoint::Result<(Reader, ReadProgress)> {
        let reader = match self {
            Self::File(path) => Reader::open(path, options)?,
            Self::Stream(_, reader) => *reader?,
        };
        let progress = reader.progress();
        Ok((reader, progress))
    }
}

/// Standard input and the files that `paths` name, those in folders too.
fn expand(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path == Path::new(STDIN) {
            files.push(path.clone());
        } else if path.is_dir() {
            let before = files.len();
            add_folder(path, &mut Vec::new(), &mut files)?;
            if files.len() == before {
                bail!(
                    "{}: no file in this folder has the name of a table or a text, such as reviews.csv",
                    path.display()
                );
            }
        } else if let Some(pattern) = pattern(path) {
            add_matches(pattern, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Whether it is a pipe or a device: what was read of it once does not come again.
fn is_stream(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file())
}

/// The pattern that stands for files where no file has that very name: quoted, or
/// given to a shell that leaves it alone, as that of Windows does.
fn pattern(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    (text.contains(['*', '?', '[']) && !path.exists()).then_some(text)
}

/// Adds the files that a pattern fits, those already named left out: it may name
/// them beside the pattern.
fn add_matches(pattern: &str, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
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
        if path.is_dir() {
            continue;
        }
        found = true;
        if !files.contains(&path) {
            files.push(path);
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
    let mut files = expand(paths)?;
    files.retain(|path| path != Path::new(STDIN));
    Ok(files)
}

/// Adds the files in a folder, and in those in it. `outer` are the folders that it
/// lies in: a link may lead back to one of them.
fn add_folder(
    folder: &Path,
    outer: &mut Vec<PathBuf>,
    files: &mut Vec<PathBuf>,
) -> anyhow::Result<()> {
    let context = || format!("{}: cannot read this folder", folder.display());
    let place = folder.canonicalize().with_context(context)?;
    if outer.contains(&place) {
        return Ok(());
    }
    outer.push(place);
    let entries = std::fs::read_dir(folder).with_context(context)?;
    let mut paths: Vec<_> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()
        .with_context(context)?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_folder(&path, outer, files)?;
        } else if Format::of_name(&path).is_some() && !is_stream(&path) {
            files.push(path);
        }
    }
    outer.pop();
    Ok(())
}
