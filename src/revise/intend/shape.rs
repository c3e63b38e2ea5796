//! States that go, change their name, split and merge.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Role;
use super::rewrite::{NoPlace, Rewriter};
use super::{Editor, put};
use crate::ir::workflow::{Form, State, TerminalKind, TypeDecl, Workflow};
use crate::ir::{Expr, Name, Spanned};
use crate::revise::error::Why;

impl Editor {
    pub(super) fn remove_state(&mut self, state: &str) -> Option<()> {
        let name = self.state(state)?;
        let by = self.what_names(&name);
        if !by.is_empty() {
            return self.fail(Why::InUse {
                what: "state",
                name: state.to_owned(),
                by,
            });
        }
        self.w.states.retain(|s| s.id.value != name);
        Some(())
    }

    pub(super) fn rename_state(&mut self, state: &str, to: &str) -> Option<()> {
        let old = self.state(state);
        let new = self.new_name(to);
        let (old, new) = (old?, new?);
        let mut w = self.rewritten(std::slice::from_ref(&old), std::slice::from_ref(&new))?;
        for s in w.states.iter_mut().filter(|s| s.id.value == old) {
            s.id.value = new.clone();
        }
        replace_to(&mut w, &[old], &new);
        self.w = w;
        Some(())
    }

    pub(super) fn merge_states(&mut self, states: &[String], into: &str) -> Option<()> {
        self.no_doubles("`states`", states)?;
        if states.len() < 2 {
            self.wrong.push(Why::DoesNotFit {
                message: "only one state is to be merged".to_owned(),
                help: "name at least two states",
            });
        }
        let of: Vec<_> = states.iter().map(|s| self.state(s)).collect();
        let one = match self.w.states.iter().find(|s| s.id.value.as_str() == into) {
            Some(known) if states.iter().any(|s| s == into) => Some(known.id.value.clone()),
            Some(_) | None => self.new_name(into),
        };
        let of: Vec<Name> = of.into_iter().collect::<Option<_>>()?;
        let one = one?;
        let roles: Vec<Role> = of.iter().map(|s| self.role(s.as_str())).collect();
        if roles.windows(2).any(|w| w.first() != w.last()) {
            self.wrong.push(Why::DoesNotFit {
                message: "some of these states are ends of another sort than the others".to_owned(),
                help: "merge only good ends, only failed ends, or only states that are no ends",
            });
        }
        if !self.wrong.is_empty() {
            return None;
        }
        let mut w = self.rewritten(&of, std::slice::from_ref(&one))?;
        let mut needs: Vec<Spanned<Name>> = Vec::new();
        for need in w
            .states
            .iter()
            .filter(|s| of.contains(&s.id.value))
            .flat_map(|s| &s.needs)
        {
            if !needs.iter().any(|n| n.value == need.value) {
                needs.push(need.clone());
            }
        }
        let first = w.states.iter().position(|s| of.contains(&s.id.value))?;
        let merged = State {
            id: put(one.clone()),
            needs,
        };
        w.states.retain(|s| !of.contains(&s.id.value));
        w.states.insert(first, merged);
        replace_to(&mut w, &of, &one);
        let names: Vec<&str> = of.iter().map(Name::as_str).collect();
        self.notes.push(format!(
            "what was said of {} is said of `{one}` from now on; look whether that is meant",
            names.join(", ")
        ));
        self.w = w;
        Some(())
    }

    pub(super) fn split_state(
        &mut self,
        state: &str,
        into: &[String],
        incoming: &BTreeMap<String, String>,
        when: &BTreeMap<String, String>,
        needs: &BTreeMap<String, Vec<String>>,
    ) -> Option<()> {
        let old = self.state(state);
        self.no_doubles("`into`", into)?;
        if into.len() < 2 {
            self.wrong.push(Why::DoesNotFit {
                message: "a state is split into at least two".to_owned(),
                help: "name at least two new states",
            });
        }
        let parts: Vec<_> = into.iter().map(|s| self.new_name(s)).collect();
        for part in incoming.values().chain(when.keys()).chain(needs.keys()) {
            if !into.contains(part) {
                self.wrong.push(Why::Unknown {
                    what: "part",
                    name: part.clone(),
                    near: None,
                });
            }
        }
        for t in incoming.keys() {
            let Some(at) = self.transition(t) else {
                continue;
            };
            let to = self.w.transitions.get(at).and_then(|t| t.to.as_ref());
            if to.is_none_or(|to| to.value.as_str() != state) {
                self.wrong.push(Why::Role {
                    name: t.clone(),
                    found: "a transition that does not lead there".to_owned(),
                    wanted: "one that leads to the state".to_owned(),
                });
            }
        }
        let mut guards = BTreeMap::new();
        for (part, text) in when {
            if let Some(e) = self.expression("when", text) {
                guards.insert(part.as_str(), e);
            }
        }
        let mut demanded: BTreeMap<&str, Vec<Name>> = BTreeMap::new();
        for (part, list) in needs {
            let list: Vec<_> = list.iter().filter_map(|e| self.evidence(e)).collect();
            demanded.insert(part, list);
        }
        let (old, parts) = (old?, parts.into_iter().collect::<Option<Vec<Name>>>()?);
        if !self.wrong.is_empty() {
            return None;
        }
        let before = self.w.clone();
        self.w = self.rewritten(std::slice::from_ref(&old), &parts)?;
        let done = self.take_apart(&old, &parts, &demanded).and_then(|()| {
            self.lead_in(&old, &parts, incoming, &guards);
            self.double_properties(&old, &parts, &before, incoming)
        });
        if done.is_none() {
            self.w = before;
        }
        done
    }

