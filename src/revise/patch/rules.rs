//! Rules of the workflow's own policy.

use super::draft::{Edited, Step, Stuck};
use super::yaml::Yaml;
use super::{KEYS, Patch, before, id, part};
use crate::finding::critique::RuleSpec;
use crate::syntax::NodeKind;

/// The keys of a rule, in the usual order.
const RULE_KEYS: [&str; 5] = ["id", "action", "effect", "when", "reason"];

impl Patch {
    pub(super) fn change_policy(&mut self, rule: &RuleSpec) -> Edited {
        let entries = part::rule(rule)?;
        let way = [Step::Key("policy"), Step::Key("rules")];
        let Some(list) = self.draft.find(&way)? else {
            let rules = Yaml::Items(vec![Yaml::Map(entries)]);
            let policy = Yaml::Lines(vec![("rules".to_owned(), rules)]);
            return self
                .draft
                .put(&[], before(&KEYS, "policy"), "policy", &policy);
        };
        let NodeKind::List(items) = &list.kind else {
            return Err(Stuck("`rules` is no list".to_owned()));
        };
        let ids: Vec<String> = items.iter().map(id).collect::<Edited<_>>()?;
        let Some(at) = ids.iter().position(|known| *known == rule.id) else {
            return self.draft.append(&way, &Yaml::Lines(entries));
        };
        let [policy, rules] = way;
        let way = [policy, rules, Step::Item(at)];
        for (key, value) in entries.iter().filter(|(key, _)| key != "id") {
            self.set_in(&way, &RULE_KEYS, key, value)?;
        }
        Ok(())
    }
}
