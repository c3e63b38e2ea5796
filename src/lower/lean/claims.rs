//! What each property becomes in Lean: a condition on every reachable state, a state to be reached, or a way to a goal.

use super::ast::Lean;
use super::definitions::{GroundAction, in_range};
use super::names;
use super::term::Scope;
use crate::eval::truth;
use crate::ir::{Cell, StateId, Term, TermKind, Value};
use crate::model::{CommandIx, Outcome, Property, PropertyKind, StateEnv, System, enabled, step};

/// The form of a property in Lean. The body is a `Bool` over the state `s`.
#[derive(Debug, Clone)]
pub enum Claim {
    /// Holds in every reachable state.
    Every(Lean),
    /// Holds in some reachable state.
    Some(Lean),
    /// From every reachable state there is a run to it.
    Way(Lean),
    /// In no state reachable without the first commands the second is enabled; the body says "not enabled".
    Without(Vec<CommandIx>, CommandIx, Lean),
    /// Every step has a counterpart in the refined workflow (S-10); see `refine`.
    Refines,
    /// Cannot be stated here; why.
    NotAsked(&'static str),
}

/// The claim of a property.
#[must_use]
pub fn claim(system: &System, actions: &[GroundAction], property: &Property) -> Claim {
    let plain = Scope {
        system,
        choices: &[],
    };
    let of = |command: CommandIx| actions.iter().filter(move |a| a.command == command);
    match &property.kind {
        PropertyKind::Always(p) => Claim::Every(plain.condition(p)),
        PropertyKind::AtRequire(..) | PropertyKind::AtEnsure(..) | PropertyKind::InRange => {
            let each = pieces(system, actions, property);
            let bodies = each.into_iter().map(|p| p.body).collect();
            Claim::Every(Lean::join("&&", bodies, true))
        }
        PropertyKind::NoDeadlock => Claim::Every(some_action(system, actions)),
        PropertyKind::Reachable(p) => Claim::Some(plain.condition(p)),
        PropertyKind::Fires(c) => {
            let each = of(*c).map(|a| Lean::infix("&&", fires(a, "guard"), fires(a, "inRange")));
            Claim::Some(Lean::join("||", each.collect(), false))
        }
        PropertyKind::CanReach(p) => Claim::Way(plain.condition(p)),
        PropertyKind::Precedes(before, then) => {
            let each = of(*then).map(|a| Lean::negation(fires(a, "guard")));
            Claim::Without(
                before.clone(),
                *then,
                Lean::join("&&", each.collect(), true),
            )
        }
        PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_) => Claim::NotAsked("Lean is not asked about liveness"),
        PropertyKind::Refines => Claim::Refines,
    }
}

/// What a property of steps says of one action.
#[derive(Debug, Clone)]
pub struct Piece<'a> {
    /// The action.
    pub action: &'a GroundAction,
    /// The whole, a `Bool` over the state `s` before the step.
    pub body: Lean,
    /// For an `ensure`: what is to hold after the step, where it can be taken.
    pub after: Option<Lean>,
}

/// A property of steps action by action: the body of its claim is the conjunction of these, in order. Empty for other forms.
#[must_use]
pub fn pieces<'a>(
    system: &System,
    actions: &'a [GroundAction],
    property: &Property,
) -> Vec<Piece<'a>> {
    let of = |command: CommandIx| actions.iter().filter(move |a| a.command == command);
    let condition = |a: &GroundAction, p: &Term| {
        Scope {
            system,
            choices: &a.choices,
        }
        .condition(p)
    };
    let plain = |action, body| Piece {
        action,
        body,
        after: None,
    };
    match &property.kind {
        PropertyKind::AtRequire(c, p) => of(*c)
            .map(|a| {
                let otherwise = Lean::negation(fires(a, "guard"));
                plain(a, Lean::infix("||", otherwise, condition(a, p)))
            })
            .collect(),
        PropertyKind::AtEnsure(c, p) => of(*c)
            .map(|a| {
                let after = format!("(fun s => {})", condition(a, p));
                let after = Lean::Call(after, vec![fires(a, "effect")]);
                let steps = Lean::infix("&&", fires(a, "guard"), fires(a, "inRange"));
                Piece {
                    action: a,
                    body: Lean::infix("||", Lean::negation(steps), after.clone()),
                    after: Some(after),
                }
            })
            .collect(),
        PropertyKind::InRange => actions
            .iter()
            .filter(|a| ranges(system, a))
            .map(|a| {
                let otherwise = Lean::negation(fires(a, "guard"));
                plain(a, Lean::infix("||", otherwise, fires(a, "inRange")))
            })
            .collect(),
        PropertyKind::Always(_)
        | PropertyKind::Precedes(..)
        | PropertyKind::Reachable(_)
        | PropertyKind::Fires(_)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_)
        | PropertyKind::NoDeadlock
        | PropertyKind::Refines => Vec::new(),
    }
}

