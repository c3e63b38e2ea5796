//! Time: a stopwatch for durations (monotonic) and a timestamp for records (wall clock, UTC).

use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Measures how long something takes; never runs backwards.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// A stopwatch that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Seconds since the start.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.elapsed().as_secs_f64()
    }

    /// What is left of `budget`: zero when it is used up.
    #[must_use]
    pub fn left_of(&self, budget: Duration) -> Duration {
        budget.saturating_sub(self.elapsed())
    }
}

/// A moment in milliseconds since 1970-01-01T00:00:00Z. For records only: the wall clock may jump, so no order is read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The wall clock's time; a clock set before 1970 gives 1970.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Self(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    /// The moment `millis` milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        self.0
    }
}

/// RFC 3339 in UTC with milliseconds, as in `2026-11-20T23:58:00.125Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, millis) = (self.0 / 86_400_000, self.0 % 86_400_000);
        let (year, month, day) = civil_date(days);
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, milli) = (millis / 1000 % 60, millis % 1000);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"
        )
    }
}

/// A text that is no moment in the form that [`Timestamp`] prints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no moment of the form 2026-11-20T23:58:00.125Z")]
pub struct NotATimestamp(String);

/// Reads what `Display` writes, and nothing else.
impl std::str::FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        let moment = text
            .parse::<jiff::Timestamp>()
            .ok()
            .and_then(|moment| u64::try_from(moment.as_millisecond()).ok())
            .map(Self)
            .filter(|moment| moment.to_string() == text);
        moment.ok_or_else(|| NotATimestamp(text.chars().take(40).collect()))
    }
}

/// The Gregorian (year, month, day) that lies `days` days after 1970-01-01.
fn civil_date(days: u64) -> (u64, u64, u64) {
    // Counted from 0000-03-01, so that the leap day is the last day of a year and of every longer cycle.
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_print_as_known_dates() {
        // Expected values are those of `date -u -d @SECONDS`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (951_868_800, "2000-03-01T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"),
            (1_735_689_599, "2024-12-31T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp::from_millis(seconds * 1000).to_string(), text);
        }
        assert_eq!(
            Timestamp::from_millis(7).to_string(),
            "1970-01-01T00:00:00.007Z"
        );
        assert!(
            Timestamp::from_millis(u64::MAX).to_string().ends_with('Z'),
            "no overflow at the far end"
        );
    }

    #[test]
    fn only_what_is_printed_is_read() {
        for millis in [
            0,
            7,
            951_782_400_000,
            1_709_251_199_999,
            253_000_000_000_000,
        ] {
            let moment = Timestamp::from_millis(millis);
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
        for other in [
            "",
            "now",
            "2026-11-20",
            "2026-11-20T23:58:00Z",
            "2026-11-20T23:58:00.1251Z",
            "2026-11-20T23:58:00.125+00:00",
            "2026-11-20t23:58:00.125Z",
            "2026-02-30T00:00:00.000Z",
            "1969-12-31T23:59:59.000Z",
        ] {
            assert!(other.parse::<Timestamp>().is_err(), "{other}");
        }
    }

    #[test]
    fn now_is_after_this_was_written() {
        assert!(Timestamp::now().as_millis() > 1_760_000_000_000);
    }

    #[test]
    fn a_used_up_budget_leaves_nothing() {
        let watch = Stopwatch::start();
        std::thread::sleep(Duration::from_millis(3));
        assert_eq!(watch.left_of(Duration::from_millis(2)), Duration::ZERO);
        assert!(watch.left_of(Duration::from_secs(3600)) > Duration::from_secs(3000));
        assert!(watch.seconds() >= 0.003);
    }
}
