//! Keys: held so that no print shows them, and taken out of every text that comes back from outside.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::error::ProviderError;

/// How many characters in a row of a key may not be shown.
const WINDOW: usize = 8;
/// How much of a foreign message is kept, in characters.
const MESSAGE: usize = 400;
/// What stands where a key stood.
const GONE: &str = "[key]";

/// A provider's key. It is wiped from memory when dropped; `{:?}` does not show it; it has no serialised form.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// The key as read from the setting `what`, without white space around it.
    ///
    /// # Errors
    /// `Setting` when it is empty or holds characters that no key has.
    pub fn new(what: &str, text: &str) -> Result<Self, ProviderError> {
        let text = text.trim();
        if text.is_empty() || !text.chars().all(|c| c.is_ascii_graphic()) {
            return Err(ProviderError::Setting {
                what: what.to_owned(),
                why: "holds no key: a key is one word of visible ASCII characters".to_owned(),
            });
        }
        Ok(Self(SecretString::from(text.to_owned())))
    }

    /// The key itself; only for a request's header.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// `text` without the key, otherwise as it is; for what is passed on word by word.
    #[must_use]
    pub fn remove(&self, text: &str) -> String {
        text.replace(self.expose(), GONE)
    }

    /// `text` without the key and without words that show a part of it or may be a masked form of it; for messages.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let key = self.expose();
        let whole = self.remove(text);
        let windows: Vec<&str> = (0..key.len().saturating_sub(WINDOW - 1))
            .filter_map(|at| key.get(at..at + WINDOW))
            .collect();
        if !windows.iter().any(|part| whole.contains(part)) && !whole.contains("***") {
            return whole;
        }
        whole
            .split_inclusive(char::is_whitespace)
            .map(|word| {
                let shows = word.contains("***") || windows.iter().any(|part| word.contains(part));
                let end = word.trim_end().len();
                if shows {
                    format!("{GONE}{}", word.get(end..).unwrap_or_default())
                } else {
                    word.to_owned()
                }
            })
            .collect()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([hidden])")
    }
}

/// A foreign message as it may be shown: without the key and control characters, and not long.
pub(super) fn clean(text: &str, key: Option<&ApiKey>) -> String {
    let text = key.map_or_else(|| text.to_owned(), |key| key.redact(text));
    let plain: String = text
        .chars()
        .map(|c| if hidden(c) { ' ' } else { c })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Control characters, and those that change the direction or hide parts of a line.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ApiKey {
        ApiKey::new("SPEC_API_KEY", " sk-planted-0123456789 \n").expect("a key")
    }

    #[test]
    fn a_key_is_trimmed_and_its_debug_form_hides_it() {
        assert_eq!(key().expose(), "sk-planted-0123456789");
        assert_eq!(format!("{:?}", Some(key())), "Some(ApiKey([hidden]))");
        for bad in ["", "  ", "two words", "é", "line\nbreak"] {
            let error = ApiKey::new("SPEC_API_KEY", bad).expect_err("no key");
            assert_eq!(error.code(), "TRIB-PROVIDER-SETTING");
            assert!(bad.trim().is_empty() || !error.to_string().contains(bad));
        }
    }

    #[test]
    fn whole_parts_and_masked_forms_are_taken_out() {
        assert_eq!(
            key().redact("Incorrect API key provided: sk-planted-0123456789. See\nthe site."),
            "Incorrect API key provided: [key]. See\nthe site."
        );
        assert_eq!(
            key().redact("ends in -0123456789, right"),
            "ends in [key] right"
        );
        assert_eq!(key().redact("was sk-pl***6789 then"), "was [key] then");
        assert_eq!(key().redact("nothing here"), "nothing here");
        assert_eq!(
            key().remove("***bold*** sk-planted-0123456789"),
            "***bold*** [key]"
        );
    }

    #[test]
    fn control_characters_go_and_long_messages_are_cut() {
        assert_eq!(clean("a\u{1b}[31m b\r\n\u{202e}c\u{0}", None), "a [31m b c");
        let long = clean(&"é".repeat(1000), None);
        assert_eq!(long.chars().count(), MESSAGE + 1);
        assert!(long.ends_with('…'));
    }
}
