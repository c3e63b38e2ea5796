//! The last lines: the verdict, what it rests on, what is missing and what that costs, how to proceed.

use super::paint::Paint;
use crate::finding::Severity;
use crate::report::merge::lost;
use crate::report::outcome::Report;
use crate::report::plain;
use crate::report::verdict::Verdict;

/// Adds the summary.
pub(super) fn summary(out: &mut String, report: &Report, paint: &Paint) {
    let word = word(report.verdict, paint);
    out.push_str(&format!(
        "\n{}: {}\n",
        word,
        facts(report, paint).join(" · ")
    ));
    if paint.style.quiet {
        return;
    }
    for engine in report.engines.iter().filter(|e| !e.available && !e.needed) {
        let why = engine.reason.as_deref().unwrap_or("not there");
        paint.entry(
            out,
            "missing",
            &format!("{}: {why}; {}", engine.engine, lost(engine.engine)),
        );
    }
    let times: Vec<String> = report
        .engines
        .iter()
        .filter(|e| e.available)
        .map(|e| format!("{} {:.2} s", e.engine, e.seconds))
        .collect();
    if !times.is_empty() {
        out.push_str(&format!(
            "    {}{}\n",
            paint.cyan("time    "),
            paint.dim(&times.join(", "))
        ));
    }
    paint.entry(out, "next", &next(report));
}

/// The verdict, coloured.
pub(super) fn word(verdict: Verdict, paint: &Paint) -> String {
    match verdict {
        Verdict::Clean => paint.green("clean"),
        Verdict::Warnings => paint.yellow("warnings"),
        Verdict::Blocking => paint.red("blocking"),
        Verdict::Inconclusive => paint.yellow("inconclusive"),
    }
}

/// How many findings of which severity; `None` where there are none.
pub(super) fn counts(report: &Report) -> Option<String> {
    let counts = [
        (report.count(Severity::Blocking), "blocking", "blocking"),
        (report.count(Severity::Warning), "warning", "warnings"),
        (report.count(Severity::Info), "info", "infos"),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(n, _, _)| *n > 0)
        .map(|(n, one, many)| format!("{n} {}", if *n == 1 { one } else { many }))
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn facts(report: &Report, paint: &Paint) -> Vec<String> {
    let mut parts = vec![counts(report).unwrap_or_else(|| "no findings".to_owned())];
    if report.count(Severity::Info) > 0
        && !paint.style.verbose
        && let Some(last) = parts.last_mut()
    {
        last.push_str(" (-v shows infos)");
    }
    if let Some(states) = report.states {
        let many = |n: u64, word: &str| {
            if n == 1 {
                format!("1 {word}")
            } else {
                format!("{n} {word}s")
            }
        };
        let mut text = many(states.distinct, "state");
        if let Some(steps) = states.steps {
            text.push_str(&format!(", {}", many(steps, "step")));
        }
        if let Some(depth) = states.depth {
            text.push_str(&format!(", depth {depth}"));
        }
        if !states.complete {
            text.push_str(" so far");
        }
        parts.push(text);
    }
    let engines: Vec<String> = report
        .engines
        .iter()
        .filter(|e| e.available)
        .map(|e| match &e.version {
            Some(version) if e.cached => format!("{} {} from the cache", e.engine, number(version)),
            Some(version) => format!("{} {}", e.engine, number(version)),
            None => e.engine.name().to_owned(),
        })
        .collect();
    if !engines.is_empty() {
        parts.push(engines.join(", "));
    }
    parts
}

fn next(report: &Report) -> String {
    let file = plain::line(&report.about.file);
    match report.verdict {
        Verdict::Clean => "nothing to fix; what this version says is what was checked".to_owned(),
        Verdict::Warnings | Verdict::Blocking => {
            let kind = report.findings.first().map_or("KIND", |f| f.kind.word());
            format!("`tribunal explain {kind}` says more; edit {file} and run `tribunal verify {file}` again")
        }
        Verdict::Inconclusive => {
            "an answer is missing, and that is no pass: see `tribunal doctor`, `--engine` and `--deadline`".to_owned()
        }
    }
}

/// The number in a version such as `TLC2 Version 2.18 of 20 March 2023`.
fn number(version: &str) -> &str {
    let digit = |w: &&str| w.starts_with(|c: char| c.is_ascii_digit());
    version.split(' ').find(digit).unwrap_or(version)
}
