//! Bounded search as a script: what to look for in one frame after another.

use super::frames;
use super::names;
use super::property::{Asked, asked};
use super::refine::start_without_counterpart;
use super::script::Script;
use super::step::Ranges;
use super::tree::{Smt, or};
use crate::finding::PropertyIx;
use crate::model::{CommandIx, PropertyKind, System};

/// Frame 0 as an initial state.
#[must_use]
pub fn start(system: &System) -> Script {
    let mut script = frames::prelude(system, "is something reached in so many steps?");
    script.append(frames::frame(system, 0, Ranges::Kept));
    script.append(frames::start(system));
    script
}

/// One step further: from `frame` to the next.
#[must_use]
pub fn advance(system: &System, commands: &[CommandIx], frame: u32) -> Script {
    let mut script = frames::frame(system, frame + 1, Ranges::Kept);
    script.append(frames::step(system, commands, frame, Ranges::Kept));
    script
}

/// Names for what violates the properties, or is what they ask for, in a frame; with those that can be looked for.
#[must_use]
pub fn goals(
    system: &System,
    properties: &[PropertyIx],
    frame: u32,
) -> (Script, Vec<(PropertyIx, String)>) {
    let mut script = Script::default();
    let mut named = Vec::new();
    for ix in properties {
        if let Some(p) = system.property(*ix)
            && let Some(goal) = goal(system, &p.kind, frame)
        {
            // The number keeps a property of the user's apart from an automatic one of the same id.
            let name = format!("goal.{}.{}@{frame}", ix.0, names::label(&p.id));
            script.name(&name, goal);
            named.push((*ix, name));
        }
    }
    (script, named)
}

/// What to look for in a frame; `None` for what no single frame shows.
fn goal(system: &System, kind: &PropertyKind, frame: u32) -> Option<Smt> {
    let here = match asked(system, kind, frame) {
        Asked::Avoid(c) | Asked::Reach(c) => c,
        Asked::Beyond(_) | Asked::TooLarge(_) => return None,
    };
    let refines = matches!(kind, PropertyKind::Refines);
    Some(match &system.refinement {
        Some(r) if refines && frame == 0 => or([start_without_counterpart(system, r, 0), here]),
        Some(_) | None => here,
    })
}
