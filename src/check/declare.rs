//! Reads the declarations: names into the scope, types into the tables.

use std::collections::HashMap;

use super::error::CheckError;
use super::scope::{Entity, Scope};
use crate::ir::expr::ExprKind;
use crate::ir::symbols::{
    ActorSym, ArtSym, EnumSym, EvSym, FieldSym, StateRole, StateSym, Symbols, TransitionSym, VarSym,
};
use crate::ir::workflow::{Init, TerminalKind, TypeDecl};
use crate::ir::{
    ActorId, ArtId, Domain, EnumId, EvId, Name, Span, Spanned, StateId, TransitionId, Value, VarId,
    Workflow,
};

/// The largest magnitude of a range's ends (S-3).
const RANGE_LIMIT: i64 = 1_000_000;

/// The most values of a phase variable, each of which is a property.
const PHASE_LIMIT: u64 = 256;

/// The position in a table as an index; the parser's limits keep tables far smaller.
fn index(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// The tables while they are being filled.
pub(super) struct Declarer<'e> {
    pub(super) scope: Scope,
    pub(super) symbols: Symbols,
    enums: HashMap<Vec<Name>, EnumId>,
    errors: &'e mut Vec<CheckError>,
}

impl<'e> Declarer<'e> {
    pub(super) fn new(errors: &'e mut Vec<CheckError>) -> Self {
        Self {
            scope: Scope::default(),
            symbols: Symbols {
                states: Vec::new(),
                actors: Vec::new(),
                artifacts: Vec::new(),
                evidence: Vec::new(),
                vars: Vec::new(),
                enums: Vec::new(),
                transitions: Vec::new(),
            },
            enums: HashMap::new(),
            errors,
        }
    }

    /// Declares everything of a workflow but its properties. Choices' domains by transition.
    pub(super) fn workflow(&mut self, w: &Workflow) -> Vec<Vec<(Name, Domain)>> {
        self.actors(w);
        self.states(w);
        self.terminals(w);
        self.artifacts(w);
        self.evidence(w);
        self.vars(w);
        let choices = self.transitions(w);
        self.value_clashes(w);
        choices
    }

    fn enter(&mut self, name: &Spanned<Name>, entity: Entity) {
        if let Some(first) = self.scope.enter(&name.value, entity, name.span) {
            self.errors.push(CheckError::DuplicateName {
                what: entity.what(),
                name: name.value.clone(),
                first,
                span: name.span,
            });
        }
    }

    fn actors(&mut self, w: &Workflow) {
        for (n, actor) in w.actors.iter().enumerate() {
            self.enter(&actor.id, Entity::Actor(ActorId(index(n))));
            self.symbols.actors.push(ActorSym {
                name: actor.id.value.clone(),
                kind: actor.kind,
                span: actor.id.span,
            });
        }
    }

    fn states(&mut self, w: &Workflow) {
        for (n, state) in w.states.iter().enumerate() {
            self.enter(&state.id, Entity::State(StateId(index(n))));
            self.symbols.states.push(StateSym {
                name: state.id.value.clone(),
                role: StateRole::Ordinary,
                span: state.id.span,
            });
        }
    }

    fn terminals(&mut self, w: &Workflow) {
        let Some(terminal) = &w.terminal else { return };
        let (success, failure) = match &terminal.kind {
            TerminalKind::Never => return,
            TerminalKind::Declared { success, failure } => (success, failure),
        };
        let failure = failure.as_deref().unwrap_or(&[]);
        twice(success, self.errors);
        twice(failure, self.errors);
        for state in failure {
            if let Some(first) = success.iter().find(|s| s.value == state.value) {
                self.errors.push(CheckError::TerminalTwice {
                    state: state.value.clone(),
                    first: first.span,
                    span: state.span,
                });
            }
        }
        for (list, role) in [
            (&success[..], StateRole::Success),
            (failure, StateRole::Failure),
        ] {
            for name in list {
                let Some(id) = state(&self.scope, name, self.errors) else {
                    continue;
                };
                if let Some(sym) = self.symbols.states.get_mut(id.ix()) {
                    sym.role = role;
                }
            }
        }
    }

    fn artifacts(&mut self, w: &Workflow) {
        for (n, artifact) in w.artifacts.iter().enumerate() {
            self.enter(artifact, Entity::Artifact(ArtId(index(n))));
            self.symbols.artifacts.push(ArtSym {
                name: artifact.value.clone(),
                span: artifact.span,
            });
        }
    }

    fn evidence(&mut self, w: &Workflow) {
        for (n, evidence) in w.evidence.iter().enumerate() {
            self.enter(&evidence.id, Entity::Evidence(EvId(index(n))));
            twice(&evidence.of, self.errors);
            let mut of = Vec::new();
            for name in &evidence.of {
                of.extend(artifact(&self.scope, name, self.errors).filter(|a| !of.contains(a)));
            }
            distinct("field", evidence.fields.iter().map(|(n, _)| n), self.errors);
            let mut fields = Vec::new();
            for (name, ty) in &evidence.fields {
                fields.push(FieldSym {
                    name: name.value.clone(),
                    domain: self.domain(&ty.value),
                    span: name.span,
                });
            }
            self.symbols.evidence.push(EvSym {
                name: evidence.id.value.clone(),
                of,
                fields,
                span: evidence.id.span,
            });
        }
    }

