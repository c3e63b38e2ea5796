//! `tribunal log --messages`: who said what to whom, what is stale, what was refused; where one message comes from and what
//! came of it; the same as a Mermaid sequence diagram.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exit_code::ExitCode;
use super::outcome::Outcome;
use crate::pipeline::journals::Place;
use crate::protocol::sequence::{diagram, words};
use crate::protocol::{Envelope, Exchange, Kept, Log, Mailbox, Seats, Standing, lineage};
use crate::report::plain;

/// What to show of the messages.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Only what leads to this message and follows from it; its id or the end of it.
    pub message: Option<&'a str>,
    /// As a diagram.
    pub mermaid: bool,
}

/// `data` of `log --messages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessagesJson {
    /// One conversation a workflow.
    pub conversations: Vec<ConversationJson>,
}

/// The conversation about one workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationJson {
    /// The log.
    pub log: String,
    /// The messages that were taken, in their order.
    pub messages: Vec<MessageJson>,
    /// Those that were not.
    pub refused: Vec<RefusedJson>,
}

/// A message and what it is worth now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageJson {
    /// The message.
    pub envelope: Envelope,
    /// What it is worth.
    pub standing: Standing,
}

/// A message that was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusedJson {
    /// The message.
    pub envelope: Envelope,
    /// Stable.
    pub code: String,
    /// In plain words.
    pub why: String,
}

/// Shows the messages of these workflows.
#[must_use]
pub fn run(places: &[Place], wanted: Wanted<'_>) -> Outcome {
    let mut outcome = Outcome::empty();
    let mut data = MessagesJson {
        conversations: Vec::new(),
    };
    for place in places {
        let file = place.file.with_file_name("messages.jsonl");
        if !file.exists() {
            continue;
        }
        let name = file.display().to_string();
        match Mailbox::at(&file, Seats::new()).read() {
            Ok(log) => match chosen(&log.exchange, wanted.message) {
                Some(messages) => {
                    outcome.text.push_str(&text(&name, &messages, &log, wanted));
                    data.conversations.push(json(name, &messages, &log));
                }
                None if places.len() == 1 => outcome.fail(
                    ExitCode::Usage,
                    "TRIB-LOG-MESSAGE",
                    "there is no message of this name",
                    Some("`tribunal log --messages` shows their names"),
                ),
                None => {}
            },
            Err(error) => outcome.fail(
                ExitCode::Invalid,
                "TRIB-ITERATE-LOG",
                &error.to_string(),
                Some("restore the log from version control"),
            ),
        }
    }
    if data.conversations.is_empty() && outcome.exit == ExitCode::Done {
        outcome
            .text
            .push_str("no messages yet; `tribunal iterate` sends them\n");
    }
    outcome.data = serde_json::to_value(&data).ok();
    outcome
}

/// All messages, or one with what led to it and what came of it, in their order.
fn chosen<'a>(exchange: &'a Exchange, message: Option<&str>) -> Option<Vec<&'a Kept>> {
    let all = exchange.messages();
    let Some(wanted) = message else {
        return Some(all.iter().collect());
    };
    let of = all
        .iter()
        .find(|k| k.envelope.id.to_string().ends_with(wanted))?;
    let id = &of.envelope.id;
    let related = [lineage::back(exchange, id), lineage::forward(exchange, id)].concat();
    let in_order = all
        .iter()
        .filter(|k| related.iter().any(|r| r.envelope.id == k.envelope.id));
    Some(in_order.collect())
}

fn text(name: &str, messages: &[&Kept], log: &Log, wanted: Wanted<'_>) -> String {
    if wanted.mermaid {
        return diagram(messages);
    }
    let mut out = format!("{}\n", plain::line(name));
    for kept in messages {
        let e = &kept.envelope;
        out.push_str(&format!(
            "{}  {:<12} → {:<12} {}\n",
            e.id.short(),
            e.sender.role.word(),
            e.receiver.role.word(),
            plain::line(&words(kept))
        ));
    }
    if wanted.message.is_none() {
        for (e, code, why) in &log.refused {
            out.push_str(&format!(
                "{}  {:<12} → {:<12} refused: {} [{}]\n",
                e.id.short(),
                e.sender.role.word(),
                e.receiver.role.word(),
                plain::line(why),
                plain::line(code)
            ));
        }
    }
    out
}

fn json(log: String, messages: &[&Kept], all: &Log) -> ConversationJson {
    ConversationJson {
        log,
        messages: messages
            .iter()
            .map(|k| MessageJson {
                envelope: k.envelope.clone(),
                standing: k.standing.clone(),
            })
            .collect(),
        refused: all
            .refused
            .iter()
            .map(|(envelope, code, why)| RefusedJson {
                envelope: envelope.clone(),
                code: code.clone(),
                why: why.clone(),
            })
            .collect(),
    }
}
