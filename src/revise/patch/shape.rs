//! States that change their name or merge, wherever they stand.

use std::collections::BTreeSet;

use super::draft::{Edited, Step, Stuck, scalar};
use super::people::{entry, words};
use super::rewrite::Words;
use super::yaml::Yaml;
use super::{Patch, id};
use crate::syntax::{Node, NodeKind};

/// The forms of properties that are one expression.
const FORMS: [&str; 8] = [
    "always",
    "never",
    "require",
    "ensure",
    "reachable",
    "can_reach",
    "eventually",
    "infinitely_often",
];

impl Patch {
    pub(super) fn rename_state(&mut self, state: &str, to: &str) -> Edited {
        let (of, into) = ([state.to_owned()], [to.to_owned()]);
        self.rewrite(&of, &into)?;
        self.lead_to(&of, to)?;
        let at = self.position("states", state)?;
        self.rename_item("states", at, to)
    }

    pub(super) fn merge_states(&mut self, states: &[String], into: &str) -> Edited {
        self.rewrite(states, &[into.to_owned()])?;
        self.lead_to(states, into)?;
        let all: Vec<usize> = (0..)
            .zip(self.ids("states")?)
            .filter(|(_, s)| states.contains(s))
            .map(|(n, _)| n)
            .collect();
        let mut needs: Vec<String> = Vec::new();
        for n in &all {
            for e in self.needs(*n)? {
                if !needs.contains(&e) {
                    needs.push(e);
                }
            }
        }
        let Some((first, others)) = all.split_first() else {
            return Err(Stuck("the states to merge".to_owned()));
        };
        for n in others.iter().rev() {
            self.draft.remove(&[Step::Key("states")], *n)?;
        }
        self.rename_item("states", *first, into)?;
        self.demand(*first, &needs)
    }

    /// Replaces states in all expressions and lists, but not where they are declared and not in `to`.
    pub(super) fn rewrite(&mut self, of: &[String], into: &[String]) -> Edited {
        let root = self.draft.get(&[])?;
        let NodeKind::Map(top) = &root.kind else {
            return Err(Stuck("the workflow".to_owned()));
        };
        let mut values: BTreeSet<String> = self.foreign.iter().cloned().collect();
        for key in ["vars", "evidence", "transitions"] {
            if let Some(node) = entry(top, key) {
                enum_values(node, &mut values)?;
            }
        }
        let states = self.ids("states")?.into_iter().collect();
        let rewriter = Words {
            of,
            into,
            values: &values,
            states: &states,
        };
        let mut edits = Vec::new();
        for (node, conditions) in expressions(&root) {
            edits.extend(rewriter.edits(&self.draft, node, conditions)?);
        }
        self.draft.splice_all(edits)?;
        for n in 0..self.ids("transitions")?.len() {
            let way = [Step::Key("transitions"), Step::Item(n), Step::Key("from")];
            self.replace_names(&way, of, into)?;
        }
        for sort in ["success", "failure"] {
            self.replace_names(&[Step::Key("terminal"), Step::Key(sort)], of, into)?;
        }
        let initial = [Step::Key("initial")];
        if let (Some(node), Some(first)) = (self.draft.find(&initial)?, into.first())
            && of.contains(&scalar(&node)?.text)
        {
            self.rename_at(&node, first)?;
        }
        Ok(())
    }

