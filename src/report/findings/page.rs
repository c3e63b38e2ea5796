//! The texts about kinds of findings as a page for people: `tribunal explain` and `docs/findings.md`.

use std::fmt::Write;

use super::{Doc, doc};
use crate::finding::FindingKind;

/// What `tribunal explain KIND` prints.
#[must_use]
pub fn explain(kind: FindingKind) -> String {
    section(doc(kind), "#")
}

/// The whole of `docs/findings.md`.
#[must_use]
pub fn page() -> String {
    let mut out = String::from(
        "<!-- Generated from src/report/findings by TRIBUNAL_UPDATE=1 cargo test findings_page. Do not edit. -->\n\n\
         # Findings\n\n\
         A file is clean when no finding about it is blocking and none is a warning. `tribunal explain KIND` prints any of these \
         sections.\n\n| kind | severity | in one line |\n| --- | --- | --- |\n",
    );
    for kind in FindingKind::ALL {
        let doc = doc(*kind);
        let _ = writeln!(
            out,
            "| [`{0}`](#{0}) | {1} | {2} |",
            kind.word(),
            doc.weight.words(),
            doc.title
                .replace("`{subject}`", "X")
                .replace("{subject}", "X"),
        );
    }
    for kind in FindingKind::ALL {
        out.push('\n');
        out.push_str(&section(doc(*kind), "##"));
    }
    out
}

fn section(doc: &Doc, level: &str) -> String {
    let mut out = format!(
        "{level} {}\n\n*{}*\n\n",
        doc.kind.word(),
        doc.weight.words()
    );
    let _ = writeln!(out, "{}\n", doc.means);
    let _ = writeln!(out, "**When exactly.** {}\n", doc.when);
    let _ = writeln!(out, "**What to do.** {}", doc.fix);
    if let Some(example) = doc.example {
        let _ = write!(
            out,
            "\n**A file that shows it.**\n\n```yaml\n{example}```\n"
        );
    }
    out
}
