//! `tribunal verify FILE...`: asks the engines and reports.

use std::path::Path;
use std::time::Duration;

use super::args::{Deny, EngineArg, ReportArg, VerifyArgs};
use super::check::one_or_many;
use super::envelope::OneOrMany;
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::progress::Lines;
use super::screen::Screen;
use crate::finding::{Engine, Severity};
use crate::host::files::write_atomic;
use crate::host::interrupt;
use crate::pipeline::record::RecordError;
use crate::pipeline::{
    Project, ProjectError, Selection, StoreError, Verified, Verify, VerifyError, verify,
};
use crate::report::render::json::ReportJson;
use crate::report::render::{Format, Page, human, json, junit, markdown, sarif};
use crate::report::{Report, Verdict};

/// Runs it.
#[must_use]
pub fn run(args: &VerifyArgs, screen: &Screen) -> Outcome {
    let to_stdout: Vec<&ReportArg> = args.reports.iter().filter(|r| r.path.is_none()).collect();
    if to_stdout.len() > 1 {
        let help = "give all but one a path: `--report sarif=FILE`";
        return Outcome::failed(
            ExitCode::Usage,
            "TRIB-USAGE",
            "only one report can go to stdout",
            Some(help),
        );
    }
    let mut outcome = Outcome::empty();
    let project = match Project::find(Path::new(".")) {
        Ok(project) => project,
        Err(error) => {
            tell_project(&mut outcome, &error, screen);
            return outcome;
        }
    };
    let lines = Lines::new(screen.progress);
    let options = Verify {
        engines: selection(&args.engines, project.as_ref()),
        properties: &args.properties,
        deadline: Duration::from_secs(args.deadline),
        project: project.as_ref(),
        out: args.out.as_deref(),
        cancel: interrupt::token().child(),
        progress: &|p| lines.show(&p),
    };
    let mut done: Vec<Option<Verified>> = Vec::new();
    for path in &args.files {
        let result = verify(path, &options);
        lines.clear();
        match result {
            Ok(verified) => {
                outcome.diagnostics(&verified.sources, &verified.warnings, screen);
                outcome.exit = outcome.exit.and(exit(&verified.report, args.deny));
                done.push(Some(verified));
            }
            Err(error) => {
                tell(&mut outcome, &error, screen);
                done.push(None);
                if matches!(error, VerifyError::Interrupted) {
                    break;
                }
            }
        }
    }
    let pages: Vec<Page<'_>> = done
        .iter()
        .flatten()
        .map(|v| Page {
            report: &v.report,
            sources: &v.sources,
        })
        .collect();
    outcome.findings = pages.iter().flat_map(|p| json::findings(*p)).collect();
    let data = done.iter().map(|v| {
        v.as_ref().map(|v| {
            json::data(Page {
                report: &v.report,
                sources: &v.sources,
            })
        })
    });
    outcome.data = one_or_many(data.collect());
    write_reports(args, &pages, &mut outcome, screen);
    outcome
}

/// The engines that were asked for, else those of the project.
pub(super) fn selection(engines: &[EngineArg], project: Option<&Project>) -> Selection {
    if !engines.is_empty() {
        return Selection::Named(engines.iter().map(|e| engine(*e)).collect());
    }
    match project.and_then(|p| p.config.engines.as_ref()) {
        Some(engines) if !engines.is_empty() => {
            Selection::Named(engines.iter().map(|e| (*e).into()).collect())
        }
        Some(_) | None => Selection::Installed,
    }
}

pub(super) const fn engine(arg: EngineArg) -> Engine {
    match arg {
        EngineArg::Explore => Engine::Explore,
        EngineArg::Tlc => Engine::Tlc,
        EngineArg::Z3 => Engine::Z3,
        EngineArg::Lean => Engine::Lean,
    }
}

/// The exit code of one report.
fn exit(report: &Report, deny: Option<Deny>) -> ExitCode {
    let denied = deny == Some(Deny::Warning) && report.count(Severity::Warning) > 0;
    match report.verdict {
        Verdict::Blocking => ExitCode::Shut,
        Verdict::Clean | Verdict::Warnings | Verdict::Inconclusive if denied => ExitCode::Shut,
        Verdict::Clean | Verdict::Warnings => ExitCode::Done,
        Verdict::Inconclusive => ExitCode::Inconclusive,
    }
}

