//! Which axioms the concluding theorems rest on, as a native Lean prints them. Silence is no answer.

use super::messages::{Message, Weight};

/// What Lean's own logic has; a proof that rests on more proves less than it says.
const ALLOWED: [&str; 3] = ["propext", "Quot.sound", "Classical.choice"];

/// What stands for a proof that is missing.
const MISSING: &str = "sorryAx";

/// What was printed of one theorem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestsOn {
    /// On Lean's own axioms at most.
    Logic,
    /// On a goal that is open elsewhere.
    OpenGoal,
    /// On these others.
    Axioms(Vec<String>),
    /// Nothing that could be read was printed.
    Unsaid,
}

/// What the messages say of the theorem asked for on this line.
#[must_use]
pub fn rests_on(messages: &[Message], line: u32, theorem: &str) -> RestsOn {
    let mut said = messages
        .iter()
        .filter(|m| m.line == line && m.weight == Weight::Info);
    let (Some(message), None) = (said.next(), said.next()) else {
        return RestsOn::Unsaid;
    };
    let text = message
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let Some(rest) = text.strip_prefix(&format!("'Tribunal.{theorem}' ")) else {
        return RestsOn::Unsaid;
    };
    if rest == "does not depend on any axioms" {
        return RestsOn::Logic;
    }
    let listed = rest
        .strip_prefix("depends on axioms: [")
        .and_then(|r| r.strip_suffix(']'));
    let Some(listed) = listed else {
        return RestsOn::Unsaid;
    };
    let others: Vec<String> = listed
        .split(", ")
        .filter(|a| !ALLOWED.contains(a))
        .map(str::to_owned)
        .collect();
    match others.as_slice() {
        [] => RestsOn::Logic,
        [one] if one == MISSING => RestsOn::OpenGoal,
        [..] => RestsOn::Axioms(others.into_iter().filter(|a| a != MISSING).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::messages::{Dialect, parse};
    use super::*;

    fn said(output: &str) -> RestsOn {
        rests_on(&parse(output, Dialect::Lake), 9, "holds'p'a")
    }

    // Not recorded from a live lake: written from its public documentation and issue threads.
    #[test]
    fn only_lean_s_own_axioms_are_logic() {
        for (line, expected) in [
            (
                "'Tribunal.holds'p'a' does not depend on any axioms",
                RestsOn::Logic,
            ),
            (
                "'Tribunal.holds'p'a' depends on axioms: [propext, Classical.choice, Quot.sound]",
                RestsOn::Logic,
            ),
            (
                "'Tribunal.holds'p'a' depends on axioms: [propext,\n Quot.sound]",
                RestsOn::Logic,
            ),
            (
                "'Tribunal.holds'p'a' depends on axioms: [sorryAx]",
                RestsOn::OpenGoal,
            ),
            (
                "'Tribunal.holds'p'a' depends on axioms: [propext, Lean.ofReduceBool, sorryAx]",
                RestsOn::Axioms(vec!["Lean.ofReduceBool".into()]),
            ),
            (
                "'Tribunal.holds'p'a' depends on axioms: [propext,\n cheat]",
                RestsOn::Axioms(vec!["cheat".into()]),
            ),
            (
                "'Tribunal.holds'p'a' depends on axioms: [propext",
                RestsOn::Unsaid,
            ),
            (
                "'Tribunal.holds'p'b' does not depend on any axioms",
                RestsOn::Unsaid,
            ),
        ] {
            let output = format!(
                "ℹ [2/2] Built Workflow (1.2s)\ninfo: Workflow.lean:9:0: {line}\nBuild completed successfully (2 jobs)."
            );
            assert_eq!(said(&output), expected, "{line}");
        }
    }

    #[test]
    fn silence_another_line_and_two_answers_are_no_answer() {
        let one = "info: Workflow.lean:9:0: 'Tribunal.holds'p'a' does not depend on any axioms\n";
        assert_eq!(said(one), RestsOn::Logic);
        assert_eq!(said(""), RestsOn::Unsaid);
        assert_eq!(said(&one.replace(":9:", ":8:")), RestsOn::Unsaid);
        assert_eq!(said(&one.repeat(2)), RestsOn::Unsaid);
        assert_eq!(said(&one.replace("info", "warning")), RestsOn::Unsaid);
    }
}
