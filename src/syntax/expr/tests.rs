//! Tests of the expression grammar.

use proptest::prelude::*;

use super::*;
use crate::ir::expr::{BinaryOp, Expr, ExprDomain, ExprKind, Quantifier};
use crate::ir::{Name, SourceId, Span, Spanned};

const NOWHERE: Span = Span::new(SourceId(0), 0, 0);

fn read(text: &str) -> Expr {
    parse(text, Place::Exact(SourceId(0), 0)).unwrap_or_else(|(error, _)| panic!("{text}: {error}"))
}

/// The same expression with all places forgotten.
fn bare(text: &str) -> Expr {
    parse(text, Place::Whole(NOWHERE)).unwrap_or_else(|(error, _)| panic!("{text}: {error}"))
}

fn name(text: &str) -> Spanned<Name> {
    Spanned::new(Name::new(text).unwrap(), NOWHERE)
}

fn made(kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: NOWHERE,
    }
}

fn var(text: &str) -> Expr {
    made(ExprKind::Name(name(text).value))
}

fn op(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    made(ExprKind::Binary(op, Box::new(left), Box::new(right)))
}

fn not(inner: Expr) -> Expr {
    made(ExprKind::Not(Box::new(inner)))
}

#[test]
fn operators_bind_as_the_grammar_says() {
    use BinaryOp::{Add, And, Eq, Implies, Lt, Or, Sub};
    let (a, b, c) = (|| var("a"), || var("b"), || var("c"));
    let table = [
        ("a => b => c", op(Implies, a(), op(Implies, b(), c()))),
        ("a or b => c", op(Implies, op(Or, a(), b()), c())),
        ("a or b and c", op(Or, a(), op(And, b(), c()))),
        ("a and b or c", op(Or, op(And, a(), b()), c())),
        ("a and b and c", op(And, op(And, a(), b()), c())),
        ("not a and b", op(And, not(a()), b())),
        ("not a == b", not(op(Eq, a(), b()))),
        ("not not a", not(not(a()))),
        ("a and not b", op(And, a(), not(b()))),
        ("a + b - c", op(Sub, op(Add, a(), b()), c())),
        ("a < b + c", op(Lt, a(), op(Add, b(), c()))),
        ("(a == b) == c", op(Eq, op(Eq, a(), b()), c())),
        ("a -1", op(Sub, a(), made(ExprKind::Int(1)))),
        ("a - -1", op(Sub, a(), made(ExprKind::Int(-1)))),
        ("-1 < a", op(Lt, made(ExprKind::Int(-1)), a())),
        ("-0", made(ExprKind::Int(0))),
        ("9999999", made(ExprKind::Int(9_999_999))),
    ];
    for (text, expected) in table {
        assert_eq!(bare(text), expected, "{text}");
    }
}

#[test]
fn what_extends_to_the_right_takes_everything() {
    let table = [
        ("if a then b else c => d", "if a then b else (c => d)"),
        ("forall x in [a, b]: p => q", "forall x in [a, b]: (p => q)"),
        (
            "if a then if b then c else d else e",
            "if a then (if b then c else d) else e",
        ),
        (
            "exists x in [a]: forall v in [b]: x == v",
            "exists x in [a]: (forall v in [b]: x == v)",
        ),
    ];
    for (short, long) in table {
        assert_eq!(bare(short), bare(long), "{short}");
    }
    assert_ne!(
        bare("(if a then b else c) => d"),
        bare("if a then b else c => d")
    );
}

#[test]
fn canonical_spelling() {
    let table = [
        ("a  and(b)", "a and b"),
        ("((a))", "a"),
        ("a and (b and c)", "a and (b and c)"),
        ("(a and b) and c", "a and b and c"),
        ("(a => b) => c", "(a => b) => c"),
        ("a => (b => c)", "a => b => c"),
        ("not (a == b)", "not a == b"),
        ("(not a) == b", "(not a) == b"),
        ("not(a and b)", "not (a and b)"),
        ("a-(b-c)", "a - (b - c)"),
        ("c -1", "c - 1"),
        ("c - -1", "c - -1"),
        ("x not   in [ a,b ]", "x not in [a, b]"),
        ("not (x in [a])", "not x in [a]"),
        ("x in [(a and b), fresh(e)]", "x in [(a and b), fresh(e)]"),
        ("fresh( e , plan )", "fresh(e, plan)"),
        (
            "count(x in [a, b]: x == v) > 0",
            "count(x in [a, b]: x == v) > 0",
        ),
        (
            "(forall x in [a]: x == v) and z",
            "(forall x in [a]: x == v) and z",
        ),
        ("busy[me] or len(ch) == 0", "busy[me] or len(ch) == 0"),
        (
            "(if a then 1 else 2) + 3 < 4",
            "(if a then 1 else 2) + 3 < 4",
        ),
        ("check . result != none", "check.result != none"),
    ];
    for (written, printed) in table {
        assert_eq!(bare(written).to_string(), printed);
        assert_eq!(bare(printed), bare(written));
    }
}

