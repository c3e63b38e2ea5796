//! Append-only streams of JSON lines in which every entry names the entries it follows by their hashes.
//!
//! The truth about a workflow, a session or a queue is such a file; everything else is a fold of it. A line that was
//! written whole is never lost or changed without being noticed: its hash covers all of it and its parents' hashes. What a
//! killed writer left at the end is set aside. A file cut off between two lines is a valid, shorter journal; that it was
//! longer once is known to version control, not to the file. Nothing here proves who wrote a line.

mod entry;
mod error;
mod order;
mod stream;
#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fs_err as fs;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use entry::Entry;
pub use error::{JournalError, LineFault};
pub use stream::{Stream, Torn};

use crate::host::clock::Timestamp;
use crate::host::files::{FileError, LockedFile, read_unlocked};
use entry::Draft;

/// The most bytes of a journal that are read or written.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// The most bytes of one line, without its end.
pub const MAX_LINE: usize = 1024 * 1024;

const PATIENCE: Duration = Duration::from_secs(10);

/// Whether an entry must outlive a power cut before its writer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It outlives the process; the system writes it to disk when it likes.
    Ordinary,
    /// It is on disk when `append` returns: whatever gives or takes authority.
    Decision,
}

/// One journal, by its file. Holds nothing open; the file need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The journal in this file.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every entry, checked; no entries where there is no file. Waits for a writer that holds the lock.
    ///
    /// # Errors
    /// `File`, and `Line` for the first line that is damaged, out of place, or no `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<Stream<T>, JournalError> {
        match read_unlocked(&self.path, MAX_BYTES, PATIENCE) {
            Ok(bytes) => Stream::parse(&bytes, &self.path),
            Err(FileError::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(Stream::empty()),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Adds one entry behind all heads: a fork is joined by it.
    ///
    /// # Errors
    /// As `read`; `Body` and `TooLong` for a body that cannot be kept; `File` when it could not be written. After an
    /// error nothing is counted: what was written of the line is taken back, or is a torn line.
    pub fn append<T: Serialize + DeserializeOwned + Clone>(
        &self,
        body: &T,
        at: Timestamp,
        durability: Durability,
    ) -> Result<Entry<T>, JournalError> {
        self.append_if(at, durability, |_: &Stream<T>| Ok(body.clone()))
    }

    /// Adds the entry that `decide` makes of all that is there, while nobody else can add one. `decide` must not use this
    /// journal's file.
    ///
    /// # Errors
    /// What `decide` answers, nothing being written then; else as `append`.
    pub fn append_if<T, E, F>(
        &self,
        at: Timestamp,
        durability: Durability,
        decide: F,
    ) -> Result<Entry<T>, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<JournalError>,
        F: FnOnce(&Stream<T>) -> Result<T, E>,
    {
        let failed = |error| self.failed(error);
        let mut file = LockedFile::open(&self.path, PATIENCE).map_err(failed)?;
        let bytes = file.read(MAX_BYTES).map_err(failed)?;
        let stream = Stream::<T>::parse(&bytes, &self.path)?;
        let body = decide(&stream)?;
        let draft = Draft::of(&body, at, stream.heads.clone())?;
        self.write(&mut file, &bytes, stream.torn.as_ref(), &draft, durability)?;
        Ok(draft.entry(stream.lines() + 1, body))
    }

    fn write(
        &self,
        file: &mut LockedFile,
        bytes: &[u8],
        torn: Option<&Torn>,
        draft: &Draft,
        durability: Durability,
    ) -> Result<(), JournalError> {
        let failed = |error| self.failed(error);
        let kept = bytes.len() - torn.map_or(0, |t| t.bytes);
        let line = draft.line();
        let length = u64::try_from(kept + line.len()).unwrap_or(u64::MAX);
        if length > MAX_BYTES {
            return Err(failed(FileError::TooLarge {
                path: self.path.clone(),
                limit: MAX_BYTES,
            }));
        }
        if torn.is_some() {
            self.set_aside(bytes.get(kept..).unwrap_or_default())
                .map_err(failed)?;
            file.cut(u64::try_from(kept).unwrap_or(u64::MAX))
                .map_err(failed)?;
        }
        match durability {
            Durability::Ordinary => file.append_unsynced(line.as_bytes()),
            Durability::Decision => file.append(line.as_bytes()),
        }
        .map_err(failed)?;
        if !file.in_place().map_err(failed)? {
            return Err(JournalError::Replaced {
                path: self.path.clone(),
            });
        }
        Ok(())
    }

    /// Keeps what a killed writer left beside the journal, under the first free number.
    fn set_aside(&self, torn: &[u8]) -> Result<(), FileError> {
        for n in 1_u32.. {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".torn-{n}"));
            let mut options = fs::OpenOptions::new();
            match options.write(true).create_new(true).open(&name) {
                Ok(mut file) => {
                    let kept =
                        std::io::Write::write_all(&mut file, torn).and_then(|()| file.sync_all());
                    if kept.is_err() {
                        let _undone = fs::remove_file(&name);
                    }
                    return Ok(kept?);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn failed(&self, error: FileError) -> JournalError {
        JournalError::File {
            path: self.path.clone(),
            error,
        }
    }
}
