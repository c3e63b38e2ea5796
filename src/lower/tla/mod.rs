//! `System` → TLA+: a module that a person can read, a module of checks for TLC, and the configuration of each run.
//!
//! Pure: the same system gives the same bytes. Trusted as far as nothing else holds it; in practice TLC's verdicts, its
//! numbers of distinct states and its traces are held against the embedded engine's and against `model::step`.

mod action;
mod check;
mod comment;
mod layout;
mod module;
mod property;
mod reserved;
mod syntax;
mod term;

use std::collections::BTreeMap;

use crate::finding::PropertyIx;
use crate::model::{CommandIx, System};

pub use check::{CHECK_TYPES, CHECKING, REACHED, SEEN};
pub use layout::CellVars;

use check::RefinedView;
use layout::{Item, Layout};
use property::{Question, question};

/// The generated files and what the names in them stand for.
#[derive(Debug, Clone)]
pub struct TlaFiles {
    /// File names and texts.
    pub files: Vec<(String, String)>,
    /// The module that TLC is run on; its file is this with `.tla`.
    pub root: String,
    /// The runs that ask about everything TLC can be asked about.
    pub runs: Vec<Run>,
    /// Which operator stands for which transition or property.
    pub table: BTreeMap<String, Meaning>,
    /// The variables of each cell, by slot.
    pub cells: Vec<CellVars>,
    /// Properties that TLA+ cannot state, and why.
    pub not_asked: Vec<(PropertyIx, &'static str)>,
}

/// What an operator stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The action of a transition.
    Transition(CommandIx),
    /// What a property says.
    Property(PropertyIx),
    /// The same, as TLC checks it.
    Check(PropertyIx),
}

/// One run of TLC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What it is for.
    pub kind: RunKind,
    /// The operator that is the behaviour.
    pub specification: String,
    /// What is checked.
    pub checks: Vec<Check>,
    /// The properties that [`SEEN`] announces when it sees them.
    pub reached: Vec<PropertyIx>,
    /// The file of its configuration.
    pub config: String,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// All invariants, the refinement, and what is reached.
    Safety,
    /// All temporal properties, under fairness.
    Liveness,
    /// One `precedes`, on the workflow without the transitions that come first.
    Precedence,
}

/// One check of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The operator that is checked.
    pub operator: String,
    /// The property it answers.
    pub property: PropertyIx,
    /// Whether TLC takes it as a PROPERTY rather than as an INVARIANT.
    pub temporal: bool,
}

impl Run {
    /// The configuration that checks these of the run's checks.
    #[must_use]
    pub fn configuration(&self, checks: &[&Check]) -> String {
        let mut out = format!(
            "SPECIFICATION {}\nCHECK_DEADLOCK FALSE\n",
            self.specification
        );
        let mut line = |key: &str, operator: &str| {
            out.push_str(key);
            out.push(' ');
            out.push_str(operator);
            out.push('\n');
        };
        if self.kind == RunKind::Safety {
            line("INVARIANT", CHECK_TYPES);
            line("INVARIANT", SEEN);
        }
        for check in checks {
            let key = if check.temporal {
                "PROPERTY"
            } else {
                "INVARIANT"
            };
            line(key, &check.operator);
        }
        out
    }
}

/// The files of a system.
#[must_use]
pub fn lower(system: &System) -> TlaFiles {
    let layout = Layout::new(system, system.id.as_str(), &|_| false);
    let view = system
        .refinement
        .as_deref()
        .map(|r| RefinedView::new(&layout, r));
    let main = layout.names.of(&Item::Module).to_owned();
    let root = layout.names.of(&Item::CheckModule).to_owned();
    let mut files = vec![
        tla(&main, module::module(&layout, true).print()),
        tla(&root, check::module(&layout, view.as_ref()).print()),
    ];
    if let Some(view) = &view {
        let module = module::module(&view.layout, false);
        files.push(tla(&module.name, module.print()));
    }
    let runs = runs(&layout);
    for run in &runs {
        let all: Vec<&Check> = run.checks.iter().collect();
        files.push((run.config.clone(), run.configuration(&all)));
    }
    let not_asked = system
        .properties()
        .filter_map(|(ix, p)| match question(p) {
            Question::None(why) => Some((ix, why)),
            Question::Invariant
            | Question::Temporal
            | Question::Reached
            | Question::Without(_)
            | Question::Refinement => None,
        })
        .collect();
    TlaFiles {
        files,
        root,
        runs,
        table: table(&layout),
        cells: layout.cells.clone(),
        not_asked,
    }
}

fn tla(module: &str, text: String) -> (String, String) {
    (format!("{module}.tla"), text)
}

fn runs(layout: &Layout<'_>) -> Vec<Run> {
    let main = layout.names.of(&Item::Module);
    let check = |ix: PropertyIx, temporal: bool| Check {
        operator: layout.names.of(&Item::Check(ix)).to_owned(),
        property: ix,
        temporal,
    };
    let mut safety = Run {
        kind: RunKind::Safety,
        specification: "Safety".to_owned(),
        checks: Vec::new(),
        reached: Vec::new(),
        config: format!("{main}_safety.cfg"),
    };
    let mut liveness = Run {
        kind: RunKind::Liveness,
        specification: "Spec".to_owned(),
        config: format!("{main}_liveness.cfg"),
        ..safety.clone()
    };
    let mut precedence = Vec::new();
    for (ix, property) in layout.system.properties() {
        match question(property) {
            Question::Invariant => safety.checks.push(check(ix, false)),
            Question::Refinement => safety.checks.push(check(ix, true)),
            Question::Reached => safety.reached.push(ix),
            Question::Temporal => liveness.checks.push(check(ix, true)),
            Question::Without(_) => precedence.push(Run {
                kind: RunKind::Precedence,
                specification: layout.names.of(&Item::Without(ix)).to_owned(),
                checks: vec![check(ix, false)],
                reached: Vec::new(),
                config: format!("{main}_{}.cfg", layout.names.of(&Item::Property(ix))),
            }),
            Question::None(_) => {}
        }
    }
    let mut runs = vec![safety];
    if !liveness.checks.is_empty() {
        runs.push(liveness);
    }
    runs.extend(precedence);
    runs
}

fn table(layout: &Layout<'_>) -> BTreeMap<String, Meaning> {
    let meaning = |item: &Item| match item {
        Item::Transition(ix) => Some(Meaning::Transition(*ix)),
        Item::Property(ix) => Some(Meaning::Property(*ix)),
        Item::Check(ix) => Some(Meaning::Check(*ix)),
        Item::Module
        | Item::CheckModule
        | Item::RefinedModule
        | Item::Cell(_)
        | Item::Given(_)
        | Item::Can(_)
        | Item::Fits(_)
        | Item::Choice(_)
        | Item::Without(_)
        | Item::WithoutNext(_) => None,
    };
    layout
        .names
        .iter()
        .filter_map(|(name, item)| Some((name.to_owned(), meaning(item)?)))
        .collect()
}
