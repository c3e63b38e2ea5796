//! One vocabulary for two versions: a system with the cells of both, each with the values that either version gives it, and the
//! terms of both in its words. Names are what joins them; a name with two kinds of types belongs to neither.
//!
//! Trusted for what is said about guards and properties, together with Z3; examples are evaluated again, and tests compare with
//! plain evaluation of both versions' own terms.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::check::CheckedWorkflow;
use crate::ir::symbols::{
    ArtSym, EnumSym, EvSym, FieldSym, StateRole, StateSym, TransitionSym, VarSym,
};
use crate::ir::{
    ActorId, ArtId, Cell, ChoiceIx, Domain, EnumId, EvId, FieldIx, Name, Span, StateId, Symbols,
    Term, TermKind, Ty, Value, VarId,
};
use crate::model::{CellDecl, Choice, Command, CommandIx, Slot, System};
use crate::revise::diff::rename::Names;

/// The one enum type that holds every value name of both versions.
pub(super) const WORDS: EnumId = EnumId(0);

/// Both versions' cells, choices and values.
#[derive(Debug)]
pub struct Vocabulary {
    /// Cells and commands without steps: names, types and choices are all that counts.
    pub system: System,
    /// What is true of every typed state: cells hold values that one of the versions gives them.
    pub typed: Vec<Term>,
    /// By command: the same of its choices.
    pub choices_typed: Vec<Vec<Term>>,
    /// Names with types of two kinds.
    clashing: BTreeSet<String>,
}

/// What one cell or choice can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Bool,
    Int(i64, i64),
    /// By name.
    Words(BTreeSet<Name>),
}

impl Kind {
    fn of(symbols: &Symbols, domain: Domain) -> Self {
        match domain {
            Domain::Bool => Self::Bool,
            Domain::Int { lo, hi } => Self::Int(lo, hi),
            Domain::Enum { id, .. } => Self::Words(
                symbols
                    .enums
                    .get(id.ix())
                    .map_or_else(BTreeSet::new, |e| e.values.iter().cloned().collect()),
            ),
            Domain::State { .. } => {
                Self::Words(symbols.states.iter().map(|s| s.name.clone()).collect())
            }
        }
    }

    /// The values of either; `None` where the kinds differ.
    fn or(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Bool, Self::Bool) => Some(Self::Bool),
            (Self::Int(a, b), Self::Int(c, d)) => Some(Self::Int(*a.min(c), *b.max(d))),
            (Self::Words(a), Self::Words(b)) => Some(Self::Words(a.union(b).cloned().collect())),
            (Self::Bool | Self::Int(..) | Self::Words(_), _) => None,
        }
    }
}

/// Named kinds in the order of the new version, then what only the old one has.
#[derive(Debug, Default)]
struct Kinds(Vec<(Name, Kind)>);

impl Kinds {
    /// Adds one; the name where the kinds do not go together.
    fn add(&mut self, name: &Name, kind: Kind) -> Option<String> {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            None => self.0.push((name.clone(), kind)),
            Some((_, known)) => match known.or(&kind) {
                Some(both) => *known = both,
                None => return Some(name.to_string()),
            },
        }
        None
    }
}

/// A command of the vocabulary: a transition of either version, or of both.
#[derive(Debug, Default)]
struct Chosen {
    name: Option<Name>,
    kinds: Kinds,
}

