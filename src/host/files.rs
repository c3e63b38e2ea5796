//! Files: whole or not at all when written, bounded when read, locked when appended to.

use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use fs_err as fs;

use crate::host::clock::Stopwatch;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system's reason; it names the file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// More bytes than the caller reads.
    #[error("{path} is larger than {limit} bytes")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// Not text.
    #[error("{path} is not UTF-8: byte {offset} does not belong")]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Bytes before the first bad one.
        offset: usize,
    },
    /// Another process holds the lock.
    #[error("{path} is locked by another process; tried for {seconds} s")]
    Locked {
        /// The file.
        path: PathBuf,
        /// How long the lock was awaited.
        seconds: f64,
    },
    /// There is no home directory to put a cache in.
    #[error("no directory for the cache: set XDG_CACHE_HOME or HOME to an absolute path")]
    NoCacheDirectory,
}

/// Writes `bytes` so that a reader, or a crash, meets the old content or the new, never a part.
///
/// The directory is made if missing. An existing file keeps its permissions; a symbolic link stays one.
///
/// # Errors
/// `Io`; the file is then as it was before.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let target = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error.into()),
    };
    let directory = directory_of(&target);
    fs::create_dir_all(&directory)?;
    // The mode is what the user's umask makes of it, as with any file a program writes.
    let everyone = std::fs::Permissions::from_mode(0o666);
    let mut temporary = tempfile::Builder::new()
        .prefix(".tribunal-")
        .permissions(everyone)
        .tempfile_in(&directory)?;
    temporary.write_all(bytes)?;
    if let Ok(existing) = fs::metadata(&target) {
        temporary
            .as_file()
            .set_permissions(existing.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    // The new name is safe only once the directory is.
    fs::File::open(&directory)?.sync_all()?;
    Ok(())
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// `Io`, `TooLarge`.
pub fn read_capped(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    fs::File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(bytes)
}

/// Reads a whole UTF-8 file of at most `limit` bytes.
///
/// # Errors
/// `Io`, `TooLarge`, `NotUtf8`.
pub fn read_text_capped(path: &Path, limit: u64) -> Result<String, FileError> {
    String::from_utf8(read_capped(path, limit)?).map_err(|error| FileError::NotUtf8 {
        path: path.to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })
}

/// Reads a whole file of at most `limit` bytes while nobody holds its lock to change it; waits at most `patience` for that.
///
/// # Errors
/// `Io`, `Locked`, `TooLarge`.
pub fn read_unlocked(path: &Path, limit: u64, patience: Duration) -> Result<Vec<u8>, FileError> {
    let mut file = fs::File::open(path)?;
    patiently(path, patience, || file.file().try_lock_shared())?;
    read_open(&mut file, path, limit)
}

/// Asks for a lock until it is given or `patience` ends.
fn patiently(
    path: &Path,
    patience: Duration,
    mut lock: impl FnMut() -> Result<(), std::fs::TryLockError>,
) -> Result<(), FileError> {
    let watch = Stopwatch::start();
    loop {
        match lock() {
            Ok(()) => return Ok(()),
            Err(std::fs::TryLockError::Error(error)) => return Err(error.into()),
            Err(std::fs::TryLockError::WouldBlock) if watch.left_of(patience).is_zero() => {
                return Err(FileError::Locked {
                    path: path.to_owned(),
                    seconds: watch.seconds(),
                });
            }
            Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn read_open(file: &mut fs::File, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(bytes)
}

/// A file only this holder changes, as long as everyone takes the lock. Released when dropped.
#[derive(Debug)]
pub struct LockedFile {
    file: fs::File,
    path: PathBuf,
}

impl LockedFile {
    /// Opens the file, made empty if missing (its directory too), and waits at most `patience` for its lock.
    ///
    /// # Errors
    /// `Io`, `Locked`.
    pub fn open(path: &Path, patience: Duration) -> Result<Self, FileError> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let file = fs::OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        patiently(path, patience, || file.file().try_lock())?;
        let locked = Self {
            file,
            path: path.to_owned(),
        };
        // Whoever replaced the file while the lock was awaited left us holding one that nobody sees.
        if locked.in_place()? {
            Ok(locked)
        } else {
            Self::open(path, patience)
        }
    }

    /// Whether the path still leads to this file. `git` replaces files without asking for a lock.
    ///
    /// # Errors
    /// `Io`.
    pub fn in_place(&self) -> Result<bool, FileError> {
        let own = self.file.metadata()?;
        match fs::metadata(&self.path) {
            Ok(there) => Ok((there.dev(), there.ino()) == (own.dev(), own.ino())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The whole content, of at most `limit` bytes.
    ///
    /// # Errors
    /// `Io`, `TooLarge`.
    pub fn read(&mut self, limit: u64) -> Result<Vec<u8>, FileError> {
        read_open(&mut self.file, &self.path, limit)
    }

    /// Keeps the first `length` bytes only, and waits until that is on disk.
    ///
    /// # Errors
    /// `Io`.
    pub fn cut(&mut self, length: u64) -> Result<(), FileError> {
        self.file.set_len(length)?;
        self.file.sync_all()?;
        Ok(())
    }

    /// Adds `bytes` at the end and waits until they are on disk.
    ///
    /// # Errors
    /// `Io`; what was added of them is taken back then, if the system lets us.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let before = self.file.metadata()?.len();
        self.add(bytes, before, true)?;
        if before == 0 {
            // A file that was just made is safe only once its name is.
            fs::File::open(directory_of(&self.path))?.sync_all()?;
        }
        Ok(())
    }

    /// Adds `bytes` at the end; the system writes them to disk when it likes.
    ///
    /// # Errors
    /// `Io`; what was added of them is taken back then, if the system lets us.
    pub fn append_unsynced(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let before = self.file.metadata()?.len();
        self.add(bytes, before, false)
    }

    fn add(&mut self, bytes: &[u8], before: u64, sync: bool) -> Result<(), FileError> {
        let written = self
            .file
            .write_all(bytes)
            .and_then(|()| if sync { self.file.sync_data() } else { Ok(()) });
        if let Err(error) = written {
            let _undone = self.file.set_len(before);
            return Err(error.into());
        }
        Ok(())
    }
}

/// The directory a path lies in.
fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// Where results that can be made again are kept for this user: `$XDG_CACHE_HOME/tribunal`, else `~/.cache/tribunal`.
///
/// It need not exist. A project's own cache is `.spec/cache` and is named by the caller.
///
/// # Errors
/// `NoCacheDirectory`.
pub fn user_cache_directory() -> Result<PathBuf, FileError> {
    cache_directory_from(
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from),
        std::env::var_os("HOME").map(PathBuf::from),
    )
}

fn cache_directory_from(xdg: Option<PathBuf>, home: Option<PathBuf>) -> Result<PathBuf, FileError> {
    // The XDG rules say that a relative path is to be ignored.
    let base = xdg.filter(|path| path.is_absolute()).or_else(|| {
        home.filter(|path| path.is_absolute())
            .map(|home| home.join(".cache"))
    });
    base.map(|path| path.join("tribunal"))
        .ok_or(FileError::NoCacheDirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(directory)
            .expect("a directory")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("text")
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_write_replaces_the_whole_file_and_leaves_no_other() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep/report.json");
        write_atomic(&path, b"a longer first text").expect("written");
        write_atomic(&path, b"second").expect("written");
        assert_eq!(std::fs::read(&path).expect("read"), b"second");
        assert_eq!(names_in(path.parent().expect("a parent")), ["report.json"]);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_other() {
        let directory = tempfile::tempdir().expect("a directory");
        // A directory in the place of the target: the last step, the rename, fails.
        std::fs::create_dir(directory.path().join("target")).expect("made");
        std::fs::write(directory.path().join("target/inside"), "kept").expect("written");
        let error = write_atomic(&directory.path().join("target"), b"new").expect_err("refused");
        assert!(matches!(error, FileError::Io(_)), "{error}");
        assert_eq!(names_in(directory.path()), ["target"]);
        assert_eq!(names_in(&directory.path().join("target")), ["inside"]);
    }

    #[test]
    fn a_write_keeps_permissions_and_symbolic_links() {
        let directory = tempfile::tempdir().expect("a directory");
        let (real, link) = (directory.path().join("real"), directory.path().join("link"));
        std::fs::write(&real, "old").expect("written");
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        write_atomic(&link, b"new").expect("written");
        assert!(
            std::fs::symlink_metadata(&link)
                .expect("there")
                .is_symlink()
        );
        assert_eq!(std::fs::read(&real).expect("read"), b"new");
        assert_eq!(
            std::fs::metadata(&real)
                .expect("there")
                .permissions()
                .mode()
                & 0o777,
            0o640
        );
    }

    #[test]
    fn a_new_file_is_as_readable_as_any_other() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("plain"), "x").expect("written");
        write_atomic(&directory.path().join("ours"), b"x").expect("written");
        let mode = |name: &str| {
            std::fs::metadata(directory.path().join(name))
                .expect("there")
                .permissions()
                .mode()
        };
        assert_eq!(mode("ours"), mode("plain"));
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("f");
        std::fs::write(&path, "12345678").expect("written");
        assert_eq!(read_capped(&path, 8).expect("fits"), b"12345678");
        assert!(matches!(
            read_capped(&path, 7),
            Err(FileError::TooLarge { limit: 7, .. })
        ));
        assert!(
            matches!(
                read_capped(Path::new("/dev/zero"), 100),
                Err(FileError::TooLarge { .. })
            ),
            "an endless file too"
        );
        assert!(matches!(
            read_capped(&directory.path().join("none"), 7),
            Err(FileError::Io(_))
        ));
    }

    #[test]
    fn text_that_is_none_names_the_bad_byte() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("f");
        std::fs::write(&path, b"abc\xff").expect("written");
        assert!(matches!(
            read_text_capped(&path, 100),
            Err(FileError::NotUtf8 { offset: 3, .. })
        ));
        std::fs::write(&path, "äb").expect("written");
        assert_eq!(read_text_capped(&path, 100).expect("text"), "äb");
    }

    #[test]
    fn a_lock_keeps_the_next_one_out_until_it_is_dropped() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep/journal.jsonl");
        let mut first = LockedFile::open(&path, Duration::ZERO).expect("locked");
        first.append(b"one\n").expect("appended");
        assert!(matches!(
            LockedFile::open(&path, Duration::from_millis(30)),
            Err(FileError::Locked { .. })
        ));
        drop(first);
        let mut second = LockedFile::open(&path, Duration::ZERO).expect("locked");
        assert_eq!(second.read(100).expect("read"), b"one\n");
        second.append(b"two\n").expect("appended");
        assert_eq!(second.read(100).expect("read"), b"one\ntwo\n");
        assert!(matches!(second.read(7), Err(FileError::TooLarge { .. })));
    }

    #[test]
    fn appends_of_many_threads_do_not_mix() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        std::thread::scope(|scope| {
            for letter in ["a", "b", "c", "d"] {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..10 {
                        let line = format!("{}\n", letter.repeat(5000));
                        LockedFile::open(path, Duration::from_secs(30))
                            .expect("locked")
                            .append(line.as_bytes())
                            .expect("appended");
                    }
                });
            }
        });
        let text = std::fs::read_to_string(&path).expect("read");
        assert_eq!(text.lines().count(), 40);
        assert!(text.lines().all(|line| {
            line.len() == 5000
                && line
                    .bytes()
                    .all(|byte| Some(&byte) == line.as_bytes().first())
        }));
    }

    #[test]
    fn a_reader_waits_for_a_writer_and_for_no_other_reader() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        let mut held = LockedFile::open(&path, Duration::ZERO).expect("locked");
        held.append_unsynced(b"one\n").expect("appended");
        assert!(matches!(
            read_unlocked(&path, 100, Duration::from_millis(30)),
            Err(FileError::Locked { .. })
        ));
        drop(held);
        let reader = fs::File::open(&path).expect("opened");
        reader.file().try_lock_shared().expect("shared");
        let read = read_unlocked(&path, 100, Duration::ZERO).expect("read");
        assert_eq!(read, b"one\n");
        assert!(matches!(
            read_unlocked(&path, 3, Duration::ZERO),
            Err(FileError::TooLarge { limit: 3, .. })
        ));
    }

    #[test]
    fn a_replaced_file_is_noticed() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        let held = LockedFile::open(&path, Duration::ZERO).expect("locked");
        assert!(held.in_place().expect("known"));
        write_atomic(&path, b"another").expect("replaced");
        assert!(!held.in_place().expect("known"));
        std::fs::remove_file(&path).expect("removed");
        assert!(!held.in_place().expect("known"));
    }

    #[test]
    fn a_cut_file_goes_on_at_its_new_end() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        let mut file = LockedFile::open(&path, Duration::ZERO).expect("locked");
        file.append(b"one\ntorn").expect("appended");
        file.cut(4).expect("cut");
        file.append(b"two\n").expect("appended");
        assert_eq!(std::fs::read(&path).expect("read"), b"one\ntwo\n");
    }

    #[test]
    fn the_cache_directory_follows_xdg() {
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(
            cache_directory_from(path("/x"), path("/home/me")).expect("one"),
            Path::new("/x/tribunal")
        );
        assert_eq!(
            cache_directory_from(None, path("/home/me")).expect("one"),
            Path::new("/home/me/.cache/tribunal")
        );
        assert_eq!(
            cache_directory_from(path("relative"), path("/home/me")).expect("one"),
            Path::new("/home/me/.cache/tribunal")
        );
        assert!(matches!(
            cache_directory_from(None, path("")),
            Err(FileError::NoCacheDirectory)
        ));
    }
}
