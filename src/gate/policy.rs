//! The policy as it is enforced (S-11). Trusted; tests hold it against the encoding that Z3 verifies, input by input.
//!
//! A workflow's own policy can only tighten: for an action that it has rules for, both policies have to allow. Where it has
//! no `permit` for the action it leaves permitting to the project's policy.

use std::collections::BTreeMap;
use std::fmt;

use crate::check::{CheckedPolicy, CheckedRule};
use crate::eval::{Env, truth};
use crate::ir::workflow::{Action, Effect, Policy};
use crate::ir::{
    ArtId, Cell, ChoiceIx, Digest, EvId, PolicyInput, Term, TermKind, Ty, Value, canonical,
};

/// What a policy decides on. An input that is not given is missing, which is not the same as zero or false.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyInputs(BTreeMap<PolicyInput, Value>);

impl PolicyInputs {
    /// None given yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The same with a number for one; a number too large for 63 bits counts as the largest.
    #[must_use]
    pub fn number(mut self, input: PolicyInput, n: usize) -> Self {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        self.0.insert(input, Value::Int(n));
        self
    }

    /// The same with a truth value for one.
    #[must_use]
    pub fn truth(mut self, input: PolicyInput, holds: bool) -> Self {
        self.0.insert(input, Value::Bool(holds));
        self
    }

    /// What is given for one, if it is of the input's type.
    #[must_use]
    pub fn get(&self, input: PolicyInput) -> Option<Value> {
        let value = *self.0.get(&input)?;
        let fits = match value {
            Value::Int(n) => input.ty() == Ty::Int && n >= 0,
            Value::Bool(_) => input.ty() == Ty::Bool,
            Value::None | Value::Enum(_) => false,
        };
        fits.then_some(value)
    }
}

impl Env for PolicyInputs {
    fn read(&self, _: Cell) -> Value {
        Value::None
    }

    fn choice(&self, _: ChoiceIx) -> Value {
        Value::None
    }

    fn input(&self, input: u16) -> Value {
        let known = PolicyInput::ALL.get(usize::from(input));
        known.and_then(|i| self.get(*i)).unwrap_or(Value::None)
    }

    fn artifacts(&self, _: EvId) -> &[ArtId] {
        &[]
    }

    fn at_terminal(&self) -> bool {
        false
    }
}

/// An input that a rule asks for and that was not given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the policy's rule `{rule}` asks for `{input}`, which is not known")]
pub struct MissingInput {
    /// The rule.
    pub rule: String,
    /// The input.
    pub input: String,
}

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The project's policy, or the built-in one.
    Project,
    /// The workflow's own.
    Workflow,
}

/// What a policy says of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Allowed,
    /// It may not; the first rule that says so.
    Refused(Refusal),
}

/// Why an action is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A `forbid` holds, or a `require` does not.
    Rule {
        /// Whose rule it is.
        origin: Origin,
        /// The rule's id.
        id: String,
        /// `forbid` or `require`.
        effect: Effect,
        /// Why, in the words of whoever wrote the rule.
        reason: Option<String>,
    },
    /// No `permit` of this policy holds.
    NothingPermits(Origin),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Project => "the policy",
            Self::Workflow => "the workflow's own policy",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule {
                origin, id, reason, ..
            } => match reason {
                Some(reason) => write!(f, "{reason} (rule `{id}` of {origin})"),
                None => write!(f, "rule `{id}` of {origin}"),
            },
            Self::NothingPermits(origin) => write!(f, "no rule of {origin} permits it"),
        }
    }
}

/// The policy in force for one workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    project: CheckedPolicy,
    own: Option<CheckedPolicy>,
}

impl Effective {
    /// The project's policy (or the built-in one), tightened by the workflow's own.
    #[must_use]
    pub const fn new(project: CheckedPolicy, own: Option<CheckedPolicy>) -> Self {
        Self { project, own }
    }

    /// Whether an action is allowed on these inputs, and if not, why.
    ///
    /// # Errors
    /// An input that a rule for this action asks for is missing, whether or not its value would matter.
    pub fn decide(&self, action: Action, inputs: &PolicyInputs) -> Result<Decision, MissingInput> {
        let project = (Origin::Project, of(&self.project, action));
        let own = self.own.as_ref().map_or_else(Vec::new, |p| of(p, action));
        let own = (Origin::Workflow, own);
        for rule in project.1.iter().chain(&own.1) {
            known(rule, &rule.when, inputs)?;
        }
        for (origin, rules) in [&project, &own] {
            if let Some(refusal) = opposed(*origin, rules, inputs) {
                return Ok(Decision::Refused(refusal));
            }
        }
        let permits = |rules: &[&CheckedRule]| {
            rules
                .iter()
                .any(|r| r.effect == Effect::Permit && truth(&r.when, inputs))
        };
        if !permits(&project.1) {
            return Ok(Decision::Refused(Refusal::NothingPermits(Origin::Project)));
        }
        let own_permits = own.1.iter().any(|r| r.effect == Effect::Permit);
        if own_permits && !permits(&own.1) {
            return Ok(Decision::Refused(Refusal::NothingPermits(Origin::Workflow)));
        }
        Ok(Decision::Allowed)
    }
}

