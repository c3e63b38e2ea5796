//! Where a version's record is kept: the frozen file, what engines were given, the exact commands, the report. The folder of
//! one digest is never overwritten by another.

use std::path::{Path, PathBuf};

use crate::host::files::{FileError, read_text_capped, write_atomic};

/// The folder of one version of one workflow, claimed for one digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// Why a version cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder belongs to another content.
    #[error("{folder} already holds another content of version {version}; raise `version:` to {}", version + 1)]
    Taken {
        /// The folder.
        folder: String,
        /// The version both claim.
        version: u32,
    },
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
}

const REPORT_BYTES: u64 = 64 * 1024 * 1024;

impl Folder {
    /// Claims `base/<id>/v<version>` for a digest and freezes the file's text there.
    ///
    /// # Errors
    /// `Taken` when it holds a version of another digest, `File` when it cannot be written.
    pub fn claim(
        base: &Path,
        id: &str,
        version: u32,
        digest: &str,
        text: &str,
    ) -> Result<Self, StoreError> {
        let folder = Self::free(base, id, version, digest, text)?;
        write_atomic(&folder.join("workflow.yaml"), text.as_bytes())?;
        write_atomic(&folder.join("digest"), format!("{digest}\n").as_bytes())?;
        Ok(Self(folder))
    }

    /// Where `claim` would freeze a version; claims nothing.
    ///
    /// # Errors
    /// `Taken` when it holds a version of another digest.
    pub fn free(
        base: &Path,
        id: &str,
        version: u32,
        digest: &str,
        text: &str,
    ) -> Result<PathBuf, StoreError> {
        let folder = base.join(id).join(format!("v{version}"));
        if let Some(other) = holder(&folder)
            && !other.is(digest, text)
        {
            return Err(StoreError::Taken {
                folder: folder.display().to_string(),
                version,
            });
        }
        Ok(folder)
    }

    /// The folder of a version that is kept already.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes one file of the record.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<(), StoreError> {
        Ok(write_atomic(&self.0.join(name), text.as_bytes())?)
    }
}

/// What a folder holds now.
enum Holder {
    Digest(String),
    /// No digest is recorded: only the same text is the same.
    Text(String),
    Unreadable,
}

impl Holder {
    fn is(&self, digest: &str, text: &str) -> bool {
        match self {
            Self::Digest(known) => known == digest,
            Self::Text(known) => known == text,
            Self::Unreadable => false,
        }
    }
}

fn holder(folder: &Path) -> Option<Holder> {
    let read = |name: &str| read_text_capped(&folder.join(name), REPORT_BYTES);
    if folder.join("digest").exists() {
        return Some(
            read("digest").map_or(Holder::Unreadable, |d| Holder::Digest(d.trim().to_owned())),
        );
    }
    if folder.join("workflow.yaml").exists() {
        return Some(read("workflow.yaml").map_or(Holder::Unreadable, Holder::Text));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_keeps_its_content() {
        let base = tempfile::tempdir().expect("a directory");
        let first = Folder::claim(base.path(), "w", 1, "aa", "text").expect("free");
        assert_eq!(first.path(), base.path().join("w/v1"));
        // The same content with other comments is the same version.
        Folder::claim(base.path(), "w", 1, "aa", "# text").expect("same digest");
        let taken = Folder::claim(base.path(), "w", 1, "bb", "text").expect_err("another digest");
        assert!(
            taken.to_string().contains("raise `version:` to 2"),
            "{taken}"
        );
        let kept = std::fs::read_to_string(base.path().join("w/v1/workflow.yaml")).expect("kept");
        assert_eq!(kept, "# text");
        Folder::claim(base.path(), "w", 2, "bb", "text").expect("a new version");
    }

    #[test]
    fn a_folder_without_digest_is_taken_by_its_text() {
        let base = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(base.path().join("w/v1")).expect("made");
        std::fs::write(base.path().join("w/v1/workflow.yaml"), "old").expect("written");
        assert!(matches!(
            Folder::claim(base.path(), "w", 1, "aa", "new"),
            Err(StoreError::Taken { version: 1, .. })
        ));
        Folder::claim(base.path(), "w", 1, "aa", "old").expect("the same text");
    }
}
