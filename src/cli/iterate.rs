//! `tribunal iterate FILE_OR_GOAL`: lets planner, engines and critic take turns until a person has to decide.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::EngineArg;
use super::exit_code::ExitCode;
use super::iterate_progress::Signs;
use super::iterate_seats::{SeatArgs, dry_run};
use super::iterate_text::text;
use super::outcome::Outcome;
use super::screen::Screen;
use super::verify::{selection, tell as tell_verify, tell_project};

use crate::agent::seat::{Critic, CriticChoice, Seats, Wish};
use crate::host::files::{read_text_capped, write_atomic};
use crate::host::interrupt;
use crate::pipeline::iterate::bounds::word;
use crate::pipeline::iterate::desk::DeskError;
use crate::pipeline::iterate::{
    Bounds, Desk, Ending, How, IterateError, Loop, RulesCritic, history, start,
};
use crate::pipeline::{Project, ProjectError, StoreError};
use crate::protocol::{Exchange, GO_ON, STOP, Spend};

/// Arguments of `iterate`.
#[derive(Debug, Args)]
pub struct IterateArgs {
    /// A workflow file, or a goal in plain words.
    #[arg(value_name = "FILE_OR_GOAL")]
    pub target: String,
    /// Something the planner must keep to; for a goal in plain words.
    #[arg(long = "constraint", value_name = "TEXT")]
    pub constraints: Vec<String>,
    /// Revisions before a person is asked, 1 to 3: the verified life cycle allows no more.
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3))]
    pub max_rounds: u32,
    /// What may be spent before a person is asked: `tokens=N`, `usd=N.NN`, `seconds=N`.
    #[arg(long = "budget", value_delimiter = ',', value_name = "KIND=N", value_parser = Budget::parse)]
    pub budget: Vec<Budget>,
    /// Go on with a run that was interrupted.
    #[arg(long)]
    pub resume: bool,
    /// Show what would be asked of whom, and ask nobody.
    #[arg(long)]
    pub dry_run: bool,
    /// Who sits at the table.
    #[command(flatten)]
    pub seats: SeatArgs,
    /// Ask this engine, and need its answer; by default those of the project, or all that are installed.
    #[arg(
        long = "engine",
        value_enum,
        value_delimiter = ',',
        value_name = "ENGINE"
    )]
    pub engines: Vec<EngineArg>,
    /// Seconds after which an engine gives up.
    #[arg(long, default_value_t = 300, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub deadline: u64,
    /// Write the version that waits to this file too.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// One bound of `--budget`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Tokens, sent and received.
    Tokens(u64),
    /// Millionths of a dollar.
    MicroDollars(u64),
    /// Seconds of work.
    Seconds(u64),
}

