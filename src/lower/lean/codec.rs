//! One natural number per state, so that the kernel can look states up fast: `code`, `decode`, and the theorem that they fit.

use std::fmt::Write;

use super::definitions::{GroundAction, assigned, range_tests};
use super::names;
use super::term::Scope;
use crate::ir::{Cell, Domain, TermKind, Value};
use crate::model::{CellDecl, Command, Slot, System, Update};

/// `typed`, `code`, `decode` and `decode_code`; `None` when the codes take more than 128 bits.
#[must_use]
pub fn codec(system: &System) -> Option<String> {
    let mut out = String::new();
    let cells = fields(system)?;
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
    let mut fields = vec!["phase := p".to_owned()];
    fields.extend(cells.iter().map(|c| format!("{} := {}", c.name, c.read())));
    let _ = writeln!(out, "  {{ {} }}\n", fields.join("\n    "));
    round_trip(&mut out, &cells);
    Some(out)
}

/// The theorem that a state is read back from its code: digit by digit, each from what is left of the code at its weight.
fn round_trip(out: &mut String, cells: &[Field]) {
    let _ = writeln!(
        out,
        "theorem decode_code (s : State) (h : typed s = true) : decode s.phase (code s) = s := by"
    );
    let mut typed = "h".to_owned();
    let mut facts = vec!["decode".to_owned()];
    let _ = writeln!(out, "  have d0 := unpack_start (code s)");
    for (i, c) in cells.iter().enumerate() {
        let hypothesis = format!("(and_fst _ _ {typed})");
        if c.range.is_some() {
            typed = format!("(and_snd _ _ {typed})");
        }
        let weight = c.weight;
        let above = weight.saturating_mul(c.width);
        let bound = c.bound.replace("%h", &hypothesis);
        let _ = writeln!(
            out,
            "  have b{i} : {} < nat_lit {} := {bound}",
            c.code, c.width
        );
        if c.bit {
            let _ = writeln!(
                out,
                "  have f{i} : {} = s.{} := unpack_bit _ _ _ _ _ d{i} rfl rfl",
                c.read_of("(code s)"),
                c.name
            );
            facts.push(format!("f{i}"));
        } else {
            let _ = writeln!(
                out,
                "  have f{i} := unpack_digit (code s) (nat_lit {weight}) (nat_lit {}) {} _ d{i} b{i}",
                c.width, c.code
            );
            facts.push(format!("f{i}"));
            facts.push(c.round_trip.replace("%h", &hypothesis));
        }
        let _ = writeln!(
            out,
            "  have d{} := unpack_next _ _ _ (nat_lit {above}) _ _ d{i} b{i} rfl",
            i + 1
        );
    }
    let _ = writeln!(out, "  simp only [{}]\n", facts.join(", "));
}

/// How a code and the ranges change with an action: `moved'a`, and `stays'a` for what must be asked of each state.
#[must_use]
pub fn moves(system: &System, actions: &[GroundAction]) -> Option<String> {
    let cells = fields(system)?;
    let mut out = String::new();
    for a in actions {
        let command = system.command(a.command)?;
        moved(&mut out, system, &cells, a, command);
        stays(&mut out, system, &cells, a, command);
    }
    Some(out)
}

