//! A critique for a person in a terminal: what is recommended, why, in which order, what is asked, and what to run next.

use super::describe::describe;
use crate::finding::Severity;
use crate::finding::critique::{Change, CriticDecision, Critique, Issue, IssueType};
use crate::report::plain;
use crate::report::render::human::{Paint, Style};
use crate::report::render::json::FindingJson;

/// A critique and what is needed to show it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The critique.
    pub critique: &'a Critique,
    /// The findings of its report.
    pub findings: &'a [FindingJson],
    /// The workflow's file as the user named it.
    pub file: &'a str,
    /// Where the critique was written, if anywhere.
    pub kept: Option<&'a str>,
}

/// The text, ending with a line end.
#[must_use]
pub fn render(shown: Shown<'_>, style: &Style) -> String {
    let paint = Paint::new(style);
    let c = shown.critique;
    let mut out = format!(
        "{} {}\n",
        paint.strong(&plain::line(shown.file)),
        paint.dim(&format!(
            "· {} version {} · critique by {}",
            plain::line(&c.workflow),
            c.target_version,
            plain::line(&c.critic)
        ))
    );
    if !style.quiet {
        issues(&mut out, shown, &paint);
        changes(&mut out, c, &paint);
        questions(&mut out, c, &paint);
        waivers(&mut out, c, &paint);
    }
    out.push_str(&format!(
        "\n{}: {}\n",
        decision(c.decision, &paint),
        told(c)
    ));
    for line in next(shown) {
        paint.entry(&mut out, "next", &line);
    }
    out
}

fn decision(decision: CriticDecision, paint: &Paint) -> String {
    match decision {
        CriticDecision::Revise => paint.yellow("revise"),
        CriticDecision::Accept => paint.green("accept"),
        CriticDecision::Reject => paint.red("reject"),
    }
}

fn count(n: usize, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}

fn told(c: &Critique) -> String {
    let asked = c
        .recommended_changes
        .iter()
        .filter(|r| matches!(r.change, Change::AskHuman { .. }))
        .count();
    let mut parts = vec![
        count(c.issues.len(), "issue"),
        count(c.recommended_changes.len() - asked, "change"),
        count(asked, "question"),
    ];
    if !c.waiver_proposals.is_empty() {
        parts.push(count(c.waiver_proposals.len(), "proposed waiver"));
    }
    parts.join(", ")
}

fn issues(out: &mut String, shown: Shown<'_>, paint: &Paint) {
    for issue in &shown.critique.issues {
        out.push_str(&format!(
            "\n  {} {}\n",
            mark(issue, paint),
            paint.strong(&plain::line(&issue.message))
        ));
        for id in &issue.findings {
            let found = shown.findings.iter().find(|f| f.id == *id);
            let place = found
                .and_then(|f| f.spans.first())
                .map_or_else(String::new, |p| {
                    format!("{}:{}:{} ", plain::line(&p.file), p.line, p.column)
                });
            let kind = found.map_or("", |f| f.kind.as_str());
            paint.entry(
                out,
                "at",
                &format!("{place}{} {}", plain::line(kind), plain::line(id)),
            );
        }
        let sort = match issue.kind {
            IssueType::CorrectnessRisk => "correctness risk",
            IssueType::AbstractionDebt => "abstraction debt",
        };
        paint.entry(out, "as", &format!("{sort} {}", plain::line(&issue.id)));
    }
}

fn mark(issue: &Issue, paint: &Paint) -> String {
    match issue.severity {
        Severity::Blocking => paint.red("×"),
        Severity::Warning => paint.yellow("⚠"),
        Severity::Info => paint.dim("·"),
    }
}

fn changes(out: &mut String, c: &Critique, paint: &Paint) {
    let listed = c
        .recommended_changes
        .iter()
        .filter(|r| !matches!(r.change, Change::AskHuman { .. }));
    for (n, change) in listed.enumerate() {
        if n == 0 {
            out.push_str(&format!("\n  {}\n", paint.strong("changes, in this order")));
        }
        paint.entry(out, &format!("{}.", n + 1), &describe(&change.change));
        let mut why = plain::line(&change.reason).into_owned();
        if !change.answers.is_empty() {
            why.push_str(&format!(" ({})", plain::line(&change.answers.join(", "))));
        }
        paint.entry(out, "", &why);
    }
}

