//! The command line: parse, call, write out. Nothing is decided here but the exit code.

pub mod answer;
pub mod approve;
pub mod args;
pub mod audit;
pub mod authority;
pub mod check;
pub mod codes;
pub mod completions;
pub mod critique;
pub mod decide;
pub mod diff;
pub mod doctor;
pub mod envelope;
pub mod exit_code;
pub mod explain;
pub mod gate;
pub mod init;
pub mod iterate;
mod iterate_progress;
mod iterate_seats;
mod iterate_text;
pub mod log;
mod log_messages;
pub mod lower;
pub mod outcome;
pub mod pending;
pub mod progress;
pub mod reject;
pub mod revise;
pub mod revoke;
pub mod schema;
pub mod screen;
pub mod simulate;
pub mod status;
pub mod summary;
pub mod verify;
pub mod waive;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::Parser;
use clap::error::ErrorKind;

use crate::host::interrupt;
use crate::pipeline::engines::THREAD_PREFIX;
use crate::report::plain;
use args::{Cli, Command};
pub use exit_code::ExitCode;
use outcome::Outcome;
use screen::{Screen, write_err, write_out};

/// Runs the program on these arguments, the program's name first, and says how it ends.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    quiet_engine_panics();
    let json = arguments
        .iter()
        .skip(1)
        .take_while(|a| *a != "--")
        .any(|a| a == "--json");
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, json),
    };
    let name = cli.command.name();
    let screen = Screen::of(&cli.global);
    let outcome = guarded(|| dispatch(&cli, &screen));
    write(name, &outcome, &screen)
}

/// The outcome of a command; a panic in it is a bug of ours and says so.
fn guarded(command: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| {
        Outcome::failed(
            ExitCode::Bug,
            "TRIB-BUG",
            "bug in tribunal: it stopped where it should not",
            Some("please report it with the file and the lines above"),
        )
    })
}

fn dispatch(cli: &Cli, screen: &Screen) -> Outcome {
    // Failing to handle Ctrl-C only means that the system's default holds.
    let _ = interrupt::install();
    if let Some(root) = &cli.global.root
        && let Err(error) = std::env::set_current_dir(root)
    {
        let message = format!("cannot work in {}: {error}", root.display());
        return Outcome::failed(ExitCode::Usage, "TRIB-ROOT", &message, None);
    }
    match &cli.command {
        Command::Init => init::run(),
        Command::Check(files) => check::run(files, screen),
        Command::Verify(args) => verify::run(args, screen),
        Command::Critique(args) => critique::run(args, screen),
        Command::Lower(args) => lower::run(args, screen),
        Command::Simulate(args) => simulate::run(args, screen),
        Command::Diff(args) => diff::run(args, screen),
        Command::Iterate(args) => iterate::run(args, screen),
        Command::Log(args) => log::run(args, screen),
        Command::Audit(args) => audit::run(args, screen),
        Command::Revise(args) => revise::run(args, screen),
        Command::Answer(args) => answer::run(args, screen),
        Command::Status => status::run(screen),
        Command::Explain(args) => explain::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Approve(args) => approve::run(args, screen),
        Command::Waive(args) => waive::run(args, screen),
        Command::Reject(args) => reject::run(args, screen),
        Command::Revoke(args) => revoke::run(args, screen),
        Command::Pending => pending::run(screen),
        Command::Gate(args) => gate::run(args, screen),
        Command::Completions(args) => completions::run(args),
    }
}

fn write(name: &str, outcome: &Outcome, screen: &Screen) -> ExitCode {
    let text = if screen.json {
        match serde_json::to_string_pretty(&outcome.envelope(name)) {
            Ok(mut text) => {
                text.push('\n');
                text
            }
            Err(_) => return ExitCode::Bug,
        }
    } else {
        outcome.text.clone()
    };
    // The conclusion first: who reads both streams in one terminal should see the errors last.
    let written = write_out(&text).and(write_err(&outcome.prose));
    match written {
        Ok(()) => outcome.exit,
        Err(_) => outcome.exit.and(ExitCode::Shut),
    }
}

/// A command line that is not right, or a request for help.
fn refuse(error: &clap::Error, json: bool) -> ExitCode {
    let help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    let missing = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let exit = if help && !missing {
        ExitCode::Done
    } else {
        ExitCode::Usage
    };
    if json && exit == ExitCode::Usage {
        let text = error.render().to_string();
        let message = text
            .lines()
            .next()
            .unwrap_or("wrong usage")
            .trim_start_matches("error: ");
        let outcome = Outcome::failed(exit, "TRIB-USAGE", message, Some("run `tribunal --help`"));
        let name = std::env::args()
            .skip(1)
            .find(|a| !a.starts_with('-'))
            .unwrap_or_default();
        let text = serde_json::to_string_pretty(&outcome.envelope(plain::line(&name).as_ref()));
        let _ = write_out(&format!("{}\n", text.unwrap_or_default()));
    }
    let _ = error.print();
    exit
}

/// A panic of an engine's thread becomes that engine's failure in the report; nothing is printed for it.
fn quiet_engine_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let engine = std::thread::current()
            .name()
            .is_some_and(|n| n.starts_with(THREAD_PREFIX));
        if !engine {
            usual(info);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_as_a_bug_with_its_own_exit_code() {
        let outcome = guarded(|| panic!("boom"));
        assert_eq!(outcome.exit, ExitCode::Bug);
        assert_eq!(outcome.errors[0].code, "TRIB-BUG");
        assert!(
            outcome.prose.contains("bug in tribunal"),
            "{}",
            outcome.prose
        );
    }
}
