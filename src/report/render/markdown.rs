//! The report as Markdown, for comments on pull requests. Text from files cannot become markup, links or mentions.

use std::fmt::Write;

use super::Page;
use super::places::Place;
use crate::finding::Severity;
use crate::report::outcome::{Finding, PropertyResult, Report};
use crate::report::plain;
use crate::report::verdict::{PropertyVerdict, Verdict};

/// The Markdown of one report.
#[must_use]
pub fn render(page: Page<'_>) -> String {
    let report = page.report;
    let mut out = String::new();
    let name = report.about.workflow.as_deref().unwrap_or("policy");
    let version = report
        .about
        .version
        .map_or(String::new(), |v| format!(" v{v}"));
    let _ = writeln!(
        out,
        "### {} {}{version}: {}\n",
        mark(report.verdict),
        text(name),
        report.verdict.word()
    );
    let _ = writeln!(out, "{}\n", text(&report.about.file));
    for finding in &report.findings {
        one(&mut out, page, finding);
    }
    matrix(&mut out, report);
    let engines: Vec<String> = report
        .engines
        .iter()
        .map(|e| match (&e.version, e.available) {
            (Some(version), true) if e.cached => {
                format!("{} {} from the cache", e.engine, text(version))
            }
            (Some(version), true) => format!("{} {}", e.engine, text(version)),
            (_, _) => format!("{} (missing)", e.engine),
        })
        .collect();
    if !engines.is_empty() {
        let _ = writeln!(
            out,
            "<sub>{} · digest `{}`</sub>",
            engines.join(" · "),
            short(&report.about.digest)
        );
    }
    out
}

const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clean => "✅",
        Verdict::Warnings => "⚠️",
        Verdict::Blocking => "❌",
        Verdict::Inconclusive => "❔",
    }
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn one(out: &mut String, page: Page<'_>, finding: &Finding) {
    let sign = match finding.severity {
        Severity::Blocking => "❌ **blocking**",
        Severity::Warning => "⚠️ **warning**",
        Severity::Info => "ℹ️ info",
    };
    let at = finding
        .spans
        .first()
        .and_then(|s| Place::of(page.sources, *s));
    let at = at.map_or(String::new(), |p| {
        format!(" — {}:{}", text(&p.file), p.line)
    });
    let _ = writeln!(
        out,
        "- {sign} {} (`{}`){at}",
        text(&finding.title),
        finding.kind.word()
    );
    if let Some(run) = &finding.run {
        let _ = writeln!(
            out,
            "\n  <details><summary>the run that shows it</summary>\n"
        );
        for line in super::human::steps_plain(run) {
            let _ = writeln!(out, "      {line}");
        }
        let _ = writeln!(out, "\n  </details>\n");
    }
    for line in finding.notes.iter().chain(&finding.suggestions) {
        let _ = writeln!(out, "  - {}", text(line));
    }
}

fn matrix(out: &mut String, report: &Report) {
    if report.properties.is_empty() {
        return;
    }
    let engines: Vec<&str> = report.engines.iter().map(|e| e.engine.name()).collect();
    let _ = writeln!(out, "\n<details><summary>evidence</summary>\n");
    let _ = writeln!(
        out,
        "| property | verdict | assurance | {} |",
        engines.join(" | ")
    );
    let _ = writeln!(out, "| --- | --- | --- |{}", " --- |".repeat(engines.len()));
    let quiet = |p: &&PropertyResult| p.automatic && p.verdict == PropertyVerdict::Holds;
    for row in report.properties.iter().filter(|p| !quiet(p)) {
        let cells: Vec<&str> = row.cells.iter().map(|c| c.answer).collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            text(&row.id),
            row.verdict.word(),
            row.assurance.phrase(),
            cells.join(" | ")
        );
    }
    let held = report.properties.iter().filter(quiet).count();
    if held > 0 {
        let _ = writeln!(out, "\n{held} automatic properties hold.");
    }
    let _ = writeln!(out, "\n</details>\n");
}

/// Text as text: what Markdown or HTML would read is escaped, `@` cannot call anybody; code in backticks stays code.
#[must_use]
pub fn text(raw: &str) -> String {
    let raw = plain::line(raw);
    let parts: Vec<&str> = raw.split('`').collect();
    // Only well-formed pairs of backticks are kept as code.
    let paired = parts.len() % 2 == 1;
    let mut out = String::with_capacity(raw.len() + 8);
    for (i, part) in parts.iter().enumerate() {
        let code = paired && i % 2 == 1;
        if code && !part.is_empty() {
            let _ = write!(out, "`{}`", part.replace('|', "\\|"));
        } else {
            escape(&mut out, part);
            if !paired && i + 1 < parts.len() {
                out.push_str("\\`");
            }
        }
    }
    out
}

fn escape(out: &mut String, part: &str) {
    for c in part.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '^'
            | '$' => {
                out.push('\\');
                out.push(c);
            }
            // Bare addresses become links by themselves.
            ':' => out.push_str("&#58;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup_links_or_mentions() {
        let hostile = "<img src=x> [a](http://e.vil) @team **b** |c| \u{1b}[2J #1 `unpaired";
        let safe = text(hostile);
        for bad in ["<img", "](", "@team", "**b**", "\u{1b}", "http://"] {
            assert!(!safe.contains(bad), "{bad:?} survives in {safe}");
        }
        assert_eq!(text("`a_b` fails"), "`a_b` fails");
        assert_eq!(text("a_b"), "a\\_b");
    }
}
