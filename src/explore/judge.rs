//! Answers to all properties: one search for what states and steps decide, then the graph, then searches for precedence.

use crate::explore::agenda::Agenda;
use crate::explore::blocked;
use crate::explore::budget::{Budget, Stop};
use crate::explore::compile::Program;
use crate::explore::compile::watch::{Watch, Watches};
use crate::explore::fair::LabelSet;
use crate::explore::graph::Graph;
use crate::explore::growth;
use crate::explore::liveness::{Liveness, Question};
use crate::explore::observe::{may_revise, observe};
use crate::explore::reach::Reach;
use crate::explore::refine::Abstraction;
use crate::explore::runs::Runs;
use crate::explore::search::{How, Searched, search};
use crate::explore::{Options, Report, not_asked};
use crate::finding::{Answer, Coverage, PropertyAnswer, States, Trace};
use crate::ir::Term;
use crate::model::{CommandIx, PropertyKind, System};

/// What answers are made from.
pub struct Bench<'a, const W: usize> {
    /// The system, compiled.
    pub program: &'a Program<'a, W>,
    /// What was watched for.
    pub agenda: &'a Agenda,
    /// What the search found.
    pub searched: &'a Searched<W>,
    /// The steps, if something needs them: or why there are none.
    pub graph: Option<Result<Graph, Stop>>,
    /// What the run may cost.
    pub budget: Budget<'a>,
    /// How to explore.
    pub options: &'a Options<'a>,
}

/// An answer with what it rests on and notes.
pub struct Judged {
    answer: Answer,
    assumptions: Vec<String>,
    notes: Vec<String>,
}

