//! The definitions module: types, state, actions, guards, effects, reachability. What a reader reads first.

use std::fmt::Write;

use super::ast::{Lean, comment};
use super::names;
use super::term::{Scope, cell_type};
use crate::ir::{Domain, EnumId, StateId, Term, Value};
use crate::model::{CellDecl, Command, CommandIx, Slot, System, choice_tuples};

/// A command with values for its choices: one constructor of `Action`.
#[derive(Debug, Clone)]
pub struct GroundAction {
    /// The command.
    pub command: CommandIx,
    /// The values of its choices.
    pub choices: Vec<Value>,
    /// The constructor, without its type.
    pub name: String,
}

/// All actions of a system, by command, then by choices.
#[must_use]
pub fn ground_actions(system: &System) -> Vec<GroundAction> {
    system
        .commands()
        .flat_map(|(ix, command)| {
            choice_tuples(command).map(move |choices| GroundAction {
                command: ix,
                name: names::action(system, command, &choices),
                choices,
            })
        })
        .collect()
}

/// The types, the state, the actions and what they do.
#[must_use]
pub fn definitions(system: &System, actions: &[GroundAction]) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "-- Workflow {}, version {}.",
        system.id, system.version
    );
    let _ = writeln!(out, "-- Goal: {}\n", comment(&system.goal));
    let states: Vec<String> = system
        .symbols
        .states
        .iter()
        .map(|s| format!("{}'", s.name))
        .collect();
    enumeration(&mut out, "Phase", &states);
    for (i, e) in system.symbols.enums.iter().enumerate() {
        let values: Vec<String> = e.values.iter().map(|v| format!("{v}'")).collect();
        enumeration(
            &mut out,
            &names::enum_type(EnumId(u16::try_from(i).unwrap_or(u16::MAX))),
            &values,
        );
    }
    out.push_str(PHASES);
    state(&mut out, system);
    let _ = writeln!(out, "inductive Action where");
    for a in actions {
        let _ = writeln!(out, "  | {}", a.name);
    }
    let phases: Vec<String> = states.iter().map(|s| format!("Phase.{s}")).collect();
    let _ = writeln!(
        out,
        "\ndef allPhases : List Phase := [{}]",
        phases.join(", ")
    );
    let _ = writeln!(
        out,
        "theorem allPhases_complete (p : Phase) : p ∈ allPhases := by cases p <;> simp [allPhases]"
    );
    out.push('\n');
    let terminal: Vec<Lean> = (0u16..)
        .map(StateId)
        .zip(&system.terminal)
        .filter(|(_, terminal)| **terminal)
        .map(|(s, _)| {
            Lean::App(
                "Phase.same",
                vec![Lean::name("s.phase"), Lean::name(names::phase(system, s))],
            )
        })
        .collect();
    let _ = writeln!(
        out,
        "def isTerminal (s : State) : Bool := {}\n",
        Lean::join("||", terminal, false)
    );
    for a in actions {
        if let Some(command) = system.command(a.command) {
            let from: Vec<String> = command
                .from
                .iter()
                .map(|s| names::phase(system, *s))
                .collect();
            let _ = writeln!(
                out,
                "def leaving'{} : List Phase := [{}]",
                a.name,
                from.join(", ")
            );
            let _ = writeln!(
                out,
                "def when'{} (s : State) : Bool := {}",
                a.name,
                condition(system, a, command)
            );
        }
    }
    per_action(
        &mut out,
        "guard",
        "Bool",
        "When an action can fire.",
        system,
        actions,
        |a, _| {
            format!(
                "pick (isAny leaving'{n} s.phase) (when'{n} s) false",
                n = a.name
            )
        },
    );
    let stays =
        "Whether what an action assigns stays in range; a step that would not has no successor.";
    per_action(
        &mut out,
        "inRange",
        "Bool",
        stays,
        system,
        actions,
        |a, c| in_range(system, a, c).to_string(),
    );
    per_action(
        &mut out,
        "effect",
        "State",
        "The state after.",
        system,
        actions,
        |a, c| effect(system, a, c).to_string(),
    );
    out.push_str(REACHABLE);
    out
}

/// `initials`, the list of all initial states.
#[must_use]
pub fn initials(system: &System, states: &[Vec<Value>]) -> String {
    let list: Vec<String> = states
        .iter()
        .map(|s| literal(system, s).to_string())
        .collect();
    format!(
        "def initials : List State := [\n  {}]\n",
        list.join(",\n  ")
    )
}

/// A state as a literal.
#[must_use]
pub fn literal(system: &System, state: &[Value]) -> Lean {
    let scope = Scope {
        system,
        choices: &[],
    };
    let fields = system.cells.iter().zip(state).map(|(cell, value)| {
        let constant = scope.constant(cell.domain.ty(), *value);
        let value = if cell.optional && *value != Value::None {
            Lean::App("some", vec![constant])
        } else {
            constant
        };
        (names::field(system, cell.cell), value)
    });
    Lean::Struct(fields.collect())
}

