//! Holds the direction of dependency and the shape of the source files, as the tables below state them.
//!
//! Reads the `crate::` and `super::` paths of every file in `src`. Test code may use anything. What it cannot see: a
//! path inside a macro's arguments that the macro builds itself, and a type that another module re-exports.

mod source;

use std::path::{Path, PathBuf};

use source::{Reference, Source};

/// The rows, lowest first. A module uses modules of lower rows.
const ROWS: [&[&str]; 12] = [
    &["ir", "finding", "host"],
    &["syntax", "eval", "journal"],
    &["check"],
    &["model"],
    &["explore", "lower"],
    &["engine", "report"],
    &["revise", "gate"],
    &["critique", "protocol", "audit"],
    &["agent", "coord", "plan"],
    &["exec"],
    &["pipeline"],
    &["cli", "mcp"],
];
/// Uses within a row.
const SAME_ROW: [(&str, &[&str]); 3] = [
    ("finding", &["ir"]),
    ("coord", &["agent", "provider"]),
    ("plan", &["agent", "provider"]),
];
/// Parts of one module that do not know each other.
const SEPARATE: [(&str, &[&str]); 2] = [
    ("lower", &["tla", "smt", "lean", "diagram"]),
    ("engine", &["explore", "tlc", "z3", "lean"]),
];
/// Modules without files, processes, environment, clock or randomness.
const PURE: [&str; 7] = ["ir", "finding", "syntax", "eval", "check", "model", "lower"];
const IMPURE: [&str; 8] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "std::time",
    "fs_err",
    "tempfile",
    "crate::host",
];
const BANNED_NAMES: [&str; 8] = [
    "util", "utils", "common", "helper", "helpers", "manager", "managers", "misc",
];
const MAX_LINES: usize = 500;
const MAX_MEDIAN: usize = 200;

fn row(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// Everything wrong with one file, `path` being relative to `src`.
fn violations(path: &Path, text: &str) -> Vec<String> {
    let source = Source::read(path, text);
    let mut found = Vec::new();
    let mut add =
        |line: usize, what: String| found.push(format!("src/{}:{line}: {what}", path.display()));

    if !text.starts_with("//!") {
        add(1, "does not start with a `//!` line saying its job".into());
    }
    for part in path
        .components()
        .filter_map(|part| Path::new(part.as_os_str()).file_stem())
    {
        if BANNED_NAMES.contains(&part.to_string_lossy().as_ref()) {
            add(
                1,
                format!("`{}` says nothing about a module's job", part.display()),
            );
        }
    }
    if source.lines_before_tests > MAX_LINES {
        add(
            1,
            format!(
                "{} lines without tests, at most {MAX_LINES}",
                source.lines_before_tests
            ),
        );
    }
    let Some(module) = source.module.first() else {
        return found;
    };
    let Some(own_row) = row(module) else {
        add(
            1,
            format!(
                "module `{module}` has no row; give it one in ROWS of tests/suite/architecture.rs"
            ),
        );
        return found;
    };
    for reference in &source.references {
        if let Some(why) = forbidden(&source.module, own_row, reference) {
            add(reference.line, why);
        }
        if !reference.in_use && reference.written_from_crate {
            add(
                reference.line,
                format!(
                    "write `crate::{}` in a `use` at the top",
                    reference.path.join("::")
                ),
            );
        }
    }
    if PURE.contains(&module.as_str()) {
        for (line, outside) in &source.outside {
            if let Some(name) = IMPURE.iter().find(|name| starts_path(outside, name)) {
                add(
                    *line,
                    format!("`{module}` is pure and must not use `{name}`"),
                );
            }
        }
    }
    found
}

/// Why the module at `from` must not use what `reference` names, if so.
fn forbidden(from: &[String], own_row: usize, reference: &Reference) -> Option<String> {
    let module = from.first()?;
    let target = reference.path.first()?;
    if target == module {
        let (_, parts) = SEPARATE.iter().find(|(name, _)| name == module)?;
        let (own, other) = (from.get(1)?, reference.path.get(1)?);
        let apart =
            own != other && parts.contains(&own.as_str()) && parts.contains(&other.as_str());
        return apart.then(|| format!("`{module}::{own}` must not know `{module}::{other}`"));
    }
    let Some(target_row) = row(target) else {
        // A name of the crate's root that is no module, such as a macro.
        return target
            .chars()
            .all(|c| c.is_lowercase() || c == '_')
            .then(|| format!("`{target}` is no module with a row"));
    };
    let exempt = SAME_ROW.iter().any(|(name, path)| {
        name == module
            && path.iter().zip(&reference.path).all(|(a, b)| a == b)
            && reference.path.len() >= path.len()
    });
    (target_row >= own_row && !exempt).then(|| {
        format!(
            "`{module}` (row {own_row}) must not use `{}` (row {target_row})",
            reference.path.join("::")
        )
    })
}

fn starts_path(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn source_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("src is readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file");
            (
                path.strip_prefix(&root).expect("below src").to_owned(),
                text,
            )
        })
        .collect()
}

