//! The refined workflow in the namespace `Other`, and this one's states as states of it (S-10).

use std::fmt::Write;

use super::ast::Lean;
use super::definitions::{
    GroundAction, condition, effect, enumeration, ground_actions, in_range, per_action, state,
    within,
};
use super::term::Scope;
use super::{facts, names};
use crate::ir::{Cell, Domain, EnumId, StateId, Symbols, Term, TermKind, Ty, Value};
use crate::model::{CellDecl, Command, Refinement, System};

/// Initial values of one cell that are written out one by one; more only where they are a whole range.
const INITIAL_VALUES: usize = 200;

/// The refined workflow, ready to be written.
pub struct Other {
    /// Its system, with this workflow's tables of enum types.
    pub system: System,
    /// Its actions.
    pub actions: Vec<GroundAction>,
}

impl Other {
    /// The other workflow of a refinement. `None` when a cell has too many initial values to be written out.
    #[must_use]
    pub fn of(here: &System, refinement: &Refinement) -> Option<Self> {
        let system = with_enums_of(here, &refinement.abstract_system);
        let few = |c: &CellDecl| c.init.len() <= INITIAL_VALUES || whole_range(c).is_some();
        system.cells.iter().all(few).then(|| Self {
            actions: ground_actions(&system),
            system,
        })
    }

    /// Its definitions, and `mapped` and `fits`.
    #[must_use]
    pub fn definitions(&self, here: &System, refinement: &Refinement) -> String {
        let system = &self.system;
        let mut out = format!(
            "/-! The workflow that this one refines: {}, version {}. -/\nnamespace Other\n",
            system.id, system.version
        );
        let states: Vec<String> = (0u16..)
            .zip(&system.symbols.states)
            .map(|(n, _)| names::phase_constructor(system, StateId(n)))
            .collect();
        enumeration(&mut out, "Phase", &states);
        out.push_str(&facts::of_type("Phase"));
        state(&mut out, system);
        let _ = writeln!(out, "inductive Action where");
        for a in &self.actions {
            let _ = writeln!(out, "  | {}", a.name);
        }
        let all: Vec<String> = self
            .actions
            .iter()
            .map(|a| format!("Action.{}", a.name))
            .collect();
        let _ = writeln!(out, "def actions : List Action := [{}]", all.join(", "));
        let terminal = (0u16..)
            .map(StateId)
            .zip(&system.terminal)
            .filter(|(_, terminal)| **terminal)
            .map(|(s, _)| at(system, s))
            .collect();
        let _ = writeln!(
            out,
            "def isTerminal (s : State) : Bool := {}",
            Lean::join("||", terminal, false)
        );
        let enabled = |a: &GroundAction, c: &Command| {
            let from = c.from.iter().map(|s| at(system, *s)).collect();
            let from = Lean::join("||", from, false);
            Lean::infix("&&", from, condition(system, a, c)).to_string()
        };
        let each = &self.actions;
        let of = |name, ty, doc, body: &dyn Fn(&GroundAction, &Command) -> String| {
            let mut text = String::new();
            per_action(&mut text, name, ty, doc, system, each, body);
            text
        };
        out.push_str(&of("guard", "Bool", "When an action can fire.", &enabled));
        out.push_str(&of(
            "inRange",
            "Bool",
            "Whether what it assigns stays in range.",
            &|a, c| in_range(system, a, c).to_string(),
        ));
        out.push_str(&of("effect", "State", "The state after.", &|a, c| {
            effect(system, a, c).to_string()
        }));
        out.push_str(&initial(system));
        out.push_str(&same(system));
        out.push_str(STEPS);
        out.push_str("end Other\n\n");
        out.push_str(&mapped(here, system, refinement));
        out.push_str(SIMULATION);
        out
    }

    /// What the goals of a simulation by these actions unfold to.
    #[must_use]
    pub fn unfold(&self, actions: &[usize]) -> Vec<String> {
        let mut all: Vec<String> = [
            "simulatesBy",
            "mapped",
            "fits",
            "Other.followsBy_nil",
            "Other.followsBy_cons",
            "Other.State.same",
            "Other.guard",
            "Other.inRange",
            "Other.effect",
            "Other.isTerminal",
            "Other.Phase.same_is",
            "Other.Phase.same_not",
            "intEq_is",
        ]
        .map(str::to_owned)
        .to_vec();
        for a in actions.iter().filter_map(|i| self.actions.get(*i)) {
            all.extend(["guard", "inRange", "effect"].map(|d| format!("Other.{d}'{}", a.name)));
        }
        all
    }
}