/// A function of actions and states: one definition an action, and one that puts them together.
pub(super) fn per_action(
    out: &mut String,
    name: &str,
    ty: &str,
    doc: &str,
    system: &System,
    actions: &[GroundAction],
    body: impl Fn(&GroundAction, &Command) -> String,
) {
    let mut cases = String::new();
    for a in actions {
        if let Some(command) = system.command(a.command) {
            let _ = writeln!(
                out,
                "def {name}'{} (s : State) : {ty} :=\n  {}",
                a.name,
                body(a, command)
            );
            let _ = writeln!(cases, "  | .{n} => {name}'{n} s", n = a.name);
        }
    }
    let _ = writeln!(
        out,
        "/-- {doc} -/\ndef {name} (a : Action) (s : State) : {ty} :=\n  match a with\n{cases}"
    );
}

/// What a ground action asks besides the control state, as a `Bool` over `s`.
pub(super) fn condition(system: &System, action: &GroundAction, command: &Command) -> Lean {
    let scope = Scope {
        system,
        choices: &action.choices,
    };
    scope.condition(&command.guard)
}

/// A test that what an action assigns stays in range.
pub struct RangeTest {
    /// What is assigned.
    pub slot: Slot,
    /// Whether the test is just the range of the cell in the state after.
    pub plain: bool,
    /// The test, a `Bool` over `s`.
    pub test: Lean,
}

/// What has to be tested for a ground action to stay in range.
#[must_use]
pub fn range_tests(system: &System, action: &GroundAction, command: &Command) -> Vec<RangeTest> {
    let scope = Scope {
        system,
        choices: &action.choices,
    };
    let tests = command.updates.iter().filter(|u| u.checked);
    tests
        .filter_map(|u| {
            let cell = system.cell(u.slot)?;
            let (value, optional) = scope.value(&u.value);
            Some(RangeTest {
                slot: u.slot,
                plain: cell.optional || !optional,
                test: within(cell, value, optional)?,
            })
        })
        .collect()
}

/// Whether what a ground action assigns stays in range, as a `Bool` over `s`.
#[must_use]
pub fn in_range(system: &System, action: &GroundAction, command: &Command) -> Lean {
    let tests = range_tests(system, action, command);
    Lean::join("&&", tests.into_iter().map(|t| t.test).collect(), true)
}

/// Whether a value lies in a cell's domain; `None` where its type says so already.
pub(super) fn within(cell: &CellDecl, value: Lean, optional: bool) -> Option<Lean> {
    let present = Lean::Field(Box::new(value.clone()), "isSome".to_owned());
    let range = match cell.domain {
        Domain::Int { lo, hi } => {
            let test = if optional { "optIntIn" } else { "intIn" };
            Some(Lean::App(test, vec![Lean::Int(lo), Lean::Int(hi), value]))
        }
        Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => None,
    };
    match (optional && !cell.optional, range) {
        (true, Some(range)) => Some(Lean::infix("&&", present, range)),
        (true, None) => Some(present),
        (false, range) => range,
    }
}

pub(super) fn effect(system: &System, action: &GroundAction, command: &Command) -> Lean {
    let scope = Scope {
        system,
        choices: &action.choices,
    };
    let fields: Vec<(String, Lean)> = command
        .updates
        .iter()
        .filter_map(|u| {
            let cell = system.cell(u.slot)?;
            Some((
                names::field(system, cell.cell),
                assigned(scope, cell, &u.value),
            ))
        })
        .collect();
    if fields.is_empty() {
        Lean::name("s")
    } else {
        Lean::With(Box::new(Lean::name("s")), fields)
    }
}

/// The value assigned, of the cell's own Lean type. An absent value for a cell that has none keeps the old one; such a step is
/// not in range, so what stands here does not matter.
#[must_use]
pub fn assigned(scope: Scope<'_>, cell: &CellDecl, value: &Term) -> Lean {
    let (lean, optional) = scope.value(value);
    match (optional, cell.optional) {
        (true, true) | (false, false) => lean,
        (false, true) => Lean::App("some", vec![lean]),
        (true, false) => Lean::App("Option.getD", vec![lean, scope.cell(cell.cell)]),
    }
}

pub(super) fn enumeration(out: &mut String, name: &str, values: &[String]) {
    let _ = writeln!(out, "inductive {name} where");
    for v in values {
        let _ = writeln!(out, "  | {v}");
    }
    let _ = writeln!(out, "def {name}.code (x : {name}) : Nat :=\n  match x with");
    for (i, v) in values.iter().enumerate() {
        let _ = writeln!(out, "  | .{v} => nat_lit {i}");
    }
    let _ = write!(out, "def {name}.decode (n : Nat) : {name} :=\n  ");
    let last = values.len().saturating_sub(1);
    for (i, v) in values.iter().enumerate() {
        if i == last {
            let _ = writeln!(out, ".{v}");
        } else {
            let _ = write!(out, "bif Nat.beq n (nat_lit {i}) then .{v} else ");
        }
    }
    let _ = writeln!(
        out,
        "def {name}.same (x y : {name}) : Bool := Nat.beq x.code y.code"
    );
    let _ = writeln!(
        out,
        "theorem {name}.code_lt (x : {name}) : x.code < nat_lit {} := by cases x <;> decide",
        values.len()
    );
    let _ = writeln!(
        out,
        "theorem {name}.decode_code (x : {name}) : {name}.decode x.code = x := by cases x <;> rfl\n"
    );
}

