//! Which engines are installed, and how each is started.

use std::time::Duration;

use super::engines::Runner;
use crate::check::{CheckedPolicy, load_str};
use crate::engine::Request;
use crate::engine::explore::{self, ExploreOptions};
use crate::engine::lean::{self, LeanOptions};
use crate::engine::tlc::{self, TlcOptions};
use crate::engine::z3::{self, Z3Options};
use crate::finding::{Engine, EngineState, Evidence, Observation};
use crate::host::cancel::CancelToken;
use crate::host::clock::Stopwatch;
use crate::host::files::user_cache_directory;
use crate::host::tools::{Tool, find};
use crate::model::desugar;

/// What is there of the engines that are not built in.
#[derive(Debug, Clone)]
pub struct Installed {
    tlc: Result<(), String>,
    lean: Result<(), String>,
}

impl Installed {
    /// Looks on this machine.
    #[must_use]
    pub fn look() -> Self {
        let tool = |tool| {
            find(tool)
                .map(|_| ())
                .map_err(|_| format!("no {tool}: {}", tool.remedy()))
        };
        Self {
            tlc: tool(Tool::Java).and_then(|()| tool(Tool::TlcJar)),
            lean: lean::present(),
        }
    }

    /// Whether an engine is there, or why not and how to get it.
    ///
    /// # Errors
    /// The reason.
    pub fn there(&self, engine: Engine) -> Result<(), &str> {
        match engine {
            Engine::Explore | Engine::Z3 => Ok(()),
            Engine::Tlc => self.tlc.as_ref().copied().map_err(String::as_str),
            Engine::Lean => self.lean.as_ref().copied().map_err(String::as_str),
        }
    }

    /// All that are there.
    #[must_use]
    pub fn engines(&self) -> Vec<Engine> {
        Engine::ALL
            .into_iter()
            .filter(|e| self.there(*e).is_ok())
            .collect()
    }
}

/// An engine, ready to run; one that is not there answers so.
#[must_use]
pub fn runner(engine: Engine, installed: &Installed) -> Runner<'static> {
    if let Err(why) = installed.there(engine) {
        let why = why.to_owned();
        return Runner {
            engine,
            run: Box::new(move |request| super::engines::unavailable(request, engine, &why)),
        };
    }
    let run: Box<dyn Fn(&Request<'_>) -> Evidence + Send + Sync> = match engine {
        Engine::Explore => Box::new(|request| explore::run(request, &ExploreOptions::default())),
        Engine::Tlc => Box::new(|request| tlc::run(request, &tlc_options())),
        Engine::Z3 => Box::new(|request| z3::run(request, &Z3Options::default())),
        Engine::Lean => Box::new(|request| lean::run(request, &LeanOptions::default())),
    };
    Runner { engine, run }
}

/// TLC's classes are kept ready in the user's cache, where there is one.
fn tlc_options() -> TlcOptions {
    TlcOptions {
        cache: user_cache_directory().ok(),
        ..TlcOptions::found()
    }
}

/// Z3's questions about a policy, as it stands or together with a workflow's own; and the evidence that it was asked.
#[must_use]
pub fn battery(
    file: &CheckedPolicy,
    inline: Option<&CheckedPolicy>,
    cancel: &CancelToken,
) -> (Vec<Observation>, Evidence) {
    let clock = Stopwatch::start();
    let observations = z3::policy::battery(file, inline, cancel);
    let evidence = Evidence {
        cached: false,
        engine: Engine::Z3,
        state: EngineState::Ran {
            version: z3::version(),
        },
        answers: Vec::new(),
        observations: observations.clone(),
        states: None,
        seconds: clock.seconds(),
        commands: Vec::new(),
    };
    (observations, evidence)
}

/// The smallest workflow, to see which TLC answers.
const TRIVIAL: &str = "workflow_id: w\ngoal: See which engine answers\nactors: [A]\nstates: [S]\nterminal: none\n\
                       transitions:\n  - {id: t, from: S, actor: A}\n";

/// The version of an engine as a report names it; `None` where it is not known. Starts TLC.
#[must_use]
pub fn version(engine: Engine) -> Option<String> {
    let evidence = match engine {
        Engine::Explore => return Some(env!("CARGO_PKG_VERSION").to_owned()),
        Engine::Z3 => return Some(z3::version()),
        Engine::Lean => return lean::find().ok().map(|l| l.version()),
        Engine::Tlc => {
            let system = desugar(&load_str(TRIVIAL).ok()?);
            let properties: Vec<_> = system.properties().map(|(ix, _)| ix).collect();
            let request = Request {
                system: &system,
                properties: &properties,
                deadline: Duration::from_secs(60),
                cancel: CancelToken::new(),
                artifacts: None,
                progress: &|_| {},
            };
            tlc::run(&request, &tlc_options())
        }
    };
    match evidence.state {
        EngineState::Ran { version } => Some(version),
        EngineState::Failed { version, .. } => version,
        EngineState::Unavailable(_) => None,
    }
}
