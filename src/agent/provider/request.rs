//! What a provider is asked, and the digest that names it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::name::ProviderName;
use crate::ir::Digest;
use crate::ir::canonical::to_text;

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

impl Role {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What.
    pub text: String,
}

impl Message {
    /// A question.
    #[must_use]
    pub fn user(text: impl Into<String>) -> Self {
        Self {
            role: Role::User,
            text: text.into(),
        }
    }

    /// An earlier answer.
    #[must_use]
    pub fn assistant(text: impl Into<String>) -> Self {
        Self {
            role: Role::Assistant,
            text: text.into(),
        }
    }
}

/// How freely a model may choose its words, in thousandths: 0 is the least, 1000 the usual most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Temperature(pub u16);

impl Temperature {
    /// As providers take it: 1000 thousandths are 1.0.
    #[must_use]
    pub fn as_number(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

/// One question. Equal requests have equal digests and, through the memo, equal answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Which prompt this is and its version, as in `critic/1`. To be changed when the prompt's words change their meaning.
    pub prompt: String,
    /// What holds for the whole conversation.
    pub system: String,
    /// The conversation, a user's message first and last.
    pub messages: Vec<Message>,
    /// The most that is written, in tokens.
    pub max_tokens: u32,
    /// `None` leaves it to the model; some models take nothing else.
    pub temperature: Option<Temperature>,
    /// The JSON Schema of the one document that the answer must be; `None` for free text.
    pub schema: Option<Value>,
}

impl Request {
    /// A request with one message, free text, and the model's own temperature.
    #[must_use]
    pub fn new(
        prompt: impl Into<String>,
        system: impl Into<String>,
        message: impl Into<String>,
        max_tokens: u32,
    ) -> Self {
        Self {
            prompt: prompt.into(),
            system: system.into(),
            messages: vec![Message::user(message)],
            max_tokens,
            temperature: None,
            schema: None,
        }
    }

    /// The digest of the request alone, whoever answers: the key of a recorded answer.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(to_text(&self.canonical()).as_bytes())
    }

    /// The digest of the request and who is asked: the key of a memo.
    #[must_use]
    pub fn digest_for(&self, provider: ProviderName, endpoint: &str, model: &str) -> Digest {
        let whole = json!({
            "provider": provider.as_str(),
            "endpoint": endpoint,
            "model": model,
            "request": self.canonical(),
        });
        Digest::of(to_text(&whole).as_bytes())
    }

    fn canonical(&self) -> Value {
        json!({
            "format": 1,
            "prompt": self.prompt,
            "system": self.system,
            "messages": self
                .messages
                .iter()
                .map(|m| json!([m.role.as_str(), m.text]))
                .collect::<Vec<_>>(),
            "max_tokens": self.max_tokens,
            "temperature": self.temperature.map(|t| t.0),
            "schema": self.schema,
        })
    }

    /// The system's text with what it says about the answer's shape. Every provider gets it: not all of them take a
    /// schema of this size and shape in a field of its own.
    pub(super) fn system_text(&self) -> String {
        match &self.schema {
            None => self.system.clone(),
            Some(schema) => format!(
                "{}\n\nAnswer with one JSON document and nothing else: no words around it, no code fence. \
                 It must be valid by this JSON Schema:\n{}",
                self.system,
                to_text(schema)
            )
            .trim_start()
            .to_owned(),
        }
    }

    /// Whether the schema asks for an object at the top.
    pub(super) fn wants_object(&self) -> bool {
        self.schema
            .as_ref()
            .is_some_and(|schema| schema.get("type") == Some(&json!("object")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request::new("critic/1", "You judge.", "Is it so?", 500)
    }

    #[test]
    fn everything_that_changes_the_answer_changes_the_digest() {
        let base = request();
        let changes: [fn(&mut Request); 7] = [
            |r| r.prompt = "critic/2".into(),
            |r| r.system.push('.'),
            |r| r.messages.push(Message::assistant("x")),
            |r| r.messages = vec![Message::assistant("Is it so?")],
            |r| r.max_tokens = 501,
            |r| r.temperature = Some(Temperature(0)),
            |r| r.schema = Some(json!({"type": "object"})),
        ];
        let mut digests = std::collections::BTreeSet::from([base.digest()]);
        for change in changes {
            let mut other = base.clone();
            change(&mut other);
            assert!(digests.insert(other.digest()), "{other:?}");
        }
        assert_eq!(base.digest(), request().digest());
    }

    #[test]
    fn the_memo_key_tells_provider_endpoint_and_model_apart() {
        let keys: std::collections::BTreeSet<_> = [
            (ProviderName::OpenAi, "https://a", "m"),
            (ProviderName::Anthropic, "https://a", "m"),
            (ProviderName::OpenAi, "https://b", "m"),
            (ProviderName::OpenAi, "https://a", "n"),
        ]
        .map(|(provider, endpoint, model)| request().digest_for(provider, endpoint, model))
        .into();
        assert_eq!(keys.len(), 4);
        assert!(!keys.contains(&request().digest()));
    }

    #[test]
    fn a_schema_is_told_in_words() {
        let mut asked = request();
        assert_eq!(asked.system_text(), "You judge.");
        asked.schema = Some(json!({"type": "object", "required": ["a"]}));
        let text = asked.system_text();
        assert!(
            text.starts_with("You judge.\n\n")
                && text.ends_with(r#"{"required":["a"],"type":"object"}"#),
            "{text}"
        );
        assert!(asked.wants_object());
    }
}
