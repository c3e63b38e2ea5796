//! `refines:`.

use super::reader::Reader;
use super::transition::named_expression;
use crate::ir::workflow::Refines;
use crate::syntax::limits;
use crate::syntax::yaml::Node;

pub(super) fn refines(r: &mut Reader<'_>, node: &Node) -> Option<Refines> {
    let fields = r.fields(node, "`refines`", &["workflow", "map"], &[])?;
    let workflow = fields.need(r, "workflow").and_then(|n| r.text(n));
    let most = limits::VARS + limits::EVIDENCE + limits::ARTIFACTS + 1;
    let entries = fields
        .need(r, "map")
        .and_then(|n| r.entries(n, "names", most))?;
    let mut state = None;
    let mut map = Vec::new();
    for entry in entries {
        if entry.key.text == "state" {
            state = r.expression(&entry.value);
        } else {
            map.extend(named_expression(r, entry));
        }
    }
    Some(Refines {
        workflow: workflow?,
        map,
        state,
        span: fields.span,
    })
}
