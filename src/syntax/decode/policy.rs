//! Policies, inline and in files of their own.

use super::reader::Reader;
use crate::ir::workflow::{Action, Effect, Policy, Rule};
use crate::syntax::limits;
use crate::syntax::yaml::Node;

const ACTIONS: &[(&str, Action)] = &[
    ("approve", Action::Approve),
    ("waive", Action::Waive),
    ("implement", Action::Implement),
    ("build", Action::Build),
    ("release", Action::Release),
];

const EFFECTS: &[(&str, Effect)] = &[
    ("permit", Effect::Permit),
    ("require", Effect::Require),
    ("forbid", Effect::Forbid),
];

/// A file of its own: a map with the key `rules`.
pub(in crate::syntax) fn policy_file(r: &mut Reader<'_>, root: &Node) -> Option<Policy> {
    policy(r, root)
}

/// The value of `policy:`.
pub(super) fn policy(r: &mut Reader<'_>, node: &Node) -> Option<Policy> {
    let fields = r.fields(node, "a policy", &["rules"], &[])?;
    let rules = fields
        .need(r, "rules")
        .and_then(|n| r.list(n, "rules", limits::RULES))?;
    let rules = rules.iter().filter_map(|n| rule(r, n)).collect();
    Some(Policy {
        source: r.source,
        rules,
        span: fields.span,
    })
}

fn rule(r: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let fields = r.fields(
        node,
        "a rule",
        &["id", "action", "effect", "when", "reason"],
        &[],
    )?;
    let id = fields.need(r, "id").and_then(|n| r.name(n));
    let action = fields.need(r, "action").and_then(|n| r.word(n, ACTIONS));
    let effect = fields.need(r, "effect").and_then(|n| r.word(n, EFFECTS));
    let when = fields.need(r, "when").and_then(|n| r.expression(n));
    let reason = fields.get("reason").and_then(|n| r.text(n));
    Some(Rule {
        id: id?,
        action: action?,
        effect: effect?,
        when: when?,
        reason,
        span: fields.span,
    })
}
