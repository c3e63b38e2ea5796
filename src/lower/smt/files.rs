//! The questions about a system as files of their own, for any solver that reads SMT-LIB: `sat` and `unsat` in the order asked.

use super::guards::guards;
use super::induction::{Candidate, Setting, induction};
use super::property::{Asked, asked};
use super::script::Script;
use super::search;
use super::step::Ranges;
use crate::finding::PropertyIx;
use crate::ir::Domain;
use crate::model::{CommandIx, PropertyKind, Slot, System};

/// Steps that the file of the bounded search goes.
const STEPS: u32 = 6;

/// A script and what to call it: `guards.smt2`, `induction.smt2`, `search.smt2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtFile {
    /// File name.
    pub name: String,
    /// What it asks.
    pub script: Script,
}

/// All files of a system. `precedes` is left out: it is about fewer transitions than the rest.
#[must_use]
pub fn files(system: &System) -> Vec<SmtFile> {
    let file = |name: &str, script| SmtFile {
        name: name.to_owned(),
        script,
    };
    vec![
        file("guards.smt2", guard_questions(system)),
        file("induction.smt2", induction_questions(system)),
        file("search.smt2", search_questions(system)),
    ]
}

fn guard_questions(system: &System) -> Script {
    let (mut script, questions) = guards(system);
    for q in questions {
        script.check(q.label, q.assuming);
    }
    script
}

/// One question for each property and range: does a step break it, if everything held before? `unsat` for all of them, and
/// for all of them at the start, is a proof.
fn induction_questions(system: &System) -> Script {
    let commands = all_commands(system);
    let mut candidates: Vec<Candidate> = properties(system)
        .into_iter()
        .map(Candidate::Property)
        .collect();
    let integers = (0u16..).map(Slot).zip(&system.cells);
    candidates.extend(
        integers
            .filter(|(_, c)| matches!(c.domain, Domain::Int { .. }))
            .map(|(s, _)| Candidate::Range(s)),
    );
    let setting = Setting {
        system,
        commands: &commands,
        k: 1,
        ranges: Ranges::TakenAway,
        proved: &[],
    };
    let (mut script, asked) = induction(&setting, candidates);
    for c in &asked {
        let what = match c {
            Candidate::Property(p) => system.property(*p).map(|p| p.id.clone()),
            Candidate::Range(s) => system
                .cell(*s)
                .map(|c| format!("the range of {}", system.symbols.cell_name(c.cell))),
            Candidate::Guess(..) => None,
        };
        let mut assuming = vec![c.fail()];
        assuming.extend(asked.iter().map(Candidate::keep));
        script.check(
            format!("does a step break {}?", what.unwrap_or_default()),
            assuming,
        );
    }
    script
}

/// One question for each property and number of steps.
fn search_questions(system: &System) -> Script {
    let commands = all_commands(system);
    let mut script = search::start(system);
    for frame in 0..=STEPS {
        if frame > 0 {
            script.append(search::advance(system, &commands, frame - 1));
        }
        let (named, goals) = search::goals(system, &properties(system), frame);
        script.append(named);
        for (ix, name) in goals {
            let id = system.property(ix).map(|p| p.id.clone());
            script.check(
                format!(
                    "{}: is it shown after {frame} steps?",
                    id.unwrap_or_default()
                ),
                vec![name],
            );
        }
    }
    script
}

/// Properties about single frames and all transitions.
fn properties(system: &System) -> Vec<PropertyIx> {
    system
        .properties()
        .filter(|(_, p)| {
            !matches!(p.kind, PropertyKind::Precedes(..))
                && matches!(asked(system, &p.kind, 0), Asked::Avoid(_) | Asked::Reach(_))
        })
        .map(|(ix, _)| ix)
        .collect()
}

fn all_commands(system: &System) -> Vec<CommandIx> {
    system.commands().map(|(ix, _)| ix).collect()
}
