//! Types policies: rules over the inputs of S-11.

use super::checked::{CheckedPolicy, CheckedRule};
use super::declare::distinct;
use super::elaborate::Elaborator;
use super::error::CheckError;
use super::scope::Scope;
use crate::finding::Diagnostic;
use crate::ir::Ty;
use crate::ir::symbols::Symbols;
use crate::ir::workflow::Policy;

/// Types every rule; all errors at once.
///
/// # Errors
/// Unknown inputs, wrong types, two rules of one id.
pub fn check_policy(policy: &Policy) -> Result<CheckedPolicy, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let checked = policy_rules(policy, &mut errors);
    if errors.is_empty() {
        Ok(checked)
    } else {
        Err(super::diagnostics(&errors))
    }
}

pub(super) fn policy_rules(policy: &Policy, errors: &mut Vec<CheckError>) -> CheckedPolicy {
    let scope = Scope::of_policy(policy.span);
    let symbols = Symbols {
        states: Vec::new(),
        actors: Vec::new(),
        artifacts: Vec::new(),
        evidence: Vec::new(),
        vars: Vec::new(),
        enums: Vec::new(),
        transitions: Vec::new(),
    };
    distinct("rule", policy.rules.iter().map(|r| &r.id), errors);
    let mut rules = Vec::new();
    for rule in &policy.rules {
        let when = Elaborator::new(&symbols, &scope, errors).term(&rule.when, Some(Ty::Bool));
        rules.extend(when.map(|when| CheckedRule {
            id: rule.id.value.clone(),
            action: rule.action.value,
            effect: rule.effect.value,
            when,
            reason: rule.reason.as_ref().map(|r| r.value.clone()),
            span: rule.span,
            when_span: rule.when.span,
        }));
    }
    CheckedPolicy {
        rules,
        span: policy.span,
    }
}
