//! Random lives: those that are made to be legal are accepted, and any event at all is accepted only where plain rules,
//! which know nothing of the model, say that it may be.

use super::*;

/// A small generator of numbers that does not repeat itself here.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % n
    }

    fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).expect("small")]
    }
}

/// Writes legal lives from the order that the documents promise, keeping count of nothing but the rounds.
struct Author<'d> {
    dice: &'d mut Dice,
    events: Vec<Event>,
    version: u32,
    rounds: u32,
    names: u32,
}

impl Author<'_> {
    fn name(&mut self, what: &str) -> String {
        self.names += 1;
        format!("{what}{}", self.names)
    }

    fn by_person(&mut self) {
        self.version += 1;
        self.rounds = 1;
        self.events.push(proposed(self.version));
    }

    fn by_planner(&mut self, critique: &str) {
        self.version += 1;
        self.rounds += 1;
        self.events.push(revised(self.version, critique));
    }

    /// One version from its report to wherever it goes; whether the life goes on.
    fn version(&mut self) -> bool {
        let v = self.version;
        let mut report = self.name("r");
        let (blocking, open) = (self.dice.below(2), self.dice.below(2));
        let (blocking, open) = (u32::try_from(blocking), u32::try_from(open));
        let (blocking, open) = (blocking.expect("small"), open.expect("small"));
        let complete = blocking > 0 || !self.dice.chance(4);
        for _ in 0..=self.dice.below(2) {
            report = self.name("r");
            self.events
                .push(verified(v, &report, blocking, open, complete));
        }
        if self.dice.chance(10) {
            self.by_person();
            return true;
        }
        let sound = blocking == 0 && open == 0 && complete;
        let mut waived_ = !sound && self.dice.chance(2);
        if waived_ {
            self.events.push(waived(v, &report));
        }
        let mut critique = self.name("c");
        if self.dice.chance(5) {
            let first = *self.dice.pick(&[Accept, Revise, Reject]);
            self.events.push(critiqued(v, &report, &critique, first));
            critique = self.name("c");
        }
        let decision = *self.dice.pick(&[Accept, Accept, Revise, Revise, Reject]);
        self.events.push(critiqued(v, &report, &critique, decision));
        match decision {
            Reject => {
                self.events.push(Event {
                    by: self.dice.pick(&[ada(), seat(Seat::Critic)]).clone(),
                    ..rejected(v)
                });
                self.version += 1;
                self.rounds = 0;
                self.events.push(proposed(self.version));
                true
            }
            Revise => {
                self.revise(v, &critique);
                true
            }
            Accept => {
                if !sound && !waived_ {
                    self.events.push(waived(v, &report));
                    waived_ = true;
                }
                if self.dice.chance(6) {
                    self.events.push(rejected(v));
                    if self.rounds < 3 {
                        self.by_planner(&critique);
                    } else {
                        self.by_person();
                    }
                    return true;
                }
                let form = if waived_ {
                    ApprovedWithWaiver
                } else {
                    ApprovedWithProof
                };
                let mut own = self.name("a");
                self.events
                    .push(approved(v, form, &report, &critique, &own));
                if self.dice.chance(6) {
                    own = self.name("a");
                    self.events
                        .push(approved(v, form, &report, &critique, &own));
                }
                self.implement(v, &own, &critique)
            }
        }
    }

    fn revise(&mut self, v: u32, critique: &str) {
        if self.dice.chance(8) {
            self.events.push(escalated(v));
            self.events.push(answered(v, critique, "yes"));
            self.rounds = 0;
        } else if self.rounds == 3 {
            if self.dice.chance(2) {
                self.events.push(escalated(v));
            }
            if self.dice.chance(2) {
                self.by_person();
                return;
            }
            self.events.push(answered(v, critique, "yes"));
            self.rounds = 0;
        }
        self.by_planner(critique);
    }

    fn implement(&mut self, v: u32, own: &str, critique: &str) -> bool {
        match self.dice.below(5) {
            0 => self.events.push(revoked(v)),
            1 => {
                self.by_person();
                return true;
            }
            n => {
                self.events.push(begun(v, own));
                if n > 2 {
                    self.events.push(tests_passed(v));
                    return false;
                }
                self.events.push(tests_failed(v));
            }
        }
        if self.rounds < 3 {
            self.by_planner(critique);
        } else {
            self.by_person();
        }
        true
    }
}

#[test]
fn ten_thousand_legal_lives_are_allowed() {
    let mut dice = Dice(1);
    let cycle = cycle();
    let (mut events, mut ends) = (0, 0);
    for run in 0..10_000 {
        let mut author = Author {
            dice: &mut dice,
            events: vec![proposed(1)],
            version: 1,
            rounds: 0,
            names: 0,
        };
        for _ in 0..3 {
            if !author.version() {
                break;
            }
        }
        let story = author.events;
        let life = story
            .iter()
            .fold(Life::new(Arc::clone(&cycle)), |life, event| {
                life.after(event)
                    .unwrap_or_else(|refusal| panic!("run {run}: {refusal}\n{story:#?}"))
            });
        events += story.len();
        ends += usize::from(life.stages() == [Stage::Verified]);
    }
    assert!(events > 80_000, "{events}");
    assert!(ends > 1_000, "{ends}");
}

