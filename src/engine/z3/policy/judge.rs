//! The questions, and the findings that their answers are.

use super::ask::{AskError, Asker};
use super::inputs::Inputs;
use crate::check::{CheckedPolicy, CheckedRule};
use crate::eval::truth;
use crate::finding::{CoreItem, FindingKind, Observation, Subject, SubjectKind};
use crate::ir::workflow::{Action, Effect};
use crate::ir::{PolicyInput, Span, Value};
use crate::lower::smt::policy::{Leak, Rules, allowed, demand, permitted, unopposed};
use crate::lower::smt::tree::{Smt, and, eq, not};

/// Judges one file as it stands.
pub(super) fn file(
    asker: &mut Asker<'_>,
    policy: &CheckedPolicy,
    found: &mut Vec<Observation>,
) -> Result<(), AskError> {
    for action in Action::ALL {
        let rules = Rules {
            project: of(policy, action),
            own: Vec::new(),
        };
        if rules.project.is_empty() {
            found.push(silent(policy, action));
        } else if possible(asker, action, &rules, found)? {
            always(asker, action, &rules, found)?;
            leaks(asker, action, &rules, found)?;
            gap(asker, action, &rules, found)?;
            shadowed(asker, &rules, &rules.project, found)?;
        }
    }
    Ok(())
}

/// Judges a workflow's own policy together with the project's, for the actions that it speaks of. What it cannot make worse,
/// because it only tightens, is not asked again.
pub(super) fn together(
    asker: &mut Asker<'_>,
    project: &CheckedPolicy,
    own: &CheckedPolicy,
    found: &mut Vec<Observation>,
) -> Result<(), AskError> {
    for action in Action::ALL {
        let rules = Rules {
            project: of(project, action),
            own: of(own, action),
        };
        let alone = Rules {
            project: rules.project.clone(),
            own: Vec::new(),
        };
        // Where the project's policy allows nothing, that is said already.
        if rules.own.is_empty() || allows_nothing(asker, action, &alone)? {
            continue;
        }
        if possible(asker, action, &rules, found)? {
            if rules.own.iter().any(|r| r.effect == Effect::Permit) {
                gap(asker, action, &rules, found)?;
            }
            shadowed(asker, &rules, &rules.own, found)?;
        }
    }
    Ok(())
}

fn of(policy: &CheckedPolicy, action: Action) -> Vec<&CheckedRule> {
    policy.rules.iter().filter(|r| r.action == action).collect()
}

fn allows_nothing(
    asker: &mut Asker<'_>,
    action: Action,
    rules: &Rules<'_>,
) -> Result<bool, AskError> {
    let label = format!("can {} be allowed?", action.word());
    let example = asker.example(&label, allowed(rules), |i| i.allowed_by(rules))?;
    Ok(example.is_none())
}

/// Whether the action can be allowed; says why where it cannot.
fn possible(
    asker: &mut Asker<'_>,
    action: Action,
    rules: &Rules<'_>,
    found: &mut Vec<Observation>,
) -> Result<bool, AskError> {
    if !allows_nothing(asker, action, rules)? {
        return Ok(true);
    }
    let word = action.word();
    let label = format!("can {word} be permitted?");
    let permit = asker.example(&label, permitted(rules), |i| {
        rules.with(Effect::Permit).any(|r| truth(&r.when, i))
    })?;
    let permits: Vec<&CheckedRule> = rules.with(Effect::Permit).collect();
    if permit.is_none() {
        let why = if permits.is_empty() {
            "no rule permits it".to_owned()
        } else {
            format!("no inputs make {} hold", either(&permits))
        };
        found.push(observation(
            FindingKind::PolicyNeverAllows,
            action,
            if permits.is_empty() {
                rules.all().map(|r| r.span).collect()
            } else {
                permits.iter().map(|r| r.when_span).collect()
            },
            vec![format!("nothing can ever be allowed to {word}"), why],
            core(&permits),
        ));
        return Ok(false);
    }
    // The permits stand together as one part: some of them has to hold.
    let opposing: Vec<&CheckedRule> = rules.all().filter(|r| demand(r).is_some()).collect();
    let mut parts: Vec<Smt> = opposing.iter().filter_map(|r| demand(r)).collect();
    parts.push(permitted(rules));
    let Some(clash) = asker.core(&parts)? else {
        return Err(AskError::NoExample(label));
    };
    let mut rules_in: Vec<&CheckedRule> = clash
        .iter()
        .filter_map(|n| opposing.get(*n).copied())
        .collect();
    if clash.contains(&opposing.len()) {
        rules_in.extend(permits);
    }
    found.push(observation(
        FindingKind::PolicyContradiction,
        action,
        rules_in.iter().map(|r| r.span).collect(),
        vec![
            format!("the rules for {word} exclude each other, so nothing is ever allowed"),
            format!("together they leave no inputs: {}", both(&rules_in)),
        ],
        core(&rules_in),
    ));
    Ok(false)
}

fn always(
    asker: &mut Asker<'_>,
    action: Action,
    rules: &Rules<'_>,
    found: &mut Vec<Observation>,
) -> Result<(), AskError> {
    let word = action.word();
    let label = format!("can {word} be refused?");
    let refused = asker.example(&label, not(allowed(rules)), |i| !i.allowed_by(rules))?;
    if refused.is_none() {
        let all: Vec<&CheckedRule> = rules.all().collect();
        found.push(observation(
            FindingKind::PolicyAlwaysAllows,
            action,
            all.iter().map(|r| r.span).collect(),
            vec![
                format!("{word} is always allowed"),
                "no inputs are refused, so its rules decide nothing".to_owned(),
            ],
            core(&all),
        ));
    }
    Ok(())
}

