//! Everything `check` refuses, each with a stable code, its places, and what to do. One code, `TRIB-ASYNC`, is shared with
//! `syntax`, which refuses the same in a text; here it guards workflows that were built otherwise.

use thiserror::Error;

use crate::finding::{Diagnostic, Level};
use crate::ir::{Name, Span};

/// A reason to refuse a file that is well-formed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckError {
    /// Two declarations of one name in one namespace.
    #[error("the {what} `{name}` takes a name that is already used")]
    DuplicateName {
        /// The sort of thing declared second.
        what: &'static str,
        /// The name.
        name: Name,
        /// The first declaration.
        first: Span,
        /// The second.
        span: Span,
    },
    /// An enum value spelled like a variable, evidence, artifact or actor.
    #[error("the enum value `{value}` is spelled like the {what} `{value}`")]
    ValueClash {
        /// The value.
        value: Name,
        /// The sort of the other thing.
        what: &'static str,
        /// Where that is declared.
        declared: Span,
        /// The value.
        span: Span,
    },
    /// A choice or bound variable named like something else.
    #[error("the local name `{name}` hides the {what} `{name}`")]
    Shadows {
        /// The local name.
        name: Name,
        /// The sort of what it hides.
        what: &'static str,
        /// The local name.
        span: Span,
    },
    /// A name that nothing has.
    #[error("there is no {what} `{name}`")]
    UnknownName {
        /// The sort of thing looked for.
        what: &'static str,
        /// The name.
        name: Name,
        /// The nearest one that exists.
        near: Option<String>,
        /// Where it is used.
        span: Span,
    },
    /// A name of the wrong sort.
    #[error("`{name}` is {found}, not {wanted}")]
    WrongKind {
        /// The name.
        name: String,
        /// What is needed, with its article.
        wanted: &'static str,
        /// What it is, with its article.
        found: &'static str,
        /// Where it is used.
        span: Span,
    },
    /// An expression of the wrong type.
    #[error("this is {found}, but {wanted} is needed here")]
    TypeMismatch {
        /// The type needed, in words.
        wanted: String,
        /// The type found, in words.
        found: String,
        /// The expression.
        span: Span,
    },
    /// A value of several types where nothing says which one is meant.
    #[error("`{name}` is a value of several types and nothing here says which one is meant")]
    UntypedValue {
        /// The value.
        name: Name,
        /// Where it is used.
        span: Span,
    },
    /// A form that belongs to concurrency between actors.
    #[error("{what} belongs to concurrency between actors, which this version does not support")]
    Async {
        /// The form.
        what: &'static str,
        /// Where it is used.
        span: Span,
    },
    /// A stamp that evidence does not have.
    #[error("`{evidence}` is not made of `{artifact}`, so it has no stamp of it")]
    NotMadeOf {
        /// The evidence.
        evidence: Name,
        /// The artifact.
        artifact: Name,
        /// Where it is asked for.
        span: Span,
    },
    /// Quantifiers that write out to too much.
    #[error("this expression has more than {limit} parts once its quantifiers are written out")]
    Expansion {
        /// The most parts allowed.
        limit: usize,
        /// The expression.
        span: Span,
    },
    /// A range that is empty or leaves the limits of S-3.
    #[error("the range {lo}..{hi} is empty or leaves -1000000..1000000")]
    Range {
        /// Smallest.
        lo: i64,
        /// Largest.
        hi: i64,
        /// The range.
        span: Span,
    },
    /// An initial value that is not a value of the type.
    #[error("the initial value of `{name}` is not a value of its type")]
    InitOutside {
        /// The variable.
        name: Name,
        /// What the values are, in words.
        values: String,
        /// The initial value.
        span: Span,
    },
    /// An initial value that has to be computed.
    #[error("the initial value of `{name}` is not a plain value")]
    InitNotLiteral {
        /// The variable.
        name: Name,
        /// The initial value.
        span: Span,
    },
    /// A phase variable with too many values.
    #[error("the phase variable `{name}` has {values} values; at most {limit} are allowed")]
    PhaseSize {
        /// The variable.
        name: Name,
        /// How many values it has.
        values: u64,
        /// The most allowed.
        limit: u64,
        /// Its declaration.
        span: Span,
    },
    /// `needs` at the initial state.
    #[error("the initial state `{state}` has `needs`, but no evidence exists at the start")]
    InitialNeeds {
        /// The state.
        state: Name,
        /// The `needs`.
        span: Span,
    },
    /// A terminal state in `from`.
    #[error("`{transition}` leaves the terminal state `{state}`")]
    LeavesTerminal {
        /// The transition.
        transition: Name,
        /// The state.
        state: Name,
        /// Where it is named in `from`.
        span: Span,
    },
    /// A state under both `success` and `failure`.
    #[error("`{state}` is declared both a success and a failure")]
    TerminalTwice {
        /// The state.
        state: Name,
        /// The first mention.
        first: Span,
        /// The second mention.
        span: Span,
    },
    /// A name twice in one list.
    #[error("`{name}` is listed twice")]
    ListedTwice {
        /// The name.
        name: Name,
        /// The first mention.
        first: Span,
        /// The second mention.
        span: Span,
    },
    /// Two effects of one transition on one thing.
    #[error("`{transition}` writes `{what}` twice")]
    TwoWrites {
        /// The transition.
        transition: Name,
        /// What is written.
        what: Name,
        /// The first effect.
        first: Span,
        /// The second effect.
        span: Span,
    },
    /// A transition that is to precede itself.
    #[error("`{transition}` cannot precede itself")]
    PrecedesSelf {
        /// The transition.
        transition: Name,
        /// Its mention among the first ones.
        span: Span,
    },
    /// A lemma that cannot help.
    #[error("`lemma: true` {why}")]
    Lemma {
        /// Why not.
        why: &'static str,
        /// The property.
        span: Span,
    },
    /// A map that leaves something out.
    #[error("`refines.map` says nothing of {missing} of the other workflow")]
    RefinesMissing {
        /// What is missing, in words.
        missing: String,
        /// The `refines` entry.
        span: Span,
    },
    /// An entry of the map for evidence or an artifact that is no plain name.
    #[error(
        "`{name}` is {wanted} in the other workflow, so it maps to the name of one of this workflow's"
    )]
    RefinesEntry {
        /// The other workflow's name.
        name: Name,
        /// Which sort it is, with article.
        wanted: &'static str,
        /// The entry.
        span: Span,
    },
    /// Evidence whose stamps or fields have no counterpart.
    #[error("`{evidence}` cannot stand for the other workflow's `{other}`: {why}")]
    RefinesEvidence {
        /// This workflow's.
        evidence: Name,
        /// The other's.
        other: Name,
        /// What does not fit.
        why: String,
        /// The entry.
        span: Span,
    },
    /// The other workflow was not given to `check`.
    #[error("the refined workflow `{file}` was not read")]
    RefinesNotRead {
        /// As written.
        file: String,
        /// Where.
        span: Span,
    },
}