/// In every state a terminal one or some action enabled: for each control state, of the actions that leave it.
fn some_action(system: &System, actions: &[GroundAction]) -> Lean {
    let mut text = "(match s.phase with".to_owned();
    for n in 0..system.symbols.states.len() {
        let state = StateId(u16::try_from(n).unwrap_or(u16::MAX));
        let leaving = actions
            .iter()
            .filter(|a| {
                system
                    .command(a.command)
                    .is_some_and(|c| c.from.contains(&state))
            })
            .map(|a| fires(a, "guard"));
        let body = if system.is_terminal(state) {
            Lean::truth(true)
        } else {
            Lean::join("||", leaving.collect(), false)
        };
        text.push_str(&format!(
            " | .{} => {body}",
            names::phase_constructor(system, state)
        ));
    }
    text.push(')');
    Lean::name(text)
}

/// Whether the claim's body is true in a state; the same question as the Lean body, answered by the reference semantics.
#[must_use]
pub fn body_holds(
    system: &System,
    actions: &[GroundAction],
    property: &Property,
    state: &[Value],
) -> bool {
    let here = |p: &Term, choices: &[Value]| {
        truth(
            p,
            &StateEnv {
                system,
                state,
                choices,
            },
        )
    };
    let steps = |command: CommandIx| {
        actions
            .iter()
            .filter(move |a| a.command == command)
            .filter_map(|a| Some((a, system.command(a.command)?)))
    };
    match &property.kind {
        PropertyKind::Always(p) | PropertyKind::Reachable(p) | PropertyKind::CanReach(p) => {
            here(p, &[])
        }
        PropertyKind::AtRequire(c, p) => steps(*c).all(|(a, command)| {
            !enabled(system, command, state, &a.choices) || here(p, &a.choices)
        }),
        PropertyKind::AtEnsure(c, p) => {
            steps(*c).all(
                |(a, command)| match step(system, command, state, &a.choices) {
                    Outcome::Disabled | Outcome::LeavesRange { .. } => true,
                    Outcome::Next(next) => truth(
                        p,
                        &StateEnv {
                            system,
                            state: &next,
                            choices: &a.choices,
                        },
                    ),
                },
            )
        }
        PropertyKind::InRange => actions.iter().all(|a| {
            system.command(a.command).is_none_or(|c| {
                !matches!(
                    step(system, c, state, &a.choices),
                    Outcome::LeavesRange { .. }
                )
            })
        }),
        PropertyKind::NoDeadlock => {
            let terminal =
                matches!(state.first(), Some(Value::Enum(s)) if system.is_terminal(StateId(*s)));
            terminal
                || actions.iter().any(|a| {
                    system
                        .command(a.command)
                        .is_some_and(|c| enabled(system, c, state, &a.choices))
                })
        }
        PropertyKind::Fires(c) => steps(*c).any(|(a, command)| {
            matches!(step(system, command, state, &a.choices), Outcome::Next(_))
        }),
        PropertyKind::Precedes(_, then) => {
            steps(*then).all(|(a, command)| !enabled(system, command, state, &a.choices))
        }
        PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_)
        | PropertyKind::Refines => false,
    }
}

/// Whether an action assigns a cell that an `always` property reads; true of every other form.
#[must_use]
pub fn touches(system: &System, action: &GroundAction, property: &Property) -> bool {
    let PropertyKind::Always(p) = &property.kind else {
        return true;
    };
    system.command(action.command).is_none_or(|c| {
        c.updates.iter().any(|u| {
            system
                .cell(u.slot)
                .is_none_or(|cell| may_read(p, cell.cell))
        })
    })
}

/// Whether a term reads a cell.
fn may_read(term: &Term, cell: Cell) -> bool {
    let here = match &term.kind {
        TermKind::Read(c) => *c == cell,
        TermKind::Fresh(e, _) | TermKind::Stale(e, _) => match cell {
            Cell::Has(of) | Cell::Bit(of, _) => of == *e,
            Cell::State | Cell::Var(_) | Cell::Field(..) => false,
        },
        TermKind::Terminal => cell == Cell::State,
        TermKind::Lit(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => false,
    };
    here || term.parts().into_iter().any(|p| may_read(p, cell))
}

/// Whether an action assigns anything that could leave a range.
fn ranges(system: &System, action: &GroundAction) -> bool {
    system
        .command(action.command)
        .is_some_and(|c| in_range(system, action, c) != Lean::truth(true))
}

fn fires(action: &GroundAction, what: &'static str) -> Lean {
    Lean::Call(format!("{what}'{}", action.name), vec![Lean::name("s")])
}

/// The names of theorems about a property.
#[must_use]
pub fn theorem_name(role: &str, property: &Property) -> String {
    format!(
        "{role}'{}",
        names::property(&property.id, property.automatic)
    )
}
