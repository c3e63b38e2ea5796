//! The command line.

use std::path::PathBuf;

use super::approve::ApproveArgs;
use super::gate::GateArgs;
use super::reject::RejectArgs;
use super::revoke::RevokeArgs;
use super::waive::WaiveArgs;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::answer::AnswerArgs;
use super::audit::AuditArgs;
use super::critique::CritiqueArgs;
use super::diff::DiffArgs;
use super::iterate::IterateArgs;
use super::log::LogArgs;
use super::revise::ReviseArgs;
use crate::report::render::Format;

/// No spec reaches an executor until a planner, a verifier and a critic stand on the same version of it.
#[derive(Debug, Parser)]
#[command(name = "tribunal", version, max_term_width = 100)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Print one JSON document on stdout; prose goes to stderr.
    #[arg(long, global = true)]
    pub json: bool,
    /// Work as if started in this directory.
    #[arg(short = 'C', long = "root", value_name = "DIR", global = true)]
    pub root: Option<PathBuf>,
    /// Show only what blocks, and the conclusion.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show infos, automatic properties that hold, and all assumptions.
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
    /// When to colour.
    #[arg(long, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN", global = true)]
    pub color: ColorWhen,
    /// Never ask anything.
    #[arg(long, global = true)]
    pub no_input: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal; see NO_COLOR and CLICOLOR_FORCE.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the current directory a project: `.spec/`, an example workflow, git attributes.
    Init,
    /// Read files and say what is wrong with them, without running any engine.
    Check(Files),
    /// Ask the engines whether a workflow's properties hold, or whether a policy is sound.
    Verify(VerifyArgs),
    /// Say what to do about a workflow's findings: changes that were tried, questions, a recommendation.
    Critique(CritiqueArgs),
    /// Write a workflow in the language of an engine.
    Lower(LowerArgs),
    /// Step through a workflow by hand, or replay a run.
    Simulate(SimulateArgs),
    /// Say how two versions differ: runs gained and lost, weaker promises, a wider policy.
    Diff(DiffArgs),
    /// Let planner, engines and critic take turns until a person has to decide.
    Iterate(IterateArgs),
    /// Show what happened to a workflow, oldest first.
    Log(LogArgs),
    /// Say whether what the journals record may have happened.
    Audit(AuditArgs),
    /// Make the changes that a critique recommends, and raise the version.
    Revise(ReviseArgs),
    /// Answer a question of a critique, or of the agents.
    Answer(AnswerArgs),
    /// Say where each workflow of the project stands, and what its rounds cost.
    Status,
    /// Say what a kind of finding or an error code means.
    Explain(ExplainArgs),
    /// Say which engines are there, and how to get the others.
    Doctor(DoctorArgs),
    /// Give authority to one version of a workflow; only a person can.
    Approve(ApproveArgs),
    /// Answer for one finding of one version; only a person can.
    Waive(WaiveArgs),
    /// Give a version up; only a person can.
    Reject(RejectArgs),
    /// Take an approval back; only a person can.
    Revoke(RevokeArgs),
    /// Say what waits for a person.
    Pending,
    /// Say whether what is approved is still what is there.
    Gate(GateArgs),
    /// Print the completions for a shell.
    Completions(CompletionsArgs),
}

impl Command {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Check(_) => "check",
            Self::Verify(_) => "verify",
            Self::Critique(_) => "critique",
            Self::Lower(_) => "lower",
            Self::Simulate(_) => "simulate",
            Self::Diff(_) => "diff",
            Self::Iterate(_) => "iterate",
            Self::Log(_) => "log",
            Self::Audit(_) => "audit",
            Self::Revise(_) => "revise",
            Self::Answer(_) => "answer",
            Self::Status => "status",
            Self::Explain(_) => "explain",
            Self::Doctor(_) => "doctor",
            Self::Approve(_) => "approve",
            Self::Waive(_) => "waive",
            Self::Reject(_) => "reject",
            Self::Revoke(_) => "revoke",
            Self::Pending => "pending",
            Self::Gate(_) => "gate",
            Self::Completions(_) => "completions",
        }
    }
}

/// What `doctor` is to do besides looking.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Install a tool into this user's cache.
    #[arg(long, value_name = "TOOL")]
    pub install: Option<Installable>,
}

/// Tools that `doctor` can install.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Installable {
    /// Lean 4 in WebAssembly, with a Node to run it where this machine's is too old; about 500 MB.
    LeanWasm,
}

/// Files to read.
#[derive(Debug, Args)]
pub struct Files {
    /// Workflow or policy files.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Workflow or policy files.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Ask this engine, and need its answer; by default all that are installed.
    #[arg(
        long = "engine",
        value_enum,
        value_delimiter = ',',
        value_name = "ENGINE"
    )]
    pub engines: Vec<EngineArg>,
    /// Judge only this property.
    #[arg(long = "property", value_delimiter = ',', value_name = "ID")]
    pub properties: Vec<String>,
    /// Seconds after which an engine gives up.
    #[arg(long, default_value_t = 300, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub deadline: u64,
    /// Let warnings block too.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub deny: Option<Deny>,
    /// Write a report: human, json, sarif, junit, markdown; to PATH, or to stdout instead of the usual one.
    #[arg(long = "report", value_name = "FORMAT[=PATH]", value_parser = report_arg)]
    pub reports: Vec<ReportArg>,
    /// Keep the frozen file, what engines were given and the report below this directory.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// What to deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Warnings.
    Warning,
}

/// An engine on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// The embedded explicit-state engine.
    Explore,
    /// TLC.
    Tlc,
    /// Z3.
    Z3,
    /// Lean.
    Lean,
}

/// One report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportArg {
    /// In this form.
    pub format: Format,
    /// There; `None` = stdout.
    pub path: Option<PathBuf>,
}

pub(super) fn report_arg(text: &str) -> Result<ReportArg, String> {
    let (word, path) = match text.split_once('=') {
        Some((word, path)) => (word, Some(PathBuf::from(path))),
        None => (text, None),
    };
    let format = Format::from_word(word).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|f| f.word()).collect();
        format!("one of {} is wanted", known.join(", "))
    })?;
    Ok(ReportArg { format, path })
}

/// Arguments of `lower`.
#[derive(Debug, Args)]
pub struct LowerArgs {
    /// A workflow file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The languages.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        required = true,
        value_name = "LANGUAGE"
    )]
    pub to: Vec<Target>,
    /// Write the files here; without it, one text goes to stdout.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A language to lower to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Target {
    /// TLA+ and its configuration.
    Tla,
    /// SMT-LIB.
    Smt,
    /// Lean 4.
    Lean,
    /// A Mermaid state diagram.
    Mermaid,
    /// The canonical JSON that the digest is made of.
    Json,
}

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// A workflow file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Replay this run: what `verify --json` printed, one of its findings, or a `trace` alone.
    #[arg(long, value_name = "FILE", conflicts_with = "random")]
    pub trace: Option<PathBuf>,
    /// Take this many steps at random.
    #[arg(long, value_name = "N")]
    pub random: Option<u32>,
    /// Where randomness starts; the same seed gives the same run.
    #[arg(long, value_name = "S", default_value_t = 0, requires = "random")]
    pub seed: u64,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A kind of finding (`deadlock`) or an error code (`TRIB-RANGE`); none lists all.
    #[arg(value_name = "KIND|CODE")]
    pub what: Option<String>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
