//! Conditions over packed states: equality atoms folded into one masked comparison, small ones into truth tables, the rest evaluated.

#![expect(
    clippy::indexing_slicing,
    reason = "the tables are as long as the gathered numbers allow; a slip must stop the run, not answer"
)]

use crate::explore::compile::gather::Gather;
use crate::explore::compile::node::{Node, encode};
use crate::explore::pack::{Field, Packed};
use crate::ir::term::CmpOp;

/// Bits up to which a condition becomes one word of truth values.
const WORD_BITS: u32 = 6;
/// Bits up to which a condition becomes a longer table; beyond, building the table costs more than it saves on small systems.
const TABLE_BITS: u32 = 10;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard<const W: usize> {
    mask: Packed<W>,
    value: Packed<W>,
    tests: Vec<Test>,
}

/// What a masked comparison cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Word(Gather, u64),
    Table(Gather, Vec<u64>),
    Node(Node),
}

/// A condition as far as it is known without a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition<const W: usize> {
    /// True in every state.
    Always,
    /// True in no state.
    Never,
    /// It depends.
    When(Guard<W>),
}

impl<const W: usize> Guard<W> {
    /// Whether it is true in a state.
    #[inline]
    #[must_use]
    pub fn holds(&self, state: &Packed<W>) -> bool {
        let differ = (0..W).fold(0, |d, i| d | (state[i] & self.mask[i]) ^ self.value[i]);
        differ == 0 && (self.tests.is_empty() || self.rest(state))
    }

    #[inline(never)]
    fn rest(&self, state: &Packed<W>) -> bool {
        self.tests.iter().all(|test| match test {
            Test::Word(gather, table) => (table >> gather.get(state)) & 1 == 1,
            Test::Table(gather, table) => {
                let n = gather.get(state) as usize;
                (table[n / 64] >> (n % 64)) & 1 == 1
            }
            Test::Node(node) => node.holds(state),
        })
    }
}

impl<const W: usize> Condition<W> {
    /// Compiles a node that is read as a condition.
    #[must_use]
    pub fn new(node: &Node) -> Self {
        let parts = match node {
            Node::And(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut guard = Guard {
            mask: [0; W],
            value: [0; W],
            tests: Vec::new(),
        };
        let mut small: Vec<(Vec<Field>, Vec<Node>)> = Vec::new();
        for part in parts {
            match part {
                Node::Lit(1) => continue,
                Node::Lit(_) => return Self::Never,
                _ => {}
            }
            if let Some((field, code)) = equality(part) {
                let Some(code) = code else {
                    return Self::Never;
                };
                if !guard.require(&field, code) {
                    return Self::Never;
                }
                continue;
            }
            let mut fields = Vec::new();
            part.fields(&mut fields);
            join(&mut small, fields, part.clone());
        }
        for (fields, parts) in small {
            let gather = Gather::new(fields);
            let node = Node::And(parts);
            if gather.bits > TABLE_BITS {
                guard.tests.push(Test::Node(node));
                continue;
            }
            let (table, all, none) = gather.table::<W>(&node);
            if none {
                return Self::Never;
            }
            if all {
                continue;
            }
            guard
                .tests
                .push(match (gather.bits <= WORD_BITS, table.first()) {
                    (true, Some(word)) => Test::Word(gather, *word),
                    (true, None) | (false, _) => Test::Table(gather, table),
                });
        }
        if guard.tests.is_empty() && guard.mask == [0; W] {
            Self::Always
        } else {
            Self::When(guard)
        }
    }

    /// Whether it is true in a state.
    #[inline]
    #[must_use]
    pub fn holds(&self, state: &Packed<W>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::When(guard) => guard.holds(state),
        }
    }
}

impl<const W: usize> Guard<W> {
    /// Demands a code; false when another one was demanded before.
    fn require(&mut self, field: &Field, code: u64) -> bool {
        let at = usize::from(field.word);
        let mask = field.mask() << field.shift;
        let value = code << field.shift;
        if self.mask[at] & mask == mask && self.value[at] & mask != value {
            return false;
        }
        self.mask[at] |= mask;
        self.value[at] |= value;
        true
    }
}

/// A part that says "this field has this code": the field and the code, `None` in its place for one the field cannot have.
fn equality(part: &Node) -> Option<(Field, Option<u64>)> {
    match part {
        Node::Load(field) => Some((*field, encode(field, 1))),
        Node::Not(inner) => match &**inner {
            Node::Load(field) if !field.optional && field.values == 2 => {
                Some((*field, encode(field, 0)))
            }
            Node::And(parts) => match parts.as_slice() {
                [Node::Load(field)] if !field.optional && field.values == 2 => {
                    Some((*field, encode(field, 0)))
                }
                _ => None,
            },
            _ => None,
        },
        Node::Cmp(CmpOp::Eq, ab) => match &**ab {
            (Node::Load(field), Node::Lit(n)) | (Node::Lit(n), Node::Load(field)) => {
                Some((*field, encode(field, *n)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Puts a part together with others as long as all their fields fit one word of truth values.
fn join(groups: &mut Vec<(Vec<Field>, Vec<Node>)>, fields: Vec<Field>, part: Node) {
    let width = |fields: &[Field]| fields.iter().map(|f| u32::from(f.width)).sum::<u32>();
    for (have, parts) in groups.iter_mut() {
        let mut union = have.clone();
        union.extend(fields.iter().filter(|f| !have.contains(f)));
        if width(&union) <= WORD_BITS || union.len() == have.len() {
            *have = union;
            parts.push(part);
            return;
        }
    }
    groups.push((fields, vec![part]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::load_str;
    use crate::explore::compile::node::Scope;
    use crate::explore::pack::Layout;
    use crate::ir::StateId;
    use crate::model::desugar;

    /// The guard `when` over k, m in 0..5, wide in 0..5000 and f.
    fn compile(when: &str) -> Condition<1> {
        let text = format!(
            "workflow_id: w\ngoal: g\nactors: [A]\nstates: [S, T]\n\
             vars: {{k: {{type: int, range: [0, 5], init: 0}}, m: {{type: int, range: [0, 5], init: 0}}, \
             wide: {{type: int, range: [0, 5000], init: 0}}, f: {{type: bool, init: false}}}}\n\
             transitions: [{{id: t, from: S, to: T, actor: A, when: \"{when}\"}}]\n"
        );
        let system = desugar(&load_str(&text).unwrap());
        let layout = Layout::new(&system);
        let scope = Scope {
            system: &system,
            layout: &layout,
            control: StateId(0),
            choices: &[],
        };
        Condition::new(&Node::new(&system.commands[0].guard, &scope))
    }

    #[test]
    fn folds_equalities_and_tables_what_is_small() {
        let Condition::When(guard) =
            compile("f and 3 == k and k < m and m != 5 and wide > 17 and state == S")
        else {
            panic!("it depends on the state");
        };
        assert_eq!(guard.mask[0].count_ones(), 4);
        assert!(matches!(
            guard.tests.as_slice(),
            [Test::Word(..), Test::Node(_)]
        ));
    }

    #[test]
    fn sees_what_is_always_or_never_true() {
        assert_eq!(compile("k <= 5"), Condition::Always);
        assert_eq!(compile("k == 6"), Condition::Never);
        assert_eq!(compile("f and not f"), Condition::Never);
        assert_eq!(compile("k > k"), Condition::Never);
        assert_eq!(compile("state == T"), Condition::Never);
        assert!(matches!(compile("k > 4"), Condition::When(_)));
    }
}
