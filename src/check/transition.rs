//! Resolves transitions: where from and to, guard, effects, and that no two effects write one thing.

use super::checked::{CheckedRecord, CheckedTransition};
use super::declare::{actor, artifact, distinct, evidence, state, twice, variable};
use super::elaborate::Elaborator;
use super::error::CheckError;
use super::scope::Scope;
use crate::ir::symbols::StateRole;
use crate::ir::workflow::{Record, Transition};
use crate::ir::{ActorId, Domain, EvId, FieldIx, Name, Span, Spanned, StateId, Symbols, Ty};

/// A field of evidence by name; reports when there is none.
pub(super) fn field(
    symbols: &Symbols,
    evidence: EvId,
    name: &Spanned<Name>,
    errors: &mut Vec<CheckError>,
) -> Option<(FieldIx, Domain)> {
    let fields = &symbols.evidence.get(evidence.ix())?.fields;
    let found = (0u16..)
        .map(FieldIx)
        .zip(fields)
        .find(|(_, f)| f.name == name.value)
        .map(|(ix, f)| (ix, f.domain));
    if found.is_none() {
        errors.push(CheckError::UnknownName {
            what: "field",
            name: name.value.clone(),
            near: super::scope::nearest(&name.value, fields.iter().map(|f| f.name.as_str())),
            span: name.span,
        });
    }
    found
}

/// Resolves one transition. `choices` are those declared for it.
pub(super) fn transition(
    t: &Transition,
    choices: Vec<(Name, Domain)>,
    symbols: &Symbols,
    scope: &Scope,
    errors: &mut Vec<CheckError>,
) -> CheckedTransition {
    let from = from(t, symbols, scope, errors);
    let to = t.to.as_ref().and_then(|s| state(scope, s, errors));
    let mut ignored = Vec::new(); // an unknown actor was reported when it was declared
    let actor = actor(scope, &t.actor, &mut ignored).unwrap_or(ActorId(0));

    let mut at = Elaborator::new(symbols, scope, errors).with_choices(&choices);
    for (name, _) in &t.choose {
        at.check_local(name);
    }
    let guard = t.when.as_ref().and_then(|e| at.term(e, Some(Ty::Bool)));

    let mut set = Vec::new();
    for (name, value) in &t.set {
        let var = at.lookup(|scope, errors| variable(scope, name, errors));
        let ty = var
            .and_then(|v| symbols.vars.get(v.ix()))
            .map(|v| v.domain.ty());
        let term = at.term(value, ty);
        if let (Some(var), Some(term)) = (var, term) {
            set.push((var, term));
        }
    }
    let mut record = Vec::new();
    for entry in &t.record {
        record.extend(self::record(entry, symbols, &mut at));
    }

    twice(&t.bump, errors);
    let bump = t
        .bump
        .iter()
        .filter_map(|a| artifact(scope, a, errors))
        .collect();
    let drop = t
        .drop
        .iter()
        .filter_map(|e| evidence(scope, e, errors))
        .collect();
    two_writes(t, errors);
    CheckedTransition {
        name: t.id.value.clone(),
        actor,
        from,
        to,
        guard,
        set,
        bump,
        drop,
        record,
        fairness: t.fair.as_ref().map(|f| f.value),
        span: t.span,
        guard_span: t.when.as_ref().map_or(t.id.span, |e| e.span),
        choices,
    }
}

/// The states a transition leaves: those named, or every non-terminal one.
fn from(
    t: &Transition,
    symbols: &Symbols,
    scope: &Scope,
    errors: &mut Vec<CheckError>,
) -> Vec<StateId> {
    let terminal = |s: StateId| {
        symbols
            .state(s)
            .is_some_and(|s| s.role != StateRole::Ordinary)
    };
    let Some(named) = &t.from else {
        let all = (0u16..).map(StateId).take(symbols.states.len());
        return all.filter(|s| !terminal(*s)).collect();
    };
    twice(named, errors);
    let mut found = Vec::new();
    for name in named {
        let Some(id) = state(scope, name, errors) else {
            continue;
        };
        if terminal(id) {
            errors.push(CheckError::LeavesTerminal {
                transition: t.id.value.clone(),
                state: name.value.clone(),
                span: name.span,
            });
        } else if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn record<'a>(
    entry: &'a Record,
    symbols: &Symbols,
    at: &mut Elaborator<'a>,
) -> Option<CheckedRecord> {
    let made = at.lookup(|scope, errors| evidence(scope, &entry.evidence, errors));
    let from = entry
        .from
        .as_ref()
        .and_then(|e| at.lookup(|scope, errors| evidence(scope, e, errors)));
    let mut fields = Vec::new();
    for (name, value) in &entry.fields {
        let known = made.and_then(|e| at.lookup(|_, errors| field(symbols, e, name, errors)));
        let term = at.term(value, known.map(|(_, domain)| domain.ty()));
        if let (Some((ix, _)), Some(term)) = (known, term) {
            fields.push((ix, term));
        }
    }
    at.lookup(|_, errors| {
        distinct("field", entry.fields.iter().map(|(n, _)| n), errors);
        Some(())
    });
    Some(CheckedRecord {
        evidence: made?,
        from,
        fields,
        span: entry.evidence.span,
    })
}

/// S-2: at most one write to a variable, and at most one of `drop` and `record` for one evidence.
fn two_writes(t: &Transition, errors: &mut Vec<CheckError>) {
    let sets: Vec<&Spanned<Name>> = t.set.iter().map(|(n, _)| n).collect();
    let evidence: Vec<&Spanned<Name>> = t
        .drop
        .iter()
        .chain(t.record.iter().map(|r| &r.evidence))
        .collect();
    for names in [sets, evidence] {
        let mut seen: Vec<(&Name, Span)> = Vec::new();
        for name in names {
            if let Some((_, first)) = seen.iter().find(|(n, _)| **n == name.value) {
                errors.push(CheckError::TwoWrites {
                    transition: t.id.value.clone(),
                    what: name.value.clone(),
                    first: *first,
                    span: name.span,
                });
            } else {
                seen.push((&name.value, name.span));
            }
        }
    }
}
