//! The critic without a model: rules propose, engines judge, and what is left is told to a person. It recommends; it never
//! gives authority, and it accepts nothing that blocks.

use super::bench::{Bench, Judged};
use super::case::Case;
use super::issue;
use super::order::in_order;
use super::proposal::Question;
use super::search::Search;
use crate::finding::critique::{
    Change, CriticDecision, Critique, FORMAT, Issue, RecommendedChange, WaiverProposal,
};
use crate::finding::{FindingKind, Severity};
use crate::ir::Digest;
use crate::report::{Report, Verdict};

/// What a critique is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `workflow_id`.
    pub workflow: String,
    /// `version`.
    pub version: u32,
    /// Its digest (S-12).
    pub digest: Digest,
    /// The report's digest.
    pub report: Digest,
}

/// Why there is no critique.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CritiqueError {
    /// The report is no ground to judge on.
    #[error("the report is inconclusive, so nothing can be recommended: {why}")]
    Inconclusive {
        /// What is missing.
        why: String,
    },
    /// The text is not what the report is about.
    #[error("the workflow has errors")]
    Unreadable,
    /// The user stopped it.
    #[error("interrupted")]
    Interrupted,
}

/// The name this critic goes by.
pub const CRITIC: &str = "rules";

/// All engines, asked about a text; `None` where they do not come to a report.
pub type Confirm<'a> = &'a dyn Fn(&str) -> Option<Report>;

/// Changes that were listed together, the finding they are for, and all that they removed.
struct Group {
    changes: Vec<RecommendedChange>,
    goal: String,
    removed: Vec<String>,
}

impl Group {
    /// The findings that each change answers: the one they are all for, and those about something that the change names;
    /// what none of them names, all answer.
    fn shares(&self, open: &[&Case]) -> Vec<Vec<String>> {
        let texts: Vec<String> = self
            .changes
            .iter()
            .map(|c| serde_json::to_string(&c.change).unwrap_or_default())
            .collect();
        let mut shares = vec![vec![self.goal.clone()]; self.changes.len()];
        for case in open
            .iter()
            .filter(|c| self.removed.contains(&c.id) && c.id != self.goal)
        {
            let name = format!("\"{}\"", case.subject.name);
            let any = texts.iter().any(|t| t.contains(&name));
            for (share, text) in shares.iter_mut().zip(&texts) {
                if !any || text.contains(&name) {
                    share.push(case.id.clone());
                }
            }
        }
        shares
    }
}

/// The critique of a report with these findings and this verdict.
///
/// # Errors
/// See [`CritiqueError`].
pub fn criticize(
    bench: &Bench<'_>,
    target: &Target,
    verdict: Verdict,
    cases: &[Case],
    confirm: Confirm<'_>,
) -> Result<Critique, CritiqueError> {
    if verdict == Verdict::Inconclusive {
        return Err(CritiqueError::Inconclusive {
            why: missing(cases),
        });
    }
    let open: Vec<&Case> = in_order(cases)
        .into_iter()
        .filter(|c| c.severity != Severity::Info)
        .collect();
    let (groups, questions) = if open.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        look(bench, &open, confirm)?
    };
    if bench.cancel.cancelled() {
        return Err(CritiqueError::Interrupted);
    }
    Ok(document(target, &open, groups, questions))
}

fn missing(cases: &[Case]) -> String {
    let silent = |c: &&Case| {
        matches!(
            c.kind,
            FindingKind::EngineUnavailable | FindingKind::BudgetExceeded
        )
    };
    let told: Vec<&str> = cases
        .iter()
        .filter(silent)
        .map(|c| c.title.as_str())
        .collect();
    if told.is_empty() {
        "no engine decides every property".to_owned()
    } else {
        told.join("; ")
    }
}

type Found = (Vec<Group>, Vec<(String, Question)>);

