//! `tribunal init`: makes the current directory a project. Writes what is missing and overwrites nothing.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exit_code::ExitCode;
use super::outcome::Outcome;
use crate::host::files::{FileError, read_text_capped, write_atomic};

/// `data` of `init`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InitJson {
    /// Files that were made or gained lines.
    pub written: Vec<String>,
    /// Files that were there as they should be.
    pub kept: Vec<String>,
}

const EXAMPLE: &str = include_str!("example.yaml");
const CONFIG: &str = "{}\n";
/// Event streams of two branches are both kept when they are merged.
const ATTRIBUTES: [&str; 4] = [
    ".spec/sessions/**/*.jsonl merge=union",
    ".spec/queue.jsonl merge=union",
    ".spec/workflows/*/journal.jsonl merge=union",
    ".spec/workflows/*/messages.jsonl merge=union",
];
const IGNORED: [&str; 1] = ["/.spec/cache/"];
const FILE_BYTES: u64 = 1024 * 1024;

/// Runs it.
#[must_use]
pub fn run() -> Outcome {
    let mut done = InitJson {
        written: Vec::new(),
        kept: Vec::new(),
    };
    let result = write_new(&mut done, ".spec/config.json", CONFIG)
        .and_then(|()| write_new(&mut done, "workflows/example.yaml", EXAMPLE))
        .and_then(|()| add_lines(&mut done, ".gitattributes", &ATTRIBUTES))
        .and_then(|()| add_lines(&mut done, ".gitignore", &IGNORED));
    let mut text: String = done
        .written
        .iter()
        .map(|f| format!("wrote {f}\n"))
        .collect();
    text.extend(done.kept.iter().map(|f| format!("kept  {f}\n")));
    if result.is_ok() {
        text.push_str("\nnext: tribunal verify workflows/example.yaml\n");
    }
    let mut outcome = Outcome::done(text, &done);
    if let Err(error) = result {
        outcome.fail(
            ExitCode::Invalid,
            "TRIB-INIT-WRITE",
            &error.to_string(),
            None,
        );
    }
    outcome
}

fn write_new(done: &mut InitJson, name: &str, text: &str) -> Result<(), FileError> {
    if Path::new(name).exists() {
        done.kept.push(name.to_owned());
        return Ok(());
    }
    write_atomic(Path::new(name), text.as_bytes())?;
    done.written.push(name.to_owned());
    Ok(())
}

/// Adds those of the lines that the file lacks, at its end.
fn add_lines(done: &mut InitJson, name: &str, lines: &[&str]) -> Result<(), FileError> {
    let path = Path::new(name);
    let mut text = if path.exists() {
        read_text_capped(path, FILE_BYTES)?
    } else {
        String::new()
    };
    let missing: Vec<&str> = lines
        .iter()
        .copied()
        .filter(|l| !text.lines().any(|t| t.trim() == *l))
        .collect();
    if missing.is_empty() {
        done.kept.push(name.to_owned());
        return Ok(());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for line in missing {
        text.push_str(line);
        text.push('\n');
    }
    write_atomic(path, text.as_bytes())?;
    done.written.push(name.to_owned());
    Ok(())
}
