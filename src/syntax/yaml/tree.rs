//! The tree of a YAML file.

use super::scalar::Scalar;
use crate::ir::Span;

/// A value in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// All of it, quotes and brackets included; of a block collection from its first entry to the end of its last.
    pub span: Span,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar(Scalar),
    /// A list, in order.
    List(Vec<Node>),
    /// A map, in the order written.
    Map(Vec<Entry>),
}

/// A key of a map and what it stands for. Keys are scalars; no two of one map have the same text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Scalar,
    /// The key as written, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// Whether it is not written at all.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar(scalar) if scalar.plain && scalar.text.is_empty())
    }

    /// What it is, for messages.
    #[must_use]
    pub fn found(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar(scalar) => scalar.found(),
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a map",
        }
    }
}
