//! Every file in `tests/corpus/reject/<CODE>/` is refused, or warned about, with exactly that code, at the place that
//! its first line gives; every code has a file, or a test here that makes one too large or too strange to keep.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tribunal::check::{CheckError, CheckedWorkflow, check, check_policy};
use tribunal::finding::Diagnostic;
use tribunal::ir::{SourceId, Sources, Span};
use tribunal::syntax::{
    FileKind, SyntaxError, decode_bytes, limits, parse_policy, parse_workflow, sniff,
};

/// Codes without a file, because their texts are made below.
const MADE_BELOW: &[&str] = &["TRIB-FILE-SIZE", "TRIB-ENCODING", "TRIB-TOO-LONG"];

/// The code that the reader and the checker share: what the reader refuses in a text, the checker refuses in a workflow
/// that a caller of the library has made.
const SHARED: &[&str] = &["TRIB-ASYNC"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/reject")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("readable").path())
        .collect();
    all.sort();
    all
}

fn source() -> SourceId {
    SourceId(0)
}

/// Everything said about a workflow text; the files it refines are beside it.
fn workflow(
    text: &str,
    beside: &Path,
) -> Result<(CheckedWorkflow, Vec<Diagnostic>), Vec<Diagnostic>> {
    let parsed = parse_workflow(source(), text)?;
    let refined = parsed.value.refines.as_ref().and_then(|refines| {
        let other = std::fs::read_to_string(beside.join(&refines.workflow.value)).ok()?;
        Some(Arc::new(
            workflow(&other, beside)
                .expect("the refined file is right")
                .0,
        ))
    });
    let checked = check(parsed.value, refined)?;
    let warnings = parsed
        .warnings
        .into_iter()
        .chain(checked.diagnostics.clone())
        .collect();
    Ok((checked, warnings))
}

fn said(text: &str, beside: &Path) -> Vec<Diagnostic> {
    let result = match sniff(text) {
        FileKind::Workflow => workflow(text, beside).map(|(_, warnings)| warnings),
        FileKind::Policy => parse_policy(source(), text)
            .and_then(|parsed| check_policy(&parsed.value).map(|_| parsed.warnings)),
    };
    result.unwrap_or_else(|errors| errors)
}