/// Text with `«…»` around what an error must point at.
fn marked(text: &str) -> (String, usize, usize) {
    let start = text.find('«').expect("a mark");
    let end = text.find('»').expect("a mark") - '«'.len_utf8();
    (text.replace(['«', '»'], ""), start, end)
}

#[test]
fn errors_have_their_code_and_place() {
    let table = [
        ("a «&&» b", "TRIB-EXPR-OPERATOR"),
        ("a «||» b", "TRIB-EXPR-OPERATOR"),
        ("«!»a", "TRIB-EXPR-OPERATOR"),
        ("a «=» b", "TRIB-EXPR-OPERATOR"),
        ("a «===» b", "TRIB-EXPR-OPERATOR"),
        ("a «<>» b", "TRIB-EXPR-OPERATOR"),
        ("a «->» b", "TRIB-EXPR-OPERATOR"),
        ("a «*» 2", "TRIB-EXPR-OPERATOR"),
        ("a == «\"»pass\"", "TRIB-EXPR-OPERATOR"),
        ("a in «{»x}", "TRIB-EXPR-OPERATOR"),
        ("a «∧» b", "TRIB-EXPR-OPERATOR"),
        ("«-» 1", "TRIB-EXPR-OPERATOR"),
        ("«-»a", "TRIB-EXPR-OPERATOR"),
        ("a < b «<» c", "TRIB-EXPR-CHAIN"),
        ("a == b «==» c", "TRIB-EXPR-CHAIN"),
        ("a == b «in» [c]", "TRIB-EXPR-CHAIN"),
        ("x in [a] «not» in [b]", "TRIB-EXPR-CHAIN"),
        ("a and «if» b then c else d", "TRIB-EXPR-POSITION"),
        ("a and «forall» x in [b]: c", "TRIB-EXPR-POSITION"),
        ("not «exists» x in [b]: c", "TRIB-EXPR-POSITION"),
        ("a == «not» b", "TRIB-EXPR-POSITION"),
        ("a + «not» b", "TRIB-EXPR-POSITION"),
        (
            "if «if» a then b else c then d else e",
            "TRIB-EXPR-POSITION",
        ),
        ("a == «[»b]", "TRIB-EXPR-LIST"),
        ("«[»a]", "TRIB-EXPR-LIST"),
        ("a in [«]»", "TRIB-EXPR-SYNTAX"),
        ("a in [b «+» c]", "TRIB-EXPR-SYNTAX"),
        ("a in «b»", "TRIB-EXPR-SYNTAX"),
        ("a == «yes»", "TRIB-EXPR-WORD"),
        ("«True» and a", "TRIB-EXPR-WORD"),
        ("a < «n»", "TRIB-RESERVED"),
        ("forall «y» in [a]: b", "TRIB-RESERVED"),
        ("a == «null»", "TRIB-EXPR-WORD"),
        ("a == «any»", "TRIB-EXPR-SYNTAX"),
        ("a «b»", "TRIB-EXPR-SYNTAX"),
        ("(a«»", "TRIB-EXPR-SYNTAX"),
        ("a and«»", "TRIB-EXPR-SYNTAX"),
        ("«)»", "TRIB-EXPR-SYNTAX"),
        ("fresh(«1»)", "TRIB-EXPR-SYNTAX"),
        ("has(a«,» b)", "TRIB-EXPR-SYNTAX"),
        ("if a then b«»", "TRIB-EXPR-SYNTAX"),
        ("forall «state» in [a]: b", "TRIB-EXPR-SYNTAX"),
        ("«min»(a, b)", "TRIB-EXPR-FUNCTION"),
        ("«007»", "TRIB-EXPR-NUMBER"),
        ("a < «12345678»", "TRIB-EXPR-NUMBER"),
        ("a < «1_000»", "TRIB-EXPR-NUMBER"),
        ("a < «0x1F»", "TRIB-EXPR-NUMBER"),
        ("a < «1.5»", "TRIB-EXPR-NUMBER"),
        ("a «@» b", "TRIB-EXPR-CHARACTER"),
        ("«_a»", "TRIB-NAME"),
        ("«größe» > 1", "TRIB-NAME"),
        ("«»", "TRIB-EXPR-EMPTY"),
    ];
    for (text, code) in table {
        let (text, start, end) = marked(text);
        let (error, span) = parse(&text, Place::Exact(SourceId(0), 0)).expect_err(&text);
        assert_eq!(error.code(), code, "{text}: {error}");
        assert_eq!(
            (span.start as usize, (span.start + span.len) as usize),
            (start, end),
            "{text}: {error}"
        );
    }
}

