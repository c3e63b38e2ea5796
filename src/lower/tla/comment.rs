//! Turns a user's free text into TLA+ line comments that cannot end early and cannot mean anything.
//!
//! A line comment ends at a line end only, so that is what matters; the other signs with a meaning to a parser or to the
//! tools that look for modules in a text are broken up besides.

/// The longest line, in characters; what is longer goes on in the next.
const WIDTH: usize = 100;

/// The text, after `label`, as lines of printable characters without line ends.
#[must_use]
pub fn lines(label: &str, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut line = label.to_owned();
    for word in safe(text).split_ascii_whitespace() {
        if line.len() > label.len() && line.len() + 1 + word.len() > WIDTH {
            out.push(std::mem::take(&mut line));
            line.push(' ');
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out.push(line);
    out
}

/// On one line.
#[must_use]
pub fn line(text: &str) -> String {
    safe(text)
        .split_ascii_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Printable text in which no comment, string, module or separator begins or ends.
fn safe(text: &str) -> String {
    let mut out = String::new();
    let (mut last, mut before_last) = (' ', ' ');
    for c in text.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => out.push(' '),
            // These pairs open or close something, and runs of four separate modules.
            '*' if matches!(last, '(' | '\\') => out.push_str(" *"),
            ')' if last == '*' => out.push_str(" )"),
            // Java's way to write a line end.
            'u' if last == '\\' => out.push_str(" u"),
            '=' | '-' if last == c && before_last == c => {
                out.push(' ');
                out.push(c);
                last = ' ';
            }
            c if c.is_ascii_graphic() || c.is_alphanumeric() => out.push(c),
            c => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
        }
        (before_last, last) = (last, c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_or_opens_something_is_broken_up() {
        assert_eq!(line("a (* b *) \\* c"), "a ( * b * ) \\ * c");
        assert_eq!(line("x\n====\r\n---- MODULE Y"), "x == == -- -- MODULE Y");
        assert_eq!(
            line("\u{2028}tab\there\u{85}\u{0}. \u{202E}"),
            "tab here . <U+202E>"
        );
        assert_eq!(line("\"für\" \\u000a"), "\"für\" \\ u000a");
    }

    #[test]
    fn long_texts_go_on_in_the_next_line() {
        let text = "word ".repeat(50);
        let lines = lines("goal:", &text);
        assert!(lines.len() > 1 && lines.iter().all(|l| l.len() <= WIDTH));
        assert!(lines.iter().all(|l| !l.contains('\n')));
        assert_eq!(lines.join(" ").matches("word").count(), 50);
        assert_eq!(super::lines("goal:", ""), ["goal:"]);
    }
}
