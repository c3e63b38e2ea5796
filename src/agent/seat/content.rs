//! Makes a critique of what a critic says: the head is filled in here, and the whole is admitted and tried before it is
//! believed. Nothing that a critic writes can make it a critique of another version, another report or another critic.

use std::collections::BTreeMap;

use super::reading::digest;
use super::schema::CriticAnswer;
use super::{Judged, Judgement};
use crate::critique::{Case, Target, admit};
use crate::finding::Critique;
use crate::finding::critique::{Change, CriticDecision, FORMAT};
use crate::protocol::Considered;
use crate::report::Verdict;
use crate::revise::{Answers, ReviseError, Revised, Why, apply_to};

/// What a critic's word is about.
pub(super) struct Docket<'a> {
    pub(super) of: &'a Judged,
    pub(super) beside: &'a [Judged],
    pub(super) critic: String,
}

impl Docket<'_> {
    /// The head of every critique of it.
    pub(super) fn target(&self) -> Target {
        let ir = &self.of.standing.checked.ir;
        Target {
            workflow: ir.id.value.to_string(),
            version: ir.version.value,
            digest: self.of.standing.digest,
            report: self.of.report.digest(),
        }
    }

    /// The critique and what it makes of the other candidates.
    ///
    /// # Errors
    /// Everything that is wrong with it, one sentence each.
    pub(super) fn judgement(&self, answer: CriticAnswer) -> Result<Judgement, Vec<String>> {
        let mut wrong = Vec::new();
        let target = self.target();
        let considered = self.considered(&answer, &mut wrong);
        let critique = Critique {
            format: FORMAT,
            workflow: target.workflow.clone(),
            target_version: target.version,
            digest: target.digest,
            report: target.report,
            critic: self.critic.clone(),
            decision: answer.decision,
            issues: answer.issues,
            recommended_changes: answer.recommended_changes,
            waiver_proposals: answer.waiver_proposals,
        };
        match Case::stored(&self.of.report.findings) {
            Ok(cases) => {
                let admitted = admit(&critique, &target, &cases, &self.of.standing.checked);
                if let Err(errors) = admitted {
                    let told = |e: &admit::AdmitError| format!("{}: {e} ({})", e.code(), e.help());
                    wrong.extend(errors.iter().map(told));
                }
            }
            Err(error) => wrong.push(error.to_string()),
        }
        let inconclusive = self.of.report.data.verdict == Verdict::Inconclusive;
        if inconclusive && critique.decision == CriticDecision::Accept {
            wrong.push("the report is inconclusive, which is no ground to accept on".to_owned());
        }
        if wrong.is_empty() {
            self.feasible(&critique, &mut wrong);
        }
        if wrong.is_empty() {
            Ok(Judgement {
                critique,
                considered,
            })
        } else {
            Err(wrong)
        }
    }

    fn considered(&self, answer: &CriticAnswer, wrong: &mut Vec<String>) -> Vec<Considered> {
        let mut all = Vec::new();
        for (n, other) in (2_u32..).zip(self.beside) {
            let mut said = answer.considered.iter().filter(|c| c.candidate == n);
            match (said.next(), said.next()) {
                (Some(one), None) if !one.why.trim().is_empty() => all.push(Considered {
                    candidate: other.standing.digest,
                    drawn_on: one.drawn_on,
                    why: one.why.clone(),
                }),
                (Some(_), None) => {
                    wrong.push(format!("`considered` does not say why about candidate {n}"));
                }
                (Some(_), Some(_)) => {
                    wrong.push(format!("`considered` speaks twice of candidate {n}"));
                }
                (None, _) => {
                    wrong.push(format!("`considered` says nothing about candidate {n}"));
                }
            }
        }
        let last = self.beside.len() + 1;
        let known = |n: u32| n >= 2 && usize::try_from(n).is_ok_and(|n| n <= last);
        for other in answer.considered.iter().filter(|c| !known(c.candidate)) {
            wrong.push(format!(
                "there is no candidate {} to consider",
                other.candidate
            ));
        }
        all
    }

    /// Whether the changes can be carried out, whichever way every question is answered: all questions by their first
    /// option, and each other option with the rest as they are.
    fn feasible(&self, critique: &Critique, wrong: &mut Vec<String>) {
        let questions: Vec<(&String, Vec<&String>)> = critique
            .recommended_changes
            .iter()
            .filter_map(|c| match &c.change {
                Change::AskHuman { id, options, .. } => {
                    Some((id, options.iter().map(|o| &o.id).collect()))
                }
                _ => None,
            })
            .collect();
        let empty = critique.recommended_changes.is_empty();
        if empty && critique.decision == CriticDecision::Revise {
            wrong.push("it asks for a revision and recommends no change".to_owned());
        }
        if empty {
            return;
        }
        let first: Answers = questions
            .iter()
            .filter_map(|(id, options)| Some(((*id).clone(), (*options.first()?).clone())))
            .collect();
        let mut ways = vec![first.clone()];
        for (id, options) in &questions {
            ways.extend(options.iter().skip(1).map(|option| {
                let mut way: BTreeMap<String, String> = first.clone();
                way.insert((*id).clone(), (*option).clone());
                way
            }));
        }
        for way in ways {
            let Err(errors) = self.carried_out(critique, &way) else {
                continue;
            };
            for error in errors {
                // An answer may well be to leave things as they are.
                if error.why == Why::Nothing && !questions.is_empty() {
                    continue;
                }
                let told = format!("{}: {error}{}", error.code(), help(&error));
                if !wrong.contains(&told) {
                    wrong.push(told);
                }
            }
        }
    }

    /// The text with the changes carried out.
    pub(super) fn carried_out(
        &self,
        critique: &Critique,
        answers: &Answers,
    ) -> Result<Revised, Vec<ReviseError>> {
        let standing = &self.of.standing;
        let refinement = standing.checked.refinement.as_ref();
        let refined = refinement.map(|r| (r.refined.clone(), digest(&r.refined)));
        let changes = &critique.recommended_changes;
        apply_to(&standing.text, refined, changes, answers)
    }
}

fn help(error: &ReviseError) -> String {
    error
        .help()
        .map_or_else(String::new, |help| format!(" ({help})"))
}
