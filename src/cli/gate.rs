//! `tribunal gate [PATH...]`: whether what is approved is still what is there. No engine runs, unless `--reverify` asks.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::{ReportArg, report_arg};
use super::check::one_or_many;
use super::envelope::{ErrorJson, OneOrMany};
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use super::verify::tell_project;
use crate::gate::line::{human, junit, markdown, sarif};
use crate::gate::{Class, GateLine, Reason, ReasonLine, Verdict};
use crate::host::clock::Timestamp;
use crate::host::files::write_atomic;
use crate::pipeline::Project;
use crate::pipeline::gate::{Gated, gate};
use crate::pipeline::subject::{Ground, SubjectError};
use crate::report::render::Format;

/// Arguments of `gate`.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Workflow files; without any, every workflow that was ever verified in this project.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write a report: human, json, sarif, junit, markdown; to PATH, or to stdout instead of the usual one.
    #[arg(long = "report", value_name = "FORMAT[=PATH]", value_parser = report_arg)]
    pub reports: Vec<ReportArg>,
    /// Also ask whether the engines that are installed are those of the report; starts them.
    #[arg(long)]
    pub reverify: bool,
}

/// `data` of `gate`.
pub type GateJson = OneOrMany<GateLine>;

/// Runs it.
#[must_use]
pub fn run(args: &GateArgs, screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    if args.reports.iter().filter(|r| r.path.is_none()).count() > 1 {
        let help = "give all but one a path: `--report sarif=FILE`";
        outcome.fail(
            ExitCode::Usage,
            "TRIB-USAGE",
            "only one report can go to stdout",
            Some(help),
        );
        return outcome;
    }
    let Some(ground) = ground(&mut outcome, screen) else {
        return outcome;
    };
    let gated = gate(&ground, &args.paths, args.reverify, Timestamp::now());
    let lines: Vec<GateLine> = gated
        .iter()
        .map(|one| line(one, &mut outcome, screen))
        .collect();
    if lines.is_empty() {
        outcome
            .prose
            .push_str("no workflow was verified in this project yet\n");
    }
    outcome.data = if args.paths.len() == 1 {
        one_or_many(lines.iter().cloned().map(Some).collect())
    } else {
        let all: Vec<Option<GateLine>> = lines.iter().cloned().map(Some).collect();
        serde_json::to_value(OneOrMany::Many(all)).ok()
    };
    write_reports(args, &lines, &mut outcome, screen);
    outcome
}

/// The project's ground; says what is wrong where there is none.
pub(super) fn ground(outcome: &mut Outcome, screen: &Screen) -> Option<Ground> {
    let project = match Project::find(Path::new(".")) {
        Ok(Some(project)) => project,
        Ok(None) => {
            outcome.fail(
                ExitCode::Invalid,
                "TRIB-NO-PROJECT",
                "this is no project: there is no `.spec` here or above",
                Some("run `tribunal init`"),
            );
            return None;
        }
        Err(error) => {
            tell_project(outcome, &error, screen);
            return None;
        }
    };
    match Ground::of(&project) {
        Ok(ground) => Some(ground),
        Err(error) => {
            tell_project(outcome, &error, screen);
            None
        }
    }
}

/// What is said of one file; counts into the exit code.
fn line(gated: &Gated, outcome: &mut Outcome, screen: &Screen) -> GateLine {
    let line = GateLine::shut(&gated.path);
    match &gated.judged {
        Ok((subject, verdict)) => {
            if let Verdict::Shut(reason) = verdict {
                shut(outcome, reason);
            }
            GateLine {
                workflow: Some(subject.id().to_owned()),
                version: Some(subject.version()),
                digest: Some(subject.digest.to_string()),
                ..line
            }
            .with(verdict)
        }
        Err(error) => {
            tell_subject(outcome, error, screen);
            line
        }
    }
}

/// The exit code and the error of a shut gate.
pub(super) fn shut(outcome: &mut Outcome, reason: &Reason) {
    outcome.exit = outcome.exit.and(exit(reason));
    let line = ReasonLine::from(reason);
    let mut error = ErrorJson::new(&line.code, &line.message, Some(&line.help));
    error.spans.extend(line.place);
    outcome.errors.push(error);
}

/// The exit code of a reason.
pub(super) const fn exit(reason: &Reason) -> ExitCode {
    match reason.cause.class() {
        Class::Shut => ExitCode::Shut,
        Class::Stale => ExitCode::Stale,
        Class::Invalid => ExitCode::Invalid,
        Class::Refused => ExitCode::Refused,
        Class::Conflict => ExitCode::Conflict,
    }
}

/// Says why there is nothing to judge.
pub(super) fn tell_subject(outcome: &mut Outcome, error: &SubjectError, screen: &Screen) {
    let (code, help) = match error {
        SubjectError::File(load) => {
            outcome.diagnostics(&load.sources, &load.diagnostics, screen);
            return;
        }
        SubjectError::Policy(_) | SubjectError::Directory(_) => {
            ("TRIB-NO-WORKFLOW", "name a workflow file")
        }
        SubjectError::Journal(_) => (
            "TRIB-GATE-JOURNAL",
            "restore the journal from version control",
        ),
        SubjectError::NoSource(_) => ("TRIB-GATE-NO-FILE", "run `tribunal verify FILE` again"),
        SubjectError::Renamed { .. } => (
            "TRIB-GATE-NO-FILE",
            "verify the file under its new name, and remove the folder of the old one if it is given up",
        ),
    };
    outcome.fail(ExitCode::Invalid, code, &error.to_string(), Some(help));
}

fn write_reports(args: &GateArgs, lines: &[GateLine], outcome: &mut Outcome, screen: &Screen) {
    let to_stdout = args.reports.iter().find(|r| r.path.is_none());
    let format = to_stdout.map_or(Format::Human, |r| r.format);
    match text(format, lines, outcome, screen) {
        Ok(text) => outcome.text = text,
        Err(why) => outcome.fail(ExitCode::Bug, "TRIB-BUG", &why, None),
    }
    for report in &args.reports {
        let Some(path) = &report.path else { continue };
        let written = text(report.format, lines, outcome, screen)
            .and_then(|text| write_atomic(path, text.as_bytes()).map_err(|e| e.to_string()));
        if let Err(why) = written {
            let message = format!("{}: {why}", path.display());
            outcome.fail(ExitCode::Invalid, "TRIB-STORE", &message, None);
        }
    }
}

fn text(
    format: Format,
    lines: &[GateLine],
    outcome: &Outcome,
    screen: &Screen,
) -> Result<String, String> {
    let pretty = |value: &serde_json::Value| {
        serde_json::to_string_pretty(value)
            .map(|t| t + "\n")
            .map_err(|e| e.to_string())
    };
    match format {
        Format::Human => Ok(human(lines, screen.stdout.verbose, screen.stdout.quiet)),
        Format::Json => {
            let document = serde_json::to_value(outcome.envelope("gate"));
            pretty(&document.map_err(|e| e.to_string())?)
        }
        Format::Sarif => pretty(&sarif(lines)),
        Format::Junit => junit(lines).map_err(|e| e.to_string()),
        Format::Markdown => Ok(markdown(lines)),
    }
}
