//! TLC's output in tool mode: messages with codes, and the lines that our own checks print in between. The codes are what
//! counts; wording differs from version to version and is read only where a code leaves something open.

use crate::lower::tla::{CHECKING, REACHED};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// TLC's number for it, see [`code`].
    pub code: u32,
    /// 0 a message, 1 an error, 2 a bug of TLC, 3 a warning, 4 a state of a trace.
    pub severity: u32,
    /// Its lines, without the last line end.
    pub body: String,
}

/// The codes that are looked at.
pub mod code {
    /// Not enough memory.
    pub const OUT_OF_MEMORY: u32 = 1001;
    /// Not enough memory for the initial states.
    pub const OUT_OF_MEMORY_INIT: u32 = 1002;
    /// An invariant is false in an initial state, which the message shows.
    pub const INVARIANT_INITIAL: u32 = 2107;
    /// A property's state part is false in an initial state, which the message shows.
    pub const PROPERTY_INITIAL: u32 = 2108;
    /// An invariant is false at the end of the trace that follows.
    pub const INVARIANT: u32 = 2110;
    /// A property's step part is false of the last step of the trace that follows.
    pub const ACTION_PROPERTY: u32 = 2112;
    /// A temporal property is false of the lasso that follows.
    pub const TEMPORAL: u32 = 2116;
    /// The lasso goes back to this state.
    pub const BACK_TO_STATE: u32 = 2122;
    /// The search is over and found nothing.
    pub const SUCCESS: u32 = 2193;
    /// The depth of the graph, in states.
    pub const DEPTH: u32 = 2194;
    /// Temporal properties are checked on the graph.
    pub const CHECKING_TEMPORAL: u32 = 2192;
    /// How many states there were, and how many are left.
    pub const STATS: u32 = 2199;
    /// A state of a trace.
    pub const STATE: u32 = 2217;
    /// The trace stutters in its last state for ever.
    pub const STUTTERING: u32 = 2218;
    /// TLC's name and version.
    pub const VERSION: u32 = 2262;
}

/// What a run printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The messages, in order.
    pub messages: Vec<Message>,
    /// The checks that announced themselves.
    pub checking: Vec<String>,
    /// The properties that were announced as reached.
    pub reached: Vec<String>,
    /// Whether the last message has no end, as when TLC was killed.
    pub cut: bool,
}

impl Transcript {
    /// Reads standard output. Lines that belong to nothing known are passed over.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut out = Self::default();
        let mut open: Option<(Message, Vec<&str>)> = None;
        for line in text.lines() {
            if let Some((code, severity)) = start(line) {
                // A start within a message: the one before was cut.
                out.close(open.take());
                let body = String::new();
                open = Some((
                    Message {
                        code,
                        severity,
                        body,
                    },
                    Vec::new(),
                ));
            } else if let Some(code) = end(line) {
                match open.take() {
                    Some((message, lines)) if message.code == code => {
                        out.close(Some((message, lines)))
                    }
                    Some(_) | None => out.cut = true,
                }
            } else if let Some(name) = announced(line, CHECKING) {
                out.checking.push(name.to_owned());
            } else if let Some(name) = announced(line, REACHED) {
                out.reached.push(name.to_owned());
            } else if let Some((_, lines)) = &mut open {
                lines.push(line);
            }
        }
        if open.is_some() {
            out.cut = true;
            out.close(open);
        }
        out
    }

    fn close(&mut self, open: Option<(Message, Vec<&str>)>) {
        if let Some((mut message, lines)) = open {
            message.body = lines.join("\n").trim().to_owned();
            self.messages.push(message);
        }
    }

    /// The first message with this code.
    #[must_use]
    pub fn first(&self, code: u32) -> Option<&Message> {
        self.messages.iter().find(|m| m.code == code)
    }

    /// The last message with this code.
    #[must_use]
    pub fn last(&self, code: u32) -> Option<&Message> {
        self.messages.iter().rev().find(|m| m.code == code)
    }
}

/// `@!@!@STARTMSG 2262:0 @!@!@`
fn start(line: &str) -> Option<(u32, u32)> {
    let rest = line.strip_prefix("@!@!@STARTMSG ")?;
    let (code, severity) = rest.strip_suffix(" @!@!@")?.split_once(':')?;
    Some((code.parse().ok()?, severity.parse().ok()?))
}

/// `@!@!@ENDMSG 2262 @!@!@`
fn end(line: &str) -> Option<u32> {
    let rest = line.strip_prefix("@!@!@ENDMSG ")?;
    rest.strip_suffix(" @!@!@")?.parse().ok()
}

/// `<<"checking", "check_x">>`
fn announced<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let rest = line.strip_prefix("<<\"")?.strip_prefix(word)?;
    let name = rest.strip_prefix("\", \"")?.strip_suffix("\">>")?;
    (!name.contains('"')).then_some(name)
}

/// The number, with or without commas, before `words` in a message's text.
#[must_use]
pub fn number_before(text: &str, words: &str) -> Option<u64> {
    let (before, _) = text.split_once(words)?;
    let before = before.trim_end();
    let digits: String = before
        .rsplit(|c: char| !c.is_ascii_digit() && c != ',')
        .next()?
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_announcements_are_told_from_other_lines() {
        let text = "junk\n@!@!@STARTMSG 2199:0 @!@!@\n10 states\n\n@!@!@ENDMSG 2199 @!@!@\n\
                    <<\"checking\", \"check_a\">>\n<<\"reached\", \"state_A\">>\n<<\"seen\", \"x\">>\n<<\"checking\", \"a\"b\">>\n";
        let t = Transcript::read(text);
        assert_eq!(
            t.messages,
            [Message {
                code: 2199,
                severity: 0,
                body: "10 states".to_owned()
            }]
        );
        assert_eq!(
            (t.checking, t.reached),
            (vec!["check_a".to_owned()], vec!["state_A".to_owned()])
        );
        assert!(!t.cut);
    }

    #[test]
    fn a_message_without_its_end_marks_the_transcript_as_cut() {
        let t = Transcript::read("@!@!@STARTMSG 2193:0 @!@!@\nModel checking comp");
        assert!(t.cut);
        let t = Transcript::read("@!@!@STARTMSG 1:0 @!@!@\na\n@!@!@ENDMSG 2 @!@!@\n");
        assert!(t.cut && t.messages.is_empty());
        assert_eq!(Transcript::read(""), Transcript::default());
    }

    #[test]
    fn numbers_are_read_with_commas() {
        let text = "Progress(11): 36,873 states generated (1,796 s/min), 6,912 distinct states found, 0 states left on queue.";
        assert_eq!(number_before(text, " states generated"), Some(36_873));
        assert_eq!(number_before(text, " distinct states"), Some(6_912));
        assert_eq!(number_before(text, " states left on queue"), Some(0));
        assert_eq!(number_before(text, " missing"), None);
        assert_eq!(number_before("many states", " states"), None);
    }
}
