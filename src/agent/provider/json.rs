//! Answers of a given shape: the document is taken out of the text and judged by the caller; a wrong one goes back with
//! what is wrong, at most twice. What every attempt used up is counted, whatever comes of it.

use serde_json::Value;

use super::Provider;
use super::answer::{Answer, Spending, Stop};
use super::document::extract;
use super::error::ProviderError;
use super::request::{Message, Request};
use crate::host::cancel::CancelToken;

/// How many answers are read: the first, and two corrections.
const ATTEMPTS: u32 = 3;
/// How much of a complaint is sent back, in characters.
const COMPLAINT: usize = 4000;

/// An accepted document.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonAnswer<T> {
    /// What the caller made of it.
    pub value: T,
    /// The document.
    pub document: Value,
    /// The answer it stood in, the last one that was read.
    pub answer: Answer,
    /// What all attempts used up.
    pub spent: Spending,
    /// What was wrong with each answer before it, shortened.
    pub rejected: Vec<String>,
}

/// No acceptable document, and what that used up.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{error}")]
pub struct JsonFailure {
    /// Why.
    #[source]
    pub error: ProviderError,
    /// What all attempts used up.
    pub spent: Spending,
    /// What was wrong with each answer that was read, shortened.
    pub rejected: Vec<String>,
}

impl Provider {
    /// Asks for one JSON document of the shape `schema`, which `validate` reads and judges: what it says when it refuses
    /// one is sent back. Only what it accepts is kept in the memo.
    ///
    /// # Errors
    /// `WrongJson` after the last attempt, or when the provider declines; else as [`Provider::complete`].
    pub async fn complete_json<T>(
        &self,
        request: &Request,
        schema: Value,
        validate: impl Fn(&Value) -> Result<T, String>,
        cancel: &CancelToken,
    ) -> Result<JsonAnswer<T>, Box<JsonFailure>> {
        let mut first = request.clone();
        first.schema = Some(schema);
        let mut trial = Trial {
            spent: Spending::default(),
            rejected: vec![],
            warnings: vec![],
        };
        if let Some(answer) = self.recall(&first, &mut trial.warnings) {
            match judge(&answer, &validate) {
                Ok((value, document)) => {
                    return self.accept(&first, value, document, answer, trial);
                }
                Err(why) => trial
                    .warnings
                    .push(format!("the kept answer is not used: {why}")),
            }
        }
        let mut asked = first.clone();
        loop {
            let answer = match self.ask(&asked, cancel).await {
                Ok(answer) => answer,
                Err(error) => {
                    trial.spent.add_failure(&error);
                    return Err(trial.failed(error));
                }
            };
            trial.spent.add(&answer);
            if let Err(error) = self.record(&asked, &answer) {
                return Err(trial.failed(error));
            }
            let why = match judge(&answer, &validate) {
                Ok((value, document)) => {
                    let kept = self.keep(&first, &answer);
                    trial.warnings.extend(kept);
                    return Ok(trial.accepted(value, document, answer));
                }
                Err(why) => why,
            };
            trial.rejected.push(self.cleaned(&why));
            let attempts = u32::try_from(trial.rejected.len()).unwrap_or(u32::MAX);
            if attempts >= ATTEMPTS || answer.stop == Stop::Refused {
                return Err(trial.failed(ProviderError::WrongJson {
                    provider: answer.provider,
                    attempts,
                    why: self.cleaned(&why),
                }));
            }
            asked.messages.push(Message::assistant(
                // Some services take no empty message.
                if answer.text.trim().is_empty() {
                    "(nothing)"
                } else {
                    &answer.text
                },
            ));
            let complaint: String = why.chars().take(COMPLAINT).collect();
            asked.messages.push(Message::user(format!(
                "This answer cannot be used: {complaint}\n\n\
                 Send the whole corrected JSON document, and nothing else."
            )));
        }
    }

    fn accept<T>(
        &self,
        request: &Request,
        value: T,
        document: Value,
        answer: Answer,
        mut trial: Trial,
    ) -> Result<JsonAnswer<T>, Box<JsonFailure>> {
        trial.spent.add(&answer);
        match self.record(request, &answer) {
            Ok(()) => Ok(trial.accepted(value, document, answer)),
            Err(error) => Err(trial.failed(error)),
        }
    }
}

struct Trial {
    spent: Spending,
    rejected: Vec<String>,
    warnings: Vec<String>,
}

impl Trial {
    fn accepted<T>(self, value: T, document: Value, mut answer: Answer) -> JsonAnswer<T> {
        answer.warnings.extend(self.warnings);
        JsonAnswer {
            value,
            document,
            answer,
            spent: self.spent,
            rejected: self.rejected,
        }
    }

    fn failed(self, error: ProviderError) -> Box<JsonFailure> {
        Box::new(JsonFailure {
            error,
            spent: self.spent,
            rejected: self.rejected,
        })
    }
}

fn judge<T>(
    answer: &Answer,
    validate: &impl Fn(&Value) -> Result<T, String>,
) -> Result<(T, Value), String> {
    match answer.stop {
        Stop::Refused => return Err("the model declined to answer".to_owned()),
        Stop::Length => {
            return Err("it was cut off at the most tokens it may have; be shorter".to_owned());
        }
        Stop::Finished | Stop::Unclear => {}
    }
    let document = extract(&answer.text)?;
    let value = validate(&document)?;
    Ok((value, document))
}
