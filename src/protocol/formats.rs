//! Which reader reads which writer.
//!
//! A change that an old reader would misread raises the format. A reader lists the formats it reads; everything else is
//! refused by name, never guessed.

/// What this version writes.
pub const WRITES: u32 = 1;

/// What each format's reader reads, and what changed with it.
pub const READS: &[(u32, &[u32], &str)] = &[(1, &[1], "the first")];

/// Whether this version reads messages of this format.
#[must_use]
pub fn reads(format: u32) -> bool {
    READS
        .iter()
        .any(|(reader, writers, _)| *reader == WRITES && writers.contains(&format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_of_tomorrow_is_not_guessed_at() {
        assert!(reads(1));
        assert!(!reads(0));
        assert!(!reads(2));
        assert!(READS.iter().any(|(reader, ..)| *reader == WRITES));
    }
}