#[test]
fn limits_hold_without_overflow() {
    let code = |text: &str| {
        parse(text, Place::Exact(SourceId(0), 0))
            .map(drop)
            .map_err(|(e, _)| e.code())
    };
    let limit = Err("TRIB-EXPR-LIMIT");
    let parens = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(code(&parens(63)), Ok(()));
    assert_eq!(code(&parens(64)), limit);
    assert_eq!(code(&"(".repeat(4096)), limit);
    assert_eq!(code(&"(".repeat(100_000)), limit);
    assert_eq!(code(&format!("{}a", "not ".repeat(500))), limit);
    assert_eq!(code(&format!("{}a", "a => ".repeat(500))), limit);
    assert_eq!(code(&format!("{}a", "if a then ".repeat(300))), limit);
    assert_eq!(code(&format!("{}a", "a+".repeat(499))), Ok(()));
    assert_eq!(code(&format!("{}a", "a+".repeat(500))), limit);
    assert_eq!(code(&format!("a{}", " ".repeat(4096))), limit);
}

/// The direct parts of an expression.
fn parts(e: &Expr) -> Vec<&Expr> {
    match &e.kind {
        ExprKind::Not(a) | ExprKind::Index(_, a) => vec![a],
        ExprKind::Binary(_, a, b) => vec![a, b],
        ExprKind::In { item, list, .. } => std::iter::once(&**item).chain(list).collect(),
        ExprKind::Quantified { domain, body, .. } => match domain {
            ExprDomain::List(items) => items.iter().chain([&**body]).collect(),
            ExprDomain::Actor(_) => vec![body],
        },
        ExprKind::If(a, b, c) => vec![a, b, c],
        _ => Vec::new(),
    }
}

/// Every node's place is a text that, read where it stands, gives that node.
fn check_places(text: &str, e: &Expr) {
    let span = e.span;
    let slice = &text[span.start as usize..(span.start + span.len) as usize];
    assert_eq!(
        parse(slice, Place::Exact(SourceId(0), span.start)).as_ref(),
        Ok(e),
        "{slice} in {text}"
    );
    for part in parts(e) {
        check_places(text, part);
    }
}

#[test]
fn places_are_exact_in_a_longer_text() {
    let text = "not (a or b.c) => forall x in [-1, (v)]: if x == c -1 then fresh(e, p) else count(z in D: w[me]) >= 2";
    let e = read(text.strip_prefix("not (a or b.c) => ").unwrap());
    check_places(
        "forall x in [-1, (v)]: if x == c -1 then fresh(e, p) else count(z in D: w[me]) >= 2",
        &e,
    );
    let e = read("not (a or b.c) => (  has(e)  )");
    check_places("not (a or b.c) => (  has(e)  )", &e);
}

fn any_name() -> impl Strategy<Value = Spanned<Name>> {
    prop::sample::select(vec![
        "a", "rounds", "check", "Draft", "x1", "inside", "nota",
    ])
    .prop_map(name)
}

fn any_list(item: impl Strategy<Value = Expr>) -> impl Strategy<Value = Vec<Expr>> {
    prop::collection::vec(item, 1..4)
}

