//! Where people come in: giving up, escalation.

use super::draft::{Edited, Step, Stuck, scalar};
use super::guard::conjuncts;
use super::yaml::Yaml;
use super::{Patch, part};
use crate::syntax::{Entry, Node, NodeKind};

impl Patch {
    pub(super) fn add_reject_path(
        &mut self,
        from: &[String],
        to: &str,
        actor: &str,
        when: Option<&str>,
    ) -> Edited {
        let id = self.free("give_up")?;
        self.make_end(to, "failure")?;
        self.declare_actor(actor, false)?;
        self.append_transition(part::step(&id, actor, from, to, when)?)
    }

    /// `[from, by, to, actor, resume, stop]`.
    pub(super) fn add_escalation(&mut self, parts: [&str; 6], when: Option<&str>) -> Edited {
        let [from, by, to, actor, resume, stop] = parts;
        self.declare_state(to)?;
        self.declare_actor(actor, true)?;
        self.make_end(stop, "failure")?;
        let id = self.free("escalate")?;
        self.append_transition(part::step(&id, by, &[from.to_owned()], to, when)?)?;

        let counters = self.counters()?;
        if !self.has_step(actor, to, resume, &counters)? {
            let id = self.free("answer_go_on")?;
            let mut go_on = part::step(&id, actor, &[to.to_owned()], resume, None)?;
            if !counters.is_empty() {
                let zero = |c: &String| (c.clone(), Yaml::Word("0".to_owned()));
                let set = Yaml::Map(counters.iter().map(zero).collect());
                go_on.push(("set".to_owned(), set));
            }
            self.append_transition(go_on)?;
        }
        if !self.has_step(actor, to, stop, &[])? {
            let id = self.free("answer_stop")?;
            self.append_transition(part::step(&id, actor, &[to.to_owned()], stop, None)?)?;
        }
        Ok(())
    }

    pub(super) fn add_human_checkpoint(
        &mut self,
        transition: &str,
        state: &str,
        actor: &str,
        refuse_to: Option<&str>,
    ) -> Edited {
        let at = self.position("transitions", transition)?;
        let steps = |key| [Step::Key("transitions"), Step::Item(at), Step::Key(key)];
        let to = self.draft.get(&steps("to"))?;
        let target = scalar(&to)?.text.clone();
        let back = match refuse_to {
            Some(back) => back.to_owned(),
            None => words(&self.draft.get(&steps("from"))?)?
                .into_iter()
                .next()
                .ok_or_else(|| Stuck("`from`".to_owned()))?,
        };
        let (start, end, new) = self.draft.renamed(to.span, state);
        self.draft.splice(start, end, &new)?;
        self.declare_state(state)?;
        self.declare_actor(actor, true)?;
        for (word, to) in [("confirm", target), ("refuse", back)] {
            let id = format!("{transition}_{word}");
            self.append_transition(part::step(&id, actor, &[state.to_owned()], &to, None)?)?;
        }
        Ok(())
    }

    /// A transition id that is not taken.
    pub(super) fn free(&self, word: &str) -> Edited<String> {
        let ids = self.ids("transitions")?;
        let mut all =
            std::iter::once(word.to_owned()).chain((2u32..).map(|n| format!("{word}_{n}")));
        all.find(|id| !ids.contains(id))
            .ok_or_else(|| Stuck("a free id".to_owned()))
    }

    fn transitions(&self) -> Edited<Vec<Node>> {
        match self.draft.get(&[Step::Key("transitions")])?.kind {
            NodeKind::List(items) => Ok(items),
            NodeKind::Map(_) | NodeKind::Scalar(_) => Err(Stuck("`transitions`".to_owned())),
        }
    }

