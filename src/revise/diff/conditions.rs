//! Guards and properties that say something else: which of the two is the stronger, over all typed values, and a value that
//! shows it.
//!
//! What a property demands is compared, so `always: p` and `never: not p` are one demand. Values include those that no run
//! reaches: "weakened" means that the text promises less, whether or not a run makes use of it.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::check::{CheckedForm, CheckedProperty, CheckedTransition, CheckedWorkflow};
use crate::engine::z3::compare::{Implication, Implied, implications};
use crate::host::cancel::CancelToken;
use crate::ir::{Term, TransitionId};
use crate::revise::diff::reader::{Reader, Unsaid};
use crate::revise::diff::rename::Names;
use crate::revise::diff::value::{Condition, ConditionKind, Relation};
use crate::revise::diff::vocabulary::Vocabulary;

/// The two versions, and what the old one's names are called in the new one.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    /// The old one.
    pub old: &'a CheckedWorkflow,
    /// The new one.
    pub new: &'a CheckedWorkflow,
    /// Guessed renames.
    pub names: &'a Names,
}

/// What two conditions are to each other, before anybody was asked.
enum Asked {
    /// Not known, or known without asking.
    Settled(Relation, Option<String>),
    /// Whether the old one demands at least what the new one does, and the other way round: all implications of each list have to
    /// hold.
    Compare {
        old_to_new: Vec<Implication>,
        new_to_old: Vec<Implication>,
    },
}

/// A pair to be judged.
struct Case {
    kind: ConditionKind,
    old: Option<String>,
    new: Option<String>,
    asked: Asked,
}

/// Everything that is not the same in both, transitions first, each in the order of the old file, then what the new one adds.
#[must_use]
pub fn conditions(
    versions: Versions<'_>,
    deadline: Duration,
    cancel: &CancelToken,
) -> Vec<Condition> {
    let Versions { old, new, names } = versions;
    let vocabulary = Vocabulary::of(old, new, names);
    let joined = Joined {
        versions,
        vocabulary: &vocabulary,
        readers: [
            Reader {
                to: &vocabulary,
                from: old,
                names: Some(names),
            },
            Reader {
                to: &vocabulary,
                from: new,
                names: None,
            },
        ],
    };
    let mut cases = joined.guards();
    cases.extend(joined.properties());
    let questions: Vec<Implication> = cases
        .iter()
        .flat_map(|c| match &c.asked {
            Asked::Settled(..) => Vec::new(),
            Asked::Compare {
                old_to_new,
                new_to_old,
            } => [old_to_new.clone(), new_to_old.clone()].concat(),
        })
        .collect();
    let answers = implications(&vocabulary.system, &questions, deadline, cancel);
    let mut answers = answers.into_iter();
    let note = (!names.is_empty()).then(|| "the guessed renames taken for renames".to_owned());
    cases
        .into_iter()
        .map(|case| judge(case, &mut answers, note.as_ref()))
        .collect()
}

fn judge(
    case: Case,
    answers: &mut impl Iterator<Item = Implied>,
    note: Option<&String>,
) -> Condition {
    let mut condition = Condition {
        kind: case.kind,
        old: case.old,
        new: case.new,
        relation: Relation::Unknown,
        why: None,
        only_new: None,
        only_old: None,
    };
    let (forth, back) = match case.asked {
        Asked::Settled(relation, why) => {
            condition.relation = relation;
            condition.why = why;
            return condition;
        }
        Asked::Compare {
            old_to_new,
            new_to_old,
        } => (
            all(answers.by_ref().take(old_to_new.len()).collect()),
            all(answers.by_ref().take(new_to_old.len()).collect()),
        ),
    };
    let guard = case.kind == ConditionKind::Guard;
    condition.relation = match (&forth, &back) {
        (Implied::Yes, Implied::Yes) => Relation::Equivalent,
        (Implied::Yes, Implied::No(_)) if guard => Relation::Widened,
        (Implied::No(_), Implied::Yes) if guard => Relation::Narrowed,
        (Implied::Yes, Implied::No(_)) => Relation::Weakened,
        (Implied::No(_), Implied::Yes) => Relation::Strengthened,
        (Implied::No(_), Implied::No(_)) => Relation::Incomparable,
        (Implied::Unknown(_), _) | (_, Implied::Unknown(_)) => Relation::Unknown,
    };
    condition.why = match (&forth, &back) {
        (Implied::Unknown(why), _) | (_, Implied::Unknown(why)) => Some(why.clone()),
        (Implied::Yes | Implied::No(_), Implied::Yes | Implied::No(_)) => note.cloned(),
    };
    if let Implied::No(values) = forth {
        condition.only_old = Some(values);
    }
    if let Implied::No(values) = back {
        condition.only_new = Some(values);
    }
    condition
}

