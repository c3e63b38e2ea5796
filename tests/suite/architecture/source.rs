//! Reads a Rust file just far enough to know which paths it names: tokens without comments and strings, test code cut.

use std::path::Path;

/// What the check needs of one file.
pub struct Source {
    /// The module's path from the crate's root; empty for `lib.rs`, `main.rs` and other programs.
    pub module: Vec<String>,
    /// Paths that start at the crate's root, or above the module.
    pub references: Vec<Reference>,
    /// Every path as written, with its line: `std::fs::File`, `crate::ir::Id`.
    pub outside: Vec<(usize, String)>,
    /// Lines that are not test code.
    pub lines_before_tests: usize,
}

/// A path into the crate.
pub struct Reference {
    pub line: usize,
    /// From the crate's root.
    pub path: Vec<String>,
    /// Whether it stands in a `use` item.
    pub in_use: bool,
    /// Whether it was written with `crate::` rather than `super::`.
    pub written_from_crate: bool,
}

#[derive(Clone, Debug)]
struct Token {
    line: usize,
    text: String,
}

impl Source {
    pub fn read(path: &Path, text: &str) -> Self {
        let module = module_of(path);
        let all = tokens(text);
        let is_test_file = path.components().any(|part| {
            Path::new(part.as_os_str())
                .file_stem()
                .is_some_and(|stem| stem == "tests")
        });
        let (kept, test_lines) = if is_test_file {
            (vec![], text.lines().count())
        } else {
            without_tests(all)
        };
        let mut source = Self {
            module,
            references: vec![],
            outside: vec![],
            lines_before_tests: text.lines().count() - test_lines,
        };
        source.collect(&kept);
        source
    }

    fn collect(&mut self, tokens: &[Token]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let before = at
                .checked_sub(1)
                .map_or("", |index| tokens[index].text.as_str());
            let next = tokens.get(at + 1).map_or("", |next| next.text.as_str());
            if token.text == "use" && next != "<" {
                let mut tree = Tree {
                    tokens,
                    at: at + 1,
                    paths: vec![],
                };
                tree.read(&[]);
                at = tree.at;
                for (line, path) in tree.paths {
                    self.add(line, &path, true);
                }
            } else if next == "::"
                && is_name(&token.text)
                && before != "::"
                && before != "$"
                && before != "in"
            {
                let mut path = vec![token.text.clone()];
                let line = token.line;
                while tokens.get(at + 1).is_some_and(|token| token.text == "::")
                    && let Some(name) = tokens.get(at + 2).filter(|token| is_name(&token.text))
                {
                    path.push(name.text.clone());
                    at += 2;
                }
                self.add(line, &path, false);
                at += 1;
            } else {
                at += 1;
            }
        }
    }

    fn add(&mut self, line: usize, path: &[String], in_use: bool) {
        self.outside.push((line, path.join("::")));
        let ups = path.iter().take_while(|part| *part == "super").count();
        let written_from_crate = path.first().is_some_and(|part| part == "crate");
        let resolved: Vec<String> = if written_from_crate {
            path[1..].to_vec()
        } else if ups > 0 {
            let stays = self.module.len().saturating_sub(ups);
            self.module[..stays]
                .iter()
                .chain(&path[ups..])
                .cloned()
                .collect()
        } else {
            return;
        };
        let named = resolved
            .into_iter()
            .filter(|part| part != "self" && part != "*")
            .collect();
        self.references.push(Reference {
            line,
            path: named,
            in_use,
            written_from_crate,
        });
    }
}

/// A `use` tree: every path it stands for.
struct Tree<'a> {
    tokens: &'a [Token],
    at: usize,
    paths: Vec<(usize, Vec<String>)>,
}

impl Tree<'_> {
    /// Reads one branch below `prefix`, up to the `,`, `}` or `;` that ends it.
    fn read(&mut self, prefix: &[String]) {
        let mut path = prefix.to_vec();
        let mut line = 0;
        let mut branched = false;
        while let Some(token) = self.tokens.get(self.at) {
            match token.text.as_str() {
                ";" | "," | "}" => break,
                "{" => {
                    branched = true;
                    self.at += 1;
                    self.branches(&path);
                    continue;
                }
                "::" => {}
                "as" => self.at += 1,
                name => {
                    line = token.line;
                    path.push(name.to_owned());
                }
            }
            self.at += 1;
        }
        if !branched && path.len() > prefix.len() {
            self.paths.push((line, path));
        }
    }

    fn branches(&mut self, prefix: &[String]) {
        while let Some(token) = self.tokens.get(self.at) {
            match token.text.as_str() {
                "}" => {
                    self.at += 1;
                    return;
                }
                ";" => return,
                "," => self.at += 1,
                _ => self.read(prefix),
            }
        }
    }
}

