//! k-induction as a script: what is assumed of every frame but the last, and what is asked about the last, candidate by
//! candidate.

use super::frame::{FrameScope, in_range};
use super::frames;
use super::property::{Asked, asked, safe};
use super::script::Script;
use super::step::Ranges;
use super::tree::{Smt, and, not};
use super::value::truth;
use crate::finding::PropertyIx;
use crate::ir::Term;
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

    /// The constant that makes it be assumed.
    #[must_use]
    pub fn keep(&self) -> String {
        format!("keep.{}", self.name())
    }

    /// The constant that says that it fails.
    #[must_use]
    pub fn fail(&self) -> String {
        format!("fail.{}", self.name())
    }

    /// That it holds in a frame; `None` where that cannot be written out, so that it can be proved but not be assumed.
    #[must_use]
    pub fn holds(&self, system: &System, frame: u32) -> Option<Smt> {
        match self {
            Self::Property(p) => safe(system, &system.property(*p)?.kind, frame),
            Self::Range(s) => Some(in_range(system, system.cell(*s)?, frame)),
            Self::Guess(_, term) => Some(truth(term, &FrameScope::plain(system, frame))),
        }
    }

    /// That it fails in a frame, with some choices; `None` where it cannot be asked.
    #[must_use]
    pub fn fails(&self, system: &System, frame: u32) -> Option<Smt> {
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
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The system.
    pub system: &'a System,
    /// The commands that make steps.
    pub commands: &'a [CommandIx],
    /// Steps from assumption to question.
    pub k: u32,
    /// Whether integers keep their ranges.
    pub ranges: Ranges,
    /// What holds in every reachable state.
    pub proved: &'a [Candidate],
}

/// Frames 0 to k, the steps between them, and for each candidate `keep.…`, which assumes it in all frames but the last, and
/// `fail.…`, which says that it fails in the last; with those of the candidates that can be asked about.
#[must_use]
pub fn induction(setting: &Setting<'_>, candidates: Vec<Candidate>) -> (Script, Vec<Candidate>) {
    let (system, k) = (setting.system, setting.k);
    let mut script = frames::prelude(system, "what no step breaks, holds for ever");
    for n in 0..=k {
        script.append(frames::frame(system, n, setting.ranges));
    }
    for n in 0..k {
        script.append(frames::step(system, setting.commands, n, setting.ranges));
    }
    script.comment("proved before");
    for c in setting.proved {
        for n in 0..=k {
            if let Some(fact) = c.holds(system, n) {
                script.assert(fact);
            }
        }
    }
    script.comment("candidates: assumed in every frame but the last, asked about in the last");
    let asked = ask_about(&mut script, system, candidates, 0..k, k);
    (script, asked)
}

/// Whether candidates hold at the start: frame 0 as an initial state, and `fail.…` for each.
#[must_use]
pub fn start(system: &System, candidates: Vec<Candidate>) -> (Script, Vec<Candidate>) {
    let mut script = frames::prelude(system, "what holds at the start?");
    script.append(frames::frame(system, 0, Ranges::TakenAway));
    script.append(frames::start(system));
    let asked = ask_about(&mut script, system, candidates, 0..0, 0);
    (script, asked)
}

fn ask_about(
    script: &mut Script,
    system: &System,
    candidates: Vec<Candidate>,
    before: std::ops::Range<u32>,
    last: u32,
) -> Vec<Candidate> {
    let mut asked = Vec::new();
    for c in candidates {
        if let Some(fails) = c.fails(system, last) {
            let held: Option<Vec<Smt>> = before.clone().map(|n| c.holds(system, n)).collect();
            script.track(&c.keep(), held.map_or(Smt::Bool(true), and));
            script.name(&c.fail(), fails);
            asked.push(c);
        }
    }
    asked
}
