//! Tests of merging, on evidence made by hand over a small workflow.

use super::*;
use crate::check::load_str;
use crate::finding::{PropertyAnswer, Subject, Trace, TraceStep};
use crate::ir::{SourceId, TransitionId, Value};
use crate::model::{Outcome, desugar, initial_states, step};

/// Two states; `finish` leads to the end. `never_done` fails, `can_finish` holds, `control` must fail.
const TEXT: &str = "workflow_id: w
goal: Test
actors: [Author, Human]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author, fair: weak}
  - {id: nod, from: Draft, actor: Human}
properties:
  - {id: never_done, never: state == Done, requirement: R1}
  - {id: can_finish, reachable: state == Done}
  - {id: control, always: state == Draft, expect: violated}
  - {id: ends, eventually: terminal}
";

struct Bench {
    system: System,
    sources: Sources,
}

impl Bench {
    fn new() -> Self {
        let mut sources = Sources::default();
        assert_eq!(sources.add("w.yaml", TEXT), SourceId(0));
        Self {
            system: desugar(&load_str(TEXT).expect("a workflow")),
            sources,
        }
    }

    fn ix(&self, id: &str) -> PropertyIx {
        self.system
            .properties()
            .find(|(_, p)| p.id == id)
            .expect("a property")
            .0
    }

    /// The run Draft, finish, Done.
    fn run(&self) -> Trace {
        let start = initial_states(&self.system).next().expect("a start");
        let command = self.system.command(TransitionId(0)).expect("finish");
        let Outcome::Next(after) = step(&self.system, command, &start, &[]) else {
            panic!("finish fires")
        };
        Trace {
            steps: vec![
                TraceStep {
                    transition: None,
                    choices: Vec::new(),
                    state: start,
                },
                TraceStep {
                    transition: Some(TransitionId(0)),
                    choices: Vec::new(),
                    state: after,
                },
            ],
            loop_from: None,
            leaves_range: false,
        }
    }

    /// All properties hold exhaustively in two states, but for those that do not.
    fn right(&self, engine: Engine) -> Evidence {
        let answers = self.system.properties().map(|(ix, p)| {
            let fails = ["never_done", "control"].contains(&p.id.as_str());
            let answer = if fails { self.violated() } else { holds(2) };
            PropertyAnswer {
                property: ix,
                answer,
                assumptions: Vec::new(),
                notes: Vec::new(),
                seconds: Some(0.5),
            }
        });
        Evidence {
            cached: false,
            engine,
            state: EngineState::Ran {
                version: "1".into(),
            },
            answers: answers.collect(),
            observations: Vec::new(),
            states: Some(States {
                distinct: 2,
                steps: Some(2),
                depth: Some(1),
                complete: true,
            }),
            seconds: 1.0,
            commands: Vec::new(),
        }
    }

    fn violated(&self) -> Answer {
        Answer::Violated {
            trace: Some(self.run()),
            coverage: Some(Coverage::Exhaustive { distinct: 2 }),
        }
    }

    fn set(&self, evidence: &mut Evidence, id: &str, answer: Answer) {
        let ix = self.ix(id);
        let at = evidence
            .answers
            .iter_mut()
            .find(|a| a.property == ix)
            .expect("an answer");
        at.answer = answer;
    }

    fn merge(
        &self,
        needed: &[Engine],
        evidence: &[Evidence],
        observations: &[Observation],
    ) -> Report {
        let asked: Vec<PropertyIx> = self.system.properties().map(|(ix, _)| ix).collect();
        merge(&Input {
            about: About {
                file: "w.yaml".into(),
                workflow: Some("w".into()),
                version: Some(1),
                digest: "d".into(),
            },
            system: Some(&self.system),
            sources: &self.sources,
            asked: &asked,
            needed,
            evidence,
            observations,
        })
    }
}

