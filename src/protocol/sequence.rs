//! The conversation as a Mermaid sequence diagram.

use std::fmt::Write;

use super::authority::Role;
use super::exchange::{Kept, Standing};
use super::payload::Payload;
use crate::finding::critique::CriticDecision;
use crate::lower::diagram::escape;

/// The diagram of these messages, in their order. Same messages, same text.
#[must_use]
pub fn diagram(messages: &[&Kept]) -> String {
    let mut text = String::from("sequenceDiagram\n");
    for role in Role::ALL {
        let takes_part = messages
            .iter()
            .any(|k| k.envelope.sender.role == role || k.envelope.receiver.role == role);
        if takes_part {
            let _ = writeln!(text, "    participant {}", title(role));
        }
    }
    for kept in messages {
        let envelope = &kept.envelope;
        let arrow = match kept.standing {
            Standing::Current {} => "->>",
            Standing::Stale { .. } => "-->>",
            Standing::Late { .. } => "--x",
        };
        let _ = writeln!(
            text,
            "    {}{arrow}{}: {}",
            title(envelope.sender.role),
            title(envelope.receiver.role),
            escape(&words(kept))
        );
    }
    text
}

const fn title(role: Role) -> &'static str {
    match role {
        Role::Planner => "Planner",
        Role::Verifier => "Verifier",
        Role::Critic => "Critic",
        Role::Human => "Human",
        Role::Executor => "Executor",
        Role::Orchestrator => "Orchestrator",
    }
}

/// A message in a few words: its kind, its version, what it comes to.
#[must_use]
pub fn words(kept: &Kept) -> String {
    let envelope = &kept.envelope;
    let kind = envelope.payload.kind().word().replace('_', " ");
    let about = match &envelope.payload {
        Payload::Goal { goal, .. } => goal.chars().take(60).collect(),
        Payload::Proposal { candidates } if candidates.len() > 1 => {
            format!("{} candidates", candidates.len())
        }
        Payload::VerificationResult { results } => {
            let each: Vec<String> = results
                .iter()
                .map(|r| format!("{} blocking, {} warnings", r.blocking, r.warning))
                .collect();
            each.join("; ")
        }
        Payload::Critique { decision, .. } => match decision {
            CriticDecision::Revise => "revise".to_owned(),
            CriticDecision::Accept => "accept".to_owned(),
            CriticDecision::Reject => "reject".to_owned(),
        },
        Payload::Question { question, .. } => question.clone(),
        Payload::Answer { option, .. } => option.clone(),
        Payload::StaleNotice { notice } => format!("version {} is stale", notice.version),
        Payload::Escalation { reason } | Payload::Rejection { reason } => {
            reason.chars().take(80).collect()
        }
        Payload::BudgetExhausted {
            bound,
            spent,
            limit,
        } => format!("{bound}: {spent} of {limit}"),
        Payload::Refusal { code, .. } => code.clone(),
        Payload::Proposal { .. }
        | Payload::Revision { .. }
        | Payload::ApprovalRequest { .. }
        | Payload::Approval { .. } => String::new(),
    };
    let version = match envelope.version {
        0 => String::new(),
        n => format!(" v{n}"),
    };
    let late = match kept.standing {
        Standing::Current {} => "",
        Standing::Stale { .. } => " (stale now)",
        Standing::Late { .. } => " (came late)",
    };
    let colon = if about.is_empty() { "" } else { ": " };
    format!("{kind}{version}{colon}{about}{late}")
}
