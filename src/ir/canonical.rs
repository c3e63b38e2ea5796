//! The canonical form of a workflow and its digest (S-12): the decoded form as JSON, defaults filled in, expressions in
//! their canonical spelling, without `version`, places and comments. Two files with one digest mean the same; approvals
//! and caches rest on that, so everything a user can write that changes a meaning or a report is in it.

use serde_json::{Map, Value, json};

use super::digest::Digest;
use super::expr::{Expr, ExprKind};
use super::id::Name;
use super::span::Spanned;
use super::symbols::ActorKind;
use super::workflow::{
    Action, Effect, Evidence, Fairness, Form, Init, Policy, Property, Record, Refines, Rule,
    Terminal, TerminalKind, Transition, TypeDecl, Var, Workflow,
};

/// The canonical form. `refined_digest` is the digest of the file that `refines:` names, and stands for its path.
#[must_use]
pub fn to_json(workflow: &Workflow, refined_digest: Option<&Digest>) -> Value {
    Value::Object(body(workflow, |r| match refined_digest {
        Some(digest) => ("digest", digest.to_string()),
        // Not what S-12 asks for, but never the same for two different files.
        None => ("workflow", r.workflow.value.clone()),
    }))
}

/// The same with `version` and the path of the refined file: a workflow file of this format, written as JSON.
#[must_use]
pub fn to_full_json(workflow: &Workflow) -> Value {
    let mut object = body(workflow, |r| ("workflow", r.workflow.value.clone()));
    object.insert("version".to_owned(), json!(workflow.version.value));
    Value::Object(object)
}

/// The digest of the canonical form; see [`to_json`].
#[must_use]
pub fn digest(workflow: &Workflow, refined_digest: Option<&Digest>) -> Digest {
    Digest::of(to_text(&to_json(workflow, refined_digest)).as_bytes())
}

/// A policy as JSON, in the shape of a policy file.
#[must_use]
pub fn policy_json(policy: &Policy) -> Value {
    json!({ "rules": policy.rules.iter().map(rule).collect::<Vec<_>>() })
}

/// The digest of a policy.
#[must_use]
pub fn policy_digest(policy: &Policy) -> Digest {
    Digest::of(to_text(&policy_json(policy)).as_bytes())
}

/// JSON text by RFC 8785, for values whose numbers are integers and whose keys are ASCII: keys sorted, no white space,
/// strings escaped as little as possible. Does not rely on how maps are ordered in memory.
#[must_use]
pub fn to_text(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(to_text).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries: Vec<String> = entries
                .into_iter()
                .map(|(key, v)| format!("{}:{}", json!(key), to_text(v)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

type Object = Map<String, Value>;

/// Puts in `key` only where there is a value.
fn put(object: &mut Object, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value);
    }
}

fn body(w: &Workflow, refined: impl Fn(&Refines) -> (&'static str, String)) -> Object {
    let mut object = Object::new();
    let mut add = |key: &str, value: Value| put(&mut object, key, Some(value));
    add("ir", json!(w.format));
    add("workflow_id", name(&w.id));
    add("goal", json!(w.goal.value));
    add(
        "constraints",
        w.constraints.iter().map(|c| json!(c.value)).collect(),
    );
    add(
        "actors",
        w.actors
            .iter()
            .map(|a| json!({"id": name(&a.id), "kind": actor_kind(a.kind)}))
            .collect(),
    );
    add(
        "states",
        w.states
            .iter()
            .map(|s| json!({"id": name(&s.id), "needs": names(&s.needs)}))
            .collect(),
    );
    if let Some(initial) = w
        .initial
        .as_ref()
        .or_else(|| w.states.first().map(|s| &s.id))
    {
        add("initial", name(initial));
    }
    add("artifacts", names(&w.artifacts));
    add(
        "evidence",
        w.evidence
            .iter()
            .map(|e| (e.id.value.to_string(), evidence(e)))
            .collect(),
    );
    add(
        "vars",
        w.vars
            .iter()
            .map(|v| (v.id.value.to_string(), var(v)))
            .collect(),
    );
    add(
        "transitions",
        w.transitions.iter().map(|t| transition(t, w)).collect(),
    );
    add("properties", w.properties.iter().map(property).collect());
    put(&mut object, "terminal", w.terminal.as_ref().map(terminal));
    put(&mut object, "policy", w.policy.as_ref().map(policy_json));
    put(
        &mut object,
        "refines",
        w.refines.as_ref().map(|r| refines(r, refined(r))),
    );
    object
}

fn name(name: &Spanned<Name>) -> Value {
    json!(name.value.as_str())
}

fn names(list: &[Spanned<Name>]) -> Value {
    list.iter().map(name).collect()
}

fn expr(e: &Expr) -> Value {
    json!(e.to_string())
}

const fn actor_kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Human => "human",
        ActorKind::Agent => "agent",
        ActorKind::Service => "service",
    }
}

