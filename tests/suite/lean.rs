//! Lean: stand-ins for its WebAssembly build that misbehave, each with its own answer and none a pass; and the real one.

mod real;
mod stubs;
