//! What a run of the loop came to, for a person.

use std::fmt::Write;

use crate::pipeline::iterate::bounds::word;
use crate::pipeline::iterate::history::Round;
use crate::pipeline::iterate::{Ending, How};
use crate::protocol::Spend;
use crate::report::plain;
use crate::report::render::human::Style;

/// All of it: the rounds, what they cost, what comes next.
#[must_use]
pub fn text(ending: &Ending, rounds: &[Round], total: &Spend, style: &Style) -> String {
    let mut out = format!("{}\n\n", ending.workflow);
    if !style.quiet {
        table(&mut out, rounds, total);
    }
    let version = ending.version;
    let file = ending.file.as_deref().unwrap_or("");
    match &ending.how {
        How::AwaitsApproval => {
            let _ = writeln!(
                out,
                "version {version} is verified and waits for a person's approval\n  {file}"
            );
            let _ = writeln!(out, "next: tribunal approve {file}");
        }
        How::AwaitsAnswer {
            question,
            text,
            options,
        } => {
            let _ = writeln!(
                out,
                "version {version} waits for an answer\n  {}",
                plain::line(text)
            );
            for option in options {
                let _ = writeln!(out, "next: tribunal answer {question} {option}");
            }
        }
        How::Escalated { question, why } => {
            let _ = writeln!(
                out,
                "the agents cannot go on at version {version}: {}",
                plain::line(why)
            );
            let _ = writeln!(
                out,
                "next: tribunal answer {question} go_on, or: tribunal answer {question} stop"
            );
        }
        How::Exhausted { question, used } => {
            let _ = writeln!(
                out,
                "{} of {} {} are used up at version {version}",
                used.spent, used.limit, used.bound
            );
            let _ = writeln!(
                out,
                "next: tribunal answer {question} go_on, or: tribunal answer {question} stop"
            );
        }
        How::Approved => {
            let _ = writeln!(out, "version {version} is approved\n  {file}");
            let _ = writeln!(out, "next: tribunal gate {file}");
        }
        How::Rejected { why } => {
            let _ = writeln!(out, "version {version} was given up: {}", plain::line(why));
        }
    }
    out
}

/// The rounds, a line each, and what they cost.
pub fn table(out: &mut String, rounds: &[Round], total: &Spend) {
    for round in rounds {
        let found = match round.verdict {
            Some(_) => format!(
                "{} blocking, {}",
                round.blocking,
                plural(round.warning, "warning")
            ),
            None => "not verified yet".to_owned(),
        };
        let decision = round.decision.map_or("", word);
        let beside = match round.beside {
            0 => String::new(),
            n => format!(
                "  {} beside it",
                plural(u32::try_from(n).unwrap_or(u32::MAX), "candidate")
            ),
        };
        let cost = paid(&round.spend).map_or_else(String::new, |p| format!("  {p}"));
        let line = format!(
            "  version {:<3} {found:<24} {decision}{beside}{cost}",
            round.version
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    match paid(total) {
        Some(paid) => {
            let _ = writeln!(out, "  {paid} in all\n");
        }
        None => out.push_str("  no model was called\n\n"),
    }
}

/// What was paid, in words; `None` where no model was called.
#[must_use]
pub fn paid(spend: &Spend) -> Option<String> {
    if spend.calls == 0 {
        return None;
    }
    let tokens = spend.input_tokens.saturating_add(spend.output_tokens);
    let money = format!(
        "${}.{:04}",
        spend.micro_dollars / 1_000_000,
        spend.micro_dollars % 1_000_000 / 100
    );
    let unknown = match spend.unpriced_calls {
        0 => String::new(),
        n => format!(" and {} of unknown price", plural(n, "call")),
    };
    Some(format!(
        "{}, {tokens} tokens, {money}{unknown}",
        plural(spend.calls, "call")
    ))
}

/// `1 warning`, `2 warnings`.
#[must_use]
pub fn plural(n: u32, word: &str) -> String {
    if n == 1 {
        format!("1 {word}")
    } else {
        format!("{n} {word}s")
    }
}
