//! `critique`: a report, made now or kept, and what the rules make of it; in a project the critique is kept beside the report
//! and told to the journal. What is kept was admitted first, like any other critic's word.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::engines::{Runner, Selection, run_all};
use super::load::{Loaded, LoadedKind, load};
use super::project::{self, Project, ProjectError};
use super::record::{self, RecordError};
use super::runners::{self, Installed};
use super::store::{Folder, StoreError};
use super::verify::{Verify, VerifyError, about_workflow, digest, verify};
use crate::check::{CheckedPolicy, CheckedWorkflow, check};
use crate::critique::{
    AdmitError, Bench, Case, CritiqueError, Target, UnknownWord, admit, criticize,
};
use crate::engine::Request;
use crate::finding::critique::Critique;
use crate::finding::{Diagnostic, PropertyIx};
use crate::gate::StoredReport;
use crate::gate::event::{Event, Identity, Seat, What};
use crate::gate::stored::REPORT_FILE;
use crate::host::clock::Timestamp;
use crate::host::files::read_text_capped;
use crate::ir::{SourceId, Sources};
use crate::journal::{Durability, JournalError, Stream};
use crate::model::desugar;
use crate::report::render::Page;
use crate::report::{Input, Report, merge};
use crate::syntax::parse_workflow;

/// The name of the file that keeps a critique.
pub const CRITIQUE_FILE: &str = "critique.json";

const REPORT_BYTES: u64 = 64 * 1024 * 1024;
/// Wall time for each engine and copy that a rule's proposal is tried on.
const COPY: Duration = Duration::from_secs(20);

/// A critique and what it is about.
#[derive(Debug, Clone)]
pub struct Critiqued {
    /// The critique.
    pub critique: Critique,
    /// The report it is about.
    pub stored: StoredReport,
    /// The texts.
    pub sources: Sources,
    /// Warnings about the file.
    pub warnings: Vec<Diagnostic>,
    /// Where the project keeps it.
    pub kept: Option<PathBuf>,
}