macro_rules! codes {
    ($($variant:ident = $code:literal),* $(,)?) => {
        impl CheckError {
            /// The codes of all errors of this module.
            pub const ALL: &'static [&'static str] = &[$($code),*];

            /// The stable code.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code),* }
            }

            /// The place to point at.
            #[must_use]
            pub const fn span(&self) -> Span {
                match self { $(Self::$variant { span, .. } => *span),* }
            }
        }
    };
}

codes! {
    DuplicateName = "TRIB-DUPLICATE-NAME",
    ValueClash = "TRIB-VALUE-CLASH",
    Shadows = "TRIB-SHADOWS",
    UnknownName = "TRIB-UNKNOWN-NAME",
    WrongKind = "TRIB-WRONG-KIND",
    TypeMismatch = "TRIB-TYPE-MISMATCH",
    UntypedValue = "TRIB-UNTYPED-VALUE",
    Async = "TRIB-ASYNC",
    NotMadeOf = "TRIB-NOT-MADE-OF",
    Expansion = "TRIB-EXPANSION-LIMIT",
    Range = "TRIB-RANGE",
    InitOutside = "TRIB-INIT-OUTSIDE",
    InitNotLiteral = "TRIB-INIT",
    PhaseSize = "TRIB-PHASE-SIZE",
    InitialNeeds = "TRIB-INITIAL-NEEDS",
    LeavesTerminal = "TRIB-LEAVES-TERMINAL",
    TerminalTwice = "TRIB-TERMINAL-TWICE",
    ListedTwice = "TRIB-LISTED-TWICE",
    TwoWrites = "TRIB-TWO-WRITES",
    PrecedesSelf = "TRIB-PRECEDES-SELF",
    Lemma = "TRIB-LEMMA",
    RefinesMissing = "TRIB-REFINES-MISSING",
    RefinesEntry = "TRIB-REFINES-ENTRY",
    RefinesEvidence = "TRIB-REFINES-EVIDENCE",
    RefinesNotRead = "TRIB-REFINES-NOT-READ",
}

