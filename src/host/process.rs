//! Runs one program to its end: own process group, deadline, output cap, cancellation. Nothing of it outlives the call.
//!
//! When the program ends, by itself or not, what is left of its process group is killed. A descendant that made a
//! session of its own escapes that; the call then returns with `output_complete` false instead of waiting for it.

mod group;
mod spawn;
mod streams;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use crate::host::cancel::CancelToken;
use crate::host::clock::Stopwatch;

pub use group::kill_all_groups;

/// How often cancellation is looked at while nothing happens.
const POLL: Duration = Duration::from_millis(20);
/// How long output is awaited after the program and its group are gone.
const GRACE: Duration = Duration::from_secs(2);

/// A program to run and all it is given. Printing it with `{:?}` shows no environment values.
#[derive(Clone)]
pub struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    inherit_env: bool,
    kept: Vec<OsString>,
    set: Vec<(OsString, OsString)>,
    cwd: Option<PathBuf>,
    stdin: Option<Vec<u8>>,
}

/// What a run may use. There is no default: each caller says how long it waits and how much it reads.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Wall-clock time from the start.
    pub deadline: Duration,
    /// Bytes kept of each of standard output and standard error; one byte more ends the run.
    pub output_cap: usize,
    /// Ends the run when cancelled.
    pub cancel: CancelToken,
}

/// How a run ended. Only `Exited(0)` is what programs call success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It ended by itself with this exit code.
    Exited(i32),
    /// A signal that this call did not send ended it.
    Signalled(i32),
    /// The deadline passed; it was killed.
    DeadlineExceeded,
    /// It wrote more than the cap to one stream; it was killed.
    OutputCapped,
    /// The caller's token was cancelled; it was killed, or never started.
    Cancelled,
    /// It could not be started, for this reason.
    FailedToStart(String),
}

/// What a run gave. Output is there however it ended, as far as it was read.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// Standard output, at most the cap, with invalid UTF-8 replaced.
    pub stdout: String,
    /// Standard error, likewise.
    pub stderr: String,
    /// Whether both streams were read to their end.
    pub output_complete: bool,
    /// Wall-clock time from before the start to after the end.
    pub elapsed: Duration,
    /// CPU seconds of the program and of the children it waited for, where the system tells.
    pub cpu_seconds: Option<f64>,
}

impl Outcome {
    /// Whether it exited with 0 and all its output was read.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.end == End::Exited(0) && self.output_complete
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "exited with code {code}"),
            Self::Signalled(signal) => write!(f, "was ended by signal {signal}"),
            Self::DeadlineExceeded => f.write_str("did not finish before its deadline"),
            Self::OutputCapped => f.write_str("wrote more output than is read"),
            Self::Cancelled => f.write_str("was cancelled"),
            Self::FailedToStart(reason) => write!(f, "could not be started: {reason}"),
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("command_line", &self.command_line())
            .field("cwd", &self.cwd)
            .finish_non_exhaustive()
    }
}

