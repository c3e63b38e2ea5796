//! Asks the person at the terminal.

use std::io::{self, BufRead, Write};
use std::os::fd::AsFd;

use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};

/// Asks, and gives the answer without its line end; `None` at the end of the input.
///
/// # Errors
/// When the terminal cannot be read or written.
pub fn ask(question: &str) -> io::Result<Option<String>> {
    let mut out = io::stderr().lock();
    out.write_all(question.as_bytes())?;
    out.flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// The same for a secret: what is typed is not shown.
///
/// # Errors
/// When the terminal cannot be read, written, or told not to show it.
pub fn ask_secret(question: &str) -> io::Result<Option<String>> {
    let terminal = io::stdin();
    let usual = tcgetattr(terminal.as_fd())?;
    let mut silent = usual.clone();
    silent.local_flags.remove(LocalFlags::ECHO);
    silent.local_flags.insert(LocalFlags::ECHONL);
    tcsetattr(terminal.as_fd(), SetArg::TCSAFLUSH, &silent)?;
    let answer = ask(question);
    tcsetattr(terminal.as_fd(), SetArg::TCSAFLUSH, &usual)?;
    answer
}