/// That the control state is this one.
fn at(system: &System, state: StateId) -> Lean {
    Lean::App(
        "Phase.same",
        vec![
            Lean::name("s.phase"),
            Lean::name(names::phase(system, state)),
        ],
    )
}

/// `isInitial`: every cell has one of its initial values.
fn initial(system: &System) -> String {
    let scope = Scope {
        system,
        choices: &[],
    };
    let cell = |c: &CellDecl| {
        let x = scope.cell(c.cell);
        if let Some((lo, hi)) = whole_range(c) {
            return Lean::App("intIn", vec![Lean::Int(lo), Lean::Int(hi), x]);
        }
        let is = |v: &Value| {
            let constant = scope.constant(c.domain.ty(), *v);
            let value = if c.optional && *v != Value::None {
                Lean::App("some", vec![constant])
            } else {
                constant
            };
            equal(c, x.clone(), value)
        };
        Lean::join("||", c.init.iter().map(is).collect(), false)
    };
    let all = system.cells.iter().map(cell).collect();
    format!(
        "/-- Whether a state is an initial one. -/\ndef isInitial (s : State) : Bool := {}\n",
        Lean::join("&&", all, true)
    )
}

/// The range of an integer that may begin with any of its values.
fn whole_range(cell: &CellDecl) -> Option<(i64, i64)> {
    match cell.domain {
        Domain::Int { lo, hi }
            if !cell.optional && cell.init.len() as u64 == cell.domain.size() =>
        {
            Some((lo, hi))
        }
        Domain::Int { .. } | Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => None,
    }
}

/// `a == b` for values of a cell.
fn equal(cell: &CellDecl, a: Lean, b: Lean) -> Lean {
    let function = match cell.domain {
        Domain::Bool => "boolEq".to_owned(),
        Domain::Int { .. } => "intEq".to_owned(),
        Domain::Enum { .. } | Domain::State { .. } => {
            format!("{}.same", names::type_name(cell.domain))
        }
    };
    if cell.optional {
        Lean::App("optEq", vec![Lean::name(function), a, b])
    } else {
        Lean::Call(function, vec![a, b])
    }
}

/// The rule that `equal` means equality.
fn rule(cell: &CellDecl) -> String {
    match (cell.domain, cell.optional) {
        (Domain::Bool, false) => "boolEq_is".to_owned(),
        (Domain::Bool, true) => "optBool_is".to_owned(),
        (Domain::Int { .. }, false) => "intEq_is".to_owned(),
        (Domain::Int { .. }, true) => "optInt_is".to_owned(),
        (Domain::Enum { .. } | Domain::State { .. }, false) => {
            format!("{}.same_is", names::type_name(cell.domain))
        }
        (Domain::Enum { .. } | Domain::State { .. }, true) => {
            format!("{}.optSame_is", names::type_name(cell.domain))
        }
    }
}

