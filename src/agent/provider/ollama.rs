//! Ollama: `POST /api/chat`. No key is sent.

use serde::Deserialize;
use serde_json::{Value, json};

use super::address::BaseUrl;
use super::answer::{Stop, Usage};
use super::error::ProviderError;
use super::http::{Failure, Service};
use super::limits::Limits;
use super::money::MicroDollars;
use super::name::ProviderName;
use super::reply::{Cost, Reply};
use super::request::Request;
use crate::ir::Digest;

/// Where it listens where nobody says otherwise.
pub(super) const HOST: &str = "localhost:11434";

pub(super) struct Ollama {
    service: Service,
    model: String,
    free: bool,
}

#[derive(Deserialize)]
struct Body {
    model: Option<String>,
    message: Said,
    done: bool,
    done_reason: Option<String>,
    prompt_eval_count: Option<u64>,
    eval_count: Option<u64>,
}

#[derive(Deserialize)]
struct Said {
    content: String,
}

impl Ollama {
    pub(super) fn new(
        base: &BaseUrl,
        model: String,
        limits: &Limits,
    ) -> Result<Self, ProviderError> {
        let service = Service::new(
            ProviderName::Ollama,
            base,
            "api/chat",
            ("authorization", "Bearer "),
            None,
            limits,
        )?;
        Ok(Self {
            service,
            // A model that this machine runs costs nothing; a server elsewhere, or one that passes on, may charge.
            free: base.is_loopback() && !model.ends_with("cloud"),
            model,
        })
    }

    pub(super) async fn ask(&self, request: &Request) -> Result<Reply, Failure> {
        let bytes = self.service.post(&body(&self.model, request)).await?;
        let body: Body = self.service.decode(&bytes)?;
        if !body.done {
            return Err(self.service.wrong_shape("the answer is not done").into());
        }
        Ok(Reply {
            text: body.message.content,
            stop: match body.done_reason.as_deref() {
                Some("stop") => Stop::Finished,
                Some("length") => Stop::Length,
                Some(_) | None => Stop::Unclear,
            },
            // The count of the prompt is left out where all of it was still in memory.
            usage: body.eval_count.map(|output_tokens| Usage {
                input_tokens: body.prompt_eval_count.unwrap_or(0),
                output_tokens,
                cached: 0,
            }),
            cost: if self.free {
                Cost::Known(MicroDollars(0))
            } else {
                Cost::ByTable { official: false }
            },
            model: body.model.map(|model| self.service.cleaned(&model)),
            raw: Digest::of(&bytes),
        })
    }
}

fn body(model: &str, request: &Request) -> Value {
    let system = request.system_text();
    let mut messages = vec![];
    if !system.is_empty() {
        messages.push(json!({"role": "system", "content": system}));
    }
    messages.extend(
        request
            .messages
            .iter()
            .map(|m| json!({"role": m.role.as_str(), "content": m.text})),
    );
    let mut options = json!({
        "num_predict": request.max_tokens,
        "num_ctx": context(&system, request),
    });
    if let (Some(object), Some(temperature)) = (options.as_object_mut(), request.temperature) {
        object.insert("temperature".to_owned(), json!(temperature.as_number()));
    }
    let mut body = json!({
        "model": model,
        "messages": messages,
        "stream": false,
        "options": options,
    });
    if let (Some(object), Some(schema)) = (body.as_object_mut(), &request.schema) {
        object.insert("format".to_owned(), schema.clone());
    }
    body
}

/// How many tokens the server is to hold. Its own choice is small, and what does not fit is cut off without a word.
fn context(system: &str, request: &Request) -> u64 {
    let characters = request
        .messages
        .iter()
        .map(|m| m.text.len())
        .fold(system.len(), usize::saturating_add);
    // Three bytes a token is on the safe side for English and code.
    let tokens = u64::try_from(characters / 3).unwrap_or(u64::MAX);
    tokens
        .saturating_add(u64::from(request.max_tokens))
        .saturating_add(256)
        .checked_next_multiple_of(2048)
        .unwrap_or(u64::MAX)
        .max(4096)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::provider::request::Temperature;

    #[test]
    fn the_body_is_that_of_the_interface() {
        let mut request = Request::new("p/1", "Be brief.", "Hello", 64);
        request.temperature = Some(Temperature(500));
        let plain = body("llama3.2", &request);
        assert_eq!(
            plain,
            json!({
                "model": "llama3.2",
                "stream": false,
                "options": {"num_predict": 64, "num_ctx": 4096, "temperature": 0.5},
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Hello"}
                ]
            })
        );
        request.schema = Some(json!({"type": "object"}));
        assert_eq!(body("m", &request)["format"], json!({"type": "object"}));
    }

    #[test]
    fn the_context_holds_a_long_prompt() {
        let request = Request::new("p/1", "", "x".repeat(30_000), 1000);
        // 10 000 for the prompt, 1000 for the answer and 256 to spare, in steps of 2048.
        assert_eq!(context("", &request), 12_288);
    }
}
