//! What the two output streams can show: colours, width, whether a person is looking.

use std::io::{self, ErrorKind, IsTerminal, Write};

use super::args::{ColorWhen, Global};
use crate::report::render::human::Style;

/// How to show things on stdout and stderr.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// For stdout.
    pub stdout: Style,
    /// For stderr.
    pub stderr: Style,
    /// Whether stderr is a terminal and progress may be drawn on it.
    pub progress: bool,
    /// Whether a person can be asked.
    pub interactive: bool,
    /// Whether stdout carries one JSON document.
    pub json: bool,
}

impl Screen {
    /// By the flags, the environment and the streams.
    #[must_use]
    pub fn of(global: &Global) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let style = |terminal: bool| Style {
            color: colors(global.color, terminal),
            width: if terminal {
                width()
            } else {
                Style::PLAIN.width
            },
            verbose: global.verbose > 0,
            quiet: global.quiet,
        };
        Self {
            stdout: style(out),
            stderr: style(err),
            progress: err && !global.quiet && !global.json,
            interactive: !global.no_input && !global.json && out && io::stdin().is_terminal(),
            json: global.json,
        }
    }
}

/// A flag goes before the environment; NO_COLOR before CLICOLOR_FORCE.
fn colors(when: ColorWhen, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) => false,
        ColorWhen::Auto if set("CLICOLOR_FORCE") => true,
        ColorWhen::Auto => terminal && std::env::var_os("TERM").is_none_or(|t| t != "dumb"),
    }
}

fn width() -> usize {
    let columns = terminal_size::terminal_size().map_or(100, |(w, _)| usize::from(w.0));
    columns.clamp(60, 120)
}

/// Writes to stdout. A reader that went away is no error: whoever closed the pipe has seen enough.
///
/// # Errors
/// Any other failure to write.
pub fn write_out(text: &str) -> io::Result<()> {
    quietly(io::stdout().lock(), text)
}

/// Writes to stderr, in the same way.
///
/// # Errors
/// Any other failure to write.
pub fn write_err(text: &str) -> io::Result<()> {
    quietly(io::stderr().lock(), text)
}

fn quietly(mut stream: impl Write, text: &str) -> io::Result<()> {
    match stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush())
    {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
