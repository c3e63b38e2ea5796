//! Actors, states, terminals, evidence, variables and their types.

use super::reader::{Fields, Reader};
use crate::ir::symbols::ActorKind;
use crate::ir::workflow::{Actor, Evidence, Init, State, Terminal, TerminalKind, TypeDecl, Var};
use crate::ir::{Name, Spanned};
use crate::syntax::error::SyntaxError;
use crate::syntax::limits;
use crate::syntax::yaml::{Entry, Node, NodeKind};

pub(super) fn actor(r: &mut Reader<'_>, node: &Node) -> Option<Actor> {
    let by_name = |id: &Spanned<Name>| {
        if id.value.as_str() == "Human" {
            ActorKind::Human
        } else {
            ActorKind::Agent
        }
    };
    if let NodeKind::Scalar(_) = &node.kind {
        let id = r.name(node)?;
        let kind = by_name(&id);
        return Some(Actor { id, kind });
    }
    let fields = r.fields(node, "an actor", &["id", "kind"], &["instances"])?;
    let id = fields.need(r, "id").and_then(|n| r.name(n));
    let words = [
        ("human", ActorKind::Human),
        ("agent", ActorKind::Agent),
        ("service", ActorKind::Service),
    ];
    let kind = fields.get("kind").map(|n| r.word(n, &words));
    let id = id?;
    let kind = match kind {
        Some(given) => given?.value,
        None => by_name(&id),
    };
    Some(Actor { id, kind })
}

pub(super) fn state(r: &mut Reader<'_>, node: &Node) -> Option<State> {
    if let NodeKind::Scalar(_) = &node.kind {
        return Some(State {
            id: r.name(node)?,
            needs: Vec::new(),
        });
    }
    let fields = r.fields(node, "a state", &["id", "needs"], &[])?;
    let id = fields.need(r, "id").and_then(|n| r.name(n));
    let needs = fields
        .get("needs")
        .and_then(|n| r.names(n, "evidence", limits::EVIDENCE))
        .unwrap_or_default();
    Some(State { id: id?, needs })
}

pub(super) fn terminal(r: &mut Reader<'_>, node: &Node) -> Option<Terminal> {
    let span = node.span;
    if let NodeKind::Scalar(scalar) = &node.kind {
        if scalar.text == "none" {
            return Some(Terminal {
                span,
                kind: TerminalKind::Never,
            });
        }
        r.shape(
            node,
            "`none`, or a map with the keys `success` and `failure`",
            None,
        );
        return None;
    }
    let fields = r.fields(node, "`terminal`", &["success", "failure"], &[])?;
    let mut states = |key| {
        fields
            .get(key)
            .map(|n| r.names(n, "states", limits::STATES))
    };
    let (success, failure) = (states("success"), states("failure"));
    let none_named = |given: &Option<Option<Vec<_>>>| {
        given
            .as_ref()
            .is_none_or(|l| l.as_ref().is_some_and(Vec::is_empty))
    };
    if none_named(&success) && none_named(&failure) {
        r.error(SyntaxError::EmptyList { what: "`terminal`" }, span);
        return None;
    }
    let success = success.unwrap_or_else(|| Some(Vec::new()))?;
    let failure = match failure {
        Some(given) => Some(given?),
        None => None,
    };
    Some(Terminal {
        span,
        kind: TerminalKind::Declared { success, failure },
    })
}

pub(super) fn evidence(r: &mut Reader<'_>, entry: &Entry) -> Option<Evidence> {
    let id = r.name_of(&entry.key);
    let given = r.fields(&entry.value, "evidence", &["of", "fields"], &[])?;
    let of = given
        .need(r, "of")
        .and_then(|n| r.some_names(n, "artifacts", limits::ARTIFACTS));
    let fields = given
        .get("fields")
        .and_then(|n| typed_names(r, n, "fields", limits::FIELDS))
        .unwrap_or_default();
    Some(Evidence {
        id: id?,
        of: of?,
        fields,
    })
}

