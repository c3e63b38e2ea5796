//! Each limit is met by a real program; whether a process still lives is read from /proc, not from this module.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{End, Limits, Outcome, Program};
use crate::host::cancel::CancelToken;

fn limits() -> Limits {
    Limits {
        deadline: Duration::from_secs(30),
        output_cap: 1 << 20,
        cancel: CancelToken::new(),
    }
}

fn sh(script: &str) -> Program {
    Program::new("/bin/sh").arg("-c").arg(script)
}

/// Whether the process runs; one that ended and waits for its parent does not.
fn alive(pid: &str) -> bool {
    match std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")) {
        Ok(stat) => !stat
            .rsplit_once(')')
            .expect("a stat line")
            .1
            .trim_start()
            .starts_with(['Z', 'X']),
        Err(_) => false,
    }
}

fn assert_dies(pid: &str) {
    let start = Instant::now();
    while alive(pid) {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "process {pid} outlived its group"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn only_line(outcome: &Outcome) -> String {
    let line = outcome.stdout.trim().to_owned();
    assert!(
        !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()),
        "a process number, got {outcome:?}"
    );
    line
}

#[test]
fn exit_code_and_both_streams_are_kept_apart() {
    let outcome = sh("echo out; echo err >&2; exit 3").run(&limits());
    assert_eq!(
        (
            outcome.end,
            outcome.stdout.as_str(),
            outcome.stderr.as_str()
        ),
        (End::Exited(3), "out\n", "err\n")
    );
    assert!(outcome.output_complete);
}

#[test]
fn success_needs_exit_code_zero() {
    assert!(sh("true").run(&limits()).succeeded());
    assert!(!sh("exit 1").run(&limits()).succeeded());
}

#[test]
fn a_signal_is_not_an_exit() {
    assert_eq!(sh("kill -TERM $$").run(&limits()).end, End::Signalled(15));
}

#[test]
fn deadline_kills_the_grandchildren_too() {
    let start = Instant::now();
    let outcome = sh("sleep 100 & echo $!; sleep 100").run(&Limits {
        deadline: Duration::from_millis(300),
        ..limits()
    });
    assert_eq!(outcome.end, End::DeadlineExceeded);
    assert!(!outcome.succeeded());
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(outcome.elapsed >= Duration::from_millis(300));
    assert_dies(&only_line(&outcome));
}

#[test]
fn a_program_that_ignores_signals_meets_its_deadline() {
    let limits = Limits {
        deadline: Duration::from_millis(200),
        ..limits()
    };
    let outcome = sh("trap '' TERM INT HUP; echo $$; while :; do sleep 0.05; done").run(&limits);
    assert_eq!(outcome.end, End::DeadlineExceeded);
    assert_dies(&only_line(&outcome));
}

#[test]
fn what_a_program_leaves_running_ends_with_it() {
    let start = Instant::now();
    let outcome = sh("sleep 100 & echo $!").run(&limits());
    assert_eq!(outcome.end, End::Exited(0));
    assert!(
        outcome.output_complete,
        "the left-over held the stream open until it was killed"
    );
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_dies(&only_line(&outcome));
}

#[test]
fn a_descendant_in_its_own_session_does_not_hang_the_call() {
    let outcome = sh("setsid sleep 8 & sleep 0.3; echo started").run(&limits());
    assert_eq!(
        (outcome.end.clone(), outcome.stdout.as_str()),
        (End::Exited(0), "started\n")
    );
    assert!(
        !outcome.output_complete && !outcome.succeeded(),
        "somebody still holds the stream"
    );
    assert!(outcome.elapsed < Duration::from_secs(7));
}

#[test]
fn output_over_the_cap_ends_the_run() {
    for script in ["yes abcdefg", "yes abcdefg >&2"] {
        let outcome = sh(script).run(&Limits {
            output_cap: 1000,
            ..limits()
        });
        assert_eq!(outcome.end, End::OutputCapped, "{script}");
        assert_eq!(
            outcome.stdout.len() + outcome.stderr.len(),
            1000,
            "{script}"
        );
    }
}

#[test]
fn output_of_exactly_the_cap_is_no_breach() {
    let outcome = sh("printf 12345678").run(&Limits {
        output_cap: 8,
        ..limits()
    });
    assert_eq!(
        (outcome.end, outcome.stdout.as_str()),
        (End::Exited(0), "12345678")
    );
}

#[test]
fn cancelling_kills_the_group() {
    let limits = limits();
    let token = limits.cancel.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        token.cancel();
    });
    let outcome = sh("sleep 100 & echo $!; wait").run(&limits);
    assert_eq!(outcome.end, End::Cancelled);
    assert!(outcome.elapsed < Duration::from_secs(10));
    assert_dies(&only_line(&outcome));
}