    /// The states themselves.
    fn take_apart(
        &mut self,
        old: &Name,
        parts: &[Name],
        demanded: &BTreeMap<&str, Vec<Name>>,
    ) -> Option<()> {
        let at = self.w.states.iter().position(|s| s.id.value == *old)?;
        let whole = self.w.states.remove(at);
        for (n, part) in parts.iter().enumerate() {
            let mut needs = whole.needs.clone();
            for e in demanded.get(part.as_str()).into_iter().flatten() {
                if !needs.iter().any(|n| n.value == *e) {
                    needs.push(put(e.clone()));
                }
            }
            let state = State {
                id: put(part.clone()),
                needs,
            };
            self.w.states.insert(at + n, state);
        }
        Some(())
    }

    /// The ways in.
    fn lead_in(
        &mut self,
        old: &Name,
        parts: &[Name],
        incoming: &BTreeMap<String, String>,
        guards: &BTreeMap<&str, Expr>,
    ) {
        let mut at = 0;
        while let Some(t) = self.w.transitions.get(at).cloned() {
            if t.to.as_ref().is_none_or(|to| to.value != *old) {
                at += 1;
                continue;
            }
            let ways: Vec<(Spanned<Name>, &Name)> = match incoming.get(t.id.value.as_str()) {
                Some(given) => parts
                    .iter()
                    .filter(|p| p.as_str() == given)
                    .map(|p| (t.id.clone(), p))
                    .collect(),
                None => parts
                    .iter()
                    .filter_map(|p| {
                        let id = self.name(&format!("{}_{p}", t.id.value))?;
                        Some((put(id), p))
                    })
                    .collect(),
            };
            self.w.transitions.remove(at);
            for (id, part) in ways {
                if t.id.value != id.value
                    && self.w.transitions.iter().any(|o| o.id.value == id.value)
                {
                    self.wrong.push(Why::Taken {
                        name: id.value.to_string(),
                        by: "transition",
                    });
                }
                let mut copy = t.clone();
                copy.id = id;
                copy.to = Some(put(part.clone()));
                self.w.transitions.insert(at, copy);
                if let Some(guard) = guards.get(part.as_str()) {
                    self.conjoin(at, guard.clone());
                }
                at += 1;
            }
        }
    }

    /// What properties say of a transition that was doubled, they say of each of its copies.
    fn double_properties(
        &mut self,
        old: &Name,
        parts: &[Name],
        before: &Workflow,
        incoming: &BTreeMap<String, String>,
    ) -> Option<()> {
        let doubled: BTreeSet<&Name> = before
            .transitions
            .iter()
            .filter(|t| t.to.as_ref().is_some_and(|to| to.value == *old))
            .map(|t| &t.id.value)
            .filter(|t| !incoming.contains_key(t.as_str()))
            .collect();
        let mut new = Vec::new();
        for mut p in std::mem::take(&mut self.w.properties) {
            if let Form::Precedes(first, _) = &mut p.form {
                let copies = |n: &Spanned<Name>| -> Vec<Option<Name>> {
                    if doubled.contains(&n.value) {
                        let copy = |part| Name::new(&format!("{}_{part}", n.value));
                        parts.iter().map(copy).collect()
                    } else {
                        vec![Some(n.value.clone())]
                    }
                };
                let all: Option<Vec<Name>> = first.iter().flat_map(copies).collect();
                *first = all?.into_iter().map(put).collect();
            }
            let target = match &p.form {
                Form::AtRequire(t, _) | Form::AtEnsure(t, _) | Form::Precedes(_, t) => {
                    doubled.contains(&t.value)
                }
                _ => false,
            };
            if !target {
                new.push(p);
                continue;
            }
            for part in parts {
                let mut copy = p.clone();
                copy.id = put(self.name(&format!("{}_{part}", p.id.value))?);
                match &mut copy.form {
                    Form::AtRequire(t, _) | Form::AtEnsure(t, _) | Form::Precedes(_, t) => {
                        t.value = self.name(&format!("{}_{part}", t.value))?;
                    }
                    _ => {}
                }
                new.push(copy);
            }
        }
        let mut seen = BTreeSet::new();
        for p in &new {
            if !seen.insert(p.id.value.clone()) {
                self.wrong.push(Why::Taken {
                    name: p.id.value.to_string(),
                    by: "property",
                });
            }
        }
        self.w.properties = new;
        self.wrong.is_empty().then_some(())
    }

