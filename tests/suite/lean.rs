//! Lean: stand-ins for its two launchers that misbehave, each with its own answer and none a pass; and the real one.

mod faults;
mod lake;
mod real;
mod stubs;