/// `State.same`, and that it means equality.
fn same(system: &System) -> String {
    let field =
        |x: &str, c: &CellDecl| Lean::Field(Box::new(Lean::name(x)), names::field(system, c.cell));
    let body = system
        .cells
        .iter()
        .rev()
        .fold("true".to_owned(), |rest, c| {
            format!(
                "(pick {} {rest} false)",
                equal(c, field("a", c), field("b", c))
            )
        });
    let mut out = format!(
        "def State.same (a b : State) : Bool := {body}\n\
         theorem State.same_eq (a b : State) (h : State.same a b = true) : a = b := by\n  \
           unfold State.same at h\n"
    );
    let mut from = "h".to_owned();
    for (i, c) in system.cells.iter().enumerate() {
        let _ = writeln!(out, "  have p{i} := pick_and _ _ {from}");
        let _ = writeln!(
            out,
            "  have e{i} : {} = {} := Eq.mp ({} _ _) p{i}.1",
            field("a", c),
            field("b", c),
            rule(c)
        );
        from = format!("p{i}.2");
    }
    let count = system.cells.len();
    let each = |x: &str| {
        (0..count)
            .map(|i| format!("{x}{i}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let _ = writeln!(
        out,
        "  obtain ⟨{}⟩ := a\n  obtain ⟨{}⟩ := b",
        each("x"),
        each("y")
    );
    let proof = if count == 1 {
        "e0".to_owned()
    } else {
        format!("⟨{}⟩", each("e"))
    };
    let _ = writeln!(out, "  simp only [State.mk.injEq]\n  exact {proof}");
    out
}

/// `mapped`: a state of this workflow as one of the other; `fits`: whether it is one that the other has.
fn mapped(here: &System, other: &System, refinement: &Refinement) -> String {
    let scope = Scope {
        system: here,
        choices: &[],
    };
    let there = Scope {
        system: other,
        choices: &[],
    };
    let mut fields = Vec::new();
    let mut tests = Vec::new();
    for (cell, term) in other.cells.iter().zip(&refinement.map) {
        let name = names::field(other, cell.cell);
        if cell.cell == Cell::State {
            fields.push(format!("{name} := {}", phase_of(here, other, term)));
            continue;
        }
        let (value, optional) = scope.value(term);
        tests.extend(within(cell, value.clone(), optional));
        let value = match (optional, cell.optional) {
            (true, true) | (false, false) => value,
            (false, true) => Lean::App("some", vec![value]),
            // Where it is absent the state does not fit, so what stands here does not matter.
            (true, false) => {
                let first = cell.init.first().copied().unwrap_or(Value::None);
                let first = there.constant(cell.domain.ty(), first);
                Lean::App("Option.getD", vec![value, first])
            }
        };
        fields.push(format!("{name} := {value}"));
    }
    format!(
        "/-- A state as the other workflow sees it. -/\ndef mapped (s : State) : Other.State :=\n  {{ {} }}\n\
         /-- Whether what it sees are values that it has. -/\ndef fits (s : State) : Bool := {}\n",
        fields.join("\n    "),
        Lean::join("&&", tests, true)
    )
}

/// The control state there: a tree of `if` whose leaves are states of the other workflow.
fn phase_of(here: &System, other: &System, term: &Term) -> Lean {
    let scope = Scope {
        system: here,
        choices: &[],
    };
    match &term.kind {
        TermKind::If(c, a, b) => Lean::App(
            "cond",
            vec![
                scope.condition(c),
                phase_of(here, other, a),
                phase_of(here, other, b),
            ],
        ),
        TermKind::Lit(Value::Enum(n)) => {
            Lean::name(format!("Other.{}", names::phase(other, StateId(*n))))
        }
        TermKind::Lit(Value::None | Value::Bool(_) | Value::Int(_))
        | TermKind::Read(_)
        | TermKind::Choice(_)
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
        | TermKind::Sub(..) => Lean::name(format!("Other.{}", names::phase(other, other.initial))),
    }
}

/// The other system with this one's tables of enum types, which have all of the other's; positions agree.
fn with_enums_of(here: &System, there: &System) -> System {
    let ours = &here.symbols.enums;
    let table: Vec<EnumId> = (there.symbols.enums.iter())
        .map(|e| {
            let place = ours.iter().position(|o| o.values == e.values);
            EnumId(
                place
                    .and_then(|n| u16::try_from(n).ok())
                    .unwrap_or(u16::MAX),
            )
        })
        .collect();
    let mut system = there.clone();
    let mut symbols: Symbols = (*there.symbols).clone();
    symbols.enums.clone_from(ours);
    system.symbols = symbols.into();
    let id = |e: EnumId| table.get(e.ix()).copied().unwrap_or(EnumId(u16::MAX));
    let domain = |d: &mut Domain| {
        if let Domain::Enum { id: e, .. } = d {
            *e = id(*e);
        }
    };
    system.cells.iter_mut().for_each(|c| domain(&mut c.domain));
    for command in &mut system.commands {
        command
            .choices
            .iter_mut()
            .for_each(|c| domain(&mut c.domain));
        retype(&mut command.guard, &id);
        for u in &mut command.updates {
            retype(&mut u.value, &id);
        }
    }
    system
}

fn retype(term: &mut Term, id: &dyn Fn(EnumId) -> EnumId) {
    if let Ty::Enum(e) = &mut term.ty {
        *e = id(*e);
    }
    match &mut term.kind {
        TermKind::Lit(_)
        | TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal => {}
        TermKind::Not(a) => retype(a, id),
        TermKind::And(parts) | TermKind::Or(parts) => {
            parts.iter_mut().for_each(|p| retype(p, id));
        }
        TermKind::Implies(a, b)
        | TermKind::Cmp(_, a, b)
        | TermKind::Add(a, b)
        | TermKind::Sub(a, b) => {
            retype(a, id);
            retype(b, id);
        }
        TermKind::In(a, list) => {
            retype(a, id);
            list.iter_mut().for_each(|x| retype(x, id));
        }
        TermKind::If(c, a, b) => {
            retype(c, id);
            retype(a, id);
            retype(b, id);
        }
    }
}

const STEPS: &str = "\
/-- One state becomes another by nothing, or by one of these actions. -/
def followsBy (l : List Action) (a b : State) : Bool :=
  State.same b a || l.any (fun x => guard x a && (inRange x a && State.same (effect x a) b))
/-- One state becomes another by nothing, or by an action that is enabled there, its guard included. -/
def Follows (a b : State) : Prop := b = a ∨ ∃ x, guard x a = true ∧ inRange x a = true ∧ effect x a = b
theorem followsBy_nil (a b : State) : followsBy [] a b = State.same b a := by simp [followsBy]
theorem followsBy_cons (x : Action) (l : List Action) (a b : State) :
    followsBy (x :: l) a b = ((guard x a && (inRange x a && State.same (effect x a) b)) || followsBy l a b) := by
  simp only [followsBy, List.any_cons]
  cases State.same b a <;> simp
theorem follows_of (l : List Action) (a b : State) (h : followsBy l a b = true) : Follows a b := by
  unfold followsBy at h
  simp only [Bool.or_eq_true, List.any_eq_true, Bool.and_eq_true] at h
  cases h with
  | inl h => exact Or.inl (State.same_eq _ _ h)
  | inr h =>
    obtain ⟨x, _, g, r, e⟩ := h
    exact Or.inr ⟨x, g, r, State.same_eq _ _ e⟩
/-- What the other workflow reaches. -/
inductive Reachable : State → Prop where
  | start (s : State) : isInitial s = true → Reachable s
  | step (x : Action) (s : State) : Reachable s → guard x s = true → inRange x s = true → Reachable (effect x s)
";

const SIMULATION: &str = "\
/-- A step of this workflow, where it can be taken, is nothing there or one of these actions. -/
def simulatesBy (g r : State → Bool) (e : State → State) (l : List Other.Action) (s : State) : Bool :=
  pick (g s) (pick (r s) (pick (fits (e s)) (Other.followsBy l (mapped s) (mapped (e s))) false) true) true
theorem simulates_use (g r : State → Bool) (e : State → State) (l : List Other.Action) (s : State)
    (h : simulatesBy g r e l s = true) (hg : g s = true) (hr : r s = true) :
    fits (e s) = true ∧ Other.Follows (mapped s) (mapped (e s)) := by
  unfold simulatesBy at h
  rw [hg, hr] at h
  have h : pick (fits (e s)) (Other.followsBy l (mapped s) (mapped (e s))) false = true := h
  have p := pick_and _ _ h
  exact ⟨p.1, Other.follows_of l _ _ p.2⟩
theorem start_use (h : initials.all (fun s => fits s && Other.isInitial (mapped s)) = true) (s : State) (m : s ∈ initials) :
    fits s = true ∧ Other.isInitial (mapped s) = true := by
  have p := (List.all_eq_true.mp h) s m
  simp only [Bool.and_eq_true] at p
  exact p
/-- Every initial state is an initial state there, and every step from a reachable state is nothing there or an enabled step. -/
def Simulated : Prop :=
  (∀ s, s ∈ initials → fits s = true ∧ Other.isInitial (mapped s) = true) ∧
  ∀ (a : Action) (s : State), ReachableBy initials anyAction s → guard a s = true → inRange a s = true →
    fits (effect a s) = true ∧ Other.Follows (mapped s) (mapped (effect a s))
/-- What is reached here is reached there, so what holds everywhere there holds here. -/
theorem reached_there (h : Simulated) (s : State) (hs : ReachableBy initials anyAction s) : Other.Reachable (mapped s) := by
  induction hs with
  | start s m => exact Other.Reachable.start _ (h.1 s m).2
  | step a s hs _ g r ih =>
    cases (h.2 a s hs g r).2 with
    | inl e => rw [e]; exact ih
    | inr x =>
      obtain ⟨x, hg, hr, e⟩ := x
      exact e ▸ Other.Reachable.step x _ ih hg hr
";