fn questions(out: &mut String, c: &Critique, paint: &Paint) {
    for change in &c.recommended_changes {
        let Change::AskHuman {
            id,
            question,
            options,
        } = &change.change
        else {
            continue;
        };
        out.push_str(&format!(
            "\n  {} {}\n",
            paint.yellow("?"),
            paint.strong(&plain::line(question))
        ));
        paint.entry(out, "asks", &plain::line(id));
        for option in options {
            paint.entry(
                out,
                "option",
                &format!("{}: {}", plain::line(&option.id), plain::line(&option.text)),
            );
            for change in &option.changes {
                paint.entry(out, "", &describe(&change.change));
            }
        }
    }
}

fn waivers(out: &mut String, c: &Critique, paint: &Paint) {
    for waiver in &c.waiver_proposals {
        out.push_str(&format!(
            "\n  {} {}\n",
            paint.yellow("~"),
            paint.strong(&format!(
                "acceptable, if a person waives it: {}",
                plain::line(&waiver.finding)
            ))
        ));
        paint.entry(out, "because", &plain::line(&waiver.reason));
    }
}

/// A name in a command that a person may copy: a critic's words must not bring commands of their own.
fn word(id: &str) -> &str {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if !id.is_empty() && id.chars().all(harmless) {
        id
    } else {
        "QUESTION"
    }
}

/// What to run next.
fn next(shown: Shown<'_>) -> Vec<String> {
    let c = shown.critique;
    let file = plain::line(shown.file);
    let kept = shown
        .kept
        .map_or_else(|| "CRITIQUE".to_owned(), |k| plain::line(k).into_owned());
    let asked: Vec<&str> = c
        .recommended_changes
        .iter()
        .filter_map(|r| match &r.change {
            Change::AskHuman { id, .. } => Some(id.as_str()),
            _ => None,
        })
        .collect();
    let mut lines: Vec<String> = asked
        .iter()
        .map(|id| format!("`tribunal answer {} OPTION {file}`", word(id)))
        .collect();
    let all_asked = asked.len() == c.recommended_changes.len();
    match c.decision {
        CriticDecision::Revise if !all_asked || !asked.is_empty() => {
            lines.push(format!("`tribunal revise {file} --with {kept}`"));
        }
        CriticDecision::Revise => {
            lines.push(format!(
                "edit {file}, raise `version:`, and run `tribunal verify {file}`"
            ));
        }
        CriticDecision::Accept if c.waiver_proposals.is_empty() => {
            lines.push(format!(
                "`tribunal approve {file}`, which only a person can"
            ));
        }
        CriticDecision::Accept => {
            lines.push(format!(
                "`tribunal waive {file} FINDING --reason …` or change it; then `tribunal approve {file}`"
            ));
        }
        CriticDecision::Reject => lines.push(format!("`tribunal reject {file} --reason …`")),
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::critique::{QuestionOption, RecommendedChange, WaiverProposal};
    use crate::ir::Digest;

    /// Every text a critic can write, hostile: it clears the screen, turns the line round and breaks it.
    #[test]
    fn no_text_of_a_critique_reaches_the_terminal_as_anything_but_text() {
        let bad = || "\u{1b}[2J\u{202e}a\nZ; rm".to_owned();
        let remove = RecommendedChange {
            change: Change::RemoveState { state: bad() },
            reason: bad(),
            answers: vec![bad()],
        };
        let ask = RecommendedChange {
            change: Change::AskHuman {
                id: bad(),
                question: bad(),
                options: vec![QuestionOption {
                    id: bad(),
                    text: bad(),
                    changes: vec![remove.clone()],
                }],
            },
            reason: bad(),
            answers: Vec::new(),
        };
        let critique = Critique {
            format: 1,
            workflow: bad(),
            target_version: 1,
            digest: Digest::of(b""),
            report: Digest::of(b""),
            critic: bad(),
            decision: CriticDecision::Revise,
            issues: vec![Issue {
                id: bad(),
                severity: Severity::Warning,
                kind: IssueType::AbstractionDebt,
                message: bad(),
                findings: vec![bad()],
            }],
            recommended_changes: vec![remove, ask],
            waiver_proposals: vec![WaiverProposal {
                finding: bad(),
                reason: bad(),
            }],
        };
        let text = render(
            Shown {
                critique: &critique,
                findings: &[],
                file: &bad(),
                kept: Some(&bad()),
            },
            &Style::PLAIN,
        );
        let hostile: Vec<char> = text
            .chars()
            .filter(|c| plain::is_hostile(*c) && *c != '\n')
            .collect();
        assert!(hostile.is_empty(), "{hostile:?}");
        assert!(
            !text.lines().any(|l| l.trim_start().starts_with('Z')),
            "a line was broken:\n{text}"
        );
        assert!(text.contains("\\u{1b}[2J"), "{text}");
        assert!(text.contains("`tribunal answer QUESTION OPTION "), "{text}");
    }
}