fn leaks(
    asker: &mut Asker<'_>,
    action: Action,
    rules: &Rules<'_>,
    found: &mut Vec<Observation>,
) -> Result<(), AskError> {
    let word = action.word();
    let mut words = Vec::new();
    for leak in Leak::ALL {
        let fact = and([allowed(rules), leak.condition(action)]);
        if fact == Smt::Bool(false) {
            continue;
        }
        let (what, input) = match leak {
            Leak::Blocking => ("while a blocking finding is open", PolicyInput::Blocking),
            Leak::Nobody => ("without a person", PolicyInput::HumanApprovals),
            Leak::Stale => ("of another version than was checked", PolicyInput::Aligned),
            Leak::Author => ("by the author", PolicyInput::AuthorApproves),
        };
        let label = format!("can {word} be allowed {what}?");
        let example = asker.example(&label, fact, |i| {
            i.allowed_by(rules) && leaked(leak, action, i)
        })?;
        if let Some(i) = example {
            words.push(format!(
                "{word} can be allowed {what}, for instance: {}",
                i.words(&[input])
            ));
        }
    }
    if words.is_empty() {
        return Ok(());
    }
    let permits: Vec<&CheckedRule> = rules.with(Effect::Permit).collect();
    words.insert(0, format!("the policy lets through what must not {word}"));
    found.push(observation(
        FindingKind::PolicyUnsafe,
        action,
        permits.iter().map(|r| r.span).collect(),
        words,
        core(&permits),
    ));
    Ok(())
}

/// The same as [`Leak::condition`], evaluated.
fn leaked(leak: Leak, action: Action, i: &Inputs) -> bool {
    let number = |input| match i.get(input) {
        Value::Int(n) => n,
        Value::Bool(b) => i64::from(b),
        Value::None | Value::Enum(_) => -1,
    };
    let in_session = action == Action::Build && number(PolicyInput::Locked) == 1;
    match leak {
        Leak::Blocking => action != Action::Waive && number(PolicyInput::Blocking) > 0,
        Leak::Nobody => !in_session && number(PolicyInput::HumanApprovals) == 0,
        Leak::Stale => !in_session && number(PolicyInput::Aligned) == 0,
        Leak::Author => !in_session && number(PolicyInput::AuthorApproves) == 1,
    }
}

fn gap(
    asker: &mut Asker<'_>,
    action: Action,
    rules: &Rules<'_>,
    found: &mut Vec<Observation>,
) -> Result<(), AskError> {
    let word = action.word();
    let label = format!("can {word} be refused without a reason?");
    let fact = and([not(permitted(rules)), unopposed(rules)]);
    let example = asker.example(&label, fact, |i| {
        !i.allowed_by(rules)
            && rules.with(Effect::Require).all(|r| truth(&r.when, i))
            && !rules.with(Effect::Forbid).any(|r| truth(&r.when, i))
    })?;
    if let Some(i) = example {
        let permits: Vec<&CheckedRule> = rules.with(Effect::Permit).collect();
        found.push(observation(
            FindingKind::PolicyGap,
            action,
            permits.iter().map(|r| r.when_span).collect(),
            vec![
                format!("{word} can be refused though no rule says why"),
                format!(
                    "nothing forbids it and everything required is there, yet nothing permits it, for instance: {}",
                    i.words(&[])
                ),
            ],
            core(&permits),
        ));
    }
    Ok(())
}

fn shadowed(
    asker: &mut Asker<'_>,
    rules: &Rules<'_>,
    among: &[&CheckedRule],
    found: &mut Vec<Observation>,
) -> Result<(), AskError> {
    for rule in among {
        let rest = rules.without(rule);
        let label = format!("does {} decide anything?", rule.id);
        let differ = not(eq(allowed(rules), allowed(&rest)));
        let example = asker.example(&label, differ, |i| {
            i.allowed_by(rules) != i.allowed_by(&rest)
        })?;
        if example.is_none() {
            found.push(Observation {
                kind: FindingKind::PolicyShadowed,
                subject: Subject::new(SubjectKind::Rule, rule.id.as_str()),
                spans: vec![rule.span],
                words: vec![
                    format!("the rule `{}` decides nothing", rule.id),
                    "without it every input is decided as with it".to_owned(),
                ],
                trace: None,
                core: core(&[*rule]),
            });
        }
    }
    Ok(())
}

fn silent(policy: &CheckedPolicy, action: Action) -> Observation {
    let word = action.word();
    observation(
        FindingKind::PolicyGap,
        action,
        vec![policy.span],
        vec![
            format!("no rule speaks of {word}"),
            "what no rule permits is refused".to_owned(),
        ],
        Vec::new(),
    )
}

fn observation(
    kind: FindingKind,
    action: Action,
    spans: Vec<Span>,
    words: Vec<String>,
    core: Vec<CoreItem>,
) -> Observation {
    Observation {
        kind,
        subject: Subject::new(SubjectKind::Action, action.word()),
        spans,
        words,
        trace: None,
        core,
    }
}

fn core(rules: &[&CheckedRule]) -> Vec<CoreItem> {
    rules
        .iter()
        .map(|r| CoreItem {
            name: r.id.to_string(),
            span: Some(r.span),
        })
        .collect()
}

fn both(rules: &[&CheckedRule]) -> String {
    let names: Vec<String> = rules.iter().map(|r| format!("`{}`", r.id)).collect();
    names.join(", ")
}

fn either(rules: &[&CheckedRule]) -> String {
    let names: Vec<String> = rules.iter().map(|r| format!("`{}`", r.id)).collect();
    names.join(" or ")
}
