//! A file as a list of entries with keys, each with its text and its place: what the structural comparison compares.

use crate::ir::symbols::ActorKind;
use crate::ir::workflow::{
    Effect, Evidence, Fairness, Form, Init, Policy, Property, Record, Rule, State, Terminal,
    TerminalKind, Transition, TypeDecl, Var, Workflow,
};
use crate::ir::{Name, Span, Spanned};
use crate::revise::diff::value::Part;

/// One entry of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Where it belongs.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub span: Span,
    /// Its keys; defaults are left out.
    pub fields: Vec<Field>,
}

/// One key of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As in the file.
    pub key: String,
    /// Its value in canonical spelling.
    pub text: String,
    /// Where the value is, else the entry.
    pub span: Span,
}

impl Element {
    fn new(part: Part, name: impl Into<String>, span: Span) -> Self {
        Self {
            part,
            name: name.into(),
            span,
            fields: Vec::new(),
        }
    }

    fn with(mut self, key: impl Into<String>, text: impl Into<String>, span: Span) -> Self {
        self.fields.push(Field {
            key: key.into(),
            text: text.into(),
            span,
        });
        self
    }

    fn with_names(self, key: &str, names: &[Spanned<Name>]) -> Self {
        match names.first() {
            Some(first) => self.with(key, listed(names), first.span),
            None => self,
        }
    }

    /// The text of a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|f| f.key == key)
            .map(|f| f.text.as_str())
    }
}

/// All entries of a workflow, part by part, in the order of the file.
#[must_use]
pub fn of_workflow(w: &Workflow) -> Vec<Element> {
    let mut all = vec![whole(w)];
    all.extend(
        w.constraints
            .iter()
            .map(|c| Element::new(Part::Constraint, c.value.clone(), c.span)),
    );
    all.extend(w.actors.iter().map(|a| {
        let kind = match a.kind {
            ActorKind::Human => "human",
            ActorKind::Agent => "agent",
            ActorKind::Service => "service",
        };
        named(Part::Actor, &a.id).with("kind", kind, a.id.span)
    }));
    all.extend(w.states.iter().map(|s| state(s, w.terminal.as_ref())));
    all.extend(w.artifacts.iter().map(|a| named(Part::Artifact, a)));
    all.extend(w.evidence.iter().map(evidence));
    all.extend(w.vars.iter().map(variable));
    all.extend(w.transitions.iter().map(|t| transition(t, w)));
    all.extend(w.properties.iter().map(property));
    all.extend(w.policy.iter().flat_map(of_policy));
    all
}

/// All rules of a policy.
#[must_use]
pub fn of_policy(policy: &Policy) -> Vec<Element> {
    policy.rules.iter().map(rule).collect()
}

fn named(part: Part, id: &Spanned<Name>) -> Element {
    Element::new(part, id.value.as_str(), id.span)
}

fn whole(w: &Workflow) -> Element {
    let mut e = Element::new(Part::Workflow, "workflow", w.id.span)
        .with("workflow_id", w.id.value.as_str(), w.id.span)
        .with("goal", w.goal.value.clone(), w.goal.span);
    if let Some(initial) = w
        .initial
        .as_ref()
        .or_else(|| w.states.first().map(|s| &s.id))
    {
        e = e.with("initial", initial.value.as_str(), initial.span);
    }
    if let Some(t) = &w.terminal {
        e = e.with("terminal", ends(t), t.span);
    }
    if let Some(r) = &w.refines {
        e = e.with("refines", r.workflow.value.clone(), r.workflow.span);
        if let Some(state) = &r.state {
            e = e.with("refines state", state.to_string(), state.span);
        }
        for (name, term) in &r.map {
            e = e.with(
                format!("refines {}", name.value),
                term.to_string(),
                term.span,
            );
        }
    }
    e
}

/// How ends are declared; which states they are stands with the states.
const fn ends(terminal: &Terminal) -> &'static str {
    match &terminal.kind {
        TerminalKind::Never => "none: runs for ever by design",
        TerminalKind::Declared {
            failure: Some(_), ..
        } => "success and failure",
        TerminalKind::Declared { failure: None, .. } => "success alone",
    }
}

fn state(s: &State, terminal: Option<&Terminal>) -> Element {
    let mut e = named(Part::State, &s.id);
    if let Some(TerminalKind::Declared { success, failure }) = terminal.map(|t| &t.kind) {
        let in_list = |list: &[Spanned<Name>]| list.iter().find(|n| n.value == s.id.value).cloned();
        if let Some(n) = in_list(success) {
            e = e.with("terminal", "success", n.span);
        }
        if let Some(n) = failure.as_deref().and_then(in_list) {
            e = e.with("terminal", "failure", n.span);
        }
    }
    e.with_names("needs", &s.needs)
}

fn evidence(e: &Evidence) -> Element {
    let mut element = named(Part::Evidence, &e.id).with_names("of", &e.of);
    for (name, ty) in &e.fields {
        element = element.with(
            format!("field {}", name.value),
            type_text(&ty.value),
            ty.span,
        );
    }
    element
}