/// The digest of the policy in force: of the project's and of the workflow's own, as they were written.
#[must_use]
pub fn effective_digest(project: &Policy, own: Option<&Policy>) -> Digest {
    let both = serde_json::json!({
        "project": canonical::policy_json(project),
        "workflow": own.map(canonical::policy_json),
    });
    Digest::of(canonical::to_text(&both).as_bytes())
}

fn of(policy: &CheckedPolicy, action: Action) -> Vec<&CheckedRule> {
    policy.rules.iter().filter(|r| r.action == action).collect()
}

/// The first rule that speaks against it.
fn opposed(origin: Origin, rules: &[&CheckedRule], inputs: &PolicyInputs) -> Option<Refusal> {
    let against = |r: &&&CheckedRule| match r.effect {
        Effect::Permit => false,
        Effect::Require => !truth(&r.when, inputs),
        Effect::Forbid => truth(&r.when, inputs),
    };
    rules.iter().find(against).map(|r| Refusal::Rule {
        origin,
        id: r.id.to_string(),
        effect: r.effect,
        reason: r.reason.clone(),
    })
}

/// Makes sure that every input a condition reads was given.
fn known(rule: &CheckedRule, term: &Term, inputs: &PolicyInputs) -> Result<(), MissingInput> {
    if let TermKind::Input(index) = &term.kind {
        let input = PolicyInput::ALL.get(usize::from(*index));
        if input.and_then(|i| inputs.get(*i)).is_none() {
            return Err(MissingInput {
                rule: rule.id.to_string(),
                input: input.map_or_else(|| format!("input {index}"), |i| i.word().to_owned()),
            });
        }
    }
    term.parts()
        .into_iter()
        .try_for_each(|part| known(rule, part, inputs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check_policy;
    use crate::ir::SourceId;
    use crate::syntax::parse_policy;

    fn policy(text: &str) -> CheckedPolicy {
        let parsed = parse_policy(SourceId(0), text).expect("a policy");
        check_policy(&parsed.value).expect("without errors")
    }

    const PROJECT: &str = "rules:\n  - {id: some, action: approve, effect: permit, when: \"human_approvals >= 1\"}\n  \
                           - {id: no_blocking, action: approve, effect: forbid, when: \"blocking > 0\", reason: \"it blocks\"}\n";

    #[test]
    fn a_missing_input_is_an_error_even_where_it_would_not_matter() {
        let effective = Effective::new(policy(PROJECT), None);
        let some = PolicyInputs::none().number(PolicyInput::Blocking, 1);
        let error = effective
            .decide(Action::Approve, &some)
            .expect_err("human_approvals is missing");
        assert_eq!(
            (error.rule.as_str(), error.input.as_str()),
            ("some", "human_approvals")
        );
        // A value of the wrong type is as good as none.
        let wrong = some.clone().truth(PolicyInput::HumanApprovals, true);
        assert!(effective.decide(Action::Approve, &wrong).is_err());
        let all = some.number(PolicyInput::HumanApprovals, 1);
        let Ok(Decision::Refused(refusal)) = effective.decide(Action::Approve, &all) else {
            panic!("a blocking finding is open");
        };
        assert_eq!(
            refusal.to_string(),
            "it blocks (rule `no_blocking` of the policy)"
        );
        // An action without a rule is permitted by nobody.
        assert_eq!(
            effective.decide(Action::Release, &PolicyInputs::none()),
            Ok(Decision::Refused(Refusal::NothingPermits(Origin::Project)))
        );
    }

    #[test]
    fn an_own_policy_only_tightens() {
        let inputs = PolicyInputs::none()
            .number(PolicyInput::Blocking, 0)
            .number(PolicyInput::HumanApprovals, 1)
            .truth(PolicyInput::CriticAccepts, false);
        let decide = |own: &str| {
            let rules = format!("rules:\n{own}");
            Effective::new(policy(PROJECT), Some(policy(&rules)))
                .decide(Action::Approve, &inputs)
                .expect("every input is there")
        };
        let rule = |effect: &str, when: &str| {
            format!("  - {{id: own, action: approve, effect: {effect}, when: \"{when}\"}}\n")
        };
        assert_eq!(decide(&rule("require", "blocking == 0")), Decision::Allowed);
        assert_eq!(decide(&rule("permit", "blocking == 0")), Decision::Allowed);
        assert!(matches!(
            decide(&rule("permit", "critic_accepts")),
            Decision::Refused(Refusal::NothingPermits(Origin::Workflow))
        ));
        assert!(matches!(
            decide(&rule("require", "critic_accepts")),
            Decision::Refused(Refusal::Rule {
                origin: Origin::Workflow,
                ..
            })
        ));
        // Rules for another action say nothing here.
        let other = "  - {id: own, action: release, effect: forbid, when: \"true\"}\n";
        assert_eq!(decide(other), Decision::Allowed);
    }
}