#[test]
fn every_module_uses_lower_rows_only_and_keeps_its_shape() {
    let sources = all_sources();
    assert!(sources.len() > 10, "only {} files were read", sources.len());
    let found: Vec<String> = sources
        .iter()
        .flat_map(|(path, text)| violations(path, text))
        .collect();
    assert!(
        found.is_empty(),
        "{} violations:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn the_median_file_is_short() {
    let mut lengths: Vec<usize> = all_sources()
        .iter()
        .map(|(path, text)| Source::read(path, text).lines_before_tests)
        .filter(|lines| *lines > 0)
        .collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(
        median < MAX_MEDIAN,
        "the median file has {median} lines without its tests"
    );
}

/// The checker itself: what a file at `path` with this text is told, without the place.
fn told(path: &str, text: &str) -> Vec<String> {
    let text = format!("//! A job.\n{text}");
    violations(Path::new(path), &text)
        .into_iter()
        .map(|line| {
            line.splitn(3, ':')
                .nth(2)
                .expect("file:line: text")
                .trim()
                .to_owned()
        })
        .collect()
}

#[test]
fn an_upward_use_is_seen_however_it_is_written() {
    let expected = ["`check` (row 2) must not use `model::System` (row 3)"];
    for text in [
        "use crate::model::System;",
        "pub(crate) use crate::model::System;",
        "use crate::{ir::Id, model::System};",
        "use crate::{\n    ir::{self, Id},\n    model::{System},\n};",
        "use crate :: model // why\n :: System as S;",
        "use super::model::System;",
        "fn f() { use crate::model::System; }",
        "#[cfg(test)]\nmod tests { use crate::gate::Pass; }\nuse crate::model::System;",
    ] {
        assert_eq!(told("check/mod.rs", text), expected, "{text}");
    }
    assert_eq!(
        told(
            "check/deep/names.rs",
            "use super::super::super::model::System;"
        ),
        expected
    );
    assert_eq!(
        told("check/deep.rs", "use super::super::model::System;"),
        expected
    );
}

#[test]
fn an_inline_path_is_seen() {
    let told = told(
        "check.rs",
        "fn f() -> u8 { crate::model::step() }\nfn g(x: crate::ir::Id) {}",
    );
    assert_eq!(
        told,
        [
            "`check` (row 2) must not use `model::step` (row 3)",
            "write `crate::model::step` in a `use` at the top",
            "write `crate::ir::Id` in a `use` at the top",
        ]
    );
}

#[test]
fn downward_uses_test_code_comments_and_strings_are_free() {
    for text in [
        "use crate::ir::Id;\nuse crate::{eval, finding::Finding};\nuse super::eval::run;",
        "use self::inner::X;\nuse super::check::Y;",
        "/// See [`crate::gate`].\n// use crate::gate::Pass;\n/* crate::gate /* nested */ crate::gate */\nconst S: &str = \"use crate::gate::Pass;\";",
        "const R: &str = r#\"a \" use crate::gate::Pass;\"#;\nconst C: [char; 2] = ['\"', '\\''];\nuse crate::ir::Id;",
        "#[cfg(test)]\nmod tests {\n    use crate::gate::Pass;\n    fn f() { crate::gate::open(); }\n}",
        "macro_rules! m { () => { $crate::gate::open() } }",
        "pub(crate) fn f<'a>(x: &'a str) -> impl Iterator + use<'a> {}\npub(in crate::check) struct S;",
    ] {
        assert_eq!(told("check/mod.rs", text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(
        told("check/tests.rs", "use crate::gate::Pass;"),
        Vec::<String>::new()
    );
    assert_eq!(told("lib.rs", "pub mod gate;"), Vec::<String>::new());
}

#[test]
fn rows_have_their_exceptions_and_no_others() {
    assert_eq!(
        told("finding/mod.rs", "use crate::ir::Id;"),
        Vec::<String>::new()
    );
    assert_eq!(
        told("ir/mod.rs", "use crate::finding::Finding;"),
        ["`ir` (row 0) must not use `finding::Finding` (row 0)"]
    );
    assert_eq!(
        told("host/mod.rs", "use crate::ir::Id;"),
        ["`host` (row 0) must not use `ir::Id` (row 0)"]
    );
    assert_eq!(
        told("coord.rs", "use crate::agent::provider::Provider;"),
        Vec::<String>::new()
    );
    assert_eq!(
        told("coord.rs", "use crate::agent::role::Seat;"),
        ["`coord` (row 8) must not use `agent::role::Seat` (row 8)"]
    );
}

#[test]
fn separate_parts_of_a_module_do_not_know_each_other() {
    let expected = ["`lower::tla` must not know `lower::smt`"];
    assert_eq!(
        told("lower/tla/module.rs", "use crate::lower::smt::Term;"),
        expected
    );
    assert_eq!(told("lower/tla.rs", "use super::smt::Term;"), expected);
    assert_eq!(
        told("lower/tla.rs", "use super::{names::Names, smt};"),
        expected
    );
    assert_eq!(
        told("lower/tla.rs", "fn f() { super::smt::term() }"),
        expected
    );
    assert_eq!(
        told("lower/tla.rs", "use crate::lower::names::Names;"),
        Vec::<String>::new()
    );
    assert_eq!(
        told("lower/mod.rs", "use crate::lower::smt::Term;"),
        Vec::<String>::new()
    );
    assert_eq!(
        told("engine/z3.rs", "use crate::explore::Run;"),
        Vec::<String>::new()
    );
    assert_eq!(
        told("engine/z3.rs", "use super::explore::Run;"),
        ["`engine::z3` must not know `engine::explore`"]
    );
}

#[test]
fn pure_modules_touch_nothing_outside() {
    assert_eq!(
        told("model/mod.rs", "use std::fs::File;"),
        ["`model` is pure and must not use `std::fs`"]
    );
    assert_eq!(
        told("model/mod.rs", "use std::{collections::BTreeMap, env};"),
        ["`model` is pure and must not use `std::env`"]
    );
    assert_eq!(
        told("model/mod.rs", "fn f() { std::time::Instant::now(); }"),
        ["`model` is pure and must not use `std::time`"]
    );
    assert_eq!(
        told("syntax/mod.rs", "use crate::host::files;"),
        ["`syntax` is pure and must not use `crate::host`"]
    );
    assert_eq!(
        told("explore/mod.rs", "use std::time::Instant;"),
        Vec::<String>::new()
    );
}

#[test]
fn the_shape_of_files_is_held() {
    assert!(
        violations(Path::new("ir/mod.rs"), "use std::fmt;\n")[0]
            .contains("does not start with a `//!` line")
    );
    assert_eq!(
        told("ir/utils.rs", ""),
        ["`utils` says nothing about a module's job"]
    );
    assert_eq!(told("helper/x.rs", "").len(), 2, "its name, and no row");
    assert_eq!(
        told("surprise.rs", ""),
        ["module `surprise` has no row; give it one in ROWS of tests/suite/architecture.rs"]
    );
    let long = "const X: u8 = 0;\n".repeat(500);
    assert_eq!(
        told("ir/mod.rs", &long),
        ["501 lines without tests, at most 500"]
    );
    let tested = format!("#[cfg(test)]\nmod tests {{\n{long}}}\n");
    assert_eq!(told("ir/mod.rs", &tested), Vec::<String>::new());
}
