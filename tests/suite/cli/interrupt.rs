//! Ctrl-C: everything stops, nothing is left behind, and the exit code says so.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{NOWHERE, V2, json, root};

#[test]
fn an_interrupt_stops_everything_with_its_own_exit_code() {
    let mut child = interruptible()
        .args([
            "verify",
            "tests/corpus/token_ring_nine.yaml",
            "--engine",
            "explore,z3",
            "--json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let start = Instant::now();
    while !has_thread(child.id(), "engine-z3") {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "no engine was started"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = Instant::now();
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(killed.success());
    let status = child.wait().expect("it ends");
    assert!(asked.elapsed() < Duration::from_secs(10));
    assert_eq!(status.code(), Some(130));
}

/// The program, with Ctrl-C as a terminal gives it: what is started in the background of a script ignores it.
fn interruptible() -> Command {
    let mut command = Command::new("env");
    command
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_tribunal")])
        .env("TRIBUNAL_LEAN", NOWHERE)
        .env("TRIBUNAL_LAKE", NOWHERE)
        .current_dir(root())
        .stdin(Stdio::null());
    command
}

/// Whether a process has a thread of this name.
fn has_thread(process: u32, name: &str) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task"));
    tasks.is_ok_and(|tasks| {
        tasks.flatten().any(|t| {
            std::fs::read_to_string(t.path().join("comm")).is_ok_and(|comm| comm.trim() == name)
        })
    })
}

/// Processes whose parent is this one.
fn children(parent: u32) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("readable").flatten() {
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // `pid (name) state ppid ...`; a name may hold blanks and parentheses.
        let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        if after.split(' ').nth(1) == Some(&parent.to_string()) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn an_interrupt_leaves_no_process_of_an_engine_behind() {
    let (_, doctor) = json(&root(), "doctor.schema.json", &["doctor"]);
    let tools = doctor["data"]["tools"].as_array().expect("a list");
    let there = |name: &str| {
        tools
            .iter()
            .any(|t| t["name"] == name && t["available"] == true)
    };
    if !there("java") || !there("tla2tools.jar") {
        eprintln!("skipped: TLC is not installed");
        return;
    }
    let mut child = interruptible()
        .args(["verify", V2, "--engine=tlc"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let start = Instant::now();
    let engines = loop {
        let seen = children(child.id());
        if !seen.is_empty() {
            break seen;
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "TLC was not started"
        );
        assert!(
            child.try_wait().expect("it can be asked").is_none(),
            "it ended before TLC was seen"
        );
        std::thread::sleep(Duration::from_millis(10));
    };
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(killed.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    for pid in engines {
        assert!(
            !Path::new("/proc").join(&pid).exists(),
            "process {pid} is left"
        );
    }
}
