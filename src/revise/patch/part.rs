//! Parts of a workflow as a critique writes them, put as YAML. Expressions are written in their canonical spelling, so
//! nothing of a critique's own spacing, line breaks or comments gets into the file.

use super::draft::{Edited, Stuck};
use super::yaml::Yaml;
use crate::finding::critique::{
    EvidenceSpec, PropertySpec, RecordSpec, RuleSpec, TransitionSpec, TypeSpec,
};
use crate::ir::{Expr, SourceId};
use crate::syntax::parse_expr;

/// A condition of a critique.
pub(super) fn condition(text: &str) -> Edited<Expr> {
    parse_expr(SourceId(0), 0, text, true).map_err(|d| Stuck(d.message))
}

/// A condition, as it is written.
pub(super) fn guard(text: &str) -> Edited<Yaml> {
    Ok(Yaml::Text(condition(text)?.to_string()))
}

fn value(text: &str) -> Edited<Yaml> {
    Ok(Yaml::Value(condition(text)?.to_string()))
}

/// One name as it is, several as a list.
pub(super) fn one_or_list(names: &[String]) -> Yaml {
    match names {
        [one] => Yaml::Word(one.clone()),
        many => Yaml::words(many),
    }
}

/// The entries of a transition.
pub(super) fn transition(t: &TransitionSpec) -> Edited<Vec<(String, Yaml)>> {
    let mut entries = Vec::new();
    let mut add = |key: &str, value: Yaml| entries.push((key.to_owned(), value));
    add("id", Yaml::Word(t.id.clone()));
    add("actor", Yaml::Word(t.actor.clone()));
    if !t.from.is_empty() {
        add("from", one_or_list(&t.from));
    }
    if let Some(to) = &t.to {
        add("to", Yaml::Word(to.clone()));
    }
    if !t.choose.is_empty() {
        add("choose", types(&t.choose));
    }
    if let Some(when) = &t.when {
        add("when", guard(when)?);
    }
    if !t.set.is_empty() {
        let set: Edited<Vec<_>> = t
            .set
            .iter()
            .map(|(v, e)| Ok((v.clone(), value(e)?)))
            .collect();
        add("set", Yaml::Map(set?));
    }
    if !t.bump.is_empty() {
        add("bump", Yaml::words(&t.bump));
    }
    if !t.drop.is_empty() {
        add("drop", Yaml::words(&t.drop));
    }
    if !t.record.is_empty() {
        let records: Edited<Vec<_>> = t
            .record
            .iter()
            .map(|(e, r)| Ok((e.clone(), record(r)?)))
            .collect();
        add("record", Yaml::Map(records?));
    }
    if let Some(fair) = &t.fair {
        add("fair", Yaml::Word(fair.clone()));
    }
    Ok(entries)
}

fn record(r: &RecordSpec) -> Edited<Yaml> {
    let mut entries = Vec::new();
    if let Some(from) = &r.from {
        entries.push(("from".to_owned(), Yaml::Word(from.clone())));
    }
    for (field, e) in &r.fields {
        entries.push((field.clone(), value(e)?));
    }
    Ok(Yaml::Map(entries))
}

fn types<'t>(specs: impl IntoIterator<Item = (&'t String, &'t TypeSpec)>) -> Yaml {
    Yaml::Map(
        specs
            .into_iter()
            .map(|(n, t)| (n.clone(), type_of(t)))
            .collect(),
    )
}

fn type_of(spec: &TypeSpec) -> Yaml {
    let word = |w: &str| Yaml::Word(w.to_owned());
    let entries = match spec {
        TypeSpec::Bool {} => vec![("type", word("bool"))],
        TypeSpec::Int { range } => vec![("type", word("int")), ("range", integers(range))],
        TypeSpec::Enum { values } => vec![("type", word("enum")), ("values", Yaml::words(values))],
    };
    Yaml::Map(
        entries
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect(),
    )
}

fn integers(range: &[i64]) -> Yaml {
    Yaml::List(range.iter().map(|n| Yaml::Word(n.to_string())).collect())
}

/// What evidence is made of.
pub(super) fn evidence(of: &EvidenceSpec) -> Yaml {
    let mut entries = vec![("of".to_owned(), Yaml::words(&of.artifacts))];
    if !of.fields.is_empty() {
        entries.push(("fields".to_owned(), types(&of.fields)));
    }
    Yaml::Map(entries)
}

/// A counter from 0 to its limit.
pub(super) fn counter(limit: u32) -> Yaml {
    let entries = [
        ("type", Yaml::Word("int".to_owned())),
        ("range", integers(&[0, i64::from(limit)])),
        ("init", Yaml::Word("0".to_owned())),
    ];
    Yaml::Map(
        entries
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect(),
    )
}

/// A transition that only leads from here to there.
pub(super) fn step(
    id: &str,
    actor: &str,
    from: &[String],
    to: &str,
    when: Option<&str>,
) -> Edited<Vec<(String, Yaml)>> {
    let mut entries = vec![
        ("id".to_owned(), Yaml::Word(id.to_owned())),
        ("actor".to_owned(), Yaml::Word(actor.to_owned())),
        ("from".to_owned(), one_or_list(from)),
        ("to".to_owned(), Yaml::Word(to.to_owned())),
    ];
    if let Some(when) = when {
        entries.push(("when".to_owned(), guard(when)?));
    }
    Ok(entries)
}

/// The entries of a property.
pub(super) fn property(p: &PropertySpec) -> Edited<Vec<(String, Yaml)>> {
    let mut entries = vec![("id".to_owned(), Yaml::Word(p.id.clone()))];
    if let Some(text) = &p.text {
        entries.push(("text".to_owned(), Yaml::Text(text.clone())));
    }
    if let Some(at) = &p.at {
        entries.push(("at".to_owned(), Yaml::Word(at.clone())));
    }
    let conditions = [
        ("always", &p.always),
        ("never", &p.never),
        ("require", &p.require),
        ("ensure", &p.ensure),
        ("reachable", &p.reachable),
    ];
    for (key, e) in conditions {
        if let Some(e) = e {
            entries.push((key.to_owned(), guard(e)?));
        }
    }
    Ok(entries)
}

/// The entries of a policy rule.
pub(super) fn rule(r: &RuleSpec) -> Edited<Vec<(String, Yaml)>> {
    let entries = [
        ("id", Yaml::Word(r.id.clone())),
        ("action", Yaml::Word(r.action.clone())),
        ("effect", Yaml::Word(r.effect.clone())),
        ("when", guard(&r.when)?),
        ("reason", Yaml::Text(r.reason.clone())),
    ];
    Ok(entries
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect())
}
