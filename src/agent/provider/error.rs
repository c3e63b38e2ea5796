//! Why a provider gave no usable answer. No variant holds a key, and what a provider said is cleaned before it gets here.

use std::time::Duration;

use super::name::ProviderName;

/// Why there is no answer. Each has a stable code ([`ProviderError::code`]) and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// No provider has this name.
    #[error(
        "no provider is called {shown}; there are anthropic, openai, ollama, claudecode, codex, scripted"
    )]
    Unknown {
        /// What was asked for, or a stand-in where it may be a key.
        shown: String,
    },
    /// The provider needs a key and there is none.
    #[error("{provider} needs a key: {remedy}")]
    NoKey {
        /// The provider.
        provider: ProviderName,
        /// What to set.
        remedy: String,
    },
    /// The provider has no model of its own choice.
    #[error("{provider} needs a model: set SPEC_MODEL, or `model` in .spec/config.json")]
    NoModel {
        /// The provider.
        provider: ProviderName,
    },
    /// A setting cannot be used.
    #[error("{what}: {why}")]
    Setting {
        /// Which setting; never its value where that may be a key.
        what: String,
        /// Why, and what to do.
        why: String,
    },
    /// The program of the provider is not on this machine.
    #[error("{provider} needs the program `{tool}`, which is not there: looked at {looked}")]
    ToolMissing {
        /// The provider.
        provider: ProviderName,
        /// The program.
        tool: String,
        /// Where it was sought.
        looked: String,
    },
    /// The program of the provider ended badly.
    #[error("{provider}: the program {why}")]
    ToolFailed {
        /// The provider.
        provider: ProviderName,
        /// How it ended and the end of what it said.
        why: String,
    },
    /// 401 or 403.
    #[error(
        "{provider} refuses the key (HTTP {status}); check SPEC_API_KEY and what the key may do"
    )]
    Unauthorised {
        /// The provider.
        provider: ProviderName,
        /// The HTTP status.
        status: u16,
    },
    /// 429, to the last try.
    #[error("{provider} takes no more requests for now (HTTP 429, tried {tries} times{}): {message}", wait(.retry_after))]
    RateLimited {
        /// The provider.
        provider: ProviderName,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// Requests sent.
        tries: u32,
        /// What it said.
        message: String,
    },
    /// 500, 502, 503, 529 and the like, to the last try.
    #[error("{provider} cannot answer now (HTTP {status}, tried {tries} times): {message}")]
    Overloaded {
        /// The provider.
        provider: ProviderName,
        /// The HTTP status of the last try.
        status: u16,
        /// Requests sent.
        tries: u32,
        /// What it said.
        message: String,
    },
    /// Another 4xx: trying again would not help.
    #[error("{provider} refuses the request (HTTP {status}): {message}")]
    BadRequest {
        /// The provider.
        provider: ProviderName,
        /// The HTTP status.
        status: u16,
        /// What it said.
        message: String,
    },
    /// 3xx. A key is not carried to another address.
    #[error("{provider} redirects (HTTP {status}), which is not followed; check the base URL")]
    Redirected {
        /// The provider.
        provider: ProviderName,
        /// The HTTP status.
        status: u16,
    },
    /// More bytes than are read.
    #[error("{provider} sent more than {limit} bytes")]
    TooLarge {
        /// The provider.
        provider: ProviderName,
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The answer is not what the provider's interface says.
    #[error("{provider} answered something else than its interface says: {why}")]
    WrongShape {
        /// The provider.
        provider: ProviderName,
        /// What is wrong.
        why: String,
    },
    /// The text is not the JSON that was asked for, to the last attempt.
    #[error("{provider} gave no acceptable JSON in {attempts} attempts; the last one: {why}")]
    WrongJson {
        /// The provider.
        provider: ProviderName,
        /// Answers that were read.
        attempts: u32,
        /// What is wrong with the last.
        why: String,
    },
    /// The connection ended inside the answer.
    #[error("{provider} broke off inside its answer: {why}")]
    HalfBody {
        /// The provider.
        provider: ProviderName,
        /// How.
        why: String,
    },
    /// No whole answer within the time.
    #[error("{provider} gave no whole answer within {} s", .after.as_secs_f64())]
    Timeout {
        /// The provider.
        provider: ProviderName,
        /// The time that was given.
        after: Duration,
    },
    /// No connection.
    #[error("{provider} cannot be reached (tried {tries} times): {why}")]
    Unreachable {
        /// The provider.
        provider: ProviderName,
        /// Connections tried.
        tries: u32,
        /// What the system says.
        why: String,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The file of answers has none left for this request.
    #[error(
        "the script has no answer left for this request ({asked}); {used} of its {lines} are used"
    )]
    ScriptExhausted {
        /// The prompt of the request and its digest.
        asked: String,
        /// Answers used so far.
        used: usize,
        /// Answers in the file.
        lines: usize,
    },
    /// The next answer of the file is meant for another request.
    #[error("line {line} of the script is for another request: {why}")]
    ScriptMismatch {
        /// The line, from 1.
        line: usize,
        /// What does not fit.
        why: String,
    },
    /// The file of answers cannot be read.
    #[error("the script {path}{} cannot be read: {why}", at_line(.line))]
    Script {
        /// The file.
        path: String,
        /// The line, from 1.
        line: Option<usize>,
        /// What is wrong.
        why: String,
    },
    /// An answer could not be recorded.
    #[error("the answer could not be recorded: {why}")]
    Record {
        /// What the system says.
        why: String,
    },
}

fn wait(retry_after: &Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |d| format!(", asks to wait {} s", d.as_secs()))
}

fn at_line(line: &Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!(", line {line},"))
}

