//! Reads recorded output of TLC, and the same cut, altered, or with another exit code.

use std::time::Duration;

use super::message::Transcript;
use super::printed::{LassoEnd, PrintedTrace};
use super::verdict::{Counts, Failure, Verdict, Violation, judge};
use crate::host::process::{End, Outcome};

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../../tests/transcripts/tlc/", $name, ".txt"))
    };
}

fn outcome(stdout: &str, end: End) -> Outcome {
    Outcome {
        end,
        stdout: stdout.to_owned(),
        stderr: String::new(),
        output_complete: true,
        elapsed: Duration::ZERO,
        cpu_seconds: None,
    }
}

fn read(stdout: &str, exit: i32, temporal: bool) -> Verdict {
    let transcript = Transcript::read(stdout);
    judge(&outcome(stdout, End::Exited(exit)), &transcript, temporal)
}

fn violation(stdout: &str, exit: i32) -> (Violation, PrintedTrace) {
    match read(stdout, exit, false) {
        Verdict::Violated { what, trace } => (what, trace),
        other @ (Verdict::Clean(_) | Verdict::Failed(_)) => panic!("{other:?}"),
    }
}

fn broken(stdout: &str, exit: i32, temporal: bool) -> String {
    match read(stdout, exit, temporal) {
        Verdict::Failed(Failure::Broken(why)) => why,
        other @ (Verdict::Clean(_) | Verdict::Violated { .. } | Verdict::Failed(_)) => {
            panic!("{other:?}")
        }
    }
}

/// The value of a variable in each state.
fn column(trace: &PrintedTrace, variable: &str) -> Vec<String> {
    let value = |values: &[(String, String)]| {
        let found = values.iter().find(|(name, _)| name == variable);
        found.expect("the variable").1.clone()
    };
    trace.states.iter().map(|s| value(&s.values)).collect()
}

fn actions(trace: &PrintedTrace) -> Vec<&str> {
    trace
        .states
        .iter()
        .map(|s| s.action.as_deref().unwrap_or("-"))
        .collect()
}

#[test]
fn a_clean_run_is_counted() {
    let clean = Verdict::Clean(Counts {
        distinct: 8,
        depth: Some(5),
    });
    assert_eq!(read(recorded!("clean"), 0, false), clean);
    let transcript = Transcript::read(recorded!("clean"));
    assert_eq!(transcript.checking, ["CheckTypes", "Seen", "check_bounded"]);
    assert_eq!(
        transcript.reached,
        [
            "state_Dark",
            "fires_press",
            "state_Lit",
            "fires_release",
            "fires_break_it",
            "fires_unplug",
            "state_Broken",
            "state_Gone"
        ]
    );
    let Verdict::Clean(counts) = read(recorded!("temporal"), 0, true) else {
        panic!("a clean run of a temporal property");
    };
    assert_eq!(counts.distinct, 8);
}

#[test]
fn violated_invariants_are_named_and_their_traces_read() {
    let (what, trace) = violation(recorded!("invariant"), 12);
    assert_eq!(what, Violation::Invariant("check_one_press".to_owned()));
    assert_eq!(column(&trace, "presses"), ["0", "1", "2"]);
    assert_eq!(column(&trace, "state"), ["\"Dark\"", "\"Lit\"", "\"Lit\""]);
    assert_eq!(actions(&trace), ["-", "press", "press"]);
    assert_eq!(trace.end, None);

    let (what, trace) = violation(recorded!("initial"), 12);
    assert_eq!(what, Violation::Invariant("check_never_dark".to_owned()));
    assert_eq!(column(&trace, "presses"), ["0"]);

    for (text, name, length) in [
        (recorded!("range"), "check_InRange", 3),
        (recorded!("step"), "check_pressed_dark", 2),
        (recorded!("deadlock"), "check_NoDeadlock", 4),
    ] {
        let (what, trace) = violation(text, 12);
        assert_eq!(what, Violation::Invariant(name.to_owned()));
        assert_eq!(trace.states.len(), length, "{name}");
    }
}

#[test]
fn a_refinement_fails_at_a_step_or_at_the_start() {
    let (what, trace) = violation(recorded!("refines"), 13);
    assert!(matches!(what, Violation::Action(_)), "{what:?}");
    assert_eq!(actions(&trace), ["-", "press", "release"]);
    let (what, trace) = violation(recorded!("refines_initial"), 13);
    assert_eq!(what, Violation::Action("Init".to_owned()));
    assert_eq!(trace.states.len(), 1);
}

#[test]
fn lassos_stutter_or_go_back() {
    let (what, trace) = violation(recorded!("stutter"), 13);
    assert_eq!(what, Violation::Temporal);
    assert_eq!(actions(&trace), ["-", "press", "press", "release"]);
    assert_eq!(trace.end, Some(LassoEnd::Stutters));
    let (what, trace) = violation(recorded!("back"), 13);
    assert_eq!(what, Violation::Temporal);
    assert_eq!(column(&trace, "state"), ["\"Dark\"", "\"Lit\""]);
    assert_eq!(
        trace.end,
        Some(LassoEnd::Back(0, Some("darken".to_owned())))
    );
}

