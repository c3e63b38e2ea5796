//! What a rule proposes for one finding: changes to try, and a question for when none of them helps.

use crate::finding::critique::{Change, QuestionOption, RecommendedChange};

/// What a rule has to say about one finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposal {
    /// Changes that may remove it, the best first; those of one try only make sense together.
    pub tries: Vec<Vec<RecommendedChange>>,
    /// What to ask a person if no try helps.
    pub question: Option<Question>,
}

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its name.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// The ways to go.
    pub options: Vec<QuestionOption>,
}

impl Proposal {
    /// Nothing to propose.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One thing to try.
    #[must_use]
    pub fn one(changes: Vec<RecommendedChange>) -> Self {
        Self::tries(vec![changes])
    }

    /// Several things to try, in order.
    #[must_use]
    pub fn tries(tries: Vec<Vec<RecommendedChange>>) -> Self {
        Self {
            tries: tries.into_iter().filter(|t| !t.is_empty()).collect(),
            question: None,
        }
    }

    /// A question and nothing to try.
    #[must_use]
    pub fn ask(question: Question) -> Self {
        Self {
            tries: Vec::new(),
            question: Some(question),
        }
    }

    /// The same, with a question for when nothing helps.
    #[must_use]
    pub fn or_ask(mut self, question: Option<Question>) -> Self {
        self.question = question;
        self
    }
}

impl Question {
    /// The question as a change.
    #[must_use]
    pub fn into_change(self, reason: &str) -> RecommendedChange {
        because(
            Change::AskHuman {
                id: self.id,
                question: self.text,
                options: self.options,
            },
            reason,
        )
    }
}

/// A change and why.
#[must_use]
pub fn because(change: Change, reason: impl Into<String>) -> RecommendedChange {
    RecommendedChange {
        change,
        reason: reason.into(),
        answers: Vec::new(),
    }
}

/// One answer to a question.
#[must_use]
pub fn option(
    id: &str,
    text: impl Into<String>,
    changes: Vec<RecommendedChange>,
) -> QuestionOption {
    QuestionOption {
        id: id.to_owned(),
        text: text.into(),
        changes,
    }
}
