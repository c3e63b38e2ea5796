//! `policy_contradiction`, `policy_never_allows`: rules that leave nothing. Which of them is too strict a person says.

use super::general;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, Question, option};
use crate::critique::scene::Scene;
use crate::finding::SubjectKind;
use crate::finding::critique::QuestionOption;
use crate::ir::workflow::{Effect, Rule};

/// One option for each of the workflow's own rules in the smallest set that excludes itself.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    if case.subject.kind != SubjectKind::Action {
        return Proposal::none();
    }
    let own = scene.checked.ir.policy.as_ref();
    let rules: Vec<&Rule> = own.map_or_else(Vec::new, |p| {
        let named = |r: &&Rule| case.core.iter().any(|c| c == r.id.value.as_str());
        p.rules.iter().filter(named).collect()
    });
    let mut options: Vec<QuestionOption> = rules.iter().take(6).map(|r| weaken(r)).collect();
    options.push(option(
        "project",
        "none of these: I change the policies by hand",
        Vec::new(),
    ));
    if rules.is_empty() {
        return Proposal::none();
    }
    let names: Vec<String> = case.core.iter().map(|r| format!("`{r}`")).collect();
    Proposal::ask(Question {
        id: general::id(case),
        text: format!(
            "No input satisfies {} together, so nothing may ever {}. Which gives way?",
            names.join(", "),
            case.subject.name
        ),
        options,
    })
}

/// The rule gives way. A revision can only tighten a workflow's policy, so a person loosens the rule by hand.
fn weaken(rule: &Rule) -> QuestionOption {
    let id = rule.id.value.as_str();
    let effect = match rule.effect.value {
        Effect::Permit => "permit",
        Effect::Require => "require",
        Effect::Forbid => "forbid",
    };
    option(
        id,
        format!("`{id}` ({effect} {}) gives way: I loosen it", rule.when),
        Vec::new(),
    )
}