    fn vars(&mut self, w: &Workflow) {
        for (n, var) in w.vars.iter().enumerate() {
            self.enter(&var.id, Entity::Var(VarId(index(n))));
            let domain = self.domain(&var.ty.value);
            if var.phase && domain.size() > PHASE_LIMIT {
                self.errors.push(CheckError::PhaseSize {
                    name: var.id.value.clone(),
                    values: domain.size(),
                    limit: PHASE_LIMIT,
                    span: var.ty.span,
                });
            }
            let init = match &var.init {
                Init::Any(_) => domain.values().collect(),
                Init::Value(expr) => {
                    let found = match &expr.kind {
                        ExprKind::Int(n) => Ok(Some(Value::Int(*n))),
                        ExprKind::Bool(b) => Ok(Some(Value::Bool(*b))),
                        ExprKind::None => Ok(None),
                        ExprKind::Name(name) => Ok(match domain {
                            Domain::Enum { id, .. } => {
                                self.scope.value_of(name, id).map(Value::Enum)
                            }
                            Domain::Bool | Domain::Int { .. } | Domain::State { .. } => None,
                        }),
                        ExprKind::Terminal
                        | ExprKind::State
                        | ExprKind::Me
                        | ExprKind::Field(..)
                        | ExprKind::Index(..)
                        | ExprKind::Fresh(..)
                        | ExprKind::Stale(..)
                        | ExprKind::Has(_)
                        | ExprKind::Len(_)
                        | ExprKind::Not(_)
                        | ExprKind::Binary(..)
                        | ExprKind::In { .. }
                        | ExprKind::Quantified { .. }
                        | ExprKind::If(..) => Err(CheckError::InitNotLiteral {
                            name: var.id.value.clone(),
                            span: expr.span,
                        }),
                    };
                    match found {
                        Ok(Some(value)) if domain.position(value).is_some() => vec![value],
                        Ok(_) => {
                            self.errors.push(CheckError::InitOutside {
                                name: var.id.value.clone(),
                                values: self.values_in_words(domain),
                                span: expr.span,
                            });
                            Vec::new()
                        }
                        Err(error) => {
                            self.errors.push(error);
                            Vec::new()
                        }
                    }
                }
            };
            self.symbols.vars.push(VarSym {
                name: var.id.value.clone(),
                domain,
                init,
                phase: var.phase,
                span: var.id.span,
            });
        }
    }

