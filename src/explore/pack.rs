//! The bit layout of packed states: each cell a code in a fixed field of a few 64-bit words.
//!
//! A cell's code is the position of its value in its domain; `none` is the code after the last. Fields do not cross words.
//! Equal states have equal words, so the table of states is exact. The highest bit of the first word stays clear, so that
//! all ones is no state.

#![expect(
    clippy::indexing_slicing,
    reason = "fields are made together with the layout that they index; a slip must stop the run, not answer"
)]

use crate::ir::{Cell, Domain, Value};
use crate::model::{Slot, System};

/// A packed state.
pub type Packed<const W: usize> = [u64; W];

/// Where one cell's code lies, and what the codes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Field {
    /// Which word.
    pub word: u16,
    /// First bit.
    pub shift: u8,
    /// Width in bits; 0 for a cell with one value.
    pub width: u8,
    /// Number of values apart from `none`.
    pub values: u64,
    /// Whether the code `values` stands for `none`.
    pub optional: bool,
    /// The number that code 0 stands for: the smallest integer, 0 for booleans and enums.
    pub base: i64,
}

impl Field {
    /// The codes of this field, from 0 up to here exclusive.
    #[must_use]
    pub const fn codes(&self) -> u64 {
        self.values + self.optional as u64
    }

    /// The field's bits, moved down to bit 0.
    #[must_use]
    pub const fn mask(&self) -> u64 {
        (1 << self.width) - 1
    }

    /// The code in a state.
    #[inline]
    #[must_use]
    pub fn get<const W: usize>(&self, state: &Packed<W>) -> u64 {
        (word(state, self.word) >> self.shift) & self.mask()
    }

    /// Puts a code into a state whose field is clear.
    #[inline]
    pub fn put<const W: usize>(&self, state: &mut Packed<W>, code: u64) {
        let at = if W == 1 { 0 } else { usize::from(self.word) };
        state[at] |= code << self.shift;
    }
}

/// One word of a state; word 0 without a test where there is only one.
#[inline]
fn word<const W: usize>(state: &Packed<W>, at: u16) -> u64 {
    state[if W == 1 { 0 } else { usize::from(at) }]
}

/// The fields of all cells of a system.
#[derive(Debug, Clone)]
pub struct Layout {
    /// By slot.
    pub fields: Vec<Field>,
    domains: Vec<Domain>,
    /// Words in use.
    pub words: usize,
}

impl Layout {
    /// Places the cells of `system`, each in the first word with room for it.
    #[must_use]
    pub fn new(system: &System) -> Self {
        let mut used: Vec<u8> = Vec::new();
        let mut fields = Vec::new();
        for cell in &system.cells {
            let values = cell.domain.size();
            let codes = values + u64::from(cell.optional);
            let width = (64 - codes.saturating_sub(1).leading_zeros()) as u8;
            let room = |(at, bits): (usize, &u8)| bits + width <= if at == 0 { 63 } else { 64 };
            let at = used.iter().enumerate().position(room);
            let at = at.unwrap_or_else(|| {
                used.push(0);
                used.len() - 1
            });
            fields.push(Field {
                word: at as u16,
                shift: used[at].min(63),
                width,
                values,
                optional: cell.optional,
                base: match cell.domain {
                    Domain::Int { lo, .. } => lo,
                    Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => 0,
                },
            });
            used[at] += width;
        }
        Self {
            fields,
            domains: system.cells.iter().map(|c| c.domain).collect(),
            words: used.len().max(1),
        }
    }

    /// The field of a cell of `system`; `None` only for a cell of another system.
    #[must_use]
    pub fn field(&self, system: &System, cell: Cell) -> Option<Field> {
        self.at(system.slot(cell)?)
    }

    /// The field of a slot.
    #[must_use]
    pub fn at(&self, slot: Slot) -> Option<Field> {
        self.fields.get(slot.ix()).copied()
    }

