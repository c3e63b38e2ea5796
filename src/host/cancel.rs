//! A flag that asks work to stop: cheap to copy, checked by every engine, set by Ctrl-C or by a caller.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A request to stop, shared by everyone who holds a copy of it. Once set it stays set.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<Node>);

#[derive(Debug, Default)]
struct Node {
    flag: AtomicBool,
    parent: Option<CancelToken>,
}

impl CancelToken {
    /// A token that nothing but its own [`cancel`](Self::cancel) sets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A token that is cancelled with this one, and can be cancelled alone without touching this one.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(Arc::new(Node {
            flag: AtomicBool::new(false),
            parent: Some(self.clone()),
        }))
    }

    /// Asks all holders of this token, and of its children, to stop.
    pub fn cancel(&self) {
        self.0.flag.store(true, Ordering::Release);
    }

    /// Whether this token or one it descends from has been cancelled.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        let mut token = Some(self);
        while let Some(CancelToken(node)) = token {
            if node.flag.load(Ordering::Acquire) {
                return true;
            }
            token = node.parent.as_ref();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_sees_the_cancellation() {
        let token = CancelToken::new();
        let copy = token.clone();
        assert!(!copy.cancelled());
        token.cancel();
        assert!(copy.cancelled());
    }

    #[test]
    fn cancelling_a_child_leaves_parent_and_sibling_alone() {
        let parent = CancelToken::new();
        let (first, second) = (parent.child(), parent.child());
        first.cancel();
        assert_eq!(
            (parent.cancelled(), first.cancelled(), second.cancelled()),
            (false, true, false)
        );
    }

    #[test]
    fn cancelling_a_parent_reaches_grandchildren() {
        let parent = CancelToken::new();
        let grandchild = parent.child().child();
        assert!(!grandchild.cancelled());
        parent.cancel();
        assert!(grandchild.cancelled());
    }
}
