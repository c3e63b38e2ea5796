//! Names as users write them and the typed indices they are resolved to.

use std::fmt;
use std::sync::Arc;

/// An identifier of the IR: `[A-Za-z][A-Za-z0-9_]*`, at most 64 bytes, not a reserved word (see `syntax`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// The longest identifier accepted, in bytes.
    pub const MAX_LEN: usize = 64;

    /// Accepts text of the form `[A-Za-z][A-Za-z0-9_]*` of at most [`Name::MAX_LEN`] bytes; `None` otherwise.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut bytes = text.bytes();
        let ok = bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && text.len() <= Self::MAX_LEN;
        ok.then(|| Self(Arc::from(text)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! index {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// The position in the table this index belongs to.
            #[must_use]
            pub const fn ix(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// A control state, by position in `states:`.
    StateId,
    /// A variable, by position in `vars:`.
    VarId,
    /// A kind of evidence, by position in `evidence:`.
    EvId,
    /// A field of one kind of evidence, by position in its `fields:`.
    FieldIx,
    /// An artifact, by position in `artifacts:`.
    ArtId,
    /// A transition, by position in `transitions:`.
    TransitionId,
    /// A choice of one transition, by position in its `choose:`.
    ChoiceIx,
    /// An actor, by position in `actors:`.
    ActorId,
    /// An enum type, by position in the table of enum types.
    EnumId,
}
