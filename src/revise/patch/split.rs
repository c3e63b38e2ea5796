//! One state becomes several: its declaration, the ways in, and what properties say of them.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Edited, Step, scalar};
use super::people::words;
use super::yaml::Yaml;
use super::{Patch, part};
use crate::syntax::NodeKind;

impl Patch {
    pub(super) fn split_state(
        &mut self,
        state: &str,
        into: &[String],
        incoming: &BTreeMap<String, String>,
        when: &BTreeMap<String, String>,
        needs: &BTreeMap<String, Vec<String>>,
    ) -> Edited {
        self.rewrite(&[state.to_owned()], into)?;
        let at = self.position("states", state)?;
        let old = self.needs(at)?;
        for (n, name) in into.iter().enumerate() {
            if n > 0 {
                let mut demands = old.clone();
                let more = needs.get(name).into_iter().flatten();
                for e in more {
                    if !demands.contains(e) {
                        demands.push(e.clone());
                    }
                }
                let word = Yaml::Word(name.clone());
                let new = if demands.is_empty() {
                    word
                } else {
                    Yaml::Map(vec![
                        ("id".to_owned(), word),
                        ("needs".to_owned(), Yaml::words(&demands)),
                    ])
                };
                self.draft
                    .insert_behind(&[Step::Key("states")], at + n - 1, &new)?;
            }
        }
        if let Some(first) = into.first() {
            self.rename_item("states", at, first)?;
            let more = needs.get(first).cloned().unwrap_or_default();
            self.demand(at, &more)?;
        }
        let doubled = self.ways_in(state, into, incoming, when)?;
        self.promises(into, &doubled)
    }

    /// Leads every way in to its part, or doubles it; the ids of those that were doubled.
    fn ways_in(
        &mut self,
        state: &str,
        into: &[String],
        incoming: &BTreeMap<String, String>,
        when: &BTreeMap<String, String>,
    ) -> Edited<BTreeSet<String>> {
        let mut doubled = BTreeSet::new();
        let mut n = 0;
        while let Some(id) = self.ids("transitions")?.get(n).cloned() {
            let way = [Step::Key("transitions"), Step::Item(n), Step::Key("to")];
            let leads = match self.draft.find(&way)? {
                Some(to) => scalar(&to)?.text == state,
                None => false,
            };
            if !leads {
                n += 1;
                continue;
            }
            let parts: Vec<(String, &String)> = match incoming.get(&id) {
                Some(given) => vec![(id.clone(), given)],
                None => into.iter().map(|p| (format!("{id}_{p}"), p)).collect(),
            };
            if parts.len() > 1 {
                doubled.insert(id);
            }
            for _ in 1..parts.len() {
                self.draft.duplicate(&[Step::Key("transitions")], n)?;
            }
            for (id, part) in parts {
                self.rename_item("transitions", n, &id)?;
                let way = [Step::Key("transitions"), Step::Item(n), Step::Key("to")];
                let to = self.draft.get(&way)?;
                self.rename_at(&to, part)?;
                if let Some(guard) = when.get(part) {
                    self.conjoin_at(n, &part::condition(guard)?)?;
                }
                n += 1;
            }
        }
        Ok(doubled)
    }

    /// Lets properties speak of every copy of a transition that was doubled.
    fn promises(&mut self, into: &[String], doubled: &BTreeSet<String>) -> Edited {
        let mut n = 0;
        while let Some(id) = self.ids("properties")?.get(n).cloned() {
            let steps = |key| [Step::Key("properties"), Step::Item(n), Step::Key(key)];
            let [list, item, precedes] = steps("precedes");
            let first = [list, item, precedes, Step::Item(0)];
            for t in doubled {
                let copies: Vec<String> = into.iter().map(|p| format!("{t}_{p}")).collect();
                self.replace_names(&first, std::slice::from_ref(t), &copies)?;
            }
            let mut target = None;
            for way in [&steps("at")[..], &[list, item, precedes, Step::Item(1)]] {
                if let Some(node) = self.draft.find(way)?
                    && matches!(node.kind, NodeKind::Scalar(_))
                {
                    let named = words(&node)?.into_iter().find(|t| doubled.contains(t));
                    target =
                        target.or(named.map(|t| (way.get(2..).unwrap_or_default().to_vec(), t)));
                }
            }
            let Some((rest, t)) = target else {
                n += 1;
                continue;
            };
            for _ in 1..into.len() {
                self.draft.duplicate(&[Step::Key("properties")], n)?;
            }
            for part in into {
                self.rename_item("properties", n, &format!("{id}_{part}"))?;
                let mut way = vec![Step::Key("properties"), Step::Item(n)];
                way.extend(rest.iter().copied());
                let node = self.draft.get(&way)?;
                self.rename_at(&node, &format!("{t}_{part}"))?;
                n += 1;
            }
        }
        Ok(())
    }
}
