//! The protocol as a page for people: `docs/protocol.md`.

use std::fmt::Write;

use super::authority::TABLE;
use super::formats::{READS, WRITES};

/// The whole of `docs/protocol.md`.
#[must_use]
pub fn page() -> String {
    let mut out = format!(
        "<!-- Generated from src/protocol by TRIBUNAL_UPDATE=1 cargo test generated. Do not edit. -->\n\n\
         # The protocol of planner, verifier and critic\n\n\
         Every message is one JSON document of the shape in [`message.schema.json`](../formal/schema/message.schema.json), \
         format {WRITES}. It names the version and the content it is about, the conversation it belongs to, and the message \
         it answers. A message that is not in the table below, that answers nothing known, or that speaks of another version \
         or content than the message it answers is refused, answered with a refusal, and kept in the log. A result that \
         arrives after a newer version is kept as late and never counts. A new version, or a new goal, makes stale everything \
         that hung on the version before, and everyone who holds some of it is told.\n\n\
         ## Who sends what\n\n| message | from | to | in answer to |\n| --- | --- | --- | --- |\n"
    );
    for rule in TABLE {
        let to = if rule.to.len() == super::Role::ALL.len() {
            "anyone".to_owned()
        } else {
            words(rule.to.iter().map(|r| r.word()))
        };
        let because = if rule.because.is_empty() {
            "–".to_owned()
        } else {
            words(rule.because.iter().map(|k| k.word()))
        };
        let _ = writeln!(
            out,
            "| {} | {} | {to} | {because} |",
            rule.kind.word(),
            rule.from.word()
        );
    }
    out.push_str("\n## Which reader reads which writer\n\n| reader | reads | what is new |\n| --- | --- | --- |\n");
    for (reader, writers, what) in READS {
        let writers = words(writers.iter().map(ToString::to_string));
        let _ = writeln!(out, "| {reader} | {writers} | {what} |");
    }
    out
}

fn words<T: AsRef<str>>(items: impl Iterator<Item = T>) -> String {
    items
        .map(|w| w.as_ref().to_owned())
        .collect::<Vec<_>>()
        .join(", ")
}
