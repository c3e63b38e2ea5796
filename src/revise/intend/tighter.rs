//! What may only tighten: a guard in the place of a guard, a rule in the workflow's own policy.

use super::{Editor, NOWHERE, build, put};
use crate::check::{check, check_policy};
use crate::engine::z3::policy::wider;
use crate::engine::z3::possible;
use crate::finding::critique::RuleSpec;
use crate::host::cancel::CancelToken;
use crate::ir::expr::{BinaryOp, ExprKind};
use crate::ir::workflow::{Action, Effect, Policy, Rule};
use crate::ir::{Expr, Name, SourceId};
use crate::model::desugar;
use crate::revise::error::Why;

impl Editor {
    pub(super) fn tighten_guard(&mut self, transition: &str, when: &str) -> Option<()> {
        let at = self.transition(transition);
        let when = self.expression("when", when);
        let (at, when) = (at?, when?);
        let old = self.w.transitions.get(at)?.when.clone();
        if let Some(old) = old
            && !implies(&when, &old)
        {
            self.proved_tighter(at, transition, &old, &when)?;
        }
        self.w.transitions.get_mut(at)?.when = Some(when);
        Some(())
    }

    /// Asks Z3 for values for which the new guard holds and the old one does not.
    fn proved_tighter(&mut self, at: usize, id: &str, old: &Expr, new: &Expr) -> Option<()> {
        let mut both = self.w.clone();
        let not_old = build::not(old.clone());
        both.transitions.get_mut(at)?.when =
            Some(build::binary(BinaryOp::And, new.clone(), not_old));
        let checked = match check(both, self.refined.clone()) {
            Ok(checked) => checked,
            Err(all) => {
                self.wrong.extend(all.into_iter().map(Why::Result));
                return None;
            }
        };
        let system = desugar(&checked);
        let command = system
            .commands()
            .find(|(_, c)| c.name.as_str() == id)
            .map(|(ix, _)| ix);
        let asked = match command {
            Some(command) => possible(&system, command, &CancelToken::new()),
            None => Err("the transition is not among the steps".to_owned()),
        };
        match asked {
            Ok(None) => Some(()),
            Ok(Some(example)) => self.fail(Why::Looser {
                transition: id.to_owned(),
                example,
            }),
            Err(why) => self.fail(Why::Undecided { why }),
        }
    }

    pub(super) fn change_policy(&mut self, spec: &RuleSpec) -> Option<()> {
        let id = self.name(&spec.id);
        let action = Action::ALL.into_iter().find(|a| a.word() == spec.action);
        if action.is_none() {
            self.wrong.push(Why::Word {
                found: spec.action.clone(),
                known: "`approve`, `waive`, `implement`, `build`, `release`",
            });
        }
        let effect = match spec.effect.as_str() {
            "permit" => Some(Effect::Permit),
            "require" => Some(Effect::Require),
            "forbid" => Some(Effect::Forbid),
            other => self.fail(Why::Word {
                found: other.to_owned(),
                known: "`permit`, `require`, `forbid`",
            }),
        };
        let when = self.expression("when", &spec.when);
        let rule = Rule {
            id: put(id?),
            action: put(action?),
            effect: put(effect?),
            when: when?,
            reason: Some(put(spec.reason.clone())),
            span: NOWHERE,
        };
        let old = self.w.policy.clone();
        let mut new = old.clone().unwrap_or(Policy {
            source: SourceId(0),
            rules: Vec::new(),
            span: NOWHERE,
        });
        match new.rules.iter_mut().find(|r| r.id.value == rule.id.value) {
            Some(known) => *known = rule,
            None => new.rules.push(rule),
        }
        if let Some(old) = &old {
            self.no_wider(old, &new)?;
        }
        self.w.policy = Some(new);
        Some(())
    }

    fn no_wider(&mut self, old: &Policy, new: &Policy) -> Option<()> {
        let checked = [old, new].map(|p| check_policy(&alone(p)));
        let [Ok(before), Ok(after)] = checked else {
            let wrong = checked.into_iter().filter_map(Result::err).flatten();
            self.wrong.extend(wrong.map(Why::Result));
            return None;
        };
        match wider(&before, &after, &CancelToken::new()) {
            Ok(found) => match found.first() {
                None => Some(()),
                Some(w) => self.fail(Why::LooserPolicy {
                    example: format!("{} with {}", w.action.word(), w.example.words(&[])),
                }),
            },
            Err(why) => self.fail(Why::Undecided { why }),
        }
    }
}

/// A workflow's own policy as one that stands alone: where it has no `permit` it forbids nothing by that (S-11).
fn alone(own: &Policy) -> Policy {
    let mut policy = own.clone();
    for action in Action::ALL {
        let permits = own
            .rules
            .iter()
            .any(|r| r.action.value == action && r.effect.value == Effect::Permit);
        // An id that no rule of the user's has.
        let mut word = format!("own_{}", action.word());
        while own.rules.iter().any(|r| r.id.value.as_str() == word) {
            word.push('_');
        }
        let id = Name::new(&word);
        if let (false, Some(id)) = (permits, id) {
            policy.rules.push(Rule {
                id: put(id),
                action: put(action),
                effect: put(Effect::Permit),
                when: build::truth(),
                reason: None,
                span: NOWHERE,
            });
        }
    }
    policy
}

/// Whether every part of the old guard is a part of the new one, so that no solver is needed.
fn implies(new: &Expr, old: &Expr) -> bool {
    fn parts(e: &Expr, all: &mut Vec<String>) {
        match &e.kind {
            ExprKind::Binary(BinaryOp::And, a, b) => {
                parts(a, all);
                parts(b, all);
            }
            _ => all.push(e.to_string()),
        }
    }
    let (mut of_new, mut of_old) = (Vec::new(), Vec::new());
    parts(new, &mut of_new);
    parts(old, &mut of_old);
    of_old.iter().all(|p| of_new.contains(p))
}
