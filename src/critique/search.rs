//! Tries what the rules advise. A try that leaves trouble behind is extended by what the rules say about that trouble, so that
//! actions that only help together are one suggestion.

use std::cell::Cell;

use super::bench::{Ask, Bench, Judged, Worse, compare};
use super::case::Case;
use super::proposal::{Proposal, Question};
use super::rules::{advise, last_question};
use super::scene::Scene;
use crate::finding::critique::{QuestionOption, RecommendedChange};
use crate::report::Report;
use crate::revise::Answers;

/// How many rules' proposals may be joined in one suggestion.
const JOINED: usize = 6;
/// How many copies are judged for one critique.
const COPIES: u32 = 400;

/// The state of the search: what is listed so far, and what the engines say of it.
pub struct Search<'a> {
    bench: &'a Bench<'a>,
    listed: Vec<RecommendedChange>,
    quick: Judged,
    full: Judged,
    copies: Cell<u32>,
}

impl<'a> Search<'a> {
    /// Begins with the version as it is; `None` where it has errors.
    #[must_use]
    pub fn new(bench: &'a Bench<'a>) -> Option<Self> {
        Some(Self {
            bench,
            listed: Vec::new(),
            quick: bench.judge(bench.text, Ask::Explore)?,
            full: bench.judge(bench.text, Ask::Both)?,
            copies: Cell::new(0),
        })
    }

    /// What the engines say with all that is listed.
    #[must_use]
    pub const fn now(&self) -> &Judged {
        &self.full
    }

    /// Looks for changes that remove a finding of the version as it now is, and lists them. `Err` with what a person may be
    /// asked where there are none.
    ///
    /// # Errors
    /// The question, if the rules have one.
    pub fn mend(&mut self, id: &str) -> Result<Vec<RecommendedChange>, Option<Question>> {
        let Some(case) = self.full.cases.iter().find(|c| c.id == id) else {
            return Err(None);
        };
        let scene = Scene::new(&self.full.checked, &self.full.system, &self.full.cases);
        let Proposal { tries, question } = advise(&scene, case);
        let found = tries
            .into_iter()
            .find_map(|first| self.extend(first, id, JOINED));
        let Some((changes, quick, full)) = found else {
            let asked = question.and_then(|q| self.fitting(q, id));
            return Err(asked.or_else(|| last_question(case)));
        };
        self.listed.extend(changes.iter().cloned());
        self.quick = quick;
        self.full = full;
        Ok(changes)
    }

    /// Whether there is time left for one more copy.
    fn another(&self) -> bool {
        let so_far = self.copies.get();
        self.copies.set(so_far + 1);
        so_far < COPIES && !self.bench.cancel.cancelled()
    }

    fn copy(&self, changes: &[RecommendedChange], ask: Ask) -> Option<Judged> {
        if !self.another() {
            return None;
        }
        let all: Vec<RecommendedChange> = self.listed.iter().chain(changes).cloned().collect();
        let text = self.bench.changed(&all)?;
        self.bench.judge(&text, ask)
    }

    /// These changes, and what else they need to remove a finding without breaking anything.
    fn extend(
        &self,
        changes: Vec<RecommendedChange>,
        goal: &str,
        joined: usize,
    ) -> Option<(Vec<RecommendedChange>, Judged, Judged)> {
        let gone = [goal.to_owned()];
        let quick = self.copy(&changes, Ask::Explore)?;
        if let Some(more) = self.trouble(&self.quick.report, &quick, &gone)? {
            return self.more(changes, goal, joined, &quick, &more);
        }
        let full = self.copy(&changes, Ask::Both)?;
        match self.trouble(&self.full.report, &full, &gone)? {
            Some(more) => self.more(changes, goal, joined, &full, &more),
            None => Some((changes, quick, full)),
        }
    }

    /// What is left to mend: `Some(None)` nothing; `None` there is no use in going on.
    #[expect(
        clippy::option_option,
        reason = "no trouble, trouble that may be mended and trouble that may not are three answers"
    )]
    fn trouble(&self, before: &Report, after: &Judged, gone: &[String]) -> Option<Option<Case>> {
        match compare(before, after, gone) {
            Ok(()) => Some(None),
            Err(Worse::StillThere(case) | Worse::NewBlocking(case)) => Some(Some(case.clone())),
            Err(Worse::Lost) => None,
        }
    }

    fn more(
        &self,
        changes: Vec<RecommendedChange>,
        goal: &str,
        joined: usize,
        copy: &Judged,
        trouble: &Case,
    ) -> Option<(Vec<RecommendedChange>, Judged, Judged)> {
        let joined = joined.checked_sub(1)?;
        let scene = Scene::new(&copy.checked, &copy.system, &copy.cases);
        let tries = advise(&scene, trouble).tries;
        tries.into_iter().find_map(|next| {
            if next.iter().any(|c| changes.contains(c)) {
                return None;
            }
            let all = changes.iter().cloned().chain(next).collect();
            self.extend(all, goal, joined)
        })
    }

    /// The question with those options that settle it: what an option does is tried like any other suggestion, and stands
    /// there with what else it needs. `None` with fewer than two.
    fn fitting(&self, question: Question, goal: &str) -> Option<Question> {
        let tried = |o: QuestionOption| -> Option<QuestionOption> {
            if o.changes.is_empty() {
                return Some(o);
            }
            let (changes, _, _) = self.extend(o.changes, goal, JOINED)?;
            Some(QuestionOption { changes, ..o })
        };
        let options: Vec<QuestionOption> = question.options.into_iter().filter_map(tried).collect();
        (options.len() >= 2).then_some(Question {
            options,
            ..question
        })
    }

    /// The text with these changes, no question among them answered.
    #[must_use]
    pub fn text(&self, changes: &[RecommendedChange]) -> Option<String> {
        self.bench.answered(changes, &Answers::new())
    }
}
