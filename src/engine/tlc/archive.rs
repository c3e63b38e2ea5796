//! The archive of loaded classes that shortens TLC's start (AppCDS). Made by the first run, kept in the user's cache.
//!
//! Only a help: without it everything is the same, a little later. Java dies of a damaged archive, so the length is in the
//! file's name, it is put in place at once, and a start that fails with it is tried again without.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use fs_err as fs;
use sha2::{Digest, Sha256};

/// The archive for one Java and one jar.
#[derive(Debug, Clone)]
pub struct Archive {
    directory: PathBuf,
    key: String,
}

impl Archive {
    /// The archive's place in `cache`; `None` when java or the jar cannot be looked at.
    #[must_use]
    pub fn of(cache: &Path, java: &Path, jar: &Path) -> Option<Self> {
        let mut hash = Sha256::new();
        for file in [java, jar] {
            let real = fs::canonicalize(file).ok()?;
            let meta = fs::metadata(&real).ok()?;
            let changed = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            hash.update(real.as_os_str().as_encoded_bytes());
            hash.update(format!("|{}|{}|", meta.len(), changed.as_nanos()));
        }
        // Java compares the class path as written.
        hash.update(jar.as_os_str().as_encoded_bytes());
        let key: String = hash
            .finalize()
            .iter()
            .take(12)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Some(Self {
            directory: cache.join("tlc"),
            key,
        })
    }

    /// The archive's file, if it is there whole.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let prefix = format!("{}-", self.key);
        fs::read_dir(&self.directory)
            .ok()?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| {
                let named = path
                    .file_name()
                    .and_then(|n| n.to_str())
                    .and_then(|n| n.strip_prefix(&prefix)?.strip_suffix(".jsa"))
                    .and_then(|n| n.parse::<u64>().ok());
                named.is_some() && named == fs::metadata(path).ok().map(|m| m.len())
            })
    }

    /// Puts a freshly made archive in place. Failing to is no failure of the run.
    pub fn keep(&self, made: &Path) {
        let Ok(meta) = fs::metadata(made) else {
            return;
        };
        let place = self
            .directory
            .join(format!("{}-{}.jsa", self.key, meta.len()));
        let staged = self
            .directory
            .join(format!(".{}-{}", self.key, std::process::id()));
        let moved = fs::create_dir_all(&self.directory)
            .and_then(|()| fs::copy(made, &staged))
            .and_then(|_| fs::rename(&staged, &place));
        if moved.is_err() {
            let _left = fs::remove_file(&staged);
        }
    }

    /// Takes a damaged archive away.
    pub fn discard(&self) {
        if let Some(file) = self.file() {
            let _left = fs::remove_file(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_of_the_wrong_length_or_key_is_not_used() {
        let dir = tempfile::tempdir().expect("a directory");
        let (java, jar) = (dir.path().join("java"), dir.path().join("jar"));
        std::fs::write(&java, "j").expect("written");
        std::fs::write(&jar, "jar").expect("written");
        let cache = dir.path().join("cache");
        let archive = Archive::of(&cache, &java, &jar).expect("an archive");
        assert_eq!(archive.file(), None);
        let made = dir.path().join("made");
        std::fs::write(&made, "classes").expect("written");
        archive.keep(&made);
        let file = archive.file().expect("kept");
        assert_eq!(std::fs::read(&file).expect("read"), b"classes");
        std::fs::write(&jar, "another jar").expect("written");
        let other = Archive::of(&cache, &java, &jar).expect("an archive");
        assert_eq!(other.file(), None, "made for another jar");
        std::fs::write(&file, "class").expect("written");
        assert_eq!(archive.file(), None, "truncated");
        archive.keep(&made);
        archive.discard();
        assert_eq!(archive.file(), None);
        assert_eq!(
            Archive::of(&cache, &java, Path::new("/nowhere")).map(|_| ()),
            None
        );
    }
}
