//! `tribunal lower FILE --to LANGUAGE`: what an engine would be given.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::{LowerArgs, Target};
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use crate::check::CheckedWorkflow;
use crate::finding::PropertyIx;
use crate::host::files::write_atomic;
use crate::ir::canonical;
use crate::lower::{diagram, lean, smt, tla};
use crate::model::{System, desugar};
use crate::pipeline::{LoadedKind, load};

/// `data` of `lower`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LowerJson {
    /// In the order of the languages asked for.
    pub files: Vec<LoweredFile>,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoweredFile {
    /// The language.
    pub target: String,
    /// A file name.
    pub name: String,
    /// Where it was written; null without `--out`.
    pub path: Option<String>,
    /// The text; null with `--out`.
    pub text: Option<String>,
}

/// Runs it.
#[must_use]
pub fn run(args: &LowerArgs, screen: &Screen) -> Outcome {
    let loaded = match load(&args.file) {
        Ok(loaded) => loaded,
        Err(error) => {
            let mut outcome = Outcome::empty();
            outcome.diagnostics(&error.sources, &error.diagnostics, screen);
            return outcome;
        }
    };
    let LoadedKind::Workflow(checked) = &loaded.kind else {
        let help = "`tribunal verify` judges policies";
        return Outcome::failed(
            ExitCode::Usage,
            "TRIB-USAGE",
            "a policy is not lowered",
            Some(help),
        );
    };
    let mut files = Vec::new();
    for target in &args.to {
        match texts(*target, checked) {
            Ok(texts) => files.extend(texts.into_iter().map(|(name, text)| (*target, name, text))),
            Err(why) => return Outcome::failed(ExitCode::Invalid, "TRIB-LOWER", &why, None),
        }
    }
    let mut outcome = if args.out.is_some() {
        write(args, &files)
    } else {
        show(&files)
    };
    outcome.diagnostics(&loaded.sources, &loaded.warnings, screen);
    outcome
}

type Files = [(Target, String, String)];

fn show(files: &Files) -> Outcome {
    let text = match files {
        [(_, _, only)] => only.clone(),
        several => several
            .iter()
            .map(|(_, name, text)| format!("==> {name} <==\n{text}\n"))
            .collect(),
    };
    let files = files
        .iter()
        .map(|(target, name, text)| LoweredFile {
            target: word(*target).to_owned(),
            name: name.clone(),
            path: None,
            text: Some(text.clone()),
        })
        .collect();
    Outcome::done(text, &LowerJson { files })
}

fn write(args: &LowerArgs, files: &Files) -> Outcome {
    let Some(out) = &args.out else {
        return show(files);
    };
    let mut written = Vec::new();
    let mut text = String::new();
    for (target, name, content) in files {
        let path = out.join(name);
        if let Err(error) = write_atomic(&path, content.as_bytes()) {
            let message = format!("{}: {error}", path.display());
            return Outcome::failed(ExitCode::Invalid, "TRIB-STORE", &message, None);
        }
        text.push_str(&format!("wrote {}\n", path.display()));
        written.push(LoweredFile {
            target: word(*target).to_owned(),
            name: name.clone(),
            path: Some(path.display().to_string()),
            text: None,
        });
    }
    Outcome::done(text, &LowerJson { files: written })
}

const fn word(target: Target) -> &'static str {
    match target {
        Target::Tla => "tla",
        Target::Smt => "smt",
        Target::Lean => "lean",
        Target::Mermaid => "mermaid",
        Target::Json => "json",
    }
}

/// The files of one language: names and texts.
fn texts(target: Target, checked: &CheckedWorkflow) -> Result<Vec<(String, String)>, String> {
    let id = checked.ir.id.value.as_str();
    match target {
        Target::Json => {
            let text = serde_json::to_string_pretty(&canonical::to_full_json(&checked.ir))
                .map_err(|e| e.to_string())?;
            Ok(vec![(format!("{id}.json"), text + "\n")])
        }
        Target::Lean => {
            let system = desugar(checked);
            let file = lean::lower(&system, &all(&system), &lean::Options::default())
                .map_err(|e| e.to_string())?;
            Ok(vec![(format!("{id}.lean"), file.text)])
        }
        Target::Mermaid => Ok(vec![(format!("{id}.mmd"), diagram::state_diagram(checked))]),
        Target::Tla => Ok(tla::lower(&desugar(checked)).files),
        Target::Smt => Ok(smt::files(&desugar(checked))
            .into_iter()
            .map(|file| (file.name, file.script.print()))
            .collect()),
    }
}

fn all(system: &System) -> Vec<PropertyIx> {
    system.properties().map(|(ix, _)| ix).collect()
}