#[test]
fn a_cancelled_token_starts_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let limits = limits();
    limits.cancel.cancel();
    let outcome = sh("touch started").cwd(directory.path()).run(&limits);
    assert_eq!(outcome.end, End::Cancelled);
    assert!(!directory.path().join("started").exists());
}

#[test]
fn what_cannot_be_started_says_why() {
    let cases = [
        (
            Program::new("/nowhere/prover"),
            "/nowhere/prover: no such program",
        ),
        (
            Program::new("/etc/passwd"),
            "/etc/passwd: not an executable file",
        ),
        (
            sh("true").cwd("/nowhere"),
            "the directory /nowhere does not exist",
        ),
    ];
    for (program, reason) in cases {
        assert_eq!(
            program.run(&limits()).end,
            End::FailedToStart(reason.to_owned())
        );
    }
}

#[test]
fn input_is_passed_and_closed() {
    let bytes = vec![b'x'; 300_000];
    let outcome = Program::new("/bin/cat").stdin(bytes.clone()).run(&limits());
    assert_eq!(
        (outcome.end, outcome.stdout.len()),
        (End::Exited(0), bytes.len())
    );
    assert_eq!(
        Program::new("/bin/cat").run(&limits()).stdout,
        "",
        "no input is an empty one"
    );
    assert_eq!(
        sh("exit 0").stdin(bytes).run(&limits()).end,
        End::Exited(0),
        "input need not be read"
    );
}

#[test]
fn a_cleared_environment_holds_only_what_was_given() {
    let program = Program::new("/usr/bin/env")
        .clear_env()
        .keep_env("PATH")
        .keep_env("NO_SUCH_VARIABLE")
        .env("GIVEN", "a b");
    let outcome = program.run(&limits());
    let mut names: Vec<&str> = outcome
        .stdout
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["GIVEN", "PATH"]);
    assert!(outcome.stdout.contains("GIVEN=a b\n"));
}

#[test]
fn lines_come_while_the_program_runs() {
    let mut seen: Vec<(String, Instant)> = Vec::new();
    let program = sh("echo one; sleep 0.4; printf 'two\\r\\nthr'; printf ee");
    let outcome = program.run_streaming(&limits(), &mut |line| {
        seen.push((line.to_owned(), Instant::now()))
    });
    let texts: Vec<&str> = seen.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["one", "two", "three"]);
    assert!(
        seen[1].1.duration_since(seen[0].1) > Duration::from_millis(200),
        "the first line did not wait for the rest"
    );
    assert_eq!(outcome.stdout, "one\ntwo\r\nthree");
}

#[test]
fn a_panicking_callback_leaves_nothing_behind() {
    let mut pid = String::new();
    let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        sh("echo $$; sleep 100").run_streaming(&limits(), &mut |line| {
            pid = line.to_owned();
            panic!("stop");
        })
    }));
    assert!(run.is_err());
    assert_dies(&pid);
}

#[test]
fn cpu_time_counts_children_and_not_sleep() {
    let busy = sh("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done")
        .run(&limits())
        .cpu_seconds
        .expect("a figure");
    let child = sh("sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'; true")
        .run(&limits())
        .cpu_seconds
        .expect("a figure");
    let idle = sh("sleep 0.3")
        .run(&limits())
        .cpu_seconds
        .expect("a figure");
    assert!(
        busy > 0.02 && child > 0.02 && idle < 0.1,
        "{busy} {child} {idle}"
    );
}

#[test]
fn printing_a_program_shows_no_environment_value() {
    let text = format!(
        "{:?}",
        Program::new("agent")
            .arg("-x")
            .env("SPEC_API_KEY", "sk-secret")
    );
    assert!(
        text.contains("agent") && text.contains("-x") && !text.contains("sk-secret"),
        "{text}"
    );
}

#[test]
fn invalid_utf8_is_replaced() {
    assert_eq!(sh("printf 'a\\377b'").run(&limits()).stdout, "a\u{fffd}b");
}
