//! Colours, widths and wrapped lines.

use anstyle::{AnsiColor, Style as Ansi};

/// How to show a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to show what is left out otherwise: infos, automatic properties that hold, all fairness assumptions.
    pub verbose: bool,
    /// Whether to show only the conclusion.
    pub quiet: bool,
}

impl Style {
    /// Without colours, 100 columns wide: what a file or a pipe gets.
    pub const PLAIN: Self = Self {
        color: false,
        width: 100,
        verbose: false,
        quiet: false,
    };
}

/// Colours text, or leaves it as it is.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// How.
    pub style: Style,
}

const INDENT: &str = "    ";
const LABEL: usize = 8;

impl Paint {
    /// A painter of this style.
    #[must_use]
    pub const fn new(style: &Style) -> Self {
        Self { style: *style }
    }

    fn with(&self, ansi: Ansi, text: &str) -> String {
        if self.style.color {
            format!("{ansi}{text}{ansi:#}")
        } else {
            text.to_owned()
        }
    }

    /// Bold.
    #[must_use]
    pub fn strong(&self, text: &str) -> String {
        self.with(Ansi::new().bold(), text)
    }

    /// Faint.
    #[must_use]
    pub fn dim(&self, text: &str) -> String {
        self.with(Ansi::new().dimmed(), text)
    }

    /// Good.
    #[must_use]
    pub fn green(&self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// Bad.
    #[must_use]
    pub fn red(&self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// Doubtful.
    #[must_use]
    pub fn yellow(&self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// A name.
    #[must_use]
    pub fn cyan(&self, text: &str) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    /// A line `    label  text`, wrapped under itself; text must not be coloured yet.
    pub fn entry(&self, out: &mut String, label: &str, text: &str) {
        let width = self
            .style
            .width
            .saturating_sub(INDENT.len() + LABEL)
            .max(24);
        for (i, line) in wrap(text, width).iter().enumerate() {
            let label = if i == 0 { label } else { "" };
            out.push_str(&format!(
                "{INDENT}{}{line}\n",
                self.cyan(&format!("{label:<LABEL$}"))
            ));
        }
    }
}

/// The text in lines of at most `width` characters, broken at blanks; a longer word gets a line of its own.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Pads to a number of columns, by characters.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    let have = text.chars().count();
    format!("{text}{}", " ".repeat(width.saturating_sub(have)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_words_stay_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible a", 5), ["incomprehensible", "a"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn without_colour_there_is_no_escape() {
        assert_eq!(Paint::new(&Style::PLAIN).red("x"), "x");
        assert!(
            Paint::new(&Style {
                color: true,
                ..Style::PLAIN
            })
            .red("x")
            .contains('\u{1b}')
        );
    }
}