/// What the plain rules need to know, read anew from the events that were accepted.
#[derive(Default)]
struct Known {
    version: u32,
    digest: Option<Digest>,
    last_version: u32,
    /// Its digest, whether something blocks, whether something is open, and whether that is obligations alone.
    report: Option<(Digest, bool, bool, bool)>,
    critique: Option<(Digest, CriticDecision)>,
    waived: bool,
    approval: Option<Digest>,
    begun: bool,
    rejected: bool,
    /// Nothing may be approved before something is said anew.
    halted: bool,
    /// The agents have stopped and ask a person.
    asking: bool,
    done: bool,
    /// Revisions by agents since a person did anything but look.
    alone: u32,
}

impl Known {
    fn of(events: &[Event]) -> Self {
        let mut k = Self::default();
        for e in events {
            k.add(e);
        }
        k
    }

    fn add(&mut self, e: &Event) {
        let person = !matches!(e.by, Identity::Seat { .. });
        if let What::Proposed { .. } = e.what {
            if e.version > self.last_version {
                let first = self.last_version == 0 || self.done;
                *self = Self {
                    version: e.version,
                    digest: Some(e.digest),
                    last_version: e.version,
                    alone: if person || first { 0 } else { self.alone + 1 },
                    ..Self::default()
                };
            }
            return;
        }
        if e.version != self.version {
            return;
        }
        match &e.what {
            What::Verified {
                report,
                blocking,
                open_obligations,
                complete,
                ..
            } => {
                if self.report.is_none_or(|(r, ..)| r != *report) {
                    let open = *open_obligations > 0 || !*complete;
                    let listed = *blocking == 0 && *complete && open;
                    self.report = Some((*report, *blocking > 0, open, listed));
                    (self.critique, self.waived, self.approval) = (None, false, None);
                    if self.halted {
                        self.alone = 0;
                    }
                    (self.begun, self.halted, self.done) = (false, false, false);
                    self.asking = false;
                }
            }
            What::Critiqued {
                critique, decision, ..
            } => {
                if self.critique != Some((*critique, *decision)) {
                    self.critique = Some((*critique, *decision));
                    (self.approval, self.begun, self.halted) = (None, false, false);
                }
            }
            What::Waived { .. } => {
                if self.asking {
                    (self.halted, self.asking, self.alone) = (false, false, 0);
                }
                self.waived = true;
            }
            What::Approved { approval, .. } => {
                if self.approval != Some(*approval) {
                    (self.begun, self.halted) = (false, false);
                }
                self.approval = Some(*approval);
            }
            What::Rejected { .. } => {
                (self.approval, self.begun) = (None, false);
                (self.rejected, self.halted, self.alone) = (true, true, 0);
                self.asking = false;
            }
            What::Revoked { .. } | What::TestsFailed {} => {
                (self.approval, self.begun, self.halted) = (None, false, true);
            }
            What::Escalated { .. } => (self.halted, self.asking) = (true, true),
            What::Answered { .. } => (self.alone, self.asking) = (0, false),
            What::Begun { .. } => self.begun = true,
            What::TestsPassed {} => (self.begun, self.done, self.halted) = (false, true, true),
            What::Proposed { .. } => {}
        }
    }

    /// Whether the rules allow it; `None` where they only say what must not be.
    fn rule(&self, e: &Event) -> Option<bool> {
        let person = !matches!(e.by, Identity::Seat { .. });
        let here = e.version == self.version && Some(e.digest) == self.digest;
        let said = |found: &Digest| self.report.is_some_and(|(r, ..)| r == *found);
        match &e.what {
            What::Waived { report, .. } => Some(
                here && person
                    && !self.rejected
                    && !self.done
                    && self.approval.is_none()
                    && said(report),
            ),
            What::Approved {
                form,
                report,
                critique,
                approval,
                ..
            } => {
                if here && self.approval == Some(*approval) {
                    return Some(true);
                }
                let (_, blocking, open, listed) = self.report.unwrap_or((d(""), true, true, false));
                let earned = match form {
                    ApprovedWithProof => !blocking && !open,
                    ApprovedWithWaiver => self.waived || listed,
                };
                Some(
                    here && person
                        && !self.rejected
                        && !self.done
                        && said(report)
                        && self.critique == Some((*critique, Accept))
                        && earned,
                )
            }
            What::Begun { approval } => {
                Some(here && !self.done && self.approval == Some(*approval))
            }
            What::TestsPassed {} | What::TestsFailed {} => {
                let past = self.version != 0 && e.version < self.version;
                (!past).then_some(here && self.begun)
            }
            What::Proposed { .. }
                if !person && e.version > self.last_version && self.alone >= 3 && !self.done =>
            {
                // A life that ended by the critic's word alone may begin anew.
                if self.rejected { None } else { Some(false) }
            }
            What::Critiqued { report, .. } if here && !said(report) => Some(false),
            What::Verified { .. } if here => Some(true),
            What::Revoked { .. } if here => Some(person && self.approval.is_some()),
            What::Proposed { .. }
            | What::Verified { .. }
            | What::Critiqued { .. }
            | What::Rejected { .. }
            | What::Revoked { .. }
            | What::Escalated { .. }
            | What::Answered { .. } => None,
        }
    }
}

