//! Anthropic's Messages API: `POST /v1/messages`.

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
pub(super) const BASE: &str = "https://api.anthropic.com/";
const HOST: &str = "api.anthropic.com";
/// The version of the interface that this file speaks.
const VERSION: &str = "2023-06-01";
/// What is asked where nobody names a model.
pub(super) const MODEL: &str = "claude-sonnet-4-6";

pub(super) struct Anthropic {
    service: Service,
    model: String,
    official: bool,
}

#[derive(Deserialize)]
struct Body {
    model: String,
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Option<Tokens>,
}

/// Blocks of other types (thinking, tools) carry no text for us.
#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Tokens {
    input_tokens: u64,
    output_tokens: u64,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
}

impl Anthropic {
    pub(super) fn new(
        base: &BaseUrl,
        key: Option<ApiKey>,
        model: String,
        limits: &Limits,
    ) -> Result<Self, ProviderError> {
        let service = Service::new(
            ProviderName::Anthropic,
            base,
            "v1/messages",
            ("x-api-key", ""),
            key,
            limits,
        )?
        .header("anthropic-version", VERSION);
        Ok(Self {
            service,
            model,
            official: base.is_host(HOST),
        })
    }

    pub(super) async fn ask(&self, request: &Request) -> Result<Reply, Failure> {
        let bytes = self.service.post(&body(&self.model, request)).await?;
        let body: Body = self.service.decode(&bytes)?;
        if !body.content.iter().any(|block| block.kind == "text")
            && body.stop_reason.as_deref() == Some("end_turn")
        {
            return Err(self.service.wrong_shape("it has no text").into());
        }
        let text: String = body
            .content
            .iter()
            .filter(|block| block.kind == "text")
            .map(|block| block.text.as_str())
            .collect();
        let written_to_cache = body
            .usage
            .as_ref()
            .and_then(|u| u.cache_creation_input_tokens)
            .unwrap_or(0);
        let usage = body.usage.map(|u| {
            let cached = u.cache_read_input_tokens.unwrap_or(0);
            Usage {
                input_tokens: u
                    .input_tokens
                    .saturating_add(cached)
                    .saturating_add(written_to_cache),
                output_tokens: u.output_tokens,
                cached,
            }
        });
        Ok(Reply {
            text,
            stop: match body.stop_reason.as_deref() {
                Some("end_turn" | "stop_sequence") => Stop::Finished,
                Some("max_tokens" | "model_context_window_exceeded") => Stop::Length,
                Some("refusal") => Stop::Refused,
                Some(_) | None => Stop::Unclear,
            },
            usage,
            // Writing to the cache, which is not asked for here, has a price of its own.
            cost: if written_to_cache > 0 {
                Cost::Unknown
            } else {
                Cost::ByTable {
                    official: self.official,
                }
            },
            model: Some(self.service.cleaned(&body.model)),
            raw: Digest::of(&bytes),
        })
    }
}

fn body(model: &str, request: &Request) -> Value {
    let messages: Vec<Value> = request
        .messages
        .iter()
        .map(|m| json!({"role": m.role.as_str(), "content": m.text}))
        .collect();
    let mut body = json!({
        "model": model,
        "max_tokens": request.max_tokens,
        "messages": messages,
    });
    let system = request.system_text();
    if let Some(object) = body.as_object_mut() {
        if !system.is_empty() {
            object.insert("system".to_owned(), json!(system));
        }
        if let Some(temperature) = request.temperature {
            object.insert("temperature".to_owned(), json!(temperature.as_number()));
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::provider::request::{Message, Temperature};

    #[test]
    fn the_body_is_that_of_the_interface() {
        let mut request = Request::new("p/1", "Be brief.", "Hello", 64);
        request.messages.push(Message::assistant("Hi"));
        request.messages.push(Message::user("Bye"));
        request.temperature = Some(Temperature(250));
        assert_eq!(
            body("claude-sonnet-4-6", &request),
            json!({
                "model": "claude-sonnet-4-6",
                "max_tokens": 64,
                "system": "Be brief.",
                "temperature": 0.25,
                "messages": [
                    {"role": "user", "content": "Hello"},
                    {"role": "assistant", "content": "Hi"},
                    {"role": "user", "content": "Bye"}
                ]
            })
        );
        let plain = body("m", &Request::new("p/1", "", "Hello", 1));
        assert_eq!(plain.get("system"), None);
        assert_eq!(plain.get("temperature"), None);
    }
}
