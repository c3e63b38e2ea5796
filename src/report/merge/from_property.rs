//! The finding that follows from a property's verdict.

use std::collections::BTreeSet;

use super::claim::Claim;
use super::judge::Judged;
use super::words;
use crate::finding::{Engine, FindingKind, PropertyIx, Subject, SubjectKind, Trace};
use crate::ir::term::CmpOp;
use crate::ir::{Cell, Domain, Sources, Span, StateId, Term, TermKind, Value};
use crate::model::{CommandIx, Outcome, Property, PropertyKind, System, step};
use crate::report::finding_id::finding_id;
use crate::report::findings::{doc, severity};
use crate::report::outcome::Finding;
use crate::report::plain;
use crate::report::run::{Run, control_state};
use crate::report::verdict::PropertyVerdict;

/// Control states that no run reaches, which explains much else.
pub(super) struct Unreached(BTreeSet<StateId>);

impl Unreached {
    /// By the verdicts of the automatic properties.
    pub(super) fn of(system: &System, judged: &[(PropertyIx, Judged)]) -> Self {
        let mut states = BTreeSet::new();
        for (ix, judged) in judged {
            let name = system
                .property(*ix)
                .filter(|p| p.automatic)
                .and_then(|p| p.id.strip_prefix("state:"));
            if let Some(name) = name
                && judged.verdict == PropertyVerdict::Violated
            {
                states.extend(
                    (0u16..)
                        .map(StateId)
                        .zip(&system.symbols.states)
                        .find_map(|(id, s)| (s.name.as_str() == name).then_some(id)),
                );
            }
        }
        Self(states)
    }
}

/// The findings of one property: none where it holds as it should.
pub(super) fn findings(
    system: &System,
    sources: &Sources,
    ix: PropertyIx,
    judged: &Judged,
    unreached: &Unreached,
) -> Vec<Finding> {
    let Some(property) = system.property(ix) else {
        return Vec::new();
    };
    match judged.verdict {
        PropertyVerdict::Violated if !property.expect_violated => {
            vec![violated(system, sources, property, judged, unreached)]
        }
        PropertyVerdict::Holds | PropertyVerdict::Vacuous if property.expect_violated => {
            let engines = engines(judged, |c| matches!(c, Claim::Holds { .. }));
            let subject = Subject::new(SubjectKind::Property, &property.id);
            vec![plain_finding(
                FindingKind::Expectation,
                property,
                subject,
                engines,
            )]
        }
        PropertyVerdict::Holds => silent_assumption(system, property, judged)
            .into_iter()
            .collect(),
        PropertyVerdict::Violated
        | PropertyVerdict::Vacuous
        | PropertyVerdict::Unknown
        | PropertyVerdict::Unavailable
        | PropertyVerdict::Disagreement
        | PropertyVerdict::Unreplayable => Vec::new(),
    }
}

/// A property without words of its own that rests on people acting in the end.
fn silent_assumption(system: &System, property: &Property, judged: &Judged) -> Option<Finding> {
    if property.text.is_some() || property.automatic {
        return None;
    }
    let people = super::by_people(system, &judged.assumptions);
    if people.is_empty() {
        return None;
    }
    let engines = engines(
        judged,
        |c| matches!(c, Claim::Holds { assumptions, .. } if !assumptions.is_empty()),
    );
    let subject = Subject::new(SubjectKind::Property, &property.id);
    let mut finding = plain_finding(FindingKind::MissingAssumption, property, subject, engines);
    let listed = people
        .iter()
        .map(|p| format!("`{p}`"))
        .collect::<Vec<_>>()
        .join(", ");
    finding.title = format!(
        "`{}` holds only if a person acts in the end ({listed}), and no `text:` says so",
        property.id
    );
    finding.suggestions = vec!["say in its `text:` who has to act".to_owned()];
    finding.spans.extend(
        system
            .commands
            .iter()
            .filter(|c| people.iter().any(|p| p == c.name.as_str()))
            .map(|c| c.guard_span),
    );
    Some(finding)
}

