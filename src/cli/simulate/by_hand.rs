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
