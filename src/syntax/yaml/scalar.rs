//! Scalars and what YAML 1.2's core schema takes them for.

use crate::ir::Span;
use crate::syntax::expr::Place;

/// A scalar: its text after YAML's own unescaping and folding, and where that text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text.
    pub text: String,
    /// Without quotes and not a block scalar.
    pub plain: bool,
    /// Inside `[…]` or `{…}`.
    pub flow: bool,
    /// Exact when the file has the text verbatim, on one line.
    pub place: Place,
}

/// What the core schema takes a scalar for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// Any spelling of an integer.
    Int,
    /// Any spelling of another number.
    Float,
    /// A text.
    Text,
}

impl Scalar {
    /// What the core schema takes it for.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        if !self.plain {
            return Meaning::Text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
            "true" | "True" | "TRUE" => Meaning::Bool(true),
            "false" | "False" | "FALSE" => Meaning::Bool(false),
            text if is_int(text) => Meaning::Int,
            text if is_float(text) => Meaning::Float,
            _ => Meaning::Text,
        }
    }

    /// What it is, for messages.
    #[must_use]
    pub fn found(&self) -> &'static str {
        match self.meaning() {
            Meaning::Null => "nothing",
            Meaning::Bool(_) => "a boolean",
            Meaning::Int | Meaning::Float => "a number",
            Meaning::Text => "a text",
        }
    }

    /// The place of its text.
    #[must_use]
    pub fn span(&self) -> Span {
        self.place.span(0, self.text.len())
    }
}

fn is_int(text: &str) -> bool {
    let all =
        |digits: &str, ok: fn(&u8) -> bool| !digits.is_empty() && digits.as_bytes().iter().all(ok);
    if let Some(octal) = text.strip_prefix("0o") {
        return all(octal, |b| (b'0'..=b'7').contains(b));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return all(hex, u8::is_ascii_hexdigit);
    }
    all(
        text.strip_prefix(['-', '+']).unwrap_or(text),
        u8::is_ascii_digit,
    )
}

fn is_float(text: &str) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e.strip_prefix(['-', '+']).unwrap_or(e))),
        None => (unsigned, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && (!whole.is_empty() || !fraction.is_empty())
        && exponent.is_none_or(|e| !e.is_empty() && digits(e))
}