/// All of several implications.
fn all(answers: Vec<Implied>) -> Implied {
    let mut unknown = None;
    if answers.is_empty() {
        return Implied::Unknown("not asked".to_owned());
    }
    for answer in answers {
        match answer {
            Implied::Yes => {}
            Implied::No(values) => return Implied::No(values),
            Implied::Unknown(why) => unknown = Some(why),
        }
    }
    unknown.map_or(Implied::Yes, Implied::Unknown)
}

struct Joined<'a> {
    versions: Versions<'a>,
    vocabulary: &'a Vocabulary,
    /// Old, new.
    readers: [Reader<'a>; 2],
}

impl Joined<'_> {
    /// Transitions of both versions that can fire in other cases now, or say so in other words.
    fn guards(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        for t in &self.versions.old.transitions {
            let called = self.versions.names.transition(t.name.as_str());
            let all = &self.versions.new.transitions;
            let Some(u) = all.iter().find(|u| u.name.as_str() == called) else {
                continue;
            };
            let [a, b] = &self.readers;
            let asked = match (a.enabled(t), b.enabled(u)) {
                (Err(why), _) | (_, Err(why)) => unsaid(&why),
                (Ok(x), Ok(y)) if x == y => continue,
                (Ok(x), Ok(y)) => self.both_ways(called, Some(called), &x, &y),
            };
            cases.push(Case {
                kind: ConditionKind::Guard,
                old: Some(t.name.to_string()),
                new: Some(u.name.to_string()),
                asked,
            });
        }
        cases
    }

    fn properties(&self) -> Vec<Case> {
        let (old, new) = (&self.versions.old.properties, &self.versions.new.properties);
        let case = |old: Option<&CheckedProperty>, new: Option<&CheckedProperty>, asked| Case {
            kind: ConditionKind::Property,
            old: old.map(|p| p.id.to_string()),
            new: new.map(|p| p.id.to_string()),
            asked,
        };
        let mut cases = Vec::new();
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for p in old {
            let same = new.iter().find(|q| q.id == p.id);
            let Some(q) = same.or_else(|| by_requirement(p, old, new)) else {
                let why = "it is removed: nothing demands it any more".to_owned();
                let asked = Asked::Settled(removed(p), Some(why));
                cases.push(case(Some(p), None, asked));
                continue;
            };
            taken.insert(q.id.as_str());
            cases.extend(
                self.property(p, q)
                    .map(|asked| case(Some(p), Some(q), asked)),
            );
        }
        for q in new.iter().filter(|q| !taken.contains(q.id.as_str())) {
            let (relation, why) = if q.expect_violated {
                (Relation::Incomparable, "it is new, a negative control")
            } else {
                (Relation::Strengthened, "it is new")
            };
            let asked = Asked::Settled(relation, Some(why.to_owned()));
            cases.push(case(None, Some(q), asked));
        }
        cases
    }

    /// What two properties are to each other; `None` where they are the same.
    fn property(&self, p: &CheckedProperty, q: &CheckedProperty) -> Option<Asked> {
        match (p.expect_violated, q.expect_violated) {
            (false, false) => {}
            (true, true) => return self.control(p, q),
            (false, true) => {
                let why = "it was demanded, and is expected to be violated now".to_owned();
                return Some(Asked::Settled(Relation::Weakened, Some(why)));
            }
            (true, false) => {
                let why = "it was expected to be violated, and is demanded now".to_owned();
                return Some(Asked::Settled(Relation::Strengthened, Some(why)));
            }
        }
        self.forms(p, q)
    }

    /// Two negative controls: what is demanded is that they fail, so the stronger condition is the weaker control.
    fn control(&self, p: &CheckedProperty, q: &CheckedProperty) -> Option<Asked> {
        Some(match self.forms(p, q)? {
            Asked::Compare {
                old_to_new,
                new_to_old,
            } => Asked::Compare {
                old_to_new: new_to_old,
                new_to_old: old_to_new,
            },
            settled @ Asked::Settled(..) => settled,
        })
    }

    fn forms(&self, p: &CheckedProperty, q: &CheckedProperty) -> Option<Asked> {
        let other = |why: &str| Some(Asked::Settled(Relation::Incomparable, Some(why.to_owned())));
        let id = q.id.as_str();
        match (&p.form, &q.form) {
            (CheckedForm::Precedes(first, then), CheckedForm::Precedes(before, that)) => {
                self.precedes((first, *then), (before, *that))
            }
            (CheckedForm::LeadsTo(a, b), CheckedForm::LeadsTo(c, d)) => {
                self.leads_to(id, (a, b), (c, d))
            }
            (
                CheckedForm::Always(_) | CheckedForm::Never(_),
                CheckedForm::Always(_) | CheckedForm::Never(_),
            )
            | (CheckedForm::Reachable(_), CheckedForm::Reachable(_))
            | (CheckedForm::CanReach(_), CheckedForm::CanReach(_))
            | (CheckedForm::Eventually(_), CheckedForm::Eventually(_))
            | (CheckedForm::InfinitelyOften(_), CheckedForm::InfinitelyOften(_))
            | (CheckedForm::AtRequire(..), CheckedForm::AtRequire(..))
            | (CheckedForm::AtEnsure(..), CheckedForm::AtEnsure(..)) => self.demands(id, p, q),
            (
                CheckedForm::Always(_)
                | CheckedForm::Never(_)
                | CheckedForm::AtRequire(..)
                | CheckedForm::AtEnsure(..)
                | CheckedForm::Precedes(..)
                | CheckedForm::Reachable(_)
                | CheckedForm::CanReach(_)
                | CheckedForm::Eventually(_)
                | CheckedForm::LeadsTo(..)
                | CheckedForm::InfinitelyOften(_),
                _,
            ) => other("it is of another form now"),
        }
    }

    /// Two properties whose demands grow with one condition.
    fn demands(&self, id: &str, p: &CheckedProperty, q: &CheckedProperty) -> Option<Asked> {
        let [a, b] = &self.readers;
        let (x, at) = demand(a, p);
        let (y, other) = demand(b, q);
        if at != other {
            let why = "it is about another transition now".to_owned();
            return Some(Asked::Settled(Relation::Incomparable, Some(why)));
        }
        match (x, y) {
            (Err(why), _) | (_, Err(why)) => Some(unsaid(&why)),
            (Ok(x), Ok(y)) if x == y => None,
            (Ok(x), Ok(y)) => Some(self.both_ways(id, at.as_deref(), &x, &y)),
        }
    }

    /// `a` leads to `b` demands more the more cases `a` covers and the fewer `b` does.
    fn leads_to(&self, id: &str, old: (&Term, &Term), new: (&Term, &Term)) -> Option<Asked> {
        let [r, s] = &self.readers;
        let read = || -> Result<[Term; 4], Unsaid> {
            Ok([
                r.term(old.0, None)?,
                r.term(old.1, None)?,
                s.term(new.0, None)?,
                s.term(new.1, None)?,
            ])
        };
        let [a, b, c, d] = match read() {
            Err(why) => return Some(unsaid(&why)),
            Ok(terms) => terms,
        };
        (a != c || b != d).then(|| Asked::Compare {
            old_to_new: vec![
                self.question(id, None, &c, &a),
                self.question(id, None, &b, &d),
            ],
            new_to_old: vec![
                self.question(id, None, &a, &c),
                self.question(id, None, &d, &b),
            ],
        })
    }

    /// The fewer transitions may open the way, the more is demanded.
    fn precedes(
        &self,
        old: (&[TransitionId], TransitionId),
        new: (&[TransitionId], TransitionId),
    ) -> Option<Asked> {
        let Versions {
            old: o,
            new: n,
            names,
        } = self.versions;
        let before: BTreeSet<&str> = old
            .0
            .iter()
            .map(|t| names.transition(o.symbols.transition_name(*t)))
            .collect();
        let after: BTreeSet<&str> = new
            .0
            .iter()
            .map(|t| n.symbols.transition_name(*t))
            .collect();
        let [a, b] = [
            names.transition(o.symbols.transition_name(old.1)),
            n.symbols.transition_name(new.1),
        ];
        let listed = |all: Vec<&&str>| {
            all.iter()
                .map(|t| format!("`{t}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let more = listed(after.difference(&before).collect());
        let fewer = listed(before.difference(&after).collect());
        let (relation, why) = if a != b {
            let why = format!("it is about `{b}` now, no more about `{a}`");
            (Relation::Incomparable, why)
        } else {
            match (more.is_empty(), fewer.is_empty()) {
                (true, true) => return None,
                (false, true) => (Relation::Weakened, format!("{more} may open the way too")),
                (true, false) => (
                    Relation::Strengthened,
                    format!("{fewer} may not open the way any more"),
                ),
                (false, false) => (
                    Relation::Incomparable,
                    format!("{more} may open the way now, {fewer} may not"),
                ),
            }
        };
        Some(Asked::Settled(relation, Some(why)))
    }

    fn both_ways(&self, id: &str, at: Option<&str>, old: &Term, new: &Term) -> Asked {
        Asked::Compare {
            old_to_new: vec![self.question(id, at, old, new)],
            new_to_old: vec![self.question(id, at, new, old)],
        }
    }

    fn question(&self, id: &str, at: Option<&str>, first: &Term, second: &Term) -> Implication {
        let command = at.and_then(|name| self.vocabulary.command(name));
        let choices = command.and_then(|c| self.vocabulary.choices_typed.get(c.ix()));
        let mut premise = self.vocabulary.typed.clone();
        premise.extend(choices.into_iter().flatten().cloned());
        Implication {
            label: format!("does one {id} imply the other?"),
            command,
            premise,
            first: first.clone(),
            second: second.clone(),
        }
    }
}

/// What a property demands, and of which transition, by its name in the new version.
fn demand(reader: &Reader<'_>, p: &CheckedProperty) -> (Result<Term, Unsaid>, Option<String>) {
    let find =
        |t: &TransitionId| -> Option<&CheckedTransition> { reader.from.transitions.get(t.ix()) };
    match &p.form {
        CheckedForm::Never(x) => (reader.term(x, None).map(Term::negated), None),
        CheckedForm::AtRequire(t, x) | CheckedForm::AtEnsure(t, x) => {
            let t = find(t);
            let name = t.map(|t| {
                let own = t.name.as_str();
                reader.names.map_or(own, |n| n.transition(own)).to_owned()
            });
            (reader.term(x, t), name)
        }
        CheckedForm::Always(x)
        | CheckedForm::Reachable(x)
        | CheckedForm::CanReach(x)
        | CheckedForm::Eventually(x)
        | CheckedForm::InfinitelyOften(x) => (reader.term(x, None), None),
        CheckedForm::Precedes(..) | CheckedForm::LeadsTo(..) => {
            (Err(Unsaid::Lost(p.id.to_string())), None)
        }
    }
}

/// The one new property that takes the place of a removed one, by their requirement.
fn by_requirement<'p>(
    p: &CheckedProperty,
    old: &[CheckedProperty],
    new: &'p [CheckedProperty],
) -> Option<&'p CheckedProperty> {
    let wanted = p.requirement.as_ref()?;
    let gone = |x: &&CheckedProperty| {
        x.requirement.as_ref() == Some(wanted) && !new.iter().any(|y| y.id == x.id)
    };
    let come = |x: &&CheckedProperty| {
        x.requirement.as_ref() == Some(wanted) && !old.iter().any(|y| y.id == x.id)
    };
    let mut candidates = new.iter().filter(come);
    let only = candidates.next().filter(|_| candidates.next().is_none())?;
    (old.iter().filter(gone).count() == 1).then_some(only)
}

/// A promise that is gone is a weaker promise; a negative control that is gone promised nothing about the workflow.
const fn removed(p: &CheckedProperty) -> Relation {
    if p.expect_violated {
        Relation::Incomparable
    } else {
        Relation::Weakened
    }
}

/// Conditions without a common value cannot be compared; what should be there and is not leaves the question open.
fn unsaid(why: &Unsaid) -> Asked {
    let relation = match why {
        Unsaid::Clash(_) => Relation::Incomparable,
        Unsaid::Lost(_) => Relation::Unknown,
    };
    Asked::Settled(relation, Some(why.to_string()))
}
