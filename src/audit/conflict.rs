//! Decisions on one subject that two branches made without knowing of each other.

use std::collections::HashSet;

use crate::gate::event::{Event, What};
use crate::host::clock::Timestamp;
use crate::ir::Digest;
use crate::journal::{Entry, Stream};

/// Two decisions on one subject, neither of which knew of the other, and none after both that settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The version that both are about.
    pub version: u32,
    /// The one that comes first in the journal's order.
    pub first: Mention,
    /// The other.
    pub second: Mention,
}

/// An event, to be named in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its line, the first being 1.
    pub line: usize,
    /// Its hash.
    pub hash: Digest,
    /// When, by its writer's clock.
    pub at: Timestamp,
    /// The event itself.
    pub event: Event,
}

impl Mention {
    pub(super) fn of(entry: &Entry<Event>) -> Self {
        Self {
            line: entry.line,
            hash: entry.hash,
            at: entry.at,
            event: entry.body.clone(),
        }
    }
}

/// Every conflict. `past` holds, by position, the positions of all entries before it.
pub(super) fn conflicts(stream: &Stream<Event>, past: &[HashSet<usize>]) -> Vec<Conflict> {
    let decisions: Vec<(usize, &Entry<Event>)> = stream
        .entries
        .iter()
        .enumerate()
        .filter(|(_, e)| decides(&e.body.what))
        .collect();
    let knows =
        |later: usize, earlier: usize| past.get(later).is_some_and(|p| p.contains(&earlier));
    let mut found = Vec::new();
    for (n, (i, a)) in decisions.iter().enumerate() {
        for (j, b) in decisions.iter().skip(n + 1) {
            if knows(*j, *i) || knows(*i, *j) || !contradict(&a.body, &b.body) {
                continue;
            }
            let settled = decisions
                .iter()
                .any(|(k, c)| knows(*k, *i) && knows(*k, *j) && settles(&c.body, &a.body));
            if !settled {
                found.push(Conflict {
                    version: a.body.version,
                    first: Mention::of(a),
                    second: Mention::of(b),
                });
            }
        }
    }
    found
}

const fn decides(what: &What) -> bool {
    match what {
        What::Proposed { .. }
        | What::Approved { .. }
        | What::Rejected { .. }
        | What::Revoked { .. }
        | What::Answered { .. }
        | What::TestsPassed {} => true,
        What::Verified { .. }
        | What::Critiqued { .. }
        | What::Waived { .. }
        | What::Escalated { .. }
        | What::Begun { .. }
        | What::TestsFailed {} => false,
    }
}

/// Whether the event decides on a version as a whole.
const fn judges(what: &What) -> bool {
    matches!(
        what,
        What::Approved { .. } | What::Rejected { .. } | What::Revoked { .. }
    )
}

fn contradict(a: &Event, b: &Event) -> bool {
    if a.version != b.version {
        return false;
    }
    match (&a.what, &b.what) {
        (What::Proposed { .. }, What::Proposed { .. }) => a.digest != b.digest,
        (
            What::Answered {
                critique,
                question,
                option,
            },
            What::Answered {
                critique: of,
                question: other,
                option: answer,
            },
        ) => critique == of && question == other && option != answer,
        // One side finished under an authority that the other took away.
        (What::TestsPassed {}, other) | (other, What::TestsPassed {}) => takes_away(other),
        // Two people who approve the same agree.
        (
            What::Approved {
                form,
                report,
                critique,
                policy,
                ..
            },
            What::Approved {
                form: form_,
                report: report_,
                critique: critique_,
                policy: policy_,
                ..
            },
        ) => (form, report, critique, policy) != (form_, report_, critique_, policy_),
        (What::Rejected { .. }, What::Rejected { .. })
        | (What::Revoked { .. }, What::Revoked { .. }) => false,
        (one, other) => judges(one) && judges(other),
    }
}

const fn takes_away(what: &What) -> bool {
    matches!(what, What::Rejected { .. } | What::Revoked { .. })
}

/// Whether `c`, which knew of both, settles a conflict in which `a` takes part.
fn settles(c: &Event, a: &Event) -> bool {
    if c.version > a.version {
        return matches!(c.what, What::Proposed { .. });
    }
    match (&c.what, &a.what) {
        (
            What::Answered {
                critique, question, ..
            },
            What::Answered {
                critique: of,
                question: other,
                ..
            },
        ) => c.version == a.version && critique == of && question == other,
        (later, _) => c.version == a.version && judges(later),
    }
}
