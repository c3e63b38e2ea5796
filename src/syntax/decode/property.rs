//! Properties: exactly one form each.

use super::reader::{Fields, Reader};
use crate::ir::Expr;
use crate::ir::workflow::{Form, Property};
use crate::syntax::error::SyntaxError;
use crate::syntax::limits;
use crate::syntax::yaml::{Node, NodeKind};

const KEYS: &[&str] = &[
    "id",
    "always",
    "never",
    "at",
    "require",
    "ensure",
    "precedes",
    "reachable",
    "can_reach",
    "eventually",
    "leads_to",
    "infinitely_often",
    "text",
    "requirement",
    "expect",
    "lemma",
];

/// The keys that each are a form, `at` standing for both of its forms.
const FORMS: &[&str] = &[
    "always",
    "never",
    "at",
    "precedes",
    "reachable",
    "can_reach",
    "eventually",
    "leads_to",
    "infinitely_often",
];

pub(super) fn property(r: &mut Reader<'_>, node: &Node) -> Option<Property> {
    let fields = r.fields(node, "a property", KEYS, &[])?;
    let id = fields.need(r, "id").and_then(|n| r.name(n));
    let form = form(r, &fields);
    let text = fields.get("text").and_then(|n| r.text(n));
    let requirement = fields.get("requirement").and_then(|n| r.text(n));
    let expect = fields
        .get("expect")
        .and_then(|n| r.word(n, &[("violated", ())]));
    let lemma = fields.get("lemma").and_then(|n| r.boolean(n));
    Some(Property {
        id: id?,
        form: form?,
        text,
        requirement,
        expect_violated: expect.is_some(),
        lemma: lemma.unwrap_or(false),
        span: fields.span,
    })
}

fn form(r: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Form> {
    let given: Vec<&str> = FORMS
        .iter()
        .copied()
        .filter(|key| fields.get(key).is_some())
        .collect();
    let steps: Vec<&str> = ["require", "ensure"]
        .into_iter()
        .filter(|key| fields.get(key).is_some())
        .collect();
    let wrong = match (given.as_slice(), steps.as_slice()) {
        (["at"], [_]) => None,
        (["at"], []) => Some("`at` needs `require` or `ensure`".to_owned()),
        (["at"], [..]) => Some("`require` and `ensure` are two properties".to_owned()),
        ([_], []) => None,
        ([], [step, ..]) => Some(format!("`{step}` needs `at`")),
        ([], []) => Some("this property has no form".to_owned()),
        ([form], [step, ..]) => Some(format!("`{step}` belongs to `at`, not to `{form}`")),
        ([first, second, ..], [..]) => Some(format!("`{first}` and `{second}` are two properties")),
    };
    if let Some(message) = wrong {
        let last = given.iter().chain(&steps).last().copied().unwrap_or("id");
        let span = fields.key_span(last).unwrap_or(fields.span);
        r.error(SyntaxError::PropertyForm { message }, span);
        return None;
    }
    let at = |key: &str| fields.get(key);
    let mut expression = |key: &str| at(key).map(|n| r.expression(n));
    if let Some(e) = expression("always") {
        return Some(Form::Always(e?));
    }
    if let Some(e) = expression("never") {
        return Some(Form::Never(e?));
    }
    if let Some(e) = expression("reachable") {
        return Some(Form::Reachable(e?));
    }
    if let Some(e) = expression("can_reach") {
        return Some(Form::CanReach(e?));
    }
    if let Some(e) = expression("eventually") {
        return Some(Form::Eventually(e?));
    }
    if let Some(e) = expression("infinitely_often") {
        return Some(Form::InfinitelyOften(e?));
    }
    if let Some(node) = at("leads_to") {
        let (first, second) = pair(r, node, "two expressions `[p, q]`")?;
        let (first, second): (Option<Expr>, Option<Expr>) =
            (r.expression(first), r.expression(second));
        return Some(Form::LeadsTo(first?, second?));
    }
    if let Some(node) = at("precedes") {
        let (first, second) = pair(r, node, "`[a, t]` or `[[a, b], t]`, of transitions")?;
        let (first, second) = (
            r.name_or_names(first, "transitions", limits::TRANSITIONS),
            r.name(second),
        );
        return Some(Form::Precedes(first?, second?));
    }
    let transition = r.name(at("at")?);
    if let Some(node) = at("require") {
        let e = r.expression(node);
        return Some(Form::AtRequire(transition?, e?));
    }
    let e = r.expression(at("ensure")?);
    Some(Form::AtEnsure(transition?, e?))
}

fn pair<'n>(
    r: &mut Reader<'_>,
    node: &'n Node,
    wanted: &'static str,
) -> Option<(&'n Node, &'n Node)> {
    if let NodeKind::List(items) = &node.kind
        && let [first, second] = items.as_slice()
    {
        return Some((first, second));
    }
    r.shape(node, wanted, Some("put \"…\" around each expression"));
    None
}
