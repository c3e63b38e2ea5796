//! Comparisons of random pairs against plain enumeration: all words up to a few steps by `model::step`, and all reachable states
//! by a search of its own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tribunal::check::{CheckedWorkflow, load_str};
use tribunal::finding::State;
use tribunal::host::cancel::CancelToken;
use tribunal::ir::Sources;
use tribunal::model::{Outcome, System, choice_tuples, desugar, initial_states, step};
use tribunal::pipeline::project::policy;
use tribunal::revise::diff::{
    Condition, ConditionKind, Diff, Exists, OneWay, Options, Relation, Side, workflows,
};

use crate::random_workflow::workflow;

/// What can be seen of a step, in the words of this test.
fn label(system: &System, name: &str, choices: &[(String, String)], after: &State) -> String {
    let state = system.symbols.show(system.cells[0].domain.ty(), after[0]);
    format!("{name}{choices:?}{state}")
}

/// Every step from a state: what can be seen of it, and where it leads.
fn steps(system: &System, state: &State) -> Vec<(String, State)> {
    let mut all = Vec::new();
    for command in &system.commands {
        for choices in choice_tuples(command) {
            if let Outcome::Next(after) = step(system, command, state, &choices) {
                let named: Vec<(String, String)> = command
                    .choices
                    .iter()
                    .zip(&choices)
                    .map(|(c, v)| (c.name.to_string(), system.symbols.show(c.domain.ty(), *v)))
                    .collect();
                all.push((label(system, command.name.as_str(), &named, &after), after));
            }
        }
    }
    all
}

/// By word of a fixed length, the states it leads to.
type Words = BTreeMap<Vec<String>, BTreeSet<State>>;

const MOST_WORDS: usize = 6000;

/// The words one step longer; `None` where there are too many for a test.
fn longer(system: &System, words: &Words) -> Option<Words> {
    let mut all = Words::new();
    for (word, states) in words {
        for state in states {
            for (label, after) in steps(system, state) {
                let word = [word.as_slice(), &[label]].concat();
                all.entry(word).or_default().insert(after);
                if all.len() > MOST_WORDS {
                    return None;
                }
            }
        }
    }
    Some(all)
}

/// How far words are enumerated.
const FAR: usize = 4;

/// The length of the shortest word that `mine` has and `other` does not, up to `FAR`; and how far it was looked.
fn shortest(mine: &System, other: &System) -> (Option<usize>, usize) {
    let start = |s: &System| Words::from([(Vec::new(), initial_states(s).collect())]);
    let (mut a, mut b) = (start(mine), start(other));
    for length in 1..=FAR {
        let (Some(x), Some(y)) = (longer(mine, &a), longer(other, &b)) else {
            return (None, length - 1);
        };
        if x.keys().any(|w| !y.contains_key(w)) {
            return (Some(length), length);
        }
        (a, b) = (x, y);
    }
    (None, FAR)
}

/// Reachable states as texts.
fn reachable(system: &System) -> BTreeSet<Vec<String>> {
    let mut seen: BTreeSet<State> = initial_states(system).collect();
    let mut queue: VecDeque<State> = seen.iter().cloned().collect();
    while let Some(state) = queue.pop_front() {
        for (_, after) in steps(system, &state) {
            if seen.insert(after.clone()) {
                queue.push_back(after);
            }
        }
    }
    seen.iter().map(|s| shown(system, s)).collect()
}

fn shown(system: &System, state: &State) -> Vec<String> {
    system
        .cells
        .iter()
        .zip(state)
        .map(|(c, v)| {
            let name = system.symbols.cell_name(c.cell);
            format!("{name} {}", system.symbols.show(c.domain.ty(), *v))
        })
        .collect()
}

pub fn compare(old: &CheckedWorkflow, new: &CheckedWorkflow) -> Diff {
    let mut sources = Sources::default();
    let project = policy(None, &mut sources).expect("the built-in policy");
    let side = |checked| Side {
        checked,
        sources: &sources,
        file: "made up",
    };
    let options = Options::new(CancelToken::new());
    workflows(side(old), side(new), &project, &options)
}

