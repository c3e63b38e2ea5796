//! How much a `holds` is worth.

use crate::finding::Coverage;

/// The class of the strongest answer a `holds` rests on, weakest first so that the order is that of strength.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// Nobody showed it.
    None,
    /// All runs up to some length.
    Bounded,
    /// Inductive over all typed states.
    Inductive,
    /// Every reachable state, by one engine.
    ExhaustiveByOne,
    /// Every reachable state, by two engines that do not share their code.
    ExhaustiveByTwo,
    /// A theorem that Lean's kernel checked.
    Proved,
}

impl Assurance {
    /// The word for it in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bounded => "bounded",
            Self::Inductive => "inductive",
            Self::ExhaustiveByOne => "exhaustive_by_one",
            Self::ExhaustiveByTwo => "exhaustive_by_two",
            Self::Proved => "proved",
        }
    }

    /// The same for a sentence.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bounded => "bounded",
            Self::Inductive => "inductive",
            Self::ExhaustiveByOne => "exhaustive",
            Self::ExhaustiveByTwo => "exhaustive, twice",
            Self::Proved => "proved",
        }
    }

    /// The class of the answers of all engines that said `holds`.
    #[must_use]
    pub fn of(coverages: &[&Coverage]) -> Self {
        let one = |c: &&Coverage| match c {
            Coverage::Exhaustive { .. } => Self::ExhaustiveByOne,
            Coverage::Inductive { .. } | Coverage::AllValues => Self::Inductive,
            Coverage::Bounded { .. } => Self::Bounded,
            Coverage::Theorem { .. } => Self::Proved,
        };
        let best = coverages.iter().map(one).max().unwrap_or(Self::None);
        let exhaustive = coverages
            .iter()
            .filter(|c| matches!(c, Coverage::Exhaustive { .. }))
            .count();
        if best == Self::ExhaustiveByOne && exhaustive > 1 {
            Self::ExhaustiveByTwo
        } else {
            best
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_class_counts_and_two_searches_beat_one() {
        let search = Coverage::Exhaustive { distinct: 7 };
        let induction = Coverage::Inductive { k: 1 };
        let theorem = Coverage::Theorem { name: "t".into() };
        assert_eq!(Assurance::of(&[]), Assurance::None);
        assert_eq!(
            Assurance::of(&[&Coverage::Bounded { steps: 9 }]),
            Assurance::Bounded
        );
        assert_eq!(Assurance::of(&[&induction]), Assurance::Inductive);
        assert_eq!(
            Assurance::of(&[&induction, &search]),
            Assurance::ExhaustiveByOne
        );
        assert_eq!(
            Assurance::of(&[&search, &search]),
            Assurance::ExhaustiveByTwo
        );
        assert_eq!(
            Assurance::of(&[&search, &search, &theorem]),
            Assurance::Proved
        );
    }
}
