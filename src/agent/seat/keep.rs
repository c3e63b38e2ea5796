//! What a revision must not lose: everything a person has said, and all that the critique left alone.
//!
//! The measure is the revision that the changes give when they are carried out word for word; where they cannot be carried
//! out so, it is the version before. A revision may do more than the measure, never with less: each state, actor, end,
//! property and rule of the measure stands in it as it is.

use std::collections::BTreeMap;

use super::Standing;
use super::reading::digest;
use crate::finding::Critique;
use crate::ir::canonical::to_full_json;
use crate::revise::{Answers, apply_to};
use serde_json::Value;

/// Lists of things with an `id` that stay as they are.
const LISTS: [(&str, &str); 3] = [
    ("states", "state"),
    ("actors", "actor"),
    ("properties", "property"),
];
/// Keys whose values stay as they are.
const WHOLE: [&str; 5] = ["goal", "constraints", "terminal", "policy", "refines"];

/// What a revision is measured by, and what people may have changed of it.
pub(super) struct Measure {
    json: Value,
    /// Whether the changes could be carried out.
    exact: bool,
}

impl Measure {
    /// The measure for a revision of this version by this critique.
    pub(super) fn of(before: &Standing, critique: &Critique, answers: &Answers) -> Self {
        let refinement = before.checked.refinement.as_ref();
        let refined = refinement.map(|r| (r.refined.clone(), digest(&r.refined)));
        let changes = &critique.recommended_changes;
        match apply_to(&before.text, refined, changes, answers) {
            Ok(revised) => Self {
                json: to_full_json(&revised.checked.ir),
                exact: true,
            },
            Err(_) => Self {
                json: to_full_json(&before.checked.ir),
                exact: false,
            },
        }
    }

    /// Everything that the revision has lost or changed; `mentions` says whether the critique speaks of a name.
    pub(super) fn lost(&self, after: &Standing, mentions: &dyn Fn(&str) -> bool) -> Vec<String> {
        let after = to_full_json(&after.checked.ir);
        let mut lost = Vec::new();
        for key in WHOLE {
            let free = !self.exact && mentions(key);
            if self.json.get(key) != after.get(key) && !free {
                lost.push(format!(
                    "`{key}` is not what it has to be{}",
                    told(self.json.get(key))
                ));
            }
        }
        for (key, what) in LISTS {
            let (wanted, found) = (by_id(&self.json, key), by_id(&after, key));
            for (id, value) in wanted {
                if !self.exact && mentions(id) {
                    continue;
                }
                match found.get(id) {
                    None => lost.push(format!("the {what} `{id}` is gone")),
                    Some(now) if *now != value => lost.push(format!(
                        "the {what} `{id}` is not what it has to be{}",
                        told(Some(value))
                    )),
                    Some(_) => {}
                }
            }
        }
        lost
    }
}

fn told(value: Option<&Value>) -> String {
    value.map_or_else(
        || ": leave it out".to_owned(),
        |v| {
            let text = v.to_string();
            if text.chars().count() <= 300 {
                format!(": {text}")
            } else {
                String::new()
            }
        },
    )
}

fn by_id<'v>(json: &'v Value, key: &str) -> BTreeMap<&'v str, &'v Value> {
    let items = json.get(key).and_then(Value::as_array);
    let named = |item: &'v Value| {
        let id = item.as_str().or_else(|| item.get("id")?.as_str())?;
        Some((id, item))
    };
    items.into_iter().flatten().filter_map(named).collect()
}