/// A text with one line changed, or one transition taken away; what does not load is passed over.
fn mutants(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    let whens: Vec<usize> = (0..lines.len())
        .filter(|n| lines[*n].trim_start().starts_with("when:"))
        .collect();
    for (i, n) in whens.iter().enumerate() {
        let other = lines[whens[(i + 1) % whens.len()]];
        all.push(with_line(&lines, *n, other));
        let condition = lines[*n]
            .trim()
            .trim_start_matches("when: \"")
            .trim_end_matches('"');
        all.push(with_line(
            &lines,
            *n,
            &format!("    when: \"({condition}) and v < 2\""),
        ));
        all.push(with_line(
            &lines,
            *n,
            &format!("    when: \"({condition}) or w\""),
        ));
    }
    for n in 0..lines.len() {
        if lines[n].trim_start().starts_with("to:") {
            all.push(with_line(&lines, n, "    to: S1"));
        }
        if lines[n].trim_start().starts_with("v: {type: int") {
            all.push(with_line(
                &lines,
                n,
                "  v: {type: int, range: [0, 3], init: any}",
            ));
            all.push(with_line(
                &lines,
                n,
                "  v: {type: int, range: [0, 2], init: 0}",
            ));
        }
    }
    all.retain(|m| m != text);
    all
}

fn with_line(lines: &[&str], n: usize, line: &str) -> String {
    let mut lines: Vec<&str> = lines.to_vec();
    lines[n] = line;
    lines.join("\n") + "\n"
}

/// Pairs of workflows that load: made up apart from each other, and one with a small change.
fn pairs(count: u64) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for n in 0..count {
        let text = workflow(n);
        all.push((text.clone(), workflow(n + 1000)));
        let mutants = mutants(&text);
        for m in [n, n + 3, n + 7] {
            let pick = usize::try_from(m).expect("small") % mutants.len().max(1);
            if let Some(mutant) = mutants.get(pick) {
                all.push((text.clone(), mutant.clone()));
            }
        }
    }
    all
}

fn judge(way: &OneWay, mine: &System, other: &System, what: &str) -> Option<usize> {
    let (found, looked) = shortest(mine, other);
    let length = way.example.as_ref().map(|e| e.trace.len() - 1);
    assert_ne!(way.exist, Exists::Unknown, "{what}");
    assert_eq!(way.exist == Exists::Some, length.is_some(), "{what}");
    match (found, length) {
        (Some(found), length) => assert_eq!(Some(found), length, "{what}"),
        (None, Some(length)) => assert!(length > looked, "{what}: {length} of {looked}"),
        (None, None) => {}
    }
    found
}

#[test]
fn runs_and_states_are_those_of_plain_enumeration() {
    let (mut compared, mut found, mut none) = (0, 0, 0);
    for (n, (old, new)) in pairs(14).into_iter().enumerate() {
        let (Ok(a), Ok(b)) = (load_str(&old), load_str(&new)) else {
            continue;
        };
        let diff = compare(&a, &b);
        if diff.same {
            continue;
        }
        compared += 1;
        let what = format!("pair {n}:\n{old}\n{new}");
        let (x, y) = (desugar(&a), desugar(&b));
        let behaviour = diff.behaviour.as_ref().expect("compared");
        for (way, mine, other) in [
            (&behaviour.runs.gained, &y, &x),
            (&behaviour.runs.lost, &x, &y),
        ] {
            match judge(way, mine, other, &what) {
                Some(_) => found += 1,
                None => none += 1,
            }
        }
        let (before, after) = (reachable(&x), reachable(&y));
        let count = |n: usize| u64::try_from(n).ok();
        let states = &behaviour.states;
        assert_eq!(
            states.kept,
            count(before.intersection(&after).count()),
            "{what}"
        );
        assert_eq!(
            states.gained,
            count(after.difference(&before).count()),
            "{what}"
        );
        assert_eq!(
            states.lost,
            count(before.difference(&after).count()),
            "{what}"
        );
    }
    assert!(
        compared > 30 && found > 20 && none > 10,
        "{compared} {found} {none}"
    );
}

/// The relation that two sets of values show: for how many only the old condition holds, and only the new one.
pub fn relation(kind: ConditionKind, only_old: bool, only_new: bool) -> Relation {
    match (kind, only_old, only_new) {
        (_, false, false) => Relation::Equivalent,
        (_, true, true) => Relation::Incomparable,
        (ConditionKind::Guard, false, true) => Relation::Widened,
        (ConditionKind::Guard, true, false) => Relation::Narrowed,
        (ConditionKind::Property, false, true) => Relation::Weakened,
        (ConditionKind::Property, true, false) => Relation::Strengthened,
    }
}

/// The condition of this id, if it is among those that differ.
pub fn of<'c>(diff: &'c Diff, kind: ConditionKind, id: &str) -> Option<&'c Condition> {
    let mut all = diff.conditions.iter();
    all.find(|c| c.kind == kind && c.old.as_deref() == Some(id) && c.new.as_deref() == Some(id))
}