impl Program {
    /// The program at `path`, with this process's environment and directory, no arguments, and no input.
    ///
    /// A bare name is looked up in `PATH`; prefer a path found by `host::tools`.
    pub fn new(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        Self {
            path,
            args: vec![],
            inherit_env: true,
            kept: vec![],
            set: vec![],
            cwd: None,
            stdin: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<T: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = T>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.set
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Starts from an empty environment instead of this process's.
    #[must_use]
    pub fn clear_env(mut self) -> Self {
        self.inherit_env = false;
        self
    }

    /// After [`clear_env`](Self::clear_env): passes on this variable of this process's environment, if it is set.
    #[must_use]
    pub fn keep_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.kept.push(name.as_ref().to_owned());
        self
    }

    /// Runs it in this directory.
    #[must_use]
    pub fn cwd(mut self, directory: impl AsRef<Path>) -> Self {
        self.cwd = Some(directory.as_ref().to_owned());
        self
    }

    /// Gives it these bytes on standard input; without them it reads an empty one.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// The program and its arguments, as they are to be recorded.
    #[must_use]
    pub fn command_line(&self) -> Vec<String> {
        let path = self.path.to_string_lossy().into_owned();
        std::iter::once(path)
            .chain(
                self.args
                    .iter()
                    .map(|arg| arg.to_string_lossy().into_owned()),
            )
            .collect()
    }

    /// Runs the program to its end.
    #[must_use]
    pub fn run(&self, limits: &Limits) -> Outcome {
        self.run_inner(limits, None)
    }

    /// Runs the program to its end and calls `on_line` with each line of its standard output as it comes, without
    /// the line's end. Lines that come after a deadline, a cancellation or the cap are not passed on.
    #[must_use]
    pub fn run_streaming(&self, limits: &Limits, on_line: &mut dyn FnMut(&str)) -> Outcome {
        self.run_inner(limits, Some(on_line))
    }

    fn run_inner(&self, limits: &Limits, on_line: Option<&mut dyn FnMut(&str)>) -> Outcome {
        let watch = Stopwatch::start();
        let (end, captured, cpu_seconds) = if limits.cancel.cancelled() {
            (End::Cancelled, streams::Captured::nothing(), None)
        } else {
            match self.spawn() {
                Ok(child) => drive(
                    group::Group::of(child),
                    self.stdin.clone(),
                    limits,
                    watch,
                    on_line,
                ),
                Err(reason) => (
                    End::FailedToStart(reason),
                    streams::Captured::nothing(),
                    None,
                ),
            }
        };
        let streams::Captured {
            stdout,
            stderr,
            complete,
        } = captured;
        Outcome {
            end,
            stdout,
            stderr,
            output_complete: complete,
            elapsed: watch.elapsed(),
            cpu_seconds,
        }
    }
}

/// Reads the streams until the program is gone, enforcing the limits.
fn drive(
    mut group: group::Group,
    stdin: Option<Vec<u8>>,
    limits: &Limits,
    watch: Stopwatch,
    mut on_line: Option<&mut dyn FnMut(&str)>,
) -> (End, streams::Captured, Option<f64>) {
    let streams = streams::Streams::attach(&mut group, stdin, limits.output_cap, on_line.is_some());
    let mut forced: Option<End> = None;
    let mut gone: Option<Stopwatch> = None;
    let mut open = streams.count();
    let mut cpu_seconds = None;
    while gone.is_none() || open > 0 {
        if let Some(since) = gone
            && since.elapsed() > GRACE
        {
            break;
        }
        if gone.is_none() && forced.is_none() {
            forced = if limits.cancel.cancelled() {
                Some(End::Cancelled)
            } else if watch.left_of(limits.deadline).is_zero() {
                Some(End::DeadlineExceeded)
            } else {
                None
            };
            if forced.is_some() {
                group.kill();
            }
        }
        let pause = if forced.is_some() {
            POLL
        } else {
            POLL.min(watch.left_of(limits.deadline))
        };
        match streams.next(pause.max(Duration::from_millis(1))) {
            Some(streams::Event::Line(line)) => {
                if let (Some(call), None) = (on_line.as_mut(), &forced) {
                    call(&line);
                }
            }
            Some(streams::Event::Capped) if forced.is_none() => {
                forced = Some(End::OutputCapped);
                group.kill();
            }
            Some(streams::Event::Capped) | None => {}
            Some(streams::Event::Closed) => open = open.saturating_sub(1),
            Some(streams::Event::Gone) => {
                cpu_seconds = group.cpu_seconds();
                // What the program left running would hold its streams open, and go on unseen.
                group.kill();
                gone = Some(Stopwatch::start());
            }
        }
    }
    let status = group.reap();
    let captured = streams.into_captured(open == 0);
    (
        forced.unwrap_or_else(|| natural_end(status)),
        captured,
        cpu_seconds,
    )
}

fn natural_end(status: std::io::Result<ExitStatus>) -> End {
    match status {
        Ok(status) => match (status.code(), status.signal()) {
            (Some(code), _) => End::Exited(code),
            (None, Some(signal)) => End::Signalled(signal),
            (None, None) => End::FailedToStart(format!("its end could not be read: {status}")),
        },
        Err(error) => End::FailedToStart(format!("its end could not be read: {error}")),
    }
}