#[test]
fn texts_that_cannot_be_checked_are_errors_with_tlcs_words() {
    let why = broken(recorded!("parse"), 150, false);
    assert!(why.contains("Parsing or semantic analysis failed"), "{why}");
    let why = broken(recorded!("unknown"), 151, false);
    assert!(why.contains("check_nothing"), "{why}");
}

#[test]
fn too_little_memory_is_its_own_answer() {
    assert_eq!(
        read(recorded!("memory"), 3, false),
        Verdict::Failed(Failure::Memory)
    );
}

#[test]
fn an_exit_code_that_says_otherwise_is_an_error() {
    for (text, exit) in [
        (recorded!("clean"), 12),
        (recorded!("clean"), 13),
        (recorded!("clean"), 1),
        (recorded!("invariant"), 0),
        (recorded!("invariant"), 13),
        (recorded!("deadlock"), 11),
        (recorded!("back"), 0),
        (recorded!("back"), 12),
        (recorded!("parse"), 0),
        (recorded!("unknown"), 12),
    ] {
        broken(text, exit, false);
    }
}

#[test]
fn no_beginning_of_a_recording_is_a_pass() {
    for text in [recorded!("clean"), recorded!("temporal")] {
        let full = text.lines().count();
        let mut passes = Vec::new();
        for n in 0..=full {
            let cut: Vec<&str> = text.lines().take(n).collect();
            if let Verdict::Clean(_) = read(&cut.join("\n"), 0, false) {
                passes.push(n);
            }
        }
        // All that says so has been read: the success, and then the numbers of states.
        let needed = 1 + text
            .lines()
            .position(|line| line.starts_with("@!@!@ENDMSG 2199"))
            .expect("numbers");
        let first = passes.first().copied().expect("the whole text passes");
        assert_eq!(first, needed);
    }
}

#[test]
fn a_clean_run_needs_an_empty_queue_and_the_temporal_check() {
    let left = recorded!("clean").replace("0 states left on queue", "3 states left on queue");
    assert!(broken(&left, 0, false).contains("3 states left"));
    let unread = recorded!("clean").replace("distinct states found", "different states found");
    broken(&unread, 0, false);
    let unsaid = recorded!("clean").replace(" 2193", " 2555");
    assert!(broken(&unsaid, 0, false).contains("does not say so"));
    let unchecked = broken(recorded!("clean"), 0, true);
    assert!(unchecked.contains("temporal"), "{unchecked}");
}

#[test]
fn a_violation_that_cannot_be_read_is_an_error() {
    let unnamed = recorded!("invariant").replace("Invariant check_one_press", "Something");
    broken(&unnamed, 12, false);
    let out_of_order = recorded!("invariant").replace("\n2: <press", "\n7: <press");
    assert!(broken(&out_of_order, 12, false).contains("trace cannot be read"));
    let both = format!(
        "{}@!@!@STARTMSG 2193:0 @!@!@\nno error\n@!@!@ENDMSG 2193 @!@!@\n",
        recorded!("invariant")
    );
    assert!(broken(&both, 12, false).contains("both"));
}

#[test]
fn each_end_of_the_process_is_its_own_answer() {
    let of = |end: End, stdout: &str, stderr: &str| {
        let mut outcome = outcome(stdout, end);
        outcome.stderr = stderr.to_owned();
        match judge(&outcome, &Transcript::read(stdout), false) {
            Verdict::Failed(failure) => failure,
            other @ (Verdict::Clean(_) | Verdict::Violated { .. }) => panic!("{other:?}"),
        }
    };
    // Even a complete transcript does not help a run that did not end by itself.
    let clean = recorded!("clean");
    assert_eq!(of(End::DeadlineExceeded, clean, ""), Failure::Deadline);
    assert_eq!(of(End::Cancelled, clean, ""), Failure::Cancelled);
    assert!(
        matches!(of(End::Signalled(9), clean, ""), Failure::Broken(why) if why.contains("signal 9"))
    );
    assert!(matches!(
        of(End::OutputCapped, clean, ""),
        Failure::Broken(_)
    ));
    assert!(matches!(
        of(End::FailedToStart("no such file".to_owned()), "", ""),
        Failure::Missing(why) if why.contains("no such file")
    ));
    let old = "Exception in thread \"main\" java.lang.UnsupportedClassVersionError: tlc2/TLC has been compiled by a more recent version";
    assert!(
        matches!(of(End::Exited(1), "", old), Failure::Missing(why) if why.contains("too old"))
    );
    let no_jar = "Error: Could not find or load main class tlc2.TLC";
    assert!(
        matches!(of(End::Exited(1), "", no_jar), Failure::Missing(why) if why.contains("TLA2TOOLS_JAR"))
    );
    assert!(
        matches!(of(End::Exited(0), "hello", ""), Failure::Broken(why) if why.contains("hello"))
    );
    assert!(matches!(of(End::Exited(0), "", ""), Failure::Broken(_)));

    let mut unread = outcome(clean, End::Exited(0));
    unread.output_complete = false;
    assert!(matches!(
        judge(&unread, &Transcript::read(clean), false),
        Verdict::Failed(Failure::Broken(_))
    ));
}