    /// The code of `value` in `slot`; `None` when the cell cannot hold it.
    #[must_use]
    pub fn code(&self, slot: Slot, value: Value) -> Option<u64> {
        let field = self.at(slot)?;
        match value {
            Value::None => field.optional.then_some(field.values),
            Value::Bool(_) | Value::Int(_) | Value::Enum(_) => {
                self.domains.get(slot.ix())?.position(value)
            }
        }
    }

    /// Packs a state; `None` when a cell cannot hold its value.
    #[must_use]
    pub fn pack<const W: usize>(&self, state: &[Value]) -> Option<Packed<W>> {
        let mut packed = [0; W];
        for (ix, field) in self.fields.iter().enumerate() {
            let code = self.code(Slot(ix as u16), *state.get(ix)?)?;
            field.put(&mut packed, code);
        }
        Some(packed)
    }

    /// The values of a packed state, by slot.
    #[must_use]
    pub fn unpack<const W: usize>(&self, state: &Packed<W>) -> Vec<Value> {
        self.fields
            .iter()
            .zip(&self.domains)
            .map(|(field, domain)| domain.nth(field.get(state)).unwrap_or(Value::None))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::load_str;
    use crate::ir::{EvId, FieldIx};
    use crate::model::{desugar, initial_states};

    fn system(declarations: &str) -> System {
        let text = format!(
            "workflow_id: w\ngoal: g\nactors: [A]\nstates: [S, T, U]\n{declarations}transitions: [{{id: t, from: S, to: T, actor: A}}]\n"
        );
        desugar(&load_str(&text).unwrap())
    }

    #[test]
    fn cells_share_words_and_come_back_unchanged() {
        let system = system(
            "artifacts: [plan]\nevidence: {e: {of: [plan], fields: {f: {type: int, range: [1, 3]}}}}\n\
             vars: {k: {type: int, range: [-3, 4], init: -3}, wide: {type: int, range: [-1000000, 1000000], init: 7}, \
             flag: {type: bool, init: true}}\n",
        );
        let layout = Layout::new(&system);
        // The state 2 bits, 3 + 21 + 1 for variables, has 1, bit 1, the field's three values and none 2.
        let widths: Vec<u8> = layout.fields.iter().map(|f| f.width).collect();
        assert_eq!(widths, [2, 3, 21, 1, 1, 1, 2]);
        assert_eq!(layout.words, 1);
        let field = system.slot(Cell::Field(EvId(0), FieldIx(0))).unwrap();
        let mut state = initial_states(&system).next().unwrap();
        for value in [Value::None, Value::Int(1), Value::Int(3)] {
            state[field.ix()] = value;
            state[1] = Value::Int(4);
            let packed: Packed<1> = layout.pack(&state).unwrap();
            assert_eq!(layout.unpack(&packed), state);
        }
        state[field.ix()] = Value::Int(4);
        assert_eq!(layout.pack::<1>(&state), None);
    }

    #[test]
    fn a_field_never_crosses_words_and_the_highest_bit_of_the_first_stays_clear() {
        let system = system(
            "vars: {a: {type: int, range: [0, 1000000], init: 0}, b: {type: int, range: [0, 1000000], init: 0}, \
             c: {type: int, range: [0, 1000000], init: 0}, d: {type: bool, init: true}, e: {type: bool, init: true}}\n",
        );
        let layout = Layout::new(&system);
        let words: Vec<u16> = layout.fields.iter().map(|f| f.word).collect();
        // 2 + 3 * 20 + 1 = 63 bits, so the last goes into the second word.
        assert_eq!(words, [0, 0, 0, 0, 0, 1]);
        assert_eq!(layout.words, 2);
        let last = Value::Int(1_000_000);
        let state = [
            Value::Enum(2),
            last,
            last,
            last,
            Value::Bool(true),
            Value::Bool(true),
        ];
        let packed: Packed<2> = layout.pack(&state).unwrap();
        assert_eq!(packed[0] >> 63, 0);
        assert_eq!(layout.unpack(&packed), state);
    }
}
