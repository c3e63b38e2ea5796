//! k-induction over sets of candidates: those that some step breaks are left out until the rest hold each other up, and are
//! thereby proved. Integers have no ranges but those that are among the candidates themselves (S-17).
//!
//! The caller answers for the start: a property may be a candidate at k only if no run of fewer than k steps violates it.

use super::session::{Found, Gate, Said, Session, SessionError};
use crate::lower::smt::induction::{Candidate, Setting, induction, start};
use crate::lower::smt::script::Script;
use crate::lower::smt::tree::{Smt, or};
use crate::model::System;

/// A solver that holds the frames, the steps and the candidates.
pub struct Induction<'a> {
    /// The conversation, for further questions.
    pub session: Session<'a>,
    alive: Vec<Candidate>,
}

/// How an induction ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// These are proved.
    Proved(Vec<Candidate>),
    /// Z3 does not know: why.
    Unknown(String),
}

impl<'a> Induction<'a> {
    /// Tells Z3 everything; candidates that cannot be asked about are left out. `effort` is the most work a question may cost.
    ///
    /// # Errors
    /// If Z3 refuses the text.
    pub fn new(
        gate: &'a Gate,
        effort: u32,
        setting: &Setting<'_>,
        candidates: Vec<Candidate>,
    ) -> Result<Self, SessionError> {
        let mut session = Session::telling(gate, effort);
        let (script, alive) = induction(setting, candidates);
        session.tell(script)?;
        Ok(Self { session, alive })
    }

    /// Leaves candidates out until the rest is inductive.
    ///
    /// # Errors
    /// If Z3 refuses the text.
    pub fn settle(&mut self) -> Result<Ended, SessionError> {
        while !self.alive.is_empty() {
            let question = self.session.fresh_name("ask");
            let mut script = Script::default();
            script.track(
                &question,
                or(self.alive.iter().map(|c| Smt::Name(c.fail()))),
            );
            self.session.tell(script)?;
            let mut assuming = vec![question];
            assuming.extend(self.alive.iter().map(Candidate::keep));
            let label = format!("does a step break one of {} candidates?", self.alive.len());
            match self.session.ask(&label, &assuming) {
                Said::Unsat(_) => break,
                Said::Unknown(why) => return Ok(Ended::Unknown(why)),
                Said::Sat(found) => {
                    let before = self.alive.len();
                    let mut rest = Vec::new();
                    for c in self.alive.drain(..) {
                        if !found.bool(&c.fail())? {
                            rest.push(c);
                        }
                    }
                    self.alive = rest;
                    if self.alive.len() == before {
                        return Ok(Ended::Unknown("a model that shows nothing".to_owned()));
                    }
                }
            }
        }
        Ok(Ended::Proved(self.alive.clone()))
    }

    /// A step that breaks `candidate` although it held before, whatever becomes of the other candidates; what was assumed.
    pub fn broken(&mut self, candidate: &Candidate) -> Option<(Found, Vec<String>)> {
        let assuming = vec![candidate.fail(), candidate.keep()];
        match self.session.ask("which step breaks it?", &assuming) {
            Said::Sat(found) => Some((found, assuming)),
            Said::Unsat(_) | Said::Unknown(_) => None,
        }
    }
}

/// Those of the candidates that hold in every initial state; none where Z3 does not know.
///
/// # Errors
/// If Z3 refuses the text.
pub fn at_start(
    gate: &Gate,
    effort: u32,
    system: &System,
    candidates: Vec<Candidate>,
) -> Result<Vec<Candidate>, SessionError> {
    let mut session = Session::telling(gate, effort);
    let (script, alive) = start(system, candidates);
    session.tell(script)?;
    let mut start = Induction { session, alive };
    Ok(match start.settle()? {
        Ended::Proved(alive) => alive,
        Ended::Unknown(_) => Vec::new(),
    })
}
