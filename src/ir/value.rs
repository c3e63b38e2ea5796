//! Values and the finite domains they come from.

use super::id::{EnumId, StateId};

/// One value of the language. Which enum an [`Value::Enum`] belongs to is known from where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Absent (S-13).
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A value of an enum, by position; for the control state the position of the state.
    Enum(u16),
}

impl Value {
    /// The control state `s` as a value.
    #[must_use]
    pub const fn state(s: StateId) -> Self {
        Self::Enum(s.0)
    }

    /// Read as a condition: only `true` is true, so an absent boolean is false (S-13).
    #[must_use]
    pub const fn is_true(self) -> bool {
        matches!(self, Self::Bool(true))
    }
}

/// The values a cell or a choice can hold, apart from `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Domain {
    /// false, true.
    Bool,
    /// lo..=hi.
    Int {
        /// Smallest value.
        lo: i64,
        /// Largest value.
        hi: i64,
    },
    /// The values of an enum type; `len` of them.
    Enum {
        /// Which enum type.
        id: EnumId,
        /// How many values it has.
        len: u16,
    },
    /// The control states; `len` of them.
    State {
        /// How many states there are.
        len: u16,
    },
}

impl Domain {
    /// Number of values.
    #[must_use]
    pub const fn size(self) -> u64 {
        match self {
            Self::Bool => 2,
            Self::Int { lo, hi } => (hi - lo + 1) as u64,
            Self::Enum { len, .. } | Self::State { len } => len as u64,
        }
    }

    /// The value at position `n` (0-based) of this domain's order, `None` beyond its end.
    #[must_use]
    pub fn nth(self, n: u64) -> Option<Value> {
        if n >= self.size() {
            return None;
        }
        Some(match self {
            Self::Bool => Value::Bool(n == 1),
            Self::Int { lo, .. } => Value::Int(lo + i64::try_from(n).ok()?),
            Self::Enum { .. } | Self::State { .. } => Value::Enum(u16::try_from(n).ok()?),
        })
    }

    /// The position of `value` in this domain's order; `None` when it is not in the domain (so for `none` too).
    #[must_use]
    pub fn position(self, value: Value) -> Option<u64> {
        match (self, value) {
            (Self::Bool, Value::Bool(b)) => Some(u64::from(b)),
            (Self::Int { lo, hi }, Value::Int(n)) if lo <= n && n <= hi => {
                u64::try_from(n - lo).ok()
            }
            (Self::Enum { len, .. } | Self::State { len }, Value::Enum(n)) if n < len => {
                Some(u64::from(n))
            }
            (
                Self::Bool | Self::Int { .. } | Self::Enum { .. } | Self::State { .. },
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Enum(_),
            ) => None,
        }
    }

    /// Every value, in order.
    pub fn values(self) -> impl Iterator<Item = Value> {
        (0..self.size()).filter_map(move |n| self.nth(n))
    }
}
