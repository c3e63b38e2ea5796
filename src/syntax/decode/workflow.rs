//! The top of a workflow file.

use super::declaration::{actor, evidence, state, terminal, var};
use super::policy::policy;
use super::property::property;
use super::reader::{Fields, Reader};
use super::refines::refines;
use super::transition::transition;
use crate::ir::workflow::Workflow;
use crate::ir::{Name, Spanned};
use crate::syntax::error::SyntaxError;
use crate::syntax::limits;
use crate::syntax::yaml::{Node, NodeKind};

const KEYS: &[&str] = &[
    "ir",
    "workflow_id",
    "version",
    "goal",
    "constraints",
    "refines",
    "actors",
    "states",
    "initial",
    "terminal",
    "artifacts",
    "evidence",
    "vars",
    "transitions",
    "properties",
    "policy",
];

/// The format that is read.
const FORMAT: u32 = 1;

pub(in crate::syntax) fn workflow(r: &mut Reader<'_>, root: &Node) -> Option<Workflow> {
    let fields = r.fields(root, "a workflow", KEYS, &["channels"])?;
    let format = format(r, &fields);
    let id = fields.need(r, "workflow_id").and_then(|n| r.name(n));
    let version = version(r, &fields, id.as_ref());
    let goal = fields.need(r, "goal").and_then(|n| r.text(n));
    let constraints = fields.get("constraints").and_then(|n| {
        let items = r.list(n, "constraints", limits::CONSTRAINTS)?;
        Some(items.iter().filter_map(|n| r.text(n)).collect())
    });
    let refines = fields.get("refines").and_then(|n| refines(r, n));
    let actors = fields.need(r, "actors").and_then(|n| {
        let items = r.some(n, "actors", limits::ACTORS)?;
        Some(items.iter().filter_map(|n| actor(r, n)).collect())
    });
    let states = fields.need(r, "states").and_then(|n| {
        let items = r.some(n, "states", limits::STATES)?;
        Some(items.iter().filter_map(|n| state(r, n)).collect())
    });
    let initial = fields.get("initial").and_then(|n| r.name(n));
    let terminal = fields.get("terminal").and_then(|n| terminal(r, n));
    let artifacts = fields
        .get("artifacts")
        .and_then(|n| r.names(n, "artifacts", limits::ARTIFACTS));
    let evidence = fields.get("evidence").and_then(|n| {
        let entries = r.entries(n, "evidence", limits::EVIDENCE)?;
        Some(entries.iter().filter_map(|e| evidence(r, e)).collect())
    });
    let vars = fields.get("vars").and_then(|n| {
        let entries = r.entries(n, "variables", limits::VARS)?;
        Some(entries.iter().filter_map(|e| var(r, e)).collect())
    });
    let transitions = fields.need(r, "transitions").and_then(|n| {
        let items = r.list(n, "transitions", limits::TRANSITIONS)?;
        Some(items.iter().filter_map(|n| transition(r, n)).collect())
    });
    let properties = fields.get("properties").and_then(|n| {
        let items = r.list(n, "properties", limits::PROPERTIES)?;
        Some(items.iter().filter_map(|n| property(r, n)).collect())
    });
    let policy = fields.get("policy").and_then(|n| policy(r, n));
    Some(Workflow {
        source: r.source,
        format: format?,
        id: id?,
        version: version?,
        goal: goal?,
        constraints: constraints.unwrap_or_default(),
        refines,
        actors: actors?,
        states: states?,
        initial,
        terminal,
        artifacts: artifacts.unwrap_or_default(),
        evidence: evidence.unwrap_or_default(),
        vars: vars.unwrap_or_default(),
        transitions: transitions?,
        properties: properties.unwrap_or_default(),
        policy,
    })
}

fn format(r: &mut Reader<'_>, fields: &Fields<'_>) -> Option<u32> {
    let Some(node) = fields.get("ir") else {
        return Some(FORMAT);
    };
    let found = r.integer(node)?;
    if found.value != i64::from(FORMAT) {
        r.error(
            SyntaxError::Format {
                found: found.value.to_string(),
            },
            found.span,
        );
        return None;
    }
    Some(FORMAT)
}

fn version(
    r: &mut Reader<'_>,
    fields: &Fields<'_>,
    id: Option<&Spanned<Name>>,
) -> Option<Spanned<u32>> {
    let Some(node) = fields.get("version") else {
        return Some(Spanned::new(1, id.map_or(fields.span, |id| id.span)));
    };
    if !matches!(node.kind, NodeKind::Scalar(_)) {
        r.error(SyntaxError::Version, node.span);
        return None;
    }
    let found = r.integer(node)?;
    match u32::try_from(found.value) {
        Ok(version) if version >= 1 => Some(Spanned::new(version, found.span)),
        Ok(_) | Err(_) => {
            r.error(SyntaxError::Version, found.span);
            None
        }
    }
}