fn terminal(t: &Terminal) -> Value {
    match &t.kind {
        TerminalKind::Never => json!("none"),
        TerminalKind::Declared { success, failure } => {
            let mut object = Object::new();
            put(&mut object, "success", Some(names(success)));
            put(&mut object, "failure", failure.as_ref().map(|f| names(f)));
            Value::Object(object)
        }
    }
}

fn type_decl(ty: &TypeDecl) -> Object {
    let mut object = Object::new();
    let mut add = |key: &str, value: Value| put(&mut object, key, Some(value));
    match ty {
        TypeDecl::Bool => add("type", json!("bool")),
        TypeDecl::Int { lo, hi, .. } => {
            add("type", json!("int"));
            add("range", json!([lo, hi]));
        }
        TypeDecl::Enum { values } => {
            add("type", json!("enum"));
            add("values", names(values));
        }
    }
    object
}

fn typed(list: &[(Spanned<Name>, Spanned<TypeDecl>)]) -> Value {
    list.iter()
        .map(|(name, ty)| (name.value.to_string(), Value::Object(type_decl(&ty.value))))
        .collect()
}

fn evidence(e: &Evidence) -> Value {
    json!({ "of": names(&e.of), "fields": typed(&e.fields) })
}

fn var(v: &Var) -> Value {
    let mut object = type_decl(&v.ty.value);
    let init = match &v.init {
        Init::Any(_) => json!("any"),
        // Written as JSON writes them, so that a reader without the expression language can read them.
        Init::Value(Expr {
            kind: ExprKind::Int(n),
            ..
        }) => json!(n),
        Init::Value(Expr {
            kind: ExprKind::Bool(b),
            ..
        }) => json!(b),
        Init::Value(e) => expr(e),
    };
    put(&mut object, "init", Some(init));
    put(&mut object, "phase", Some(json!(v.phase)));
    Value::Object(object)
}

fn assignments(list: &[(Spanned<Name>, Expr)]) -> Object {
    list.iter()
        .map(|(name, e)| (name.value.to_string(), expr(e)))
        .collect()
}

fn transition(t: &Transition, w: &Workflow) -> Value {
    let mut object = Object::new();
    put(&mut object, "id", Some(name(&t.id)));
    put(&mut object, "actor", Some(name(&t.actor)));
    let from = t
        .from
        .as_ref()
        .map_or_else(|| not_terminal(w), |from| Some(names(from)));
    put(&mut object, "from", from);
    put(&mut object, "to", t.to.as_ref().map(name));
    put(&mut object, "choose", Some(typed(&t.choose)));
    // Not filled in with `true`: a guard that is written and always true is a finding, none is not.
    put(&mut object, "when", t.when.as_ref().map(expr));
    put(&mut object, "set", Some(Value::Object(assignments(&t.set))));
    put(&mut object, "bump", Some(names(&t.bump)));
    put(&mut object, "drop", Some(names(&t.drop)));
    put(
        &mut object,
        "record",
        Some(
            t.record
                .iter()
                .map(|r| (r.evidence.value.to_string(), record(r)))
                .collect(),
        ),
    );
    let fair = t.fair.as_ref().map(|f| match f.value {
        Fairness::Weak => json!("weak"),
        Fairness::Strong => json!("strong"),
    });
    put(&mut object, "fair", fair);
    Value::Object(object)
}

