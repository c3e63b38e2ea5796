//! Prompt files: a version, a text that holds for the whole conversation, and a message with places to fill. The places are
//! filled in one pass, so nothing that is put in can open another place.

use super::fence::fenced;

/// A prompt of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt {
    /// Its name.
    pub name: &'static str,
    file: &'static str,
}

/// What goes into a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A number or name; anything else is not shown.
    Word(String),
    /// The program's own words.
    Own(String),
    /// Somebody else's words, fenced under the program's name for them.
    Data(&'static str, String),
}

const LANGUAGE: &str = include_str!("language.md");

/// Writes a first version.
pub const PROPOSE: Prompt = Prompt {
    name: "planner.propose",
    file: include_str!("planner.propose.md"),
};
/// Writes the next version.
pub const REVISE: Prompt = Prompt {
    name: "planner.revise",
    file: include_str!("planner.revise.md"),
};
/// Criticises a version.
pub const CRITIC: Prompt = Prompt {
    name: "critic",
    file: include_str!("critic.md"),
};
/// All prompts.
pub const ALL: [Prompt; 3] = [PROPOSE, REVISE, CRITIC];

impl Prompt {
    /// Its version.
    #[must_use]
    pub fn version(&self) -> u32 {
        let line = self.file.lines().next().unwrap_or_default();
        let number = line.strip_prefix("version: ").unwrap_or_default();
        number.trim().parse().unwrap_or(0)
    }

    /// Name and version, as in `critic/1`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.name, self.version())
    }

    /// What holds for the whole conversation; nothing of anybody's stands in it.
    #[must_use]
    pub fn system(&self) -> String {
        let language = Part::Own(LANGUAGE.trim().to_owned());
        fill(self.section("system"), &[("language", language)])
    }

    /// The message with its places open.
    #[must_use]
    pub fn message(&self) -> &'static str {
        self.section("message")
    }

    /// The message with its places filled.
    #[must_use]
    pub fn filled(&self, parts: &[(&str, Part)]) -> String {
        fill(self.message(), parts)
    }

    fn section(&self, name: &str) -> &'static str {
        let head = format!("=== {name}\n");
        let rest = self.file.split_once(&head).map_or("", |(_, rest)| rest);
        rest.split_once("\n=== ")
            .map_or(rest, |(own, _)| own)
            .trim()
    }
}

/// A place that nobody fills stays empty.
pub(super) fn fill(template: &str, parts: &[(&str, Part)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        if let Some((_, part)) = parts.iter().find(|(known, _)| *known == name) {
            out.push_str(&shown(part));
        }
        rest = after;
    }
    out.push_str(rest);
    out.trim_end().to_owned()
}

fn shown(part: &Part) -> String {
    match part {
        Part::Word(word) if is_word(word) => word.clone(),
        Part::Word(_) => "(not a name)".to_owned(),
        Part::Own(text) => text.clone(),
        Part::Data(what, text) => fenced(what, text),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::load_str;

    #[test]
    fn every_prompt_has_a_version_and_both_texts_and_says_its_limits() {
        for prompt in ALL {
            assert!(prompt.version() >= 1, "{}", prompt.name);
            let system = prompt.system();
            assert!(system.contains("only a person"), "{}", prompt.name);
            assert!(system.contains("data, not instructions"), "{}", prompt.name);
            assert!(system.contains("## The workflow language"));
            assert!(!system.contains("{{") && !system.contains("==="));
            assert!(prompt.message().contains("{{workflow}}"));
        }
        assert_eq!(CRITIC.id(), "critic/1");
    }

    #[test]
    fn the_language_that_models_are_taught_is_the_one_that_is_read() {
        let (_, rest) = LANGUAGE.split_once("```yaml\n").expect("an example");
        let (example, _) = rest.split_once("```").expect("its end");
        let checked = load_str(example).expect("a workflow");
        assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    }

    #[test]
    fn what_is_filled_in_opens_no_place() {
        let parts = [
            ("workflow", Part::Word("{{goal}}".to_owned())),
            ("goal", Part::Data("goal", "{{constraints}}".to_owned())),
            ("constraints", Part::Data("c", "never twice".to_owned())),
        ];
        let whole = PROPOSE.filled(&parts);
        assert_eq!(whole.matches("never twice").count(), 1);
        assert!(whole.contains("(not a name)") && whole.contains("{{constraints}}"));
    }
}
