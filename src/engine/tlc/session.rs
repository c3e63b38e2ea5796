//! The runs of one request, and what follows from each.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::TlcOptions;
use super::answers::Answers;
use super::archive::Archive;
use super::launch::{Launcher, Start};
use super::message::{Transcript, code, number_before};
use super::printed::PrintedTrace;
use super::trace;
use super::verdict::{Counts, Failure, Verdict, Violation, judge};
use crate::engine::{Progress, Request};
use crate::finding::{Answer, Coverage, Engine, EngineState, PropertyIx, States};
use crate::host::clock::Stopwatch;
use crate::host::tools::{self, Tool};
use crate::lower::tla::{CHECK_TYPES, Check, Meaning, Run, RunKind, SEEN, TlaFiles, lower};

/// How often a run is repeated without what it found violated.
const REPEATS: usize = 5;

/// With more distinct states than this, Java is tuned for throughput instead of for a quick start.
const MANY_STATES: u64 = 100_000;

/// One request being worked on.
pub struct Session<'a> {
    request: &'a Request<'a>,
    files: TlaFiles,
    watch: Stopwatch,
    version: Option<String>,
    trouble: Option<String>,
    /// The answers so far.
    pub answers: Answers<'a>,
    /// The commands so far.
    pub commands: Vec<String>,
    /// The size of the system, once a search was complete.
    pub states: Option<States>,
}

/// What is the same in all attempts at one run.
struct Setting<'s> {
    launcher: Launcher,
    directory: &'s Path,
    run: &'s Run,
    workers: u32,
    /// How often it was started.
    starts: usize,
}

/// What one attempt gave.
enum Attempt {
    /// Nothing was violated; what was reached.
    Clean(Counts, Vec<String>),
    Violated(Violation, PrintedTrace),
    Failed(Failure),
}

impl<'a> Session<'a> {
    /// A session that has done nothing yet.
    #[must_use]
    pub fn new(request: &'a Request<'a>, watch: Stopwatch) -> Self {
        Self {
            request,
            files: lower(request.system),
            watch,
            version: None,
            trouble: None,
            answers: Answers::new(request),
            commands: Vec::new(),
            states: None,
        }
    }

    /// How the engine did, after [`Session::all`].
    #[must_use]
    pub fn state(&mut self) -> EngineState {
        match (self.trouble.take(), self.version.take()) {
            (Some(why), version) => EngineState::Failed { version, why },
            (None, Some(version)) => EngineState::Ran { version },
            (None, None) => EngineState::Ran {
                version: "unknown".to_owned(),
            },
        }
    }

    /// All runs.
    ///
    /// # Errors
    /// Why there is no TLC, for a person. Answers given before stand.
    pub fn all(&mut self, options: &TlcOptions) -> Result<(), String> {
        for (ix, why) in self.files.not_asked.clone() {
            self.answers.give(ix, Answer::NotAsked(why.to_owned()), &[]);
        }
        let launcher = launcher(options)?;
        let directory = tempfile::Builder::new()
            .prefix("tribunal-tlc-")
            .tempdir()
            .map_err(|e| format!("there is no place for TLC's files: {e}"))?;
        self.write_files(directory.path())
            .map_err(|e| format!("TLC's files cannot be written: {e}"))?;
        for run in self.files.runs.clone() {
            let wanted = |ix: &PropertyIx| self.request.properties.contains(ix);
            let checks: Vec<&Check> = run.checks.iter().filter(|c| wanted(&c.property)).collect();
            let reached: Vec<PropertyIx> = run.reached.iter().copied().filter(wanted).collect();
            if checks.is_empty() && reached.is_empty() {
                continue;
            }
            let mut setting = Setting {
                launcher: launcher.clone(),
                directory: directory.path(),
                workers: options.workers,
                run: &run,
                starts: 0,
            };
            match run.kind {
                RunKind::Safety => self.safety(&mut setting, checks, &reached)?,
                RunKind::Liveness => self.liveness(&mut setting, &checks)?,
                RunKind::Precedence => self.precedence(&mut setting, &checks)?,
            }
        }
        Ok(())
    }

    fn write_files(&self, directory: &Path) -> std::io::Result<()> {
        fs::create_dir(directory.join("tmp"))?;
        for place in std::iter::once(directory).chain(self.request.artifacts) {
            fs::create_dir_all(place)?;
            for (name, text) in &self.files.files {
                fs::write(place.join(name), text)?;
            }
        }
        Ok(())
    }

