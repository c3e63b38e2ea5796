//! A sequence of SMT-LIB commands. The embedded solver is given the very text that is printed to files, so that a file asks
//! what was asked.

use std::fmt::Write as _;

use super::tree::Smt;

/// The sorts of constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Booleans.
    Bool,
    /// Unbounded integers.
    Int,
    /// Values of enums and control states, by position, in a bit vector of this many bits.
    Enum(u32),
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Lines of explanation.
    Comment(String),
    /// A constant.
    Declare(String, Sort),
    /// A named literal.
    Define(String, Sort, Smt),
    /// An assertion.
    Assert(Smt),
    /// A question: are the assertions so far satisfiable together with these literals?
    Check(Check),
}

/// A question of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it asks, in words.
    pub label: String,
    /// Boolean constants assumed to be true.
    pub assuming: Vec<String>,
    /// The answer, where one is on record. Printed so that a solver that answers otherwise reports an error.
    pub answer: Option<Sat>,
}

/// What a solver says to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sat {
    /// Satisfiable.
    Sat,
    /// Unsatisfiable.
    Unsat,
    /// It does not know.
    Unknown,
}

impl Sat {
    /// The word that solvers print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sat => "sat",
            Self::Unsat => "unsat",
            Self::Unknown => "unknown",
        }
    }
}

/// Commands in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// The commands.
    pub items: Vec<Item>,
}

impl Script {
    /// Adds all commands of another script.
    pub fn append(&mut self, other: Self) {
        self.items.extend(other.items);
    }

    /// Adds an explanation.
    pub fn comment(&mut self, text: impl Into<String>) {
        self.items.push(Item::Comment(text.into()));
    }

    /// Declares a constant; its term.
    pub fn declare(&mut self, name: impl Into<String>, sort: Sort) -> Smt {
        let name = name.into();
        self.items.push(Item::Declare(name.clone(), sort));
        Smt::Name(name)
    }

    /// Asserts `fact`, unless it is literally true.
    pub fn assert(&mut self, fact: Smt) {
        if fact != Smt::Bool(true) {
            self.items.push(Item::Assert(fact));
        }
    }

    /// Declares a Boolean `name` that, when assumed, makes `fact` hold.
    pub fn track(&mut self, name: &str, fact: Smt) {
        let tracker = self.declare(name, Sort::Bool);
        self.items
            .push(Item::Assert(Smt::App("=>", vec![tracker, fact])));
    }

    /// Declares a Boolean `name` that is true exactly if `fact` holds.
    pub fn name(&mut self, name: &str, fact: Smt) {
        let named = self.declare(name, Sort::Bool);
        self.items
            .push(Item::Assert(Smt::App("=", vec![named, fact])));
    }

    /// Asks a question.
    pub fn check(&mut self, label: impl Into<String>, assuming: Vec<String>) {
        self.items.push(Item::Check(Check {
            label: label.into(),
            assuming,
            answer: None,
        }));
    }

    /// The script as a file of its own.
    #[must_use]
    pub fn print(&self) -> String {
        let mut out = String::new();
        for item in &self.items {
            print_item(&mut out, item);
        }
        out
    }
}

impl Item {
    /// The command as text, one or several whole lines.
    #[must_use]
    pub fn print(&self) -> String {
        let mut out = String::new();
        print_item(&mut out, self);
        out
    }
}

/// Writing to a `String` cannot fail, so results are dropped.
fn print_item(out: &mut String, item: &Item) {
    let _ = match item {
        Item::Comment(text) => text
            .lines()
            .try_for_each(|l| writeln!(out, "; {}", plain(l))),
        Item::Declare(name, sort) => writeln!(out, "(declare-const {name} {})", sort_text(*sort)),
        Item::Define(name, sort, value) => {
            writeln!(out, "(define-fun {name} () {} {value})", sort_text(*sort))
        }
        Item::Assert(Smt::App("and", parts)) => {
            let _ = writeln!(out, "(assert (and");
            for p in parts {
                let _ = writeln!(out, "  {p}");
            }
            writeln!(out, "))")
        }
        Item::Assert(fact) => writeln!(out, "(assert {fact})"),
        Item::Check(check) => print_check(out, check),
    };
}

fn print_check(out: &mut String, check: &Check) -> std::fmt::Result {
    writeln!(out, "; {}", plain(&check.label))?;
    if let Some(answer) = check.answer {
        writeln!(out, "(set-info :status {})", answer.word())?;
    }
    writeln!(out, "(check-sat-assuming ({}))", check.assuming.join(" "))
}

fn sort_text(sort: Sort) -> String {
    match sort {
        Sort::Bool => "Bool".to_owned(),
        Sort::Int => "Int".to_owned(),
        Sort::Enum(width) => format!("(_ BitVec {width})"),
    }
}

/// Comments end at a line's end, so control characters must not get into them.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
