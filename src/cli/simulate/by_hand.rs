//! Stepping by hand on a terminal: shows where one is and what can happen; a number takes a step, `u` undoes one.

use std::io::{self, BufRead, Write};

use super::{Possible, end, possible};
use crate::cli::screen::Screen;
use crate::finding::{Trace, TraceStep};
use crate::model::{System, initial_states};
use crate::report::render::human::{Paint, describe, steps_plain};
use crate::report::run::{Run, RunStep};

const HELP: &str =
    "a number takes that step, u undoes one, r starts again, h shows the run so far, q quits";

/// Steps until the user quits or input ends.
pub(super) fn run(system: &System, screen: &Screen) -> io::Result<()> {
    let stdin = io::stdin().lock();
    let stdout = io::stdout().lock();
    converse(system, Paint::new(&screen.stdout), stdin, stdout)
}

fn converse(
    system: &System,
    paint: Paint,
    input: impl BufRead,
    mut out: impl Write,
) -> io::Result<()> {
    let Some(start) = initial_states(system).next() else {
        return Ok(());
    };
    let first = TraceStep {
        transition: None,
        choices: Vec::new(),
        state: start,
    };
    let mut trace = Trace {
        steps: vec![first],
        loop_from: None,
        leaves_range: false,
    };
    writeln!(out, "{}", paint.dim(HELP))?;
    let mut all = show(system, &paint, &trace, &mut out)?;
    let mut lines = input.lines();
    loop {
        write!(out, "> ")?;
        out.flush()?;
        let Some(line) = lines.next() else {
            return Ok(());
        };
        match line?.trim() {
            "q" | "quit" => return Ok(()),
            "u" if trace.steps.len() > 1 => {
                trace.steps.pop();
                trace.leaves_range = false;
            }
            "u" => writeln!(out, "this is the start")?,
            "r" => {
                trace.steps.truncate(1);
                trace.leaves_range = false;
            }
            "h" => {
                let run = Run::of(system, &trace);
                for line in steps_plain(&run) {
                    writeln!(out, "{line}")?;
                }
                continue;
            }
            "" => continue,
            other => match other
                .parse::<usize>()
                .ok()
                .and_then(|n| all.get(n.checked_sub(1)?))
            {
                Some(taken) => {
                    trace.leaves_range = taken.leaves_range;
                    trace.steps.push(taken.entry());
                }
                None => {
                    writeln!(out, "{}", paint.dim(HELP))?;
                    continue;
                }
            },
        }
        all = show(system, &paint, &trace, &mut out)?;
    }
}

/// Shows the last entry and what can happen then.
fn show(
    system: &System,
    paint: &Paint,
    trace: &Trace,
    out: &mut impl Write,
) -> io::Result<Vec<Possible>> {
    let Some(last) = trace.steps.last() else {
        return Ok(Vec::new());
    };
    let before = trace
        .steps
        .len()
        .checked_sub(2)
        .and_then(|i| trace.steps.get(i))
        .map(|s| &s.state);
    let now = RunStep::of(system, before, last);
    let words = if now.words.is_empty() {
        "nothing changes".to_owned()
    } else {
        now.words.join(", ")
    };
    writeln!(
        out,
        "\n{} {}  {words}",
        paint.dim(&format!("{:>2}", trace.steps.len() - 1)),
        paint.strong(&describe(&now))
    )?;
    match end(system, trace) {
        "terminal" => writeln!(out, "   {}", paint.green("terminal: the run ends here"))?,
        "deadlock" => writeln!(
            out,
            "   {}",
            paint.red("dead end: nothing can happen, and this is no terminal state")
        )?,
        "leaves_range" => writeln!(
            out,
            "   {}",
            paint.red("this step leaves a range; it has no successor")
        )?,
        _ => {}
    }
    let all = if trace.leaves_range {
        Vec::new()
    } else {
        possible(system, &last.state)
    };
    for (i, one) in all.iter().enumerate() {
        let step = RunStep::of(system, Some(&last.state), &one.entry());
        let odd = if one.leaves_range {
            paint.red(" leaves a range")
        } else {
            String::new()
        };
        writeln!(
            out,
            "   {} {}  {}{odd}",
            paint.cyan(&format!("{:>2}", i + 1)),
            describe(&step),
            paint.dim(&step.words.join(", "))
        )?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::load_str;
    use crate::model::desugar;
    use crate::report::render::human::Style;

    const TEXT: &str = "workflow_id: w
goal: Test
actors: [Author]
states: [Draft, Stuck, Done]
terminal: {success: [Done], failure: []}
vars:
  k: {type: int, range: [0, 1], init: 0}
transitions:
  - {id: add, from: Draft, actor: Author, set: {k: k + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: park, from: Draft, to: Stuck, actor: Author, choose: {b: {type: bool}}}
";

    fn talk(input: &str) -> String {
        let system = desugar(&load_str(TEXT).expect("a workflow"));
        let mut out = Vec::new();
        converse(
            &system,
            Paint::new(&Style::PLAIN),
            input.as_bytes(),
            &mut out,
        )
        .expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn what_can_happen_is_listed_with_choices_and_a_number_takes_it() {
        let text = talk("q\n");
        assert!(text.contains("    1 add by Author  k: 0 → 1\n"), "{text}");
        assert!(
            text.contains("    4 park by Author (b: true)  state: Draft → Stuck\n"),
            "{text}"
        );
        assert!(talk("2\nq\n").contains("terminal: the run ends here"));
        assert!(talk("3\nq\n").contains("dead end"));
        assert!(talk("1\nq\n").contains("add by Author  k: 1 → 2 leaves a range"));
        assert!(talk("1\n1\nq\n").contains("it has no successor"));
    }

    #[test]
    fn a_step_can_be_undone_and_the_run_started_again() {
        let once = talk("1\nu\nq\n");
        assert_eq!(once.matches(" 0 start  Draft, k 0").count(), 2, "{once}");
        let again = talk("1\n2\nr\nq\n");
        assert_eq!(again.matches(" 0 start  Draft, k 0").count(), 2, "{again}");
        assert!(talk("u\nq\n").contains("this is the start"));
        assert!(talk("1\nh\n").contains("   1   add by Author  k: 0 → 1"));
        assert_eq!(
            talk("9\nx\n").matches(HELP).count(),
            3,
            "what is no step gets the help"
        );
    }
}
