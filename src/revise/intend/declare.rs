//! Evidence and counters, and what names a transition.

use super::{Editor, NOWHERE, build, put};
use crate::finding::critique::{EvidenceSpec, PropertySpec, RecordSpec};
use crate::ir::workflow::{Evidence, Form, Init, Property, Record, TypeDecl, Var};
use crate::ir::{Name, Spanned};
use crate::revise::error::{Why, shown};

impl Editor {
    pub(super) fn add_evidence(
        &mut self,
        evidence: &str,
        of: &EvidenceSpec,
        recorded_by: &[String],
    ) -> Option<()> {
        let id = self.new_name(evidence);
        let mut artifacts = Vec::new();
        let mut declare = Vec::new();
        for artifact in &of.artifacts {
            match self
                .w
                .artifacts
                .iter()
                .find(|a| a.value.as_str() == artifact)
            {
                Some(known) => artifacts.push(Some(known.value.clone())),
                None => {
                    let new = self.new_name(artifact);
                    declare.extend(new.clone());
                    artifacts.push(new);
                }
            }
        }
        if artifacts.is_empty() {
            self.wrong.push(Why::Empty {
                what: "`artifacts`",
            });
        }
        let fields = self.typed(&of.fields);
        let recorders: Vec<_> = recorded_by.iter().map(|t| self.transition(t)).collect();
        let recorders: Option<Vec<usize>> = recorders.into_iter().collect();
        self.no_doubles("`recorded_by`", recorded_by)?;
        self.no_doubles("`artifacts`", &of.artifacts)?;
        let (id, fields, recorders) = (id?, fields?, recorders?);
        let artifacts = artifacts.into_iter().collect::<Option<Vec<_>>>()?;
        if !self.wrong.is_empty() {
            return None;
        }
        if !fields.is_empty() && !recorders.is_empty() {
            self.notes.push(format!(
                "the fields of `{id}` are recorded as `none`; write values where it is recorded"
            ));
        }
        self.w.artifacts.extend(declare.into_iter().map(put));
        for t in recorders {
            if let Some(t) = self.w.transitions.get_mut(t) {
                t.record.push(Record {
                    evidence: put(id.clone()),
                    from: None,
                    fields: Vec::new(),
                });
            }
        }
        self.w.evidence.push(Evidence {
            id: put(id),
            of: artifacts.into_iter().map(put).collect(),
            fields,
        });
        Some(())
    }

    pub(super) fn bound_revision(
        &mut self,
        transitions: &[String],
        counter: &str,
        limit: u32,
    ) -> Option<()> {
        let found: Vec<_> = transitions.iter().map(|t| self.transition(t)).collect();
        self.no_doubles("`transitions`", transitions)?;
        if transitions.is_empty() {
            self.wrong.push(Why::Empty {
                what: "`transitions`",
            });
        }
        if !(1..=1000).contains(&limit) {
            self.wrong.push(Why::DoesNotFit {
                message: format!("the limit {limit} is not between 1 and 1000"),
                help: "say how often in a row, from 1 to 1000",
            });
        }
        let most = i64::from(limit);
        let known = self.w.vars.iter().find(|v| v.id.value.as_str() == counter);
        let (name, declare) = match known {
            Some(var) => {
                let name = var.id.value.clone();
                let fits =
                    matches!(var.ty.value, TypeDecl::Int { lo, hi, .. } if lo <= 0 && hi >= most);
                if !fits {
                    self.wrong.push(Why::Role {
                        name: counter.to_owned(),
                        found: "a variable of another type or range".to_owned(),
                        wanted: format!("an integer whose range holds 0 to {limit}"),
                    });
                }
                (Some(name), false)
            }
            None => (self.new_name(counter), true),
        };
        let found: Vec<usize> = found.into_iter().collect::<Option<_>>()?;
        let name = name?;
        for t in found.iter().filter_map(|t| self.w.transitions.get(*t)) {
            if t.set.iter().any(|(v, _)| v.value == name) {
                self.wrong.push(Why::DoesNotFit {
                    message: format!("`{}` sets `{name}` already", t.id.value),
                    help: "use another counter",
                });
            }
        }
        if !self.wrong.is_empty() {
            return None;
        }
        for t in found {
            self.conjoin(t, build::less_than(&name, most));
            if let Some(t) = self.w.transitions.get_mut(t) {
                t.set.push((put(name.clone()), build::one_more(&name)));
            }
        }
        if declare {
            self.w.vars.push(Var {
                id: put(name),
                ty: put(TypeDecl::Int {
                    lo: 0,
                    hi: most,
                    span: NOWHERE,
                }),
                init: Init::Value(build::int(0)),
                phase: false,
            });
        }
        Some(())
    }