    /// Replaces names in a list, or in the one word that stands for a list of one; the new ones stand once.
    pub(super) fn replace_names(
        &mut self,
        way: &[Step<'_>],
        of: &[String],
        into: &[String],
    ) -> Edited {
        let (Some(node), Some((first, others))) = (self.draft.find(way)?, into.split_first())
        else {
            return Ok(());
        };
        let items = match &node.kind {
            NodeKind::Scalar(s) if !of.contains(&s.text) => return Ok(()),
            NodeKind::Scalar(_) if others.is_empty() => return self.rename_at(&node, first),
            NodeKind::Scalar(_) => return self.draft.replace(way, &Yaml::words(into)),
            NodeKind::List(items) => items,
            NodeKind::Map(_) => return Err(Stuck(format!("{way:?} is a map"))),
        };
        let mut hits = Vec::new();
        for (n, item) in items.iter().enumerate() {
            if of.contains(&scalar(item)?.text) {
                hits.push((n, item));
            }
        }
        let Some(((at, item), doubles)) = hits.split_first() else {
            return Ok(());
        };
        for (n, _) in doubles.iter().rev() {
            self.draft.remove(way, *n)?;
        }
        self.rename_at(item, first)?;
        for (n, other) in others.iter().enumerate() {
            self.draft
                .insert_behind(way, at + n, &Yaml::Word(other.clone()))?;
        }
        Ok(())
    }

    /// Makes every `to` to one of these states one to another.
    fn lead_to(&mut self, of: &[String], into: &str) -> Edited {
        for n in 0..self.ids("transitions")?.len() {
            let way = [Step::Key("transitions"), Step::Item(n), Step::Key("to")];
            if let Some(node) = self.draft.find(&way)?
                && of.contains(&scalar(&node)?.text)
            {
                self.rename_at(&node, into)?;
            }
        }
        Ok(())
    }

    /// Gives a declaration of a list another id.
    pub(super) fn rename_item(&mut self, key: &str, n: usize, new: &str) -> Edited {
        let node = self.draft.get(&[Step::Key(key), Step::Item(n)])?;
        match &node.kind {
            NodeKind::Map(entries) => match entry(entries, "id") {
                Some(id) => self.rename_at(id, new),
                None => Err(Stuck("a declaration without an id".to_owned())),
            },
            NodeKind::Scalar(_) => self.rename_at(&node, new),
            NodeKind::List(_) => Err(Stuck("a list where a declaration is expected".to_owned())),
        }
    }

    pub(super) fn rename_at(&mut self, node: &Node, new: &str) -> Edited {
        if self.draft.block_header(node).is_some() {
            return Err(Stuck("a name as a block of text".to_owned()));
        }
        let (start, end, new) = self.draft.renamed(node.span, new);
        self.draft.splice(start, end, &new)
    }

    /// The evidence that a state demands.
    pub(super) fn needs(&self, n: usize) -> Edited<Vec<String>> {
        match self.draft.get(&[Step::Key("states"), Step::Item(n)])?.kind {
            NodeKind::Map(entries) => Ok(entry(&entries, "needs")
                .map(words)
                .transpose()?
                .unwrap_or_default()),
            NodeKind::Scalar(_) => Ok(Vec::new()),
            NodeKind::List(_) => Err(Stuck("a list where a state is expected".to_owned())),
        }
    }

    /// Makes a state demand this evidence besides what it demands.
    pub(super) fn demand(&mut self, n: usize, needs: &[String]) -> Edited {
        let has = self.needs(n)?;
        let more: Vec<String> = needs.iter().filter(|e| !has.contains(e)).cloned().collect();
        if more.is_empty() {
            return Ok(());
        }
        let way = [Step::Key("states"), Step::Item(n)];
        let node = self.draft.get(&way)?;
        match &node.kind {
            NodeKind::Map(entries) if entry(entries, "needs").is_some() => {
                let [states, item] = way;
                for e in more {
                    self.draft
                        .append(&[states, item, Step::Key("needs")], &Yaml::Word(e))?;
                }
                Ok(())
            }
            NodeKind::Map(_) => self.draft.put(&way, &["id"], "needs", &Yaml::words(&more)),
            NodeKind::Scalar(_) | NodeKind::List(_) => {
                let state = Yaml::Map(vec![
                    ("id".to_owned(), Yaml::Word(id(&node)?)),
                    ("needs".to_owned(), Yaml::words(&more)),
                ]);
                self.draft.replace(&way, &state)
            }
        }
    }
}

/// The values of every `values:` below.
fn enum_values(node: &Node, values: &mut BTreeSet<String>) -> Edited {
    match &node.kind {
        NodeKind::Map(entries) => {
            for e in entries {
                if e.key.text == "values" && matches!(e.value.kind, NodeKind::List(_)) {
                    values.extend(words(&e.value)?);
                } else {
                    enum_values(&e.value, values)?;
                }
            }
        }
        NodeKind::List(items) => {
            for item in items {
                enum_values(item, values)?;
            }
        }
        NodeKind::Scalar(_) => {}
    }
    Ok(())
}

/// Every scalar that is an expression about states; with it, whether only the conditions of its `if`s are about this
/// workflow's.
fn expressions(root: &Node) -> Vec<(&Node, bool)> {
    let mut found = Vec::new();
    for t in items(root, "transitions") {
        found.extend(below(t, "when").map(|e| (e, false)));
        found.extend(values_of(below(t, "set")).map(|(_, e)| (e, false)));
        for (_, record) in values_of(below(t, "record")) {
            let fields = values_of(Some(record)).filter(|(key, _)| *key != "from");
            found.extend(fields.map(|(_, e)| (e, false)));
        }
    }
    for p in items(root, "properties") {
        found.extend(FORMS.iter().filter_map(|f| below(p, f)).map(|e| (e, false)));
        if let Some(NodeKind::List(pair)) = below(p, "leads_to").map(|n| &n.kind) {
            found.extend(pair.iter().map(|e| (e, false)));
        }
    }
    let map = below(root, "refines").and_then(|r| below(r, "map"));
    found.extend(values_of(map).map(|(key, e)| (e, key == "state")));
    found
}

fn below<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.kind {
        NodeKind::Map(entries) => entry(entries, key),
        NodeKind::List(_) | NodeKind::Scalar(_) => None,
    }
}

fn items<'n>(root: &'n Node, key: &str) -> &'n [Node] {
    match below(root, key).map(|n| &n.kind) {
        Some(NodeKind::List(items)) => items,
        Some(NodeKind::Map(_) | NodeKind::Scalar(_)) | None => &[],
    }
}

fn values_of(node: Option<&Node>) -> impl Iterator<Item = (&str, &Node)> {
    let entries = match node.map(|n| &n.kind) {
        Some(NodeKind::Map(entries)) => entries.as_slice(),
        Some(NodeKind::List(_) | NodeKind::Scalar(_)) | None => &[],
    };
    entries.iter().map(|e| (e.key.text.as_str(), &e.value))
}
