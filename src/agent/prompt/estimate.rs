//! How long a question is, before it is asked.

use schemars::JsonSchema;
use serde::Serialize;

use super::template::Prompt;
use crate::agent::provider::Request;

/// How many characters make a token, roughly.
const CHARACTERS: usize = 4;

/// A question as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Described {
    /// The prompt and its version, as in `critic/1`.
    pub prompt: String,
    /// What holds for the whole conversation.
    pub system: String,
    /// The question.
    pub message: String,
    /// Tokens read, estimated, the answer's schema included.
    pub input_tokens: u64,
    /// Tokens written, at most.
    pub max_output_tokens: u32,
}

/// A rough number of tokens: a quarter of the characters, rounded up.
#[must_use]
pub fn tokens(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(CHARACTERS)).unwrap_or(u64::MAX)
}

/// A question as it would be sent.
#[must_use]
pub fn describe(request: &Request) -> Described {
    let messages: Vec<&str> = request.messages.iter().map(|m| m.text.as_str()).collect();
    let message = messages.join("\n");
    let schema = request.schema.as_ref().map(ToString::to_string);
    Described {
        prompt: request.prompt.clone(),
        input_tokens: tokens(&request.system)
            .saturating_add(tokens(&message))
            .saturating_add(schema.as_deref().map_or(0, tokens)),
        system: request.system.clone(),
        message,
        max_output_tokens: request.max_tokens,
    }
}

impl Prompt {
    /// The prompt with its places open, for what cannot be said before earlier answers are there: what is put in comes on
    /// top of the estimate.
    #[must_use]
    pub fn described(&self, max_output_tokens: u32) -> Described {
        let request = Request::new(self.id(), self.system(), self.message(), max_output_tokens);
        describe(&request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_estimate_counts_all_that_is_sent() {
        assert_eq!([tokens(""), tokens("abcd"), tokens("ünïcö")], [0, 1, 2]);
        let mut request = Request::new("p/1", "12345678", "1234", 7);
        assert_eq!(describe(&request).input_tokens, 3);
        request.schema = Some(json!({"a": 12}));
        let described = describe(&request);
        assert_eq!(
            (described.input_tokens, described.max_output_tokens),
            (5, 7)
        );
    }
}