impl Vocabulary {
    /// Of two versions; `names` says what the old one's states and transitions are called in the new one.
    #[must_use]
    pub fn of(old: &CheckedWorkflow, new: &CheckedWorkflow, names: &Names) -> Self {
        let mut states: Vec<Name> = new.symbols.states.iter().map(|s| s.name.clone()).collect();
        for s in &old.symbols.states {
            let called = renamed(&s.name, names.state(s.name.as_str()));
            if !states.contains(&called) {
                states.push(called);
            }
        }
        let mut artifacts: Vec<Name> = Vec::new();
        let mut evidence: Vec<(Name, Vec<Name>, Kinds)> = Vec::new();
        let mut vars = Kinds::default();
        let mut commands: Vec<Chosen> = Vec::new();
        let mut clashing = BTreeSet::new();
        for (w, names) in [(new, None), (old, Some(names))] {
            let s = &w.symbols;
            for a in &s.artifacts {
                if !artifacts.contains(&a.name) {
                    artifacts.push(a.name.clone());
                }
            }
            for e in &s.evidence {
                let at = evidence.iter().position(|(n, ..)| *n == e.name);
                let at = at.unwrap_or_else(|| {
                    evidence.push((e.name.clone(), Vec::new(), Kinds::default()));
                    evidence.len() - 1
                });
                let Some((_, of, fields)) = evidence.get_mut(at) else {
                    continue;
                };
                for a in e.of.iter().filter_map(|a| s.artifacts.get(a.ix())) {
                    if !of.contains(&a.name) {
                        of.push(a.name.clone());
                    }
                }
                for f in &e.fields {
                    let clash = fields.add(&f.name, Kind::of(s, f.domain));
                    clashing.extend(clash.map(|f| format!("{}.{f}", e.name)));
                }
            }
            for v in &s.vars {
                clashing.extend(vars.add(&v.name, Kind::of(s, v.domain)));
            }
            for t in &w.transitions {
                let called = names.map_or(t.name.as_str(), |n| n.transition(t.name.as_str()));
                let called = renamed(&t.name, called);
                let at = commands
                    .iter()
                    .position(|c| c.name.as_ref() == Some(&called));
                let at = at.unwrap_or_else(|| {
                    commands.push(Chosen {
                        name: Some(called.clone()),
                        kinds: Kinds::default(),
                    });
                    commands.len() - 1
                });
                let Some(command) = commands.get_mut(at) else {
                    continue;
                };
                for (choice, domain) in &t.choices {
                    let clash = command.kinds.add(choice, Kind::of(s, *domain));
                    clashing.extend(clash.map(|c| format!("{called}: {c}")));
                }
            }
        }
        build(
            new, states, &artifacts, &evidence, &vars, &commands, clashing,
        )
    }

    /// The command of a transition, by its name in the new version.
    #[must_use]
    pub fn command(&self, name: &str) -> Option<CommandIx> {
        self.system
            .commands()
            .find(|(_, c)| c.name.as_str() == name)
            .map(|(ix, _)| ix)
    }

    /// Whether a name has types of two kinds.
    #[must_use]
    pub fn clashes(&self, name: &str) -> bool {
        self.clashing.contains(name)
    }
}

fn renamed(own: &Name, called: &str) -> Name {
    Name::new(called).unwrap_or_else(|| own.clone())
}

/// The system, once all names are known.
fn build(
    new: &CheckedWorkflow,
    states: Vec<Name>,
    artifacts: &[Name],
    evidence: &[(Name, Vec<Name>, Kinds)],
    vars: &Kinds,
    commands: &[Chosen],
    clashing: BTreeSet<String>,
) -> Vocabulary {
    let span = new.ir.id.span;
    let mut words: Vec<Name> = Vec::new();
    let fields = evidence.iter().flat_map(|(_, _, fields)| &fields.0);
    let chosen = commands.iter().flat_map(|c| &c.kinds.0);
    for (_, kind) in vars.0.iter().chain(fields).chain(chosen) {
        if let Kind::Words(all) = kind {
            for w in all {
                if !words.contains(w) {
                    words.push(w.clone());
                }
            }
        }
    }
    let mut builder = Builder {
        words,
        cells: Vec::new(),
        typed: Vec::new(),
    };
    let all_states = Domain::State {
        len: u16::try_from(states.len()).unwrap_or(u16::MAX),
    };
    builder.cell(Cell::State, all_states, false, Value::state(StateId(0)));
    let mut symbols = Symbols {
        states: Vec::new(),
        actors: Vec::new(),
        artifacts: artifacts
            .iter()
            .map(|name| ArtSym {
                name: name.clone(),
                span,
            })
            .collect(),
        evidence: Vec::new(),
        vars: Vec::new(),
        enums: Vec::new(),
        transitions: Vec::new(),
    };
    for (v, (name, kind)) in (0u16..).map(VarId).zip(&vars.0) {
        let domain = builder.domain(kind);
        let init = start(new, name, &builder, domain);
        builder.cell(Cell::Var(v), domain, false, init);
        builder.keep(Term::read(Cell::Var(v), domain.ty()), kind, false);
        symbols.vars.push(VarSym {
            name: name.clone(),
            domain,
            init: vec![init],
            phase: false,
            span,
        });
    }
    for (e, (name, of, fields)) in (0u16..).map(EvId).zip(evidence) {
        let no = Value::Bool(false);
        let of: Vec<ArtId> = of
            .iter()
            .filter_map(|a| position(artifacts, a))
            .map(ArtId)
            .collect();
        builder.cell(Cell::Has(e), Domain::Bool, false, no);
        for a in &of {
            builder.cell(Cell::Bit(e, *a), Domain::Bool, false, no);
        }
        let mut syms = Vec::new();
        for (f, (name, kind)) in (0u16..).map(FieldIx).zip(&fields.0) {
            let domain = builder.domain(kind);
            builder.cell(Cell::Field(e, f), domain, true, Value::None);
            builder.keep(Term::read(Cell::Field(e, f), domain.ty()), kind, true);
            syms.push(FieldSym {
                name: name.clone(),
                domain,
                span,
            });
        }
        symbols.evidence.push(EvSym {
            name: name.clone(),
            of,
            fields: syms,
            span,
        });
    }
    let cells = std::mem::take(&mut builder.cells);
    let typed = std::mem::take(&mut builder.typed);
    let mut choices_typed = Vec::new();
    let mut made = Vec::new();
    for c in commands {
        let Some(name) = &c.name else { continue };
        let mut choices = Vec::new();
        for (ix, (name, kind)) in (0u16..).map(ChoiceIx).zip(&c.kinds.0) {
            let domain = builder.domain(kind);
            let term = Term::made(TermKind::Choice(ix), domain.ty());
            builder.keep(term, kind, false);
            choices.push(Choice {
                name: name.clone(),
                domain,
            });
        }
        choices_typed.push(std::mem::take(&mut builder.typed));
        symbols.transitions.push(TransitionSym {
            name: name.clone(),
            actor: ActorId(0),
            span,
        });
        made.push(command(name, choices, span));
    }
    symbols.enums.push(EnumSym {
        values: builder.words,
    });
    let terminal = vec![false; states.len()];
    symbols.states = states
        .into_iter()
        .map(|name| StateSym {
            name,
            role: StateRole::Ordinary,
            span,
        })
        .collect();
    let slots: HashMap<Cell, Slot> = (0u16..)
        .map(Slot)
        .zip(&cells)
        .map(|(slot, c)| (c.cell, slot))
        .collect();
    Vocabulary {
        system: System {
            id: new.ir.id.value.clone(),
            version: new.ir.version.value,
            goal: String::new(),
            symbols: Arc::new(symbols),
            cells,
            slots,
            initial: StateId(0),
            commands: made,
            properties: Vec::new(),
            terminal,
            has_terminals: false,
            refinement: None,
        },
        typed,
        choices_typed,
        clashing,
    }
}