fn holds(distinct: u64) -> Answer {
    Answer::Holds {
        coverage: Coverage::Exhaustive { distinct },
        witness: None,
    }
}

fn verdict_of(report: &Report, id: &str) -> PropertyVerdict {
    report
        .properties
        .iter()
        .find(|p| p.id == id)
        .expect("a row")
        .verdict
}

fn kinds(report: &Report) -> Vec<(&'static str, &str)> {
    report
        .findings
        .iter()
        .map(|f| (f.kind.word(), f.subject.name.as_str()))
        .collect()
}

const BOTH: [Engine; 2] = [Engine::Explore, Engine::Tlc];

#[test]
fn two_engines_that_agree_give_one_finding_and_double_assurance() {
    let bench = Bench::new();
    let report = bench.merge(
        &BOTH,
        &[bench.right(Engine::Tlc), bench.right(Engine::Explore)],
        &[],
    );
    assert_eq!(kinds(&report), [("invariant", "never_done")]);
    let finding = &report.findings[0];
    assert_eq!(finding.confirmed_by, BOTH);
    assert_eq!(finding.severity, Severity::Blocking);
    let run = finding.run.as_ref().expect("a run");
    assert_eq!(run.steps[1].transition.as_deref(), Some("finish"));
    assert_eq!(run.steps[1].words, ["state: Draft → Done"]);
    // `never: p` is `not p`; the part that fails is what the user wrote.
    assert_eq!(
        finding
            .core
            .iter()
            .map(|c| c.name.as_str())
            .collect::<Vec<_>>(),
        ["state == Done"]
    );
    assert_eq!(report.verdict, Verdict::Blocking);
    let row = report
        .properties
        .iter()
        .find(|p| p.id == "can_finish")
        .expect("a row");
    assert_eq!(
        (row.verdict, row.assurance),
        (
            PropertyVerdict::Holds,
            super::super::Assurance::ExhaustiveByTwo
        )
    );
    // The negative control fails as it should, and that is no finding.
    assert_eq!(verdict_of(&report, "control"), PropertyVerdict::Violated);
}

#[test]
fn the_order_in_which_engines_answer_changes_nothing() {
    let bench = Bench::new();
    let (a, b) = (bench.right(Engine::Explore), bench.right(Engine::Tlc));
    let one = bench.merge(&BOTH, &[a.clone(), b.clone()], &[]);
    let other = bench.merge(&BOTH, &[b, a], &[]);
    assert_eq!(one, other);
    assert_eq!(
        super::super::digest::digest(&one),
        super::super::digest::digest(&other)
    );
}

#[test]
fn the_digest_ignores_time_and_nothing_else_that_is_concluded() {
    let bench = Bench::new();
    let mut evidence = bench.right(Engine::Explore);
    let digest = |e: &Evidence| {
        super::super::digest::digest(&bench.merge(&[Engine::Explore], std::slice::from_ref(e), &[]))
    };
    let first = digest(&evidence);
    evidence.seconds = 99.0;
    evidence.answers[0].seconds = None;
    assert_eq!(digest(&evidence), first);
    evidence.state = EngineState::Ran {
        version: "2".into(),
    };
    assert_ne!(digest(&evidence), first, "another version of an engine");
    let mut evidence = bench.right(Engine::Explore);
    bench.set(&mut evidence, "ends", Answer::Unknown("odd".into()));
    assert_ne!(digest(&evidence), first, "another answer");
}

#[test]
fn holds_against_a_refutation_that_replays_is_a_disagreement() {
    let bench = Bench::new();
    let mut wrong = bench.right(Engine::Tlc);
    bench.set(&mut wrong, "never_done", holds(2));
    let report = bench.merge(&BOTH, &[bench.right(Engine::Explore), wrong], &[]);
    assert_eq!(
        verdict_of(&report, "never_done"),
        PropertyVerdict::Disagreement
    );
    assert_eq!(kinds(&report), [("disagreement", "never_done")]);
    assert!(
        report.findings[0]
            .title
            .contains("tlc says it holds, explore refutes it"),
        "{}",
        report.findings[0].title
    );
    assert_eq!(report.verdict, Verdict::Blocking);
}