    /// Whether some transition of this actor leads this way, sets just these counters to 0, and does no more.
    fn has_step(&self, actor: &str, from: &str, to: &str, zero: &[String]) -> Edited<bool> {
        for t in self.transitions()? {
            let NodeKind::Map(entries) = &t.kind else {
                continue;
            };
            let quiet = ["when", "choose", "bump", "drop", "record"]
                .iter()
                .all(|key| entry(entries, key).is_none_or(is_empty));
            let mut set: Vec<(String, String)> = entry(entries, "set")
                .map(pairs)
                .transpose()?
                .unwrap_or_default();
            set.sort();
            let mut wanted: Vec<_> = zero.iter().map(|c| (c.clone(), "0".to_owned())).collect();
            wanted.sort();
            if quiet
                && set == wanted
                && entry(entries, "actor").map(words).transpose()? == Some(vec![actor.to_owned()])
                && entry(entries, "from").map(words).transpose()? == Some(vec![from.to_owned()])
                && entry(entries, "to").map(words).transpose()? == Some(vec![to.to_owned()])
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Integers from 0 on that some transition raises by one below a number, and counters that are still to come.
    fn counters(&self) -> Edited<Vec<String>> {
        let mut found = Vec::new();
        let vars = self.draft.find(&[Step::Key("vars")])?;
        let entries = match vars.map(|v| v.kind) {
            Some(NodeKind::Map(entries)) => entries,
            Some(NodeKind::List(_) | NodeKind::Scalar(_)) | None => Vec::new(),
        };
        for var in entries {
            let name = var.key.text;
            let NodeKind::Map(parts) = &var.value.kind else {
                continue;
            };
            let lowest = entry(parts, "range")
                .map(words)
                .transpose()?
                .unwrap_or_default();
            let start = entry(parts, "init").map(words).transpose()?;
            if lowest.first().map(String::as_str) == Some("0")
                && start == Some(vec!["0".to_owned()])
                && self.is_counted(&name)?
            {
                found.push(name);
            }
        }
        for later in &self.later {
            if !found.contains(later) {
                found.push(later.clone());
            }
        }
        Ok(found)
    }

    fn is_counted(&self, counter: &str) -> Edited<bool> {
        for t in self.transitions()? {
            let NodeKind::Map(parts) = &t.kind else {
                continue;
            };
            let (Some(set), Some(when)) = (entry(parts, "set"), entry(parts, "when")) else {
                continue;
            };
            let raised = (counter.to_owned(), format!("{counter} + 1"));
            let below = format!("{counter} < ");
            let guard = part::condition(&scalar(when)?.text)?;
            let bounded = conjuncts(&guard).iter().any(|c| {
                c.strip_prefix(&below)
                    .is_some_and(|n| n.parse::<i64>().is_ok())
            });
            if bounded && pairs(set)?.contains(&raised) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

pub(super) fn entry<'e>(entries: &'e [Entry], key: &str) -> Option<&'e Node> {
    entries.iter().find(|e| e.key.text == key).map(|e| &e.value)
}

fn is_empty(node: &Node) -> bool {
    match &node.kind {
        NodeKind::List(items) => items.is_empty(),
        NodeKind::Map(entries) => entries.is_empty(),
        NodeKind::Scalar(_) => false,
    }
}

/// One word, or a list of words.
pub(super) fn words(node: &Node) -> Edited<Vec<String>> {
    match &node.kind {
        NodeKind::Scalar(s) => Ok(vec![s.text.clone()]),
        NodeKind::List(items) => items.iter().map(|i| Ok(scalar(i)?.text.clone())).collect(),
        NodeKind::Map(_) => Err(Stuck("a map where words are expected".to_owned())),
    }
}

/// The entries of a map of expressions, in canonical spelling.
fn pairs(node: &Node) -> Edited<Vec<(String, String)>> {
    let NodeKind::Map(entries) = &node.kind else {
        return Err(Stuck("a map of expressions".to_owned()));
    };
    entries
        .iter()
        .map(|e| {
            let value = part::condition(&scalar(&e.value)?.text)?;
            Ok((e.key.text.clone(), value.to_string()))
        })
        .collect()
}
