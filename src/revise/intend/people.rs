//! Where people come in: giving up, escalation.

use std::collections::BTreeMap;

use super::{Editor, build, put};
use crate::ir::expr::{BinaryOp, ExprKind};
use crate::ir::workflow::{Init, State, Transition, TypeDecl};
use crate::ir::{Expr, Name, Spanned};
use crate::revise::error::{Why, shown};

/// The parts of `add_escalation`.
pub(super) struct Escalation<'c> {
    pub from: &'c str,
    pub when: Option<&'c str>,
    pub by: &'c str,
    pub to: &'c str,
    pub actor: &'c str,
    pub resume: Option<&'c str>,
    pub stop: &'c str,
}

impl Editor {
    pub(super) fn add_reject_path(
        &mut self,
        from: &[String],
        to: &str,
        actor: &str,
        when: Option<&str>,
    ) -> Option<()> {
        if from.is_empty() {
            self.wrong.push(Why::Empty { what: "`from`" });
        }
        self.no_doubles("`from`", from)?;
        let from: Vec<_> = from.iter().map(|s| self.ordinary(s)).collect();
        let end = self.end(to, false);
        let actor = self.actor_or_new(actor, false);
        let when = when.map(|e| self.expression("when", e));
        if !self.wrong.is_empty() {
            return None;
        }
        let from: Vec<Name> = from.into_iter().collect::<Option<_>>()?;
        let (end, (actor, declare)) = (end?, actor?);
        if from.contains(&end.name) {
            return self.fail(Why::DoesNotFit {
                message: format!("`{}` would lead to itself", end.name),
                help: "name another end",
            });
        }
        let when = match when {
            Some(when) => Some(when?),
            None => None,
        };
        let id = self.free_transition("give_up")?;
        let to = self.make_end(end);
        self.w.actors.extend(declare);
        self.push_transition(build::step(id, actor, from, to, when));
        Some(())
    }

    pub(super) fn add_escalation(&mut self, e: &Escalation<'_>) -> Option<()> {
        let from = self.ordinary(e.from);
        let when = e.when.map(|w| self.expression("when", w));
        let by = self.actor(e.by);
        let known = self.w.states.iter().any(|s| s.id.value.as_str() == e.to);
        let to = if known {
            self.ordinary(e.to)
        } else {
            self.new_name(e.to)
        };
        let person = self.actor_or_new(e.actor, true);
        let resume = e.resume.filter(|s| *s != e.to).map(|s| self.ordinary(s));
        let stop = self.end(e.stop, false);
        if e.stop == e.to || e.to == e.from || e.stop == e.from {
            self.wrong.push(Why::DoesNotFit {
                message: "`from`, `to` and `stop` must be three states".to_owned(),
                help: "name three different states",
            });
        }
        if e.resume.is_some_and(|s| s == e.to || s == e.stop) {
            self.wrong.push(Why::DoesNotFit {
                message: "going on must lead to a state of its own".to_owned(),
                help: "name another state in `resume`",
            });
        }
        if !self.wrong.is_empty() {
            return None;
        }
        let (from, by, to, (person, declare), stop) = (from?, by?, to?, person?, stop?);
        let when = match when {
            Some(when) => Some(when?),
            None => None,
        };
        let resume = match resume {
            Some(resume) => resume?,
            None => from.clone(),
        };
        if !known {
            self.w.states.push(State {
                id: put(to.clone()),
                needs: Vec::new(),
            });
        }
        self.w.actors.extend(declare);
        let stop = self.make_end(stop);
        let id = self.free_transition("escalate")?;
        self.push_transition(build::step(id, by, vec![from], to.clone(), when));

        let id = self.free_transition("answer_go_on")?;
        let mut go_on = build::step(id, person.clone(), vec![to.clone()], resume, None);
        go_on.set = self
            .counters()
            .into_iter()
            .map(|c| (put(c), build::int(0)))
            .collect();
        self.push_unless_there(go_on);
        let id = self.free_transition("answer_stop")?;
        self.push_unless_there(build::step(id, person, vec![to], stop, None));
        Some(())
    }

