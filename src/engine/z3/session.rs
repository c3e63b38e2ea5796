//! A conversation with the embedded Z3. It is told the text of scripts and nothing else, so what it was asked can be written to
//! a file and asked again. `unknown` stays `unknown`; text that it did not take in whole is an error, never an answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use z3::ast::{Ast as _, BV, Bool, Int};
use z3::{Config, Context, Model, Params, SatResult, Solver};

use crate::host::cancel::CancelToken;
use crate::lower::smt::script::{Check, Item, Sat, Script, Sort};
use crate::lower::smt::tree::{Smt, int};

/// Why a conversation cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Z3 did not take in what it was told. A defect of ours, or a libz3 too old to keep declarations between texts.
    #[error("Z3 took in {got} of {want} assertions; this libz3 may be too old")]
    Refused {
        /// How many it should have.
        want: usize,
        /// How many it has.
        got: usize,
    },
    /// A satisfiable question without model, or a model without a value that was asked for.
    #[error("Z3 gave no value for {0}")]
    NoValue(String),
}

/// What Z3 says to a question.
#[derive(Debug)]
pub enum Said {
    /// Satisfiable, with a model.
    Sat(Found),
    /// Unsatisfiable, by these of the assumed literals (not minimal).
    Unsat(Vec<String>),
    /// It does not know: why.
    Unknown(String),
}

/// A model: values of constants.
#[derive(Debug)]
pub struct Found(Model);

impl Found {
    /// The value of a Boolean constant.
    ///
    /// # Errors
    /// If the model has none.
    pub fn bool(&self, name: &str) -> Result<bool, SessionError> {
        self.0
            .eval(&Bool::new_const(name), true)
            .and_then(|b| b.as_bool())
            .ok_or_else(|| SessionError::NoValue(name.to_owned()))
    }

    /// The value of an integer constant.
    ///
    /// # Errors
    /// If the model has none, or one beyond 64 bits.
    pub fn int(&self, name: &str) -> Result<i64, SessionError> {
        self.0
            .eval(&Int::new_const(name), true)
            .and_then(|n| n.as_i64())
            .ok_or_else(|| SessionError::NoValue(name.to_owned()))
    }

    /// The value of a constant that stands for an enum.
    ///
    /// # Errors
    /// If the model has none.
    pub fn position(&self, name: &str, width: u32) -> Result<u16, SessionError> {
        self.0
            .eval(&BV::new_const(name, width), true)
            .and_then(|v| v.as_u64())
            .and_then(|n| u16::try_from(n).ok())
            .ok_or_else(|| SessionError::NoValue(name.to_owned()))
    }
}

/// Tells whether the time is up or the user has had enough.
#[derive(Debug)]
pub struct Gate {
    cancel: CancelToken,
    end: Option<Instant>,
}

impl Gate {
    /// Why no more questions may be asked; `None` while they may. Once shut it stays shut.
    #[must_use]
    pub fn shut(&self) -> Option<&'static str> {
        if self.cancel.cancelled() {
            Some("cancelled")
        } else if self.end.is_some_and(|e| Instant::now() >= e) {
            Some("deadline")
        } else {
            None
        }
    }
}

/// Runs `work` on a context of its own, and interrupts Z3 when `deadline` has passed or `cancel` is set.
pub fn guarded<R: Send + Sync>(
    deadline: Duration,
    cancel: &CancelToken,
    work: impl FnOnce(&Gate) -> R + Send + Sync,
) -> R {
    z3::with_z3_config(&Config::new(), || {
        let context = Context::thread_local();
        let handle = context.handle();
        let gate = Gate {
            cancel: cancel.clone(),
            end: Instant::now().checked_add(deadline),
        };
        let done = AtomicBool::new(false);
        std::thread::scope(|threads| {
            let watcher = threads.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    if gate.shut().is_some() {
                        handle.interrupt();
                    }
                    std::thread::park_timeout(Duration::from_millis(10));
                }
            });
            let _stop = Stop {
                done: &done,
                watcher: watcher.thread().clone(),
            };
            work(&gate)
        })
    })
}

