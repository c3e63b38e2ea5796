//! The first thing in which a file differs from the version that was frozen: what it is, and its place in the file. For the
//! message only; that there is a difference is decided by the digests.

use serde_json::Value;

use crate::ir::workflow::{Form, Init, Transition, Workflow};
use crate::ir::{Expr, Span, canonical};

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Such as ``the `when` of transition `merge` ``.
    pub what: String,
    /// What it was, shortened; `None` where there was nothing.
    pub was: Option<String>,
    /// What it is, shortened; `None` where there is nothing now.
    pub is: Option<String>,
    /// Where it is; the workflow's id where something is gone.
    pub span: Span,
}

/// The first difference in the order of the file format; `None` where only the refined workflow differs, or nothing.
#[must_use]
pub fn first(was: &Workflow, is: &Workflow) -> Option<Difference> {
    let (old, new) = (canonical::to_full_json(was), canonical::to_full_json(is));
    let order = [
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
    let key = order.into_iter().find(|k| old.get(k) != new.get(k))?;
    Some(section(key, old.get(key), new.get(key), is))
}

fn section(key: &str, old: Option<&Value>, new: Option<&Value>, is: &Workflow) -> Difference {
    let old_rules = old.and_then(|p| p.get("rules"));
    let new_rules = new.and_then(|p| p.get("rules"));
    match (old, new) {
        (Some(Value::Array(a)), Some(Value::Array(b))) => listed(key, a, b, is),
        (Some(Value::Object(a)), Some(Value::Object(b))) if matches!(key, "evidence" | "vars") => {
            let gone = a.keys().find(|k| !b.contains_key(*k));
            let name = b.keys().find(|k| a.get(*k) != b.get(*k)).or(gone);
            let name = name.map_or("", String::as_str);
            let what = format!("{} `{name}`", if key == "vars" { "variable" } else { key });
            told(what, a.get(name), b.get(name), named(key, name, is))
        }
        _ => match (old_rules, new_rules) {
            (Some(Value::Array(a)), Some(Value::Array(b))) if key == "policy" => {
                listed("policy", a, b, is)
            }
            _ => told(format!("`{key}`"), old, new, whole(key, is)),
        },
    }
}

/// The first entry of a list that differs.
fn listed(key: &str, old: &[Value], new: &[Value], is: &Workflow) -> Difference {
    let longest = old.len().max(new.len());
    let at = (0..longest)
        .find(|i| old.get(*i) != new.get(*i))
        .unwrap_or(0);
    let (a, b) = (old.get(at), new.get(at));
    let name = b.or(a).map(id).unwrap_or_default();
    let noun = match key {
        "states" => "state",
        "actors" => "actor",
        "artifacts" => "artifact",
        "transitions" => "transition",
        "properties" => "property",
        "constraints" => "constraint",
        "policy" => "the policy's rule",
        other => other,
    };
    let span = entry(key, at, is);
    let what = format!("{noun} `{name}`");
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (a, b) else {
        return told(what, a, b, span);
    };
    let keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    let differing = keys.into_iter().find(|k| before.get(*k) != after.get(*k));
    match differing {
        // Another entry altogether: its id is the difference.
        Some(k) if id(&Value::Object(before.clone())) == name => {
            let inner = match key {
                "transitions" => is.transitions.get(at).and_then(|t| in_transition(t, k)),
                "properties" => is.properties.get(at).and_then(|p| in_property(&p.form, k)),
                "policy" => is
                    .policy
                    .as_ref()
                    .and_then(|p| p.rules.get(at).filter(|_| k == "when").map(|r| r.when.span)),
                _ => None,
            };
            let what = format!("the `{k}` of {what}");
            told(what, before.get(k), after.get(k), inner.unwrap_or(span))
        }
        _ => told(what, a, b, span),
    }
}

fn told(what: String, was: Option<&Value>, is: Option<&Value>, span: Span) -> Difference {
    Difference {
        what,
        was: was.map(short),
        is: is.map(short),
        span,
    }
}

/// A value on one line, shortened.
fn short(value: &Value) -> String {
    const MOST: usize = 80;
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= MOST {
        return text;
    }
    let cut: String = text.chars().take(MOST - 1).collect();
    cut + "…"
}

fn id(value: &Value) -> String {
    let name = value.get("id").unwrap_or(value);
    short(name)
}

fn whole(key: &str, is: &Workflow) -> Span {
    match key {
        "goal" => is.goal.span,
        "version" => is.version.span,
        "refines" => is.refines.as_ref().map_or(is.id.span, |r| r.span),
        "initial" => is.initial.as_ref().map_or(is.id.span, |i| i.span),
        "terminal" => is.terminal.as_ref().map_or(is.id.span, |t| t.span),
        "policy" => is.policy.as_ref().map_or(is.id.span, |p| p.span),
        _ => is.id.span,
    }
}

fn named(key: &str, name: &str, is: &Workflow) -> Span {
    let found = if key == "vars" {
        is.vars
            .iter()
            .find(|v| v.id.value.as_str() == name)
            .map(|v| match &v.init {
                Init::Any(span) => v.id.span.to(*span),
                Init::Value(e) => v.id.span.to(e.span),
            })
    } else {
        let mut evidence = is.evidence.iter();
        evidence
            .find(|e| e.id.value.as_str() == name)
            .map(|e| e.id.span)
    };
    found.unwrap_or(is.id.span)
}

fn entry(key: &str, at: usize, is: &Workflow) -> Span {
    let found = match key {
        "constraints" => is.constraints.get(at).map(|c| c.span),
        "actors" => is.actors.get(at).map(|a| a.id.span),
        "states" => is.states.get(at).map(|s| s.id.span),
        "artifacts" => is.artifacts.get(at).map(|a| a.span),
        "transitions" => is.transitions.get(at).map(|t| t.id.span),
        "properties" => is.properties.get(at).map(|p| p.id.span),
        "policy" => is
            .policy
            .as_ref()
            .and_then(|p| p.rules.get(at))
            .map(|r| r.span),
        _ => None,
    };
    found.unwrap_or(is.id.span)
}

fn in_transition(t: &Transition, key: &str) -> Option<Span> {
    match key {
        "actor" => Some(t.actor.span),
        "to" => t.to.as_ref().map(|n| n.span),
        "from" => t.from.as_ref()?.first().map(|n| n.span),
        "when" => t.when.as_ref().map(|e| e.span),
        "set" => t.set.first().map(|(_, e)| e.span),
        "bump" => t.bump.first().map(|n| n.span),
        "drop" => t.drop.first().map(|n| n.span),
        "record" => t.record.first().map(|r| r.evidence.span),
        "fair" => t.fair.as_ref().map(|f| f.span),
        "choose" => t.choose.first().map(|(n, _)| n.span),
        _ => None,
    }
}

fn in_property(form: &Form, key: &str) -> Option<Span> {
    let at = |e: &Expr| Some(e.span);
    match form {
        _ if matches!(key, "text" | "requirement" | "expect" | "lemma") => None,
        Form::Always(e)
        | Form::Never(e)
        | Form::Reachable(e)
        | Form::CanReach(e)
        | Form::Eventually(e)
        | Form::InfinitelyOften(e)
        | Form::LeadsTo(e, _) => at(e),
        Form::AtRequire(_, e) | Form::AtEnsure(_, e) if key != "at" => at(e),
        Form::AtRequire(n, _) | Form::AtEnsure(n, _) => Some(n.span),
        Form::Precedes(_, n) => Some(n.span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{SourceId, Sources};
    use crate::syntax::parse_workflow;

    const BASE: &str = "\
workflow_id: w
goal: Test
actors: [A, B]
states: [S, T]
terminal: {success: [T], failure: []}
vars:
  k: {type: int, range: [0, 3], init: 0}
transitions:
  - {id: t, from: S, to: T, actor: A, when: \"k < 2\"}
  - {id: u, from: S, actor: B, set: {k: \"k + 1\"}, when: \"k < 3\"}
properties:
  - {id: p, always: \"k <= 3\"}
policy:
  rules:
    - {id: r, action: approve, effect: forbid, when: \"warning > 0\"}
";

    fn differs(from: &str, to: &str) -> Option<(String, String, usize)> {
        let text = BASE.replacen(from, to, 1);
        assert!(from == to || text != BASE, "{from}");
        let parse = |text: &str| parse_workflow(SourceId(0), text).expect("a workflow").value;
        let found = first(&parse(BASE), &parse(&text))?;
        let mut sources = Sources::default();
        sources.add("f", text.as_str());
        let (line, _) = sources.line_column(found.span);
        let told = format!(
            "{} → {}",
            found.was.unwrap_or_else(|| "nothing".into()),
            found.is.unwrap_or_else(|| "nothing".into())
        );
        Some((found.what, told, line))
    }

    #[test]
    fn the_first_difference_is_named_with_its_line() {
        for (from, to, what, told, line) in [
            ("goal: Test", "goal: Other", "`goal`", "Test → Other", 2),
            ("[A, B]", "[A, C]", "actor `C`", "", 3),
            ("states: [S, T]", "states: [S, U, T]", "state `U`", "", 4),
            ("failure: []", "failure: [S]", "`terminal`", "", 5),
            ("init: 0", "init: 1", "variable `k`", "", 7),
            (
                "k < 2",
                "k < 3",
                "the `when` of transition `t`",
                "k < 2 → k < 3",
                9,
            ),
            ("k + 1", "k + 2", "the `set` of transition `u`", "", 10),
            (
                "k <= 3",
                "k <= 2",
                "the `always` of property `p`",
                "k <= 3 → k <= 2",
                12,
            ),
            (
                "warning > 0",
                "warning > 1",
                "the `when` of the policy's rule `r`",
                "warning > 0 → warning > 1",
                15,
            ),
        ] {
            let found = differs(from, to).unwrap_or_else(|| panic!("{from}: no difference"));
            assert_eq!(
                (found.0.as_str(), found.2),
                (what, line),
                "{from}: {found:?}"
            );
            assert!(told.is_empty() || found.1 == told, "{found:?}");
        }
        assert_eq!(differs("goal: Test", "goal: Test # really"), None);
    }

    #[test]
    fn what_is_gone_is_named_too() {
        let gone = differs("properties:\n  - {id: p, always: \"k <= 3\"}\n", "").expect("differs");
        assert_eq!((gone.0.as_str(), gone.2), ("property `p`", 1));
        assert!(gone.1.ends_with("→ nothing"), "{gone:?}");
    }
}
