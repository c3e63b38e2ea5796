//! One natural number per state, so that the kernel can look states up fast: `code`, `decode`, and the theorem that they fit.

use std::fmt::Write;

use super::names;
use crate::ir::{Cell, Domain, Value};
use crate::model::{CellDecl, System};

/// `typed`, `code`, `decode` and `decode_code`.
#[must_use]
pub fn codec(system: &System) -> String {
    let mut out = String::new();
    let cells: Vec<Field> = coded(system).map(|c| Field::of(system, c)).collect();
    let ranges: Vec<&str> = cells.iter().filter_map(|c| c.range.as_deref()).collect();
    let typed = ranges
        .iter()
        .rev()
        .fold("true".to_owned(), |acc, r| format!("({r} && {acc})"));
    let _ = writeln!(
        out,
        "/-- Every integer lies in its range. -/\ndef typed (s : State) : Bool := {typed}\n"
    );
    let code = cells.iter().rev().fold("(nat_lit 0)".to_owned(), |acc, c| {
        format!("(Nat.add {} (Nat.mul (nat_lit {}) {acc}))", c.code, c.width)
    });
    let _ = writeln!(out, "def code (s : State) : Nat := {code}\n");
    let _ = writeln!(out, "def decode (p : Phase) (n : Nat) : State :=");
    let mut rest = "n".to_owned();
    let mut fields = vec!["phase := p".to_owned()];
    for c in &cells {
        fields.push(format!(
            "{} := {}",
            c.name,
            c.decode
                .replace("%n", &format!("(Nat.mod {rest} (nat_lit {}))", c.width))
        ));
        rest = format!("(Nat.div {rest} (nat_lit {}))", c.width);
    }
    let _ = writeln!(out, "  {{ {} }}\n", fields.join("\n    "));
    let _ = writeln!(
        out,
        "theorem decode_code (s : State) (h : typed s = true) : decode s.phase (code s) = s := by"
    );
    let _ = writeln!(out, "  simp only [typed, Bool.and_eq_true] at h");
    let mut path = "h".to_owned();
    let mut rewrites = Vec::new();
    for (i, c) in cells.iter().enumerate() {
        let bound = if c.range.is_some() {
            let hypothesis = format!("{path}.1");
            path.push_str(".2");
            rewrites.push(c.round_trip.replace("%h", &hypothesis));
            c.bound.replace("%h", &hypothesis)
        } else {
            rewrites.push(c.round_trip.clone());
            c.bound.clone()
        };
        let _ = writeln!(
            out,
            "  have b{i} : {} < nat_lit {} := {bound}",
            c.code, c.width
        );
    }
    for i in 0..cells.len() {
        rewrites.push(format!("unpack_mod _ _ _ b{i}"));
        rewrites.push(format!("unpack_div _ _ _ b{i}"));
    }
    let _ = writeln!(out, "  simp only [decode, code, {}]\n", rewrites.join(", "));
    out
}

/// The cells that are coded: all but the control state, which picks the tree.
fn coded(system: &System) -> impl DoubleEndedIterator<Item = &CellDecl> {
    system.cells.iter().filter(|c| c.cell != Cell::State)
}

/// The number that `code` gives to a state, its control state left out; `None` when it does not fit (more than 128 bits) or a value is out of its domain.
#[must_use]
pub fn code_of(system: &System, state: &[Value]) -> Option<u128> {
    let pairs: Vec<_> = system
        .cells
        .iter()
        .zip(state)
        .filter(|(c, _)| c.cell != Cell::State)
        .collect();
    pairs
        .into_iter()
        .rev()
        .try_fold(0u128, |acc, (cell, value)| {
            let digit = match value {
                Value::None => 0,
                Value::Bool(_) | Value::Int(_) | Value::Enum(_) => {
                    u128::from(cell.domain.position(*value)?) + u128::from(cell.optional)
                }
            };
            acc.checked_mul(width(cell))?.checked_add(digit)
        })
}

/// How many values a cell has, `none` included.
fn width(cell: &CellDecl) -> u128 {
    u128::from(cell.domain.size()) + u128::from(cell.optional)
}

/// How one field is coded. `%n` stands for its digit, `%h` for the proof that it is in range.
struct Field {
    name: String,
    width: u128,
    code: String,
    decode: String,
    range: Option<String>,
    bound: String,
    round_trip: String,
}

impl Field {
    fn of(system: &System, cell: &CellDecl) -> Self {
        let name = names::field(system, cell.cell);
        let x = format!("s.{name}");
        let ty = names::type_name(cell.domain);
        let (encode, decode, lt, fit) = match cell.domain {
            Domain::Bool => (
                "boolCode".into(),
                "boolDecode".into(),
                "boolCode_lt".into(),
                "boolDecode_code".into(),
            ),
            Domain::Int { lo, .. } => (
                format!("(intCode ({lo}))"),
                format!("(intDecode ({lo}))"),
                String::new(),
                String::new(),
            ),
            Domain::Enum { .. } | Domain::State { .. } => (
                format!("{ty}.code"),
                format!("{ty}.decode"),
                format!("{ty}.code_lt"),
                format!("{ty}.decode_code"),
            ),
        };
        let (code, decode) = if cell.optional {
            (
                format!("(optCode {encode} {x})"),
                format!("(optDecode {decode} %n)"),
            )
        } else {
            (format!("({encode} {x})"), format!("({decode} %n)"))
        };
        let width = width(cell);
        let (range, bound, round_trip) = match (cell.domain, cell.optional) {
            (Domain::Int { lo, hi }, false) => (
                Some(format!("intIn ({lo}) ({hi}) {x}")),
                format!("intCode_lt ({lo}) ({hi}) {x} (nat_lit {width}) (by decide) %h"),
                format!("intDecode_code ({lo}) ({hi}) {x} %h"),
            ),
            (Domain::Int { lo, hi }, true) => (
                Some(format!("optIntIn ({lo}) ({hi}) {x}")),
                format!(
                    "optIntCode_lt ({lo}) ({hi}) {x} (nat_lit {}) (by decide) %h",
                    width.saturating_sub(1)
                ),
                format!("optIntDecode_code ({lo}) ({hi}) {x} %h"),
            ),
            (Domain::Bool | Domain::Enum { .. } | Domain::State { .. }, false) => {
                (None, format!("{lt} {x}"), format!("{fit} {x}"))
            }
            (Domain::Bool | Domain::Enum { .. } | Domain::State { .. }, true) => (
                None,
                format!(
                    "optCode_lt {encode} (nat_lit {}) {lt} {x}",
                    width.saturating_sub(1)
                ),
                format!(
                    "optDecode_code {encode} {decode_fn} {fit} {x}",
                    decode_fn = decode_function(&ty)
                ),
            ),
        };
        Self {
            name,
            width,
            code,
            decode,
            range,
            bound,
            round_trip,
        }
    }
}

fn decode_function(ty: &str) -> String {
    if ty == "Bool" {
        "boolDecode".to_owned()
    } else {
        format!("{ty}.decode")
    }
}
