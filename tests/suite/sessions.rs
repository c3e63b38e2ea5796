//! Documents that show the program at work: every `sh session` block of a document is run, in order, in a fresh
//! directory `project` with a copy of `formal/` in it, and its output compared. With `TRIBUNAL_UPDATE` the output is written instead.
//!
//! In what is shown, `[..]` stands for anything within a line: digests, times, names of users. `? N` is the exit code.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::{NOWHERE, root};

const OPEN: &str = "```sh session\n";
const CLOSE: &str = "```\n";

/// Hides what differs from run to run: digests of 64 digits, times, the user.
fn masked(text: &str) -> String {
    let user = tribunal::host::user::name();
    let lines = text.lines().map(|line| {
        let words: Vec<String> = line.split(' ').map(|word| mask(word, &user)).collect();
        words.join(" ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn mask(word: &str, user: &str) -> String {
    let hex = |w: &str, n: usize| w.len() == n && w.bytes().all(|b| b.is_ascii_hexdigit());
    let digits = |w: &str, shape: &str| {
        w.len() == shape.len()
            && w.bytes().zip(shape.bytes()).all(|(b, s)| {
                if s == b'0' {
                    b.is_ascii_digit()
                } else {
                    b == s
                }
            })
    };
    let bare = word.trim_end_matches([',', '.', ')', ';']);
    let rest = word.get(bare.len()..).unwrap_or_default();
    if bare == user || hex(bare, 64) || digits(bare, "0000-00-00") || digits(bare, "00:00:00") {
        format!("[..]{rest}")
    } else {
        word.to_owned()
    }
}

/// Whether a line is what a pattern with `[..]` says.
fn fits(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Runs one line of a shell as a person would; what it prints and, unless it is 0, its exit code.
fn shown(directory: &Path, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_tribunal"));
    let bin = program.parent().expect("a directory").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("bash")
        .args(["-c", line])
        .current_dir(directory)
        .env("PATH", format!("{bin}:{path}"))
        .env("TRIBUNAL_LEAN", NOWHERE)
        .env("TRIBUNAL_LAKE", NOWHERE)
        .env("NO_COLOR", "1")
        .env_remove("SPEC_ROLE")
        .env_remove("SPEC_AGENT_ID")
        .env_remove("SPEC_PROVIDER")
        .stdin(Stdio::null())
        .output()
        .expect("bash");
    let mut text = match output.status.code() {
        Some(0) => String::new(),
        code => format!("? {}\n", code.unwrap_or(-1)),
    };
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// Runs the sessions of a document; gives it back as it should be.
fn replayed(document: &str, directory: &Path) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut wrong = Vec::new();
    let mut rest = document;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (block, after) = after.split_once(CLOSE).expect("the end of a block");
        out.push_str(before);
        out.push_str(OPEN);
        let mut commands: Vec<(String, Vec<&str>)> = Vec::new();
        for line in block.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
                (None, Some((_, expected))) => expected.push(line),
                (None, None) => panic!("output before any command: {line}"),
            }
        }
        for (command, expected) in commands {
            let got = shown(directory, &command);
            let got: Vec<&str> = got.lines().map(str::trim_end).collect();
            let expected: Vec<&str> = expected.into_iter().map(str::trim_end).collect();
            let same =
                expected.len() == got.len() && expected.iter().zip(&got).all(|(p, l)| fits(p, l));
            if !same {
                wrong.push(format!("$ {command}\n{}", got.join("\n")));
            }
            let now = if same {
                expected.join("\n")
            } else {
                masked(&got.join("\n"))
            };
            out.push_str(&format!("$ {command}\n"));
            if !now.is_empty() {
                out.push_str(&now);
                out.push('\n');
            }
        }
        out.push_str(CLOSE);
        rest = after;
    }
    out.push_str(rest);
    (out, wrong)
}

fn current(name: &str, least: usize) {
    let path = root().join(name);
    let document = fs::read_to_string(&path).expect("a document");
    assert!(
        document.matches("\n$ ").count() >= least,
        "{name}: the commands are gone"
    );
    let directory = tempfile::tempdir().expect("a directory");
    // One level down, so that a session can leave the project it made.
    let work = directory.path().join("project");
    fs::create_dir_all(work.join("formal")).expect("made");
    for file in ["spec_impl.v1.yaml", "spec_impl.v2.yaml", "scripted.jsonl"] {
        let from = root().join("formal").join(file);
        fs::copy(from, work.join("formal").join(file)).expect("copied");
    }
    let (now, wrong) = replayed(&document, &work);
    if std::env::var_os("TRIBUNAL_UPDATE").is_some() {
        fs::write(&path, now).expect("written");
    } else {
        assert!(
            wrong.is_empty(),
            "{name} is not current: run the tests with TRIBUNAL_UPDATE=1\n{}",
            wrong.join("\n")
        );
    }
}

#[test]
fn the_sessions_of_the_readme_are_what_happens() {
    current("README.md", 12);
}

#[test]
fn the_roundtrip_is_what_happens() {
    current("formal/roundtrip.md", 5);
}

#[test]
fn patterns_fit_what_they_say_and_nothing_else() {
    for (pattern, line, fit) in [
        ("a [..] c", "a b c", true),
        ("a [..] c", "a b d", false),
        ("[..]", "", true),
        ("a", "ab", false),
        ("x[..]y[..]z", "x1y2z", true),
        ("x[..]y[..]z", "x1z2y", false),
    ] {
        assert_eq!(fits(pattern, line), fit, "{pattern} {line}");
    }
}

#[test]
fn a_block_that_is_not_what_happens_is_seen() {
    let directory = tempfile::tempdir().expect("a directory");
    let document = "text\n```sh session\n$ echo one\ntwo\n$ false\n? 1\n```\nmore\n";
    let (now, wrong) = replayed(document, directory.path());
    assert_eq!(wrong.len(), 1);
    assert_eq!(now, document.replace("two", "one"));
}
