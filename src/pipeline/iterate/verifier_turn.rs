//! The verifier's turn: the engines answer for a version and for every candidate beside it.

use super::desk::{DeskError, WORKFLOW_FILE};
use super::ending::IterateError;
use super::letters::Letter;
use super::run::{Loop, Sign, json_error, timed};
use crate::agent::seat::Standing;
use crate::finding::Severity;
use crate::gate::StoredReport;
use crate::gate::stored::REPORT_FILE;
use crate::host::clock::Stopwatch;
use crate::host::files::write_atomic;
use crate::pipeline::verify::{Verify, verify};
use crate::protocol::{CandidateResult, Envelope, Exchange, Payload, Role, Spend};
use crate::report::Verdict;
use crate::report::render::Page;

impl Loop<'_> {
    pub(super) fn verify(
        &self,
        exchange: &Exchange,
        cause: &Envelope,
        version: &Envelope,
    ) -> Result<(), IterateError> {
        self.working(exchange, Role::Verifier, version.version);
        let clock = Stopwatch::start();
        let folder = self.desk.folder(version.version);
        let mut folders = vec![folder];
        if let Payload::Proposal { candidates } = &version.payload {
            let beside = candidates.iter().skip(1);
            folders.extend(beside.map(|c| self.desk.beside(version.version, c.digest)));
        }
        // Asked again, only the version itself is asked for.
        if cause.id != version.id {
            folders.truncate(1);
        }
        let mut results = Vec::new();
        let mut artifacts = Vec::new();
        for (i, folder) in folders.iter().enumerate() {
            let options = Verify {
                engines: self.engines.clone(),
                properties: &[],
                deadline: self.deadline,
                project: (i == 0).then_some(self.desk.project),
                out: None,
                cancel: self.cancel.clone(),
                progress: &|p| (self.tell)(Sign::Engine(p)),
            };
            let path = folder.join(WORKFLOW_FILE);
            let verified = tokio::task::block_in_place(|| verify(&path, &options))?;
            let stored = StoredReport::of(Page {
                report: &verified.report,
                sources: &verified.sources,
            });
            if i > 0 {
                let text = stored.text().map_err(|e| json_error(&path, &e))?;
                let path = folder.join(REPORT_FILE);
                write_atomic(&path, text.as_bytes()).map_err(DeskError::from)?;
            }
            let standing = self.desk.standing(folder)?;
            let result = self.result(&standing, &stored);
            if i == 0 {
                (self.tell)(Sign::Answered {
                    version: version.version,
                    blocking: result.blocking,
                    warning: result.warning,
                    info: count(&stored, Severity::Info),
                });
            }
            artifacts.push(self.desk.artifact(&folder.join(REPORT_FILE), result.report));
            results.push(result);
        }
        let names: Vec<&str> = self.engines_of(&results);
        let payload = Payload::VerificationResult { results };
        let letter = Letter {
            artifacts,
            spend: Some(timed(Spend::default(), &clock)),
            ..Letter::new(Role::Verifier, Role::Critic, payload, names.concat())
        };
        self.send(&letter.answering(cause, &self.seats()))
    }

    pub(super) fn engines_of(&self, results: &[CandidateResult]) -> Vec<&'static str> {
        match results.first().map(|r| r.verdict) {
            Some(Verdict::Clean) => vec!["every property holds, and every needed engine says so"],
            Some(Verdict::Warnings) => vec!["nothing blocks; there are warnings"],
            Some(Verdict::Blocking) => vec!["there are blocking findings"],
            Some(Verdict::Inconclusive) | None => vec!["a needed engine gave no answer"],
        }
    }

    pub(super) fn result(&self, standing: &Standing, stored: &StoredReport) -> CandidateResult {
        let counting = stored
            .findings
            .iter()
            .filter(|f| f.severity != Severity::Info);
        let mut findings: Vec<String> = counting.map(|f| f.id.clone()).collect();
        findings.sort();
        CandidateResult {
            candidate: standing.digest,
            report: stored.digest(),
            verdict: stored.data.verdict,
            blocking: count(stored, Severity::Blocking),
            warning: count(stored, Severity::Warning),
            open_obligations: u32::try_from(
                stored
                    .findings
                    .iter()
                    .filter(|f| f.kind == "open_obligation")
                    .count(),
            )
            .unwrap_or(u32::MAX),
            complete: stored.data.verdict != Verdict::Inconclusive,
            findings,
        }
    }
}

fn count(stored: &StoredReport, severity: Severity) -> u32 {
    let findings = stored.findings.iter().filter(|f| f.severity == severity);
    u32::try_from(findings.count()).unwrap_or(u32::MAX)
}