/// A map of names to types: fields of evidence, choices of a transition.
pub(super) fn typed_names(
    r: &mut Reader<'_>,
    node: &Node,
    what: &'static str,
    limit: usize,
) -> Option<Vec<(Spanned<Name>, Spanned<TypeDecl>)>> {
    let entries = r.entries(node, what, limit)?;
    let mut typed = Vec::new();
    for entry in entries {
        let name = r.name_of(&entry.key);
        let ty = r
            .fields(&entry.value, "a type", &["type", "range", "values"], &[])
            .and_then(|fields| type_decl(r, &fields));
        if let (Some(name), Some(ty)) = (name, ty) {
            typed.push((name, ty));
        }
    }
    Some(typed)
}

pub(super) fn var(r: &mut Reader<'_>, entry: &Entry) -> Option<Var> {
    let id = r.name_of(&entry.key);
    let known = ["type", "range", "values", "init", "phase"];
    let fields = r.fields(&entry.value, "a variable", &known, &["per", "of"])?;
    let ty = type_decl(r, &fields);
    let init = fields.need(r, "init").and_then(|n| init(r, n));
    let phase = match fields.get("phase") {
        Some(node) => r.boolean(node)?,
        None => false,
    };
    Some(Var {
        id: id?,
        ty: ty?,
        init: init?,
        phase,
    })
}

fn init(r: &mut Reader<'_>, node: &Node) -> Option<Init> {
    if let NodeKind::Scalar(scalar) = &node.kind
        && scalar.text == "any"
    {
        return Some(Init::Any(scalar.span()));
    }
    Some(Init::Value(r.expression(node)?))
}

/// The words for types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Int,
    Enum,
    Actor,
}

fn type_decl(r: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Spanned<TypeDecl>> {
    let node = fields.need(r, "type")?;
    let words = [
        ("bool", Kind::Bool),
        ("int", Kind::Int),
        ("enum", Kind::Enum),
        ("actor", Kind::Actor),
    ];
    let kind = r.word(node, &words)?;
    let (of, other_keys): (_, &[&str]) = match kind.value {
        Kind::Bool => ("the type `bool`", &["range", "values"]),
        Kind::Int => ("the type `int`", &["values"]),
        Kind::Enum => ("the type `enum`", &["range"]),
        Kind::Actor => ("the type `actor`", &["range", "values"]),
    };
    for key in other_keys {
        if let Some(span) = fields.key_span(key) {
            let known = match kind.value {
                Kind::Bool | Kind::Actor => "`type`",
                Kind::Int => "`type`, `range`",
                Kind::Enum => "`type`, `values`",
            };
            let error = SyntaxError::UnknownKey {
                key: (*key).to_owned(),
                of,
                near: None,
                known: known.to_owned(),
            };
            r.error(error, span);
        }
    }
    let ty = match kind.value {
        Kind::Bool => TypeDecl::Bool,
        Kind::Int => {
            let node = fields.need(r, "range")?;
            range(r, node)?
        }
        Kind::Enum => {
            let values = fields.need(r, "values")?;
            TypeDecl::Enum {
                values: r.some_names(values, "enum values", limits::ENUM_VALUES)?,
            }
        }
        Kind::Actor => {
            let what = "a variable that holds an instance".to_owned();
            r.error(SyntaxError::Asynchronous { what }, kind.span);
            return None;
        }
    };
    Some(Spanned::new(ty, fields.span))
}

fn range(r: &mut Reader<'_>, node: &Node) -> Option<TypeDecl> {
    let NodeKind::List(items) = &node.kind else {
        r.shape(node, "a range `[lowest, highest]`", None);
        return None;
    };
    let [lo, hi] = items.as_slice() else {
        r.shape(
            node,
            "a range `[lowest, highest]`",
            Some("give exactly two integers"),
        );
        return None;
    };
    let (lo, hi) = (r.integer(lo), r.integer(hi));
    let (lo, hi) = (lo?.value, hi?.value);
    Some(TypeDecl::Int {
        lo,
        hi,
        span: node.span,
    })
}
