//! The gate over a project's workflows: reads, judges, and with `reverify` asks whether the engines are still the same.

use std::path::{Path, PathBuf};

use super::runners::{Installed, version};
use super::subject::{Ground, Subject, SubjectError};
use crate::finding::Engine;
use crate::gate::record::Part;
use crate::gate::{Cause, Reason, Record, Verdict, judge};
use crate::host::clock::Timestamp;

/// What the gate says of one workflow.
#[derive(Debug)]
pub struct Gated {
    /// The file, as the user would name it; the id where no file is known.
    pub path: String,
    /// The workflow; or why there is nothing to judge, which is never an open gate.
    pub judged: Result<(Box<Subject>, Verdict), SubjectError>,
}

/// Judges these files, or without any all workflows of the project.
#[must_use]
pub fn gate(ground: &Ground, paths: &[PathBuf], reverify: bool, now: Timestamp) -> Vec<Gated> {
    let one = |path: &Path, shown: String, id: Option<&str>| Gated {
        judged: judged(ground, path, id, reverify, now),
        path: shown,
    };
    if !paths.is_empty() {
        return paths
            .iter()
            .map(|p| one(p, p.display().to_string(), None))
            .collect();
    }
    ground
        .workflows()
        .into_iter()
        .map(|(id, source)| match source {
            Ok(path) => {
                let shown = path.strip_prefix(&ground.project.root).unwrap_or(&path);
                one(&path, shown.display().to_string(), Some(&id))
            }
            Err(error) => Gated {
                path: id,
                judged: Err(error),
            },
        })
        .collect()
}

fn judged(
    ground: &Ground,
    path: &Path,
    id: Option<&str>,
    reverify: bool,
    now: Timestamp,
) -> Result<(Box<Subject>, Verdict), SubjectError> {
    let subject = ground.subject(path)?;
    if let Some(was) = id.filter(|id| *id != subject.id()) {
        return Err(SubjectError::Renamed {
            path: path.display().to_string(),
            is: subject.id().to_owned(),
            was: was.to_owned(),
        });
    }
    let verdict = match judge(&subject.case(), now) {
        Verdict::Open(opened) if reverify => match engines(subject.case().record) {
            Some(reason) => Verdict::Shut(reason),
            None => Verdict::Open(opened),
        },
        verdict => verdict,
    };
    Ok((Box::new(subject), verdict))
}

/// The first engine of the report that is not installed any more, or in another version.
fn engines(record: &Record) -> Option<Reason> {
    let Part::There(report) = &record.report else {
        return Some(Reason::new(Cause::NoReport, "report.json is not there"));
    };
    let installed = Installed::look();
    report
        .data
        .engines
        .iter()
        .filter(|e| e.available)
        .find_map(|e| {
            let gone = |why: String| Some(Reason::new(Cause::Engines, why));
            let Some(engine) = Engine::ALL
                .into_iter()
                .find(|known| known.name() == e.engine)
            else {
                return gone(format!(
                    "the report names an engine that is not known: {}",
                    e.engine
                ));
            };
            if let Err(why) = installed.there(engine) {
                return gone(format!("{engine} is not there any more: {why}"));
            }
            let now = version(engine);
            if now == e.version {
                return None;
            }
            let word = |v: &Option<String>| v.clone().unwrap_or_else(|| "unknown".to_owned());
            gone(format!(
                "{engine} is version {} now, the report is by {}",
                word(&now),
                word(&e.version)
            ))
        })
}
