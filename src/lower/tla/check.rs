//! The module of checks: what TLC is pointed at. It extends the main module with operators that announce themselves when TLC
//! first evaluates them, so that a run shows which checks it made and what it reached.
//!
//! The announcements use TLC's registers, not variables, so the states stay those of the main module.

use super::action::stored;
use super::layout::{Item, Layout};
use super::module::behaviour;
use super::property::{Question, formula, question};
use super::syntax::{BinOp, Expr, Module, Quantifier, Unit};
use super::term::{Repr, Scope};
use crate::model::{Refinement, Slot};

/// The word before the name of a check that TLC has begun.
pub const CHECKING: &str = "checking";
/// The word before the name of a property whose formula was true somewhere.
pub const REACHED: &str = "reached";
/// The invariant that makes TLC look at what is reached.
pub const SEEN: &str = "Seen";
/// The invariant that holds unless the lowering is wrong.
pub const CHECK_TYPES: &str = "CheckTypes";

/// The refined workflow as seen from this one.
pub struct RefinedView<'a> {
    /// Its layout.
    pub layout: Layout<'a>,
    /// Its variables in terms of this workflow's.
    pub with: Vec<(String, Expr)>,
}

impl<'a> RefinedView<'a> {
    /// The view of `refinement` through its map.
    #[must_use]
    pub fn new(layout: &Layout<'_>, refinement: &'a Refinement) -> Self {
        let scope = Scope {
            layout,
            command: None,
            after: false,
        };
        let system = &refinement.abstract_system;
        // The words that the other's values have, by position.
        let plain = Layout::new(system, system.id.as_str(), &|_| false);
        let reprs: Vec<Repr> = refinement
            .map
            .iter()
            .zip(&system.cells)
            .map(|(term, decl)| scope.repr_for(term, &plain.words(decl.domain)))
            .collect();
        let may_be_absent = |slot: Slot| match reprs.get(slot.ix()) {
            Some(Repr::Int(s) | Repr::Bool(s)) => s.given.is_some(),
            Some(Repr::Nothing) => true,
            Some(Repr::Text(_)) | None => false,
        };
        let name = layout.names.of(&Item::RefinedModule);
        let theirs = Layout::new(system, name, &may_be_absent);
        let mut with = Vec::new();
        for (vars, repr) in theirs.cells.iter().zip(reprs) {
            let (value, given) = stored(repr);
            with.push((vars.value.clone(), constant_free(value)));
            if let Some(flag) = &vars.given {
                with.push((flag.clone(), constant_free(given)));
            }
        }
        Self {
            layout: theirs,
            with,
        }
    }
}

/// A value that TLC takes for one of the state even if it is constant: a variable is not to be replaced by a constant.
fn constant_free(e: Expr) -> Expr {
    if e.reads_variable() {
        return e;
    }
    let same = Expr::binary(BinOp::Eq, Layout::state(), Layout::state());
    Expr::either(same, e.clone(), e)
}

/// The module of checks of a system.
#[must_use]
pub fn module(layout: &Layout<'_>, refined: Option<&RefinedView<'_>>) -> Module {
    let system = layout.system;
    let mut keys = 0i64;
    let mut checks = Vec::new();
    let mut seen = Vec::new();
    let mut next_key = || {
        keys += 1;
        keys
    };

    checks.push(define(
        CHECK_TYPES,
        Expr::And(vec![
            once(next_key(), CHECKING, CHECK_TYPES),
            Expr::name("TypeOK"),
        ]),
    ));
    if let Some(view) = refined {
        checks.push(Unit::Instance(
            "Refined".to_owned(),
            view.layout.names.of(&Item::Module).to_owned(),
            view.with.clone(),
        ));
    }
    for (ix, property) in system.properties() {
        let name = layout.names.of(&Item::Property(ix));
        let check = layout.names.of(&Item::Check(ix));
        match question(property) {
            Question::Invariant | Question::Temporal => {
                let parts = vec![once(next_key(), CHECKING, check), Expr::name(name)];
                checks.push(define(check, Expr::And(parts)));
            }
            Question::Refinement => {
                let parts = vec![
                    once(next_key(), CHECKING, check),
                    Expr::name("Refined!Safety"),
                ];
                checks.push(define(check, Expr::And(parts)));
            }
            Question::Without(first) => {
                let without = layout.names.of(&Item::Without(ix));
                let rest = system
                    .commands()
                    .filter(|(t, _)| !first.contains(t))
                    .map(|(t, _)| Expr::name(layout.names.of(&Item::Transition(t))))
                    .collect();
                let next = layout.names.of(&Item::WithoutNext(ix));
                checks.push(define(next, Expr::Or(rest)));
                checks.push(define(without, behaviour(next)));
                let parts = vec![once(next_key(), CHECKING, check), Expr::name(name)];
                checks.push(define(check, Expr::And(parts)));
            }
            Question::Reached => {
                // What is defined in the main module is called by its name.
                let says = if property.automatic {
                    formula(layout, property)
                } else {
                    Some(Expr::name(name))
                };
                seen.extend(says.map(|says| {
                    Expr::binary(BinOp::Implies, says, once(next_key(), REACHED, name))
                }));
            }
            Question::None(_) => {}
        }
    }
    let announced = once(next_key(), CHECKING, SEEN);
    let mut all = vec![announced];
    all.extend(seen);
    let seen = define(SEEN, layout.of_the_state(Expr::And(all)));

    let mut units = vec![
        Unit::Comment(vec![
            "What TLC is run on: the properties, each announcing itself once, and what is reached."
                .to_owned(),
        ]),
        Unit::Assume(Expr::quantified(
            Quantifier::All,
            vec![(
                KEY.to_owned(),
                Expr::binary(BinOp::To, Expr::Int(1), Expr::Int(keys)),
            )],
            Expr::Call(
                "TLCSet".to_owned(),
                vec![Expr::name(KEY), Expr::Bool(false)],
            ),
        )),
        Unit::Define(
            ONCE.to_owned(),
            vec![KEY.to_owned(), WHAT.to_owned()],
            once_body(),
        ),
        Unit::Blank,
    ];
    units.extend(checks);
    units.push(Unit::Blank);
    units.push(seen);
    Module {
        name: layout.names.of(&Item::CheckModule).to_owned(),
        extends: vec![layout.names.of(&Item::Module).to_owned(), "TLC".to_owned()],
        units,
    }
}

const ONCE: &str = "Once";
const KEY: &str = "key";
const WHAT: &str = "what";

/// True, and on the first call with this key (in each of TLC's workers) prints what.
fn once_body() -> Expr {
    let call = |name: &str, args: Vec<Expr>| Expr::Call(name.to_owned(), args);
    Expr::either(
        call("TLCGet", vec![Expr::name(KEY)]),
        Expr::Bool(true),
        Expr::And(vec![
            call("TLCSet", vec![Expr::name(KEY), Expr::Bool(true)]),
            call("PrintT", vec![Expr::name(WHAT)]),
        ]),
    )
}

fn once(key: i64, word: &str, what: &str) -> Expr {
    let what = Expr::Tuple(vec![Expr::Str(word.to_owned()), Expr::Str(what.to_owned())]);
    Expr::Call(ONCE.to_owned(), vec![Expr::Int(key), what])
}

fn define(name: &str, body: Expr) -> Unit {
    Unit::Define(name.to_owned(), Vec::new(), body)
}