pub(super) fn state(out: &mut String, system: &System) {
    out.push_str("/-- A state. Stamps are one bit an artifact: `current'e'a` says that evidence e is of the current version of a. -/\nstructure State where\n");
    for cell in &system.cells {
        let _ = writeln!(
            out,
            "  {} : {}",
            names::field(system, cell.cell),
            cell_type(cell.domain, cell.optional)
        );
    }
    out.push('\n');
}

const PHASES: &str = "\
theorem Phase.same_eq (p q : Phase) (h : Phase.same p q = true) : p = q := by
  have e : p.code = q.code := Nat.eq_of_beq_eq_true h
  exact ((Phase.decode_code p).symm.trans (congrArg Phase.decode e)).trans (Phase.decode_code q)
/-- Whether a control state is one of these. -/
def isAny (l : List Phase) (p : Phase) : Bool :=
  List.rec (motive := fun _ => Bool) false (fun q _ ih => pick (Phase.same p q) true ih) l
theorem isAny_mem (p : Phase) (l : List Phase) (h : isAny l p = true) : p ∈ l := by
  induction l with
  | nil => exact Bool.noConfusion h
  | cons q rest ih =>
    have h : pick (Phase.same p q) true (isAny rest p) = true := h
    cases hq : Phase.same p q with
    | true => rw [Phase.same_eq p q hq]; exact List.mem_cons_self
    | false => rw [hq] at h; exact List.mem_cons_of_mem _ (ih h)

";

const REACHABLE: &str = "\
/-- What can be reached by steps of allowed actions. -/
inductive ReachableBy (initials : List State) (allowed : Action → Bool) : State → Prop where
  | start (s : State) : s ∈ initials → ReachableBy initials allowed s
  | step (a : Action) (s : State) : ReachableBy initials allowed s → allowed a = true → guard a s = true →
      inRange a s = true → ReachableBy initials allowed (effect a s)
def anyAction (_ : Action) : Bool := true
/-- A run from one state to another. -/
inductive Path : State → State → Prop where
  | here (s : State) : Path s s
  | step (a : Action) (s t : State) : guard a s = true → inRange a s = true → Path (effect a s) t → Path s t
/-- What a list of actions leads to; nothing when one of them cannot fire. -/
def run (s : State) (actions : List Action) : Option State :=
  match actions with
  | [] => some s
  | a :: rest => bif guard a s && inRange a s then run (effect a s) rest else none
theorem run_reachable (initials : List State) (allowed : Action → Bool) : (actions : List Action) → (s t : State) →
    actions.all allowed = true → ReachableBy initials allowed s → run s actions = some t → ReachableBy initials allowed t
  | [], s, t, _, hs, h => by
    simp only [run, Option.some.injEq] at h
    exact h ▸ hs
  | a :: rest, s, t, ha, hs, h => by
    unfold run at h
    simp only [List.all_cons, Bool.and_eq_true] at ha
    cases hg : guard a s with
    | false => rw [hg] at h; simp at h
    | true =>
      cases hr : inRange a s with
      | false => rw [hg, hr] at h; simp at h
      | true =>
        rw [hg, hr] at h
        exact run_reachable initials allowed rest (effect a s) t ha.2 (ReachableBy.step a s hs ha.1 hg hr) h
/-- A list of allowed actions leads from the i-th initial state to the goal. -/
def reaches (initials : List State) (allowed : Action → Bool) (goal : State → Bool) (i : Nat) (actions : List Action) : Bool :=
  actions.all allowed && (match initials[i]? with
  | none => false
  | some s =>
    match run s actions with
    | none => false
    | some t => goal t)
theorem witness (initials : List State) (allowed : Action → Bool) (goal : State → Bool) (i : Nat) (actions : List Action)
    (h : reaches initials allowed goal i actions = true) : ∃ t, ReachableBy initials allowed t ∧ goal t = true := by
  unfold reaches at h
  simp only [Bool.and_eq_true] at h
  obtain ⟨ha, h⟩ := h
  cases hi : initials[i]? with
  | none => simp [hi] at h
  | some s =>
    cases hr : run s actions with
    | none => simp [hi, hr] at h
    | some t =>
      simp only [hi, hr] at h
      exact ⟨t, run_reachable initials allowed actions s t ha (ReachableBy.start s (List.mem_of_getElem? hi)) hr, h⟩
";