    /// Invariants, refinement and what is reached. TLC stops at the first violation, so it is asked again without.
    fn safety(
        &mut self,
        setting: &mut Setting<'_>,
        mut left: Vec<&Check>,
        reached: &[PropertyIx],
    ) -> Result<(), String> {
        loop {
            match self.attempt(setting, &left)? {
                Attempt::Clean(counts, seen) => {
                    for check in left {
                        self.answers.give(check.property, holds(&counts), &[]);
                    }
                    self.reached(&counts, &seen, reached);
                    return Ok(());
                }
                Attempt::Violated(what, shown) => {
                    let Some(at) = left.iter().position(|c| self.names(&what, c)) else {
                        let why = format!("TLC says violated of what it was not asked: {what:?}");
                        self.failed(&Failure::Broken(why), &left, reached);
                        return Ok(());
                    };
                    let check = left.remove(at);
                    self.violated(check, &shown);
                    if setting.starts > REPEATS {
                        let why =
                            "masked: TLC stops at the first violation, and there were too many";
                        for check in left.drain(..) {
                            let masked = Answer::Unknown(why.to_owned());
                            self.answers.give(check.property, masked, &[]);
                        }
                    }
                }
                Attempt::Failed(failure) => {
                    self.failed(&failure, &left, reached);
                    return Ok(());
                }
            }
        }
    }

    /// Whether a violation is one of this check.
    fn names(&self, what: &Violation, check: &Check) -> bool {
        match what {
            Violation::Invariant(name) => !check.temporal && *name == check.operator,
            // TLC gives a place instead of a name, but no run has two such checks.
            Violation::Action(_) => check.temporal,
            Violation::Temporal => false,
        }
    }

    fn reached(&mut self, counts: &Counts, seen: &[String], asked: &[PropertyIx]) {
        for property in asked {
            let says =
                |name: &String| self.files.table.get(name) == Some(&Meaning::Property(*property));
            let coverage = Coverage::Exhaustive {
                distinct: counts.distinct,
            };
            let answer = if seen.iter().any(says) {
                Answer::Holds {
                    coverage,
                    witness: None,
                }
            } else {
                Answer::Violated {
                    trace: None,
                    coverage: Some(coverage),
                }
            };
            self.answers.give(*property, answer, &[]);
        }
    }

    /// Temporal properties: together first, for if nothing is violated all hold; else one by one, for TLC does not say which.
    fn liveness(&mut self, setting: &mut Setting<'_>, checks: &[&Check]) -> Result<(), String> {
        let fair = self.fair();
        match self.attempt(setting, checks)? {
            Attempt::Clean(counts, _) => {
                for check in checks {
                    self.answers.give(check.property, holds(&counts), &fair);
                }
            }
            Attempt::Failed(failure) => self.failed(&failure, checks, &[]),
            Attempt::Violated(_, shown) => {
                if let [only] = checks {
                    self.violated(only, &shown);
                    return Ok(());
                }
                let mut clean = Vec::new();
                for check in checks {
                    match self.attempt(setting, &[check])? {
                        Attempt::Clean(counts, _) => clean.push((check, counts)),
                        Attempt::Violated(_, shown) => self.violated(check, &shown),
                        Attempt::Failed(failure) => self.failed(&failure, &[check], &[]),
                    }
                }
                if clean.len() == checks.len() {
                    let why = "TLC says violated of all together and of none alone";
                    self.failed(&Failure::Broken(why.to_owned()), checks, &[]);
                }
                for (check, counts) in clean {
                    self.answers.give(check.property, holds(&counts), &fair);
                }
            }
        }
        Ok(())
    }

    fn precedence(&mut self, setting: &mut Setting<'_>, checks: &[&Check]) -> Result<(), String> {
        for check in checks {
            match self.attempt(setting, &[check])? {
                Attempt::Clean(counts, _) => self.answers.give(check.property, holds(&counts), &[]),
                Attempt::Violated(what, shown) if self.names(&what, check) => {
                    self.violated(check, &shown);
                }
                Attempt::Violated(what, _) => {
                    let why = format!("TLC says violated of what it was not asked: {what:?}");
                    self.failed(&Failure::Broken(why), &[check], &[]);
                }
                Attempt::Failed(failure) => self.failed(&failure, &[check], &[]),
            }
        }
        Ok(())
    }

    /// Transitions whose fairness the specification assumes.
    fn fair(&self) -> Vec<String> {
        let commands = self.request.system.commands.iter();
        commands
            .filter(|c| c.fairness.is_some())
            .map(|c| c.name.to_string())
            .collect()
    }

    fn violated(&mut self, check: &Check, shown: &PrintedTrace) {
        let resolved = trace::resolve(self.request.system, &self.files, shown, check.property);
        let answer = match resolved {
            Ok(trace) => Answer::Violated {
                trace: Some(trace),
                coverage: None,
            },
            Err(error) => {
                self.trouble.get_or_insert(error.to_string());
                Answer::Error(error.to_string())
            }
        };
        self.answers.give(check.property, answer, &[]);
    }

    fn failed(&mut self, failure: &Failure, checks: &[&Check], reached: &[PropertyIx]) {
        match failure {
            Failure::Broken(why) => {
                self.trouble.get_or_insert(why.clone());
            }
            Failure::Deadline | Failure::Cancelled | Failure::Memory | Failure::Missing(_) => {}
        }
        for property in checks.iter().map(|c| &c.property).chain(reached) {
            self.answers.give(*property, failure.answer(), &[]);
        }
    }