fn engines(judged: &Judged, test: fn(&Claim) -> bool) -> Vec<Engine> {
    judged
        .claims
        .iter()
        .filter(|(_, _, c)| test(c))
        .map(|(e, _, _)| *e)
        .collect()
}

fn plain_finding(
    kind: FindingKind,
    property: &Property,
    subject: Subject,
    confirmed_by: Vec<Engine>,
) -> Finding {
    let doc = doc(kind);
    Finding {
        id: finding_id(kind, &subject),
        kind,
        severity: severity(kind, &subject, property.requirement.is_some()),
        title: doc.title_for(&subject.name),
        property: Some(property.id.clone()),
        spans: vec![property.span],
        run: None,
        core: Vec::new(),
        notes: Vec::new(),
        suggestions: words::hint(doc, &subject.name),
        confirmed_by,
        subject,
    }
}

/// The finding of a refuted property. Of several runs the first engine's is shown; the others confirm it.
fn violated(
    system: &System,
    sources: &Sources,
    property: &Property,
    judged: &Judged,
    unreached: &Unreached,
) -> Finding {
    let mut traces = judged.claims.iter().filter_map(|(_, _, c)| match c {
        Claim::Refuted {
            trace: Some(trace), ..
        } => Some(trace),
        Claim::Refuted { trace: None, .. }
        | Claim::Holds { .. }
        | Claim::Unreplayable(_)
        | Claim::Unknown(_)
        | Claim::OutOfBudget(_)
        | Claim::Unavailable(_)
        | Claim::Failed(_)
        | Claim::NotAsked(_) => None,
    });
    let trace = traces.next();
    let engines = engines(judged, |c| matches!(c, Claim::Refuted { .. }));
    let (kind, subject, first) = subject(system, property, trace);
    let mut finding = plain_finding(kind, property, subject, engines);
    // The whole file is the place of most automatic properties, which says nothing beside a better one.
    let own = Some(property.span).filter(|_| first.is_none() || !property.automatic);
    finding.spans = first.into_iter().chain(own).collect();
    finding.spans.dedup();
    for (_, _, claim) in &judged.claims {
        if let Claim::Refuted { notes, .. } = claim {
            for note in notes.iter().map(|n| plain::line(n).into_owned()) {
                if !finding.notes.contains(&note) {
                    finding.notes.push(note);
                }
            }
        }
    }
    if let Some(trace) = trace {
        finding.run = Some(Run::of(system, trace));
        explain(system, sources, property, trace, &mut finding);
    }
    reason(system, property, unreached, &mut finding);
    finding
}

