//! A conversation as a person looks back on it: version by version, what was found, what was decided, what it cost.

use crate::finding::critique::CriticDecision;
use crate::ir::Digest;
use crate::protocol::{Exchange, Payload, Spend, Standing};
use crate::report::Verdict;

/// What happened to one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The version.
    pub version: u32,
    /// Its digest.
    pub digest: Option<Digest>,
    /// What the engines concluded; `None` while they are not done.
    pub verdict: Option<Verdict>,
    /// Blocking findings.
    pub blocking: u32,
    /// Warnings.
    pub warning: u32,
    /// What the critic recommended; `None` while it has not spoken.
    pub decision: Option<CriticDecision>,
    /// Candidates beside it.
    pub beside: usize,
    /// Whether a newer version or goal has taken its place.
    pub stale: bool,
    /// What was spent on it.
    pub spend: Spend,
}

/// The rounds of a conversation, oldest first.
#[must_use]
pub fn rounds(exchange: &Exchange) -> Vec<Round> {
    let mut rounds: Vec<Round> = Vec::new();
    let mut before = Spend::default();
    for kept in exchange.messages() {
        let envelope = &kept.envelope;
        let beside = match &envelope.payload {
            Payload::Proposal { candidates } => Some(candidates.len().saturating_sub(1)),
            Payload::Revision { .. } => Some(0),
            _ => None,
        };
        if let Some(beside) = beside {
            rounds.push(Round {
                version: envelope.version,
                digest: envelope.digest,
                verdict: None,
                blocking: 0,
                warning: 0,
                decision: None,
                beside,
                stale: !matches!(kept.standing, Standing::Current {}),
                spend: std::mem::take(&mut before),
            });
        }
        let Some(round) = rounds
            .iter_mut()
            .rev()
            .find(|r| r.version == envelope.version)
        else {
            before += envelope.spend.unwrap_or_default();
            continue;
        };
        round.spend += envelope.spend.unwrap_or_default();
        match &envelope.payload {
            Payload::VerificationResult { results } => {
                if let Some(first) = results.first() {
                    round.verdict = Some(first.verdict);
                    round.blocking = first.blocking;
                    round.warning = first.warning;
                }
            }
            Payload::Critique { decision, .. } => round.decision = Some(*decision),
            _ => {}
        }
    }
    rounds
}

/// What a whole conversation cost.
#[must_use]
pub fn total(exchange: &Exchange) -> Spend {
    let mut total = Spend::default();
    for kept in exchange.messages() {
        total += kept.envelope.spend.unwrap_or_default();
    }
    total
}
