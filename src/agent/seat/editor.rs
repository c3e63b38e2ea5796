//! A person at the terminal, who writes in the editor that VISUAL or EDITOR names. The editor's words come from the
//! environment and are split as a shell would, without any of its expansions; no shell runs.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _, stderr, stdin, stdout};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{PERSON, SeatError, SeatFailure};
use crate::host::cancel::CancelToken;
use crate::host::files::{read_text_capped, write_atomic};
use crate::host::user;
use crate::protocol::Spend;
use crate::report::plain;
use crate::syntax::limits::FILE_BYTES;

/// An editor and a person in front of it.
pub struct Editor {
    command: Vec<String>,
    again: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

/// Why no person can be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditorError {
    /// Input or output is no terminal.
    #[error("there is no terminal to ask at")]
    NoTerminal,
    /// No editor is named.
    #[error("no editor is named: set VISUAL or EDITOR")]
    NoEditor,
    /// The name cannot be split into words.
    #[error("{variable} has a quote that is not closed")]
    Quote {
        /// The variable.
        variable: &'static str,
    },
}

impl Editor {
    /// The editor of this terminal. `variable` reads the environment.
    ///
    /// # Errors
    /// See [`EditorError`].
    pub fn at_terminal(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, EditorError> {
        if !(stdin().is_terminal() && stdout().is_terminal() && stderr().is_terminal()) {
            return Err(EditorError::NoTerminal);
        }
        Self::named(variable, Box::new(ask_again))
    }

    /// The editor that is named; `again` tells the person what is wrong and asks whether to go on.
    pub(super) fn named(
        variable: &dyn Fn(&str) -> Option<String>,
        again: Box<dyn Fn(&str) -> bool + Send + Sync>,
    ) -> Result<Self, EditorError> {
        for name in ["VISUAL", "EDITOR"] {
            let Some(text) = variable(name).filter(|text| !text.trim().is_empty()) else {
                continue;
            };
            let command = split(&text).ok_or(EditorError::Quote { variable: name })?;
            return Ok(Self { command, again });
        }
        Err(EditorError::NoEditor)
    }

    /// Lets the person write until `read` takes it. A file that comes back as it was is the end of it.
    ///
    /// # Errors
    /// `Cancelled` where the person gives up, `Unavailable` where the editor cannot be run.
    pub(super) fn write<T>(
        &self,
        file: &str,
        template: &str,
        read: impl Fn(&str) -> Result<T, Vec<String>>,
        cancel: &CancelToken,
    ) -> Result<T, SeatError> {
        let unavailable = |why: String| failed(why, SeatFailure::Unavailable);
        let room = tempfile::tempdir().map_err(|error| unavailable(error.to_string()))?;
        let path = room.path().join(file);
        let mut before = template.to_owned();
        let written = write_atomic(&path, before.as_bytes());
        written.map_err(|error| unavailable(error.to_string()))?;
        loop {
            if cancel.cancelled() {
                return Err(failed("interrupted".to_owned(), SeatFailure::Cancelled));
            }
            self.open(&path)?;
            let after = read_text_capped(&path, FILE_BYTES as u64)
                .map_err(|error| unavailable(error.to_string()))?;
            if after == before {
                let why = "the file came back as it was, so nothing is proposed";
                return Err(failed(why.to_owned(), SeatFailure::Cancelled));
            }
            let wrong = match read(&after) {
                Ok(value) => return Ok(value),
                Err(wrong) => wrong,
            };
            let mut told = String::from("This cannot be used:\n");
            for line in wrong.iter().flat_map(|why| why.lines()) {
                // Writing to a string cannot fail.
                let _ = writeln!(told, "  {}", plain::line(line));
            }
            if !(self.again)(&told) {
                return Err(failed(
                    "the person gave up".to_owned(),
                    SeatFailure::Cancelled,
                ));
            }
            before = after;
        }
    }

    fn open(&self, path: &Path) -> Result<(), SeatError> {
        let unavailable = |why: String| failed(why, SeatFailure::Unavailable);
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(unavailable(EditorError::NoEditor.to_string()));
        };
        let ended = Command::new(program)
            .args(arguments)
            .arg(path)
            .stdin(Stdio::inherit())
            .stdout(Stdio::inherit())
            .stderr(Stdio::inherit())
            .status()
            .map_err(|error| unavailable(format!("the editor `{program}`: {error}")))?;
        if ended.success() {
            Ok(())
        } else {
            let why = format!("the editor `{program}` ended with {ended}");
            Err(failed(why, SeatFailure::Cancelled))
        }
    }
}

/// `person/` and the user's name.
pub(super) fn name() -> String {
    format!("{PERSON}{}", user::name())
}

fn failed(why: String, sort: SeatFailure) -> SeatError {
    SeatError {
        why,
        sort,
        spend: Spend::default(),
    }
}

fn ask_again(told: &str) -> bool {
    let mut answer = String::new();
    let asked = write!(stderr(), "{told}Edit again? [Y/n] ").and_then(|()| stderr().flush());
    let read = stdin().read_line(&mut answer);
    // A closed terminal asks for nothing more.
    asked.is_ok()
        && read.is_ok_and(|bytes| bytes > 0)
        && matches!(
            answer.trim().to_ascii_lowercase().as_str(),
            "" | "y" | "yes"
        )
}

/// The words of a command line; `None` where a quote is not closed.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.get_or_insert_default().push(c),
            (Some(_), '\\') => {
                let next = chars.next()?;
                let word = word.get_or_insert_default();
                if !matches!(next, '"' | '\\' | '$' | '`') {
                    word.push('\\');
                }
                word.push(next);
            }
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            (None, '\\') => word.get_or_insert_default().push(chars.next()?),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (Some(_) | None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_split_into_words_and_nothing_is_expanded() {
        let words = |text: &str| split(text).expect(text);
        assert_eq!(words("  vim  -u NONE "), ["vim", "-u", "NONE"]);
        assert_eq!(
            words(r#"'/my editor/e' --a="b c" d\ e """#),
            ["/my editor/e", "--a=b c", "d e", ""]
        );
        assert_eq!(
            words(r#"e $(rm) `x` ; | "a\"b\n" '\'"#),
            ["e", "$(rm)", "`x`", ";", "|", "a\"b\\n", "\\"]
        );
        assert_eq!(
            [split("a 'b"), split("a \"b"), split("a \\")],
            [None, None, None]
        );
    }

    #[test]
    fn visual_goes_before_editor_and_one_of_them_is_needed() {
        let named = |pairs: &'static [(&str, &str)]| {
            let variable = |name: &str| {
                let found = pairs.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Editor::named(&variable, Box::new(|_| false)).map(|editor| editor.command)
        };
        assert_eq!(
            named(&[("EDITOR", "e"), ("VISUAL", "v -w")]),
            Ok(vec!["v".to_owned(), "-w".to_owned()])
        );
        assert_eq!(
            named(&[("EDITOR", "e"), ("VISUAL", " ")]),
            Ok(vec!["e".to_owned()])
        );
        assert_eq!(named(&[]), Err(EditorError::NoEditor));
        assert_eq!(
            named(&[("EDITOR", "'e")]),
            Err(EditorError::Quote { variable: "EDITOR" })
        );
    }
}