/// Kind, subject and the place to point at.
fn subject(
    system: &System,
    property: &Property,
    trace: Option<&Trace>,
) -> (FindingKind, Subject, Option<Span>) {
    let own = || Subject::new(SubjectKind::Property, &property.id);
    let symbols = &system.symbols;
    let last_state = || {
        let id = control_state(system, &trace?.steps.last()?.state)?;
        Some((
            Subject::new(SubjectKind::State, symbols.state_name(id)),
            symbols.state(id)?.span,
        ))
    };
    let last_step = || {
        let id = trace?.steps.last()?.transition?;
        Some((
            Subject::new(SubjectKind::Transition, symbols.transition_name(id)),
            symbols.transitions.get(id.ix())?.span,
        ))
    };
    let split = |found: Option<(Subject, Span)>| {
        found.map_or_else(|| (own(), None), |(s, span)| (s, Some(span)))
    };
    match &property.kind {
        PropertyKind::NoDeadlock => {
            let (subject, span) = split(last_state());
            (FindingKind::Deadlock, subject, span)
        }
        PropertyKind::InRange => {
            let (subject, span) = split(last_step());
            (FindingKind::BoundOverflow, subject, span)
        }
        PropertyKind::CanReach(_) if property.automatic => {
            let (subject, span) = split(last_state());
            (FindingKind::NoOptionToComplete, subject, span)
        }
        PropertyKind::Reachable(_) if property.automatic => {
            let (sort, name) = match property.id.split_once(':') {
                Some(("state", name)) => (SubjectKind::State, name),
                Some(("phase", name)) => (SubjectKind::Phase, name),
                Some(_) | None => (SubjectKind::Property, property.id.as_str()),
            };
            let declared = symbols
                .states
                .iter()
                .find(|s| sort == SubjectKind::State && s.name.as_str() == name);
            (
                FindingKind::UnreachableState,
                Subject::new(sort, name),
                declared.map(|s| s.span),
            )
        }
        PropertyKind::Fires(command) => {
            let subject = Subject::new(SubjectKind::Transition, symbols.transition_name(*command));
            (
                FindingKind::DeadTransition,
                subject,
                symbols.transitions.get(command.ix()).map(|t| t.span),
            )
        }
        PropertyKind::Refines => (
            FindingKind::Refinement,
            Subject::new(SubjectKind::Workflow, system.id.as_str()),
            None,
        ),
        PropertyKind::AtRequire(command, _) | PropertyKind::AtEnsure(command, _)
            if property.automatic =>
        {
            (
                FindingKind::StepProperty,
                own(),
                symbols.transitions.get(command.ix()).map(|t| t.span),
            )
        }
        PropertyKind::Always(_) => (FindingKind::Invariant, own(), None),
        PropertyKind::AtRequire(..) | PropertyKind::AtEnsure(..) => {
            (FindingKind::StepProperty, own(), None)
        }
        PropertyKind::Precedes(..) => (FindingKind::Precedence, own(), None),
        PropertyKind::Reachable(_) => (FindingKind::Unreached, own(), None),
        PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_) => (FindingKind::Liveness, own(), None),
    }
}

/// What in the last state or step of a run fails.
fn explain(
    system: &System,
    sources: &Sources,
    property: &Property,
    trace: &Trace,
    finding: &mut Finding,
) {
    let Some(last) = trace.steps.last() else {
        return;
    };
    let before = trace
        .steps
        .len()
        .checked_sub(2)
        .and_then(|i| trace.steps.get(i));
    match &property.kind {
        PropertyKind::Always(condition) => {
            finding.core = words::failing(system, sources, condition, &last.state, &[]);
        }
        PropertyKind::AtRequire(_, condition) => {
            if let Some(before) = before {
                finding.core =
                    words::failing(system, sources, condition, &before.state, &last.choices);
            }
        }
        PropertyKind::AtEnsure(command, condition) => {
            finding.core = words::failing(system, sources, condition, &last.state, &last.choices);
            if property.automatic {
                needs(system, property, *command, finding);
            }
        }
        PropertyKind::InRange => overflow(system, trace, finding),
        PropertyKind::Precedes(before, then) => {
            let names: Vec<String> = before
                .iter()
                .map(|c| format!("`{}`", system.symbols.transition_name(*c)))
                .collect();
            let then = system.symbols.transition_name(*then);
            finding.title = format!(
                "`{}` fails: `{then}` can fire before {}",
                property.id,
                names.join(" or ")
            );
        }
        PropertyKind::Refines => {
            if let (Some(other), Some(id)) = (system.refinement.as_ref(), last.transition) {
                let name = system.symbols.transition_name(id);
                finding.title = format!(
                    "`{name}` does something that {} cannot do",
                    plain::line(&other.file)
                );
                finding
                    .spans
                    .extend(system.symbols.transitions.get(id.ix()).map(|t| t.span));
            }
        }
        PropertyKind::Reachable(_)
        | PropertyKind::Fires(_)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_)
        | PropertyKind::NoDeadlock => {}
    }
}

fn needs(system: &System, property: &Property, command: CommandIx, finding: &mut Finding) {
    let Some((_, evidence)) = property.id.rsplit_once('/') else {
        return;
    };
    let entered = system
        .command(command)
        .and_then(|c| c.to)
        .map(|s| system.symbols.state_name(s));
    if let Some(state) = entered {
        let name = system.symbols.transition_name(command);
        finding.title = format!("`{name}` enters `{state}` without fresh `{evidence}`");
        finding.suggestions = vec![format!(
            "record `{evidence}` in `{name}`, or ask `fresh({evidence})` in its `when:`"
        )];
    }
}