impl CheckError {
    /// The label at the place to point at.
    const fn label(&self) -> &'static str {
        match self {
            Self::DuplicateName { .. } => "declared again here",
            Self::ValueClash { .. } => "this value",
            Self::Shadows { .. } => "this local name",
            Self::UnknownName { .. } => "not declared",
            Self::WrongKind { .. } | Self::TypeMismatch { .. } => "of the wrong kind",
            Self::UntypedValue { .. } => "of which type?",
            Self::Async { .. } => "not supported",
            Self::NotMadeOf { .. } => "no such stamp",
            Self::Expansion { .. } => "too large",
            Self::Range { .. } => "this range",
            Self::InitOutside { .. } | Self::InitNotLiteral { .. } => "this value",
            Self::PhaseSize { .. } => "too many values",
            Self::InitialNeeds { .. } => "can never be met",
            Self::LeavesTerminal { .. } => "terminal",
            Self::TerminalTwice { .. } | Self::ListedTwice { .. } => "again here",
            Self::TwoWrites { .. } => "written again here",
            Self::PrecedesSelf { .. } => "the same transition",
            Self::Lemma { .. } => "not a lemma",
            Self::RefinesMissing { .. } => "incomplete",
            Self::RefinesEntry { .. } => "not a name of that sort",
            Self::RefinesEvidence { .. } => "does not fit",
            Self::RefinesNotRead { .. } => "this file",
        }
    }

    /// A second place and its label.
    const fn other_place(&self) -> Option<(Span, &'static str)> {
        match self {
            Self::DuplicateName { first, .. } => Some((*first, "first declared here")),
            Self::ValueClash { declared, .. } => Some((*declared, "declared here")),
            Self::TerminalTwice { first, .. } | Self::ListedTwice { first, .. } => {
                Some((*first, "first here"))
            }
            Self::TwoWrites { first, .. } => Some((*first, "first written here")),
            Self::Shadows { .. }
            | Self::UnknownName { .. }
            | Self::WrongKind { .. }
            | Self::TypeMismatch { .. }
            | Self::UntypedValue { .. }
            | Self::Async { .. }
            | Self::NotMadeOf { .. }
            | Self::Expansion { .. }
            | Self::Range { .. }
            | Self::InitOutside { .. }
            | Self::InitNotLiteral { .. }
            | Self::PhaseSize { .. }
            | Self::InitialNeeds { .. }
            | Self::LeavesTerminal { .. }
            | Self::PrecedesSelf { .. }
            | Self::Lemma { .. }
            | Self::RefinesMissing { .. }
            | Self::RefinesEntry { .. }
            | Self::RefinesEvidence { .. }
            | Self::RefinesNotRead { .. } => None,
        }
    }

    /// What to do.
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::DuplicateName { what, .. } => match *what {
                "variable" | "evidence" | "artifact" | "state" | "actor" => {
                    "variables, evidence, artifacts, states and actors share one namespace; rename one of the two"
                }
                _small_namespace => "rename one of the two",
            }
            .to_owned(),
            Self::ValueClash { .. } => "rename the value or the other".to_owned(),
            Self::Shadows { .. } => "give the local name a spelling of its own".to_owned(),
            Self::UnknownName { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::UnknownName { near: None, .. } | Self::WrongKind { .. } => return None,
            Self::TypeMismatch { .. } => return None,
            Self::UntypedValue { .. } => {
                "compare it with a variable, field or choice of the type that is meant".to_owned()
            }
            Self::Async { .. } => "write it without instances and channels".to_owned(),
            Self::NotMadeOf { evidence, artifact, .. } => {
                format!("add `{artifact}` to the `of` of `{evidence}`, or ask for another artifact")
            }
            Self::Expansion { .. } => "shorten the lists or nest fewer quantifiers".to_owned(),
            Self::Range { .. } => {
                "write the smaller number first, both within a million of 0".to_owned()
            }
            Self::InitOutside { values, .. } => format!("its values are {values}"),
            Self::InitNotLiteral { .. } => {
                "write a number, `true`, `false`, a value of its enum, or `any`".to_owned()
            }
            Self::PhaseSize { .. } => "use a smaller type, or leave `phase` out".to_owned(),
            Self::InitialNeeds { .. } => {
                "remove `needs` here, or begin in a state of its own".to_owned()
            }
            Self::LeavesTerminal { .. } => {
                "remove the state from `from`, or from `terminal`".to_owned()
            }
            Self::TerminalTwice { .. } => "keep it under one of the two".to_owned(),
            Self::ListedTwice { .. } => "remove one of the two".to_owned(),
            Self::TwoWrites { .. } => {
                "a step is atomic: keep one effect, or split the transition in two".to_owned()
            }
            Self::PrecedesSelf { .. } => "name another transition".to_owned(),
            Self::Lemma { .. } => {
                "mark only an `always` or `never` that is expected to hold".to_owned()
            }
            Self::RefinesMissing { .. } => {
                "add an entry for each: `state`, every variable, every evidence, every artifact".to_owned()
            }
            Self::RefinesEntry { .. } => "write a name alone".to_owned(),
            Self::RefinesEvidence { .. } => {
                "map to evidence with the same fields that is made of the mapped artifacts".to_owned()
            }
            Self::RefinesNotRead { .. } => "give the file a path relative to this one".to_owned(),
        };
        Some(text)
    }
}

impl From<&CheckError> for Diagnostic {
    fn from(error: &CheckError) -> Self {
        let mut labels = vec![(error.span(), error.label().to_owned())];
        if let Some((span, label)) = error.other_place() {
            labels.push((span, label.to_owned()));
        }
        Self {
            code: error.code(),
            level: Level::Error,
            message: error.to_string(),
            labels,
            help: error.help(),
        }
    }
}
