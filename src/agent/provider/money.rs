//! What answers cost, in whole micro-dollars. A model that is not in the table has no known price: never a price of zero.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::answer::Usage;
use super::name::ProviderName;

/// Millionths of a US dollar.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct MicroDollars(pub u64);

impl MicroDollars {
    /// The sum; it stops at the largest amount.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// An amount in dollars as programs report it, rounded up. `None` for one that is no amount.
    #[must_use]
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        // A tiny part is taken off first, so that 0.1 does not become 100 001 for want of an exact form.
        let micro = (dollars * 1e6 - 1e-6).ceil().max(0.0);
        (dollars >= 0.0 && micro < 9e15).then_some(Self(micro as u64))
    }
}

/// As in `$0.012345`.
impl fmt::Display for MicroDollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

/// The price of one model. All amounts are micro-dollars for a million tokens: `3000000` is $3 for a million.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Whose model.
    pub provider: ProviderName,
    /// Its name; with a date behind it (`-20260101`, `-2026-01-01`) it is the same model.
    pub model: String,
    /// Tokens read afresh.
    pub input: u64,
    /// Tokens read from the provider's cache.
    pub cached: u64,
    /// Tokens written.
    pub output: u64,
}

/// The prices that are known. What a caller adds goes before what is built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    added: Vec<Price>,
}