impl Judged {
    const fn plain(answer: Answer) -> Self {
        Self {
            answer,
            assumptions: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Explores a system whose states take up to `W` words.
#[must_use]
pub fn judge<const W: usize>(system: &System, options: &Options<'_>) -> Report {
    let agenda = Agenda::new(system, options.properties, options.observe);
    let program = Program::<W>::new(system, &agenda.watches, &[]);
    let budget = Budget {
        max_states: options.max_states,
        max_memory: options.max_memory,
        deadline: options.deadline,
        cancel: options.cancel,
    };
    let abstraction = system
        .refinement
        .as_deref()
        .map(|r| Abstraction::new(system, r));
    let how = How {
        budget,
        threads: options.threads,
        progress: options.progress,
        until: None,
    };
    let searched = search(&program, &agenda.watches, abstraction.as_ref(), &how);
    let mut bench = Bench {
        program: &program,
        agenda: &agenda,
        searched: &searched,
        graph: None,
        budget,
        options,
    };
    if searched.stopped.is_none() && bench.needs_graph() {
        let held = searched.space.bytes();
        let graph = Graph::new(&program, &searched.space, &budget, held, options.threads);
        bench.graph = Some(graph);
    }
    let growth = (searched.stopped == Some(Stop::States) || searched.stopped == Some(Stop::Memory))
        .then(|| growth::note(system, &program.layout, &searched.space))
        .flatten();
    let answers = system
        .properties()
        .map(|(property, p)| {
            let mut judged = if options.properties.contains(&property) {
                bench.answer(
                    agenda.properties.get(property.ix()).copied().flatten(),
                    &p.kind,
                )
            } else {
                Judged::plain(not_asked())
            };
            if matches!(judged.answer, Answer::Unknown(_)) {
                judged.notes.extend(growth.clone());
            }
            PropertyAnswer {
                property,
                answer: judged.answer,
                assumptions: judged.assumptions,
                notes: judged.notes,
                seconds: None,
            }
        })
        .collect();
    let observations = if options.observe {
        observe(&bench)
    } else {
        Vec::new()
    };
    Report {
        answers,
        observations,
        states: bench.states(),
        stopped: searched.stopped,
    }
}

impl<const W: usize> Bench<'_, W> {
    /// Runs to what the search found.
    #[must_use]
    pub const fn runs(&self) -> Runs<'_, W> {
        Runs {
            program: self.program,
            space: &self.searched.space,
        }
    }

    fn states(&self) -> States {
        States {
            distinct: self.searched.space.len(),
            steps: Some(self.searched.steps),
            depth: Some(self.searched.space.levels.len().saturating_sub(1) as u64),
            complete: self.searched.stopped.is_none(),
        }
    }

    fn needs_graph(&self) -> bool {
        let system = self.program.system;
        let asked = self
            .options
            .properties
            .iter()
            .filter_map(|ix| system.property(*ix));
        let mut kinds = asked.map(|p| &p.kind);
        kinds.any(|k| {
            matches!(
                k,
                PropertyKind::Eventually(_)
                    | PropertyKind::LeadsTo(..)
                    | PropertyKind::InfinitelyOften(_)
            )
        }) || (self.options.observe && may_revise(system))
    }

    fn covered(&self) -> Coverage {
        match self.searched.stopped {
            None => Coverage::Exhaustive {
                distinct: self.searched.space.len(),
            },
            Some(_) => Coverage::Bounded {
                steps: self.searched.space.levels.len().saturating_sub(1) as u32,
            },
        }
    }

    fn holds(&self, witness: Option<Trace>) -> Answer {
        Answer::Holds {
            coverage: self.covered(),
            witness,
        }
    }

    fn violated(&self, trace: Option<Trace>) -> Answer {
        Answer::Violated {
            trace,
            coverage: Some(self.covered()),
        }
    }

    fn unknown(&self, stop: Stop) -> Judged {
        Judged::plain(Answer::Unknown(stop.words(self.searched.space.len())))
    }

    fn answer(&self, watch: Option<Watch>, kind: &PropertyKind) -> Judged {
        let hit = watch.and_then(|w| self.searched.hit(w));
        match kind {
            PropertyKind::Always(_)
            | PropertyKind::AtRequire(..)
            | PropertyKind::AtEnsure(..)
            | PropertyKind::InRange
            | PropertyKind::NoDeadlock
            | PropertyKind::Refines => match (hit, self.searched.stopped) {
                (Some(hit), _) => Judged::plain(self.violated(Some(self.runs().hit(hit)))),
                (None, None) => Judged::plain(self.holds(None)),
                (None, Some(stop)) => self.unknown(stop),
            },
            PropertyKind::Reachable(_) | PropertyKind::Fires(_) => {
                match (hit, self.searched.stopped) {
                    (Some(hit), _) => Judged::plain(self.holds(Some(self.runs().hit(hit)))),
                    (None, None) => Judged {
                        notes: blocked::notes(self.program, &self.searched.space, kind),
                        ..Judged::plain(self.violated(None))
                    },
                    (None, Some(stop)) => self.unknown(stop),
                }
            }
            PropertyKind::Precedes(first, then) => self.precedes(first, *then),
            PropertyKind::CanReach(goal) => self.can_reach(goal),
            PropertyKind::Eventually(goal) => {
                let goal = self.program.predicate(goal);
                self.live(&Question::Avoid(None, &goal))
            }
            PropertyKind::LeadsTo(first, goal) => {
                let (first, goal) = (self.program.predicate(first), self.program.predicate(goal));
                self.live(&Question::Avoid(Some(&first), &goal))
            }
            PropertyKind::InfinitelyOften(goal) => {
                let goal = self.program.predicate(goal);
                self.live(&Question::Leave(&goal))
            }
        }
    }

    fn can_reach(&self, goal: &Term) -> Judged {
        if let Some(stop) = self.searched.stopped {
            return self.unknown(stop);
        }
        let graph = self.graph.as_ref().and_then(|g| g.as_ref().ok());
        let reach = Reach {
            program: self.program,
            space: &self.searched.space,
            graph,
            budget: &self.budget,
            held: self.held(),
        };
        match reach.stranded(&self.program.predicate(goal)) {
            Ok(None) => Judged::plain(self.holds(None)),
            Ok(Some(ix)) => Judged::plain(self.violated(Some(self.runs().to(ix)))),
            Err(stop) => self.unknown(stop),
        }
    }

    fn held(&self) -> usize {
        let graph = self.graph.as_ref().and_then(|g| g.as_ref().ok());
        self.searched.space.bytes() + graph.map_or(0, Graph::bytes)
    }

    /// The liveness of this system, or why it cannot be told.
    ///
    /// # Errors
    /// Out of time or memory.
    pub fn liveness(&self) -> Result<Liveness<'_, W>, Stop> {
        if let Some(stop) = self.searched.stopped {
            return Err(stop);
        }
        match &self.graph {
            // Never asked: the graph is made whenever something here needs it.
            None => Err(Stop::Memory),
            Some(Err(stop)) => Err(*stop),
            Some(Ok(graph)) if graph.labels.count() > LabelSet::MOST => Err(Stop::Fairness),
            Some(Ok(graph)) => {
                // The numbers and the stacks of the search for components.
                self.budget.memory(self.held() + graph.bound * 24)?;
                Ok(Liveness {
                    program: self.program,
                    space: &self.searched.space,
                    graph,
                    budget: &self.budget,
                })
            }
        }
    }