impl ProviderError {
    /// Every code.
    pub const CODES: [&str; 22] = [
        "TRIB-PROVIDER-UNKNOWN",
        "TRIB-PROVIDER-NO-KEY",
        "TRIB-PROVIDER-NO-MODEL",
        "TRIB-PROVIDER-SETTING",
        "TRIB-PROVIDER-TOOL-MISSING",
        "TRIB-PROVIDER-TOOL-FAILED",
        "TRIB-PROVIDER-UNAUTHORISED",
        "TRIB-PROVIDER-RATE-LIMIT",
        "TRIB-PROVIDER-OVERLOADED",
        "TRIB-PROVIDER-BAD-REQUEST",
        "TRIB-PROVIDER-REDIRECT",
        "TRIB-PROVIDER-TOO-LARGE",
        "TRIB-PROVIDER-SHAPE",
        "TRIB-PROVIDER-WRONG-JSON",
        "TRIB-PROVIDER-HALF-BODY",
        "TRIB-PROVIDER-TIMEOUT",
        "TRIB-PROVIDER-UNREACHABLE",
        "TRIB-PROVIDER-CANCELLED",
        "TRIB-PROVIDER-SCRIPT-EXHAUSTED",
        "TRIB-PROVIDER-SCRIPT-MISMATCH",
        "TRIB-PROVIDER-SCRIPT",
        "TRIB-PROVIDER-RECORD",
    ];

    /// The stable code, for `tribunal explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "TRIB-PROVIDER-UNKNOWN",
            Self::NoKey { .. } => "TRIB-PROVIDER-NO-KEY",
            Self::NoModel { .. } => "TRIB-PROVIDER-NO-MODEL",
            Self::Setting { .. } => "TRIB-PROVIDER-SETTING",
            Self::ToolMissing { .. } => "TRIB-PROVIDER-TOOL-MISSING",
            Self::ToolFailed { .. } => "TRIB-PROVIDER-TOOL-FAILED",
            Self::Unauthorised { .. } => "TRIB-PROVIDER-UNAUTHORISED",
            Self::RateLimited { .. } => "TRIB-PROVIDER-RATE-LIMIT",
            Self::Overloaded { .. } => "TRIB-PROVIDER-OVERLOADED",
            Self::BadRequest { .. } => "TRIB-PROVIDER-BAD-REQUEST",
            Self::Redirected { .. } => "TRIB-PROVIDER-REDIRECT",
            Self::TooLarge { .. } => "TRIB-PROVIDER-TOO-LARGE",
            Self::WrongShape { .. } => "TRIB-PROVIDER-SHAPE",
            Self::WrongJson { .. } => "TRIB-PROVIDER-WRONG-JSON",
            Self::HalfBody { .. } => "TRIB-PROVIDER-HALF-BODY",
            Self::Timeout { .. } => "TRIB-PROVIDER-TIMEOUT",
            Self::Unreachable { .. } => "TRIB-PROVIDER-UNREACHABLE",
            Self::Cancelled => "TRIB-PROVIDER-CANCELLED",
            Self::ScriptExhausted { .. } => "TRIB-PROVIDER-SCRIPT-EXHAUSTED",
            Self::ScriptMismatch { .. } => "TRIB-PROVIDER-SCRIPT-MISMATCH",
            Self::Script { .. } => "TRIB-PROVIDER-SCRIPT",
            Self::Record { .. } => "TRIB-PROVIDER-RECORD",
        }
    }

    /// Whether the provider may have charged for work whose answer was never read: such a call's cost is unknown.
    #[must_use]
    pub fn may_have_cost(&self) -> bool {
        match self {
            Self::ToolFailed { .. }
            | Self::TooLarge { .. }
            | Self::WrongShape { .. }
            | Self::HalfBody { .. }
            | Self::Timeout { .. }
            | Self::Cancelled => true,
            Self::Unknown { .. }
            | Self::NoKey { .. }
            | Self::NoModel { .. }
            | Self::Setting { .. }
            | Self::ToolMissing { .. }
            | Self::Unauthorised { .. }
            | Self::RateLimited { .. }
            | Self::Overloaded { .. }
            | Self::BadRequest { .. }
            | Self::Redirected { .. }
            | Self::WrongJson { .. }
            | Self::Unreachable { .. }
            | Self::ScriptExhausted { .. }
            | Self::ScriptMismatch { .. }
            | Self::Script { .. }
            | Self::Record { .. } => false,
        }
    }

    /// The error of an unknown name; a text that looks like a key is not repeated.
    pub(super) fn unknown(text: &str) -> Self {
        let plain = text.len() <= 24
            && !text.starts_with("sk-")
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let shown = if plain {
            format!("`{text}`")
        } else {
            "that".to_owned()
        };
        Self::Unknown { shown }
    }

    /// The same error after this many tries.
    pub(super) fn tried(mut self, count: u32) -> Self {
        if let Self::RateLimited { tries, .. }
        | Self::Overloaded { tries, .. }
        | Self::Unreachable { tries, .. } = &mut self
        {
            *tries = count;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ() {
        let codes: std::collections::BTreeSet<_> = ProviderError::CODES.into_iter().collect();
        assert_eq!(codes.len(), ProviderError::CODES.len());
    }

    #[test]
    fn a_rate_limit_says_how_long_to_wait_and_how_often_it_was_tried() {
        let error = ProviderError::RateLimited {
            provider: ProviderName::OpenAi,
            retry_after: Some(Duration::from_secs(90)),
            tries: 0,
            message: "slow down".into(),
        };
        assert_eq!(
            error.tried(3).to_string(),
            "openai takes no more requests for now (HTTP 429, tried 3 times, asks to wait 90 s): slow down"
        );
    }
}
