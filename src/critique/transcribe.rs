//! A transition of a workflow as a critique writes it, so that it can be put in again with something changed.

use std::collections::BTreeMap;

use crate::finding::critique::{RecordSpec, TransitionSpec, TypeSpec};
use crate::ir::workflow::{Fairness, Transition, TypeDecl};
use crate::ir::{Name, Spanned};

/// A transition with this id, actor, start and end, and nothing else.
#[must_use]
pub fn plain(id: String, actor: String, from: &str, to: &str) -> TransitionSpec {
    TransitionSpec {
        id,
        actor,
        from: vec![from.to_owned()],
        to: Some(to.to_owned()),
        choose: BTreeMap::new(),
        when: None,
        set: BTreeMap::new(),
        bump: Vec::new(),
        drop: Vec::new(),
        record: BTreeMap::new(),
        fair: None,
    }
}

/// All of a transition, as it is.
#[must_use]
pub fn whole(t: &Transition) -> TransitionSpec {
    TransitionSpec {
        id: t.id.value.to_string(),
        actor: t.actor.value.to_string(),
        from: t.from.as_deref().map_or_else(Vec::new, names),
        to: t.to.as_ref().map(|n| n.value.to_string()),
        choose: t
            .choose
            .iter()
            .map(|(name, ty)| (name.value.to_string(), type_of(&ty.value)))
            .collect(),
        when: t.when.as_ref().map(ToString::to_string),
        set: t
            .set
            .iter()
            .map(|(name, e)| (name.value.to_string(), e.to_string()))
            .collect(),
        bump: names(&t.bump),
        drop: names(&t.drop),
        record: t
            .record
            .iter()
            .map(|r| {
                let fields = r.fields.iter();
                let spec = RecordSpec {
                    from: r.from.as_ref().map(|n| n.value.to_string()),
                    fields: fields
                        .map(|(name, e)| (name.value.to_string(), e.to_string()))
                        .collect(),
                };
                (r.evidence.value.to_string(), spec)
            })
            .collect(),
        fair: t.fair.as_ref().map(|f| {
            match f.value {
                Fairness::Weak => "weak",
                Fairness::Strong => "strong",
            }
            .to_owned()
        }),
    }
}

fn names(list: &[Spanned<Name>]) -> Vec<String> {
    list.iter().map(|n| n.value.to_string()).collect()
}

fn type_of(ty: &TypeDecl) -> TypeSpec {
    match ty {
        TypeDecl::Bool => TypeSpec::Bool {},
        TypeDecl::Int { lo, hi, .. } => TypeSpec::Int { range: [*lo, *hi] },
        TypeDecl::Enum { values } => TypeSpec::Enum {
            values: names(values),
        },
    }
}
