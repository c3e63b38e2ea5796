//! Sets of states that are not the right ones: the real Lean refuses them, at the transitions that they are wrong about.

use std::time::Duration;

use tribunal::engine::Request;
use tribunal::engine::lean::{find, judge, parse};
use tribunal::finding::PropertyIx;
use tribunal::host::cancel::CancelToken;
use tribunal::lower::lean::{Options, lower};
use tribunal::model::desugar;

use crate::tools::skip;

const COUNTS: &str = "
workflow_id: tallies
goal: count to three, then stop
actors: [clerk]
states: [Counting, Checked, Done]
terminal: {success: [Done], failure: []}
vars: {seen: {type: int, range: [0, 3], init: 0}}
transitions:
  - {id: tally, actor: clerk, from: Counting, when: seen < 3, set: {seen: seen + 1}}
  - {id: check, actor: clerk, from: Counting, to: Checked, when: seen == 3}
  - {id: finish, actor: clerk, from: Checked, to: Done}
";

/// The tree of the members with this control state, as the file writes it.
const COUNTING: &str = "| .Counting' => (Tree.node (Tree.node (Tree.node Tree.leaf (nat_lit 0) Tree.leaf) (nat_lit 1) Tree.leaf) \
                        (nat_lit 2) (Tree.node Tree.leaf (nat_lit 3) Tree.leaf))";
const CHECKED: &str = "| .Checked' => (Tree.node Tree.leaf (nat_lit 3) Tree.leaf)";

/// The theorems on which everything rests that Lean refuses when `right` is written as `wrong`; `None` without Lean.
fn refused(right: &str, wrong: &str) -> Option<Vec<String>> {
    let launcher = match find() {
        Ok(launcher) => launcher,
        Err(missing) => {
            skip(&missing.to_string());
            return None;
        }
    };
    let system = desugar(&tribunal::check::load_str(COUNTS).expect("a workflow"));
    let properties: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let mut file = lower(&system, &properties, &Options::default()).expect("it is small");
    assert_eq!(file.text.matches(right).count(), 1, "{right}");
    file.text = file.text.replace(right, wrong);
    let checked = launcher.check(
        &file.text,
        &Request {
            system: &system,
            properties: &properties,
            deadline: Duration::from_secs(600),
            cancel: CancelToken::new(),
            artifacts: None,
            progress: &|_| {},
        },
    );
    let judgement = judge(&file, &checked);
    assert!(judgement.failure.is_some(), "{judgement:?}");
    for ix in &properties {
        assert!(!judgement.accepted(*ix, ""), "{judgement:?}");
    }
    let messages = parse(&checked.output, checked.dialect);
    let hit = |t: &&tribunal::lower::lean::Theorem| {
        t.property.is_none()
            && messages
                .iter()
                .any(|m| t.lines.0 <= m.line && m.line <= t.lines.1)
    };
    let names = file.theorems.iter().filter(hit);
    Some(names.map(|t| t.name.clone()).collect())
}

#[test]
fn a_set_that_lacks_a_member_fails_at_the_transition_that_leads_to_it() {
    let wrong = COUNTING.replace("(Tree.node Tree.leaf (nat_lit 3) Tree.leaf)", "Tree.leaf");
    let Some(names) = refused(COUNTING, &wrong) else {
        return;
    };
    assert_eq!(names, ["closed__states__tally'"]);
}

#[test]
fn a_set_with_a_foreign_member_fails_at_the_transition_that_leaves_it() {
    let wrong = CHECKED.replacen(
        "Tree.leaf",
        "(Tree.node Tree.leaf (nat_lit 0) Tree.leaf)",
        1,
    );
    let Some(names) = refused(CHECKED, &wrong) else {
        return;
    };
    assert_eq!(names, ["closed__states__finish'"]);
}

#[test]
fn a_flipped_bit_of_a_code_fails_at_the_transitions_into_and_out_of_it() {
    let wrong = CHECKED.replace("nat_lit 3", "nat_lit 2");
    let Some(names) = refused(CHECKED, &wrong) else {
        return;
    };
    assert_eq!(names, ["closed__states__check'", "closed__states__finish'"]);
}
