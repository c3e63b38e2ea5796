//! What no property asks for: endless revision, evidence used while stale, properties that say nothing.

use crate::explore::agenda::Use;
use crate::explore::budget::Stop;
use crate::explore::judge::Bench;
use crate::explore::liveness::Liveness;
use crate::explore::runs::Lasso;
use crate::explore::vacuity::can_change;
use crate::explore::words::show;
use crate::finding::{FindingKind, Observation, PropertyIx, Subject, SubjectKind, Trace};
use crate::ir::Span;
use crate::model::{Property, System, Vacuity};

/// Everything noticed, in a fixed order.
#[must_use]
pub fn observe<const W: usize>(bench: &Bench<'_, W>) -> Vec<Observation> {
    let mut all: Vec<Observation> = revision(bench).into_iter().collect();
    all.extend(stale_uses(bench));
    if bench.searched.stopped.is_none() {
        let system = bench.program.system;
        all.extend(
            system
                .properties()
                .filter(|(ix, p)| !p.automatic && bench.options.properties.contains(ix))
                .filter_map(|(ix, p)| vacuous(bench, ix, p)),
        );
    }
    all
}

/// Whether transitions that are no person's go round between control states at all, guards left aside.
#[must_use]
pub fn may_revise(system: &System) -> bool {
    let states = system.terminal.len();
    let mut next = vec![Vec::new(); states];
    for command in system.commands.iter().filter(|c| !c.human) {
        for from in &command.from {
            if let (Some(to), Some(row)) = (command.to, next.get_mut(from.ix()))
                && to != *from
            {
                row.push(to.ix());
            }
        }
    }
    let comes_back = |start: usize| {
        let mut seen = vec![false; states];
        let mut work = vec![start];
        while let Some(at) = work.pop() {
            for to in next.get(at).into_iter().flatten() {
                if *to == start {
                    return true;
                }
                if let Some(seen) = seen.get_mut(*to)
                    && !std::mem::replace(seen, true)
                {
                    work.push(*to);
                }
            }
        }
        false
    };
    system.has_terminals && (0..states).any(comes_back)
}

fn revision<const W: usize>(bench: &Bench<'_, W>) -> Option<Observation> {
    let system = bench.program.system;
    if !may_revise(system) || bench.searched.stopped.is_some() {
        return None;
    }
    let found = bench.liveness().and_then(|live| {
        let lasso = live.revision()?;
        Ok(lasso.map(|l| trace_of(bench, &live, &l)))
    });
    match found {
        Ok(None) => None,
        Ok(Some(trace)) => Some(endless(bench.program.system, trace)),
        Err(stop) => Some(undecided(bench, stop)),
    }
}

fn trace_of<const W: usize>(bench: &Bench<'_, W>, live: &Liveness<'_, W>, lasso: &Lasso) -> Trace {
    bench.runs().lasso(lasso, |id| live.graph.labels.of(id))
}

fn endless(system: &System, trace: Trace) -> Observation {
    let round: Vec<_> = trace
        .steps
        .iter()
        .skip(trace.loop_from.map_or(0, |l| l + 1))
        .filter_map(|s| s.transition)
        .collect();
    let mut names: Vec<&str> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for ix in round {
        let name = system.symbols.transition_name(ix);
        if !names.contains(&name) {
            names.push(name);
            spans.extend(system.command(ix).map(|c| c.span));
        }
    }
    Observation {
        kind: FindingKind::UnboundedRevision,
        subject: Subject::new(SubjectKind::Workflow, system.id.as_str()),
        spans,
        words: vec![
            "the workflow can go round for ever without a person's step".to_owned(),
            format!("again and again: {}", names.join(", ")),
        ],
        trace: Some(trace),
        core: Vec::new(),
    }
}

fn undecided<const W: usize>(bench: &Bench<'_, W>, stop: Stop) -> Observation {
    let system = bench.program.system;
    Observation {
        kind: FindingKind::BudgetExceeded,
        subject: Subject::new(SubjectKind::Workflow, system.id.as_str()),
        spans: Vec::new(),
        words: vec![
            "whether the workflow can go round for ever was not decided".to_owned(),
            stop.words(bench.searched.space.len()),
        ],
        trace: None,
        core: Vec::new(),
    }
}

fn stale_uses<const W: usize>(bench: &Bench<'_, W>) -> Vec<Observation> {
    let system = bench.program.system;
    let symbols = &system.symbols;
    let hit = |u: &Use| {
        let hit = bench.searched.hit(u.watch)?;
        let command = system.command(u.command)?;
        let (name, evidence) = (&command.name, symbols.ev_name(u.evidence));
        Some(Observation {
            kind: FindingKind::StaleUse,
            subject: Subject::new(SubjectKind::Use, format!("{name}/{evidence}")),
            spans: vec![command.guard_span],
            words: vec![
                format!("`{name}` uses `{evidence}` while it is stale"),
                format!("its guard asks neither `fresh({evidence})` nor `stale({evidence})`"),
            ],
            trace: Some(bench.runs().hit(hit)),
            core: Vec::new(),
        })
    };
    bench.agenda.uses.iter().filter_map(hit).collect()
}

fn vacuous<const W: usize>(
    bench: &Bench<'_, W>,
    ix: PropertyIx,
    property: &Property,
) -> Option<Observation> {
    let system = bench.program.system;
    let alive = bench.agenda.alive.get(ix.ix()).copied().flatten();
    let dead = alive.is_some_and(|w| bench.searched.hit(w).is_none());
    let why = match &property.vacuity {
        Some(Vacuity::NeverEnabled(c)) if dead => {
            let name = system.symbols.transition_name(*c);
            format!("`{name}` is never enabled")
        }
        Some(Vacuity::NeverTrue(term)) if dead => {
            let words = show(&system.symbols, term);
            format!("`{words}` is never true")
        }
        Some(Vacuity::NeverEnabled(_) | Vacuity::NeverTrue(_)) | None => {
            if can_change(system, &property.kind) {
                return None;
            }
            "no transition changes anything it names".to_owned()
        }
    };
    Some(Observation {
        kind: FindingKind::Vacuous,
        subject: Subject::new(SubjectKind::Property, property.id.as_str()),
        spans: vec![property.span],
        words: vec![format!("property `{}` says nothing", property.id), why],
        trace: None,
        core: Vec::new(),
    })
}
