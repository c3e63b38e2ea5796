//! How long, how much and how often: the bounds of a call, and the pauses between tries.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// The bounds of every call to one provider.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Time to make a connection.
    pub connect: Duration,
    /// Time for a whole call: its place in the queue, every try and every pause.
    pub call: Duration,
    /// The most that is read of an answer, in bytes.
    pub answer_bytes: usize,
    /// Requests under way at once; a further one waits.
    pub in_flight: usize,
    /// When to try again.
    pub retry: Retry,
}

/// When a failed try is followed by another.
#[derive(Debug, Clone)]
pub struct Retry {
    /// The most tries, the first one included; at least 1.
    pub tries: u32,
    /// The pause after the first try; it doubles from try to try.
    pub first_pause: Duration,
    /// The longest pause of our own choice.
    pub longest_pause: Duration,
    /// The longest pause a provider may ask for; one that asks for more is not asked again.
    pub longest_asked: Duration,
    /// Spreads the pauses, so that many callers do not come back together.
    pub jitter: Jitter,
}

/// A source of numbers from 0 (inclusive) to 1 (exclusive).
#[derive(Clone)]
pub struct Jitter(Arc<dyn Fn() -> f64 + Send + Sync>);

impl Jitter {
    /// A different number every time.
    #[must_use]
    pub fn random() -> Self {
        Self(Arc::new(|| {
            let bits = RandomState::new().build_hasher().finish() >> 11;
            bits as f64 / (1_u64 << 53) as f64
        }))
    }

    /// Always this number; for tests.
    #[must_use]
    pub fn fixed(number: f64) -> Self {
        Self(Arc::new(move || number))
    }
}

impl fmt::Debug for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jitter")
    }
}

impl Limits {
    /// What holds where nobody says otherwise: 10 s to connect, 10 minutes for a call, 10 MiB of answer, two requests
    /// at once, five tries with pauses from half a second to half a minute.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(600),
            answer_bytes: 10 * 1024 * 1024,
            in_flight: 2,
            retry: Retry {
                tries: 5,
                first_pause: Duration::from_millis(500),
                longest_pause: Duration::from_secs(30),
                longest_asked: Duration::from_secs(60),
                jitter: Jitter::random(),
            },
        }
    }
}

impl Retry {
    /// The pause after try `tried` (from 1), or `None` when there is to be no further one: too many tries, a provider
    /// that asks for too long a pause, or no time `left` behind the pause.
    #[must_use]
    pub fn pause(&self, tried: u32, asked: Option<Duration>, left: Duration) -> Option<Duration> {
        if tried >= self.tries || asked.is_some_and(|asked| asked > self.longest_asked) {
            return None;
        }
        let doubled = self
            .first_pause
            .saturating_mul(
                1_u32
                    .checked_shl(tried.saturating_sub(1))
                    .unwrap_or(u32::MAX),
            )
            .min(self.longest_pause);
        let share = (self.jitter.0)().clamp(0.0, 1.0);
        let own = doubled.mul_f64(0.5 + share / 2.0);
        // Never sooner than asked, and not all at the moment that all were told.
        let asked = asked.map(|asked| asked + self.first_pause.mul_f64(share));
        let pause = own.max(asked.unwrap_or_default());
        (pause < left).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn retry(jitter: f64) -> Retry {
        Retry {
            jitter: Jitter::fixed(jitter),
            ..Limits::standard().retry
        }
    }

    fn millis(retry: &Retry, tried: u32, asked: Option<u64>) -> Option<u128> {
        retry
            .pause(tried, asked.map(Duration::from_secs), LONG)
            .map(|pause| pause.as_millis())
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_jitter_takes_up_to_half() {
        let mut many = retry(0.5);
        many.tries = 100;
        let pauses: Vec<_> = (1..=8).map(|tried| millis(&many, tried, None)).collect();
        assert_eq!(
            pauses,
            [375, 750, 1500, 3000, 6000, 12_000, 22_500, 22_500].map(Some)
        );
        assert_eq!(millis(&retry(0.0), 1, None), Some(250));
        assert_eq!(millis(&many, 99, None), Some(22_500), "no overflow");
    }

    #[test]
    fn what_the_provider_asks_is_kept_or_the_call_ends() {
        assert_eq!(millis(&retry(0.0), 1, Some(7)), Some(7000));
        assert_eq!(millis(&retry(0.5), 1, Some(7)), Some(7250));
        assert_eq!(millis(&retry(0.0), 1, Some(60)), Some(60_000));
        assert_eq!(millis(&retry(0.0), 1, Some(61)), None);
        assert_eq!(millis(&retry(0.0), 2, Some(0)), Some(500), "no haste");
    }

    #[test]
    fn tries_and_time_are_bounded() {
        assert_eq!(millis(&retry(0.0), 4, None), Some(2000));
        assert_eq!(millis(&retry(0.0), 5, None), None);
        let left = Duration::from_millis(250);
        assert_eq!(retry(0.0).pause(1, None, left), None);
    }

    #[test]
    fn random_numbers_are_in_range_and_differ() {
        let source = Jitter::random();
        let numbers: Vec<f64> = (0..50).map(|_| (source.0)()).collect();
        assert!(numbers.iter().all(|n| (0.0..1.0).contains(n)));
        assert!(numbers.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
