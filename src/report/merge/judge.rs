//! One verdict a property from all engines' claims. This table is the heart of the report:
//!
//! | some engine | verdict |
//! | --- | --- |
//! | refutes, another says holds | disagreement |
//! | refutes | violated |
//! | gives a run that does not replay | unreplayable |
//! | is needed, and is not there or failed | unavailable |
//! | is needed, and ran out of its budget | unknown |
//! | says holds | holds, or vacuous |
//! | knows nothing | unknown; unavailable where none ran |

use std::collections::BTreeSet;

use super::claim::Claim;
use crate::finding::{Coverage, Engine, PropertyIx};
use crate::model::System;
use crate::report::assurance::Assurance;
use crate::report::verdict::PropertyVerdict;

/// A property's verdict and what it rests on.
pub(super) struct Judged {
    pub(super) verdict: PropertyVerdict,
    pub(super) assurance: Assurance,
    /// Transitions whose fairness it rests on, by name: the fewest that an engine that says holds had to assume.
    pub(super) assumptions: BTreeSet<String>,
    /// By engine: whether it is needed, and what it says.
    pub(super) claims: Vec<(Engine, bool, Claim)>,
}

/// Judges one property. `vacuous`: some engine, or the file alone, shows that it says nothing.
pub(super) fn judge(claims: Vec<(Engine, bool, Claim)>, vacuous: bool) -> Judged {
    let verdict = verdict(&claims, vacuous);
    let mut coverages = Vec::new();
    let mut rests_on: Vec<BTreeSet<String>> = Vec::new();
    let mut witnessed = false;
    for (_, _, claim) in &claims {
        if let Claim::Holds {
            coverage,
            witness,
            assumptions: needs,
        } = claim
        {
            coverages.push(coverage);
            rests_on.push(needs.iter().cloned().collect());
            witnessed |= witness.is_some();
        }
    }
    let mut assurance = if verdict == PropertyVerdict::Holds {
        Assurance::of(&coverages)
    } else {
        Assurance::None
    };
    // A run that replays settles that there is one as fully as any search.
    if witnessed && verdict == PropertyVerdict::Holds {
        assurance = assurance.max(Assurance::ExhaustiveByOne);
    }
    // What one engine shows from less does not rest on what another assumed besides.
    let assumptions = rests_on
        .into_iter()
        .min_by_key(|set| (set.len(), set.clone()))
        .unwrap_or_default();
    Judged {
        verdict,
        assurance,
        assumptions,
        claims,
    }
}

fn verdict(claims: &[(Engine, bool, Claim)], vacuous: bool) -> PropertyVerdict {
    let any = |test: fn(&Claim) -> bool| claims.iter().any(|(_, _, c)| test(c));
    let needed = |test: fn(Engine, &Claim) -> bool| {
        claims.iter().any(|(e, needed, c)| *needed && test(*e, c))
    };
    let holds = any(|c| matches!(c, Claim::Holds { .. }));
    let refuted = any(|c| matches!(c, Claim::Refuted { .. }));
    if refuted && holds {
        PropertyVerdict::Disagreement
    } else if refuted {
        PropertyVerdict::Violated
    } else if any(|c| matches!(c, Claim::Unreplayable(_))) {
        PropertyVerdict::Unreplayable
    } else if needed(|_, c| matches!(c, Claim::Unavailable(_) | Claim::Failed(_))) {
        PropertyVerdict::Unavailable
    } else if needed(gave_up) {
        PropertyVerdict::Unknown
    } else if holds && vacuous {
        PropertyVerdict::Vacuous
    } else if holds {
        PropertyVerdict::Holds
    } else if any(|c| {
        matches!(
            c,
            Claim::Unknown(_) | Claim::OutOfBudget(_) | Claim::NotAsked(_)
        )
    }) {
        PropertyVerdict::Unknown
    } else {
        PropertyVerdict::Unavailable
    }
}

/// Whether an engine ran out of what the user gave it. The effort Z3 spends on one question is its own limit: where that is
/// used up it does not know, as with anything that is not inductive, and takes nothing from an engine that does.
fn gave_up(engine: Engine, claim: &Claim) -> bool {
    match claim {
        Claim::OutOfBudget(why) => engine != Engine::Z3 || !why.starts_with("budget"),
        Claim::Holds { .. }
        | Claim::Refuted { .. }
        | Claim::Unreplayable(_)
        | Claim::Unknown(_)
        | Claim::Unavailable(_)
        | Claim::Failed(_)
        | Claim::NotAsked(_) => false,
    }
}

/// An inductive proof may have used every property marked as lemma, so it is worth no more than the weakest of them.
pub(super) fn lower_by_lemmas(system: &System, judged: &mut [(PropertyIx, Judged)]) {
    let is_lemma = |ix: PropertyIx| system.property(ix).is_some_and(|p| p.lemma);
    let lemmas: Vec<(PropertyIx, Assurance)> = judged
        .iter()
        .filter(|(ix, _)| is_lemma(*ix))
        .map(|(ix, j)| (*ix, j.assurance))
        .collect();
    for (ix, one) in judged {
        let weakest = lemmas
            .iter()
            .filter(|(l, _)| l != ix)
            .map(|(_, a)| *a)
            .min();
        let by_induction = one.claims.iter().any(|(_, _, c)| {
            matches!(
                c,
                Claim::Holds {
                    coverage: Coverage::Inductive { .. },
                    ..
                }
            )
        });
        if let Some(weakest) = weakest
            && by_induction
            && one.assurance == Assurance::Inductive
        {
            one.assurance = one.assurance.min(weakest);
        }
    }
}