/// Why there is no critique.
#[derive(Debug, thiserror::Error)]
pub enum NoCritique {
    /// There is no report.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The file is a policy.
    #[error("a policy has no critique; `tribunal verify` says what is wrong with it")]
    Policy,
    /// The critic says why.
    #[error(transparent)]
    Critic(#[from] CritiqueError),
    /// The stored report cannot be read.
    #[error(transparent)]
    Stored(#[from] UnknownWord),
    /// The critic's own word is not admitted. A bug.
    #[error("the rules' own critique is refused: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<AdmitError>),
}

impl From<RecordError> for NoCritique {
    fn from(error: RecordError) -> Self {
        Self::Verify(error.into())
    }
}

impl From<ProjectError> for NoCritique {
    fn from(error: ProjectError) -> Self {
        Self::Verify(error.into())
    }
}

/// Criticises one workflow file.
///
/// # Errors
/// See [`NoCritique`].
pub fn critique(path: &Path, options: &Verify<'_>) -> Result<Critiqued, NoCritique> {
    let mut loaded = load(path).map_err(VerifyError::from)?;
    let LoadedKind::Workflow(checked) = loaded.kind.clone() else {
        return Err(NoCritique::Policy);
    };
    let (stored, folders) = report_of(path, &checked, options)?;
    let cases = Case::stored(&stored.findings)?;
    let target = Target {
        workflow: checked.ir.id.value.to_string(),
        version: checked.ir.version.value,
        digest: digest(&checked),
        report: stored.digest(),
    };
    let policy = project::policy(options.project, &mut loaded.sources)?;
    let text = source_text(&loaded).to_owned();
    let refined = checked.refinement.as_ref().map(|r| r.refined.clone());
    let bench = Bench {
        file: &path.display().to_string(),
        text: &text,
        refined: refined.clone(),
        policy: &policy,
        deadline: COPY.min(options.deadline),
        cancel: options.cancel.clone(),
    };
    let confirm = |text: &str| {
        let parsed = parse_workflow(SourceId(0), text).ok()?;
        let changed = check(parsed.value, refined.clone()).ok()?;
        let mut sources = Sources::default();
        sources.add(path.display().to_string(), text);
        rehearse(path, &changed, &policy, &sources, options)
    };
    let critique = criticize(&bench, &target, stored.data.verdict, &cases, &confirm)?;
    let critique = admit(&critique, &target, &cases, &checked)
        .map_err(NoCritique::Refused)?
        .into_critique();
    let kept = keep(&critique, &target, options.project, &folders)?;
    Ok(Critiqued {
        critique,
        stored,
        sources: loaded.sources,
        warnings: loaded.warnings,
        kept,
    })
}

fn source_text(loaded: &Loaded) -> &str {
    loaded.sources.get(SourceId(0)).map_or("", |f| &f.text)
}

/// The report that the project keeps of exactly this content, else a new one. Engines that are named are always asked.
fn report_of(
    path: &Path,
    checked: &CheckedWorkflow,
    options: &Verify<'_>,
) -> Result<(StoredReport, Vec<PathBuf>), NoCritique> {
    if let Some(project) = options.project
        && options.engines == selected(project)
    {
        let folder = project
            .workflows()
            .join(checked.ir.id.value.as_str())
            .join(format!("v{}", checked.ir.version.value));
        let kept = read_text_capped(&folder.join(REPORT_FILE), REPORT_BYTES)
            .ok()
            .and_then(|text| serde_json::from_str::<StoredReport>(&text).ok())
            .filter(|stored| stored.data.digest == digest(checked).to_string())
            .filter(|stored| stored.tribunal == env!("CARGO_PKG_VERSION"));
        if let Some(stored) = kept {
            return Ok((stored, vec![folder]));
        }
    }
    let verified = verify(path, options)?;
    let stored = StoredReport::of(Page {
        report: &verified.report,
        sources: &verified.sources,
    });
    let folders = verified.folders.iter().map(|f| f.path().to_path_buf());
    Ok((stored, folders.collect()))
}

/// The engines that a project's settings select.
fn selected(project: &Project) -> Selection {
    match &project.config.engines {
        Some(engines) if !engines.is_empty() => {
            Selection::Named(engines.iter().map(|e| (*e).into()).collect())
        }
        Some(_) | None => Selection::Installed,
    }
}

/// All selected engines on a changed copy; nothing is kept.
fn rehearse(
    path: &Path,
    checked: &CheckedWorkflow,
    policy: &CheckedPolicy,
    sources: &Sources,
    options: &Verify<'_>,
) -> Option<Report> {
    let system = desugar(checked);
    let asked: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let installed = Installed::look();
    let needed = options.engines.needed(&installed.engines());
    let request = Request {
        system: &system,
        properties: &asked,
        deadline: options.deadline,
        cancel: options.cancel.clone(),
        artifacts: None,
        progress: options.progress,
    };
    let runners: Vec<Runner<'_>> = needed
        .iter()
        .map(|e| runners::runner(*e, &installed))
        .collect();
    let evidence = run_all(&request, &runners);
    let mut observations = checked.observations.clone();
    if let Some(own) = &checked.policy {
        observations.extend(runners::battery(policy, Some(own), &options.cancel).0);
    }
    if options.cancel.cancelled() {
        return None;
    }
    Some(merge(&Input {
        about: about_workflow(path, checked),
        system: Some(&system),
        sources,
        asked: &asked,
        needed: &needed,
        evidence: &evidence,
        observations: &observations,
    }))
}

/// Writes the critique into the project's folder of this version, then tells the journal.
fn keep(
    critique: &Critique,
    target: &Target,
    project: Option<&Project>,
    folders: &[PathBuf],
) -> Result<Option<PathBuf>, NoCritique> {
    let Some(project) = project else {
        return Ok(None);
    };
    let Some(folder) = folders.iter().find(|f| f.starts_with(project.workflows())) else {
        return Ok(None);
    };
    let text = text(critique).map_err(RecordError::from)?;
    let place = folder.join(CRITIQUE_FILE);
    Folder::of(folder)
        .write(CRITIQUE_FILE, &text)
        .map_err(VerifyError::from)?;
    let own = critique.own_digest().map_err(RecordError::from)?;
    let event = Event {
        workflow: target.workflow.clone(),
        version: target.version,
        digest: target.digest,
        by: Identity::Seat {
            seat: Seat::Critic,
            by: critique.critic.clone(),
        },
        what: What::Critiqued {
            report: target.report,
            critique: own,
            decision: critique.decision,
        },
    };
    let journal = record::journal(project, &target.workflow);
    let added = journal.append_if(Timestamp::now(), Durability::Ordinary, |stream| {
        if said_last(stream, &event) {
            Err(Stopped::Known)
        } else {
            Ok(event.clone())
        }
    });
    match added {
        Ok(_) | Err(Stopped::Known) => {
            let shown = place.strip_prefix(&project.root).unwrap_or(&place);
            Ok(Some(shown.to_path_buf()))
        }
        Err(Stopped::Journal(error)) => Err(RecordError::from(error).into()),
    }
}

/// Why nothing was added.
enum Stopped {
    Known,
    Journal(JournalError),
}

impl From<JournalError> for Stopped {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

/// Whether this is what was said last of this version.
fn said_last(stream: &Stream<Event>, event: &Event) -> bool {
    stream
        .entries
        .iter()
        .rev()
        .map(|e| &e.body)
        .find(|e| e.version == event.version && e.digest == event.digest)
        .is_some_and(|last| last.by == event.by && last.what == event.what)
}

/// A critique as it is written.
///
/// # Errors
/// None that can occur with these types; `serde_json`'s.
pub fn text(critique: &Critique) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(critique)? + "\n")
}

impl From<StoreError> for NoCritique {
    fn from(error: StoreError) -> Self {
        Self::Verify(error.into())
    }
}
