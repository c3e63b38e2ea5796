//! The text of a Lean file as it grows, with the lines each theorem takes.

use crate::finding::PropertyIx;
use crate::model::CommandIx;

/// One theorem of a generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theorem {
    /// Its name.
    pub name: String,
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// The property it is for; `None` = everything rests on it.
    pub property: Option<PropertyIx>,
    /// The transition it is about.
    pub transition: Option<CommandIx>,
    /// What it says, to be restated at the end.
    pub statement: String,
}

/// A file being written.
#[derive(Debug, Default)]
pub struct Text {
    /// The text so far; ends with a line break.
    pub text: String,
    /// The theorems so far.
    pub theorems: Vec<Theorem>,
    /// Line breaks so far; counted as text comes in, for a file has hundreds of theorems and may have a megabyte.
    breaks: usize,
}

impl Text {
    /// Appends text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.breaks += text.matches('\n').count();
        if !self.text.ends_with('\n') {
            self.text.push('\n');
            self.breaks += 1;
        }
    }

    /// Appends a theorem of this name, statement and proof, and remembers where it stands.
    pub fn theorem(
        &mut self,
        name: &str,
        statement: &str,
        proof: &str,
        property: Option<PropertyIx>,
        transition: Option<CommandIx>,
    ) {
        let first = self.line();
        self.push(&format!("theorem {name} : {statement} :=\n  {proof}"));
        self.theorems.push(Theorem {
            name: name.to_owned(),
            lines: (first, self.line().saturating_sub(1)),
            property,
            transition,
            statement: statement.to_owned(),
        });
    }

    /// Ends the file with a restatement of every theorem.
    pub fn restate(&mut self) {
        let lines: Vec<String> = self
            .theorems
            .iter()
            .map(|t| format!("example : {} := {}", t.statement, t.name))
            .collect();
        self.push("\n-- Every statement once more, so that what was proved is what is read here.");
        for line in lines {
            self.push(&line);
        }
    }

    /// Asks Lean which axioms these theorems rest on; by line, each.
    pub fn print_axioms(&mut self, theorems: Vec<String>) -> Vec<(u32, String)> {
        self.push("\n-- What the conclusions rest on.");
        let each = theorems.into_iter().map(|name| {
            let line = self.line();
            self.push(&format!("#print axioms {name}"));
            (line, name)
        });
        each.collect()
    }

    /// The number of the next line, from 1.
    fn line(&self) -> u32 {
        u32::try_from(self.breaks)
            .unwrap_or(u32::MAX)
            .saturating_add(1)
    }
}
