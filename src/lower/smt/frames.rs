//! Whole frames and the steps between them, as they stand at the head of every question about a system.

use super::frame::{
    assert_typed, declare_cells, declare_choices, define_values, enum_width, in_range, initial,
};
use super::script::Script;
use super::step::{Ranges, assert_step};
use crate::model::{CommandIx, System};

/// The names of values, and a word on what the file is.
#[must_use]
pub fn prelude(system: &System, about: &str) -> Script {
    let mut script = Script::default();
    script.comment(format!("{} version {}: {about}", system.id, system.version));
    define_values(&mut script, &system.symbols, enum_width(system));
    script
}

/// One frame: its cells, its choices, and what is true of every typed state, with or without the integers' ranges.
#[must_use]
pub fn frame(system: &System, n: u32, ranges: Ranges) -> Script {
    let mut script = Script::default();
    script.comment(format!("frame {n}"));
    declare_cells(&mut script, system, n);
    assert_typed(&mut script, system, n);
    match ranges {
        Ranges::Kept => {
            for cell in &system.cells {
                script.assert(in_range(system, cell, n));
            }
        }
        Ranges::TakenAway => {}
    }
    declare_choices(&mut script, system, n);
    script
}

/// That frame 0 is an initial state.
#[must_use]
pub fn start(system: &System) -> Script {
    let mut script = Script::default();
    script.comment("frame 0 is an initial state");
    script.assert(initial(system, 0));
    script
}

/// The step from frame `n` to the next, which must be there.
#[must_use]
pub fn step(system: &System, commands: &[CommandIx], n: u32, ranges: Ranges) -> Script {
    let mut script = Script::default();
    script.comment(format!("the step from frame {n} to frame {}", n + 1));
    assert_step(&mut script, system, commands, n, ranges);
    script
}