impl Budget {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no budget: write tokens=N, usd=N.NN or seconds=N");
        let (kind, amount) = text.split_once('=').ok_or_else(wrong)?;
        let whole = || {
            amount
                .parse::<u64>()
                .ok()
                .filter(|n| *n > 0)
                .ok_or_else(wrong)
        };
        match kind {
            "tokens" => whole().map(Self::Tokens),
            "seconds" => whole().map(Self::Seconds),
            "usd" => micro_dollars(amount)
                .map(Self::MicroDollars)
                .ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

/// Dollars with at most six decimals, in millionths.
fn micro_dollars(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 6
        || whole.is_empty()
        || !(whole.to_owned() + part)
            .bytes()
            .all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let part = format!("{part:0<6}").parse::<u64>().ok()?;
    let all = whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000_000)?
        .checked_add(part)?;
    (all > 0).then_some(all)
}

fn bounds(args: &IterateArgs) -> Bounds {
    let mut bounds = Bounds {
        rounds: NonZeroU32::new(args.max_rounds).unwrap_or(NonZeroU32::MIN),
        seconds: None,
        tokens: None,
        micro_dollars: None,
    };
    for budget in &args.budget {
        match budget {
            Budget::Tokens(n) => bounds.tokens = Some(*n),
            Budget::MicroDollars(n) => bounds.micro_dollars = Some(*n),
            Budget::Seconds(n) => bounds.seconds = Some(*n),
        }
    }
    bounds
}

/// `data` of `iterate`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IterateJson {
    /// `workflow_id`.
    pub workflow: String,
    /// The current version; 0 where there is none.
    pub version: u32,
    /// Its digest.
    pub digest: Option<String>,
    /// The file, relative to the project.
    pub file: Option<String>,
    /// `approval`, `answer`, `escalated`, `budget`, `approved`, `rejected`.
    pub state: String,
    /// By this name a person answers; null where nothing is asked.
    pub question: Option<String>,
    /// What is asked, or why it is over; null for an approval.
    pub why: Option<String>,
    /// What can be answered.
    pub options: Vec<String>,
    /// Version by version.
    pub rounds: Vec<RoundJson>,
    /// What the whole conversation cost.
    pub spend: Spend,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundJson {
    /// The version.
    pub version: u32,
    /// What the engines concluded.
    pub verdict: Option<String>,
    /// Blocking findings.
    pub blocking: u32,
    /// Warnings.
    pub warning: u32,
    /// What the critic recommended.
    pub decision: Option<String>,
    /// What was spent on it.
    pub spend: Spend,
}

/// Runs it.
#[must_use]
pub fn run(args: &IterateArgs, screen: &Screen) -> Outcome {
    let role = std::env::var_os("SPEC_ROLE").filter(|r| !r.is_empty());
    if let Some(role) = role
        && role != "human"
        && role != "orchestrator"
    {
        return Outcome::failed(
            ExitCode::Refused,
            "TRIB-ITERATE-ROLE",
            "the loop seats planner and critic; the role that SPEC_ROLE says seats nobody",
            Some("run it without SPEC_ROLE, or as `human` or `orchestrator`"),
        );
    }
    let mut outcome = Outcome::empty();
    let project = match project() {
        Ok(project) => project,
        Err(error) => {
            tell_project(&mut outcome, &error, screen);
            return outcome;
        }
    };
    let seats = match args.seats.seats(&project) {
        Ok(seats) => seats,
        Err(error) => {
            error.tell(&mut outcome);
            return outcome;
        }
    };
    if args.dry_run {
        return dry_run(&seats, goal(args).as_ref(), bounds(args).rounds);
    }
    match go(args, screen, &project, &seats) {
        Ok((ending, exchange)) => {
            let rounds = history::rounds(&exchange);
            let spend = history::total(&exchange);
            outcome.exit = exit(&ending.how);
            outcome.text = text(&ending, &rounds, &spend, &screen.stdout);
            outcome.data = serde_json::to_value(json(&ending, &rounds, spend)).ok();
            if let (Some(out), Some(file)) = (&args.out, &ending.file) {
                copy(&mut outcome, &project.root.join(file), out);
            }
        }
        Err(error) => tell(&mut outcome, &error, screen),
    }
    outcome
}

/// The project around the current directory; one is begun here where there is none, because a run keeps what it does.
fn project() -> Result<Project, ProjectError> {
    if let Some(project) = Project::find(Path::new("."))? {
        return Ok(project);
    }
    let path = Path::new(".spec").join("workflows");
    let wrong = |error: std::io::Error| ProjectError::Config {
        path: path.display().to_string(),
        why: error.to_string(),
    };
    fs_err::create_dir_all(&path).map_err(wrong)?;
    Project::find(Path::new("."))?.ok_or_else(|| ProjectError::Config {
        path: path.display().to_string(),
        why: "it was made and is not there".to_owned(),
    })
}

fn go(
    args: &IterateArgs,
    screen: &Screen,
    project: &Project,
    seats: &Seats,
) -> Result<(Ending, Exchange), IterateError> {
    let first = match names_a_file(&args.target) {
        true => Some(start::file(Path::new(&args.target))?),
        false => None,
    };
    let workflow = first.as_ref().map_or_else(
        || start::name(&args.target),
        |f| f.checked.ir.id.value.to_string(),
    );
    let desk = Desk { project, workflow };
    let engines = selection(&args.engines, Some(project));
    let deadline = Duration::from_secs(args.deadline);
    let rules = RulesCritic {
        desk: desk.clone(),
        engines: engines.clone(),
        deadline,
    };
    let critic: &dyn Critic = match &seats.critic {
        CriticChoice::Rules => &rules,
        CriticChoice::Seat(critic) => critic.as_ref(),
    };
    let signs = Signs::new(screen.progress);
    let run = Loop {
        desk,
        planner: seats.planner.as_ref(),
        critic,
        engines,
        deadline,
        bounds: bounds(args),
        cancel: interrupt::token().child(),
        tell: &|sign| signs.show(&sign),
    };
    run.claim(args.resume)?;
    match &first {
        Some(first) => run.open_with(first)?,
        None => run.open_goal(&args.target, &args.constraints)?,
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| IterateError::UnderWay(format!("no thread could be started: {e}")))?;
    let ending = runtime.block_on(run.run());
    signs.clear();
    Ok((ending?, run.mailbox().read()?.exchange))
}

fn names_a_file(target: &str) -> bool {
    let path = Path::new(target);
    path.exists() || path.extension().is_some_and(|e| e == "yaml" || e == "yml")
}

/// What a planner would be asked to propose; none where a file is the first version.
fn goal(args: &IterateArgs) -> Option<Wish> {
    (!names_a_file(&args.target)).then(|| Wish {
        goal: args.target.clone(),
        constraints: args.constraints.clone(),
        workflow: start::name(&args.target),
        version: 1,
    })
}

fn copy(outcome: &mut Outcome, from: &Path, to: &Path) {
    let copied =
        read_text_capped(from, FILE_BYTES).and_then(|text| write_atomic(to, text.as_bytes()));
    if let Err(error) = copied {
        let message = format!("{}: {error}", to.display());
        outcome.fail(ExitCode::Invalid, "TRIB-STORE", &message, None);
    }
}

const FILE_BYTES: u64 = 1024 * 1024;

const fn exit(how: &How) -> ExitCode {
    match how {
        How::Approved => ExitCode::Done,
        How::AwaitsApproval | How::AwaitsAnswer { .. } | How::Escalated { .. } => ExitCode::Waiting,
        How::Exhausted { .. } => ExitCode::Budget,
        How::Rejected { .. } => ExitCode::Shut,
    }
}

fn json(ending: &Ending, rounds: &[history::Round], spend: Spend) -> IterateJson {
    let both = || vec![GO_ON.to_owned(), STOP.to_owned()];
    let (state, question, why, options) = match &ending.how {
        How::AwaitsApproval => ("approval", None, None, Vec::new()),
        How::AwaitsAnswer {
            question,
            text,
            options,
        } => (
            "answer",
            Some(question.clone()),
            Some(text.clone()),
            options.clone(),
        ),
        How::Escalated { question, why } => (
            "escalated",
            Some(question.clone()),
            Some(why.clone()),
            both(),
        ),
        How::Exhausted { question, used } => {
            let why = format!(
                "{} of {} {} are used up",
                used.spent, used.limit, used.bound
            );
            ("budget", Some(question.clone()), Some(why), both())
        }
        How::Approved => ("approved", None, None, Vec::new()),
        How::Rejected { why } => ("rejected", None, Some(why.clone()), Vec::new()),
    };
    IterateJson {
        workflow: ending.workflow.clone(),
        version: ending.version,
        digest: ending.digest.map(|d| d.to_string()),
        file: ending.file.clone(),
        state: state.to_owned(),
        question,
        why,
        options,
        rounds: rounds.iter().map(round).collect(),
        spend,
    }
}

/// One version, as it is printed.
pub(super) fn round(r: &history::Round) -> RoundJson {
    RoundJson {
        version: r.version,
        verdict: r.verdict.map(|v| v.word().to_owned()),
        blocking: r.blocking,
        warning: r.warning,
        decision: r.decision.map(|d| word(d).to_owned()),
        spend: r.spend,
    }
}

fn tell(outcome: &mut Outcome, error: &IterateError, screen: &Screen) {
    let message = error.to_string();
    let (exit, code, help) = match error {
        IterateError::Desk(DeskError::Workflow {
            sources,
            diagnostics,
        }) => {
            outcome.diagnostics(sources, diagnostics, screen);
            return;
        }
        IterateError::Desk(DeskError::Store(StoreError::Taken { .. })) => (
            ExitCode::Conflict,
            "TRIB-VERSION-TAKEN",
            "what is kept of a version never changes; a changed workflow is a new version",
        ),
        IterateError::Desk(DeskError::Refines(_)) => (
            ExitCode::Usage,
            "TRIB-ITERATE-REFINES",
            "use `critique`, `revise` and `verify` one after the other",
        ),
        IterateError::Desk(_) => (
            ExitCode::Invalid,
            "TRIB-ITERATE-FILE",
            "look at the file that is named",
        ),
        IterateError::Mailbox(_) | IterateError::Journal(_) => (
            ExitCode::Invalid,
            "TRIB-ITERATE-LOG",
            "the log was changed by hand or cut; restore it from version control",
        ),
        IterateError::Verify(error) => {
            tell_verify(outcome, error, screen);
            return;
        }
        IterateError::Seat { .. } => (
            ExitCode::Inconclusive,
            "TRIB-ITERATE-SEAT",
            "what was done so far is kept; `--resume` asks again",
        ),
        IterateError::Refused { .. } => (
            ExitCode::Conflict,
            "TRIB-ITERATE-REFUSED",
            "another program writes this conversation too; look at `tribunal log`",
        ),
        IterateError::UnderWay(_) => (
            ExitCode::Conflict,
            "TRIB-ITERATE-UNDER-WAY",
            "go on with `--resume`, or raise the file's `version:` to start anew",
        ),
        IterateError::Life(_) => (
            ExitCode::Conflict,
            "TRIB-ITERATE-LIFE",
            "`tribunal audit` shows where the journal stands",
        ),
        IterateError::Interrupted => (
            ExitCode::Interrupted,
            "TRIB-INTERRUPTED",
            "what was done so far is kept; `--resume` goes on from here",
        ),
    };
    outcome.fail(exit, code, &message, Some(help));
}
