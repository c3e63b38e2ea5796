//! Looks for ways to cheat in a Lean text. Lean itself passes all of these without a word, but for `sorry`.

/// A way to make Lean accept what is not proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cheat {
    /// A word that must not occur, with its line.
    Word(String, u32),
    /// A command that generated files do not have, with its line.
    Command(String, u32),
    /// An option that generated files do not set, with its line.
    Option(String, u32),
    /// The text differs from what was generated, first at this line.
    Changed(u32),
}

impl std::fmt::Display for Cheat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(w, line) => write!(f, "`{w}` at line {line}"),
            Self::Command(w, line) => write!(f, "the command `{w}` at line {line}"),
            Self::Option(w, line) => write!(f, "the option `{w}` at line {line}"),
            Self::Changed(line) => write!(
                f,
                "the file differs from what was generated, first at line {line}"
            ),
        }
    }
}

/// Words that let something pass unproved, wherever they stand.
const WORDS: &[&str] = &[
    "sorry",
    "sorryAx",
    "admit",
    "axiom",
    "native_decide",
    "ofReduceBool",
    "ofReduceNat",
    "trustCompiler",
    "reduceBool",
    "reduceNat",
    "unsafe",
    "implemented_by",
    "extern",
    "partial",
    "opaque",
    "csimp",
    "macro",
    "macro_rules",
    "syntax",
    "elab",
    "elab_rules",
    "notation",
    "infix",
    "infixl",
    "infixr",
    "prefix",
    "postfix",
    "run_cmd",
    "run_elab",
    "run_meta",
    "initialize",
    "builtin_initialize",
    "constant",
    "unsafeCast",
    "lcProof",
    "lcUnreachable",
    "skipKernelTC",
    "import",
    "attribute",
    "instance",
    "local",
    "scoped",
    "open",
    "export",
    "variable",
    "universe",
    "deriving",
    "private",
    "include",
    "omit",
    "mutual",
    "quot_precheck",
];

/// What a line of a generated file may begin with, where it begins in the first column.
const COMMANDS: &[&str] = &[
    "module",
    "@[expose]",
    "set_option",
    "namespace",
    "end",
    "theorem",
    "def",
    "inductive",
    "structure",
    "example",
    "noncomputable",
    "#print",
    "|",
    "}",
];

/// Options that generated files set.
const OPTIONS: &[&str] = &[
    "autoImplicit",
    "warningAsError",
    "linter.unusedVariables",
    "linter.unusedSimpArgs",
    "Elab.async",
    "maxRecDepth",
    "maxHeartbeats",
];

/// Everything suspicious in `text`, and whether it is what was generated.
#[must_use]
pub fn inspect(generated: &str, text: &str) -> Vec<Cheat> {
    let bare = strip(text);
    let mut cheats = Vec::new();
    for (line, number) in bare.lines().zip(1u32..) {
        let words: Vec<&str> = line
            .split(|c: char| !(c.is_alphanumeric() || "_.'!?#".contains(c)))
            .filter(|w| !w.is_empty())
            .collect();
        for (i, word) in words.iter().enumerate() {
            if let Some(w) = word.split('.').find(|part| WORDS.contains(part)) {
                cheats.push(Cheat::Word(w.to_owned(), number));
            }
            // What Lean prints proves nothing; that it was asked for is held by the comparison below.
            let prints = *word == "#print" && words.get(i + 1) == Some(&"axioms");
            if word.starts_with('#') && !prints {
                cheats.push(Cheat::Command((*word).to_owned(), number));
            }
            if *word == "set_option"
                && let Some(option) = words.get(i + 1)
                && !OPTIONS.contains(option)
            {
                cheats.push(Cheat::Option((*option).to_owned(), number));
            }
        }
        let first = line.split_whitespace().next();
        if let Some(first) = first
            && !line.starts_with([' ', '\t'])
            && !COMMANDS.contains(&first)
        {
            cheats.push(Cheat::Command(first.to_owned(), number));
        }
    }
    if let Some(line) = first_difference(generated, text) {
        cheats.push(Cheat::Changed(line));
    }
    cheats
}

fn first_difference(a: &str, b: &str) -> Option<u32> {
    if a == b {
        return None;
    }
    let same = a.lines().zip(b.lines()).take_while(|(x, y)| x == y).count();
    Some(u32::try_from(same).unwrap_or(u32::MAX).saturating_add(1))
}

/// The text with comments and strings blanked out, line by line the same.
fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut depth = 0usize;
    let mut string = false;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        if c == '\n' {
            out.push('\n');
        } else if string {
            if c == '\\' {
                if chars.next() == Some('\n') {
                    out.push('\n');
                }
            } else if c == '"' {
                string = false;
            }
        } else if c == '/' && next == Some('-') {
            chars.next();
            depth += 1;
        } else if depth > 0 {
            if c == '-' && next == Some('/') {
                chars.next();
                depth -= 1;
            }
        } else if c == '-' && next == Some('-') {
            while chars.peek().is_some_and(|c| *c != '\n') {
                chars.next();
            }
        } else if c == '"' {
            string = true;
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HONEST: &str = "module\n@[expose] public section\nset_option autoImplicit false\n-- goal: sorry, an axiom\n/-! unsafe -/\n\
                          theorem t : 1 = 1 :=\n  rfl\n";

    #[test]
    fn an_honest_file_passes_whatever_its_comments_say() {
        assert_eq!(inspect(HONEST, HONEST), vec![]);
    }

    #[test]
    fn every_planted_cheat_is_named() {
        for (planted, word) in [
            ("theorem u : False :=\n  sorry", "sorry"),
            ("axiom u : False", "axiom"),
            ("theorem u : 2 = 2 :=\n  by native_decide", "native_decide"),
            ("unsafe def u : Nat := 1", "unsafe"),
            ("@[implemented_by t] def u : Nat := 1", "implemented_by"),
            ("@[extern \"f\"] def u : Nat := 1", "extern"),
            ("partial def u (n : Nat) : Nat := u n", "partial"),
            ("opaque u : Nat", "opaque"),
            ("macro \"u\" : term => `(1)", "macro"),
            ("set_option debug.skipKernelTC true", "skipKernelTC"),
            ("import Lean", "import"),
        ] {
            let text = format!("{HONEST}{planted}\n");
            let cheats = inspect(HONEST, &text);
            assert!(
                cheats
                    .iter()
                    .any(|c| matches!(c, Cheat::Word(w, 8 | 9) if w == word)),
                "{planted}: {cheats:?}"
            );
            assert!(cheats.contains(&Cheat::Changed(8)), "{planted}");
        }
    }

    #[test]
    fn a_changed_statement_and_an_unknown_option_are_seen() {
        let changed = HONEST.replace("1 = 1", "2 = 2");
        assert_eq!(inspect(HONEST, &changed), vec![Cheat::Changed(6)]);
        let option = HONEST.replace("autoImplicit false", "autoImplicit true");
        assert_eq!(inspect(HONEST, &option), vec![Cheat::Changed(3)]);
        let other = HONEST.replace("autoImplicit", "pp.all");
        assert_eq!(
            inspect(HONEST, &other),
            vec![Cheat::Option("pp.all".into(), 3), Cheat::Changed(3)]
        );
        let eval = format!("{HONEST}#eval 1\n");
        assert!(inspect(HONEST, &eval).contains(&Cheat::Command("#eval".into(), 8)));
    }
}
