//! The parser by binding power. What it accepts is the grammar of `ir.md`, concurrency between instances included;
//! refusing that is `crate::syntax::asynchronous`'s job.

use super::lexer::{Lexeme, Token, tokens};
use crate::ir::expr::{BinaryOp, Expr, ExprDomain, ExprKind, Quantifier};
use crate::ir::{SourceId, Span};
use crate::syntax::error::SyntaxError;
use crate::syntax::limits;

/// How offsets in an expression become places in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The text stands in the file as it is, from this byte on.
    Exact(SourceId, u32),
    /// The text was put together from what this span covers; every place is the whole of it.
    Whole(Span),
}

impl Place {
    /// The place of bytes `start..end` of the text.
    pub(in crate::syntax) fn span(self, start: usize, end: usize) -> Span {
        match self {
            Self::Exact(source, base) => {
                let start32 = u32::try_from(start).unwrap_or(u32::MAX);
                let len = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
                Span::new(source, base.saturating_add(start32), len)
            }
            Self::Whole(span) => span,
        }
    }
}

/// An error and its place.
pub type Failure = (SyntaxError, Span);

/// Binding powers, weakest first.
pub(super) const IMPLIES: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const NOT: u8 = 4;
const COMPARE: u8 = 5;
const SUM: u8 = 6;

/// One whole expression.
///
/// # Errors
/// The first thing in the text that is not of the grammar, or a limit.
pub(crate) fn parse(text: &str, place: Place) -> Result<Expr, Failure> {
    if text.len() > limits::EXPR_BYTES {
        let error = SyntaxError::ExprLimit {
            what: "bytes",
            limit: limits::EXPR_BYTES,
        };
        return Err((error, place.span(0, text.len())));
    }
    if text.trim().is_empty() {
        return Err((SyntaxError::ExprEmpty, place.span(0, text.len())));
    }
    let lexemes = tokens(text).map_err(|(error, start, end)| (error, place.span(start, end)))?;
    let end = text.len();
    let mut parser = Parser {
        lexemes,
        next: 0,
        place,
        nodes: 0,
        depth: 0,
        end,
    };
    let parsed = parser.whole()?;
    match parser.peek().token {
        Token::End => Ok(parser.place(parsed)),
        Token::Number(_) | Token::Word | Token::Symbol(_) => {
            Err(parser.unexpected("an operator or the end"))
        }
    }
}

/// A part that was parsed, and the bytes it covers.
pub(super) struct Part {
    pub(super) kind: ExprKind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it is a comparison without parentheses around it.
    pub(super) comparison: bool,
}

pub(super) struct Parser<'a> {
    pub(super) lexemes: Vec<Lexeme<'a>>,
    pub(super) next: usize,
    pub(super) place: Place,
    nodes: usize,
    depth: usize,
    pub(super) end: usize,
}

/// What stands between two operands.
enum Infix {
    Binary(BinaryOp),
    In,
    NotIn,
}