/// What `from:` is when it is absent; nothing where no state is left, an empty list being no `from:`.
fn not_terminal(w: &Workflow) -> Option<Value> {
    let ends: Vec<&Name> = match w.terminal.as_ref().map(|t| &t.kind) {
        None | Some(TerminalKind::Never) => Vec::new(),
        Some(TerminalKind::Declared { success, failure }) => success
            .iter()
            .chain(failure.iter().flatten())
            .map(|n| &n.value)
            .collect(),
    };
    let left: Vec<Value> = w
        .states
        .iter()
        .filter(|s| !ends.contains(&&s.id.value))
        .map(|s| name(&s.id))
        .collect();
    (!left.is_empty()).then_some(Value::Array(left))
}

fn record(r: &Record) -> Value {
    let mut object = assignments(&r.fields);
    put(&mut object, "from", r.from.as_ref().map(name));
    Value::Object(object)
}

fn property(p: &Property) -> Value {
    let mut object = Object::new();
    put(&mut object, "id", Some(name(&p.id)));
    let key = p.form.key();
    let step = |at: &Spanned<Name>, step: &str, e: &Expr| {
        vec![(key.to_owned(), name(at)), (step.to_owned(), expr(e))]
    };
    let form = match &p.form {
        Form::Always(e)
        | Form::Never(e)
        | Form::Reachable(e)
        | Form::CanReach(e)
        | Form::Eventually(e)
        | Form::InfinitelyOften(e) => vec![(key.to_owned(), expr(e))],
        Form::AtRequire(at, e) => step(at, "require", e),
        Form::AtEnsure(at, e) => step(at, "ensure", e),
        Form::Precedes(first, then) => vec![(key.to_owned(), json!([names(first), name(then)]))],
        Form::LeadsTo(first, then) => vec![(key.to_owned(), json!([expr(first), expr(then)]))],
    };
    object.extend(form);
    put(&mut object, "text", p.text.as_ref().map(|t| json!(t.value)));
    put(
        &mut object,
        "requirement",
        p.requirement.as_ref().map(|t| json!(t.value)),
    );
    put(
        &mut object,
        "expect",
        p.expect_violated.then(|| json!("violated")),
    );
    put(&mut object, "lemma", Some(json!(p.lemma)));
    Value::Object(object)
}

fn refines(r: &Refines, (key, other): (&str, String)) -> Value {
    let mut map = assignments(&r.map);
    put(&mut map, "state", r.state.as_ref().map(expr));
    let mut object = Object::new();
    put(&mut object, "map", Some(Value::Object(map)));
    put(&mut object, key, Some(json!(other)));
    Value::Object(object)
}

fn rule(r: &Rule) -> Value {
    let mut object = Object::new();
    put(&mut object, "id", Some(name(&r.id)));
    let action = match r.action.value {
        Action::Approve => "approve",
        Action::Waive => "waive",
        Action::Implement => "implement",
        Action::Build => "build",
        Action::Release => "release",
    };
    let effect = match r.effect.value {
        Effect::Permit => "permit",
        Effect::Require => "require",
        Effect::Forbid => "forbid",
    };
    put(&mut object, "action", Some(json!(action)));
    put(&mut object, "effect", Some(json!(effect)));
    put(&mut object, "when", Some(expr(&r.when)));
    put(
        &mut object,
        "reason",
        r.reason.as_ref().map(|t| json!(t.value)),
    );
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_sorted_tight_and_escaped_as_rfc_8785_says() {
        let value = json!({"b": [true, -1, null], "a": {"z": "é\u{7f}", "A": "\u{1}\u{8}\t\n\u{c}\r\"\\/\u{1f}"}});
        let expected = "{\"a\":{\"A\":\"\\u0001\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\",\"z\":\"é\u{7f}\"},\"b\":[true,-1,null]}";
        assert_eq!(to_text(&value), expected);
    }
}