fn any_event(dice: &mut Dice, known: &Known) -> Event {
    let version = match dice.below(12) {
        0 => known.version + 1,
        1 => known.version.saturating_sub(1).max(1),
        _ => known.version.max(1),
    };
    let names = ["x", "y"];
    let report = (*dice.pick(&names)).to_owned() + &version.to_string();
    let critique = format!("{}{report}", dice.pick(&names));
    let own = (*dice.pick(&names)).to_owned();
    let mut event = match dice.below(24) {
        _ if known.version == 0 && !dice.chance(4) => proposed(1),
        _ if known.begun && dice.chance(2) => dice
            .pick(&[tests_passed(version), tests_failed(version)])
            .clone(),
        _ if known.approval.is_some() && dice.chance(2) => dice
            .pick(&[begun(version, &own), begun(version, &own), revoked(version)])
            .clone(),
        0 => proposed(known.version + 1),
        1 | 2 => revised(version + 1, &critique),
        3..=6 => {
            let rare = |dice: &mut Dice| u32::from(dice.chance(4));
            verified(version, &report, rare(dice), rare(dice), !dice.chance(8))
        }
        7..=10 => critiqued(
            version,
            &report,
            &critique,
            *dice.pick(&[Accept, Accept, Revise, Reject]),
        ),
        11 | 12 => waived(version, &report),
        13 | 14 => approved(
            version,
            *dice.pick(&[ApprovedWithProof, ApprovedWithWaiver]),
            &report,
            &critique,
            &own,
        ),
        15 | 16 => begun(version, &own),
        17 => dice
            .pick(&[tests_passed(version), tests_failed(version)])
            .clone(),
        18 | 19 => approved(version, ApprovedWithProof, &report, &critique, &own),
        20 | 21 => critiqued(version, &report, &critique, Accept),
        22 => answered(version, &critique, "yes"),
        _ => dice
            .pick(&[rejected(version), revoked(version), escalated(version)])
            .clone(),
    };
    if !dice.chance(3) {
        mend(&mut event.what, known);
    }
    if dice.chance(15) {
        event.by = dice
            .pick(&[ada(), seat(Seat::Critic), seat(Seat::Executor)])
            .clone();
    }
    if dice.chance(60) {
        event.digest = d("another content");
    }
    event
}

/// Makes an event speak of what counts.
fn mend(what: &mut What, known: &Known) {
    let (last_report, last_critique) = (known.report, known.critique);
    match what {
        What::Waived { report, .. } => *report = last_report.map_or(*report, |(r, ..)| r),
        What::Approved {
            report, critique, ..
        } => {
            *report = last_report.map_or(*report, |(r, ..)| r);
            *critique = last_critique.map_or(*critique, |(c, _)| c);
        }
        What::Proposed {
            critique: Some(critique),
            ..
        }
        | What::Answered {
            critique: Some(critique),
            ..
        } => {
            *critique = last_critique.map_or(*critique, |(c, _)| c);
        }
        What::Critiqued { report, .. } => *report = last_report.map_or(*report, |(r, ..)| r),
        What::Begun { approval } => *approval = known.approval.unwrap_or(*approval),
        What::Proposed { critique: None, .. }
        | What::Answered { critique: None, .. }
        | What::Verified { .. }
        | What::Rejected { .. }
        | What::Revoked { .. }
        | What::Escalated { .. }
        | What::TestsPassed {}
        | What::TestsFailed {} => {}
    }
}

#[test]
fn any_event_is_allowed_only_where_plain_rules_allow_it() {
    let mut dice = Dice(2);
    let cycle = cycle();
    let mut counts = std::collections::BTreeMap::new();
    for run in 0..5_000 {
        let mut life = Life::new(Arc::clone(&cycle));
        let mut accepted: Vec<Event> = Vec::new();
        for _ in 0..25 {
            let known = Known::of(&accepted);
            let event = any_event(&mut dice, &known);
            let answer = life.after(&event);
            if let Some(rule) = known.rule(&event) {
                assert_eq!(
                    answer.is_ok(),
                    rule,
                    "run {run}: {event:#?}\n{:?}\nafter {accepted:#?}",
                    answer.as_ref().err().map(ToString::to_string)
                );
            }
            *counts
                .entry((event.what.word(), answer.is_ok()))
                .or_insert(0) += 1;
            if let Ok(next) = answer {
                life = next;
                accepted.push(event);
            }
        }
    }
    // The test is of use only where each sort was often allowed and often refused.
    for word in [
        "proposed",
        "critiqued",
        "waived",
        "approved",
        "begun",
        "tests_passed",
        "revoked",
        "answered",
        "escalated",
    ] {
        for allowed in [true, false] {
            let n = counts.get(&(word, allowed)).copied().unwrap_or(0);
            assert!(n > 100, "{word} {allowed}: {n}\n{counts:?}");
        }
    }
}
