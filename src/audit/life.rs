//! The life of one workflow: its events folded over the model. Pure; ask it before an event is appended.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cycle::{LifeCycle, Stage, Stuck};
use super::facts::{Bearing, Facts};
use super::path::{Path, Place, own, readings};
use super::refusal::{Refusal, Why};
use crate::finding::State;
use crate::gate::event::Event;
use crate::ir::Digest;

/// Where a workflow is after some events.
#[derive(Debug, Clone)]
pub struct Life {
    cycle: Arc<LifeCycle>,
    /// Every state of the model that fits the events; never empty.
    points: BTreeSet<State>,
    facts: Facts,
}

impl Life {
    /// Before the first event.
    #[must_use]
    pub fn new(cycle: Arc<LifeCycle>) -> Self {
        Self {
            points: BTreeSet::from([cycle.start()]),
            facts: Facts::default(),
            cycle,
        }
    }

    /// Before the first event of this workflow; events about another one are refused.
    #[must_use]
    pub fn of(cycle: Arc<LifeCycle>, workflow: &str) -> Self {
        let mut life = Self::new(cycle);
        life.facts.workflow = Some(workflow.to_owned());
        life
    }

    /// Whether this event may come next.
    ///
    /// # Errors
    /// Why not.
    pub fn allows(&self, event: &Event) -> Result<(), Refusal> {
        self.after(event).map(|_| ())
    }

    /// The life with this event.
    ///
    /// # Errors
    /// Why it may not come next.
    pub fn after(&self, event: &Event) -> Result<Self, Refusal> {
        self.traced(event, &mut |_| {})
    }

    /// As `after`; tells `seen` every transition that was taken on the way, those of readings that lead nowhere included.
    pub(super) fn traced(
        &self,
        event: &Event,
        seen: &mut dyn FnMut(&'static str),
    ) -> Result<Self, Refusal> {
        let refusal = |why| Refusal {
            event: event.what.word(),
            version: event.version,
            transition: own(&event.what),
            why,
        };
        let mut next = self.clone();
        match self.facts.bearing(event) {
            Bearing::Refused(why) => return Err(refusal(why)),
            Bearing::None => {
                next.facts.note(event);
                return Ok(next);
            }
            Bearing::Step => {}
        }
        next.points = self.moved(event, seen).map_err(refusal)?;
        next.facts.remember(event);
        Ok(next)
    }

    fn moved(
        &self,
        event: &Event,
        seen: &mut dyn FnMut(&'static str),
    ) -> Result<BTreeSet<State>, Why> {
        let mut reached = BTreeSet::new();
        // Of all ways that fail, the one that went farthest says why.
        let mut failed: Option<(usize, Why)> = None;
        for point in &self.points {
            let place = Place {
                stage: self.cycle.stage(point),
                rounds: self.cycle.rounds(point),
                ended: self.cycle.ended(point),
            };
            for path in readings(event, place, &self.facts) {
                match self.play(point, &path, seen) {
                    Ok(state) => {
                        reached.insert(state);
                    }
                    Err((steps, why)) => {
                        if failed.as_ref().is_none_or(|(most, _)| steps > *most) {
                            failed = Some((steps, why));
                        }
                    }
                }
            }
        }
        match failed {
            Some((_, why)) if reached.is_empty() => Err(why),
            Some(_) | None => Ok(reached),
        }
    }

    fn play(
        &self,
        from: &State,
        path: &Path,
        seen: &mut dyn FnMut(&'static str),
    ) -> Result<State, (usize, Why)> {
        let mut state = if path.anew {
            self.cycle.start()
        } else {
            from.clone()
        };
        for (n, step) in path.steps.iter().enumerate() {
            let at = self.cycle.stage(&state);
            let transition = step.transition;
            state = self.cycle.fire(&state, step).map_err(|stuck| {
                let why = match stuck {
                    Stuck::Elsewhere(from) => Why::Elsewhere {
                        transition,
                        at,
                        from,
                    },
                    Stuck::Guard(needs) => Why::Guard {
                        transition,
                        at,
                        needs,
                    },
                    Stuck::Unknown => Why::NoSuchStep(transition),
                };
                (n, why)
            })?;
            seen(transition);
        }
        Ok(state)
    }

    /// Where the workflow is in the model. Several where the events leave it open: after an answer in which a needed engine
    /// is missing, a person may be asked or may waive.
    #[must_use]
    pub fn stages(&self) -> Vec<Stage> {
        let stages: BTreeSet<Stage> = self.points.iter().map(|p| self.cycle.stage(p)).collect();
        stages.into_iter().collect()
    }

    /// Revisions by agents since a person last took part; the most that fit.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        let rounds = self.points.iter().map(|p| self.cycle.rounds(p));
        rounds.max().unwrap_or(0)
    }

    /// The current version and its digest; `None` before the first.
    #[must_use]
    pub fn current(&self) -> Option<(u32, Digest)> {
        let version = self.facts.current?;
        Some((version, *self.facts.versions.get(&version)?))
    }

    /// Whether the current version was rejected.
    #[must_use]
    pub const fn given_up(&self) -> bool {
        self.facts.given_up
    }
}
