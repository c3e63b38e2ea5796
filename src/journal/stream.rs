//! What a journal's bytes say: all entries in their order, or the first thing that is wrong.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::de::DeserializeOwned;

use super::entry::{Draft, Entry};
use super::error::{JournalError, LineFault};
use super::order::{Disorder, order};
use crate::ir::Digest;

/// The entries of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream<T> {
    /// Every one after all it follows; of two that do not follow each other, the one with the smaller (time, hash) first.
    pub entries: Vec<Entry<T>>,
    /// The hashes that no entry follows, sorted; the next entry will follow them.
    pub heads: Vec<Digest>,
    /// What a killed writer left at the end; not an entry.
    pub torn: Option<Torn>,
    /// Whether two branches were merged and no entry has joined them since: there are several heads.
    pub forked: bool,
    lines: usize,
}

/// The beginning of a line whose writer was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torn {
    /// The line, the first being 1.
    pub line: usize,
    /// How many bytes of it are there.
    pub bytes: usize,
}

impl<T> Stream<T> {
    pub(super) fn empty() -> Self {
        Self {
            entries: Vec::new(),
            heads: Vec::new(),
            torn: None,
            forked: false,
            lines: 0,
        }
    }

    /// Whole lines, those that stand twice included.
    pub(super) const fn lines(&self) -> usize {
        self.lines
    }

    /// The positions of all entries that come before that of `of`, by the parents alone, in no order.
    #[must_use]
    pub fn ancestors(&self, of: usize) -> HashSet<usize> {
        let place: HashMap<Digest, usize> = self
            .entries
            .iter()
            .enumerate()
            .map(|(i, e)| (e.hash, i))
            .collect();
        let mut found = HashSet::new();
        let mut agenda = vec![of];
        while let Some(i) = agenda.pop() {
            let parents = self.entries.get(i).map_or(&[][..], |e| &e.parents);
            agenda.extend(
                parents
                    .iter()
                    .filter_map(|p| place.get(p).copied())
                    .filter(|p| found.insert(*p)),
            );
        }
        found
    }
}

impl<T: DeserializeOwned> Stream<T> {
    pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Self, JournalError> {
        let (whole, torn) = split(bytes);
        let blame = |line, fault| JournalError::Line {
            path: path.to_owned(),
            line,
            fault,
        };
        let mut drafts: Vec<(usize, Draft)> = Vec::with_capacity(whole.len());
        let mut seen = HashSet::new();
        for (i, text) in whole.iter().enumerate() {
            let draft = Draft::parse(text).map_err(|fault| blame(i + 1, fault))?;
            // A merge may keep a line of both branches twice.
            if seen.insert(draft.hash()) {
                drafts.push((i + 1, draft));
            }
        }
        let nodes: Vec<_> = drafts.iter().map(|(_, draft)| draft.node()).collect();
        let (sorted, heads) = order(&nodes).map_err(|disorder| {
            let (at, fault) = match disorder {
                Disorder::Missing(at, parent) => (at, LineFault::Parent(parent)),
                Disorder::Cycle(at) => (at, LineFault::Cycle),
            };
            blame(drafts.get(at).map_or(0, |(line, _)| *line), fault)
        })?;
        let mut slots: Vec<Option<(usize, Draft)>> = drafts.into_iter().map(Some).collect();
        let mut entries = Vec::with_capacity(slots.len());
        for at in sorted {
            let Some((line, draft)) = slots.get_mut(at).and_then(Option::take) else {
                continue;
            };
            entries.push(draft.typed(line).map_err(|fault| blame(line, fault))?);
        }
        Ok(Self {
            entries,
            forked: heads.len() > 1,
            heads,
            torn: torn.map(|bytes| Torn {
                line: whole.len() + 1,
                bytes,
            }),
            lines: whole.len(),
        })
    }
}

/// The whole lines without their ends, and how many bytes behind them are torn.
///
/// A line without an end is torn. So is a last line that has an end but stops before `"}` and is no JSON: a power cut may
/// leave that. A line that has both was written whole, so what is wrong with it is damage.
fn split(bytes: &[u8]) -> (Vec<&[u8]>, Option<usize>) {
    let mut whole: Vec<&[u8]> = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|b| *b == b'\n') {
        whole.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    if !rest.is_empty() {
        return (whole, Some(rest.len()));
    }
    let torn = whole
        .pop_if(|last| {
            !last.ends_with(b"\"}") && serde_json::from_slice::<serde_json::Value>(last).is_err()
        })
        .map(|last| last.len() + 1);
    (whole, torn)
}