    /// The workflow with these states replaced in all expressions and lists, but not where they are declared and not in `to`.
    fn rewritten(&mut self, of: &[Name], into: &[Name]) -> Option<Workflow> {
        let mut w = self.w.clone();
        let (values, states) = self.words();
        let rewriter = Rewriter {
            of,
            into,
            values: &values,
            states: &states,
        };
        if let Err(NoPlace(at)) = rewriter.workflow(&mut w) {
            return self.fail(Why::DoesNotFit {
                message: format!("several states would stand where one must, in `{at}`"),
                help: "write this expression with `state == …` or `state in […]` first",
            });
        }
        let spliced = |list: &mut Vec<Spanned<Name>>| {
            let mut done = false;
            let mut new = Vec::new();
            for n in list.drain(..) {
                if !of.contains(&n.value) {
                    new.push(n);
                } else if !std::mem::replace(&mut done, true) {
                    new.extend(into.iter().cloned().map(put));
                }
            }
            *list = new;
        };
        for from in w.transitions.iter_mut().filter_map(|t| t.from.as_mut()) {
            spliced(from);
        }
        if let Some(TerminalKind::Declared { success, failure }) =
            w.terminal.as_mut().map(|t| &mut t.kind)
        {
            spliced(success);
            failure.iter_mut().for_each(spliced);
        }
        if let (Some(initial), Some(first)) = (&mut w.initial, into.first())
            && of.contains(&initial.value)
        {
            initial.value = first.clone();
        }
        Some(w)
    }

    /// The values of all enums, the refined workflow's too, and the states.
    fn words(&self) -> (Vec<Name>, Vec<Name>) {
        let types = self
            .w
            .vars
            .iter()
            .map(|v| &v.ty)
            .chain(
                self.w
                    .evidence
                    .iter()
                    .flat_map(|e| e.fields.iter().map(|(_, t)| t)),
            )
            .chain(
                self.w
                    .transitions
                    .iter()
                    .flat_map(|t| t.choose.iter().map(|(_, t)| t)),
            );
        let mut values: Vec<Name> = types
            .flat_map(|t| match &t.value {
                TypeDecl::Enum { values } => values.iter().map(|v| v.value.clone()).collect(),
                TypeDecl::Bool | TypeDecl::Int { .. } => Vec::new(),
            })
            .collect();
        values.extend(self.foreign.iter().cloned());
        let states = self.w.states.iter().map(|s| s.id.value.clone()).collect();
        (values, states)
    }

    /// Everything that names a state besides its declaration, in words.
    fn what_names(&self, state: &Name) -> Vec<String> {
        let is = |n: &Spanned<Name>| n.value == *state;
        let mut by = Vec::new();
        let initial = match &self.w.initial {
            Some(initial) => is(initial),
            None => self.w.states.first().is_some_and(|s| is(&s.id)),
        };
        if initial {
            by.push("the start of every run".to_owned());
        }
        if self.role(state.as_str()) != Role::Ordinary {
            by.push("`terminal`".to_owned());
        }
        let (values, states) = self.words();
        let rewriter = Rewriter {
            of: std::slice::from_ref(state),
            into: &[],
            values: &values,
            states: &states,
        };
        for t in &self.w.transitions {
            let here = t.from.iter().flatten().any(is)
                || t.to.as_ref().is_some_and(is)
                || t.when.iter().any(|e| rewriter.names(e, false))
                || t.set.iter().any(|(_, e)| rewriter.names(e, false))
                || t.record
                    .iter()
                    .any(|r| r.fields.iter().any(|(_, e)| rewriter.names(e, false)));
            if here {
                by.push(format!("the transition `{}`", t.id.value));
            }
        }
        for p in &self.w.properties {
            let here = match &p.form {
                Form::Always(e)
                | Form::Never(e)
                | Form::AtRequire(_, e)
                | Form::AtEnsure(_, e)
                | Form::Reachable(e)
                | Form::CanReach(e)
                | Form::Eventually(e)
                | Form::InfinitelyOften(e) => rewriter.names(e, false),
                Form::LeadsTo(a, b) => rewriter.names(a, false) || rewriter.names(b, false),
                Form::Precedes(..) => false,
            };
            if here {
                by.push(format!("the property `{}`", p.id.value));
            }
        }
        let mapped = self.w.refines.as_ref().is_some_and(|r| rewriter.in_map(r));
        if mapped {
            by.push("`refines`".to_owned());
        }
        by
    }
}

/// Turns every `to` to one of these states into one to the other.
fn replace_to(w: &mut Workflow, of: &[Name], into: &Name) {
    for to in w.transitions.iter_mut().filter_map(|t| t.to.as_mut()) {
        if of.contains(&to.value) {
            to.value = into.clone();
        }
    }
}
