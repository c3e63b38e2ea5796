//! k-induction over sets of candidates: those that some step breaks are left out until the rest hold each other up, and are
//! thereby proved. Integers have no ranges but those that are among the candidates themselves (S-17).
//!
//! The caller answers for the start: a property may be a candidate at k only if no run of fewer than k steps violates it.

use super::session::{Found, Gate, Said, Session, SessionError};
use crate::finding::PropertyIx;
use crate::ir::Term;
use crate::lower::smt::frame::{FrameScope, in_range};
use crate::lower::smt::frames;
use crate::lower::smt::property::{Asked, asked, safe};
use crate::lower::smt::script::Script;
use crate::lower::smt::step::Ranges;
use crate::lower::smt::tree::{Smt, and, not, or};
use crate::lower::smt::value::truth;
use crate::model::{CommandIx, Slot, System};

/// Something that may hold in every reachable state.
#[derive(Debug, Clone, PartialEq)]
pub enum Candidate {
    /// A property is not violated.
    Property(PropertyIx),
    /// An integer lies in its range.
    Range(Slot),
    /// A guess, by its number.
    Guess(u32, Term),
}

impl Candidate {
    fn name(&self) -> String {
        match self {
            Self::Property(p) => format!("property.{}", p.0),
            Self::Range(s) => format!("range.{}", s.0),
            Self::Guess(n, _) => format!("guess.{n}"),
        }
    }

    /// That it holds in a frame; `None` where that cannot be written out, so that it can be proved but not be assumed.
    fn holds(&self, system: &System, frame: u32) -> Option<Smt> {
        match self {
            Self::Property(p) => safe(system, &system.property(*p)?.kind, frame),
            Self::Range(s) => Some(in_range(system, system.cell(*s)?, frame)),
            Self::Guess(_, term) => Some(truth(term, &FrameScope::plain(system, frame))),
        }
    }

    /// That it fails in a frame, with some choices; `None` where it cannot be asked.
    fn fails(&self, system: &System, frame: u32) -> Option<Smt> {
        match self {
            Self::Property(p) => match asked(system, &system.property(*p)?.kind, frame) {
                Asked::Avoid(c) => Some(c),
                Asked::Reach(_) | Asked::Beyond(_) | Asked::TooLarge(_) => None,
            },
            Self::Range(_) | Self::Guess(..) => self.holds(system, frame).map(not),
        }
    }
}

/// What is assumed and asked.
pub struct Setting<'a> {
    /// The system.
    pub system: &'a System,
    /// The commands that make steps.
    pub commands: &'a [CommandIx],
    /// Steps from assumption to question.
    pub k: u32,
    /// Whether integers keep their ranges.
    pub ranges: Ranges,
    /// What is proved already.
    pub proved: &'a [Candidate],
    /// The most work a question may cost.
    pub effort: u32,
}

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
    /// Tells Z3 everything; candidates that cannot be asked about are left out.
    ///
    /// # Errors
    /// If Z3 refuses the text.
    pub fn new(
        gate: &'a Gate,
        setting: &Setting<'_>,
        candidates: Vec<Candidate>,
    ) -> Result<Self, SessionError> {
        let (system, k) = (setting.system, setting.k);
        let mut session = Session::new(gate, setting.effort);
        session.tell(frames::prelude(
            system,
            "what no step breaks, holds for ever",
        ))?;
        for n in 0..=k {
            session.tell(frames::frame(system, n, setting.ranges))?;
        }
        for n in 0..k {
            session.tell(frames::step(system, setting.commands, n, setting.ranges))?;
        }
        let mut script = Script::default();
        script.comment("proved before");
        for c in setting.proved {
            for n in 0..=k {
                if let Some(fact) = c.holds(system, n) {
                    script.assert(fact);
                }
            }
        }
        script.comment("candidates: assumed in every frame but the last, asked about in the last");
        let mut alive = Vec::new();
        for c in candidates {
            let Some(fails) = c.fails(system, k) else {
                continue;
            };
            let before: Option<Vec<Smt>> = (0..k).map(|n| c.holds(system, n)).collect();
            script.track(&keep(&c), before.map_or(Smt::Bool(true), and));
            script.name(&fail(&c), fails);
            alive.push(c);
        }
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
            script.track(&question, or(self.alive.iter().map(|c| Smt::Name(fail(c)))));
            self.session.tell(script)?;
            let mut assuming = vec![question];
            assuming.extend(self.alive.iter().map(keep));
            let label = format!("does a step break one of {} candidates?", self.alive.len());
            match self.session.ask(&label, &assuming) {
                Said::Unsat(_) => break,
                Said::Unknown(why) => return Ok(Ended::Unknown(why)),
                Said::Sat(found) => {
                    let before = self.alive.len();
                    let mut rest = Vec::new();
                    for c in self.alive.drain(..) {
                        if !found.bool(&fail(&c))? {
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
        let assuming = vec![fail(candidate), keep(candidate)];
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
    let mut session = Session::new(gate, effort);
    session.tell(frames::prelude(system, "what holds at the start?"))?;
    session.tell(frames::frame(system, 0, Ranges::TakenAway))?;
    session.tell(frames::start(system))?;
    let mut script = Script::default();
    let mut alive = Vec::new();
    for c in candidates {
        if let Some(fails) = c.fails(system, 0) {
            script.track(&keep(&c), Smt::Bool(true));
            script.name(&fail(&c), fails);
            alive.push(c);
        }
    }
    session.tell(script)?;
    let mut start = Induction { session, alive };
    Ok(match start.settle()? {
        Ended::Proved(alive) => alive,
        Ended::Unknown(_) => Vec::new(),
    })
}

fn keep(c: &Candidate) -> String {
    format!("keep.{}", c.name())
}

fn fail(c: &Candidate) -> String {
    format!("fail.{}", c.name())
}
