//! Every way in which a text is not a workflow or a policy of this format. Each has one stable code; what names and
//! types are wrong in a well-formed file is `check`'s business and has codes of its own.

use thiserror::Error;

use crate::finding::{Diagnostic, Level};
use crate::ir::{Name, Span};

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum SyntaxError {
    #[error("the file is {bytes} bytes long, more than the limit of {limit}")]
    FileSize { bytes: usize, limit: usize },
    #[error("the file is not UTF-8 text")]
    Encoding,
    #[error("the file is empty")]
    Empty,
    #[error("not well-formed YAML: {why}")]
    Yaml { why: String },
    #[error("YAML lists and maps nest deeper than {limit} levels")]
    YamlDepth { limit: usize },
    #[error("more than one YAML document in the file")]
    Documents,
    #[error("a YAML directive (`%…`)")]
    Directive,
    #[error("a YAML anchor or alias (`&…`, `*…`)")]
    Anchor,
    #[error("a YAML tag (`!…`)")]
    Tag,
    #[error("a YAML merge key (`<<`)")]
    MergeKey,
    #[error("the key `{key}` is written twice")]
    DuplicateKey { key: String },
    #[error("{of} has no key `{key}`")]
    UnknownKey {
        key: String,
        of: &'static str,
        near: Option<&'static str>,
        known: String,
    },
    #[error("{of} needs the key `{key}`")]
    MissingKey { key: &'static str, of: &'static str },
    #[error("expected {wanted}, found {found}")]
    Shape {
        wanted: String,
        found: &'static str,
        advice: Option<&'static str>,
    },
    #[error("`{found}` is not one of {known}")]
    Word {
        found: String,
        known: String,
        near: Option<&'static str>,
    },
    #[error("`{found}` is not a decimal integer")]
    Integer { found: String },
    #[error("{what} must list at least one entry")]
    EmptyList { what: &'static str },
    #[error("more than {limit} {what}")]
    TooMany { what: &'static str, limit: usize },
    #[error("a text longer than {limit} bytes")]
    TooLong { limit: usize },
    #[error("`ir: {found}` is a format this version of tribunal does not read")]
    Format { found: String },
    #[error("`version` is an integer from 1 to 4294967295")]
    Version,
    #[error("{message}")]
    PropertyForm { message: String },
    #[error("`{found}` is not a name")]
    BadName { found: String },
    #[error("`{found}` cannot be a name: {why}")]
    Reserved { found: String, why: &'static str },
    #[error("this version of tribunal does not verify concurrent instances and channels yet")]
    Asynchronous { what: String },
    #[error("expected an expression, but YAML read this differently")]
    Unquoted { found: &'static str },
    #[error("an expression is missing")]
    ExprEmpty,
    #[error("`{found}` does not occur in expressions")]
    ExprCharacter { found: char },
    #[error("`{found}` is not an operator here")]
    ExprOperator { found: String, advice: &'static str },
    #[error("`{found}` is not an integer of the expression language")]
    ExprNumber { found: String },
    #[error("expected {wanted}, found {found}")]
    ExprUnexpected { found: String, wanted: &'static str },
    #[error("comparisons do not chain")]
    ExprChain,
    #[error("`{found}` cannot stand here without parentheses")]
    ExprPosition { found: String },
    #[error("a list stands only right of `in`")]
    ExprList,
    #[error("`{found}` is not a value of the expression language")]
    ExprWord { found: String, advice: &'static str },
    #[error("there is no function `{found}`")]
    ExprFunction { found: String },
    #[error("an expression of more than {limit} {what}")]
    ExprLimit { what: &'static str, limit: usize },
    #[error("a comment right behind an unquoted expression; it is not part of the expression")]
    CommentBehindExpression,
}

impl SyntaxError {
    /// Every code of this enum.
    pub const ALL: &'static [&'static str] = &[
        "TRIB-FILE-SIZE",
        "TRIB-ENCODING",
        "TRIB-EMPTY",
        "TRIB-YAML",
        "TRIB-YAML-DEPTH",
        "TRIB-DOCUMENTS",
        "TRIB-DIRECTIVE",
        "TRIB-ANCHOR",
        "TRIB-TAG",
        "TRIB-MERGE-KEY",
        "TRIB-DUPLICATE-KEY",
        "TRIB-UNKNOWN-KEY",
        "TRIB-MISSING-KEY",
        "TRIB-SHAPE",
        "TRIB-WORD",
        "TRIB-INTEGER",
        "TRIB-EMPTY-LIST",
        "TRIB-TOO-MANY",
        "TRIB-TOO-LONG",
        "TRIB-FORMAT",
        "TRIB-VERSION",
        "TRIB-PROPERTY-FORM",
        "TRIB-NAME",
        "TRIB-RESERVED",
        "TRIB-ASYNC",
        "TRIB-QUOTE",
        "TRIB-EXPR-EMPTY",
        "TRIB-EXPR-CHARACTER",
        "TRIB-EXPR-OPERATOR",
        "TRIB-EXPR-NUMBER",
        "TRIB-EXPR-SYNTAX",
        "TRIB-EXPR-CHAIN",
        "TRIB-EXPR-POSITION",
        "TRIB-EXPR-LIST",
        "TRIB-EXPR-WORD",
        "TRIB-EXPR-FUNCTION",
        "TRIB-EXPR-LIMIT",
        "TRIB-COMMENT",
    ];

    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FileSize { .. } => "TRIB-FILE-SIZE",
            Self::Encoding => "TRIB-ENCODING",
            Self::Empty => "TRIB-EMPTY",
            Self::Yaml { .. } => "TRIB-YAML",
            Self::YamlDepth { .. } => "TRIB-YAML-DEPTH",
            Self::Documents => "TRIB-DOCUMENTS",
            Self::Directive => "TRIB-DIRECTIVE",
            Self::Anchor => "TRIB-ANCHOR",
            Self::Tag => "TRIB-TAG",
            Self::MergeKey => "TRIB-MERGE-KEY",
            Self::DuplicateKey { .. } => "TRIB-DUPLICATE-KEY",
            Self::UnknownKey { .. } => "TRIB-UNKNOWN-KEY",
            Self::MissingKey { .. } => "TRIB-MISSING-KEY",
            Self::Shape { .. } => "TRIB-SHAPE",
            Self::Word { .. } => "TRIB-WORD",
            Self::Integer { .. } => "TRIB-INTEGER",
            Self::EmptyList { .. } => "TRIB-EMPTY-LIST",
            Self::TooMany { .. } => "TRIB-TOO-MANY",
            Self::TooLong { .. } => "TRIB-TOO-LONG",
            Self::Format { .. } => "TRIB-FORMAT",
            Self::Version => "TRIB-VERSION",
            Self::PropertyForm { .. } => "TRIB-PROPERTY-FORM",
            Self::BadName { .. } => "TRIB-NAME",
            Self::Reserved { .. } => "TRIB-RESERVED",
            Self::Asynchronous { .. } => "TRIB-ASYNC",
            Self::Unquoted { .. } => "TRIB-QUOTE",
            Self::ExprEmpty => "TRIB-EXPR-EMPTY",
            Self::ExprCharacter { .. } => "TRIB-EXPR-CHARACTER",
            Self::ExprOperator { .. } => "TRIB-EXPR-OPERATOR",
            Self::ExprNumber { .. } => "TRIB-EXPR-NUMBER",
            Self::ExprUnexpected { .. } => "TRIB-EXPR-SYNTAX",
            Self::ExprChain => "TRIB-EXPR-CHAIN",
            Self::ExprPosition { .. } => "TRIB-EXPR-POSITION",
            Self::ExprList => "TRIB-EXPR-LIST",
            Self::ExprWord { .. } => "TRIB-EXPR-WORD",
            Self::ExprFunction { .. } => "TRIB-EXPR-FUNCTION",
            Self::ExprLimit { .. } => "TRIB-EXPR-LIMIT",
            Self::CommentBehindExpression => "TRIB-COMMENT",
        }
    }

    /// Whether the file is refused for it.
    #[must_use]
    pub const fn level(&self) -> Level {
        if matches!(self, Self::CommentBehindExpression) {
            Level::Warning
        } else {
            Level::Error
        }
    }

    /// The few words beside the place.
    fn label(&self) -> String {
        match self {
            Self::UnknownKey { .. } => "unknown key".to_owned(),
            Self::DuplicateKey { .. } => "again here".to_owned(),
            Self::MissingKey { key, .. } => format!("`{key}` is missing"),
            Self::Shape { found, .. } | Self::Unquoted { found } => (*found).to_owned(),
            Self::Asynchronous { what } => what.clone(),
            Self::ExprOperator { advice, .. } | Self::ExprWord { advice, .. } => {
                (*advice).to_owned()
            }
            Self::ExprUnexpected { wanted, .. } => format!("expected {wanted}"),
            Self::CommentBehindExpression => "taken as a comment".to_owned(),
            Self::FileSize { .. }
            | Self::Encoding
            | Self::Empty
            | Self::Yaml { .. }
            | Self::YamlDepth { .. }
            | Self::Documents
            | Self::Directive
            | Self::Anchor
            | Self::Tag
            | Self::MergeKey
            | Self::Word { .. }
            | Self::Integer { .. }
            | Self::EmptyList { .. }
            | Self::TooMany { .. }
            | Self::TooLong { .. }
            | Self::Format { .. }
            | Self::Version
            | Self::PropertyForm { .. }
            | Self::BadName { .. }
            | Self::Reserved { .. }
            | Self::ExprEmpty
            | Self::ExprCharacter { .. }
            | Self::ExprNumber { .. }
            | Self::ExprChain
            | Self::ExprPosition { .. }
            | Self::ExprList
            | Self::ExprFunction { .. }
            | Self::ExprLimit { .. } => "here".to_owned(),
        }
    }

    /// What to do.
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::FileSize { .. } => "split the workflow; one that large cannot be explored",
            Self::Encoding => "save the file as UTF-8",
            Self::Empty => {
                "a workflow needs `workflow_id`, `goal`, `actors`, `states` and `transitions`; a policy needs `rules`"
            }
            Self::Yaml { .. } => return None,
            Self::YamlDepth { .. } => "nothing in this format nests that deep",
            Self::Documents => {
                "one file is one workflow or one policy; remove everything from the second `---` on"
            }
            Self::Directive => "remove it; the file is read as YAML 1.2",
            Self::Anchor => "write the value out; anchors and aliases are not part of this format",
            Self::Tag => {
                "tags are not part of this format; quote a text that starts with `!`; in an expression write `not`"
            }
            Self::MergeKey => "write the keys out; merge keys are not part of this format",
            Self::DuplicateKey { .. } => "keep one of the two",
            Self::UnknownKey {
                near: Some(near), ..
            } => return Some(format!("did you mean `{near}`?")),
            Self::UnknownKey {
                near: None, known, ..
            } => return Some(format!("its keys are {known}")),
            Self::MissingKey { .. } => return None,
            Self::Shape { advice, .. } => return advice.map(str::to_owned),
            Self::Word {
                near: Some(near), ..
            } => return Some(format!("did you mean `{near}`?")),
            Self::Word { near: None, .. } => return None,
            Self::Integer { .. } => {
                "write digits only, with `-` in front if negative: no quotes, no leading zero, no `+`, `_`, `0x` or exponent"
            }
            Self::EmptyList { .. } => return None,
            Self::TooMany { .. } => "split the workflow",
            Self::TooLong { .. } => "shorten it",
            Self::Format { .. } => "write `ir: 1`, or leave the key out",
            Self::Version => "write `version: 1`, and one more for each new version",
            Self::PropertyForm { .. } => {
                "a property has exactly one of `always`, `never`, `at` with `require`, `at` with `ensure`, `precedes`, `reachable`, `can_reach`, `eventually`, `leads_to`, `infinitely_often`"
            }
            Self::BadName { .. } => {
                return Some(format!(
                    "a name is a letter followed by letters, digits and `_`, at most {} characters",
                    Name::MAX_LEN
                ));
            }
            Self::Reserved { .. } => "choose another name",
            Self::Asynchronous { .. } => {
                "model one instance and its messages by states and variables for now"
            }
            Self::Unquoted { .. } => "quote this expression: put \"…\" around it",
            Self::ExprEmpty => "write an expression, or remove the key",
            Self::ExprCharacter { .. } => return None,
            Self::ExprOperator { advice, .. } | Self::ExprWord { advice, .. } => {
                return Some((*advice).to_owned());
            }
            Self::ExprNumber { .. } => {
                "integers have one to seven decimal digits, no leading zero and no other spelling"
            }
            Self::ExprUnexpected { .. } => return None,
            Self::ExprChain => "write `a < b and b < c`",
            Self::ExprPosition { .. } => "put parentheses around it",
            Self::ExprList => "write `x in [a, b]`",
            Self::ExprFunction { .. } => {
                "the functions are `fresh`, `stale`, `has`, `count` and `len`"
            }
            Self::ExprLimit { .. } => "split it, for example over two properties or transitions",
            Self::CommentBehindExpression => "quote the expression: put \"…\" around it",
        };
        Some(text.to_owned())
    }

    /// The diagnostic that says this about `span`.
    #[must_use]
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic {
            code: self.code(),
            level: self.level(),
            message: self.to_string(),
            labels: vec![(span, self.label())],
            help: self.help(),
        }
    }
}