/// `check/deep.rs` and `check/deep/mod.rs` are `check::deep`; programs are nothing.
fn module_of(path: &Path) -> Vec<String> {
    let mut parts: Vec<String> = path
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    match parts.first().map(String::as_str) {
        Some("lib" | "main") if parts.len() == 1 => vec![],
        Some("bin") => vec![],
        Some(_) | None => parts,
    }
}

/// Cuts each item behind `#[cfg(test)]`; gives the rest and the number of lines cut.
fn without_tests(tokens: Vec<Token>) -> (Vec<Token>, usize) {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut lines = 0;
    let mut at = 0;
    while at < tokens.len() {
        let here = tokens[at..]
            .iter()
            .zip(ATTRIBUTE)
            .filter(|(token, text)| token.text == *text)
            .count();
        if here < ATTRIBUTE.len() {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let start = tokens[at].line;
        let mut depth = 0_usize;
        let mut end = start;
        at += ATTRIBUTE.len();
        while let Some(token) = tokens.get(at) {
            at += 1;
            end = token.line;
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                ";" if depth == 0 => break,
                _ => {}
            }
        }
        lines += end - start + 1;
    }
    (kept, lines)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single characters, with their lines; no comments, strings, characters or lifetimes.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    let is = |at: usize, expected: char| chars.get(at) == Some(&expected);
    while let Some(&c) = chars.get(at) {
        let start = at;
        if c == '/' && is(at + 1, '/') {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if c == '/' && is(at + 1, '*') {
            at = after_block_comment(&chars, at);
        } else if let Some(end) = after_string(&chars, at) {
            at = end;
        } else if c == '\'' {
            at = after_quote(&chars, at);
        } else if c == ':' && is(at + 1, ':') {
            at += 2;
            found.push(Token {
                line,
                text: "::".into(),
            });
        } else if c.is_alphanumeric() || c == '_' {
            while chars
                .get(at)
                .is_some_and(|c| c.is_alphanumeric() || *c == '_')
            {
                at += 1;
            }
            found.push(Token {
                line,
                text: chars[start..at].iter().collect(),
            });
        } else {
            at += 1;
            if !c.is_whitespace() {
                found.push(Token {
                    line,
                    text: c.to_string(),
                });
            }
        }
        line += chars[start..at.min(chars.len())]
            .iter()
            .filter(|c| **c == '\n')
            .count();
    }
    found
}

fn after_block_comment(chars: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The end of the string that starts here, if one does: `"…"`, `r#"…"#`, and those with `b` or `c` before them.
fn after_string(chars: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    if matches!(chars[at], 'b' | 'c') && matches!(chars.get(at + 1), Some('"' | 'r')) {
        at += 1;
    }
    if chars[at] == 'r' && matches!(chars.get(at + 1), Some('"' | '#')) {
        let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
        let open = at + 1 + hashes;
        if chars.get(open) != Some(&'"') {
            return None;
        }
        let closes = |i: &usize| {
            chars[*i] == '"'
                && chars[i + 1..]
                    .iter()
                    .take(hashes)
                    .filter(|c| **c == '#')
                    .count()
                    == hashes
        };
        return Some(
            (open + 1..chars.len())
                .find(closes)
                .map_or(chars.len(), |i| i + 1 + hashes),
        );
    }
    if chars[at] != '"' {
        return None;
    }
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    Some(at + 1)
}

/// After a character literal, or after the quote of a lifetime or label, whose name then reads as a name.
fn after_quote(chars: &[char], start: usize) -> usize {
    match (chars.get(start + 1), chars.get(start + 2)) {
        (Some('\\'), _) => {
            let close = (start + 3..chars.len()).find(|i| chars[*i] == '\'');
            close.map_or(chars.len(), |i| i + 1)
        }
        (Some(_), Some('\'')) => start + 3,
        _ => start + 1,
    }
}
