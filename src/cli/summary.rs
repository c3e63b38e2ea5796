//! What a person is shown before a decision: the verdict, the evidence, what is open and waived, what changed.

use std::time::Duration;

use crate::finding::Severity;
use crate::gate::StoredReport;
use crate::gate::event::ApprovalForm;
use crate::gate::person::shown;
use crate::gate::record::{FROZEN_FILE, Part};
use crate::host::interrupt;
use crate::pipeline::approve::Proposal;
use crate::pipeline::diff::diff;
use crate::pipeline::subject::{Ground, Subject};
use crate::report::plain;
use crate::report::render::json::PropertyJson;
use crate::revise::diff::{Options, brief};

/// The page before an approval.
pub(super) fn approval(ground: &Ground, subject: &Subject, proposal: &Proposal) -> String {
    let what = &proposal.approved;
    let mut out = format!(
        "{} · {} version {}\n",
        plain::line(&subject.path.display().to_string()),
        what.workflow,
        what.version
    );
    let mut line = |name: &str, text: String| {
        out.push_str(&format!("  {name:<9} {}\n", plain::line(&text)));
    };
    if let Part::There(report) = &subject.case().record.report {
        evidence(report, &mut line);
        for finding in report
            .findings
            .iter()
            .filter(|f| f.severity != Severity::Info)
        {
            let waived = what.waivers.iter().find(|w| w.finding == finding.id);
            let text = format!("{} {}", finding.id, finding.title);
            match waived {
                Some(w) => line("waived", format!("{text}; {}: {}", shown(&w.by), w.reason)),
                None => line("open", text),
            }
        }
    }
    for waiver in what.waivers.iter().filter(|w| w.severity == Severity::Info) {
        let text = format!(
            "{} {}; {}: {}",
            waiver.finding,
            waiver.title,
            shown(&waiver.by),
            waiver.reason
        );
        line("waived", text);
    }
    if let Part::There(critique) = &subject.case().record.critique {
        line("critique", format!("accepted by {}", critique.critic));
    }
    if let Some(last) = proposal.last {
        line("changes", changes(ground, subject, last));
    }
    for given in &proposal.given {
        line(
            "given",
            format!(
                "{} ({}) on {}",
                shown(&given.by),
                given.how.words(),
                given.at
            ),
        );
    }
    if proposal.own_work {
        line(
            "note",
            "this is the approver's own work, as `single_person` in .spec/config.json lets it be"
                .to_owned(),
        );
    }
    let form = match what.form() {
        ApprovalForm::ApprovedWithProof => "nothing waived, no obligation open",
        ApprovalForm::ApprovedWithWaiver => "with what is waived or left open above",
    };
    line("form", form.to_owned());
    out.push_str(&format!("to be approved  {}\n", proposal.shown));
    out
}

fn evidence(report: &StoredReport, line: &mut impl FnMut(&str, String)) {
    let data = &report.data;
    let engines: Vec<String> = data
        .engines
        .iter()
        .map(|e| match &e.version {
            Some(version) if e.available => format!("{} {version}", e.engine),
            Some(_) | None => format!("{} missing", e.engine),
        })
        .collect();
    let states = data
        .states
        .as_ref()
        .map_or_else(String::new, |s| format!(" · {} states", s.distinct));
    line(
        "verdict",
        format!("{}{states} · {}", data.verdict.word(), engines.join(", ")),
    );
    for row in data.properties.iter().filter(|p| !p.automatic) {
        line("property", property(row));
    }
    let automatic: Vec<&PropertyJson> = data.properties.iter().filter(|p| p.automatic).collect();
    let words: Vec<String> = tally(&automatic);
    line("automatic", words.join(", "));
}

/// One row of the evidence: the verdict and every engine's own answer.
fn property(row: &PropertyJson) -> String {
    let answers: Vec<String> = row
        .engines
        .iter()
        .map(|a| {
            let word = a.answer.split(' ').next().unwrap_or_default();
            format!("{} {word}", a.engine)
        })
        .collect();
    format!(
        "{}: {} ({}), {}",
        row.id,
        row.verdict.word(),
        row.assurance.phrase(),
        answers.join(", ")
    )
}

/// `12 holds, 1 violated`.
fn tally(rows: &[&PropertyJson]) -> Vec<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for row in rows {
        let word = row.verdict.word();
        match counts.iter_mut().find(|(w, _)| *w == word) {
            Some((_, n)) => *n += 1,
            None => counts.push((word, 1)),
        }
    }
    counts
        .iter()
        .map(|(word, n)| format!("{n} {word}"))
        .collect()
}

/// What changed since the version that was approved last.
fn changes(ground: &Ground, subject: &Subject, last: u32) -> String {
    let folder = ground
        .project
        .workflows()
        .join(subject.id())
        .join(format!("v{last}"));
    let old = folder.join(FROZEN_FILE);
    let options = Options {
        max_states: 50_000,
        deadline: Duration::from_secs(10),
        cancel: interrupt::token().child(),
    };
    let told = diff(&old, &subject.path, Some(&ground.project), &options)
        .map_or_else(|_| "not known".to_owned(), |compared| brief(&compared.diff));
    format!("since version {last} was approved: {told}")
}
