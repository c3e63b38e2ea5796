//! The bits of a few fields drawn together into one small number, and tables over such numbers.

#![expect(
    clippy::indexing_slicing,
    reason = "the tables are as long as the gathered numbers allow; a slip must stop the run, not answer"
)]

use crate::explore::compile::node::{Node, encode};
use crate::explore::pack::{Field, Packed};

/// Draws fields together: the first at bit 0, the next above it, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gather {
    /// Kept in place, for most numbers come from one run of bits.
    first: Part,
    more: Vec<Part>,
    fields: Vec<Field>,
    /// Bits of the number drawn.
    pub bits: u32,
}

/// One run of bits to move; neighbouring fields are moved together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Part {
    word: u16,
    shift: u8,
    mask: u64,
    up: u8,
}

impl Part {
    #[inline]
    fn get<const W: usize>(&self, state: &Packed<W>) -> u64 {
        let word = state[if W == 1 { 0 } else { usize::from(self.word) }];
        ((word >> self.shift) & self.mask) << self.up
    }
}

impl Gather {
    /// Of these fields, each once.
    #[must_use]
    pub fn new(mut fields: Vec<Field>) -> Self {
        fields.sort_by_key(|f| (f.word, f.shift));
        let mut parts: Vec<Part> = Vec::new();
        let mut bits = 0u32;
        for f in &fields {
            let joins = parts.last_mut().filter(|p| {
                let width = 64 - p.mask.leading_zeros();
                p.word == f.word && u32::from(p.shift) + width == u32::from(f.shift)
            });
            match joins {
                Some(p) => p.mask = (p.mask << f.width) | f.mask(),
                None if bits < 64 => parts.push(Part {
                    word: f.word,
                    shift: f.shift,
                    mask: f.mask(),
                    up: bits as u8,
                }),
                None => {}
            }
            bits += u32::from(f.width);
        }
        let mut parts = parts.into_iter();
        Self {
            first: parts.next().unwrap_or_default(),
            more: parts.collect(),
            fields,
            bits,
        }
    }

    /// The number drawn from a state.
    #[inline]
    #[must_use]
    pub fn get<const W: usize>(&self, state: &Packed<W>) -> u64 {
        self.more
            .iter()
            .fold(self.first.get(state), |n, part| n | part.get(state))
    }

    /// Every number that a state can give, with a state that has just these fields set. Codes beyond a field's values are left out.
    fn each<const W: usize>(&self, mut f: impl FnMut(u64, &Packed<W>)) {
        'numbers: for n in 0..1u64 << self.bits {
            let mut state = [0; W];
            let mut rest = n;
            for field in &self.fields {
                let code = rest & field.mask();
                if code >= field.codes() {
                    continue 'numbers;
                }
                field.put(&mut state, code);
                rest >>= field.width;
            }
            f(n, &state);
        }
    }

    /// The numbers for which `node` is true, a bit each, and whether it is so for all, or for none.
    #[must_use]
    pub fn table<const W: usize>(&self, node: &Node) -> (Vec<u64>, bool, bool) {
        let mut table = vec![0; (1usize << self.bits).div_ceil(64)];
        let (mut all, mut none) = (true, true);
        self.each::<W>(|n, state| {
            if node.holds(state) {
                table[(n / 64) as usize] |= 1 << (n % 64);
                none = false;
            } else {
                all = false;
            }
        });
        (table, all, none)
    }

    /// By number, the code that `node`'s value has in `to`, [`OUTSIDE`] where it has none.
    #[must_use]
    pub fn codes<const W: usize>(&self, node: &Node, to: &Field) -> Vec<u32> {
        let mut codes = vec![OUTSIDE; 1 << self.bits];
        self.each::<W>(|n, state| {
            if let Some(code) = encode(to, node.eval(state)) {
                codes[n as usize] = code as u32;
            }
        });
        codes
    }
}

/// Stands for a value outside the range.
pub const OUTSIDE: u32 = u32::MAX;