#[test]
fn a_run_that_does_not_replay_refutes_nothing_and_blocks() {
    let bench = Bench::new();
    let mut wrong = bench.right(Engine::Explore);
    let mut run = bench.run();
    run.steps[1].state[0] = Value::Enum(0);
    bench.set(
        &mut wrong,
        "never_done",
        Answer::Violated {
            trace: Some(run),
            coverage: None,
        },
    );
    let report = bench.merge(&[Engine::Explore], &[wrong], &[]);
    assert_eq!(
        verdict_of(&report, "never_done"),
        PropertyVerdict::Unreplayable
    );
    assert_eq!(kinds(&report), [("unreplayable", "never_done")]);
    assert_eq!(report.verdict, Verdict::Blocking);
}

#[test]
fn a_refutation_without_a_run_counts_only_where_no_run_can_show_it() {
    let bench = Bench::new();
    let silent = |coverage| Answer::Violated {
        trace: None,
        coverage,
    };
    let exhaustive = Some(Coverage::Exhaustive { distinct: 2 });
    let mut evidence = bench.right(Engine::Explore);
    bench.set(&mut evidence, "can_finish", silent(exhaustive.clone()));
    let report = bench.merge(&[Engine::Explore], &[evidence.clone()], &[]);
    assert_eq!(verdict_of(&report, "can_finish"), PropertyVerdict::Violated);
    bench.set(
        &mut evidence,
        "can_finish",
        silent(Some(Coverage::Bounded { steps: 9 })),
    );
    let report = bench.merge(&[Engine::Explore], &[evidence.clone()], &[]);
    assert_eq!(
        verdict_of(&report, "can_finish"),
        PropertyVerdict::Unreplayable
    );
    bench.set(&mut evidence, "never_done", silent(exhaustive));
    let report = bench.merge(&[Engine::Explore], &[evidence], &[]);
    assert_eq!(
        verdict_of(&report, "never_done"),
        PropertyVerdict::Unreplayable
    );
}

#[test]
fn a_witness_that_does_not_replay_is_no_holds() {
    let bench = Bench::new();
    let mut evidence = bench.right(Engine::Z3);
    let mut run = bench.run();
    run.steps.truncate(1);
    let claim = |witness| Answer::Holds {
        coverage: Coverage::Bounded { steps: 3 },
        witness: Some(witness),
    };
    bench.set(&mut evidence, "can_finish", claim(run));
    let report = bench.merge(&[Engine::Z3], &[evidence.clone()], &[]);
    assert_eq!(
        verdict_of(&report, "can_finish"),
        PropertyVerdict::Unreplayable
    );
    bench.set(&mut evidence, "can_finish", claim(bench.run()));
    let report = bench.merge(&[Engine::Z3], &[evidence], &[]);
    let row = report
        .properties
        .iter()
        .find(|p| p.id == "can_finish")
        .expect("a row");
    assert_eq!(
        (row.verdict, row.assurance),
        (
            PropertyVerdict::Holds,
            super::super::Assurance::ExhaustiveByOne
        )
    );
}

#[test]
fn different_counts_of_states_are_a_disagreement_only_where_both_saw_everything() {
    let bench = Bench::new();
    let mut other = bench.right(Engine::Tlc);
    other.states = Some(States {
        distinct: 3,
        steps: None,
        depth: None,
        complete: true,
    });
    let report = bench.merge(&BOTH, &[bench.right(Engine::Explore), other.clone()], &[]);
    assert!(
        kinds(&report).contains(&("disagreement", "w")),
        "{:?}",
        kinds(&report)
    );
    other.states = Some(States {
        distinct: 3,
        steps: None,
        depth: None,
        complete: false,
    });
    let report = bench.merge(&BOTH, &[bench.right(Engine::Explore), other], &[]);
    assert!(
        !kinds(&report).contains(&("disagreement", "w")),
        "{:?}",
        kinds(&report)
    );
}

