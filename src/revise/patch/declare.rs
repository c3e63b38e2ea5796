//! Declarations: actors, states, ends, evidence, counters.

use super::draft::{Edited, Step, Stuck, scalar};
use super::yaml::Yaml;
use super::{KEYS, Patch, part};
use crate::finding::critique::EvidenceSpec;
use crate::syntax::NodeKind;

impl Patch {
    /// Declares an actor unless it is declared.
    pub(super) fn declare_actor(&mut self, name: &str, person: bool) -> Edited {
        if self.ids("actors")?.iter().any(|a| a == name) {
            return Ok(());
        }
        let word = Yaml::Word(name.to_owned());
        let actor = if person && name != "Human" {
            let kind = Yaml::Word("human".to_owned());
            Yaml::Map(vec![("id".to_owned(), word), ("kind".to_owned(), kind)])
        } else {
            word
        };
        self.append("actors", actor)
    }

    /// Declares a state unless it is declared.
    pub(super) fn declare_state(&mut self, name: &str) -> Edited {
        if self.ids("states")?.iter().any(|s| s == name) {
            return Ok(());
        }
        self.append("states", Yaml::Word(name.to_owned()))
    }

    pub(super) fn add_state(&mut self, name: &str, needs: &[String]) -> Edited {
        let word = Yaml::Word(name.to_owned());
        let state = if needs.is_empty() {
            word
        } else {
            Yaml::Map(vec![
                ("id".to_owned(), word),
                ("needs".to_owned(), Yaml::words(needs)),
            ])
        };
        self.append("states", state)
    }

    /// Makes a state an end of this sort, `success` or `failure`, unless it is one; declares it if it is missing.
    pub(super) fn make_end(&mut self, name: &str, sort: &str) -> Edited {
        self.declare_state(name)?;
        let names = Yaml::List(vec![Yaml::Word(name.to_owned())]);
        let ends = Yaml::Map(vec![(sort.to_owned(), names.clone())]);
        let Some(terminal) = self.draft.find(&[Step::Key("terminal")])? else {
            return self.set_in(&[], &KEYS, "terminal", &ends);
        };
        if matches!(terminal.kind, NodeKind::Scalar(_)) {
            return self.set_in(&[], &KEYS, "terminal", &ends);
        }
        let way = [Step::Key("terminal"), Step::Key(sort)];
        let Some(list) = self.draft.find(&way)? else {
            return self.draft.put(&[Step::Key("terminal")], &[], sort, &names);
        };
        let NodeKind::List(items) = &list.kind else {
            return Err(Stuck("`terminal`".to_owned()));
        };
        for item in items {
            if scalar(item)?.text == name {
                return Ok(());
            }
        }
        self.draft.append(&way, &Yaml::Word(name.to_owned()))
    }

    pub(super) fn add_evidence(
        &mut self,
        name: &str,
        of: &EvidenceSpec,
        recorded_by: &[String],
    ) -> Edited {
        for artifact in &of.artifacts {
            if !self.ids("artifacts")?.contains(artifact) {
                self.append("artifacts", Yaml::Word(artifact.clone()))?;
            }
        }
        self.declare("evidence", name, part::evidence(of))?;
        for t in recorded_by {
            self.put_under(t, "record", name, Yaml::Map(Vec::new()))?;
        }
        Ok(())
    }

    pub(super) fn bound_revision(
        &mut self,
        transitions: &[String],
        counter: &str,
        limit: u32,
    ) -> Edited {
        let way = [Step::Key("vars"), Step::Key(counter)];
        if self.draft.find(&way)?.is_none() {
            self.declare("vars", counter, part::counter(limit))?;
        }
        let bound = part::condition(&format!("{counter} < {limit}"))?;
        for t in transitions {
            self.conjoin(t, &bound)?;
            self.put_under(t, "set", counter, Yaml::Value(format!("{counter} + 1")))?;
        }
        Ok(())
    }

    /// Adds an entry to a map of a transition, which it may not have yet.
    fn put_under(&mut self, transition: &str, key: &str, name: &str, value: Yaml) -> Edited {
        let at = self.position("transitions", transition)?;
        let way = [Step::Key("transitions"), Step::Item(at), Step::Key(key)];
        if self.draft.find(&way)?.is_some() {
            return self.draft.put(&way, &[], name, &value);
        }
        let map = Yaml::Map(vec![(name.to_owned(), value)]);
        self.put_in_transition(at, key, &map)
    }
}
