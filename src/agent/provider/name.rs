//! The names of the providers, as users write them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::ProviderError;

/// A provider: who answers.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ProviderName {
    /// Anthropic's Messages API.
    Anthropic,
    /// OpenAI's chat completions, or any service that speaks them.
    OpenAi,
    /// An Ollama server.
    Ollama,
    /// The `claude` program of this machine.
    ClaudeCode,
    /// The `codex` program of this machine.
    Codex,
    /// A file of answers.
    Scripted,
}

impl ProviderName {
    /// Every provider.
    pub const ALL: [Self; 6] = [
        Self::Anthropic,
        Self::OpenAi,
        Self::Ollama,
        Self::ClaudeCode,
        Self::Codex,
        Self::Scripted,
    ];

    /// The provider of this name, in any case; `claude` is short for `claudecode`.
    ///
    /// # Errors
    /// `Unknown`.
    pub fn parse(text: &str) -> Result<Self, ProviderError> {
        let lower = text.trim().to_ascii_lowercase();
        if lower == "claude" {
            return Ok(Self::ClaudeCode);
        }
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == lower)
            .ok_or_else(|| ProviderError::unknown(text))
    }

    /// The name as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::OpenAi => "openai",
            Self::Ollama => "ollama",
            Self::ClaudeCode => "claudecode",
            Self::Codex => "codex",
            Self::Scripted => "scripted",
        }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case_and_claude_is_short() {
        for (text, name) in [
            ("anthropic", ProviderName::Anthropic),
            ("OpenAI", ProviderName::OpenAi),
            (" ollama ", ProviderName::Ollama),
            ("claude", ProviderName::ClaudeCode),
            ("claudecode", ProviderName::ClaudeCode),
            ("codex", ProviderName::Codex),
            ("scripted", ProviderName::Scripted),
        ] {
            assert_eq!(ProviderName::parse(text), Ok(name), "{text}");
        }
    }

    #[test]
    fn a_key_in_the_place_of_a_name_is_not_shown() {
        let error = ProviderName::parse("sk-ant-api03-planted").expect_err("unknown");
        assert_eq!(error.code(), "TRIB-PROVIDER-UNKNOWN");
        assert!(!error.to_string().contains("planted"), "{error}");
        let error = ProviderName::parse("gemini").expect_err("unknown");
        assert!(
            error.to_string().contains("gemini") && error.to_string().contains("claudecode"),
            "{error}"
        );
    }
}
