//! The file beside the output that records go to until all of them are there.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use same_file::Handle;

use super::journal::{Done, Journal};
use super::plan::Plan;
use super::sha256;

/// What a run does where another one stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Goes on with it, and begins where there is none.
    GoOnOrAnew,
    /// Goes on with it, and fails where there is none.
    GoOn,
    /// Begins, whatever is there.
    Anew,
}

/// A partial output, locked against every other run.
pub(crate) struct Spool {
    file: Arc<File>,
    /// The same file; tells whether it is still the one at `partial`.
    handle: Handle,
    /// Where the records will be.
    path: PathBuf,
    partial: PathBuf,
    journal: PathBuf,
    /// Whether the partial file is worth something, and stays when the run fails.
    kept: bool,
}

impl Spool {
    /// Opens the partial file of `path`, with whatever it holds.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        // What a link leads to, so that the link stays and two names have one lock.
        let path = match path.is_symlink() {
            true => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
            false => path.to_owned(),
        };
        let name = match path.file_name() {
            Some(name) if !path.is_dir() => name,
            _ => bail!("{}: is a folder; name a file in it", path.display()),
        };
        let (partial, journal) = (
            hidden(&path, name, ".partial"),
            hidden(&path, name, ".journal"),
        );
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(&partial).with_context(|| {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            let folder = folder.unwrap_or(Path::new("."));
            format!("{}: cannot write into this folder", folder.display())
        })?;
        let locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            // A file system that has no locks; two runs at once are not noticed.
            Err(TryLockError::Error(_)) => true,
        };
        let handle = Handle::from_file(file.try_clone()?)?;
        // Before the lock was ours, another run may have moved the file to its place.
        let mut spool = Self {
            kept: true,
            file: Arc::new(file),
            handle,
            path,
            partial,
            journal,
        };
        if !locked || !spool.is_there() {
            bail!(
                "{}: another run is writing this file; wait for its end, or name another file",
                spool.path.display()
            );
        }
        spool.kept = spool.length()? > 0;
        Ok(spool)
    }

    /// Goes on where an earlier run of the same plan stopped, or begins anew; gives what
    /// is done. A run without a plan can only begin.
    pub(crate) fn take_up(
        &mut self,
        plan: Option<&Plan>,
        start: Start,
    ) -> anyhow::Result<Option<Done>> {
        let name = self.path.display();
        let left = match start {
            Start::Anew => None,
            Start::GoOn | Start::GoOnOrAnew => self.left()?,
        };
        let Some(Journal { plan: then, done }) = left else {
            if matches!(start, Start::GoOn) {
                bail!("{name}: no run that stopped is here to go on with");
            }
            self.restart()?;
            return Ok(None);
        };
        let difference = match plan {
            None => Some("it read files, and wrote jsonl or csv".to_owned()),
            Some(now) if now.shard != then.shard => Some(match then.shard {
                Some(shard) => format!("--shard was {shard}"),
                None => "--shard was not given".to_owned(),
            }),
            Some(now) => now.difference(&then),
        };
        if let Some(difference) = difference {
            bail!(
                "{name}: a run that stopped here had another plan: {difference}; give its command to go on with it, or --restart to begin anew"
            );
        }
        self.cut(done.bytes)?;
        Ok(Some(done))
    }

    /// The journal of the run that stopped here, if it can be gone on with.
    fn left(&self) -> anyhow::Result<Option<Journal>> {
        let journal = Journal::read(&self.journal)
            .map_err(|error| anyhow!("{error:#}; --restart begins anew"))?;
        let length = self.length()?;
        match journal {
            // A run that was killed just when it had moved the file to its place; or
            // somebody took the file away; or there is nothing to lose.
            Some(journal) if length == 0 || journal.done.rows == 0 => Ok(None),
            Some(journal) if length < journal.done.bytes => bail!(
                "{}: is shorter than {} says; --restart begins anew",
                self.partial.display(),
                self.journal.display()
            ),
            journal => Ok(journal),
        }
    }

    /// Forgets whatever an earlier run left.
    fn restart(&mut self) -> anyhow::Result<()> {
        self.remove_journal()?;
        self.kept = false;
        self.cut(0)
    }

    /// Leaves so many bytes, and goes on behind them.
    fn cut(&self, bytes: u64) -> anyhow::Result<()> {
        let mut file = &*self.file;
        file.set_len(bytes)
            .and_then(|()| file.seek(SeekFrom::Start(bytes)))
            .with_context(|| format!("{}: cannot write it", self.partial.display()))?;
        Ok(())
    }

    pub(crate) fn writer(&self) -> BufWriter<Arc<File>> {
        BufWriter::new(Arc::clone(&self.file))
    }

    /// Gives `take` the lines of the first so many bytes, behind which the run goes on.
    pub(crate) fn each_line(
        &self,
        bytes: u64,
        mut take: impl FnMut(&[u8]) -> painpoint::Result<()>,
    ) -> anyhow::Result<()> {
        let mut file = &*self.file;
        let cannot = || format!("{}: cannot read it", self.partial.display());
        file.rewind().with_context(cannot)?;
        for line in BufReader::new(file.take(bytes)).split(b'\n') {
            take(&line.with_context(cannot)?)?;
        }
        file.seek(SeekFrom::Start(bytes)).with_context(cannot)?;
        Ok(())
    }

    /// Bytes that the writer has handed over.
    pub(crate) fn bytes(&self) -> io::Result<u64> {
        (&*self.file).stream_position()
    }

    /// Makes what was handed over outlast a loss of power, then says so in the journal.
    pub(crate) fn checkpoint(&mut self, journal: &Journal) -> anyhow::Result<()> {
        self.file
            .sync_data()
            .with_context(|| format!("{}: cannot write it", self.partial.display()))?;
        self.check()?;
        journal.write(&self.journal)?;
        self.kept = true;
        Ok(())
    }

    /// Leaves the partial file where it is, whatever comes.
    pub(crate) fn keep(&mut self) {
        self.kept = true;
    }

    /// The rows with which a later run can go on.
    pub(crate) fn rows_kept(&self) -> Option<u64> {
        let journal = self.left().ok().flatten()?;
        self.is_there().then_some(journal.done.rows)
    }

    /// Where the records will be.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where they are until then.
    pub(crate) fn partial(&self) -> &Path {
        &self.partial
    }

    /// SHA-256 of the records.
    pub(crate) fn sha256(&self) -> io::Result<String> {
        let mut file = &*self.file;
        file.rewind()?;
        Ok(sha256(file)?.0)
    }

    /// Moves the records to their place; `facts` go beside them.
    pub(crate) fn finish(mut self, facts: Option<&Journal>) -> anyhow::Result<()> {
        self.check()?;
        if let Some(facts) = facts {
            facts.write(&facts_path(&self.path))?;
        }
        let moved = self.file.sync_all();
        moved
            .and_then(|()| fs::rename(&self.partial, &self.path))
            .and_then(|()| self.sync_folder())
            .with_context(|| format!("{}: cannot write this file", self.path.display()))?;
        self.kept = true;
        self.remove_journal()
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn is_there(&self) -> bool {
        Handle::from_path(&self.partial).is_ok_and(|there| there == self.handle)
    }

    fn check(&self) -> anyhow::Result<()> {
        if !self.is_there() {
            bail!(
                "{}: was taken away while records were written to it",
                self.partial.display()
            );
        }
        Ok(())
    }

    fn remove_journal(&self) -> anyhow::Result<()> {
        match fs::remove_file(&self.journal) {
            Ok(()) => self.sync_folder(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
        .with_context(|| format!("{}: cannot remove it", self.journal.display()))
    }

    /// Makes what was moved and removed outlast a loss of power, too.
    fn sync_folder(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            let folder = self.partial.parent().unwrap_or(Path::new("."));
            let folder = if folder == Path::new("") {
                Path::new(".")
            } else {
                folder
            };
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if !self.kept {
            // There is nobody to tell, and the next run takes it as it is.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Where the journal of a shard stays, beside its records.
pub(crate) fn facts_path(path: &Path) -> PathBuf {
    let mut facts = path.as_os_str().to_owned();
    facts.push(".shard");
    facts.into()
}

fn hidden(path: &Path, name: &OsStr, ending: &str) -> PathBuf {
    let mut hidden = OsStr::new(".").to_owned();
    hidden.push(name);
    hidden.push(ending);
    path.with_file_name(hidden)
}
