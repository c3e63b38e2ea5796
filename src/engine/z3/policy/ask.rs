//! One question about a policy at a time, each in a conversation that knows the inputs and nothing else.

use super::inputs::{Inputs, smallest};
use crate::engine::z3::session::{Gate, Said, Session, SessionError};
use crate::lower::smt::policy::inputs;
use crate::lower::smt::script::Script;
use crate::lower::smt::tree::Smt;

/// The most work one question may cost; questions about policies cost a few thousand.
const EFFORT: u32 = 2_000_000;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The conversation failed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Z3 does not know.
    #[error("Z3 does not know: {0}")]
    Unknown(String),
    /// Z3's inputs are no example when the policy is evaluated on them. A defect of ours.
    #[error("Z3's example does not hold when evaluated: {0}")]
    NoExample(String),
}

/// A conversation about policies.
pub struct Asker<'a> {
    session: Session<'a>,
}

impl<'a> Asker<'a> {
    /// A conversation that knows the inputs.
    ///
    /// # Errors
    /// If Z3 refuses the text.
    pub fn new(gate: &'a Gate) -> Result<Self, AskError> {
        let mut session = Session::new(gate, EFFORT);
        session.tell(inputs())?;
        Ok(Self { session })
    }

    /// Small inputs for which `fact` holds, confirmed by `check`; `None` where there are none.
    ///
    /// # Errors
    /// If Z3 does not know, or gives inputs that `check` does not confirm.
    pub fn example(
        &mut self,
        label: &str,
        fact: Smt,
        check: impl Fn(&Inputs) -> bool,
    ) -> Result<Option<Inputs>, AskError> {
        let name = self.session.fresh_name("ask");
        let mut script = Script::default();
        script.track(&name, fact);
        self.session.tell(script)?;
        let assuming = vec![name];
        match self.session.ask(label, &assuming) {
            Said::Unsat(_) => Ok(None),
            Said::Unknown(why) => Err(AskError::Unknown(why)),
            Said::Sat(found) => {
                let small = smallest(&mut self.session, assuming, &found)?;
                if check(&small) {
                    Ok(Some(small))
                } else {
                    Err(AskError::NoExample(label.to_owned()))
                }
            }
        }
    }

    /// Positions of a smallest part of `facts` that cannot hold together: leaving any one of it out makes it possible. `None`
    /// where they can hold together.
    ///
    /// # Errors
    /// If Z3 does not know.
    pub fn core(&mut self, facts: &[Smt]) -> Result<Option<Vec<usize>>, AskError> {
        let mut names = Vec::new();
        for fact in facts {
            let name = self.session.fresh_name("part");
            let mut script = Script::default();
            script.track(&name, fact.clone());
            self.session.tell(script)?;
            names.push(name);
        }
        let mut kept: Vec<usize> = (0..facts.len()).collect();
        if !self.clash(&names, &kept)? {
            return Ok(None);
        }
        // Z3's own core is only a hint, so each part is left out in turn and the rest is asked about again.
        for part in 0..facts.len() {
            let rest: Vec<usize> = kept.iter().copied().filter(|n| *n != part).collect();
            if rest.len() < kept.len() && self.clash(&names, &rest)? {
                kept = rest;
            }
        }
        Ok(Some(kept))
    }

    fn clash(&mut self, names: &[String], parts: &[usize]) -> Result<bool, AskError> {
        let assuming: Vec<String> = parts
            .iter()
            .filter_map(|n| names.get(*n).cloned())
            .collect();
        match self.session.ask("can these hold together?", &assuming) {
            Said::Unsat(_) => Ok(true),
            Said::Sat(_) => Ok(false),
            Said::Unknown(why) => Err(AskError::Unknown(why)),
        }
    }
}
