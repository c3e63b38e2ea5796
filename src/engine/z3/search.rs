//! Bounded search for violations and witnesses: one frame more at a time, so what is found first is shortest. Exact (S-3).

use super::ends::shown;
use super::read::ReadError;
use super::session::{Gate, Said, Session, SessionError};
use crate::finding::{PropertyIx, Trace};
use crate::lower::smt::script::Script;
use crate::lower::smt::search;
use crate::lower::smt::tree::{Smt, or};
use crate::model::{CommandIx, System};

/// What was found about a property.
pub type Hit = (PropertyIx, Result<Trace, ReadError>);

/// A search under way.
pub struct Search<'a> {
    session: Session<'a>,
    system: &'a System,
    commands: Vec<CommandIx>,
    /// The frame that can be asked about.
    frame: u32,
}

/// How a question about one frame ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everything that can be reached in this frame was found.
    Done,
    /// Z3 does not know: why.
    Unknown(String),
}

impl<'a> Search<'a> {
    /// At the initial states of the system with these commands alone.
    ///
    /// # Errors
    /// If Z3 refuses the text.
    pub fn new(
        gate: &'a Gate,
        effort: u32,
        system: &'a System,
        commands: Vec<CommandIx>,
    ) -> Result<Self, SessionError> {
        let mut session = Session::new(gate, effort);
        session.tell(search::start(system))?;
        Ok(Self {
            session,
            system,
            commands,
            frame: 0,
        })
    }

    /// Looks for all of `goals` in this frame.
    ///
    /// # Errors
    /// If Z3 refuses the text.
    pub fn look(
        &mut self,
        goals: &[PropertyIx],
        hits: &mut Vec<Hit>,
    ) -> Result<Depth, SessionError> {
        let (script, mut open) = search::goals(self.system, goals, self.frame);
        self.session.tell(script)?;
        while !open.is_empty() {
            let question = self.session.fresh_name("ask");
            let mut script = Script::default();
            script.track(
                &question,
                or(open.iter().map(|(_, n)| Smt::Name(n.clone()))),
            );
            self.session.tell(script)?;
            let label = format!(
                "is one of {} goals reached in frame {}?",
                open.len(),
                self.frame
            );
            match self.session.ask(&label, &[question]) {
                Said::Unsat(_) => break,
                Said::Unknown(why) => return Ok(Depth::Unknown(why)),
                Said::Sat(found) => {
                    let before = open.len();
                    let mut rest = Vec::new();
                    for (ix, name) in open {
                        if found.bool(&name)? {
                            let run = shown(&found, self.system, &self.commands, ix, self.frame);
                            hits.push((ix, run));
                        } else {
                            rest.push((ix, name));
                        }
                    }
                    if rest.len() == before {
                        return Ok(Depth::Unknown("a model that shows nothing".to_owned()));
                    }
                    open = rest;
                }
            }
        }
        Ok(Depth::Done)
    }

    /// Goes one step further.
    ///
    /// # Errors
    /// If Z3 refuses the text.
    pub fn advance(&mut self) -> Result<(), SessionError> {
        let script = search::advance(self.system, &self.commands, self.frame);
        self.session.tell(script)?;
        self.frame += 1;
        Ok(())
    }

    /// What was told and asked.
    #[must_use]
    pub fn into_record(self) -> Script {
        self.session.into_record()
    }
}