    pub(super) fn add_human_checkpoint(
        &mut self,
        transition: &str,
        state: &str,
        actor: &str,
        refuse_to: Option<&str>,
    ) -> Option<()> {
        let at = self.transition(transition);
        let checkpoint = self.new_name(state);
        let person = self.actor_or_new(actor, true);
        let refuse_to = refuse_to.map(|s| self.state(s));
        let t = at.and_then(|at| self.w.transitions.get(at)).cloned();
        let (target, only_from) = match &t {
            Some(t) => {
                let from = t.from.as_deref().unwrap_or_default();
                let only = match from {
                    [one] => Some(one.value.clone()),
                    _ => None,
                };
                (t.to.as_ref().map(|to| to.value.clone()), only)
            }
            None => (None, None),
        };
        if t.is_some() && target.is_none() {
            self.wrong.push(Why::DoesNotFit {
                message: format!("`{}` leads nowhere, it stays", shown(transition)),
                help: "put the checkpoint before a transition that has a `to`",
            });
        }
        if t.is_some() && refuse_to.is_none() && only_from.is_none() {
            self.wrong.push(Why::DoesNotFit {
                message: format!("`{}` starts in several states", shown(transition)),
                help: "say in `refuse_to` where a no leads",
            });
        }
        let yes = self.new_transition(&format!("{transition}_confirm"));
        let no = self.new_transition(&format!("{transition}_refuse"));
        if !self.wrong.is_empty() {
            return None;
        }
        let (at, checkpoint, (person, declare)) = (at?, checkpoint?, person?);
        let back = match refuse_to {
            Some(given) => given?,
            None => only_from?,
        };
        let target = target?;
        self.w.states.push(State {
            id: put(checkpoint.clone()),
            needs: Vec::new(),
        });
        self.w.actors.extend(declare);
        self.w.transitions.get_mut(at)?.to = Some(put(checkpoint.clone()));
        let from = || vec![checkpoint.clone()];
        self.push_transition(build::step(yes?, person.clone(), from(), target, None));
        self.push_transition(build::step(no?, person, from(), back, None));
        self.notes.push(format!(
            "what `{transition}` sets and records, it still does before the person is asked"
        ));
        Some(())
    }

    /// Adds a transition unless one by another name does the same.
    fn push_unless_there(&mut self, t: Transition) {
        let same = self.w.transitions.iter().find(|old| alike(old, &t));
        match same.map(|old| old.id.value.clone()) {
            Some(id) => self.notes.push(format!("`{id}` is there already")),
            None => self.w.transitions.push(t),
        }
    }

    /// Counters as `bound_revision` makes them: integers from 0 that some transition raises by one below their limit; also
    /// those that the same list of changes makes later.
    fn counters(&self) -> Vec<Name> {
        let mut found: Vec<Name> = self
            .w
            .vars
            .iter()
            .filter_map(|v| match (&v.ty.value, &v.init) {
                (
                    TypeDecl::Int { lo: 0, .. },
                    Init::Value(Expr {
                        kind: ExprKind::Int(0),
                        ..
                    }),
                ) => Some(v.id.value.clone()),
                _ => None,
            })
            .filter(|c| self.w.transitions.iter().any(|t| counts(t, c)))
            .collect();
        for later in &self.later_counters {
            if !found.contains(later) {
                found.push(later.clone());
            }
        }
        found
    }
}

/// Whether two transitions of one actor lead the same way, set the same, and neither does or demands anything else.
fn alike(a: &Transition, b: &Transition) -> bool {
    let names = |t: &Transition| -> Option<Vec<Name>> {
        Some(t.from.as_ref()?.iter().map(|s| s.value.clone()).collect())
    };
    let set = |t: &Transition| -> BTreeMap<String, String> {
        let printed = |(v, e): &(Spanned<Name>, Expr)| (v.value.to_string(), e.to_string());
        t.set.iter().map(printed).collect()
    };
    let plain = |t: &Transition| {
        t.when.is_none()
            && t.choose.is_empty()
            && t.bump.is_empty()
            && t.drop.is_empty()
            && t.record.is_empty()
    };
    let to = |t: &Transition| t.to.as_ref().map(|s| s.value.clone());
    plain(a)
        && plain(b)
        && a.actor.value == b.actor.value
        && names(a) == names(b)
        && to(a) == to(b)
        && set(a) == set(b)
}

/// Whether a transition raises this counter by one, and demands that it is below some number.
fn counts(t: &Transition, counter: &Name) -> bool {
    let raise = build::one_more(counter).to_string();
    t.set
        .iter()
        .any(|(v, e)| v.value == *counter && e.to_string() == raise)
        && t.when.as_ref().is_some_and(|w| bounded(w, counter))
}

fn bounded(guard: &Expr, counter: &Name) -> bool {
    match &guard.kind {
        ExprKind::Binary(BinaryOp::And, a, b) => bounded(a, counter) || bounded(b, counter),
        ExprKind::Binary(BinaryOp::Lt, a, b) => {
            a.kind == ExprKind::Name(counter.clone()) && matches!(b.kind, ExprKind::Int(_))
        }
        _ => false,
    }
}
