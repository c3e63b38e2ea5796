//! `tribunal explain KIND|CODE`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::ExplainArgs;
use super::codes;
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use crate::finding::FindingKind;
use crate::report::findings::{doc, explain};

/// `data` of `explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainJson {
    /// What is explained.
    pub entries: Vec<ExplainEntry>,
}

/// One kind or code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainEntry {
    /// The kind or the code.
    pub name: String,
    /// How severe; `error` for codes.
    pub severity: String,
    /// The exact condition.
    pub when: String,
    /// What it means.
    pub means: String,
    /// What to do.
    pub fix: String,
    /// A file that shows it.
    pub example: Option<String>,
}

/// Runs it.
#[must_use]
pub fn run(args: &ExplainArgs) -> Outcome {
    let Some(what) = &args.what else {
        return list();
    };
    if let Some(kind) = FindingKind::from_word(&what.to_lowercase().replace('-', "_")) {
        return Outcome::done(
            explain(kind),
            &ExplainJson {
                entries: vec![entry(kind)],
            },
        );
    }
    if let Some((code, means, fix)) = codes::find(&what.to_uppercase()) {
        let text = format!("# {code}\n\n{means}\n\n**What to do.** {fix}\n");
        let entry = ExplainEntry {
            name: (*code).to_owned(),
            severity: "error".to_owned(),
            when: (*means).to_owned(),
            means: (*means).to_owned(),
            fix: (*fix).to_owned(),
            example: None,
        };
        return Outcome::done(
            text,
            &ExplainJson {
                entries: vec![entry],
            },
        );
    }
    let near = FindingKind::ALL
        .iter()
        .map(|k| {
            (
                strsim::damerau_levenshtein(k.word(), &what.to_lowercase()),
                k.word(),
            )
        })
        .min()
        .filter(|(distance, _)| *distance <= 4);
    let help = match near {
        Some((_, word)) => format!("did you mean `{word}`? `tribunal explain` lists all kinds"),
        None => "`tribunal explain` lists all kinds".to_owned(),
    };
    Outcome::failed(
        ExitCode::Usage,
        "TRIB-NO-KIND",
        &format!("nothing is called `{what}`"),
        Some(&help),
    )
}

fn list() -> Outcome {
    let width = FindingKind::ALL
        .iter()
        .map(|k| k.word().len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for kind in FindingKind::ALL {
        let title = doc(*kind)
            .title
            .replace("`{subject}`", "X")
            .replace("{subject}", "X");
        text.push_str(&format!("{:width$}  {title}\n", kind.word()));
    }
    Outcome::done(
        text,
        &ExplainJson {
            entries: FindingKind::ALL.iter().map(|k| entry(*k)).collect(),
        },
    )
}

fn entry(kind: FindingKind) -> ExplainEntry {
    let doc = doc(kind);
    ExplainEntry {
        name: kind.word().to_owned(),
        severity: doc.weight.words().to_owned(),
        when: doc.when.to_owned(),
        means: doc.means.to_owned(),
        fix: doc.fix.to_owned(),
        example: doc.example.map(str::to_owned),
    }
}
