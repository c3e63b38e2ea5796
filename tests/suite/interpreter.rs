//! `python/interpreter`, a second reading of the semantics, against the embedded engine: what `tribunal lower --to json`
//! makes of every workflow of the corpus is read, explored and judged by both, and all counts and verdicts are equal.
//!
//! Both start from the JSON here, so this also tests that the JSON says all there is to say.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use tribunal::explore::{Options, explore};
use tribunal::finding::PropertyIx;
use tribunal::ir::canonical::to_full_json;
use tribunal::model::desugar;

use super::corpus::{corpus, files, load};
use super::tools::python;

/// Writes a workflow as JSON into `folder`, and what it refines beside it.
fn write(path: &Path, folder: &Path) -> String {
    let name = path.with_extension("json");
    let name = name.file_name().and_then(|n| n.to_str()).expect("a name");
    let mut json = to_full_json(&load(path).ir);
    if let Some(refines) = json.get_mut("refines") {
        let other = refines["workflow"].as_str().expect("a path").to_owned();
        let other = path.parent().expect("a folder").join(other);
        let within = folder.join("refined");
        std::fs::create_dir_all(&within).expect("made");
        refines["workflow"] = format!("refined/{}", write(&other, &within)).into();
    }
    std::fs::write(folder.join(name), json.to_string()).expect("written");
    name.to_owned()
}

#[test]
fn both_readings_count_and_judge_alike() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = files(&corpus());
    paths.push(root.join("formal/spec_impl.v1.yaml"));
    paths.push(root.join("formal/spec_impl.v2.yaml"));
    let names: Vec<String> = paths.iter().map(|p| write(p, folder.path())).collect();

    let output = Command::new(python)
        .args(["-m", "interpreter"])
        .args(names.iter().map(|n| folder.path().join(n)))
        .current_dir(folder.path())
        .env("PYTHONPATH", root.join("python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    let answers = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<Json> = answers
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON, a line a file"))
        .collect();
    assert_eq!(answers.len(), paths.len());

    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (path, theirs) in paths.iter().zip(&answers) {
        let system = desugar(&load(path));
        let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
        let ours = explore(&system, &Options::new(&all));
        let counts = (Some(ours.states.distinct), ours.states.steps);
        assert_eq!(
            counts,
            (theirs["distinct"].as_u64(), theirs["steps"].as_u64()),
            "{}",
            path.display()
        );
        let verdicts = theirs["verdicts"].as_object().expect("an object");
        assert_eq!(
            verdicts.len(),
            system.properties.len(),
            "{}",
            path.display()
        );
        for (answer, property) in ours.answers.iter().zip(&system.properties) {
            let word = answer.answer.word();
            let place = format!("{}: {}", path.display(), property.id);
            assert_eq!(Some(word), verdicts[&property.id].as_str(), "{place}");
            *seen
                .entry((property.form.to_owned(), word.to_owned()))
                .or_default() += 1;
        }
    }
    for form in [
        "always",
        "never",
        "at",
        "precedes",
        "reachable",
        "can_reach",
        "eventually",
        "leads_to",
        "infinitely_often",
        "deadlock",
        "in_range",
        "state",
        "fires",
        "needs",
        "refines",
    ] {
        assert!(
            seen.contains_key(&(form.to_owned(), "holds".to_owned())),
            "no {form} holds anywhere: {seen:?}"
        );
    }
    for form in ["always", "at", "leads_to", "eventually", "deadlock"] {
        assert!(
            seen.contains_key(&(form.to_owned(), "violated".to_owned())),
            "no {form} is violated anywhere: {seen:?}"
        );
    }
}