fn variable(v: &Var) -> Element {
    let (init, at) = match &v.init {
        Init::Any(span) => ("any".to_owned(), *span),
        Init::Value(e) => (e.to_string(), e.span),
    };
    let e = named(Part::Variable, &v.id)
        .with("type", type_text(&v.ty.value), v.ty.span)
        .with("init", init, at);
    if v.phase {
        e.with("phase", "true", v.id.span)
    } else {
        e
    }
}

fn transition(t: &Transition, w: &Workflow) -> Element {
    let mut e = named(Part::Transition, &t.id).with("actor", t.actor.value.as_str(), t.actor.span);
    let (from, at) = leaves(t, w);
    e = e.with("from", from, at);
    if let Some(to) = &t.to {
        e = e.with("to", to.value.as_str(), to.span);
    }
    for (name, ty) in &t.choose {
        e = e.with(
            format!("choose {}", name.value),
            type_text(&ty.value),
            ty.span,
        );
    }
    if let Some(when) = &t.when {
        e = e.with("when", when.to_string(), when.span);
    }
    for (name, value) in &t.set {
        e = e.with(format!("set {}", name.value), value.to_string(), value.span);
    }
    e = e.with_names("bump", &t.bump).with_names("drop", &t.drop);
    for r in &t.record {
        e = e.with(
            format!("record {}", r.evidence.value),
            recorded(r),
            r.evidence.span,
        );
    }
    if let Some(fair) = &t.fair {
        let word = match fair.value {
            Fairness::Weak => "weak",
            Fairness::Strong => "strong",
        };
        e = e.with("fair", word, fair.span);
    }
    e
}

/// The states that a transition leaves, spelled out where the file leaves them out.
fn leaves(t: &Transition, w: &Workflow) -> (String, Span) {
    match &t.from {
        Some(from) => (
            listed(from),
            from.first().map_or(t.id.span, |first| first.span),
        ),
        None => {
            let ends: Vec<&Name> = match w.terminal.as_ref().map(|t| &t.kind) {
                None | Some(TerminalKind::Never) => Vec::new(),
                Some(TerminalKind::Declared { success, failure }) => success
                    .iter()
                    .chain(failure.iter().flatten())
                    .map(|n| &n.value)
                    .collect(),
            };
            let left: Vec<Spanned<Name>> = w
                .states
                .iter()
                .filter(|s| !ends.contains(&&s.id.value))
                .map(|s| s.id.clone())
                .collect();
            (listed(&left), t.id.span)
        }
    }
}

fn recorded(r: &Record) -> String {
    let from = r.from.iter().map(|n| format!("from: {}", n.value));
    let fields = r.fields.iter().map(|(n, e)| format!("{}: {e}", n.value));
    format!("{{{}}}", from.chain(fields).collect::<Vec<_>>().join(", "))
}

fn property(p: &Property) -> Element {
    let key = p.form.key();
    let e = named(Part::Property, &p.id);
    let mut e = match &p.form {
        Form::Always(x)
        | Form::Never(x)
        | Form::Reachable(x)
        | Form::CanReach(x)
        | Form::Eventually(x)
        | Form::InfinitelyOften(x) => e.with(key, x.to_string(), x.span),
        Form::AtRequire(t, x) => {
            e.with(key, t.value.as_str(), t.span)
                .with("require", x.to_string(), x.span)
        }
        Form::AtEnsure(t, x) => {
            e.with(key, t.value.as_str(), t.span)
                .with("ensure", x.to_string(), x.span)
        }
        Form::Precedes(first, then) => e.with(
            key,
            format!("[{}, {}]", listed(first), then.value),
            then.span,
        ),
        Form::LeadsTo(a, b) => e.with(key, format!("[{a}, {b}]"), a.span.to(b.span)),
    };
    if let Some(text) = &p.text {
        e = e.with("text", text.value.clone(), text.span);
    }
    if let Some(requirement) = &p.requirement {
        e = e.with("requirement", requirement.value.clone(), requirement.span);
    }
    if p.expect_violated {
        e = e.with("expect", "violated", p.id.span);
    }
    if p.lemma {
        e = e.with("lemma", "true", p.id.span);
    }
    e
}

fn rule(r: &Rule) -> Element {
    let effect = match r.effect.value {
        Effect::Permit => "permit",
        Effect::Require => "require",
        Effect::Forbid => "forbid",
    };
    let e = named(Part::Rule, &r.id)
        .with("action", r.action.value.word(), r.action.span)
        .with("effect", effect, r.effect.span)
        .with("when", r.when.to_string(), r.when.span);
    match &r.reason {
        Some(reason) => e.with("reason", reason.value.clone(), reason.span),
        None => e,
    }
}

fn listed(names: &[Spanned<Name>]) -> String {
    let names: Vec<&str> = names.iter().map(|n| n.value.as_str()).collect();
    format!("[{}]", names.join(", "))
}

fn type_text(ty: &TypeDecl) -> String {
    match ty {
        TypeDecl::Bool => "bool".to_owned(),
        TypeDecl::Int { lo, hi, .. } => format!("int [{lo}, {hi}]"),
        TypeDecl::Enum { values } => format!("enum {}", listed(values)),
    }
}