    fn live(&self, question: &Question<'_, W>) -> Judged {
        match self.live_or_stop(question) {
            Ok(judged) => judged,
            Err(stop) => self.unknown(stop),
        }
    }

    fn live_or_stop(&self, question: &Question<'_, W>) -> Result<Judged, Stop> {
        let live = self.liveness()?;
        let rules = live.rules(&[]);
        let region = live.region(question);
        if live.possible(&region, &rules)? {
            let lasso = live.lasso(question, region, &rules)?;
            let labels = &live.graph.labels;
            let trace = lasso.map(|l| self.runs().lasso(&l, |id| labels.of(id)));
            return Ok(Judged::plain(self.violated(trace)));
        }
        let needed = live.needed(&region)?;
        let commands = needed.iter().filter_map(|l| live.graph.labels.command(*l));
        Ok(Judged {
            assumptions: commands.map(|c| self.name(c)).collect(),
            ..Judged::plain(self.holds(None))
        })
    }

    fn name(&self, command: CommandIx) -> String {
        self.program
            .system
            .symbols
            .transition_name(command)
            .to_owned()
    }

    /// S-15: whether `then` is enabled somewhere in the system without `first`.
    fn precedes(&self, first: &[CommandIx], then: CommandIx) -> Judged {
        let enabled = self.agenda.enabled.get(then.ix());
        if self.searched.stopped.is_none()
            && enabled.is_none_or(|w| self.searched.hit(*w).is_none())
        {
            return Judged::plain(self.holds(None));
        }
        let mut watches = Watches::default();
        let watch = watches.add();
        watches.enabled.push((watch, then, Term::truth(true)));
        let program = Program::<W>::new(self.program.system, &watches, first);
        let how = How {
            budget: Budget {
                max_memory: self.budget.max_memory.saturating_sub(self.held() as u64),
                ..self.budget
            },
            threads: self.options.threads,
            progress: self.options.progress,
            until: Some(watch),
        };
        let searched = search(&program, &watches, None, &how);
        let runs = Runs {
            program: &program,
            space: &searched.space,
        };
        match (searched.hit(watch), searched.stopped) {
            (Some(hit), _) => Judged::plain(self.violated(Some(runs.hit(hit)))),
            (None, None) => Judged::plain(Answer::Holds {
                coverage: Coverage::Exhaustive {
                    distinct: searched.space.len(),
                },
                witness: None,
            }),
            (None, Some(stop)) => Judged::plain(Answer::Unknown(stop.words(searched.space.len()))),
        }
    }
}
