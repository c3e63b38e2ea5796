//! The `Retry-After` header: whole seconds, or a date by which to come back.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;

use crate::host::clock::Timestamp;

/// The pause that `value` asks for, counted from `now`; a date in the past asks for none. `None` for anything else.
pub(super) fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are a very long time.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let then = DateTimeParser::new().parse_timestamp(value).ok()?;
    let then = u64::try_from(then.as_millisecond()).unwrap_or(0);
    Some(Duration::from_millis(then.saturating_sub(now.as_millis())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        // 1994-11-06T08:49:37Z, as `date -u -d … +%s` gives it.
        let then = 784_111_777_000;
        let at = |millis| Timestamp::from_millis(millis);
        for (value, now, seconds) in [
            ("0", 0, Some(0)),
            (" 120 ", 0, Some(120)),
            ("99999999999999999999999", 0, Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", then - 30_000, Some(30)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", then + 1, Some(0)),
            ("", 0, None),
            ("soon", 0, None),
            ("-5", 0, None),
            ("1.5", 0, None),
        ] {
            assert_eq!(
                parse(value, at(now)),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }
}
