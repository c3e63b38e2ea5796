//! Which watches a search needs for the properties asked, and for what is noticed besides.

use crate::explore::compile::watch::{Watch, Watches};
use crate::finding::PropertyIx;
use crate::ir::{Cell, EvId, Term, TermKind, Ty};
use crate::model::{Command, CommandIx, PropertyKind, System, Vacuity};

/// The watches of the main search and what each is for.
#[derive(Debug, Default)]
pub struct Agenda {
    /// The watches.
    pub watches: Watches,
    /// By property: the watch that decides it, for those that one search decides.
    pub properties: Vec<Option<Watch>>,
    /// By property: hit unless it is vacuous.
    pub alive: Vec<Option<Watch>>,
    /// By command: hit when it is enabled.
    pub enabled: Vec<Watch>,
    /// Uses of evidence that may be stale.
    pub uses: Vec<Use>,
}

/// Evidence that a command reads, or copies the stamps of, without asking whether it is stale.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    /// The command.
    pub command: CommandIx,
    /// The evidence.
    pub evidence: EvId,
    /// Hit when the command is enabled while the evidence is stale.
    pub watch: Watch,
}

impl Agenda {
    /// What to watch for in order to answer `asked`.
    #[must_use]
    pub fn new(system: &System, asked: &[PropertyIx], observe: bool) -> Self {
        let mut agenda = Self::default();
        let truth = || Term::truth(true);
        for (command, _) in system.commands() {
            let watch = agenda.watches.add();
            agenda.watches.enabled.push((watch, command, truth()));
            agenda.enabled.push(watch);
        }
        for (ix, property) in system.properties() {
            let wanted = asked.contains(&ix);
            let watch = if wanted {
                agenda.property(&property.kind)
            } else {
                None
            };
            let alive = match property.vacuity.as_ref().filter(|_| wanted) {
                None => None,
                Some(Vacuity::NeverEnabled(c)) => agenda.enabled.get(c.ix()).copied(),
                Some(Vacuity::NeverTrue(term)) => Some(agenda.state(term.clone())),
            };
            agenda.properties.push(watch);
            agenda.alive.push(alive);
        }
        if observe {
            for (command, c) in system.commands() {
                for evidence in unasked(c) {
                    let watch = agenda.watches.add();
                    let stale = Term::made(TermKind::Stale(evidence, None), Ty::Bool);
                    agenda.watches.enabled.push((watch, command, stale));
                    agenda.uses.push(Use {
                        command,
                        evidence,
                        watch,
                    });
                }
            }
        }
        agenda
    }

    fn state(&mut self, term: Term) -> Watch {
        let watch = self.watches.add();
        self.watches.states.push((watch, term));
        watch
    }

    fn property(&mut self, kind: &PropertyKind) -> Option<Watch> {
        match kind {
            PropertyKind::Always(p) => Some(self.state(p.clone().negated())),
            PropertyKind::Reachable(p) => Some(self.state(p.clone())),
            PropertyKind::AtRequire(c, p) => {
                let watch = self.watches.add();
                self.watches.enabled.push((watch, *c, p.clone().negated()));
                Some(watch)
            }
            PropertyKind::AtEnsure(c, p) => {
                let watch = self.watches.add();
                self.watches.fired.push((watch, *c, p.clone().negated()));
                Some(watch)
            }
            PropertyKind::Fires(c) => {
                let watch = self.watches.add();
                self.watches.fired.push((watch, *c, Term::truth(true)));
                Some(watch)
            }
            PropertyKind::InRange => Some(once(&mut self.watches, |w| &mut w.outside)),
            PropertyKind::NoDeadlock => Some(once(&mut self.watches, |w| &mut w.deadlock)),
            PropertyKind::Refines => Some(once(&mut self.watches, |w| &mut w.refines)),
            PropertyKind::Precedes(..)
            | PropertyKind::CanReach(_)
            | PropertyKind::Eventually(_)
            | PropertyKind::LeadsTo(..)
            | PropertyKind::InfinitelyOften(_) => None,
        }
    }
}

fn once(watches: &mut Watches, place: fn(&mut Watches) -> &mut Option<Watch>) -> Watch {
    if let Some(watch) = *place(watches) {
        return watch;
    }
    let watch = watches.add();
    *place(watches) = Some(watch);
    watch
}

/// Evidence that the guard reads, or whose stamps are copied, while the guard does not ask whether it is fresh or stale.
fn unasked(command: &Command) -> Vec<EvId> {
    let (mut used, mut asked) = (Vec::new(), Vec::new());
    each_part(&command.guard, &mut |t| match &t.kind {
        TermKind::Read(Cell::Has(e) | Cell::Field(e, _)) => used.push(*e),
        TermKind::Fresh(e, _) | TermKind::Stale(e, _) => asked.push(*e),
        TermKind::Lit(_)
        | TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => {}
    });
    for update in &command.updates {
        // The only terms that read a bit are copied stamps.
        if let TermKind::Read(Cell::Bit(source, _)) = update.value.kind {
            used.push(source);
        }
    }
    used.sort();
    used.dedup();
    used.retain(|e| !asked.contains(e));
    used
}

/// Every part of a term, itself included.
pub fn each_part<'t>(term: &'t Term, f: &mut impl FnMut(&'t Term)) {
    f(term);
    for part in term.parts() {
        each_part(part, f);
    }
}
