//! How long a critique's texts may be. A critic's words reach a person's terminal and a model's context; neither has room for
//! a book.

use super::error::AdmitError;
use crate::finding::critique::{Change, Critique, RecommendedChange};

/// Characters of a message, a reason, a question or an option.
const TEXT: usize = 2000;
/// Characters of a name.
const NAME: usize = 200;
/// Issues, changes or waivers.
const MANY: usize = 200;
/// Options of one question.
const OPTIONS: usize = 8;
/// Characters of one change's whole JSON.
const CHANGE: usize = 20_000;

/// Everything that is too long or too many.
pub(super) fn limits(critique: &Critique, errors: &mut Vec<AdmitError>) {
    let mut limits = Limits { errors };
    limits.text("the head", "the critic's name", &critique.critic, NAME);
    limits.many("issues", critique.issues.len(), MANY);
    limits.many("changes", critique.recommended_changes.len(), MANY);
    limits.many("proposed waivers", critique.waiver_proposals.len(), MANY);
    for (n, issue) in critique.issues.iter().enumerate() {
        let place = format!("issue {}", n + 1);
        limits.text(&place, "its name", &issue.id, NAME);
        limits.text(&place, "its message", &issue.message, TEXT);
        limits.many("findings of one issue", issue.findings.len(), MANY);
    }
    for (n, change) in critique.recommended_changes.iter().enumerate() {
        let place = format!("change {}", n + 1);
        limits.change(&place, change);
        let Change::AskHuman {
            id,
            question,
            options,
        } = &change.change
        else {
            continue;
        };
        limits.text(&place, "its name", id, NAME);
        limits.text(&place, "its question", question, TEXT);
        limits.many("options of one question", options.len(), OPTIONS);
        for option in options {
            limits.text(&place, "an option's name", &option.id, NAME);
            limits.text(&place, "an option", &option.text, TEXT);
            limits.many("changes of one option", option.changes.len(), MANY);
            for inner in &option.changes {
                limits.change(&place, inner);
            }
        }
    }
    for waiver in &critique.waiver_proposals {
        limits.text("waiverProposals", "a reason", &waiver.reason, TEXT);
    }
}

struct Limits<'e> {
    errors: &'e mut Vec<AdmitError>,
}

impl Limits<'_> {
    fn text(&mut self, place: &str, what: &'static str, text: &str, most: usize) {
        let found = text.chars().count();
        if found > most {
            self.errors.push(AdmitError::TooLong {
                place: place.to_owned(),
                what,
                found,
                most,
            });
        }
    }

    fn many(&mut self, what: &'static str, found: usize, most: usize) {
        if found > most {
            self.errors.push(AdmitError::TooMany { what, found, most });
        }
    }

    fn change(&mut self, place: &str, change: &RecommendedChange) {
        self.text(place, "its reason", &change.reason, TEXT);
        // A question's parts are measured one by one.
        if !matches!(change.change, Change::AskHuman { .. }) {
            let whole = serde_json::to_string(&change.change).unwrap_or_default();
            self.text(place, "the whole change", &whole, CHANGE);
        }
    }
}
