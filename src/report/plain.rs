//! Makes text from files and from other programs harmless to show: no control characters, nothing that reorders a line.

use std::borrow::Cow;

/// Whether a character could move the cursor, colour, hide or reorder what is shown.
#[must_use]
pub const fn is_hostile(c: char) -> bool {
    matches!(c,
        '\u{00}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line of text without hostile characters: white space becomes a blank, the others their code, `\u{1b}`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if is_hostile(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A whole file's text with every hostile character replaced by a harmless one of the same number of bytes, so that places in
/// it stay right. Line ends and tabs stay.
#[must_use]
pub fn same_length(text: &str) -> Cow<'_, str> {
    let bad = |c: char| is_hostile(c) && !matches!(c, '\n' | '\t');
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' && chars.peek() == Some(&'\n') {
            out.push(' ');
        } else if bad(c) {
            out.push_str(match c.len_utf8() {
                1 => "?",
                2 => "\u{bf}",
                3 => "\u{fffd}",
                _ => "\u{fffd}?",
            });
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[31mred\u{7}\u{9b}0m\u{202e}txt\u{200b}\u{e0041}\r\nend";

    #[test]
    fn a_line_keeps_no_hostile_character_and_shows_what_was_there() {
        let safe = line(HOSTILE);
        assert!(!safe.contains(is_hostile), "{safe:?}");
        assert!(safe.contains("\\u{1b}[31mred\\u{7}"), "{safe}");
        assert!(matches!(line("plain text, ünïcode"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_file_keeps_its_length_and_lines() {
        let safe = same_length(HOSTILE);
        assert_eq!(safe.len(), HOSTILE.len());
        assert_eq!(safe.lines().count(), 2);
        assert!(!safe.contains('\u{1b}') && !safe.contains('\u{202e}'));
        assert_eq!(safe.find("end"), HOSTILE.find("end"));
    }
}
