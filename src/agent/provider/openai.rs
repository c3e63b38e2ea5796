//! OpenAI's chat completions, `POST /v1/chat/completions`, as many other services speak them too.

use serde::Deserialize;
use serde_json::{Value, json};

use super::address::BaseUrl;
use super::answer::{Stop, Usage};
use super::error::ProviderError;
use super::http::{Failure, Service};
use super::key::ApiKey;
use super::limits::Limits;
use super::name::ProviderName;
use super::reply::{Cost, Reply};
use super::request::Request;
use crate::ir::Digest;

/// The service itself.
pub(super) const BASE: &str = "https://api.openai.com/v1/";
const HOST: &str = "api.openai.com";
/// What is asked where nobody names a model.
pub(super) const MODEL: &str = "gpt-5.4";

pub(super) struct OpenAi {
    service: Service,
    model: String,
    official: bool,
}

#[derive(Deserialize)]
struct Body {
    model: Option<String>,
    choices: Vec<Choice>,
    usage: Option<Tokens>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    prompt_tokens: u64,
    completion_tokens: u64,
    prompt_tokens_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    cached_tokens: Option<u64>,
}

impl OpenAi {
    pub(super) fn new(
        base: &BaseUrl,
        key: Option<ApiKey>,
        model: String,
        limits: &Limits,
    ) -> Result<Self, ProviderError> {
        Ok(Self {
            service: Service::new(
                ProviderName::OpenAi,
                base,
                "chat/completions",
                ("authorization", "Bearer "),
                key,
                limits,
            )?,
            model,
            official: base.is_host(HOST),
        })
    }

    pub(super) async fn ask(&self, request: &Request) -> Result<Reply, Failure> {
        let bytes = self
            .service
            .post(&body(&self.model, self.official, request))
            .await?;
        let body: Body = self.service.decode(&bytes)?;
        let Some(choice) = body.choices.into_iter().next() else {
            return Err(self.service.wrong_shape("`choices` is empty").into());
        };
        let (text, refused) = match (choice.message.content, choice.message.refusal) {
            (_, Some(refusal)) => (refusal, true),
            (Some(text), None) => (text, false),
            (None, None) => {
                return Err(self
                    .service
                    .wrong_shape("the message has no content")
                    .into());
            }
        };
        let stop = match choice.finish_reason.as_deref() {
            _ if refused => Stop::Refused,
            Some("stop") => Stop::Finished,
            Some("length") => Stop::Length,
            Some("content_filter") => Stop::Refused,
            Some(_) | None => Stop::Unclear,
        };
        Ok(Reply {
            text,
            stop,
            usage: body.usage.map(|u| Usage {
                input_tokens: u.prompt_tokens,
                output_tokens: u.completion_tokens,
                cached: u
                    .prompt_tokens_details
                    .and_then(|details| details.cached_tokens)
                    .unwrap_or(0),
            }),
            cost: Cost::ByTable {
                official: self.official,
            },
            model: body.model.map(|model| self.service.cleaned(&model)),
            raw: Digest::of(&bytes),
        })
    }
}

fn body(model: &str, official: bool, request: &Request) -> Value {
    let system = request.system_text();
    let system = (!system.is_empty()).then(|| json!({"role": "system", "content": system}));
    let messages: Vec<Value> = system
        .into_iter()
        .chain(
            request
                .messages
                .iter()
                .map(|m| json!({"role": m.role.as_str(), "content": m.text})),
        )
        .collect();
    let mut body = json!({"model": model, "messages": messages});
    if let Some(object) = body.as_object_mut() {
        // The service itself has given up the older name, which is the only one that many others know.
        let limit = if official {
            "max_completion_tokens"
        } else {
            "max_tokens"
        };
        object.insert(limit.to_owned(), json!(request.max_tokens));
        if let Some(temperature) = request.temperature {
            object.insert("temperature".to_owned(), json!(temperature.as_number()));
        }
        if request.wants_object() {
            object.insert("response_format".to_owned(), json!({"type": "json_object"}));
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::provider::request::Temperature;

    #[test]
    fn the_body_is_that_of_the_interface() {
        let mut request = Request::new("p/1", "Be brief.", "Hello", 64);
        request.temperature = Some(Temperature(0));
        assert_eq!(
            body("gpt-5.4", true, &request),
            json!({
                "model": "gpt-5.4",
                "max_completion_tokens": 64,
                "temperature": 0.0,
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Hello"}
                ]
            })
        );
        request.schema = Some(json!({"type": "object"}));
        let other = body("local", false, &request);
        assert_eq!(other["max_tokens"], json!(64));
        assert_eq!(other["response_format"], json!({"type": "json_object"}));
        assert_eq!(other.get("max_completion_tokens"), None);
    }
}
