//! A run as numbered lines: who did what, what changed, and where it goes round.

use super::paint::{Paint, pad};
use crate::report::run::{Run, RunStep};

const NAME: usize = 34;

/// One step in words: `propose by PlannerLLM (r: pass)`; `start` for the initial state.
#[must_use]
pub fn describe(step: &RunStep) -> String {
    let Some(transition) = &step.transition else {
        return "start".to_owned();
    };
    let by = step
        .actor
        .as_ref()
        .map_or(String::new(), |a| format!(" by {a}"));
    let chosen: Vec<String> = step
        .choices
        .iter()
        .map(|(n, v)| format!("{n}: {v}"))
        .collect();
    let chosen = if chosen.is_empty() {
        String::new()
    } else {
        format!(" ({})", chosen.join(", "))
    };
    format!("{transition}{by}{chosen}")
}

/// The run without colours, a line a step.
#[must_use]
pub fn steps_plain(run: &Run) -> Vec<String> {
    (0..run.steps.len())
        .filter_map(|i| line(run, i))
        .map(|l| l.text())
        .collect()
}

/// Adds the run to a report.
pub(super) fn run(out: &mut String, run: &Run, paint: &Paint) {
    let widest = run
        .steps
        .iter()
        .map(|s| describe(s).chars().count())
        .max()
        .unwrap_or(0)
        .min(NAME);
    let indent = 17 + widest + 2;
    for i in 0..run.steps.len() {
        let Some(line) = line(run, i) else { continue };
        let label = if i == 0 { "run" } else { "" };
        let room = paint.style.width.saturating_sub(indent).max(24);
        let words = super::paint::wrap(&line.words, room);
        let (first, rest) = words
            .split_first()
            .map_or(("", &[][..]), |(f, r)| (f.as_str(), r));
        let head = format!(
            "    {}{} {} {}  {}",
            paint.cyan(&format!("{label:<8}")),
            paint.dim(&format!("{i:>2}")),
            paint.yellow(line.gutter),
            paint.strong(&pad(&line.what, widest)),
            first,
        );
        out.push_str(head.trim_end());
        out.push('\n');
        for more in rest {
            out.push_str(&format!("{}{more}\n", " ".repeat(indent + 1)));
        }
    }
    if let Some(end) = ending(run) {
        out.push_str(&format!("{}{}\n", " ".repeat(15), paint.yellow(&end)));
    }
}

struct Line {
    number: usize,
    gutter: &'static str,
    what: String,
    words: String,
}

impl Line {
    fn text(&self) -> String {
        format!(
            "  {:>2} {} {}  {}",
            self.number, self.gutter, self.what, self.words
        )
        .trim_end()
        .to_owned()
    }
}

fn line(run: &Run, i: usize) -> Option<Line> {
    let step = run.steps.get(i)?;
    let last = run.steps.len().saturating_sub(1);
    let gutter = match run.loop_from {
        Some(from) if from == last && i == last => "⟳",
        Some(from) if i == from => "╭",
        Some(from) if i == last && from < last => "╰",
        Some(from) if i > from => "│",
        Some(_) | None => " ",
    };
    let words = if step.words.is_empty() {
        "nothing changes".to_owned()
    } else {
        step.words.join(", ")
    };
    Some(Line {
        number: i,
        gutter,
        what: describe(step),
        words,
    })
}

/// What happens after the last line, where that is the point.
fn ending(run: &Run) -> Option<String> {
    let last = run.steps.len().saturating_sub(1);
    match run.loop_from {
        Some(from) if from == last => Some("⟳ and nothing more need ever happen".to_owned()),
        Some(from) => Some(format!("⟳ back to {from}, and round for ever")),
        None if run.leaves_range => Some("✗ this step leaves a range".to_owned()),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::run::Shown;

    fn step(transition: Option<&str>, words: &[&str]) -> RunStep {
        RunStep {
            transition: transition.map(str::to_owned),
            actor: transition.map(|_| "Critic".to_owned()),
            choices: Vec::new(),
            changed: Vec::new(),
            words: words.iter().map(|w| (*w).to_owned()).collect(),
        }
    }

    #[test]
    fn a_loop_is_marked_from_the_state_it_comes_back_to() {
        let run = Run {
            steps: vec![
                step(None, &["Draft"]),
                step(Some("submit"), &["state: Draft → Review"]),
                step(Some("revise"), &["state: Review → Draft"]),
                step(Some("submit"), &["state: Draft → Review"]),
            ],
            loop_from: Some(1),
            leaves_range: false,
        };
        assert_eq!(
            steps_plain(&run),
            [
                "   0   start  Draft",
                "   1 ╭ submit by Critic  state: Draft → Review",
                "   2 │ revise by Critic  state: Review → Draft",
                "   3 ╰ submit by Critic  state: Draft → Review",
            ]
        );
        assert_eq!(
            ending(&run).as_deref(),
            Some("⟳ back to 1, and round for ever")
        );
    }

    #[test]
    fn choices_are_told() {
        let mut one = step(Some("judge"), &[]);
        one.choices = vec![
            ("r".into(), Shown::Word("pass".into())),
            ("n".into(), Shown::Int(2)),
        ];
        assert_eq!(describe(&one), "judge by Critic (r: pass, n: 2)");
    }
}