/// Mends finding after finding, until no rule helps any more; then has all engines confirm what is listed.
fn look(bench: &Bench<'_>, open: &[&Case], confirm: Confirm<'_>) -> Result<Found, CritiqueError> {
    let mut search = Search::new(bench).ok_or(CritiqueError::Unreadable)?;
    let at_first: Vec<String> = ids(search.now());
    let mut groups: Vec<Group> = Vec::new();
    let mut questions: Vec<(String, Question)> = Vec::new();
    loop {
        let mut progress = false;
        questions.clear();
        for case in open {
            let before = ids(search.now());
            match search.mend(&case.id) {
                Ok(changes) => {
                    let after = ids(search.now());
                    let removed = before
                        .into_iter()
                        .filter(|id| !after.contains(id))
                        .collect();
                    let goal = case.id.clone();
                    groups.push(Group {
                        changes,
                        goal,
                        removed,
                    });
                    progress = true;
                }
                Err(Some(question)) => questions.push((case.id.clone(), question)),
                Err(None) => {}
            }
            if bench.cancel.cancelled() {
                return Err(CritiqueError::Interrupted);
            }
        }
        if !progress {
            break;
        }
    }
    // A finding that only another engine sees may be gone as well; whether it is, that engine says.
    let mut removed_too: Vec<String> = open
        .iter()
        .map(|c| c.id.clone())
        .filter(|id| !at_first.contains(id))
        .collect();
    while !groups.is_empty() {
        match confirmed(&search, &groups, open, confirm) {
            Some(report) => {
                removed_too.retain(|id| report.findings.iter().all(|f| f.id != *id));
                if let Some(last) = groups.last_mut() {
                    last.removed.append(&mut removed_too);
                }
                break;
            }
            None => drop(groups.pop()),
        }
    }
    questions.retain(|(id, _)| groups.iter().all(|g| !g.removed.contains(id)));
    Ok((groups, questions))
}

fn ids(judged: &Judged) -> Vec<String> {
    judged.cases.iter().map(|c| c.id.clone()).collect()
}

/// What all engines say of all that is listed, if they find it as good as the embedded ones did.
fn confirmed(
    search: &Search<'_>,
    groups: &[Group],
    open: &[&Case],
    confirm: Confirm<'_>,
) -> Option<Report> {
    let all: Vec<RecommendedChange> = groups.iter().flat_map(|g| g.changes.clone()).collect();
    let report = confirm(&search.text(&all)?)?;
    let known = |id: &str| open.iter().any(|c| c.id == id);
    let removed = |id: &str| groups.iter().any(|g| g.removed.iter().any(|r| r == id));
    let bad = report
        .findings
        .iter()
        .any(|f| removed(&f.id) || (f.severity == Severity::Blocking && !known(&f.id)));
    (!bad && report.verdict != Verdict::Inconclusive).then_some(report)
}

/// The document: an issue for each open finding, the changes in order, then the questions.
fn document(
    target: &Target,
    open: &[&Case],
    groups: Vec<Group>,
    questions: Vec<(String, Question)>,
) -> Critique {
    let removed = |id: &str| groups.iter().any(|g| g.removed.iter().any(|r| r == id));
    let left: Vec<&&Case> = open.iter().filter(|c| !removed(&c.id)).collect();
    let decision = if !groups.is_empty() || left.iter().any(|c| c.severity == Severity::Blocking) {
        CriticDecision::Revise
    } else {
        CriticDecision::Accept
    };
    let issues: Vec<Issue> = open
        .iter()
        .enumerate()
        .map(|(n, case)| issue::of(n + 1, case, decision))
        .collect();
    let answers = |ids: &[String]| -> Vec<String> {
        issues
            .iter()
            .filter(|i| i.findings.iter().any(|f| ids.contains(f)))
            .map(|i| i.id.clone())
            .collect()
    };
    let mut changes = Vec::new();
    for group in &groups {
        for (change, ids) in group.changes.iter().zip(group.shares(open)) {
            let mut change = change.clone();
            change.answers = answers(&ids);
            changes.push(change);
        }
    }
    for (id, question) in questions {
        let mut change = question.into_change("no rule settles it; a person decides");
        change.answers = answers(&[id]);
        // Two findings may come to one question.
        match changes.iter_mut().find(|c| asks_the_same(c, &change)) {
            Some(known) => known.answers.append(&mut change.answers),
            None => changes.push(change),
        }
    }
    let waiver_proposals = if decision == CriticDecision::Accept {
        left.iter().map(|c| waiver(c)).collect()
    } else {
        Vec::new()
    };
    Critique {
        format: FORMAT,
        workflow: target.workflow.clone(),
        target_version: target.version,
        digest: target.digest,
        report: target.report,
        critic: CRITIC.to_owned(),
        decision,
        issues,
        recommended_changes: changes,
        waiver_proposals,
    }
}

fn asks_the_same(a: &RecommendedChange, b: &RecommendedChange) -> bool {
    match (&a.change, &b.change) {
        (
            Change::AskHuman {
                question, options, ..
            },
            Change::AskHuman {
                question: other,
                options: others,
                ..
            },
        ) => question == other && options == others,
        _ => false,
    }
}

fn waiver(case: &Case) -> WaiverProposal {
    WaiverProposal {
        finding: case.id.clone(),
        reason: format!("a warning that no rule mends: {}", case.title),
    }
}