/// The code after an action, from the code before.
fn moved(
    out: &mut String,
    system: &System,
    cells: &[Field],
    action: &GroundAction,
    command: &Command,
) {
    let n = &action.name;
    let (mut goes, mut comes) = (Vec::new(), Vec::new());
    let mut proof = String::new();
    for c in cells {
        let above = c.weight.saturating_mul(c.width);
        let Some(update) = command.updates.iter().find(|u| u.slot == c.slot) else {
            let _ = write!(proof, "(moved_skip _ _ (nat_lit {above}) _ _ _ _ _ rfl ");
            continue;
        };
        let Some((new, constant)) = new_digit(system, action, c, update) else {
            continue;
        };
        let (old, old_proof) = c.weighed(&format!("s.{}", c.name));
        goes.push(old);
        match constant {
            Some(0) => {
                let _ = write!(
                    proof,
                    "(moved_clear _ _ (nat_lit {above}) _ _ _ _ _ _ _ rfl {old_proof} rfl "
                );
            }
            Some(digit) => {
                comes.push(format!(
                    "(nat_lit {})",
                    c.weight.saturating_mul(u128::from(digit))
                ));
                let _ = write!(
                    proof,
                    "(moved_put _ _ (nat_lit {above}) _ _ _ _ _ _ _ _ rfl {old_proof} rfl "
                );
            }
            None => {
                let (new, new_proof) = c.weighed(&new);
                comes.push(new);
                let _ = write!(
                    proof,
                    "(moved_put _ _ (nat_lit {above}) _ _ _ _ _ _ _ _ rfl {old_proof} {new_proof} "
                );
            }
        }
    }
    if goes.is_empty() {
        let _ = writeln!(
            out,
            "def moved'{n} (_ : State) (n : Nat) : Nat := n\n\
             theorem moved'{n}'code (s : State) : code (effect'{n} s) = moved'{n} s (code s) := by\n  \
             simp only [code, effect'{n}, moved'{n}]"
        );
        return;
    }
    let _ = writeln!(
        out,
        "def moved'{n} (s : State) (n : Nat) : Nat :=\n  Nat.sub (Nat.add n {}) {}\n\
         theorem moved'{n}'code (s : State) : code (effect'{n} s) = moved'{n} s (code s) :=\n  \
         moved_of (code (effect'{n} s)) (code s) _ _ {proof}(moved_end _ _){}",
        sum(&comes),
        sum(&goes),
        ")".repeat(cells.len())
    );
}

fn sum(parts: &[String]) -> String {
    parts.iter().rev().fold("(nat_lit 0)".to_owned(), |acc, p| {
        format!("(Nat.add {p} {acc})")
    })
}

/// The value that an update gives a field, and its digit where that is the same in every state.
fn new_digit(
    system: &System,
    action: &GroundAction,
    field: &Field,
    update: &Update,
) -> Option<(String, Option<u64>)> {
    let cell = system.cell(field.slot)?;
    let scope = Scope {
        system,
        choices: &action.choices,
    };
    let digit = constant(action, update).and_then(|v| digit(cell, v));
    Some((assigned(scope, cell, &update.value).to_string(), digit))
}

/// The value that an update assigns where that is the same in every state.
fn constant(action: &GroundAction, update: &Update) -> Option<Value> {
    match &update.value.kind {
        TermKind::Lit(v) => Some(*v),
        TermKind::Choice(c) => action.choices.get(c.ix()).copied(),
        TermKind::Read(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => None,
    }
}

/// The name of what has to be asked of each state for an action to keep integers in their ranges, besides `inRange`.
#[must_use]
pub fn stays_name(system: &System, action: &GroundAction) -> String {
    let known = fields(system)
        .zip(system.command(action.command))
        .is_some_and(|(cells, command)| kept_ranges(system, &cells, action, command).is_some());
    if known {
        "anyState".to_owned()
    } else {
        format!("stays'{}", action.name)
    }
}

/// The theorem that an action keeps integers in their ranges; where it does not follow, the question put to each state.
fn stays(
    out: &mut String,
    system: &System,
    cells: &[Field],
    action: &GroundAction,
    command: &Command,
) {
    let n = &action.name;
    let (name, proof) = match kept_ranges(system, cells, action, command) {
        Some(parts) => (
            "anyState".to_owned(),
            parts.iter().rev().fold("rfl".to_owned(), |acc, p| {
                format!("(and_both _ _ {p} {acc})")
            }),
        ),
        None => {
            let _ = writeln!(
                out,
                "def stays'{n} (s : State) : Bool := typed (effect'{n} s)"
            );
            (format!("stays'{n}"), "t".to_owned())
        }
    };
    let _ = writeln!(
        out,
        "theorem stays'{n}'typed (s : State) (h : typed s = true) (r : inRange'{n} s = true) (t : {name} s = true) :\n    \
         typed (effect'{n} s) = true := {proof}"
    );
}

/// For each integer cell a proof that it stays in its range; `None` where some does not follow from what the action asks.
fn kept_ranges(
    system: &System,
    cells: &[Field],
    action: &GroundAction,
    command: &Command,
) -> Option<Vec<String>> {
    let tests = range_tests(system, action, command);
    let mut typed = "h".to_owned();
    let mut parts = Vec::new();
    for c in cells.iter().filter(|c| c.range.is_some()) {
        let before = format!("(and_fst _ _ {typed})");
        typed = format!("(and_snd _ _ {typed})");
        let Some(update) = command.updates.iter().find(|u| u.slot == c.slot) else {
            parts.push(before);
            continue;
        };
        let cell = system.cell(c.slot)?;
        if constant(action, update).is_some_and(|v| digit(cell, v).is_some()) {
            let scope = Scope {
                system,
                choices: &action.choices,
            };
            let value = assigned(scope, cell, &update.value).to_string();
            let test = c.range_of(&value)?;
            parts.push(format!("(show {test} = true by decide)"));
            continue;
        }
        let place = tests.iter().position(|t| t.slot == c.slot && t.plain)?;
        let rest = format!("{}r{}", "(and_snd _ _ ".repeat(place), ")".repeat(place));
        parts.push(if place + 1 == tests.len() {
            rest
        } else {
            format!("(and_fst _ _ {rest})")
        });
    }
    Some(parts)
}

/// The fields that are coded, with their weights; `None` when the weights do not fit.
fn fields(system: &System) -> Option<Vec<Field>> {
    let mut weight = 1u128;
    let mut all = Vec::new();
    for cell in coded(system) {
        let field = Field::of(system, cell, weight)?;
        weight = weight.checked_mul(field.width)?;
        all.push(field);
    }
    Some(all)
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
            acc.checked_mul(width(cell))?
                .checked_add(u128::from(digit(cell, *value)?))
        })
}