    /// The properties that name a transition, in words.
    pub(super) fn properties_that_name(&self, transition: &str) -> Vec<String> {
        let names = |n: &Spanned<Name>| n.value.as_str() == transition;
        self.w
            .properties
            .iter()
            .filter(|p| match &p.form {
                Form::AtRequire(at, _) | Form::AtEnsure(at, _) => names(at),
                Form::Precedes(first, then) => first.iter().any(names) || names(then),
                Form::Always(_)
                | Form::Never(_)
                | Form::Reachable(_)
                | Form::CanReach(_)
                | Form::Eventually(_)
                | Form::LeadsTo(..)
                | Form::InfinitelyOften(_) => false,
            })
            .map(|p| format!("the property `{}`", p.id.value))
            .collect()
    }

    pub(super) fn record_of(&mut self, evidence: &str, spec: &RecordSpec) -> Option<Record> {
        let id = self.evidence(evidence);
        let from = spec.from.as_ref().map(|from| self.evidence(from));
        let mut fields = Vec::new();
        for (field, value) in &spec.fields {
            let key = format!("record.{}.{}", shown(evidence), shown(field));
            let known = id.as_ref().and_then(|id| {
                let e = self.w.evidence.iter().find(|e| e.id.value == *id)?;
                e.fields.iter().find(|(f, _)| f.value.as_str() == field)
            });
            let name = known.map(|(f, _)| f.value.clone());
            if name.is_none() && id.is_some() {
                self.wrong.push(Why::Unknown {
                    what: "field",
                    name: field.clone(),
                    near: None,
                });
            }
            let value = self.expression(&key, value);
            fields.push(name.zip(value).map(|(n, v)| (put(n), v)));
        }
        let from = match from {
            Some(given) => Some(put(given?)),
            None => None,
        };
        Some(Record {
            evidence: put(id?),
            from,
            fields: fields.into_iter().collect::<Option<_>>()?,
        })
    }

    pub(super) fn add_invariant(&mut self, spec: &PropertySpec) -> Option<()> {
        let id = self.name(&spec.id);
        if self
            .w
            .properties
            .iter()
            .any(|p| p.id.value.as_str() == spec.id)
        {
            self.wrong.push(Why::Taken {
                name: spec.id.clone(),
                by: "property",
            });
        }
        let at = match &spec.at {
            Some(t) => {
                let at = self.transition(t);
                at.and_then(|at| self.w.transitions.get(at))
                    .map(|t| t.id.value.clone())
            }
            None => None,
        };
        let mut read =
            |key: &str, text: &Option<String>| text.as_ref().map(|text| self.expression(key, text));
        let given = (
            read("always", &spec.always),
            read("never", &spec.never),
            read("reachable", &spec.reachable),
            read("require", &spec.require),
            read("ensure", &spec.ensure),
        );
        let form = match (given, &spec.at) {
            ((Some(e), None, None, None, None), None) => Form::Always(e?),
            ((None, Some(e), None, None, None), None) => Form::Never(e?),
            ((None, None, Some(e), None, None), None) => Form::Reachable(e?),
            ((None, None, None, Some(e), None), Some(_)) => Form::AtRequire(put(at?), e?),
            ((None, None, None, None, Some(e)), Some(_)) => Form::AtEnsure(put(at?), e?),
            _ => {
                return self.fail(Why::DoesNotFit {
                    message: format!("the property `{}` has not exactly one form", shown(&spec.id)),
                    help: "give one of `always`, `never`, `reachable`, `at` with `require`, `at` with `ensure`",
                });
            }
        };
        if !self.wrong.is_empty() {
            return None;
        }
        self.w.properties.push(Property {
            id: put(id?),
            form,
            text: spec.text.clone().map(put),
            requirement: None,
            expect_violated: false,
            lemma: false,
            span: NOWHERE,
        });
        Some(())
    }
}
