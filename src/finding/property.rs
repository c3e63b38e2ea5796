//! The index of a property.

/// A property of a system, by position: the user's in the order written, then the automatic ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PropertyIx(pub u32);

impl PropertyIx {
    /// The position in the system's table of properties.
    #[must_use]
    pub const fn ix(self) -> usize {
        self.0 as usize
    }
}