impl<'a> Parser<'a> {
    pub(super) fn ahead(&self, by: usize) -> Lexeme<'a> {
        let end = Lexeme {
            token: Token::End,
            text: "",
            start: self.end,
            end: self.end,
        };
        self.lexemes.get(self.next + by).copied().unwrap_or(end)
    }

    pub(super) fn peek(&self) -> Lexeme<'a> {
        self.ahead(0)
    }

    pub(super) fn take(&mut self) -> Lexeme<'a> {
        let lexeme = self.peek();
        self.next += 1;
        lexeme
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.peek().text == text
    }

    pub(super) fn accept(&mut self, text: &str) -> bool {
        let found = self.is(text);
        if found {
            self.next += 1;
        }
        found
    }

    pub(super) fn expect(
        &mut self,
        text: &'static str,
        wanted: &'static str,
    ) -> Result<Lexeme<'a>, Failure> {
        if self.is(text) {
            Ok(self.take())
        } else {
            Err(self.unexpected(wanted))
        }
    }

    pub(super) fn fail(&self, lexeme: Lexeme<'_>, error: SyntaxError) -> Failure {
        (error, self.place.span(lexeme.start, lexeme.end))
    }

    /// What stands next is not what the grammar wants here.
    pub(super) fn unexpected(&self, wanted: &'static str) -> Failure {
        let found = self.peek();
        let error = match found.token {
            Token::End => SyntaxError::ExprUnexpected {
                found: "the end".to_owned(),
                wanted,
            },
            Token::Word if matches!(found.text, "if" | "forall" | "exists") => {
                SyntaxError::ExprPosition {
                    found: found.text.to_owned(),
                }
            }
            Token::Symbol("[") => SyntaxError::ExprList,
            Token::Number(_) | Token::Word | Token::Symbol(_) => SyntaxError::ExprUnexpected {
                found: format!("`{}`", found.text),
                wanted,
            },
        };
        self.fail(found, error)
    }

    pub(super) fn place(&self, part: Part) -> Expr {
        Expr {
            kind: part.kind,
            span: self.place.span(part.start, part.end),
        }
    }

    pub(super) fn part(
        &mut self,
        kind: ExprKind,
        start: usize,
        end: usize,
    ) -> Result<Part, Failure> {
        self.nodes += 1;
        if self.nodes > limits::EXPR_NODES {
            let error = SyntaxError::ExprLimit {
                what: "nodes",
                limit: limits::EXPR_NODES,
            };
            return Err((error, self.place.span(start, end)));
        }
        Ok(Part {
            kind,
            start,
            end,
            comparison: false,
        })
    }

    /// Runs `inner` one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if self.depth >= limits::EXPR_DEPTH {
            let error = SyntaxError::ExprLimit {
                what: "levels",
                limit: limits::EXPR_DEPTH,
            };
            return Err(self.fail(self.peek(), error));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// An expression where `if`, `forall` and `exists` may stand.
    pub(super) fn whole(&mut self) -> Result<Part, Failure> {
        self.deeper(|p| {
            let first = p.peek();
            match first.text {
                "if" => p.conditional(),
                "forall" | "exists" => {
                    p.next += 1;
                    let quantifier = if first.text == "forall" {
                        Quantifier::Forall
                    } else {
                        Quantifier::Exists
                    };
                    p.quantified(quantifier, first.start)
                }
                _ => p.operators(IMPLIES),
            }
        })
    }

    fn conditional(&mut self) -> Result<Part, Failure> {
        let start = self.take().start;
        let condition = self.operators(IMPLIES)?;
        self.expect("then", "`then`")?;
        let yes = self.whole()?;
        self.expect("else", "`else`")?;
        let no = self.whole()?;
        let end = no.end;
        let kind = ExprKind::If(self.boxed(condition), self.boxed(yes), self.boxed(no));
        self.part(kind, start, end)
    }

    /// `x in D: p`, what comes before it already taken.
    pub(super) fn quantified(
        &mut self,
        quantifier: Quantifier,
        start: usize,
    ) -> Result<Part, Failure> {
        let var = self.name("a name to bind")?;
        self.expect("in", "`in`")?;
        let domain = if self.is("[") {
            ExprDomain::List(self.list()?.0)
        } else {
            ExprDomain::Actor(self.name("a list `[a, b]` or an actor")?)
        };
        self.expect(":", "`:`")?;
        let body = self.whole()?;
        let end = body.end;
        let body = self.boxed(body);
        self.part(
            ExprKind::Quantified {
                quantifier,
                var,
                domain,
                body,
            },
            start,
            end,
        )
    }

    fn infix(&self) -> Option<(Infix, u8, usize)> {
        let next = self.peek();
        let binary = |op, power| Some((Infix::Binary(op), power, 1));
        match next.text {
            "=>" => binary(BinaryOp::Implies, IMPLIES),
            "or" => binary(BinaryOp::Or, OR),
            "and" => binary(BinaryOp::And, AND),
            "==" => binary(BinaryOp::Eq, COMPARE),
            "!=" => binary(BinaryOp::Ne, COMPARE),
            "<" => binary(BinaryOp::Lt, COMPARE),
            "<=" => binary(BinaryOp::Le, COMPARE),
            ">" => binary(BinaryOp::Gt, COMPARE),
            ">=" => binary(BinaryOp::Ge, COMPARE),
            "+" => binary(BinaryOp::Add, SUM),
            "-" => binary(BinaryOp::Sub, SUM),
            "in" => Some((Infix::In, COMPARE, 1)),
            "not" if self.ahead(1).text == "in" => Some((Infix::NotIn, COMPARE, 2)),
            _ => None,
        }
    }

    /// Operands and operators that bind at least as strongly as `weakest`.
    pub(super) fn operators(&mut self, weakest: u8) -> Result<Part, Failure> {
        let mut left = if self.is("not") {
            self.negation(weakest)?
        } else {
            self.atom()?
        };
        while let Some((infix, power, words)) = self.infix() {
            if power < weakest {
                break;
            }
            if power == COMPARE && left.comparison {
                return Err(self.fail(self.peek(), SyntaxError::ExprChain));
            }
            self.next += words;
            let start = left.start;
            let (kind, end) = match infix {
                Infix::In | Infix::NotIn => {
                    let (list, end) = self.list()?;
                    let negated = matches!(infix, Infix::NotIn);
                    (
                        ExprKind::In {
                            item: self.boxed(left),
                            list,
                            negated,
                        },
                        end,
                    )
                }
                Infix::Binary(op) => {
                    let right = if op == BinaryOp::Implies {
                        self.deeper(|p| p.operators(IMPLIES))?
                    } else {
                        self.operators(power + 1)?
                    };
                    let end = right.end;
                    (
                        ExprKind::Binary(op, self.boxed(left), self.boxed(right)),
                        end,
                    )
                }
            };
            left = self.part(kind, start, end)?;
            left.comparison = power == COMPARE;
        }
        Ok(left)
    }

    fn negation(&mut self, weakest: u8) -> Result<Part, Failure> {
        if weakest > NOT {
            return Err(self.fail(
                self.peek(),
                SyntaxError::ExprPosition {
                    found: "not".to_owned(),
                },
            ));
        }
        let start = self.take().start;
        let inner = self.deeper(|p| p.operators(NOT))?;
        let end = inner.end;
        let kind = ExprKind::Not(self.boxed(inner));
        self.part(kind, start, end)
    }

    pub(super) fn boxed(&self, part: Part) -> Box<Expr> {
        Box::new(self.place(part))
    }
}