    /// Runs TLC on these of the run's checks; once more with more memory where it ran out of it.
    fn attempt(&mut self, setting: &mut Setting<'_>, checks: &[&Check]) -> Result<Attempt, String> {
        let first = self.start(setting, checks)?;
        if setting.launcher.large || !matches!(first, Attempt::Failed(Failure::Memory)) {
            return Ok(first);
        }
        setting.launcher.large = true;
        self.start(setting, checks)
    }

    fn start(&mut self, setting: &mut Setting<'_>, checks: &[&Check]) -> Result<Attempt, String> {
        setting.starts += 1;
        let stem = setting.run.config.trim_end_matches(".cfg");
        let label = if setting.starts == 1 {
            stem.to_owned()
        } else {
            format!("{stem}_{}", setting.starts)
        };
        let deadline = self.watch.left_of(self.request.deadline);
        if deadline.is_zero() {
            return Ok(Attempt::Failed(Failure::Deadline));
        }
        let config = format!("{label}.cfg");
        self.keep(
            setting.directory,
            &config,
            &setting.run.configuration(checks),
        )?;
        let liveness = setting.run.kind == RunKind::Liveness;
        let start = Start {
            directory: setting.directory,
            root: &self.files.root,
            config: &config,
            label: &label,
            workers: if liveness { 1 } else { setting.workers.max(1) },
            deadline,
            cancel: &self.request.cancel,
        };
        let progress = self.request.progress;
        let ran = setting.launcher.run(&start, &mut |line| {
            if line.starts_with("Progress(") {
                progress(Progress {
                    engine: Engine::Tlc,
                    doing: label.clone(),
                    states: number_before(line, " distinct states"),
                    rate: None,
                });
            }
        });
        if let Some(place) = self.request.artifacts {
            // Only a record; what was concluded does not rest on it.
            let _kept = fs::write(place.join(format!("{label}.out")), &ran.outcome.stdout);
        }
        self.commands.push(ran.command);
        if let Some(message) = ran.transcript.first(code::VERSION) {
            self.version.get_or_insert(message.body.clone());
        }
        let verdict = judge(&ran.outcome, &ran.transcript, liveness);
        let transcript = ran.transcript;
        Ok(match verdict {
            Verdict::Failed(Failure::Missing(why)) => return Err(why),
            Verdict::Failed(failure) => Attempt::Failed(failure),
            Verdict::Violated { what, trace } => Attempt::Violated(what, trace),
            Verdict::Clean(counts) => match announced(&transcript, setting.run.kind, checks) {
                Err(why) => Attempt::Failed(Failure::Broken(why)),
                Ok(()) => {
                    if setting.run.kind != RunKind::Precedence {
                        self.states = Some(States {
                            distinct: counts.distinct,
                            // TLC counts a step once for every way in which a guard is true.
                            steps: None,
                            depth: counts
                                .depth
                                .filter(|_| start.workers == 1)
                                .map(|d| d.saturating_sub(1)),
                            complete: true,
                        });
                    }
                    Attempt::Clean(counts, transcript.reached)
                }
            },
        })
    }

    fn keep(&self, directory: &Path, name: &str, text: &str) -> Result<(), String> {
        std::iter::once(directory)
            .chain(self.request.artifacts)
            .try_for_each(|place| fs::write(place.join(name), text))
            .map_err(|e| format!("TLC's files cannot be written: {e}"))
    }
}

fn launcher(options: &TlcOptions) -> Result<Launcher, String> {
    let tool = |given: &Option<PathBuf>, tool: Tool| match given {
        Some(path) => Ok(path.clone()),
        None => tools::find(tool)
            .map(|found| found.path)
            .map_err(|missing| missing.to_string()),
    };
    let java = tool(&options.java, Tool::Java)?;
    let jar = tool(&options.jar, Tool::TlcJar)?;
    // TLC runs elsewhere, so the path has to be absolute.
    let jar = fs::canonicalize(&jar).map_err(|e| format!("the TLC jar cannot be read: {e}"))?;
    let cache = options.cache.as_deref();
    Ok(Launcher {
        archive: cache.and_then(|cache| Archive::of(cache, &java, &jar)),
        java,
        jar,
        large: options.expected_states.is_some_and(|n| n > MANY_STATES),
    })
}

const fn holds(counts: &Counts) -> Answer {
    Answer::Holds {
        coverage: Coverage::Exhaustive {
            distinct: counts.distinct,
        },
        witness: None,
    }
}

/// Whether exactly the checks that were asked for announced themselves.
fn announced(transcript: &Transcript, kind: RunKind, checks: &[&Check]) -> Result<(), String> {
    let mut expected: Vec<&str> = checks.iter().map(|c| c.operator.as_str()).collect();
    if kind == RunKind::Safety {
        expected.extend([CHECK_TYPES, SEEN]);
    }
    let begun = &transcript.checking;
    if let Some(missing) = expected.iter().find(|e| !begun.iter().any(|b| b == *e)) {
        return Err(format!(
            "TLC did not check `{missing}`, though it was asked to"
        ));
    }
    match begun.iter().find(|b| !expected.contains(&b.as_str())) {
        Some(other) => Err(format!("TLC checked `{other}`, which it was not asked to")),
        None => Ok(()),
    }
}