#[test]
fn every_file_is_refused_with_its_code_at_its_place() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in entries(&folder()).iter().filter(|p| p.is_dir()) {
        let code = folder.file_name().and_then(|n| n.to_str()).expect("a name");
        for path in entries(folder) {
            count += 1;
            let text = std::fs::read_to_string(&path).expect("readable");
            let place = text
                .lines()
                .next()
                .and_then(|l| l.strip_prefix("# at: "))
                .expect("the first line says where");
            let mut sources = Sources::default();
            sources.add("file", text.clone());
            let found: Vec<String> = said(&text, path.parent().expect("a parent"))
                .iter()
                .map(|d| {
                    let (line, column) = sources.line_column(d.labels[0].0);
                    format!("{} {line}:{column}", d.code)
                })
                .collect();
            if found != [format!("{code} {place}")] {
                wrong.push(format!(
                    "{}: expected {place}, found {found:?}",
                    path.display()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 150, "{count}");
}

#[test]
fn every_code_has_a_file() {
    let with_file: BTreeSet<String> = entries(&folder())
        .iter()
        .filter(|p| p.is_dir() && !entries(p).is_empty())
        .filter_map(|p| p.file_name().and_then(|n| n.to_str()).map(str::to_owned))
        .collect();
    let elsewhere: BTreeSet<&str> = MADE_BELOW.iter().copied().collect();
    let all: BTreeSet<&str> = SyntaxError::ALL
        .iter()
        .chain(CheckError::ALL)
        .copied()
        .collect();
    let twice: Vec<&str> = SyntaxError::ALL
        .iter()
        .filter(|c| CheckError::ALL.contains(c))
        .copied()
        .collect();
    assert_eq!(twice, SHARED, "no other code has two meanings");
    let missing: Vec<_> = all
        .iter()
        .filter(|c| !with_file.contains(**c) && !elsewhere.contains(**c))
        .collect();
    assert!(missing.is_empty(), "no file for {missing:?}");
    let unknown: Vec<_> = with_file
        .iter()
        .filter(|c| !all.contains(c.as_str()))
        .collect();
    assert!(unknown.is_empty(), "no such code: {unknown:?}");
}

const HEAD: &str = "workflow_id: w\ngoal: g\nactors: [A]\n";

/// The codes said about a text, quickly and without a stack of any size.
fn codes(text: &str) -> Vec<(&'static str, Span)> {
    let start = Instant::now();
    let found = std::thread::scope(|scope| {
        let reading = std::thread::Builder::new()
            .stack_size(512 * 1024)
            .spawn_scoped(scope, || {
                said(text, &folder())
                    .iter()
                    .map(|d| (d.code, d.labels[0].0))
                    .collect()
            });
        reading.expect("a thread").join().expect("no panic")
    });
    // A debug build on a loaded machine; the texts that are taken at all are at most 1 MiB.
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?} for {} bytes",
        start.elapsed(),
        text.len()
    );
    found
}

fn at(start: usize, len: u32) -> Span {
    Span::new(source(), u32::try_from(start).expect("small"), len)
}

#[test]
fn hostile_texts_are_refused_at_once() {
    let states = |n: usize| {
        (0..n)
            .map(|i| format!("S{i}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let table: Vec<(String, &str)> = vec![
        ("[".repeat(100_000), "TRIB-YAML-DEPTH"),
        ("{a: ".repeat(100_000), "TRIB-YAML-DEPTH"),
        (
            format!("{HEAD}states: {}", "[".repeat(100_000)),
            "TRIB-YAML-DEPTH",
        ),
        ("- ".repeat(100_000), "TRIB-YAML-DEPTH"),
        (
            (0..1000)
                .map(|i| format!("{}a:\n", " ".repeat(i)))
                .collect(),
            "TRIB-YAML-DEPTH",
        ),
        ("a".repeat(10 << 20), "TRIB-FILE-SIZE"),
        ("a".repeat(1 << 20), "TRIB-SHAPE"),
        ("\n".repeat(1 << 20), "TRIB-EMPTY"),
        (" ".repeat(1 << 20), "TRIB-EMPTY"),
        ("#".repeat(1 << 20), "TRIB-EMPTY"),
        ("# a\n".repeat(1 << 18), "TRIB-EMPTY"),
        ("\"".repeat(1 << 20), "TRIB-YAML"),
        ("\0".repeat(1000), "TRIB-YAML"),
        ("a: b\n".repeat(1 << 17), "TRIB-DUPLICATE-KEY"),
        ("- a\n".repeat(1 << 18), "TRIB-TOO-MANY"),
        ("? ".repeat(100_000), "TRIB-YAML-DEPTH"),
        ("&a ".repeat(100_000), "TRIB-ANCHOR"),
        ("!a ".repeat(100_000), "TRIB-TAG"),
        ("a: *b\n".repeat(1000), "TRIB-ANCHOR"),
        ("%A\n".repeat(1000), "TRIB-DIRECTIVE"),
        ("---\n".repeat(1000), "TRIB-DOCUMENTS"),
        (
            format!("{HEAD}states: [{}]\ntransitions: []\n", states(1001)),
            "TRIB-TOO-MANY",
        ),
        (
            format!(
                "{HEAD}states: [S]\ntransitions: []\nconstraints: [{}]\n",
                "x".repeat(20_000)
            ),
            "TRIB-TOO-LONG",
        ),
        (
            format!(
                "{HEAD}states: [S]\ntransitions: [{{id: t, actor: A, when: \"{}\"}}]\n",
                "(".repeat(4096)
            ),
            "TRIB-EXPR-LIMIT",
        ),
        (
            format!(
                "{HEAD}states: [S]\ntransitions: [{{id: t, actor: A, when: \"{}\"}}]\n",
                "a".repeat(500_000)
            ),
            "TRIB-EXPR-LIMIT",
        ),
    ];
    for (text, code) in table {
        let found = codes(&text);
        let shown: String = text.chars().take(40).collect();
        assert!(!found.is_empty(), "{shown}");
        assert!(found.len() <= 100, "{shown}: {} errors", found.len());
        assert_eq!(
            found[0].0,
            code,
            "{shown}: {:?}",
            &found[..found.len().min(3)]
        );
    }
}

#[test]
fn the_largest_allowed_workflow_is_taken() {
    let states: String = (0..limits::STATES).map(|i| format!("  - S{i}\n")).collect();
    let transitions: String = (0..limits::TRANSITIONS)
        .map(|i| format!("  - id: t{i}\n    actor: A\n    from: S{}\n    to: S{}\n    when: \"state == S1 or state != S2\"\n", i % 1000, (i + 1) % 1000))
        .collect();
    let text = format!("{HEAD}terminal: none\nstates:\n{states}transitions:\n{transitions}");
    let parsed = parse_workflow(source(), &text).expect("a workflow").value;
    assert_eq!(
        (parsed.states.len(), parsed.transitions.len()),
        (1000, 2000)
    );
}

#[test]
fn control_characters_are_refused_where_they_stand() {
    let text = format!("{HEAD}states: [S\0]\ntransitions: []\n");
    let start = text.find('\0').expect("there");
    assert_eq!(codes(&text), [("TRIB-YAML", at(start, 1))]);
}

#[test]
fn bytes_that_are_not_utf8_are_refused_where_they_stand() {
    let error = decode_bytes(source(), b"goal: \xff").expect_err("not UTF-8");
    assert_eq!((error.code, error.labels[0].0), ("TRIB-ENCODING", at(6, 1)));
    let utf16: Vec<u8> = "goal".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = decode_bytes(source(), &utf16).expect("ASCII and NUL bytes are UTF-8");
    assert_eq!(codes(text)[0].0, "TRIB-YAML");
    let large = vec![b'a'; limits::FILE_BYTES + 1];
    assert_eq!(
        decode_bytes(source(), &large).expect_err("too large").code,
        "TRIB-FILE-SIZE"
    );
    assert_eq!(decode_bytes(source(), "ü".as_bytes()), Ok("ü"));
}

#[test]
fn byte_order_mark_and_windows_line_ends_are_taken_with_right_places() {
    let body = format!(
        "{HEAD}states: [S, T]\ntransitions:\n  - id: t\n    actor: A\n    from: S\n    when: x > 1\n    to: T\n"
    );
    for text in [
        format!("\u{feff}{body}"),
        body.replace('\n', "\r\n"),
        format!("\u{feff}{}", body.replace('\n', "\r\n")),
    ] {
        let parsed = parse_workflow(source(), &text)
            .unwrap_or_else(|errors| panic!("{errors:#?}"))
            .value;
        let mut sources = Sources::default();
        sources.add("file", text);
        let t = &parsed.transitions[0];
        let when = t.when.as_ref().expect("a guard");
        assert_eq!(
            (sources.text(when.span), sources.text(parsed.id.span)),
            ("x > 1", "w")
        );
        assert_eq!(sources.line_column(when.span), (9, 11));
        assert_eq!(sources.text(t.to.as_ref().expect("a target").span), "T");
    }
}

#[test]
fn all_errors_of_shape_are_reported_at_once() {
    let text = "workflow_id: 1w\ngoal: 3\nactors: A\nstates: [yes]\ntransitions:\n  - {id: t, actor: A, when: \"a = b\", too: S}\n";
    let found: Vec<_> = codes(text).into_iter().map(|(code, _)| code).collect();
    let expected = [
        "TRIB-NAME",
        "TRIB-SHAPE",
        "TRIB-SHAPE",
        "TRIB-RESERVED",
        "TRIB-UNKNOWN-KEY",
        "TRIB-EXPR-OPERATOR",
    ];
    assert_eq!(found, expected);
}

#[test]
fn slips_get_a_suggestion() {
    let help = |text: &str| said(text, &folder())[0].help.clone().unwrap_or_default();
    let rest = "states: [S]\ntransitions: []\n";
    assert_eq!(
        help(&format!("{HEAD}{rest}artefacts: []\n")),
        "did you mean `artifacts`?"
    );
    assert_eq!(
        help(&format!("{HEAD}{rest}propreties: []\n")),
        "did you mean `properties`?"
    );
    assert_eq!(
        help(&format!("{HEAD}{rest}Terminal: none\n")),
        "did you mean `terminal`?"
    );
    assert!(
        help(&format!("{HEAD}{rest}zzz: none\n")).starts_with("its keys are `ir`, `workflow_id`")
    );
    assert_eq!(
        help(&format!(
            "{HEAD}{rest}vars: {{x: {{type: boolean, init: true}}}}\n"
        )),
        "did you mean `bool`?"
    );
    let quote = help(&format!(
        "{HEAD}{rest}properties:\n  - {{id: p, always: state in [S]}}\n"
    ));
    assert!(quote.starts_with("quote this expression"), "{quote}");
}
