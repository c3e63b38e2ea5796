//! Updates of packed states: constants as one and/or, `x + c` as an addition with its range tested, small terms as tables.
//!
//! Ranges are tested exactly as S-3 says: a step that would leave one has no successor.

#![expect(
    clippy::indexing_slicing,
    reason = "the tables are as long as the gathered numbers allow; a slip must stop the run, not answer"
)]

use crate::explore::compile::gather::{Gather, OUTSIDE};
use crate::explore::compile::node::{NONE, Node, encode};
use crate::explore::pack::{Field, Packed};

/// Bits up to which a value becomes a table of codes.
const TABLE_BITS: u32 = 8;

/// What a step does to a packed state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect<const W: usize> {
    keep: Packed<W>,
    set: Packed<W>,
    moves: Vec<Move>,
    /// Some value is outside its range whatever the state.
    outside: bool,
}

/// An assignment that depends on the state.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Move {
    /// The code of `from` plus an offset (modulo 2^64), if that is below `limit`.
    Add {
        from: Field,
        to: Field,
        offset: u64,
        limit: u64,
    },
    /// Looked up.
    Table {
        gather: Gather,
        codes: Vec<u32>,
        to: Field,
    },
    /// Evaluated.
    Node { node: Node, to: Field },
}

impl<const W: usize> Effect<W> {
    /// Compiles assignments, at most one a field.
    #[must_use]
    pub fn new(updates: impl IntoIterator<Item = (Field, Node)>) -> Self {
        let mut effect = Self {
            keep: [u64::MAX; W],
            set: [0; W],
            moves: Vec::new(),
            outside: false,
        };
        for (to, node) in updates {
            if node == Node::Load(to) {
                continue;
            }
            let at = usize::from(to.word);
            effect.keep[at] &= !(to.mask() << to.shift);
            match node {
                Node::Lit(n) => match encode(&to, n) {
                    Some(code) => effect.set[at] |= code << to.shift,
                    None => effect.outside = true,
                },
                node => effect.moves.push(Move::new::<W>(node, to)),
            }
        }
        effect
    }

    /// The state after; `None` when the step leaves a range.
    #[inline]
    #[must_use]
    pub fn apply(&self, state: &Packed<W>) -> Option<Packed<W>> {
        let mut next: Packed<W> = std::array::from_fn(|i| (state[i] & self.keep[i]) | self.set[i]);
        if self.outside {
            return None;
        }
        for step in &self.moves {
            step.apply(state, &mut next)?;
        }
        Some(next)
    }
}

impl Move {
    fn new<const W: usize>(node: Node, to: Field) -> Self {
        if let Some((from, plus)) = sum(&node)
            && !from.optional
        {
            // code' = code + base + plus - base'; below zero it wraps to a huge number, which is over the limit too
            let offset = from.base.wrapping_add(plus).wrapping_sub(to.base) as u64;
            return Self::Add {
                from,
                to,
                offset,
                limit: to.values,
            };
        }
        let mut fields = Vec::new();
        node.fields(&mut fields);
        let gather = Gather::new(fields);
        if gather.bits > TABLE_BITS {
            return Self::Node { node, to };
        }
        let codes = gather.codes::<W>(&node, &to);
        Self::Table { gather, codes, to }
    }

    #[inline]
    fn apply<const W: usize>(&self, state: &Packed<W>, next: &mut Packed<W>) -> Option<()> {
        let (to, code) = match self {
            Self::Add {
                from,
                to,
                offset,
                limit,
            } => {
                let code = from.get(state).wrapping_add(*offset);
                if code >= *limit {
                    return None;
                }
                (to, code)
            }
            Self::Table { gather, codes, to } => {
                let code = codes[gather.get(state) as usize];
                if code == OUTSIDE {
                    return None;
                }
                (to, u64::from(code))
            }
            Self::Node { node, to } => (to, encode(to, node.eval(state))?),
        };
        to.put(next, code);
        Some(())
    }
}

/// `x`, `x + c`, `c + x` or `x - c`: x and what is added.
fn sum(node: &Node) -> Option<(Field, i64)> {
    let constant = |n: i64| (n != NONE).then_some(n);
    match node {
        Node::Load(field) => Some((*field, 0)),
        Node::Add(ab) => match &**ab {
            (Node::Load(field), Node::Lit(n)) | (Node::Lit(n), Node::Load(field)) => {
                Some((*field, constant(*n)?))
            }
            _ => None,
        },
        Node::Sub(ab) => match &**ab {
            (Node::Load(field), Node::Lit(n)) => Some((*field, constant(*n)?.checked_neg()?)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: Field = Field {
        word: 0,
        shift: 0,
        width: 3,
        values: 6,
        optional: false,
        base: -2,
    };
    const Y: Field = Field {
        word: 0,
        shift: 3,
        width: 2,
        values: 3,
        optional: true,
        base: 0,
    };

    fn plus(field: Field, n: i64) -> Node {
        Node::Add(Box::new((Node::Load(field), Node::Lit(n))))
    }

    #[test]
    fn additions_are_exact_at_both_ends() {
        let up = Effect::<1>::new([(X, plus(X, 2))]);
        let down = Effect::<1>::new([(X, plus(X, -1))]);
        // x runs from -2 to 3, so codes from 0 to 5
        let after = |e: &Effect<1>| {
            (0..6)
                .map(|c| e.apply(&[c]).map(|s| s[0]))
                .collect::<Vec<_>>()
        };
        assert_eq!(after(&up), [Some(2), Some(3), Some(4), Some(5), None, None]);
        assert_eq!(
            after(&down),
            [None, Some(0), Some(1), Some(2), Some(3), Some(4)]
        );
    }

    #[test]
    fn none_is_kept_where_it_may_be_and_refused_where_not() {
        // y: 0, 1, 2, none
        let copy = Effect::<1>::new([(X, plus(Y, 0))]);
        let after: Vec<_> = (0..4)
            .map(|y| copy.apply(&[y << 3]).map(|s| s[0] & 7))
            .collect();
        assert_eq!(after, [Some(2), Some(3), Some(4), None]);
        let clear = Effect::<1>::new([(Y, Node::Lit(NONE))]);
        assert_eq!(clear.apply(&[5]), Some([5 | 3 << 3]));
        assert_eq!(Effect::<1>::new([(X, Node::Lit(4))]).apply(&[0]), None);
    }

    #[test]
    fn all_updates_read_the_state_before() {
        let other = Field {
            base: -2,
            ..Field { shift: 5, ..X }
        };
        let swap = Effect::<1>::new([(X, Node::Load(other)), (other, Node::Load(X))]);
        assert_eq!(swap.apply(&[1 | 4 << 5]), Some([4 | 1 << 5]));
    }
}
