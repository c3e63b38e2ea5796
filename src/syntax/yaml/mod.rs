//! YAML text → a tree of nodes with places. Takes YAML 1.2 without anchors, aliases, tags, merge keys, directives,
//! duplicate keys and further documents; knows nothing of workflows. The well-formedness of the YAML is judged by
//! `granit-parser`, and trusted; everything on top of its events is here.

mod scalar;
mod scan;
mod tree;

#[cfg(test)]
mod tests;

pub use scalar::{Meaning, Scalar};
pub(super) use scan::{EXPRESSION_KEYS, scan, shown};
pub use tree::{Entry, Node, NodeKind};
