//! Findings, one block each; those of one kind that need no words of their own share a block.

use miette::Severity as Marked;

use super::paint::Paint;
use super::snippet::Snippet;
use super::steps;
use crate::finding::{FindingKind, Severity, SubjectKind};
use crate::ir::Span;
use crate::report::findings::doc;
use crate::report::outcome::Finding;
use crate::report::plain;
use crate::report::render::Page;

/// All findings. Infos are only counted unless everything is to be shown; quiet shows none but what blocks.
pub(super) fn findings(out: &mut String, page: Page<'_>, paint: &Paint) {
    let style = &paint.style;
    let shown = |f: &&Finding| match f.severity {
        Severity::Blocking => true,
        Severity::Warning => !style.quiet,
        Severity::Info => style.verbose && !style.quiet,
    };
    let all: Vec<&Finding> = page.report.findings.iter().filter(shown).collect();
    let mut rest = &all[..];
    while let Some((first, after)) = rest.split_first() {
        let alike = after.iter().take_while(|f| shares(first, f)).count();
        let (group, left) = rest.split_at(alike + 1);
        out.push('\n');
        block(out, page, paint, group);
        rest = left;
    }
}

/// Whether two neighbours can share a block: same kind, nothing to show but a place each.
fn shares(a: &Finding, b: &Finding) -> bool {
    let light = |f: &Finding| f.run.is_none() && f.core.is_empty() && f.spans.len() <= 2;
    a.kind == b.kind
        && a.severity == b.severity
        && a.confirmed_by == b.confirmed_by
        && a.notes == b.notes
        && a.subject.kind == b.subject.kind
        && !a.spans.is_empty()
        && !b.spans.is_empty()
        && light(a)
        && light(b)
}

fn block(out: &mut String, page: Page<'_>, paint: &Paint, group: &[&Finding]) {
    let Some(first) = group.first() else { return };
    let severity = match first.severity {
        Severity::Blocking => Marked::Error,
        Severity::Warning => Marked::Warning,
        Severity::Info => Marked::Advice,
    };
    let snippet = if group.len() == 1 {
        Snippet {
            severity,
            title: first.title.clone(),
            labels: labels(first),
            sources: page.sources,
        }
    } else {
        Snippet {
            severity,
            title: together(group),
            labels: tails(group),
            sources: page.sources,
        }
    };
    out.push_str(&snippet.render(&paint.style));
    if let Some(run) = &first.run {
        steps::run(out, run, paint);
    }
    core(out, page, paint, first);
    for note in &first.notes {
        paint.entry(out, "note", note);
    }
    if group.len() == 1 {
        for text in &first.suggestions {
            paint.entry(out, "try", text);
        }
    } else if !first.suggestions.is_empty() {
        let hint = doc(first.kind)
            .hint
            .replace("`{subject}`", "them")
            .replace("remove it", "remove them");
        paint.entry(out, "try", &hint.replace("it,", "them,"));
    }
    let ids: Vec<&str> = group.iter().map(|f| f.id.as_str()).collect();
    let confirmed = first
        .confirmed_by
        .iter()
        .map(|e| e.name())
        .collect::<Vec<_>>()
        .join(", ");
    let confirmed = if confirmed.is_empty() {
        String::new()
    } else {
        format!(" · confirmed by {confirmed}")
    };
    out.push_str(&format!(
        "    {}\n",
        paint.dim(&format!(
            "{} {}{confirmed}",
            first.kind.word(),
            ids.join(" ")
        ))
    ));
}

fn labels(finding: &Finding) -> Vec<(Span, String)> {
    let mut spans = finding.spans.iter();
    let mut all: Vec<(Span, String)> = spans
        .next()
        .map(|s| (*s, doc(finding.kind).label.to_owned()))
        .into_iter()
        .collect();
    for span in spans {
        let inside = |outer: &Span, inner: &Span| {
            outer.source == inner.source
                && outer.start <= inner.start
                && inner.start + inner.len <= outer.start + outer.len
        };
        if !all
            .iter()
            .any(|(known, _)| inside(span, known) || inside(known, span))
        {
            all.push((*span, String::new()));
        }
    }
    all
}

/// The places of a group's members, each once.
fn tails(group: &[&Finding]) -> Vec<(Span, String)> {
    let mut all: Vec<(Span, String)> = Vec::new();
    for (span, words) in group.iter().filter_map(|f| tail(f)) {
        if !all.iter().any(|(known, _)| *known == span) {
            all.push((span, words));
        }
    }
    all
}

/// A member of a group: its place, and what its title says after the subject.
fn tail(finding: &Finding) -> Option<(Span, String)> {
    let words = match finding.title.split_once(": ") {
        Some((_, reason)) => reason.to_owned(),
        None => doc(finding.kind).label.to_owned(),
    };
    Some((*finding.spans.first()?, words))
}

fn together(group: &[&Finding]) -> String {
    let n = group.len();
    let Some(first) = group.first() else {
        return String::new();
    };
    let sort = match first.subject.kind {
        SubjectKind::State => "states",
        SubjectKind::Transition => "transitions",
        SubjectKind::Actor => "actors",
        SubjectKind::Var => "variables",
        SubjectKind::Evidence => "kinds of evidence",
        SubjectKind::Artifact => "artifacts",
        SubjectKind::Property => "properties",
        SubjectKind::Phase => "phase values",
        SubjectKind::Rule => "rules",
        SubjectKind::Workflow
        | SubjectKind::TransitionPair
        | SubjectKind::Guards
        | SubjectKind::Use
        | SubjectKind::Action
        | SubjectKind::Engine => "places",
    };
    match first.kind {
        FindingKind::UnreachableState => format!("{n} {sort} are never reached"),
        FindingKind::DeadTransition => format!("{n} {sort} never fire"),
        FindingKind::Unused => format!("{n} {sort} are declared and never used"),
        FindingKind::Vacuous => format!("{n} {sort} hold for no good reason"),
        FindingKind::PolicyGap => {
            let names: Vec<&str> = group.iter().map(|f| f.subject.name.as_str()).collect();
            format!("no rule speaks of {}", plain::line(&names.join(", ")))
        }
        kind => {
            let names: Vec<String> = group
                .iter()
                .map(|f| plain::line(&f.subject.name).into_owned())
                .collect();
            format!(
                "{}: {n} times ({})",
                kind.word().replace('_', " "),
                names.join(", ")
            )
        }
    }
}

/// Which conditions fail, or which rules cause it.
fn core(out: &mut String, page: Page<'_>, paint: &Paint, finding: &Finding) {
    let conditions = finding.run.is_some();
    for (i, item) in finding.core.iter().enumerate() {
        let label = match (i, conditions) {
            (0, true) => "fails",
            (0, false) => "cause",
            (_, _) => "",
        };
        let line = item.span.map(|s| page.sources.line_column(s).0);
        let at = line.map_or(String::new(), |l| format!("  (line {l})"));
        paint.entry(out, label, &format!("{}{at}", plain::line(&item.name)));
    }
}
