//! What a property says, in TLA+: invariants for what is judged in states or on steps, temporal formulas for liveness.

use super::action::Action;
use super::comment;
use super::layout::{Item, Layout};
use super::syntax::{BinOp, Expr, Quantifier, Unit};
use super::term::Scope;
use crate::finding::PropertyIx;
use crate::ir::Term;
use crate::model::{CommandIx, Property, PropertyKind};

/// How TLC is asked about a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Is this operator true in every reachable state?
    Invariant,
    /// Does every behaviour of `Spec` satisfy this operator?
    Temporal,
    /// Is this operator true in some reachable state? All such are asked in one run.
    Reached,
    /// Is the operator true in every reachable state of the workflow without these transitions?
    Without(Vec<CommandIx>),
    /// Does every step have a counterpart in the refined workflow?
    Refinement,
    /// TLA+ cannot say it; why.
    None(&'static str),
}

/// The question a property is to TLC.
#[must_use]
pub fn question(property: &Property) -> Question {
    match &property.kind {
        PropertyKind::Always(_)
        | PropertyKind::AtRequire(..)
        | PropertyKind::AtEnsure(..)
        | PropertyKind::InRange
        | PropertyKind::NoDeadlock => Question::Invariant,
        PropertyKind::Precedes(first, _) => Question::Without(first.clone()),
        PropertyKind::Reachable(_) | PropertyKind::Fires(_) => Question::Reached,
        PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_) => Question::Temporal,
        PropertyKind::Refines => Question::Refinement,
        PropertyKind::CanReach(_) => {
            Question::None("TLA+ cannot state that some run gets there from everywhere")
        }
    }
}

/// The formula of a property; `None` where TLA+ has none or it stands in the module of checks.
#[must_use]
pub fn formula(layout: &Layout<'_>, property: &Property) -> Option<Expr> {
    let scope = Scope {
        layout,
        command: None,
        after: false,
    };
    let state = |term: &Term| layout.of_the_state(scope.truth(term));
    let temporal = |sign: &'static str, e: Expr| Expr::Temporal(sign, Box::new(e));
    Some(match &property.kind {
        PropertyKind::Always(p) => layout.of_the_state(Expr::And(scope.conjuncts(p))),
        PropertyKind::AtRequire(t, p) => {
            let action = action(layout, *t)?;
            let says = Expr::binary(BinOp::Implies, action.can(), action.scope().truth(p));
            action.for_choices(Quantifier::All, says)
        }
        PropertyKind::AtEnsure(t, p) => {
            let action = action(layout, *t)?;
            let says = Expr::binary(
                BinOp::Implies,
                action.fires(),
                action.scope_after().truth(p),
            );
            action.for_choices(Quantifier::All, says)
        }
        PropertyKind::Precedes(_, t) => {
            let action = action(layout, *t)?;
            action.for_choices(Quantifier::Some, action.can()).negated()
        }
        PropertyKind::Reachable(p) => state(p),
        PropertyKind::Fires(t) => {
            let action = action(layout, *t)?;
            action.for_choices(Quantifier::Some, action.fires())
        }
        PropertyKind::Eventually(p) => temporal("<>", state(p)),
        PropertyKind::LeadsTo(p, q) => Expr::binary(BinOp::LeadsTo, state(p), state(q)),
        PropertyKind::InfinitelyOften(p) => temporal("[]<>", state(p)),
        PropertyKind::InRange => {
            let each = actions(layout).filter_map(|a| {
                let says = Expr::binary(BinOp::Implies, a.can(), a.fits()?);
                Some(a.for_choices(Quantifier::All, says))
            });
            layout.of_the_state(Expr::And(each.collect()))
        }
        PropertyKind::NoDeadlock => {
            let mut parts = vec![scope.terminal()];
            parts.extend(actions(layout).map(|a| a.for_choices(Quantifier::Some, a.can())));
            layout.of_the_state(Expr::Or(parts))
        }
        PropertyKind::Refines | PropertyKind::CanReach(_) => return None,
    })
}

fn action<'a>(layout: &'a Layout<'a>, ix: CommandIx) -> Option<Action<'a>> {
    Some(Action::new(layout, ix, layout.system.command(ix)?))
}

fn actions<'a>(layout: &'a Layout<'a>) -> impl Iterator<Item = Action<'a>> {
    layout
        .system
        .commands()
        .map(|(ix, command)| Action::new(layout, ix, command))
}

/// The definition of a property with the user's words before it. Nothing for what only the module of checks asks.
#[must_use]
pub fn units(layout: &Layout<'_>, ix: PropertyIx, property: &Property) -> Vec<Unit> {
    let question = question(property);
    // Whether states, phases and transitions are reached is asked in one place.
    if question == Question::Refinement || (question == Question::Reached && property.automatic) {
        return Vec::new();
    }
    let mut words = comment::lines("Property", &format!("{} ({}).", property.id, property.form));
    if let Some(text) = &property.text {
        words.extend(comment::lines("Text:", text));
    }
    if let Some(requirement) = &property.requirement {
        words.extend(comment::lines("Requirement:", requirement));
    }
    match &question {
        Question::None(why) => words.push(format!("Not asked: {why}.")),
        Question::Reached => words.push("Asked: is it true in some reachable state?".to_owned()),
        Question::Without(_) => words.push("Asked of the workflow without those first.".to_owned()),
        Question::Invariant | Question::Temporal | Question::Refinement => {}
    }
    let mut units = vec![Unit::Blank, Unit::Comment(words)];
    if let Some(e) = formula(layout, property) {
        let name = layout.names.of(&Item::Property(ix)).to_owned();
        units.push(Unit::Define(name, Vec::new(), e));
    }
    units
}
