//! The operands of expressions: values, names, lists, and what is asked of evidence.

use super::lexer::{Lexeme, Token};
use super::parser::{Failure, IMPLIES, Parser, Part};
use crate::ir::expr::{Expr, ExprKind, Quantifier};
use crate::ir::{Name, Spanned};
use crate::syntax::error::SyntaxError;
use crate::syntax::words::{Reason, why_reserved};

impl<'a> Parser<'a> {
    /// `[a, b]` with at least one element, and where it ends.
    pub(super) fn list(&mut self) -> Result<(Vec<Expr>, usize), Failure> {
        if !self.is("[") {
            return Err(self.unexpected("a list `[a, b]`"));
        }
        self.next += 1;
        let mut items = Vec::new();
        loop {
            let item = self.atom()?;
            items.push(self.place(item));
            if !self.accept(",") {
                break;
            }
        }
        let end = self.expect("]", "`,` or `]`")?.end;
        Ok((items, end))
    }

    pub(super) fn atom(&mut self) -> Result<Part, Failure> {
        let first = self.peek();
        match first.token {
            Token::Number(value) => {
                self.next += 1;
                self.part(ExprKind::Int(value), first.start, first.end)
            }
            Token::Symbol("-") => self.negative(),
            Token::Symbol("(") => {
                self.next += 1;
                let inner = self.whole()?;
                let end = self.expect(")", "`)`")?.end;
                Ok(Part {
                    kind: inner.kind,
                    start: first.start,
                    end,
                    comparison: false,
                })
            }
            Token::Word => self.word(first),
            Token::Symbol(_) | Token::End => Err(self.unexpected("a value, a name or `(`")),
        }
    }

    fn negative(&mut self) -> Result<Part, Failure> {
        let sign = self.peek();
        let next = self.ahead(1);
        match next.token {
            Token::Number(value) if next.start == sign.end => {
                self.next += 2;
                self.part(ExprKind::Int(-value), sign.start, next.end)
            }
            Token::Number(_) | Token::Word | Token::Symbol(_) | Token::End => {
                let advice = "a sign belongs to an integer right behind it; write `0 - x`";
                Err(self.fail(
                    sign,
                    SyntaxError::ExprOperator {
                        found: "-".to_owned(),
                        advice,
                    },
                ))
            }
        }
    }

    fn word(&mut self, first: Lexeme<'a>) -> Result<Part, Failure> {
        let constant = match first.text {
            "true" => Some(ExprKind::Bool(true)),
            "false" => Some(ExprKind::Bool(false)),
            "none" => Some(ExprKind::None),
            "terminal" => Some(ExprKind::Terminal),
            "state" => Some(ExprKind::State),
            "me" => Some(ExprKind::Me),
            _ => None,
        };
        if let Some(kind) = constant {
            self.next += 1;
            return self.part(kind, first.start, first.end);
        }
        match first.text {
            "fresh" | "stale" | "has" | "len" => self.about(first),
            "count" => {
                self.next += 1;
                self.expect("(", "`(`")?;
                let mut part = self.deeper(|p| p.quantified(Quantifier::Count, first.start))?;
                part.end = self.expect(")", "`)`")?.end;
                Ok(part)
            }
            _ => self.named(),
        }
    }

    /// `fresh(x)`, `fresh(x, a)`, `stale(x)`, `stale(x, a)`, `has(e)`, `len(ch)`.
    fn about(&mut self, first: Lexeme<'a>) -> Result<Part, Failure> {
        self.next += 1;
        self.expect("(", "`(`")?;
        let subject = self.name("a name")?;
        let stamped = matches!(first.text, "fresh" | "stale");
        let artifact = if stamped && self.accept(",") {
            Some(self.name("an artifact")?)
        } else {
            None
        };
        let end = self
            .expect(")", if stamped { "`,` or `)`" } else { "`)`" })?
            .end;
        let kind = match first.text {
            "fresh" => ExprKind::Fresh(subject, artifact),
            "stale" => ExprKind::Stale(subject, artifact),
            "has" => ExprKind::Has(subject),
            _ => ExprKind::Len(subject),
        };
        self.part(kind, first.start, end)
    }

    /// A name, `e.field`, `var[index]`.
    fn named(&mut self) -> Result<Part, Failure> {
        let start = self.peek().start;
        let mut end = self.peek().end;
        let name = self.name("a value, a name or `(`")?;
        let kind = if self.accept(".") {
            let field = self.name("a field")?;
            end = self.previous_end();
            ExprKind::Field(name, field)
        } else if self.accept("[") {
            let index = self.deeper(|p| p.operators(IMPLIES))?;
            end = self.expect("]", "`]`")?.end;
            ExprKind::Index(name, self.boxed(index))
        } else if self.is("(") {
            let error = SyntaxError::ExprFunction {
                found: name.value.to_string(),
            };
            return Err((error, self.place.span(start, end)));
        } else {
            ExprKind::Name(name.value)
        };
        self.part(kind, start, end)
    }

    fn previous_end(&self) -> usize {
        self.next
            .checked_sub(1)
            .and_then(|i| self.lexemes.get(i))
            .map_or(self.end, |l| l.end)
    }

    pub(super) fn name(&mut self, wanted: &'static str) -> Result<Spanned<Name>, Failure> {
        let found = self.peek();
        if found.token != Token::Word {
            return Err(self.unexpected(wanted));
        }
        let advice = match found.text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some("write `true`"),
            "false" | "no" | "off" => Some("write `false`"),
            "null" => Some("write `none`"),
            _ => None,
        };
        match (why_reserved(found.text), advice) {
            (Some(Reason::Grammar), _) => Err(self.unexpected(wanted)),
            (Some(Reason::Yaml), Some(advice)) => {
                let found_word = found.text.to_owned();
                Err(self.fail(
                    found,
                    SyntaxError::ExprWord {
                        found: found_word,
                        advice,
                    },
                ))
            }
            (Some(why @ Reason::Yaml), None) => Err(self.fail(
                found,
                SyntaxError::Reserved {
                    found: found.text.to_owned(),
                    why: why.text(),
                },
            )),
            (None, _) => {
                let Some(name) = Name::new(found.text) else {
                    return Err(self.fail(
                        found,
                        SyntaxError::BadName {
                            found: found.text.to_owned(),
                        },
                    ));
                };
                self.next += 1;
                Ok(Spanned::new(name, self.place.span(found.start, found.end)))
            }
        }
    }
}
