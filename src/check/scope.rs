//! Which name means what: the one namespace, that of transitions, and the values of enums.

use std::collections::HashMap;

use crate::ir::{
    ActorId, ArtId, EnumId, EvId, Name, PolicyInput, Span, StateId, TransitionId, VarId,
};

/// What a name of the one namespace stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entity {
    Var(VarId),
    Evidence(EvId),
    Artifact(ArtId),
    State(StateId),
    Actor(ActorId),
    /// An input of a policy, in a policy's scope only.
    Input(u16),
}

impl Entity {
    /// The sort.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Var(_) => "variable",
            Self::Evidence(_) => "evidence",
            Self::Artifact(_) => "artifact",
            Self::State(_) => "state",
            Self::Actor(_) => "actor",
            Self::Input(_) => "policy input",
        }
    }

    /// The sort with its article.
    pub(super) const fn a_what(self) -> &'static str {
        match self {
            Self::Var(_) => "a variable",
            Self::Evidence(_) => "evidence",
            Self::Artifact(_) => "an artifact",
            Self::State(_) => "a state",
            Self::Actor(_) => "an actor",
            Self::Input(_) => "a policy input",
        }
    }
}

/// All names of one file.
#[derive(Debug, Default)]
pub(super) struct Scope {
    names: HashMap<Name, (Entity, Span)>,
    transitions: HashMap<Name, TransitionId>,
    values: HashMap<Name, Vec<(EnumId, u16)>>,
    /// Whether this is the scope of a policy, in which there is no state.
    pub(super) policy: bool,
}

impl Scope {
    /// The scope of a policy: its inputs and nothing else.
    pub(super) fn of_policy(place: Span) -> Self {
        let mut scope = Self {
            policy: true,
            ..Self::default()
        };
        for input in PolicyInput::ALL {
            if let Some(name) = Name::new(input.word()) {
                scope.enter(&name, Entity::Input(input.index()), place);
            }
        }
        scope
    }

    /// Enters a name; the place of the first declaration when it is taken already.
    pub(super) fn enter(&mut self, name: &Name, entity: Entity, span: Span) -> Option<Span> {
        if let Some((_, first)) = self.names.get(name) {
            return Some(*first);
        }
        self.names.insert(name.clone(), (entity, span));
        None
    }

    /// Enters a transition; whether its id was free.
    pub(super) fn enter_transition(&mut self, name: &Name, id: TransitionId) -> bool {
        if self.transitions.contains_key(name) {
            return false;
        }
        self.transitions.insert(name.clone(), id);
        true
    }

    /// Enters a value of an enum type.
    pub(super) fn enter_value(&mut self, name: &Name, id: EnumId, position: u16) {
        self.values
            .entry(name.clone())
            .or_default()
            .push((id, position));
    }

    /// What a name of the one namespace stands for.
    pub(super) fn get(&self, name: &Name) -> Option<Entity> {
        self.names.get(name).map(|(e, _)| *e)
    }

    /// Where a name of the one namespace is declared.
    pub(super) fn place(&self, name: &Name) -> Option<Span> {
        self.names.get(name).map(|(_, s)| *s)
    }

    /// A transition.
    pub(super) fn transition(&self, name: &Name) -> Option<TransitionId> {
        self.transitions.get(name).copied()
    }

    /// The enum types that have this value, each with its position there.
    pub(super) fn value(&self, name: &Name) -> &[(EnumId, u16)] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// The position of a value in one enum type.
    pub(super) fn value_of(&self, name: &Name, id: EnumId) -> Option<u16> {
        self.value(name)
            .iter()
            .find(|(e, _)| *e == id)
            .map(|(_, position)| *position)
    }

    /// The name of this sort that is spelled most like `name`.
    pub(super) fn near(&self, name: &Name, sort: impl Fn(Entity) -> bool) -> Option<String> {
        let all = self.names.iter().filter(|(_, (e, _))| sort(*e));
        nearest(name, all.map(|(n, _)| n.as_str()))
    }

    /// The name or enum value that is spelled most like `name`.
    pub(super) fn near_any(&self, name: &Name) -> Option<String> {
        let names = self.names.keys().chain(self.values.keys());
        nearest(name, names.map(Name::as_str))
    }

    /// The transition that is spelled most like `name`.
    pub(super) fn near_transition(&self, name: &Name) -> Option<String> {
        nearest(name, self.transitions.keys().map(Name::as_str))
    }
}

/// The candidate spelled most like `name`, if any is near enough to be a slip; ties go to the first in alphabetical order.
pub(super) fn nearest<'a>(
    name: &Name,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let wanted = name.as_str().to_lowercase();
    let limit = (wanted.len() / 3).max(1);
    candidates
        .map(|c| (strsim::osa_distance(&wanted, &c.to_lowercase()), c))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, c)| c.to_owned())
}
