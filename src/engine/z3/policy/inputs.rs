//! Inputs of a policy as Z3 found them, and the decision on them made again by `eval`, in the plain words of S-11.

use crate::check::CheckedRule;
use crate::engine::z3::session::{Found, Said, Session, SessionError};
use crate::eval::{Env, truth};
use crate::ir::workflow::Effect;
use crate::ir::{ArtId, Cell, ChoiceIx, EvId, PolicyInput, Ty, Value};
use crate::lower::smt::names;
use crate::lower::smt::policy::Rules;
use crate::lower::smt::script::Script;
use crate::lower::smt::tree::{Smt, eq};

/// A value for every input, in the order of [`PolicyInput::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs(Vec<Value>);

impl Inputs {
    /// Inputs with these values; `None` unless there is one for each, of its type.
    #[must_use]
    pub fn new(values: Vec<Value>) -> Option<Self> {
        let fits = values.len() == PolicyInput::ALL.len()
            && PolicyInput::ALL.iter().zip(&values).all(|(i, v)| match v {
                Value::Bool(_) => i.ty() == Ty::Bool,
                Value::Int(n) => i.ty() == Ty::Int && *n >= 0,
                Value::None | Value::Enum(_) => false,
            });
        fits.then_some(Self(values))
    }

    /// The value of one.
    #[must_use]
    pub fn get(&self, input: PolicyInput) -> Value {
        self.0
            .get(usize::from(input.index()))
            .copied()
            .unwrap_or(Value::None)
    }

    /// Whether the action of these rules is allowed (S-11).
    #[must_use]
    pub fn allowed_by(&self, rules: &Rules<'_>) -> bool {
        let holds = |r: &CheckedRule| truth(&r.when, self);
        let some_permit =
            |rules: &[&CheckedRule]| rules.iter().any(|r| r.effect == Effect::Permit && holds(r));
        let own_permits = rules.own.iter().any(|r| r.effect == Effect::Permit);
        some_permit(&rules.project)
            && (!own_permits || some_permit(&rules.own))
            && rules.with(Effect::Require).all(holds)
            && !rules.with(Effect::Forbid).any(holds)
    }

    /// Those that are not zero or false, and those named in `also`: `blocking = 1, aligned, no human_approvals`.
    #[must_use]
    pub fn words(&self, also: &[PolicyInput]) -> String {
        let mut parts = Vec::new();
        for i in PolicyInput::ALL {
            match self.get(*i) {
                Value::Int(0) | Value::Bool(false) | Value::None | Value::Enum(_)
                    if !also.contains(i) => {}
                Value::Bool(true) => parts.push(i.word().to_owned()),
                Value::Bool(false) => parts.push(format!("not {}", i.word())),
                Value::Int(n) => parts.push(format!("{} = {n}", i.word())),
                Value::None | Value::Enum(_) => {}
            }
        }
        if parts.is_empty() {
            "everything zero or false".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

impl Env for Inputs {
    fn read(&self, _: Cell) -> Value {
        Value::None
    }

    fn choice(&self, _: ChoiceIx) -> Value {
        Value::None
    }

    fn input(&self, input: u16) -> Value {
        self.0
            .get(usize::from(input))
            .copied()
            .unwrap_or(Value::None)
    }

    fn artifacts(&self, _: EvId) -> &[ArtId] {
        &[]
    }

    fn at_terminal(&self) -> bool {
        false
    }
}

/// The inputs of a model.
///
/// # Errors
/// If the model lacks a value, or gives one that is none of the inputs'.
pub fn read(found: &Found) -> Result<Inputs, SessionError> {
    let mut values = Vec::new();
    for i in PolicyInput::ALL {
        let name = names::input(i.word());
        values.push(if i.ty() == Ty::Int {
            Value::Int(found.int(&name)?)
        } else {
            Value::Bool(found.bool(&name)?)
        });
    }
    Inputs::new(values).ok_or_else(|| SessionError::NoValue("an input".to_owned()))
}

/// A model of what `assuming` says with as many inputs as possible zero or false, and integers small.
///
/// # Errors
/// If Z3 refuses the text, or a model lacks a value.
pub fn smallest(
    session: &mut Session<'_>,
    mut assuming: Vec<String>,
    found: &Found,
) -> Result<Inputs, SessionError> {
    let mut best = read(found)?;
    for i in PolicyInput::ALL {
        let name = Smt::Name(names::input(i.word()));
        let candidates: Vec<(Value, Smt)> = if i.ty() == Ty::Int {
            (0..4).map(|n| (Value::Int(n), Smt::Int(n))).collect()
        } else {
            vec![(Value::Bool(false), Smt::Bool(false))]
        };
        for (value, term) in candidates {
            let prefer = session.fresh_name("prefer");
            let mut script = Script::default();
            script.track(&prefer, eq(name.clone(), term));
            session.tell(script)?;
            assuming.push(prefer);
            if best.get(*i) == value {
                break;
            }
            match session.ask("is there a smaller one?", &assuming) {
                Said::Sat(found) => {
                    best = read(&found)?;
                    break;
                }
                Said::Unsat(_) | Said::Unknown(_) => {
                    assuming.pop();
                }
            }
        }
    }
    Ok(best)
}
