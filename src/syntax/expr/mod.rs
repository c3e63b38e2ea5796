//! Text → expression: a lexer and a parser by binding power, with exact spans and limits.

mod atom;
mod lexer;
mod parser;

#[cfg(test)]
mod tests;

pub use parser::Place;
pub(crate) use parser::parse;
