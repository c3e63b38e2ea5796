//! Text of an expression → tokens with their bytes.

use crate::ir::Name;
use crate::syntax::error::SyntaxError;

/// A token of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// An integer without its sign.
    Number(i64),
    /// A word: a name or a word of the grammar.
    Word,
    /// An operator or a mark, by its spelling.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// A token and where it stands: bytes `start..end` of the expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lexeme<'a> {
    pub token: Token,
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
}

/// An error and the bytes of the expression it is about.
pub(super) type LexError = (SyntaxError, usize, usize);

const SYMBOLS: &[&str] = &[
    "=>", "==", "!=", "<=", ">=", "<", ">", "+", "-", "(", ")", "[", "]", ",", ".", ":",
];

/// What people write out of habit from other languages, longest first, and what to write here. Tried before
/// [`SYMBOLS`], so nothing in it may be the start of a valid expression.
const HABITS: &[(&str, &str)] = &[
    ("<=>", "write `==`"),
    ("<->", "write `==`"),
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("==>", "write `=>`"),
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("<>", "write `!=`"),
    ("->", "write `=>`"),
    ("=<", "write `<=`"),
    ("/\\", "write `and`"),
    ("\\/", "write `or`"),
    ("&", "write `and`"),
    ("|", "write `or`"),
    (
        "*",
        "there is no multiplication; only `+` and `-` on integers",
    ),
    ("/", "there is no division; only `+` and `-` on integers"),
    ("%", "there is no remainder; only `+` and `-` on integers"),
    ("~", "write `not`"),
    ("¬", "write `not`"),
    ("∧", "write `and`"),
    ("∨", "write `or`"),
    ("⇒", "write `=>`"),
    ("→", "write `=>`"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("≠", "write `!=`"),
    ("∈", "write `in`"),
    ("∉", "write `not in`"),
    ("?", "write `if c then a else b`"),
    ("{", "write a list as `[a, b]`"),
    ("}", "write a list as `[a, b]`"),
    (
        "\"",
        "there are no strings; write an enum value as a bare word",
    ),
    (
        "'",
        "there are no strings; write an enum value as a bare word",
    ),
];

/// The tokens of `text`, the last one [`Token::End`].
///
/// # Errors
/// The first thing that is no token.
pub(super) fn tokens(text: &str) -> Result<Vec<Lexeme<'_>>, LexError> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else {
            out.push(Lexeme {
                token: Token::End,
                text: "",
                start: at,
                end: at,
            });
            return Ok(out);
        };
        let (token, len) = if first.is_ascii_digit() {
            number(trimmed, at)?
        } else if first.is_ascii_alphabetic() || first == '_' {
            word(trimmed, at)?
        } else {
            symbol(trimmed, first, at)?
        };
        out.push(Lexeme {
            token,
            text: trimmed.get(..len).unwrap_or(""),
            start: at,
            end: at + len,
        });
        at += len;
    }
}

fn run(text: &str, more: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !more(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

fn number(text: &str, at: usize) -> Result<(Token, usize), LexError> {
    let digits = run(text, |c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    match digits.parse::<i64>() {
        Ok(value) if plain && !leading_zero && digits.len() <= 7 => {
            Ok((Token::Number(value), digits.len()))
        }
        Ok(_) | Err(_) => Err((
            SyntaxError::ExprNumber {
                found: digits.to_owned(),
            },
            at,
            at + digits.len(),
        )),
    }
}

fn word(text: &str, at: usize) -> Result<(Token, usize), LexError> {
    let word = run(text, |c| c.is_alphanumeric() || c == '_');
    if word.starts_with('_') || !word.is_ascii() || word.len() > Name::MAX_LEN {
        return Err((
            SyntaxError::BadName {
                found: word.to_owned(),
            },
            at,
            at + word.len(),
        ));
    }
    Ok((Token::Word, word.len()))
}

fn symbol(text: &str, first: char, at: usize) -> Result<(Token, usize), LexError> {
    if let Some((found, advice)) = HABITS.iter().find(|(found, _)| text.starts_with(found)) {
        return Err((
            SyntaxError::ExprOperator {
                found: (*found).to_owned(),
                advice,
            },
            at,
            at + found.len(),
        ));
    }
    if let Some(symbol) = SYMBOLS.iter().find(|s| text.starts_with(**s)) {
        return Ok((Token::Symbol(symbol), symbol.len()));
    }
    let (error, len) = match first {
        '!' => (
            SyntaxError::ExprOperator {
                found: "!".to_owned(),
                advice: "write `not`",
            },
            1,
        ),
        '=' => (
            SyntaxError::ExprOperator {
                found: "=".to_owned(),
                advice: "write `==`",
            },
            1,
        ),
        other => (
            SyntaxError::ExprCharacter { found: other },
            other.len_utf8(),
        ),
    };
    Err((error, at, at + len))
}