    fn values_in_words(&self, domain: Domain) -> String {
        match domain {
            Domain::Bool => "false and true".to_owned(),
            Domain::Int { lo, hi } => format!("{lo} to {hi}"),
            Domain::Enum { .. } | Domain::State { .. } => {
                let all = domain.values().map(|v| self.symbols.show(domain.ty(), v));
                all.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn transitions(&mut self, w: &Workflow) -> Vec<Vec<(Name, Domain)>> {
        let mut all = Vec::new();
        for (n, t) in w.transitions.iter().enumerate() {
            let free = self
                .scope
                .enter_transition(&t.id.value, TransitionId(index(n)));
            if !free {
                let first = w.transitions.iter().find(|o| o.id.value == t.id.value);
                self.errors.push(CheckError::DuplicateName {
                    what: "transition",
                    name: t.id.value.clone(),
                    first: first.map_or(t.id.span, |o| o.id.span),
                    span: t.id.span,
                });
            }
            self.symbols.transitions.push(TransitionSym {
                name: t.id.value.clone(),
                actor: actor(&self.scope, &t.actor, self.errors).unwrap_or(ActorId(0)),
                span: t.id.span,
            });
            distinct("choice", t.choose.iter().map(|(n, _)| n), self.errors);
            let mut choices = Vec::new();
            for (name, ty) in &t.choose {
                choices.push((name.value.clone(), self.domain(&ty.value)));
            }
            all.push(choices);
        }
        all
    }

    /// Enum values may recur in enums and as states, and as nothing else.
    fn value_clashes(&mut self, w: &Workflow) {
        let vars = w.vars.iter().map(|v| &v.ty);
        let fields = w
            .evidence
            .iter()
            .flat_map(|e| e.fields.iter().map(|(_, t)| t));
        let choices = w
            .transitions
            .iter()
            .flat_map(|t| t.choose.iter().map(|(_, t)| t));
        for ty in vars.chain(fields).chain(choices) {
            let values = match &ty.value {
                TypeDecl::Enum { values } => values,
                TypeDecl::Bool | TypeDecl::Int { .. } => continue,
            };
            for value in values {
                let (Some(entity), Some(declared)) =
                    (self.scope.get(&value.value), self.scope.place(&value.value))
                else {
                    continue;
                };
                if matches!(entity, Entity::State(_)) {
                    continue;
                }
                self.errors.push(CheckError::ValueClash {
                    value: value.value.clone(),
                    what: entity.what(),
                    declared,
                    span: value.span,
                });
            }
        }
    }

    /// The domain of a type as written; one that is wrong is reported and replaced by a harmless one.
    fn domain(&mut self, ty: &TypeDecl) -> Domain {
        match ty {
            TypeDecl::Bool => Domain::Bool,
            TypeDecl::Int { lo, hi, span } => {
                let (lo, hi, span) = (*lo, *hi, *span);
                if -RANGE_LIMIT <= lo && lo <= hi && hi <= RANGE_LIMIT {
                    return Domain::Int { lo, hi };
                }
                self.errors.push(CheckError::Range { lo, hi, span });
                Domain::Int {
                    lo: -RANGE_LIMIT,
                    hi: RANGE_LIMIT,
                }
            }
            TypeDecl::Enum { values } => {
                distinct("enum value", values.iter(), self.errors);
                self.enum_domain(values.iter().map(|v| v.value.clone()).collect())
            }
        }
    }

    /// The domain of an enum with these values.
    fn enum_domain(&mut self, values: Vec<Name>) -> Domain {
        let len = index(values.len());
        let id = self.enum_type(values);
        Domain::Enum { id, len }
    }

    /// The enum type with these values: equal lists are one type.
    pub(super) fn enum_type(&mut self, values: Vec<Name>) -> EnumId {
        if let Some(id) = self.enums.get(&values) {
            return *id;
        }
        let id = EnumId(index(self.symbols.enums.len()));
        for (position, value) in values.iter().enumerate() {
            self.scope.enter_value(value, id, index(position));
        }
        self.enums.insert(values.clone(), id);
        self.symbols.enums.push(EnumSym { values });
        id
    }
}

/// Reports names of one list that are listed twice.
pub(super) fn twice(names: &[Spanned<Name>], errors: &mut Vec<CheckError>) {
    let mut seen: HashMap<&Name, Span> = HashMap::new();
    for name in names {
        if let Some(first) = seen.get(&name.value) {
            errors.push(CheckError::ListedTwice {
                name: name.value.clone(),
                first: *first,
                span: name.span,
            });
        } else {
            seen.insert(&name.value, name.span);
        }
    }
}

/// Reports names of one small namespace that are declared twice.
pub(super) fn distinct<'a>(
    what: &'static str,
    names: impl Iterator<Item = &'a Spanned<Name>>,
    errors: &mut Vec<CheckError>,
) {
    let mut seen: HashMap<&Name, Span> = HashMap::new();
    for name in names {
        if let Some(first) = seen.get(&name.value) {
            errors.push(CheckError::DuplicateName {
                what,
                name: name.value.clone(),
                first: *first,
                span: name.span,
            });
        } else {
            seen.insert(&name.value, name.span);
        }
    }
}

macro_rules! lookup {
    ($(#[$doc:meta])* $function:ident, $variant:ident, $id:ty, $what:literal, $a_what:literal) => {
        $(#[$doc])*
        pub(super) fn $function(scope: &Scope, name: &Spanned<Name>, errors: &mut Vec<CheckError>) -> Option<$id> {
            match scope.get(&name.value) {
                Some(Entity::$variant(id)) => return Some(id),
                Some(other) => errors.push(CheckError::WrongKind {
                    name: name.value.to_string(),
                    wanted: $a_what,
                    found: other.a_what(),
                    span: name.span,
                }),
                None => errors.push(CheckError::UnknownName {
                    what: $what,
                    name: name.value.clone(),
                    near: scope.near(&name.value, |e| matches!(e, Entity::$variant(_))),
                    span: name.span,
                }),
            }
            None
        }
    };
}

lookup!(
    /// The state of this name; reports when there is none.
    state, State, StateId, "state", "a state"
);
lookup!(
    /// The artifact of this name; reports when there is none.
    artifact, Artifact, ArtId, "artifact", "an artifact"
);
lookup!(
    /// The evidence of this name; reports when there is none.
    evidence, Evidence, EvId, "evidence", "evidence"
);
lookup!(
    /// The actor of this name; reports when there is none.
    actor, Actor, ActorId, "actor", "an actor"
);
lookup!(
    /// The variable of this name; reports when there is none.
    variable, Var, VarId, "variable", "a variable"
);

/// The transition of this id; reports when there is none.
pub(super) fn transition(
    scope: &Scope,
    name: &Spanned<Name>,
    errors: &mut Vec<CheckError>,
) -> Option<TransitionId> {
    let found = scope.transition(&name.value);
    if found.is_none() {
        errors.push(CheckError::UnknownName {
            what: "transition",
            name: name.value.clone(),
            near: scope.near_transition(&name.value),
            span: name.span,
        });
    }
    found
}
