//! A project with one workflow, taken as far as a test needs it.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value as Json;
use tribunal::check::load_str;
use tribunal::finding::critique::{CriticDecision, Critique, FORMAT};
use tribunal::gate::StoredReport;
use tribunal::gate::case::digest_of;
use tribunal::gate::event::{Event, Identity, Seat, What};
use tribunal::host::clock::Timestamp;
use tribunal::ir::Digest;
use tribunal::journal::{Durability, Journal, Stream};

use crate::cli::{fits, tribunal};

/// A workflow with one warning (an actor that does nothing) and nothing that blocks.
pub const FLOW: &str = "\
workflow_id: w
version: 1
goal: Merge what was reviewed
actors: [Coder, {id: Reviewer, kind: human}, Idle]
states: [Draft, Reviewed, Merged, Dropped]
terminal: {success: [Merged], failure: [Dropped]}
artifacts: [branch]
evidence:
  review: {of: [branch]}
vars:
  rounds: {type: int, range: [0, 2], init: 0}
transitions:
  - {id: push, actor: Coder, from: Draft, when: \"rounds < 2\", set: {rounds: \"rounds + 1\"}, bump: [branch]}
  - {id: review, actor: Reviewer, from: Draft, to: Reviewed, record: {review: {}}}
  - {id: merge, actor: Coder, from: Reviewed, to: Merged, when: \"fresh(review)\"}
  - {id: drop, actor: Reviewer, from: [Draft, Reviewed], to: Dropped}
properties:
  - {id: reviewed, at: merge, require: \"fresh(review)\"}
";

/// A project in a directory of its own.
pub struct Fixture {
    folder: tempfile::TempDir,
}

impl Fixture {
    /// A project that holds this workflow as `w.yaml`, written by `alice`.
    pub fn with(flow: &str) -> Self {
        let new = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        std::fs::create_dir(new.root().join(".spec")).expect("made");
        new.write("w.yaml", flow);
        let checked = load_str(flow).expect("a workflow");
        new.event(Event {
            workflow: "w".into(),
            version: checked.ir.version.value,
            digest: digest_of(&checked),
            by: person("alice"),
            what: What::Proposed {
                from: None,
                critique: None,
            },
        });
        new
    }

    /// The same, verified.
    pub fn verified(flow: &str) -> Self {
        let new = Self::with(flow);
        new.verify();
        new
    }

    /// The same, accepted by the critic.
    pub fn criticised(flow: &str) -> Self {
        let new = Self::verified(flow);
        new.critique(CriticDecision::Accept);
        new
    }

    /// The same, approved by whoever runs the tests.
    pub fn approved(flow: &str) -> Self {
        let new = Self::criticised(flow);
        let (code, document) = new.approve();
        assert_eq!(code, 0, "{document:#}");
        new
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// A file of the folder of version 1.
    pub fn kept(&self, name: &str) -> PathBuf {
        self.path(".spec/workflows/w/v1").join(name)
    }

    pub fn read(&self, path: &Path) -> String {
        std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    /// Changes a file; fails where nothing changes.
    pub fn edit(&self, path: &Path, from: &str, to: &str) {
        let old = self.read(path);
        let new = old.replacen(from, to, 1);
        assert_ne!(old, new, "`{from}` is not in {}", path.display());
        std::fs::write(path, new).expect("written");
    }

    pub fn journal(&self) -> Journal {
        Journal::at(self.path(".spec/workflows/w/journal.jsonl"))
    }

    pub fn events(&self) -> Stream<Event> {
        self.journal().read().expect("a sound journal")
    }

    pub fn event(&self, event: Event) {
        let journal = self.journal();
        journal
            .append(&event, Timestamp::now(), Durability::Ordinary)
            .expect("appended");
    }

    /// An event about the current version.
    pub fn happens(&self, by: Identity, what: What) {
        let checked = load_str(&self.read(&self.path("w.yaml"))).expect("a workflow");
        self.event(Event {
            workflow: "w".into(),
            version: checked.ir.version.value,
            digest: digest_of(&checked),
            by,
            what,
        });
    }

    pub fn verify(&self) {
        let output = self.run(&["verify", "w.yaml", "--engine", "explore,z3"]);
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{output:?}");
    }

    pub fn stored(&self) -> StoredReport {
        serde_json::from_str(&self.read(&self.kept("report.json"))).expect("a report")
    }

    /// Writes a critique of the report, as a critic would.
    pub fn critique(&self, decision: CriticDecision) -> Digest {
        let stored = self.stored();
        let critique = Critique {
            format: FORMAT,
            workflow: "w".into(),
            target_version: stored.data.version.expect("a version"),
            digest: stored.data.digest.parse().expect("a digest"),
            report: stored.digest(),
            critic: "rules".into(),
            decision,
            issues: Vec::new(),
            recommended_changes: Vec::new(),
            waiver_proposals: Vec::new(),
        };
        self.put_critique(&critique)
    }

    pub fn put_critique(&self, critique: &Critique) -> Digest {
        let text = serde_json::to_string_pretty(critique).expect("text");
        std::fs::write(self.kept("critique.json"), text).expect("written");
        let own = critique.own_digest().expect("a digest");
        self.happens(
            Identity::Seat {
                seat: Seat::Critic,
                by: "rules".into(),
            },
            What::Critiqued {
                report: critique.report,
                critique: own,
                decision: critique.decision,
            },
        );
        own
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.run_as(&[], arguments)
    }

    pub fn run_as(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
        tribunal(self.root())
            .env_remove("SPEC_ROLE")
            .env_remove("SPEC_AGENT_ID")
            .envs(environment.iter().copied())
            .args(arguments)
            .output()
            .expect("it starts")
    }

    /// The exit code and the document of a run by a person.
    pub fn json(&self, arguments: &[&str]) -> (i32, Json) {
        let output = self.run_as(
            &[("SPEC_ROLE", "human")],
            &[arguments, &["--json"]].concat(),
        );
        let code = output.status.code().expect("it ends by itself");
        let document = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| panic!("{arguments:?}: {e}: {output:?}"));
        fits(&document, &format!("{}.schema.json", arguments[0]));
        (code, document)
    }

    /// What `approve` shows.
    pub fn shown(&self) -> String {
        let (code, document) = self.json(&["approve", "w.yaml"]);
        assert_eq!(code, 6, "{document:#}");
        let shown = document["data"]["to_be_approved"].as_str();
        shown.expect("a digest").to_owned()
    }

    /// Approves as a person off a terminal.
    pub fn approve(&self) -> (i32, Json) {
        let shown = self.shown();
        self.json(&["approve", "w.yaml", "--expect", &shown])
    }

    /// The exit code of the gate and the code of its reason; `open` where it is.
    pub fn gate(&self) -> (i32, String) {
        let (code, document) = self.json(&["gate", "w.yaml"]);
        let reason = match document["data"]["open"].as_bool() {
            Some(true) => "open".to_owned(),
            Some(false) | None => document["errors"][0]["code"]
                .as_str()
                .unwrap_or_else(|| panic!("{document:#}"))
                .to_owned(),
        };
        (code, reason)
    }

    /// Another project with the same files.
    pub fn copy(&self) -> Self {
        let new = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        copy_all(self.root(), new.root());
        new
    }
}

fn copy_all(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).expect("made");
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

pub fn person(user: &str) -> Identity {
    Identity::Person { user: user.into() }
}