/// Which cells leave which range.
fn overflow(system: &System, trace: &Trace, finding: &mut Finding) {
    let [.., before, last] = trace.steps.as_slice() else {
        return;
    };
    let Some((id, command)) = last
        .transition
        .and_then(|id| Some((id, system.command(id)?)))
    else {
        return;
    };
    let Outcome::LeavesRange { slots, state } = step(system, command, &before.state, &last.choices)
    else {
        return;
    };
    let mut told = Vec::new();
    for slot in slots {
        let (Some(cell), Some(value)) = (system.cell(slot), state.get(slot.ix())) else {
            continue;
        };
        let name = system.symbols.cell_name(cell.cell);
        let shown = system.symbols.show(cell.domain.ty(), *value);
        told.push(match cell.domain {
            Domain::Int { lo, hi } => format!("`{name}` to {shown}, outside {lo}..{hi}"),
            Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => {
                format!("`{name}` to {shown}, which it cannot hold")
            }
        });
        if let Cell::Var(v) = cell.cell {
            finding
                .spans
                .extend(system.symbols.vars.get(v.ix()).map(|v| v.span));
        }
    }
    finding.title = format!(
        "`{}` can take {}",
        system.symbols.transition_name(id),
        told.join(" and ")
    );
}

/// Why a state is never reached, or a transition never fires: what is sure first, else what the engine saw nearest.
fn reason(system: &System, property: &Property, unreached: &Unreached, finding: &mut Finding) {
    let sure = match &property.kind {
        PropertyKind::Reachable(goal) if property.automatic => no_way_in(system, goal, unreached),
        PropertyKind::Fires(command) => system.command(*command).and_then(|c| {
            let never = c.from.iter().all(|s| unreached.0.contains(s));
            never.then(|| {
                if c.from.len() == 1 {
                    "its state is never reached"
                } else {
                    "its states are never reached"
                }
                .to_owned()
            })
        }),
        PropertyKind::Reachable(_)
        | PropertyKind::Always(_)
        | PropertyKind::AtRequire(..)
        | PropertyKind::AtEnsure(..)
        | PropertyKind::Precedes(..)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_)
        | PropertyKind::InRange
        | PropertyKind::NoDeadlock
        | PropertyKind::Refines => return,
    };
    let told = match sure {
        Some(why) => {
            finding.notes.clear();
            Some(why)
        }
        None if finding.notes.is_empty() => None,
        None => {
            let note = finding.notes.remove(0);
            let own = format!("`{}` is ", finding.subject.name);
            Some(note.strip_prefix(&own).map(str::to_owned).unwrap_or(note))
        }
    };
    if let Some(why) = told {
        finding.title = format!("{}: {why}", finding.title);
    }
}

/// What is sure about a control state that no run reaches.
fn no_way_in(system: &System, goal: &Term, unreached: &Unreached) -> Option<String> {
    let state = goal_state(goal)?;
    let enters: Vec<_> = system
        .commands
        .iter()
        .filter(|c| c.to == Some(state))
        .collect();
    match enters.as_slice() {
        [] => Some("no transition enters it".to_owned()),
        all if all
            .iter()
            .all(|c| c.from.iter().all(|s| unreached.0.contains(s))) =>
        {
            Some("it is entered only from states that are never reached".to_owned())
        }
        _ => None,
    }
}

/// The state of a goal `state == S`.
fn goal_state(goal: &Term) -> Option<StateId> {
    let TermKind::Cmp(CmpOp::Eq, a, b) = &goal.kind else {
        return None;
    };
    match (&a.kind, &b.kind) {
        (TermKind::Read(Cell::State), TermKind::Lit(Value::Enum(s)))
        | (TermKind::Lit(Value::Enum(s)), TermKind::Read(Cell::State)) => Some(StateId(*s)),
        _ => None,
    }
}