/// Ends the watcher however the work ends.
struct Stop<'a> {
    done: &'a AtomicBool,
    watcher: std::thread::Thread,
}

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        self.watcher.unpark();
    }
}

/// One solver and all that was said to it.
pub struct Session<'a> {
    solver: Solver,
    gate: &'a Gate,
    /// Assertions it should hold.
    told: usize,
    /// Everything so far, answers included.
    record: Script,
    /// For names of its own.
    next: u32,
}

impl<'a> Session<'a> {
    /// An empty solver with a fixed seed; `effort` is the most work one question may cost, in Z3's resource units, which do
    /// not depend on the machine's speed.
    #[must_use]
    pub fn new(gate: &'a Gate, effort: u32) -> Self {
        Self::with(gate, effort, None)
    }

    /// The same, but models have as many Boolean constants true as comes of trying that first: for questions of the form
    /// "which of these fail?", whose models then say more at once.
    #[must_use]
    pub fn telling(gate: &'a Gate, effort: u32) -> Self {
        Self::with(gate, effort, Some(1))
    }

    fn with(gate: &'a Gate, effort: u32, phase: Option<u32>) -> Self {
        let solver = Solver::new();
        let mut params = Params::new();
        params.set_u32("random_seed", 0);
        if let Some(phase) = phase {
            params.set_u32("phase_selection", phase);
        }
        params.set_u32("rlimit", effort);
        solver.set_params(&params);
        Self {
            solver,
            gate,
            told: 0,
            record: Script::default(),
            next: 0,
        }
    }

    /// Tells it the commands of a script; questions among them are left out.
    ///
    /// # Errors
    /// If Z3 did not take in every assertion.
    pub fn tell(&mut self, script: Script) -> Result<(), SessionError> {
        let items = script
            .items
            .into_iter()
            .filter(|i| !matches!(i, Item::Check(_)));
        let mut text = String::new();
        for item in items {
            text.push_str(&item.print());
            if matches!(item, Item::Assert(_)) {
                self.told += 1;
            }
            self.record.items.push(item);
        }
        if !text.is_empty() {
            self.solver.from_string(text);
        }
        let got = self.solver.get_assertions().len();
        if got == self.told {
            Ok(())
        } else {
            Err(SessionError::Refused {
                want: self.told,
                got,
            })
        }
    }

    /// Asks whether all that was told is satisfiable together with these Boolean constants.
    pub fn ask(&mut self, label: &str, assuming: &[String]) -> Said {
        if let Some(why) = self.gate.shut() {
            return Said::Unknown(why.to_owned());
        }
        let literals: Vec<Bool> = assuming
            .iter()
            .map(|n| Bool::new_const(n.as_str()))
            .collect();
        let answer = self.solver.check_assumptions(&literals);
        let said = match answer {
            SatResult::Sat => self.solver.get_model().map_or_else(
                || Said::Unknown("no model".to_owned()),
                |m| Said::Sat(Found(m)),
            ),
            SatResult::Unsat => Said::Unsat(
                self.solver
                    .get_unsat_core()
                    .iter()
                    .filter_map(|b| b.safe_decl().ok())
                    .map(|d| d.name())
                    .collect(),
            ),
            SatResult::Unknown => Said::Unknown(match self.gate.shut() {
                Some(why) => why.to_owned(),
                None => self
                    .solver
                    .get_reason_unknown()
                    .map_or_else(|| "budget".to_owned(), |r| reason(&r)),
            }),
        };
        self.record.items.push(Item::Check(Check {
            label: label.to_owned(),
            assuming: assuming.to_vec(),
            answer: Some(match &said {
                Said::Sat(_) => Sat::Sat,
                Said::Unsat(_) => Sat::Unsat,
                Said::Unknown(_) => Sat::Unknown,
            }),
        }));
        said
    }

    /// A name that nothing in this session has yet.
    pub fn fresh_name(&mut self, what: &str) -> String {
        self.next += 1;
        format!("{what}.{}", self.next)
    }

    /// Everything told and asked so far, with the answers.
    #[must_use]
    pub fn into_record(self) -> Script {
        self.record
    }
}