fn command(name: &Name, choices: Vec<Choice>, span: Span) -> Command {
    Command {
        name: name.clone(),
        from: Vec::new(),
        to: None,
        choices,
        guard: Term::truth(true),
        updates: Vec::new(),
        fairness: None,
        human: false,
        records: Vec::new(),
        span,
        guard_span: span,
    }
}

/// A variable's first value in the new version, so that examples stay near its start.
fn start(new: &CheckedWorkflow, name: &Name, builder: &Builder, domain: Domain) -> Value {
    let known = new.symbols.vars.iter().find(|v| v.name == *name);
    let value = known.and_then(|v| {
        let first = v.init.first().copied()?;
        match first {
            Value::Enum(_) => {
                let word = new.symbols.show(v.domain.ty(), first);
                let at = builder.words.iter().position(|w| w.as_str() == word)?;
                u16::try_from(at).ok().map(Value::Enum)
            }
            Value::None | Value::Bool(_) | Value::Int(_) => Some(first),
        }
    });
    value
        .or_else(|| domain.values().next())
        .unwrap_or(Value::None)
}

fn position(list: &[Name], name: &Name) -> Option<u16> {
    let at = list.iter().position(|n| n == name)?;
    u16::try_from(at).ok()
}

/// Cells in the making.
struct Builder {
    words: Vec<Name>,
    cells: Vec<CellDecl>,
    typed: Vec<Term>,
}

impl Builder {
    fn domain(&self, kind: &Kind) -> Domain {
        match kind {
            Kind::Bool => Domain::Bool,
            Kind::Int(lo, hi) => Domain::Int { lo: *lo, hi: *hi },
            Kind::Words(_) => Domain::Enum {
                id: WORDS,
                len: u16::try_from(self.words.len()).unwrap_or(u16::MAX),
            },
        }
    }

    fn cell(&mut self, cell: Cell, domain: Domain, optional: bool, init: Value) {
        self.cells.push(CellDecl {
            cell,
            domain,
            optional,
            init: vec![init],
        });
    }

    /// Keeps a cell or choice of words to those that it can hold.
    fn keep(&mut self, term: Term, kind: &Kind, optional: bool) {
        let Kind::Words(all) = kind else { return };
        let ty = term.ty;
        let mut list: Vec<Term> = all
            .iter()
            .filter_map(|w| position(&self.words, w))
            .map(|n| Term::lit(Value::Enum(n), ty))
            .collect();
        if optional {
            list.push(Term::lit(Value::None, ty));
        }
        self.typed
            .push(Term::made(TermKind::In(Box::new(term), list), Ty::Bool));
    }
}
