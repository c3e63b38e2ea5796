//! A model on a seat: one question, at most two corrections, and what that cost, whatever comes of it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::drift::{Drift, naming_drift, told};
use super::{Made, SeatError, SeatFailure};
use crate::agent::prompt::harmless;
use crate::agent::provider::{Provider, ProviderError, Request};
use crate::host::cancel::CancelToken;
use crate::host::clock::Stopwatch;

/// Characters of a model's reasoning, at most.
const REASONING: usize = 4000;

/// What a model said, read: the thing itself, why, and the names its prose speaks of.
pub(super) struct Read<T> {
    pub(super) value: T,
    pub(super) reasoning: String,
    pub(super) prose: Vec<String>,
    pub(super) known: BTreeSet<String>,
}

/// `provider/model`.
pub(super) fn name(provider: &Provider) -> String {
    format!("{}/{}", provider.name(), provider.model())
}

/// Puts the question. `read` says what is wrong with an answer, one sentence each. Names that nobody declared go back once,
/// never with the last answer: they do not make an answer unusable, and those that stay are noted in the reasoning.
pub(super) async fn ask<A: DeserializeOwned, T: Send>(
    provider: &Provider,
    request: &Request,
    read: impl Fn(A) -> Result<Read<T>, Vec<String>> + Send + Sync,
    cancel: &CancelToken,
) -> Result<Made<T>, SeatError> {
    let clock = Stopwatch::start();
    let schema = request.schema.clone().unwrap_or(Value::Bool(true));
    let patience = Mutex::new(Patience::default());
    let judge = |document: &Value| {
        let answer: A = serde_json::from_value(document.clone())
            .map_err(|error| format!("it is not of the shape that was asked for: {error}"))?;
        let read = read(answer).and_then(reasoned);
        let patient = patience
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .judge(&read);
        match (read, patient) {
            (Err(wrong), _) => Err(wrong.join("\n")),
            (Ok(_), Some(wrong)) => Err(wrong),
            (Ok(read), None) => Ok(read),
        }
    };
    match provider.complete_json(request, schema, judge, cancel).await {
        Ok(answer) => {
            let read = answer.value;
            let drifts = read.drifts();
            Ok(Made {
                reasoning: noted(&read.reasoning, &drifts),
                value: read.value,
                spend: answer.spent.paid(clock.elapsed()),
            })
        }
        Err(failure) => Err(SeatError {
            why: failure.error.to_string(),
            sort: sort(&failure.error),
            spend: failure.spent.paid(clock.elapsed()),
        }),
    }
}

impl<T> Read<T> {
    fn drifts(&self) -> Vec<Drift> {
        let prose: Vec<&str> = self.prose.iter().map(String::as_str).collect();
        naming_drift(&prose, &self.known)
    }
}

/// How often names that nobody declared have gone back.
#[derive(Default)]
struct Patience {
    answers: u32,
    complained: bool,
}

impl Patience {
    /// What to say of an answer's names; `None` where nothing is said.
    fn judge<T>(&mut self, read: &Result<Read<T>, Vec<String>>) -> Option<String> {
        self.answers += 1;
        let Ok(read) = read else {
            return None;
        };
        if self.complained || self.answers > 2 {
            return None;
        }
        let drifts = read.drifts();
        if drifts.is_empty() {
            return None;
        }
        self.complained = true;
        Some(told(&drifts).join("\n"))
    }
}

fn reasoned<T>(mut read: Read<T>) -> Result<Read<T>, Vec<String>> {
    read.reasoning = harmless(read.reasoning.trim());
    match read.reasoning.chars().count() {
        0 => Err(vec!["`reasoning` is empty".to_owned()]),
        n if n > REASONING => Err(vec![format!(
            "`reasoning` has {n} characters, at most {REASONING} are taken"
        )]),
        _ => Ok(read),
    }
}

fn noted(reasoning: &str, drifts: &[Drift]) -> String {
    if drifts.is_empty() {
        return reasoning.to_owned();
    }
    let names: Vec<String> = drifts.iter().map(|d| format!("`{}`", d.name)).collect();
    format!(
        "{reasoning}\n\n[naming drift: it speaks of {}, which nobody declared]",
        names.join(", ")
    )
}

/// The sort of a provider's failure.
fn sort(error: &ProviderError) -> SeatFailure {
    match error {
        ProviderError::Cancelled => SeatFailure::Cancelled,
        ProviderError::WrongJson { .. } => SeatFailure::Unusable,
        ProviderError::Unknown { .. }
        | ProviderError::NoKey { .. }
        | ProviderError::NoModel { .. }
        | ProviderError::Setting { .. }
        | ProviderError::ToolMissing { .. }
        | ProviderError::ToolFailed { .. }
        | ProviderError::Unauthorised { .. }
        | ProviderError::RateLimited { .. }
        | ProviderError::Overloaded { .. }
        | ProviderError::BadRequest { .. }
        | ProviderError::Redirected { .. }
        | ProviderError::TooLarge { .. }
        | ProviderError::WrongShape { .. }
        | ProviderError::HalfBody { .. }
        | ProviderError::Timeout { .. }
        | ProviderError::Unreachable { .. }
        | ProviderError::ScriptExhausted { .. }
        | ProviderError::ScriptMismatch { .. }
        | ProviderError::Script { .. }
        | ProviderError::Record { .. } => SeatFailure::Unavailable,
    }
}
