//! What is written differently: entries added, removed and changed, key by key, with the places in both files.

use serde_json::Value;

use crate::ir::{Sources, Span};
use crate::report::plain;
use crate::report::render::places::Place;
use crate::revise::diff::elements::{Element, Field};
use crate::revise::diff::value::{Change, FieldChange, How, Part};

/// The entries of one file, and the text they stand in.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// In the order of the file.
    pub elements: &'a [Element],
    /// The texts.
    pub sources: &'a Sources,
}

impl<'a> Written<'a> {
    fn find(self, like: &Element) -> Option<&'a Element> {
        self.elements
            .iter()
            .find(|e| e.part == like.part && e.name == like.name)
    }

    fn place(self, span: Span) -> Option<Place> {
        Place::of(self.sources, span)
    }
}

/// Everything that is written differently: part by part, removed and changed entries in the order of the old file, then added
/// ones in that of the new.
#[must_use]
pub fn changes(old: Written<'_>, new: Written<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    for e in old.elements {
        match new.find(e) {
            None => all.push(Change {
                part: e.part,
                name: plain::line(&e.name).into_owned(),
                how: How::Removed,
                old: old.place(e.span),
                new: None,
                fields: e
                    .fields
                    .iter()
                    .map(|f| field(&f.key, Some((old, f)), None))
                    .collect(),
            }),
            Some(other) => {
                let fields = fields(old, e, new, other);
                if !fields.is_empty() {
                    all.push(Change {
                        part: e.part,
                        name: plain::line(&e.name).into_owned(),
                        how: How::Changed,
                        old: old.place(e.span),
                        new: new.place(other.span),
                        fields,
                    });
                }
            }
        }
    }
    for e in new.elements {
        if old.find(e).is_none() {
            all.push(Change {
                part: e.part,
                name: plain::line(&e.name).into_owned(),
                how: How::Added,
                old: None,
                new: new.place(e.span),
                fields: e
                    .fields
                    .iter()
                    .map(|f| field(&f.key, None, Some((new, f))))
                    .collect(),
            });
        }
    }
    all.sort_by_key(|c| c.part);
    all
}

fn fields(old: Written<'_>, a: &Element, new: Written<'_>, b: &Element) -> Vec<FieldChange> {
    let mut all = Vec::new();
    for f in &a.fields {
        let other = b.fields.iter().find(|g| g.key == f.key);
        if other.is_none_or(|g| g.text != f.text) {
            all.push(field(&f.key, Some((old, f)), other.map(|g| (new, g))));
        }
    }
    for g in &b.fields {
        if !a.fields.iter().any(|f| f.key == g.key) {
            all.push(field(&g.key, None, Some((new, g))));
        }
    }
    all
}

fn field(
    key: &str,
    old: Option<(Written<'_>, &Field)>,
    new: Option<(Written<'_>, &Field)>,
) -> FieldChange {
    let text =
        |side: Option<(Written<'_>, &Field)>| side.map(|(_, f)| plain::line(&f.text).into_owned());
    let place = |side: Option<(Written<'_>, &Field)>| side.and_then(|(w, f)| w.place(f.span));
    FieldChange {
        field: key.to_owned(),
        old: text(old),
        new: text(new),
        old_at: place(old),
        new_at: place(new),
    }
}

/// Parts whose canonical forms differ though no entry does: their order differs, which digests tell apart. Whatever else differs
/// there is told too, so that a difference of digests is never without a reason.
#[must_use]
pub fn unexplained(old: &Value, new: &Value, told: &[Change]) -> Vec<Change> {
    let keys = |v: &Value| -> Vec<String> {
        v.as_object()
            .map_or_else(Vec::new, |o| o.keys().cloned().collect())
    };
    let mut all_keys = keys(old);
    all_keys.extend(keys(new));
    all_keys.sort();
    all_keys.dedup();
    let mut all = Vec::new();
    for key in all_keys {
        let (a, b) = (old.get(&key), new.get(&key));
        let part = part_of(&key);
        // What there is once is told key by key, the other parts entry by entry.
        let known = told.iter().any(|c| {
            let field = || c.fields.iter().any(|f| f.field.starts_with(&key));
            match c.part {
                // Which states are ends stands with the states.
                Part::Workflow | Part::State if part == Part::Workflow => field(),
                _ => c.part == part,
            }
        });
        if a == b || known {
            continue;
        }
        let reordered = match (a, b) {
            (Some(Value::Array(a)), Some(Value::Array(b))) => {
                a.len() == b.len() && a.iter().all(|x| b.contains(x))
            }
            (_, _) => false,
        };
        let what = if reordered { "order" } else { "canonical form" };
        all.push(Change {
            part,
            name: key.clone(),
            how: How::Changed,
            old: None,
            new: None,
            fields: vec![FieldChange {
                field: what.to_owned(),
                old: a.map(|v| brief(v, reordered)),
                new: b.map(|v| brief(v, reordered)),
                old_at: None,
                new_at: None,
            }],
        });
    }
    all
}

fn part_of(key: &str) -> Part {
    match key {
        "constraints" => Part::Constraint,
        "actors" => Part::Actor,
        "states" => Part::State,
        "artifacts" => Part::Artifact,
        "evidence" => Part::Evidence,
        "vars" => Part::Variable,
        "transitions" => Part::Transition,
        "properties" => Part::Property,
        "policy" | "rules" => Part::Rule,
        _ => Part::Workflow,
    }
}

/// Names in order, or the whole.
fn brief(value: &Value, names: bool) -> String {
    let id = |v: &Value| v.get("id").and_then(Value::as_str).map(str::to_owned);
    match value {
        Value::Array(all) if names => {
            let all: Vec<String> = all
                .iter()
                .map(|v| {
                    id(v)
                        .or_else(|| v.as_str().map(str::to_owned))
                        .unwrap_or_else(|| v.to_string())
                })
                .collect();
            format!("[{}]", all.join(", "))
        }
        other => plain::line(&other.to_string()).into_owned(),
    }
}