fn any_leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        (-9_999_999_i64..=9_999_999).prop_map(ExprKind::Int),
        any::<bool>().prop_map(ExprKind::Bool),
        Just(ExprKind::None),
        Just(ExprKind::Terminal),
        Just(ExprKind::State),
        Just(ExprKind::Me),
        any_name().prop_map(|n| ExprKind::Name(n.value)),
        (any_name(), any_name()).prop_map(|(a, b)| ExprKind::Field(a, b)),
        (any_name(), prop::option::of(any_name())).prop_map(|(a, b)| ExprKind::Fresh(a, b)),
        (any_name(), prop::option::of(any_name())).prop_map(|(a, b)| ExprKind::Stale(a, b)),
        any_name().prop_map(ExprKind::Has),
        any_name().prop_map(ExprKind::Len),
    ]
    .prop_map(made)
}

fn any_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::{Add, And, Eq, Ge, Gt, Implies, Le, Lt, Ne, Or, Sub};
    prop::sample::select(vec![Implies, Or, And, Eq, Ne, Lt, Le, Gt, Ge, Add, Sub])
}

fn any_expr() -> impl Strategy<Value = Expr> {
    any_leaf().prop_recursive(6, 40, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let domain = prop_oneof![
            any_list(inner.clone()).prop_map(ExprDomain::List),
            any_name().prop_map(ExprDomain::Actor),
        ];
        let quantifier = prop::sample::select(vec![Quantifier::Forall, Quantifier::Exists, Quantifier::Count]);
        prop_oneof![
            2 => boxed().prop_map(ExprKind::Not),
            6 => (any_op(), boxed(), boxed()).prop_map(|(o, a, b)| ExprKind::Binary(o, a, b)),
            1 => (any_name(), boxed()).prop_map(|(n, i)| ExprKind::Index(n, i)),
            2 => (boxed(), any_list(inner.clone()), any::<bool>())
                .prop_map(|(item, list, negated)| ExprKind::In { item, list, negated }),
            2 => (quantifier, any_name(), domain, boxed())
                .prop_map(|(quantifier, var, domain, body)| ExprKind::Quantified { quantifier, var, domain, body }),
            2 => (boxed(), boxed(), boxed()).prop_map(|(c, a, b)| ExprKind::If(c, a, b)),
        ]
        .prop_map(made)
    })
}

/// A spelling with parentheses around everything, to compare the canonical one with.
fn loud(e: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(loud).collect::<Vec<_>>().join(" ,");
    let inner = match &e.kind {
        ExprKind::Not(a) => format!("not{}", loud(a)),
        ExprKind::Binary(op, a, b) => format!("{}{}{}", loud(a), op.spelling(), loud(b)),
        ExprKind::In {
            item,
            list: items,
            negated,
        } => {
            format!(
                "{}{}in[{}]",
                loud(item),
                if *negated { "not " } else { "" },
                list(items)
            )
        }
        ExprKind::Quantified {
            quantifier,
            var,
            domain,
            body,
        } => {
            let domain = match domain {
                ExprDomain::List(items) => format!("[{}]", list(items)),
                ExprDomain::Actor(actor) => actor.value.to_string(),
            };
            let rest = format!("{} in\n{domain} :{}", var.value, loud(body));
            match quantifier {
                Quantifier::Forall => format!("forall {rest}"),
                Quantifier::Exists => format!("exists {rest}"),
                Quantifier::Count => format!("count({rest})"),
            }
        }
        ExprKind::If(c, a, b) => format!("if{}then{}else{}", loud(c), loud(a), loud(b)),
        ExprKind::Index(n, i) => format!("{} [ {}]", n.value, loud(i)),
        _ => format!("\t{e} "),
    };
    format!("({inner})")
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_the_same(e in any_expr()) {
        let printed = e.to_string();
        prop_assert_eq!(bare(&printed), e.clone());
        prop_assert_eq!(bare(&loud(&e)), e);
        check_places(&printed, &read(&printed));
    }

    #[test]
    fn no_text_panics(text in "[a-z0-9 ()\\[\\],.:=<>!+&|-]{0,40}|\\PC{0,20}") {
        if let Err((_, span)) = parse(&text, Place::Exact(SourceId(0), 0)) {
            prop_assert!(text.get(span.start as usize..(span.start + span.len) as usize).is_some());
        }
    }
}