/// Says why there is no report.
pub(super) fn tell(outcome: &mut Outcome, error: &VerifyError, screen: &Screen) {
    match error {
        VerifyError::File(load) => outcome.diagnostics(&load.sources, &load.diagnostics, screen),
        VerifyError::Project(error) => tell_project(outcome, error, screen),
        VerifyError::Store(error @ StoreError::Taken { .. }) => outcome.fail(
            ExitCode::Conflict,
            "TRIB-VERSION-TAKEN",
            &error.to_string(),
            Some("what is kept of a version never changes; a changed workflow is a new version"),
        ),
        VerifyError::Store(error @ StoreError::File(_)) => {
            outcome.fail(ExitCode::Invalid, "TRIB-STORE", &error.to_string(), None);
        }
        VerifyError::Record(error) => tell_record(outcome, error),
        VerifyError::NoProperty { .. } => {
            let help = "`tribunal verify -v FILE` lists the ids of all properties";
            outcome.fail(
                ExitCode::Usage,
                "TRIB-NO-PROPERTY",
                &error.to_string(),
                Some(help),
            );
        }
        VerifyError::Interrupted => {
            outcome.fail(
                ExitCode::Interrupted,
                "TRIB-INTERRUPTED",
                "interrupted; nothing is concluded",
                None,
            );
        }
    }
}

fn tell_record(outcome: &mut Outcome, error: &RecordError) {
    let (exit, code) = match error {
        RecordError::Store(_) => (ExitCode::Invalid, "TRIB-STORE"),
        RecordError::Journal(error) => (ExitCode::Invalid, error.code()),
        RecordError::Report(_) => (ExitCode::Bug, "TRIB-BUG"),
    };
    outcome.fail(exit, code, &error.to_string(), None);
}

/// Says what is wrong with a project.
pub(super) fn tell_project(outcome: &mut Outcome, error: &ProjectError, screen: &Screen) {
    match error {
        ProjectError::Policy(load) => outcome.diagnostics(&load.sources, &load.diagnostics, screen),
        ProjectError::Config { .. } => {
            let help = "keys are llm_provider, model, anthropic_api_key_env, backends, engines, single_person";
            outcome.fail(
                ExitCode::Invalid,
                "TRIB-CONFIG",
                &error.to_string(),
                Some(help),
            );
        }
        ProjectError::NoPolicy { .. } => {
            outcome.fail(
                ExitCode::Invalid,
                "TRIB-NO-POLICY",
                &error.to_string(),
                None,
            );
        }
    }
}

/// The reports that were asked for; without any, the human one.
fn write_reports(args: &VerifyArgs, pages: &[Page<'_>], outcome: &mut Outcome, screen: &Screen) {
    let stdout = args
        .reports
        .iter()
        .find(|r| r.path.is_none())
        .map_or(Format::Human, |r| r.format);
    match text(stdout, pages, outcome, &screen.stdout) {
        Ok(text) => outcome.text = text,
        Err(why) => outcome.fail(ExitCode::Bug, "TRIB-BUG", &why, None),
    }
    for report in &args.reports {
        let Some(path) = &report.path else { continue };
        let written = text(report.format, pages, outcome, &human::Style::PLAIN)
            .and_then(|text| write_atomic(path, text.as_bytes()).map_err(|e| e.to_string()));
        if let Err(why) = written {
            outcome.fail(
                ExitCode::Invalid,
                "TRIB-STORE",
                &format!("{}: {why}", path.display()),
                None,
            );
        }
    }
}

fn text(
    format: Format,
    pages: &[Page<'_>],
    outcome: &Outcome,
    style: &human::Style,
) -> Result<String, String> {
    let pretty = |value: &serde_json::Value| {
        serde_json::to_string_pretty(value)
            .map(|t| t + "\n")
            .map_err(|e| e.to_string())
    };
    match format {
        Format::Human => Ok(pages
            .iter()
            .map(|p| human::render(*p, style))
            .collect::<Vec<_>>()
            .join("\n")),
        Format::Json => {
            let document =
                serde_json::to_value(outcome.envelope("verify")).map_err(|e| e.to_string())?;
            pretty(&document)
        }
        Format::Sarif => pretty(&sarif::render(pages)),
        Format::Junit => junit::render(pages).map_err(|e| e.to_string()),
        Format::Markdown => Ok(pages
            .iter()
            .map(|p| markdown::render(*p))
            .collect::<Vec<_>>()
            .join("\n")),
    }
}

/// `data` of `verify`.
pub type VerifyJson = OneOrMany<ReportJson>;
