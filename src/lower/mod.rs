//! Turns a `System` into the text of other languages: pure, same input same bytes. Siblings do not know each other; names go
//! through one reversible table.

pub mod diagram;
pub mod lean;
pub mod names;
pub mod smt;
pub mod tla;
