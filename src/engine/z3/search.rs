//! Bounded search for violations and witnesses: one frame more at a time, so what is found first is shortest. Exact (S-3).

use super::ends::shown;
use super::read::ReadError;
use super::session::{Gate, Said, Session, SessionError};
use crate::finding::{PropertyIx, Trace};
use crate::lower::smt::frames;
use crate::lower::smt::names;
use crate::lower::smt::property::{Asked, asked};
use crate::lower::smt::refine::start_without_counterpart;
use crate::lower::smt::script::Script;
use crate::lower::smt::step::Ranges;
use crate::lower::smt::tree::{Smt, or};
use crate::model::{CommandIx, Property, PropertyKind, System};

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
        session.tell(frames::prelude(
            system,
            "is something reached in so many steps?",
        ))?;
        session.tell(frames::frame(system, 0, Ranges::Kept))?;
        session.tell(frames::start(system))?;
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
        goals: &[(PropertyIx, &Property)],
        hits: &mut Vec<Hit>,
    ) -> Result<Depth, SessionError> {
        let mut open = Vec::new();
        let mut script = Script::default();
        for (ix, p) in goals {
            if let Some(condition) = condition(self.system, &p.kind, self.frame) {
                let name = format!("goal.{}@{}", names::label(&p.id), self.frame);
                script.name(&name, condition);
                open.push((*ix, name));
            }
        }
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
        self.session
            .tell(frames::frame(self.system, self.frame + 1, Ranges::Kept))?;
        self.session.tell(frames::step(
            self.system,
            &self.commands,
            self.frame,
            Ranges::Kept,
        ))?;
        self.frame += 1;
        Ok(())
    }

    /// What was told and asked.
    #[must_use]
    pub fn into_record(self) -> Script {
        self.session.into_record()
    }
}

/// What to look for in a frame; `None` for what no single frame shows.
fn condition(system: &System, kind: &PropertyKind, frame: u32) -> Option<Smt> {
    let here = match asked(system, kind, frame) {
        Asked::Avoid(c) | Asked::Reach(c) => c,
        Asked::Beyond(_) | Asked::TooLarge(_) => return None,
    };
    Some(match (&system.refinement, kind, frame) {
        (Some(r), PropertyKind::Refines, 0) => or([start_without_counterpart(system, r, 0), here]),
        (
            Some(_) | None,
            PropertyKind::Always(_)
            | PropertyKind::AtRequire(..)
            | PropertyKind::AtEnsure(..)
            | PropertyKind::Precedes(..)
            | PropertyKind::Reachable(_)
            | PropertyKind::Fires(_)
            | PropertyKind::CanReach(_)
            | PropertyKind::Eventually(_)
            | PropertyKind::LeadsTo(..)
            | PropertyKind::InfinitelyOften(_)
            | PropertyKind::InRange
            | PropertyKind::NoDeadlock
            | PropertyKind::Refines,
            _,
        ) => here,
    })
}
