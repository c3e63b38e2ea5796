//! What a provider gave: the text, how much was read and written, what it cost, and how it ended.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::ProviderError;
use super::money::MicroDollars;
use super::name::ProviderName;
use crate::ir::Digest;
use crate::protocol::Spend;

/// Tokens of one or more answers.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// All tokens read, those from the provider's cache included.
    pub input_tokens: u64,
    /// All tokens written, thinking included.
    pub output_tokens: u64,
    /// Of the tokens read, those that came from the provider's cache.
    #[serde(default)]
    pub cached: u64,
}

impl Usage {
    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            cached: self.cached.saturating_add(other.cached),
        }
    }
}

/// Why a provider stopped writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It was done.
    Finished,
    /// It came to `max_tokens`, or to the end of what the model can hold: the text is cut.
    Length,
    /// It declined to answer.
    Refused,
    /// It does not say, or says something this program does not know.
    Unclear,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The text, as the model wrote it but for the key, which has been taken out: whoever prints it minds control characters.
    pub text: String,
    /// Why it ends where it does.
    pub stop: Stop,
    /// What was read and written for it now: nothing where it is from the memo. `None` where the provider does not say.
    pub usage: Option<Usage>,
    /// What it costs now: nothing where it is from the memo. `None` where the price is not known.
    pub cost: Option<MicroDollars>,
    /// Who answered.
    pub provider: ProviderName,
    /// The model, as the provider names it; where it does not, as it was asked for, or `default`.
    pub model: String,
    /// The digest of the bytes that were received.
    pub raw: Digest,
    /// Wall-clock seconds, waiting and further tries included.
    pub seconds: f64,
    /// Requests sent; 0 where it is from the memo.
    pub tries: u32,
    /// Whether it is an earlier answer to the same request.
    pub from_memo: bool,
    /// What a person may want to know, such as a memo that could not be read.
    pub warnings: Vec<String>,
}

impl Answer {
    /// `provider/model`, as the journal names who fills a seat.
    #[must_use]
    pub fn by(&self) -> String {
        format!("{}/{}", self.provider, self.model)
    }
}

/// What calls have used up together. What is not known is counted, never taken for nothing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Spending {
    /// Calls to a provider that gave an answer or may have been charged; answers from the memo are none.
    pub calls: u32,
    /// Answers from the memo.
    pub from_memo: u32,
    /// The tokens that are known.
    pub usage: Usage,
    /// Calls whose tokens are not known.
    pub unknown_usage: u32,
    /// The cost that is known.
    pub cost: MicroDollars,
    /// Calls whose cost is not known: with any, `cost` is only a lower bound.
    pub unknown_cost: u32,
}

impl Spending {
    /// Counts an answer.
    pub fn add(&mut self, answer: &Answer) {
        if answer.from_memo {
            self.from_memo = self.from_memo.saturating_add(1);
            return;
        }
        self.calls = self.calls.saturating_add(1);
        match answer.usage {
            Some(usage) => self.usage = self.usage.plus(usage),
            None => self.unknown_usage = self.unknown_usage.saturating_add(1),
        }
        match answer.cost {
            Some(cost) => self.cost = self.cost.plus(cost),
            None => self.unknown_cost = self.unknown_cost.saturating_add(1),
        }
    }

    /// Counts a call that failed, where it may have been charged.
    pub fn add_failure(&mut self, error: &ProviderError) {
        if error.may_have_cost() {
            self.calls = self.calls.saturating_add(1);
            self.unknown_usage = self.unknown_usage.saturating_add(1);
            self.unknown_cost = self.unknown_cost.saturating_add(1);
        }
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            from_memo: self.from_memo.saturating_add(other.from_memo),
            usage: self.usage.plus(other.usage),
            unknown_usage: self.unknown_usage.saturating_add(other.unknown_usage),
            cost: self.cost.plus(other.cost),
            unknown_cost: self.unknown_cost.saturating_add(other.unknown_cost),
        }
    }

    /// The same as a message of the protocol carries it, with the time that was taken.
    #[must_use]
    pub fn paid(&self, took: Duration) -> Spend {
        Spend {
            calls: self.calls,
            input_tokens: self.usage.input_tokens,
            output_tokens: self.usage.output_tokens,
            micro_dollars: self.cost.0,
            unpriced_calls: self.unknown_cost,
            millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// The whole cost; `None` when a part of it is not known.
    #[must_use]
    pub fn exact_cost(&self) -> Option<MicroDollars> {
        (self.unknown_cost == 0).then_some(self.cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cost: Option<u64>, from_memo: bool) -> Answer {
        Answer {
            text: "x".into(),
            stop: Stop::Finished,
            usage: cost.map(|_| Usage {
                input_tokens: 10,
                output_tokens: 2,
                cached: 1,
            }),
            cost: cost.map(MicroDollars),
            provider: ProviderName::Anthropic,
            model: "m".into(),
            raw: Digest::of(b""),
            seconds: 0.0,
            tries: 1,
            from_memo,
            warnings: vec![],
        }
    }

    #[test]
    fn the_unknown_is_counted_and_not_taken_for_nothing() {
        let mut spent = Spending::default();
        spent.add(&answer(Some(5), false));
        spent.add(&answer(Some(0), true));
        assert_eq!(spent.exact_cost(), Some(MicroDollars(5)));
        spent.add(&answer(None, false));
        assert_eq!(
            (spent.calls, spent.from_memo, spent.unknown_usage),
            (2, 1, 1)
        );
        assert_eq!((spent.cost, spent.exact_cost()), (MicroDollars(5), None));
        assert_eq!(spent.usage.input_tokens, 10);
        assert_eq!(
            spent.paid(Duration::from_millis(1500)),
            Spend {
                calls: 2,
                input_tokens: 10,
                output_tokens: 2,
                micro_dollars: 5,
                unpriced_calls: 1,
                millis: 1500,
            }
        );
    }

    #[test]
    fn only_failures_that_may_be_charged_count() {
        let mut spent = Spending::default();
        spent.add_failure(&ProviderError::Unauthorised {
            provider: ProviderName::OpenAi,
            status: 401,
        });
        assert_eq!(spent, Spending::default());
        spent.add_failure(&ProviderError::Cancelled);
        assert_eq!((spent.calls, spent.unknown_cost), (1, 1));
        assert_eq!(spent.plus(spent).unknown_usage, 2);
    }
}