/// Z3's word for running out of its resource limit, in ours.
fn reason(z3: &str) -> String {
    if z3.contains("resource") || z3.contains("canceled") || z3.contains("timeout") {
        "budget".to_owned()
    } else {
        z3.to_owned()
    }
}

/// Whether the libz3 that is linked does what the engine needs of it: keeps declarations, answers, gives models and cores.
///
/// # Errors
/// In a few words, what it does not do.
pub fn self_check() -> Result<String, String> {
    let cancel = CancelToken::new();
    let verdict = guarded(Duration::from_secs(10), &cancel, |gate| {
        let mut session = Session::new(gate, 1_000_000);
        let mut script = Script::default();
        let x = script.declare("var.x", Sort::Int);
        script.track("low", int("<", x.clone(), Smt::Int(3)));
        session.tell(script).map_err(|e| e.to_string())?;
        let mut more = Script::default();
        more.track("high", int(">", x.clone(), Smt::Int(1)));
        more.track("higher", int(">", x, Smt::Int(2)));
        session.tell(more).map_err(|e| e.to_string())?;
        let both = ["low".to_owned(), "high".to_owned()];
        match session.ask("one value", &both) {
            Said::Sat(found) if found.int("var.x") == Ok(2) => {}
            Said::Sat(_) | Said::Unsat(_) | Said::Unknown(_) => {
                return Err("it does not find the only solution of 1 < x < 3".to_owned());
            }
        }
        let clash = ["low".to_owned(), "higher".to_owned()];
        match session.ask("no value", &clash) {
            Said::Unsat(core) if core.len() == 2 => Ok(()),
            Said::Sat(_) | Said::Unsat(_) | Said::Unknown(_) => {
                Err("it does not see that x < 3 and x > 2 exclude each other".to_owned())
            }
        }
    });
    verdict.map(|()| version())
}

/// The version of the libz3 that is linked: `5.3.3`.
#[must_use]
pub fn version() -> String {
    let full = z3::full_version();
    let number = full.strip_prefix("Z3 ").unwrap_or(full);
    number.split(' ').next().unwrap_or(number).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quick<R: Send + Sync>(work: impl FnOnce(&Gate) -> R + Send + Sync) -> R {
        guarded(Duration::from_secs(20), &CancelToken::new(), work)
    }

    #[test]
    fn the_linked_z3_is_fit() {
        assert_eq!(self_check(), Ok(version()));
    }

    #[test]
    fn text_that_z3_refuses_is_an_error_and_not_a_weaker_question() {
        quick(|gate| {
            let mut s = Session::new(gate, 1000);
            let mut script = Script::default();
            script.assert(Smt::Name("nobody".to_owned()));
            assert_eq!(
                s.tell(script),
                Err(SessionError::Refused { want: 1, got: 0 })
            );
        });
    }

    #[test]
    fn a_question_beyond_the_effort_is_unknown() {
        quick(|gate| {
            let mut s = Session::new(gate, 1);
            let mut script = Script::default();
            let x = script.declare("x", Sort::Int);
            let y = script.declare("y", Sort::Int);
            let xy = Smt::App("*", vec![x.clone(), y.clone()]);
            script.track("q", Smt::App("=", vec![xy, Smt::Int(1_000_003 * 7)]));
            s.tell(script).expect("taken in");
            match s.ask("hard", &["q".to_owned()]) {
                Said::Unknown(why) => assert_eq!(why, "budget"),
                other => panic!("{other:?}"),
            }
        });
    }

    #[test]
    fn nothing_is_asked_after_the_deadline_or_a_cancel() {
        let run = |deadline, cancelled| {
            let cancel = CancelToken::new();
            if cancelled {
                cancel.cancel();
            }
            guarded(deadline, &cancel, |gate| {
                while gate.shut().is_none() {
                    std::thread::yield_now();
                }
                match Session::new(gate, 1000).ask("anything", &[]) {
                    Said::Unknown(why) => why,
                    other => panic!("{other:?}"),
                }
            })
        };
        assert_eq!(run(Duration::from_millis(1), false), "deadline");
        assert_eq!(run(Duration::from_secs(60), true), "cancelled");
    }
}
