//! For what blocks and no rule mends: only a person knows whether the workflow is wrong or what is demanded of it.

use crate::critique::case::Case;
use crate::critique::proposal::{Question, option};
use crate::critique::scene::snake;

/// Which of the two is wrong.
pub(super) fn question(case: &Case) -> Question {
    let demanded = case.property.as_ref().map_or_else(
        || "what is found here is meant so: I change what is demanded".to_owned(),
        |p| format!("`{p}` demands too much: I change the property"),
    );
    Question {
        id: id(case),
        text: format!("{}. Which of the two is wrong?", case.title),
        options: vec![
            option(
                "workflow",
                "the workflow is wrong: I change its transitions",
                Vec::new(),
            ),
            option("demand", demanded, Vec::new()),
        ],
    }
}

/// A question's name from what it is about.
pub(super) fn id(case: &Case) -> String {
    let word = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '_'
        }
    };
    let about: String = case.subject.name.chars().map(word).collect();
    let id = format!("{}_{}", case.kind.word(), snake(&about));
    id.chars().take(60).collect()
}
