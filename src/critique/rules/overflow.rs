//! `bound_overflow`: a step may only fire where what it assigns stays in range.

use super::step::joined;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::Scene;
use crate::finding::SubjectKind;
use crate::finding::critique::{Change, RecommendedChange};
use crate::ir::Domain;
use crate::report::Shown;

/// A guard for the side of the range that the run leaves; for both where the run does not say.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some((id, t)) = scene
        .transition(&case.subject.name)
        .filter(|_| case.subject.kind == SubjectKind::Transition)
    else {
        return Proposal::none();
    };
    let Some(written) = scene.checked.ir.transitions.get(id.ix()) else {
        return Proposal::none();
    };
    let after = case.steps.last().map_or(&[][..], |s| &s.changed);
    let (mut left, mut both) = (Vec::new(), Vec::new());
    for (name, value) in &written.set {
        let symbols = &scene.checked.symbols;
        let Some(var) = symbols.vars.iter().find(|v| v.name == name.value) else {
            continue;
        };
        let Domain::Int { lo, hi } = var.domain else {
            continue;
        };
        let (over, under) = (format!("{value} <= {hi}"), format!("{value} >= {lo}"));
        let now = after.iter().find(|(n, _)| n == name.value.as_str());
        if let Some((_, Shown::Int(n))) = now {
            if *n > hi {
                left.push(over.clone());
            } else if *n < lo {
                left.push(under.clone());
            }
        }
        both.extend([under, over]);
    }
    let guard = |parts: Vec<String>| -> Vec<RecommendedChange> {
        if parts.is_empty() {
            return Vec::new();
        }
        let change = Change::AddGuard {
            transition: t.name.to_string(),
            when: joined(&parts),
        };
        vec![because(
            change,
            format!("`{}` leaves a range without it", t.name),
        )]
    };
    Proposal::tries(vec![guard(left), guard(both)])
}
