//! The exit codes of every command, in one place.

/// How a command ends. When several apply at once the first in this order counts:
/// 70, 130, 4, 8, 9, 3, 1, 7, 10, 5, 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ExitCode {
    /// Done; the gate is open.
    Done = 0,
    /// The gate is shut, or there are blocking findings.
    Shut = 1,
    /// The command line is not right.
    Usage = 2,
    /// Something is stale, or a digest differs.
    Stale = 3,
    /// A file or the project is not valid.
    Invalid = 4,
    /// Inconclusive, or a needed engine or every provider is unavailable.
    Inconclusive = 5,
    /// Waiting for a person.
    Waiting = 6,
    /// Timed out.
    Timeout = 7,
    /// Refused by role or authority.
    Refused = 8,
    /// Conflict: lost lease, concurrent change, version not raised.
    Conflict = 9,
    /// A budget or the limit of rounds is used up.
    Budget = 10,
    /// A bug in tribunal.
    Bug = 70,
    /// Interrupted.
    Interrupted = 130,
}

impl ExitCode {
    /// All of them, by number.
    pub const ALL: [Self; 13] = [
        Self::Done,
        Self::Shut,
        Self::Usage,
        Self::Stale,
        Self::Invalid,
        Self::Inconclusive,
        Self::Waiting,
        Self::Timeout,
        Self::Refused,
        Self::Conflict,
        Self::Budget,
        Self::Bug,
        Self::Interrupted,
    ];

    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What it means, in a few words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, gate open",
            Self::Shut => "gate shut or blocking findings",
            Self::Usage => "usage",
            Self::Stale => "stale or digest mismatch",
            Self::Invalid => "invalid file or project",
            Self::Inconclusive => "inconclusive, or a needed engine or every provider unavailable",
            Self::Waiting => "waiting for a person",
            Self::Timeout => "timeout",
            Self::Refused => "refused by role or authority",
            Self::Conflict => "conflict (lost lease, concurrent change, version not raised)",
            Self::Budget => "budget or round limit",
            Self::Bug => "bug in tribunal",
            Self::Interrupted => "interrupted",
        }
    }

    /// Place in the order of precedence, the strongest first.
    const fn rank(self) -> u8 {
        match self {
            Self::Bug => 0,
            Self::Interrupted => 1,
            // A wrong command line ends before anything else can happen, so its place never matters.
            Self::Usage => 2,
            Self::Invalid => 3,
            Self::Refused => 4,
            Self::Conflict => 5,
            Self::Stale => 6,
            Self::Shut => 7,
            Self::Timeout => 8,
            Self::Budget => 9,
            Self::Inconclusive => 10,
            Self::Waiting => 11,
            Self::Done => 12,
        }
    }

    /// The one that counts of two.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        if other.rank() < self.rank() {
            other
        } else {
            self
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_the_documented_order_decides() {
        let order = [70, 130, 4, 8, 9, 3, 1, 7, 10, 5, 6, 0];
        let code = |n: u8| {
            ExitCode::ALL
                .into_iter()
                .find(|c| c.code() == n)
                .expect("a code")
        };
        for (i, strong) in order.iter().enumerate() {
            for weak in &order[i..] {
                assert_eq!(
                    code(*strong).and(code(*weak)),
                    code(*strong),
                    "{strong} over {weak}"
                );
                assert_eq!(
                    code(*weak).and(code(*strong)),
                    code(*strong),
                    "{strong} over {weak}"
                );
            }
        }
    }

    #[test]
    fn the_numbers_are_the_documented_ones() {
        let numbers: Vec<u8> = ExitCode::ALL.iter().map(|c| c.code()).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 70, 130]);
    }
}
