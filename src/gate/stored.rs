//! A report as it is kept in a version's folder: the document that `verify --json` prints, byte for byte of the same shape.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ir::Digest;
use crate::report::Verdict;
use crate::report::digest;
use crate::report::render::Page;
use crate::report::render::json::{self, FindingJson, ReportJson};

/// The name of the file.
pub const REPORT_FILE: &str = "report.json";

/// `report.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredReport {
    /// The version of tribunal.
    pub tribunal: String,
    /// `verify`.
    pub command: String,
    /// Whether `exit` is 0.
    pub ok: bool,
    /// How `verify` ended.
    pub exit: u8,
    /// The report.
    pub data: ReportJson,
    /// Its findings.
    pub findings: Vec<FindingJson>,
    /// Empty.
    pub errors: Vec<Value>,
}

impl StoredReport {
    /// A report as it is to be kept.
    #[must_use]
    pub fn of(page: Page<'_>) -> Self {
        let exit = match page.report.verdict {
            Verdict::Clean | Verdict::Warnings => 0,
            Verdict::Blocking => 1,
            Verdict::Inconclusive => 5,
        };
        Self {
            tribunal: env!("CARGO_PKG_VERSION").to_owned(),
            command: "verify".to_owned(),
            ok: exit == 0,
            exit,
            data: json::data(page),
            findings: json::findings(page),
            errors: Vec::new(),
        }
    }

    /// What a critique and an approval bind.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest::of(&self.data, &self.findings)
    }

    /// The file's text.
    ///
    /// # Errors
    /// None that can occur with these types; `serde_json`'s.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}