/// The number of a value among those of its cell; `None` when it is not one of them.
fn digit(cell: &CellDecl, value: Value) -> Option<u64> {
    match value {
        Value::None => cell.optional.then_some(0),
        Value::Bool(_) | Value::Int(_) | Value::Enum(_) => cell
            .domain
            .position(value)?
            .checked_add(u64::from(cell.optional)),
    }
}

/// How many values a cell has, `none` included.
fn width(cell: &CellDecl) -> u128 {
    u128::from(cell.domain.size()) + u128::from(cell.optional)
}

/// How one field is coded. `%n` stands for its digit, `%h` for the proof that it is in range.
struct Field {
    slot: Slot,
    name: String,
    /// Whether it is a boolean that is never absent, which is read with fewer steps.
    bit: bool,
    weight: u128,
    width: u128,
    code: String,
    /// The digit of the value `%x`.
    encode: String,
    decode: String,
    range: Option<String>,
    bound: String,
    round_trip: String,
}

impl Field {
    /// The test that an integer is in this field's range.
    fn range_of(&self, value: &str) -> Option<String> {
        let own = format!("s.{}", self.name);
        Some(format!(
            "{}{value}",
            self.range.as_deref()?.strip_suffix(&own)?
        ))
    }

    /// Reads the value from the code `n`.
    fn read(&self) -> String {
        self.read_of("n")
    }

    fn read_of(&self, code: &str) -> String {
        let weight = self.weight;
        if self.bit {
            let above = weight.saturating_mul(2);
            return format!("bitAt (nat_lit {weight}) (nat_lit {above}) {code}");
        }
        let digit = format!(
            "(Nat.mod (Nat.div {code} (nat_lit {weight})) (nat_lit {}))",
            self.width
        );
        self.decode.replace("%n", &digit)
    }

    /// What a value weighs in the code, and the proof that this is its digit times the weight.
    fn weighed(&self, value: &str) -> (String, String) {
        let weight = self.weight;
        if self.bit {
            return (
                format!("(pick {value} (nat_lit {weight}) (nat_lit 0))"),
                format!("(bit_weight (nat_lit {weight}) {value})"),
            );
        }
        let digit = self.encode.replace("%x", value);
        (
            format!("(Nat.mul (nat_lit {weight}) {digit})"),
            "rfl".to_owned(),
        )
    }

    fn of(system: &System, cell: &CellDecl, weight: u128) -> Option<Self> {
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
        let (encoded, decode) = if cell.optional {
            (
                format!("(optCode {encode} %x)"),
                format!("(optDecode {decode} %n)"),
            )
        } else {
            (format!("({encode} %x)"), format!("({decode} %n)"))
        };
        let code = encoded.replace("%x", &x);
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
        Some(Self {
            slot: system.slot(cell.cell)?,
            bit: cell.domain == Domain::Bool && !cell.optional,
            weight,
            encode: encoded,
            name,
            width,
            code,
            decode,
            range,
            bound,
            round_trip,
        })
    }
}

fn decode_function(ty: &str) -> String {
    if ty == "Bool" {
        "boolDecode".to_owned()
    } else {
        format!("{ty}.decode")
    }
}
