//! Tests of the tree of a YAML file.

use super::*;
use crate::finding::Diagnostic;
use crate::ir::{SourceId, Sources, Span};
use crate::syntax::expr::Place;

fn tree(text: &str) -> Node {
    scan(SourceId(0), text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
}

fn slice(text: &str, span: Span) -> String {
    let mut sources = Sources::default();
    sources.add("file", text);
    sources.text(span).to_owned()
}

/// The value of the only key.
fn value(text: &str) -> Node {
    match tree(text).kind {
        NodeKind::Map(mut entries) => entries.remove(0).value,
        other => panic!("{other:?}"),
    }
}

fn scalar(node: &Node) -> &Scalar {
    match &node.kind {
        NodeKind::Scalar(scalar) => scalar,
        other => panic!("{other:?}"),
    }
}

#[test]
fn scalars_mean_what_the_core_schema_says() {
    use Meaning::{Bool, Float, Int, Null, Text};
    let table = [
        ("null", Null),
        ("Null", Null),
        ("NULL", Null),
        ("~", Null),
        ("", Null),
        ("nUll", Text),
        ("true", Bool(true)),
        ("True", Bool(true)),
        ("TRUE", Bool(true)),
        ("tRue", Text),
        ("false", Bool(false)),
        ("False", Bool(false)),
        ("FALSE", Bool(false)),
        ("yes", Text),
        ("no", Text),
        ("on", Text),
        ("off", Text),
        ("y", Text),
        ("n", Text),
        ("0", Int),
        ("-0", Int),
        ("+12", Int),
        ("007", Int),
        ("0o17", Int),
        ("0xfF", Int),
        ("0o8", Text),
        ("0o", Text),
        ("0x", Text),
        ("0xg", Text),
        ("-0x1", Text),
        ("0b1", Text),
        ("1_000", Text),
        ("1.0", Float),
        ("1.", Float),
        (".5", Float),
        ("-1e3", Float),
        ("1E-3", Float),
        ("1.5e+3", Float),
        (".inf", Float),
        ("-.INF", Float),
        ("+.Inf", Float),
        (".nan", Float),
        (".NaN", Float),
        ("-.nan", Text),
        (".", Text),
        ("e3", Text),
        ("1e", Text),
        ("1.2.3", Text),
        ("12:30", Text),
        ("2026-11-21", Text),
    ];
    for (text, meaning) in table {
        assert_eq!(
            scalar(&value(&format!("a: {text}\n"))).meaning(),
            meaning,
            "{text}"
        );
        assert_eq!(
            scalar(&value(&format!("a: '{text}'\n"))).meaning(),
            Text,
            "'{text}'"
        );
    }
}

#[test]
fn places_are_exact_where_the_file_has_the_text_verbatim() {
    let exact = [
        ("a: b c  # d\n", "b c"),
        ("a: \"b # c\"\n", "b # c"),
        ("a: 'b: c'\n", "b: c"),
        ("{a: b c , d: e}\n", "b c"),
        ("ü: größe\n", "größe"),
        ("a:\n  b\n", "b"),
        ("a: \"\"\n", ""),
        ("\u{feff}a: b\n", "b"),
        ("a: b\r\n", "b"),
    ];
    for (text, inside) in exact {
        let node = value(text);
        let scalar = scalar(&node);
        assert_eq!(scalar.text, inside, "{text}");
        assert!(matches!(scalar.place, Place::Exact(..)), "{text}");
        assert_eq!(slice(text, scalar.span()), inside, "{text}");
    }
    let whole = [
        ("a: \"b\\tc\"\n", "b\tc", "\"b\\tc\""),
        ("a: 'it''s'\n", "it's", "'it''s'"),
        ("a: b\n  c\nd: e\n", "b c", "b\n  c"),
        ("a: \"b\n  c\"\n", "b c", "\"b\n  c\""),
    ];
    for (text, inside, written) in whole {
        let node = value(text);
        let scalar = scalar(&node);
        assert_eq!(scalar.text, inside, "{text}");
        assert!(matches!(scalar.place, Place::Whole(_)), "{text}");
        assert_eq!(slice(text, scalar.span()), written, "{text}");
    }
    for text in ["a: |\n  b\n", "a: >-\n  b\n  c\n", "a: |-\n  b\nd: e\n"] {
        let node = value(text);
        assert!(matches!(scalar(&node).place, Place::Whole(_)), "{text}");
        assert!(slice(text, node.span).contains('b'), "{text}");
        assert!(!slice(text, node.span).contains('d'), "{text}");
    }
}

#[test]
fn collections_cover_what_is_in_them() {
    let table = [
        ("a: [b, c] # d\n", "[b, c]"),
        ("a: {b: c}\n", "{b: c}"),
        ("a: []\n", "[]"),
        ("a:\n- b\n- c\n\n# d\n", "- b\n- c"),
        (
            "a:\n  - b\n  - c: d\n    e: f\nz: g\n",
            "- b\n  - c: d\n    e: f",
        ),
        ("a:\n  b: c\n  d: {e: f}\nz: g\n", "b: c\n  d: {e: f}"),
    ];
    for (text, written) in table {
        assert_eq!(slice(text, value(text).span), written, "{text}");
    }
}

#[test]
fn what_is_inside_brackets_knows_it() {
    let flow = |text: &str| scalar(&value(text)).flow;
    assert!(!flow("a: b\n"));
    assert!(flow("{a: b}\n"));
    let NodeKind::List(items) = value("a:\n  - [b]\n  - c\n").kind else {
        panic!("a list")
    };
    let NodeKind::List(inner) = &items[0].kind else {
        panic!("a list")
    };
    assert!(scalar(&inner[0]).flow);
    assert!(!scalar(&items[1]).flow);
}

fn codes(errors: &[Diagnostic]) -> Vec<&'static str> {
    errors.iter().map(|d| d.code).collect()
}

#[test]
fn what_the_format_leaves_out_is_reported_together() {
    let text = "a: &x b\nc: *x\nd: !t e\n<<: f\na: g\n";
    let errors = scan(SourceId(0), text).unwrap_err();
    assert_eq!(
        codes(&errors),
        [
            "TRIB-ANCHOR",
            "TRIB-ANCHOR",
            "TRIB-TAG",
            "TRIB-MERGE-KEY",
            "TRIB-DUPLICATE-KEY"
        ]
    );
    let places: Vec<_> = errors.iter().map(|d| slice(text, d.labels[0].0)).collect();
    assert_eq!(places, ["&x", "*x", "!t", "<<", "a"]);
}

#[test]
fn keys_are_scalars_and_differ() {
    let refused = |text: &str| codes(&scan(SourceId(0), text).unwrap_err());
    assert_eq!(refused("[a]: b\n"), ["TRIB-SHAPE"]);
    assert_eq!(refused("{a: b}: c\n"), ["TRIB-SHAPE"]);
    assert_eq!(refused("~: c\n"), ["TRIB-SHAPE"]);
    assert_eq!(refused(": c\n"), ["TRIB-SHAPE"]);
    assert_eq!(refused("a: b\n'a': c\n"), ["TRIB-DUPLICATE-KEY"]);
    assert_eq!(refused("a: b\n\"\\x61\": c\n"), ["TRIB-DUPLICATE-KEY"]);
}
