//! Transitions.

use super::declaration::typed_names;
use super::reader::Reader;
use crate::ir::workflow::{Fairness, Record, Transition};
use crate::ir::{Expr, Name, Spanned};
use crate::syntax::error::SyntaxError;
use crate::syntax::limits;
use crate::syntax::yaml::{Entry, Node};

const KEYS: &[&str] = &[
    "id", "actor", "from", "to", "choose", "when", "set", "bump", "drop", "record", "fair",
];

pub(super) fn transition(r: &mut Reader<'_>, node: &Node) -> Option<Transition> {
    let fields = r.fields(node, "a transition", KEYS, &["receive", "send"])?;
    let id = fields.need(r, "id").and_then(|n| r.name(n));
    let actor = fields.need(r, "actor").and_then(|n| r.name(n));
    let from = fields
        .get("from")
        .and_then(|n| r.name_or_names(n, "states", limits::STATES));
    let to = fields.get("to").and_then(|n| r.name(n));
    let choose = fields
        .get("choose")
        .and_then(|n| typed_names(r, n, "choices", limits::CHOICES));
    let when = fields.get("when").and_then(|n| r.expression(n));
    let set = fields.get("set").and_then(|n| set(r, n));
    let bump = fields
        .get("bump")
        .and_then(|n| r.names(n, "artifacts", limits::ARTIFACTS));
    let drop = fields
        .get("drop")
        .and_then(|n| r.names(n, "evidence", limits::EVIDENCE));
    let record = fields.get("record").and_then(|n| {
        let entries = r.entries(n, "evidence", limits::EVIDENCE)?;
        Some(entries.iter().filter_map(|e| record(r, e)).collect())
    });
    let words = [("weak", Fairness::Weak), ("strong", Fairness::Strong)];
    let fair = fields.get("fair").and_then(|n| r.word(n, &words));
    Some(Transition {
        id: id?,
        actor: actor?,
        from,
        to,
        choose: choose.unwrap_or_default(),
        when,
        set: set.unwrap_or_default(),
        bump: bump.unwrap_or_default(),
        drop: drop.unwrap_or_default(),
        record: record.unwrap_or_default(),
        fair,
        span: fields.span,
    })
}

fn set(r: &mut Reader<'_>, node: &Node) -> Option<Vec<(Spanned<Name>, Expr)>> {
    let entries = r.entries(node, "variables", limits::VARS)?;
    let mut assigned = Vec::new();
    for entry in entries {
        if entry.key.text.contains('[') {
            let what = "a cell of one instance".to_owned();
            r.error(SyntaxError::Asynchronous { what }, entry.key.span());
            continue;
        }
        assigned.extend(named_expression(r, entry));
    }
    Some(assigned)
}

/// One entry of a map of names to expressions.
pub(super) fn named_expression(r: &mut Reader<'_>, entry: &Entry) -> Option<(Spanned<Name>, Expr)> {
    let name = r.name_of(&entry.key);
    let value = r.expression(&entry.value);
    Some((name?, value?))
}

fn record(r: &mut Reader<'_>, entry: &Entry) -> Option<Record> {
    let evidence = r.name_of(&entry.key);
    // One more than the fields, for `from`.
    let given = r.entries(&entry.value, "fields", limits::FIELDS + 1)?;
    let mut from = None;
    let mut fields = Vec::new();
    for field in given {
        if field.key.text == "from" {
            from = r.name(&field.value);
        } else {
            fields.extend(named_expression(r, field));
        }
    }
    Some(Record {
        evidence: evidence?,
        from,
        fields,
    })
}
