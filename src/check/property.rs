//! Resolves properties.

use super::checked::{CheckedForm, CheckedProperty, CheckedTransition};
use super::declare::{transition, twice};
use super::elaborate::Elaborator;
use super::error::CheckError;
use super::scope::Scope;
use crate::ir::workflow::{Form, Property};
use crate::ir::{Domain, Expr, Name, Span, Spanned, Symbols, Term, TransitionId, Ty};

/// What properties are resolved against.
pub(super) struct Context<'a> {
    pub(super) symbols: &'a Symbols,
    pub(super) scope: &'a Scope,
    pub(super) transitions: &'a [CheckedTransition],
}

impl<'a> Context<'a> {
    /// Resolves all properties of a file.
    pub(super) fn properties(
        &self,
        properties: &'a [Property],
        errors: &mut Vec<CheckError>,
    ) -> Vec<CheckedProperty> {
        let mut seen: Vec<(&Name, Span)> = Vec::new();
        let mut found = Vec::new();
        for property in properties {
            let name = &property.id;
            if let Some((_, first)) = seen.iter().find(|(n, _)| **n == name.value) {
                errors.push(CheckError::DuplicateName {
                    what: "property",
                    name: name.value.clone(),
                    first: *first,
                    span: name.span,
                });
            }
            seen.push((&name.value, name.span));
            found.extend(self.property(property, errors));
        }
        found
    }

    fn property(&self, p: &'a Property, errors: &mut Vec<CheckError>) -> Option<CheckedProperty> {
        lemma(p, errors);
        let form = self.form(&p.form, errors)?;
        Some(CheckedProperty {
            id: p.id.value.clone(),
            key: p.form.key(),
            form,
            text: p.text.as_ref().map(|t| t.value.clone()),
            requirement: p.requirement.as_ref().map(|r| r.value.clone()),
            expect_violated: p.expect_violated,
            lemma: p.lemma,
            span: p.id.span,
        })
    }

    fn form(&self, form: &'a Form, errors: &mut Vec<CheckError>) -> Option<CheckedForm> {
        Some(match form {
            Form::Always(e) => CheckedForm::Always(self.term(e, &[], errors)?),
            Form::Never(e) => CheckedForm::Never(self.term(e, &[], errors)?),
            Form::AtRequire(t, e) => {
                let (t, term) = self.at(t, e, errors)?;
                CheckedForm::AtRequire(t, term)
            }
            Form::AtEnsure(t, e) => {
                let (t, term) = self.at(t, e, errors)?;
                CheckedForm::AtEnsure(t, term)
            }
            Form::Precedes(first, then) => self.precedes(first, then, errors)?,
            Form::Reachable(e) => CheckedForm::Reachable(self.term(e, &[], errors)?),
            Form::CanReach(e) => CheckedForm::CanReach(self.term(e, &[], errors)?),
            Form::Eventually(e) => CheckedForm::Eventually(self.term(e, &[], errors)?),
            Form::LeadsTo(a, b) => {
                let a = self.term(a, &[], errors);
                let b = self.term(b, &[], errors);
                CheckedForm::LeadsTo(a?, b?)
            }
            Form::InfinitelyOften(e) => CheckedForm::InfinitelyOften(self.term(e, &[], errors)?),
        })
    }

    fn term(
        &self,
        expr: &'a Expr,
        choices: &[(Name, Domain)],
        errors: &mut Vec<CheckError>,
    ) -> Option<Term> {
        Elaborator::new(self.symbols, self.scope, errors)
            .with_choices(choices)
            .term(expr, Some(Ty::Bool))
    }

    fn at(
        &self,
        name: &Spanned<Name>,
        expr: &'a Expr,
        errors: &mut Vec<CheckError>,
    ) -> Option<(TransitionId, Term)> {
        let id = transition(self.scope, name, errors)?;
        let choices = &self.transitions.get(id.ix())?.choices;
        Some((id, self.term(expr, choices, errors)?))
    }

    fn precedes(
        &self,
        first: &[Spanned<Name>],
        then: &Spanned<Name>,
        errors: &mut Vec<CheckError>,
    ) -> Option<CheckedForm> {
        twice(first, errors);
        let mut before = Vec::new();
        for name in first {
            before.extend(transition(self.scope, name, errors));
            if name.value == then.value {
                errors.push(CheckError::PrecedesSelf {
                    transition: name.value.clone(),
                    span: name.span,
                });
            }
        }
        Some(CheckedForm::Precedes(
            before,
            transition(self.scope, then, errors)?,
        ))
    }
}

/// A lemma is an invariant that is expected to hold; nothing else helps an induction.
fn lemma(p: &Property, errors: &mut Vec<CheckError>) {
    if !p.lemma {
        return;
    }
    let invariant = match &p.form {
        Form::Always(_) | Form::Never(_) => true,
        Form::AtRequire(..)
        | Form::AtEnsure(..)
        | Form::Precedes(..)
        | Form::Reachable(_)
        | Form::CanReach(_)
        | Form::Eventually(_)
        | Form::LeadsTo(..)
        | Form::InfinitelyOften(_) => false,
    };
    let why = if !invariant {
        "stands only at `always` and `never`"
    } else if p.expect_violated {
        "contradicts `expect: violated`"
    } else {
        return;
    };
    errors.push(CheckError::Lemma {
        why,
        span: p.id.span,
    });
}