#[test]
fn a_needed_answer_that_is_missing_is_never_a_pass() {
    let bench = Bench::new();
    let cases = [
        (
            Answer::Unavailable("no java".into()),
            PropertyVerdict::Unavailable,
            "engine_unavailable",
        ),
        (
            Answer::Error("odd output".into()),
            PropertyVerdict::Unavailable,
            "engine_unavailable",
        ),
        (
            Answer::Unknown("budget: 9 states".into()),
            PropertyVerdict::Unknown,
            "budget_exceeded",
        ),
        (
            Answer::Unknown("deadline".into()),
            PropertyVerdict::Unknown,
            "budget_exceeded",
        ),
    ];
    for (answer, verdict, kind) in cases {
        let mut evidence = bench.right(Engine::Tlc);
        bench.set(&mut evidence, "can_finish", answer.clone());
        let both = [bench.right(Engine::Explore), evidence];
        let report = bench.merge(&BOTH, &both, &[]);
        assert_eq!(verdict_of(&report, "can_finish"), verdict, "{answer:?}");
        assert!(
            kinds(&report).contains(&(kind, "tlc")),
            "{:?}",
            kinds(&report)
        );
        // The same answer of an engine nobody needs takes nothing away.
        let report = bench.merge(&[Engine::Explore], &both, &[]);
        assert_eq!(
            verdict_of(&report, "can_finish"),
            PropertyVerdict::Holds,
            "{answer:?}"
        );
        assert_eq!(kinds(&report), [("invariant", "never_done")]);
    }
}

#[test]
fn the_effort_z3_spends_on_one_question_takes_nothing_from_who_knows() {
    let bench = Bench::new();
    let mut z3 = bench.right(Engine::Z3);
    bench.set(&mut z3, "can_finish", Answer::Unknown("budget".into()));
    let needed = [Engine::Explore, Engine::Z3];
    let report = bench.merge(&needed, &[bench.right(Engine::Explore), z3.clone()], &[]);
    assert_eq!(verdict_of(&report, "can_finish"), PropertyVerdict::Holds);
    assert_eq!(kinds(&report), [("invariant", "never_done")]);
    let report = bench.merge(&[Engine::Z3], &[z3.clone()], &[]);
    assert_eq!(verdict_of(&report, "can_finish"), PropertyVerdict::Unknown);
    assert!(kinds(&report).contains(&("budget_exceeded", "z3")));
    bench.set(&mut z3, "can_finish", Answer::Unknown("deadline".into()));
    let report = bench.merge(&needed, &[bench.right(Engine::Explore), z3], &[]);
    assert_eq!(verdict_of(&report, "can_finish"), PropertyVerdict::Unknown);
}

#[test]
fn not_knowing_and_not_being_asked_are_neutral_beside_an_answer_and_open_alone() {
    let bench = Bench::new();
    for answer in [
        Answer::Unknown("not inductive".into()),
        Answer::NotAsked("no liveness".into()),
    ] {
        let mut z3 = bench.right(Engine::Z3);
        bench.set(&mut z3, "ends", answer);
        let report = bench.merge(
            &[Engine::Explore, Engine::Z3],
            &[bench.right(Engine::Explore), z3.clone()],
            &[],
        );
        assert_eq!(verdict_of(&report, "ends"), PropertyVerdict::Holds);
        bench.set(&mut z3, "never_done", Answer::NotAsked("left out".into()));
        let report = bench.merge(&[Engine::Z3], &[z3], &[]);
        assert_eq!(verdict_of(&report, "ends"), PropertyVerdict::Unknown);
        assert_eq!(report.verdict, Verdict::Inconclusive);
    }
}

