//! The JSON schemas of what commands print, generated from the types that are printed.

use schemars::{JsonSchema, Schema, schema_for};

use super::answer::AnswerJson;
use super::approve::ApproveJson;
use super::audit::AuditJson;
use super::check::CheckJson;
use super::completions::CompletionsJson;
use super::critique::CritiqueJson;
use super::decide::DecisionJson;
use super::doctor::DoctorJson;
use super::envelope::{Envelope, OneOrMany};
use super::explain::ExplainJson;
use super::gate::GateJson;
use super::init::InitJson;
use super::iterate::IterateJson;
use super::log::LogJson;
use super::log_messages::MessagesJson;
use super::lower::LowerJson;
use super::pending::PendingJson;
use super::revise::ReviseJson;
use super::simulate::SimulateJson;
use super::status::StatusJson;
use super::verify::VerifyJson;
use crate::gate::Approval;
use crate::pipeline::Config;
use crate::protocol::Envelope as MessageEnvelope;
use crate::revise::diff::Diff;

/// File name below `formal/schema/`, and the schema.
#[must_use]
pub fn all() -> Vec<(&'static str, Schema)> {
    vec![
        ("report.schema.json", of::<VerifyJson>()),
        ("check.schema.json", of::<OneOrMany<CheckJson>>()),
        ("critique.schema.json", schema_for!(CritiqueJson)),
        ("critiqued.schema.json", of::<CritiqueJson>()),
        ("iterate.schema.json", of::<IterateJson>()),
        ("messages.schema.json", of::<MessagesJson>()),
        ("lower.schema.json", of::<LowerJson>()),
        ("simulate.schema.json", of::<SimulateJson>()),
        ("diff.schema.json", of::<Diff>()),
        ("log.schema.json", of::<LogJson>()),
        ("audit.schema.json", of::<AuditJson>()),
        ("revise.schema.json", of::<ReviseJson>()),
        ("answer.schema.json", of::<AnswerJson>()),
        ("status.schema.json", of::<StatusJson>()),
        ("explain.schema.json", of::<ExplainJson>()),
        ("doctor.schema.json", of::<DoctorJson>()),
        ("init.schema.json", of::<InitJson>()),
        ("completions.schema.json", of::<CompletionsJson>()),
        ("approve.schema.json", of::<ApproveJson>()),
        ("waive.schema.json", of::<DecisionJson>()),
        ("reject.schema.json", of::<DecisionJson>()),
        ("revoke.schema.json", of::<DecisionJson>()),
        ("pending.schema.json", of::<PendingJson>()),
        ("gate.schema.json", of::<GateJson>()),
        ("approval.schema.json", schema_for!(Approval)),
        ("config.schema.json", schema_for!(Config)),
        ("message.schema.json", schema_for!(MessageEnvelope)),
    ]
}

fn of<T: JsonSchema>() -> Schema {
    schema_for!(Envelope<T>)
}
