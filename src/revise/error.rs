//! Every reason why changes are not carried out, each with a stable code and what to do.

use thiserror::Error;

use crate::finding::Diagnostic;
use crate::report::plain;

/// A reason, and the change it is about.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{why}", self.place())]
pub struct ReviseError {
    /// The change's position in the list, from 1; `None` for what is about all of them.
    pub change: Option<usize>,
    /// The change's action.
    pub action: Option<&'static str>,
    /// What is wrong.
    pub why: Why,
}

impl ReviseError {
    /// A reason that is about no change in particular.
    #[must_use]
    pub const fn of_all(why: Why) -> Self {
        Self {
            change: None,
            action: None,
            why,
        }
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.why.code()
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        self.why.help()
    }

    fn place(&self) -> String {
        match (self.change, self.action) {
            (Some(n), Some(action)) => format!("change {n} (`{action}`): "),
            (Some(n), None) => format!("change {n}: "),
            (None, _) => String::new(),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum Why {
    #[error("there is no {what} `{}`", shown(.name))]
    Unknown {
        what: &'static str,
        name: String,
        near: Option<String>,
    },
    #[error("the name `{}` is taken by the {by}", shown(.name))]
    Taken { name: String, by: &'static str },
    #[error("`{}` is not a name", shown(.name))]
    NotAName { name: String },
    #[error("`{}` cannot be a name: {why}", shown(.name))]
    Reserved { name: String, why: &'static str },
    #[error("`{key}: {}` is not an expression: {message}", shown(.text))]
    Expression {
        key: String,
        text: String,
        message: String,
        help: Option<String>,
    },
    #[error("`{}` is not one of {known}", shown(.found))]
    Word { found: String, known: &'static str },
    #[error("{what} must not be empty")]
    Empty { what: &'static str },
    #[error("`{}` is named twice in {what}", shown(.name))]
    Twice { what: &'static str, name: String },
    #[error("the {what} `{name}` is still named by {}", .by.join(", "))]
    InUse {
        what: &'static str,
        name: String,
        by: Vec<String>,
    },
    #[error("`{name}` is {found}, but {wanted} is needed")]
    Role {
        name: String,
        found: String,
        wanted: String,
    },
    #[error("{message}")]
    DoesNotFit { message: String, help: &'static str },
    #[error(
        "the new guard of `{transition}` allows what the old one does not, for instance {example}"
    )]
    Looser { transition: String, example: String },
    #[error("the policy would allow more than before: {example}")]
    LooserPolicy { example: String },
    #[error("nothing shows that this is no looser than before: {why}")]
    Undecided { why: String },
    #[error("the question `{}` is not answered", shown(.question))]
    Unanswered { question: String },
    #[error("the question `{}` has no option `{}`", shown(.question), shown(.option))]
    UnknownOption {
        question: String,
        option: String,
        known: Vec<String>,
    },
    #[error("an option of a question asks another question")]
    NestedQuestion,
    #[error("two questions have the name `{}`", shown(.question))]
    TwoQuestions { question: String },
    #[error("the workflow cannot be read: {}", .0.message)]
    Source(Diagnostic),
    #[error("the revised workflow would be refused ({}): {}", .0.code, .0.message)]
    Result(Diagnostic),
    #[error("the patched text does not say what the changes ask for; it differs at `{at}`")]
    Mismatch { at: String },
    #[error("the text is laid out in a way that cannot be patched: {what}")]
    Layout { what: String },
    #[error("the changes change nothing")]
    Nothing,
    #[error("version {version} is the last one there can be")]
    LastVersion { version: u32 },
}

impl Why {
    /// Every code of this enum.
    pub const ALL: &'static [&'static str] = &[
        "TRIB-REVISE-ANSWER",
        "TRIB-REVISE-EMPTY",
        "TRIB-REVISE-EXPRESSION",
        "TRIB-REVISE-FIT",
        "TRIB-REVISE-IN-USE",
        "TRIB-REVISE-LAYOUT",
        "TRIB-REVISE-LOOSER",
        "TRIB-REVISE-MISMATCH",
        "TRIB-REVISE-NAME",
        "TRIB-REVISE-NOTHING",
        "TRIB-REVISE-QUESTION",
        "TRIB-REVISE-RESULT",
        "TRIB-REVISE-ROLE",
        "TRIB-REVISE-SOURCE",
        "TRIB-REVISE-TAKEN",
        "TRIB-REVISE-TWICE",
        "TRIB-REVISE-UNANSWERED",
        "TRIB-REVISE-UNDECIDED",
        "TRIB-REVISE-UNKNOWN",
        "TRIB-REVISE-VERSION",
        "TRIB-REVISE-WORD",
    ];

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "TRIB-REVISE-UNKNOWN",
            Self::Taken { .. } => "TRIB-REVISE-TAKEN",
            Self::NotAName { .. } | Self::Reserved { .. } => "TRIB-REVISE-NAME",
            Self::Expression { .. } => "TRIB-REVISE-EXPRESSION",
            Self::Word { .. } => "TRIB-REVISE-WORD",
            Self::Empty { .. } => "TRIB-REVISE-EMPTY",
            Self::Twice { .. } => "TRIB-REVISE-TWICE",
            Self::InUse { .. } => "TRIB-REVISE-IN-USE",
            Self::Role { .. } => "TRIB-REVISE-ROLE",
            Self::DoesNotFit { .. } => "TRIB-REVISE-FIT",
            Self::Looser { .. } | Self::LooserPolicy { .. } => "TRIB-REVISE-LOOSER",
            Self::Undecided { .. } => "TRIB-REVISE-UNDECIDED",
            Self::Unanswered { .. } => "TRIB-REVISE-UNANSWERED",
            Self::UnknownOption { .. } => "TRIB-REVISE-ANSWER",
            Self::NestedQuestion | Self::TwoQuestions { .. } => "TRIB-REVISE-QUESTION",
            Self::Source(_) => "TRIB-REVISE-SOURCE",
            Self::Result(_) => "TRIB-REVISE-RESULT",
            Self::Mismatch { .. } => "TRIB-REVISE-MISMATCH",
            Self::Layout { .. } => "TRIB-REVISE-LAYOUT",
            Self::Nothing => "TRIB-REVISE-NOTHING",
            Self::LastVersion { .. } => "TRIB-REVISE-VERSION",
        }
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::Unknown {
                near: Some(near), ..
            } => return Some(format!("did you mean `{near}`?")),
            Self::Unknown { .. } => "name what the workflow declares, or declare it first",
            Self::Taken { .. } => "choose another name",
            Self::NotAName { .. } => {
                "a name is a letter followed by letters, digits and `_`, at most 64 characters"
            }
            Self::Reserved { .. } => "choose another name",
            Self::Expression { help, .. } => return help.clone(),
            Self::Word { .. } => "write one of these words",
            Self::Empty { .. } => "name at least one",
            Self::Twice { .. } => "name each once",
            Self::InUse { .. } => "change what names it first",
            Self::Role { .. } => "name another one, or change this one first",
            Self::DoesNotFit { help, .. } => help,
            Self::Looser { .. } => "write a guard that implies the old one, such as `old and more`",
            Self::LooserPolicy { .. } => "a workflow's own policy can only be tightened",
            Self::Undecided { .. } => {
                "write it as the old condition and something more, so that no solver is needed"
            }
            Self::Unanswered { .. } => "a person answers it with `tribunal answer`",
            Self::UnknownOption { known, .. } => {
                return Some(format!("its options are {}", known.join(", ")));
            }
            Self::NestedQuestion => "ask both questions beside each other",
            Self::TwoQuestions { .. } => "give each question a name of its own",
            Self::Source(diagnostic) => return diagnostic.help.clone(),
            Self::Result(diagnostic) => {
                return diagnostic
                    .help
                    .clone()
                    .or_else(|| Some("the changes do not fit together".to_owned()));
            }
            Self::Mismatch { .. } => {
                "nothing was written; please report it with the file and the changes"
            }
            Self::Layout { .. } => "write this part in the usual block or flow style",
            Self::Nothing => "the workflow already says all that they ask for",
            Self::LastVersion { .. } => "give the workflow another id",
        };
        Some(text.to_owned())
    }
}

/// A text of a critique as it may be shown: one line, without control characters, at most 80 characters.
pub(super) fn shown(text: &str) -> String {
    let line = plain::line(text);
    let mut short: String = line.chars().take(80).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