#[test]
fn an_engine_that_leaves_a_property_out_has_failed_on_it() {
    let bench = Bench::new();
    let mut evidence = bench.right(Engine::Explore);
    let ends = bench.ix("ends");
    evidence.answers.retain(|a| a.property != ends);
    let report = bench.merge(&[Engine::Explore], &[evidence], &[]);
    assert_eq!(verdict_of(&report, "ends"), PropertyVerdict::Unavailable);
    assert!(kinds(&report).contains(&("engine_unavailable", "explore")));
}

#[test]
fn without_evidence_nothing_holds() {
    let bench = Bench::new();
    let report = bench.merge(&[Engine::Explore], &[], &[]);
    assert!(
        report
            .properties
            .iter()
            .all(|p| p.verdict == PropertyVerdict::Unavailable)
    );
    assert_eq!(report.verdict, Verdict::Inconclusive);
}

#[test]
fn a_negative_control_that_holds_is_a_finding() {
    let bench = Bench::new();
    let mut evidence = bench.right(Engine::Explore);
    bench.set(&mut evidence, "control", holds(2));
    bench.set(&mut evidence, "never_done", holds(2));
    let report = bench.merge(&[Engine::Explore], &[evidence], &[]);
    assert_eq!(kinds(&report), [("expectation", "control")]);
    assert_eq!(report.verdict, Verdict::Blocking);
}

#[test]
fn a_person_who_is_counted_on_silently_is_a_warning() {
    let bench = Bench::new();
    let mut evidence = bench.right(Engine::Explore);
    bench.set(&mut evidence, "never_done", holds(2));
    let ends = bench.ix("ends");
    let answer = evidence
        .answers
        .iter_mut()
        .find(|a| a.property == ends)
        .expect("an answer");
    answer.assumptions = vec!["finish".into()];
    let report = bench.merge(&[Engine::Explore], &[evidence.clone()], &[]);
    assert_eq!(kinds(&report), [], "the author is no person");
    let answer = evidence
        .answers
        .iter_mut()
        .find(|a| a.property == ends)
        .expect("an answer");
    answer.assumptions = vec!["nod".into(), "finish".into()];
    let report = bench.merge(&[Engine::Explore], &[evidence], &[]);
    assert_eq!(kinds(&report), [("missing_assumption", "ends")]);
    assert_eq!(report.verdict, Verdict::Warnings);
    let row = report
        .properties
        .iter()
        .find(|p| p.id == "ends")
        .expect("a row");
    assert_eq!(row.assumptions, ["finish", "nod"]);
    assert_eq!(row.human_assumptions, ["nod"]);
}

fn vacuous(id: &str) -> Observation {
    Observation {
        kind: FindingKind::Vacuous,
        subject: Subject::new(SubjectKind::Property, id),
        spans: Vec::new(),
        words: vec!["says nothing \u{1b}[2J.".into()],
        trace: None,
        core: Vec::new(),
    }
}

#[test]
fn what_holds_for_no_reason_is_no_pass_and_weighs_more_for_a_requirement() {
    let bench = Bench::new();
    let mut evidence = bench.right(Engine::Explore);
    bench.set(&mut evidence, "never_done", holds(2));
    for (id, verdict) in [
        ("ends", Verdict::Warnings),
        ("never_done", Verdict::Blocking),
    ] {
        evidence.observations = vec![vacuous(id)];
        let report = bench.merge(&[Engine::Explore], &[evidence.clone()], &[vacuous(id)]);
        assert_eq!(verdict_of(&report, id), PropertyVerdict::Vacuous);
        assert_eq!(
            kinds(&report),
            [("vacuous", id)],
            "the file and the engine say one thing"
        );
        assert_eq!(report.verdict, verdict);
        assert_eq!(report.findings[0].confirmed_by, [Engine::Explore]);
        assert_eq!(report.findings[0].title, "says nothing \\u{1b}[2J");
    }
}
