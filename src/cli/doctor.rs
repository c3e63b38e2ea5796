//! `tribunal doctor`: which engines and tools are there, what is lost without the others, how to get them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::{DoctorArgs, Installable};
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::write_err;
use crate::engine::lean;
use crate::engine::z3::{self_check, version};
use crate::finding::Engine;
use crate::host::interrupt;
use crate::host::tools::{Tool, find};
use crate::report::plain;

/// `data` of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoctorJson {
    /// Everything that was looked at.
    pub tools: Vec<ToolJson>,
}

/// One engine or tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolJson {
    /// Its name.
    pub name: String,
    /// Whether it is there and works.
    pub available: bool,
    /// Its version, where known.
    pub version: Option<String>,
    /// Where it is; null for what is built in.
    pub path: Option<String>,
    /// What it is for.
    pub gives: String,
    /// How to get it; null where it is there.
    pub get: Option<String>,
}

/// Runs it.
#[must_use]
pub fn run(args: &DoctorArgs) -> Outcome {
    let failed = args.install.and_then(install);
    let mut tools = vec![explore(), z3(), lean_engine()];
    tools.extend(Tool::ALL.into_iter().map(tool));
    let mut text = String::new();
    let width = tools.iter().map(|t| t.name.len()).max().unwrap_or(0);
    for tool in &tools {
        let mark = if tool.available { "✓" } else { "✗" };
        let place = tool
            .version
            .as_deref()
            .or(tool.path.as_deref())
            .unwrap_or("not there");
        text.push_str(&format!("{mark} {:width$}  {place}\n", tool.name));
        text.push_str(&format!("  {:width$}  {}\n", "", tool.gives));
        if let Some(get) = &tool.get {
            text.push_str(&format!("  {:width$}  to get it: {get}\n", ""));
        }
    }
    let broken = tools
        .iter()
        .any(|t| !t.available && t.name == Engine::Z3.name());
    let mut outcome = Outcome::done(text, &DoctorJson { tools });
    if broken {
        let help = "rebuild against the Z3 that scripts/setup.sh fetches";
        outcome.fail(
            ExitCode::Inconclusive,
            "TRIB-Z3",
            "the embedded Z3 does not pass its self check",
            Some(help),
        );
    }
    if let Some(why) = failed {
        let help = "nothing half-made is used; run it again";
        outcome.fail(ExitCode::Inconclusive, "TRIB-INSTALL", &why, Some(help));
    }
    outcome
}

/// Installs a tool; why it could not be, if so.
fn install(tool: Installable) -> Option<String> {
    let say = |what: &str| {
        // Nobody listening is no reason to stop.
        let _ = write_err(&format!("tribunal doctor: {what}\n"));
    };
    match tool {
        Installable::LeanWasm => lean::install(&interrupt::token(), &say)
            .err()
            .map(|error| error.to_string()),
    }
}

fn lean_engine() -> ToolJson {
    let found = lean::find();
    ToolJson {
        name: Engine::Lean.name().to_owned(),
        available: found.is_ok(),
        version: found.as_ref().ok().map(lean::Launcher::version),
        path: None,
        gives: "proofs that a kernel has checked: the assurance `proved`".to_owned(),
        get: found
            .err()
            .map(|_| "run `tribunal doctor --install lean-wasm`, or install elan".to_owned()),
    }
}

fn explore() -> ToolJson {
    ToolJson {
        name: Engine::Explore.name().to_owned(),
        available: true,
        version: Some(format!("{} (built in)", env!("CARGO_PKG_VERSION"))),
        path: None,
        gives: "searches every reachable state; safety, liveness, can_reach".to_owned(),
        get: None,
    }
}

fn z3() -> ToolJson {
    let checked = self_check();
    ToolJson {
        name: Engine::Z3.name().to_owned(),
        available: checked.is_ok(),
        version: Some(match &checked {
            Ok(version) => format!("{version} (built in, self check passed)"),
            Err(why) => format!("{} (self check failed: {})", version(), plain::line(why)),
        }),
        path: None,
        gives: "guards and policies over all values, inductive proofs".to_owned(),
        get: checked
            .err()
            .map(|_| "rebuild against the Z3 that scripts/setup.sh fetches".to_owned()),
    }
}

fn tool(tool: Tool) -> ToolJson {
    let gives = match tool {
        Tool::Java | Tool::TlcJar => {
            "TLC, the second exhaustive search: without it assurance is exhaustive by one engine"
        }
        Tool::Lake => "Lean: proofs; without it assurance stops at exhaustive",
        Tool::Node => "Lean without elan, in WebAssembly",
    };
    let found = find(tool);
    ToolJson {
        name: tool.to_string(),
        available: found.is_ok(),
        version: None,
        path: found
            .as_ref()
            .ok()
            .map(|f| plain::line(&f.path.display().to_string()).into_owned()),
        gives: gives.to_owned(),
        get: found.err().map(|_| tool.remedy().to_owned()),
    }
}