/// Micro-dollars for a million tokens: input, read from cache, output.
type BuiltIn = (ProviderName, &'static str, u64, u64, u64);

const BUILT_IN: &[BuiltIn] = {
    use ProviderName::{Anthropic, OpenAi};
    &[
        (Anthropic, "claude-opus-4-7", 5_000_000, 500_000, 25_000_000),
        (Anthropic, "claude-opus-4-6", 5_000_000, 500_000, 25_000_000),
        (Anthropic, "claude-opus-4-5", 5_000_000, 500_000, 25_000_000),
        (
            Anthropic,
            "claude-opus-4-1",
            15_000_000,
            1_500_000,
            75_000_000,
        ),
        (
            Anthropic,
            "claude-sonnet-4-6",
            3_000_000,
            300_000,
            15_000_000,
        ),
        (
            Anthropic,
            "claude-sonnet-4-5",
            3_000_000,
            300_000,
            15_000_000,
        ),
        (Anthropic, "claude-haiku-4-5", 1_000_000, 100_000, 5_000_000),
        (OpenAi, "gpt-5.5", 5_000_000, 500_000, 30_000_000),
        (OpenAi, "gpt-5.4", 2_500_000, 250_000, 15_000_000),
        (OpenAi, "gpt-5.4-mini", 750_000, 75_000, 4_500_000),
        (OpenAi, "gpt-5.4-nano", 200_000, 20_000, 1_250_000),
        (OpenAi, "gpt-4o", 2_500_000, 1_250_000, 10_000_000),
        (OpenAi, "gpt-4o-mini", 150_000, 75_000, 600_000),
    ]
};

impl PriceTable {
    /// The day of the built-in prices. A caller that knows newer ones adds them.
    pub const DATED: &str = "2026-06-01";

    /// The built-in prices alone.
    #[must_use]
    pub fn built_in() -> Self {
        Self { added: vec![] }
    }

    /// The built-in prices, with `prices` before them.
    #[must_use]
    pub fn with(prices: Vec<Price>) -> Self {
        Self { added: prices }
    }

    /// What `usage` costs, rounded up. `official` says whether the provider's own service answered: the built-in prices
    /// hold for nobody else.
    #[must_use]
    pub fn cost(
        &self,
        provider: ProviderName,
        model: &str,
        official: bool,
        usage: &Usage,
    ) -> Option<MicroDollars> {
        let (input, cached, output) = self.price(provider, model, official)?;
        let fresh = usage.input_tokens.saturating_sub(usage.cached);
        let sum = [
            (fresh, input),
            (usage.cached, cached),
            (usage.output_tokens, output),
        ]
        .into_iter()
        .map(|(tokens, price)| u128::from(tokens) * u128::from(price))
        .fold(0_u128, u128::saturating_add);
        u64::try_from(sum.div_ceil(1_000_000))
            .ok()
            .map(MicroDollars)
    }

    fn price(
        &self,
        provider: ProviderName,
        model: &str,
        official: bool,
    ) -> Option<(u64, u64, u64)> {
        let added = self
            .added
            .iter()
            .find(|price| price.provider == provider && same_model(model, &price.model))
            .map(|price| (price.input, price.cached, price.output));
        added.or_else(|| {
            BUILT_IN
                .iter()
                .find(|(whose, name, ..)| official && *whose == provider && same_model(model, name))
                .map(|&(_, _, input, cached, output)| (input, cached, output))
        })
    }
}

/// A date behind the name does not make another model; anything else does: `-mini` has a price of its own.
fn same_model(model: &str, listed: &str) -> bool {
    match model.strip_prefix(listed) {
        Some("") => true,
        Some(rest) => {
            let digits = rest.chars().filter(char::is_ascii_digit).count();
            rest.starts_with('-')
                && digits == 8
                && rest.chars().all(|c| c.is_ascii_digit() || c == '-')
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input_tokens: u64, cached: u64, output_tokens: u64) -> Usage {
        Usage {
            input_tokens,
            output_tokens,
            cached,
        }
    }

    fn cost(model: &str, usage: &Usage) -> Option<u64> {
        PriceTable::built_in()
            .cost(ProviderName::Anthropic, model, true, usage)
            .map(|cost| cost.0)
    }

    #[test]
    fn costs_are_summed_exactly_and_rounded_up() {
        // 1000 × $3/M + 100 × $15/M = $0.0045.
        assert_eq!(cost("claude-sonnet-4-6", &usage(1000, 0, 100)), Some(4500));
        // 400 fresh × $3/M + 600 cached × $0.30/M = $0.00138.
        assert_eq!(cost("claude-sonnet-4-6", &usage(1000, 600, 0)), Some(1380));
        // 1 × $0.30/M is less than a micro-dollar, but not nothing.
        assert_eq!(cost("claude-sonnet-4-6", &usage(1, 1, 0)), Some(1));
        assert_eq!(cost("claude-sonnet-4-6", &usage(0, 0, 0)), Some(0));
    }

    #[test]
    fn a_dated_model_is_the_same_and_a_longer_name_is_not() {
        let one = usage(1_000_000, 0, 0);
        assert_eq!(cost("claude-haiku-4-5-20251001", &one), Some(1_000_000));
        assert_eq!(cost("claude-haiku-4-5-2025-10-01", &one), Some(1_000_000));
        for unknown in [
            "claude-haiku-4-5-fast",
            "claude-haiku-4",
            "haiku",
            "claude-haiku-4-50",
        ] {
            assert_eq!(cost(unknown, &one), None, "{unknown}");
        }
    }

    #[test]
    fn added_prices_go_first_and_hold_for_other_services_too() {
        let own = Price {
            provider: ProviderName::OpenAi,
            model: "gpt-4o".into(),
            input: 7,
            cached: 7,
            output: 7,
        };
        let table = PriceTable::with(vec![own]);
        let million = usage(1_000_000, 0, 0);
        for official in [true, false] {
            assert_eq!(
                table.cost(ProviderName::OpenAi, "gpt-4o", official, &million),
                Some(MicroDollars(7))
            );
        }
        assert_eq!(
            PriceTable::built_in().cost(ProviderName::OpenAi, "gpt-4o", false, &million),
            None,
            "another service has prices of its own"
        );
    }

    #[test]
    fn amounts_print_and_convert() {
        assert_eq!(MicroDollars(12_345).to_string(), "$0.012345");
        assert_eq!(MicroDollars(2_000_001).to_string(), "$2.000001");
        assert_eq!(MicroDollars::from_dollars(0.1), Some(MicroDollars(100_000)));
        assert_eq!(
            MicroDollars::from_dollars(0.000_000_4),
            Some(MicroDollars(1))
        );
        assert_eq!(MicroDollars::from_dollars(0.0), Some(MicroDollars(0)));
        for bad in [-0.01, f64::NAN, f64::INFINITY, 1e30] {
            assert_eq!(MicroDollars::from_dollars(bad), None, "{bad}");
        }
    }
}
