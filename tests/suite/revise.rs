//! Revisions as data: `tests/revise/NAME.yaml`, the changes in `NAME.changes.json`, and the text that must come of them,
//! byte for byte, in `NAME.expected.yaml`. With `TRIBUNAL_UPDATE=1` the expected texts are written anew, for a person to read.

use std::path::{Path, PathBuf};

use tribunal::finding::critique::RecommendedChange;
use tribunal::revise::{Answers, Revised, apply};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/revise")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn revised(name: &str) -> (String, Revised) {
    let text = read(&folder().join(format!("{name}.yaml")));
    let changes = read(&folder().join(format!("{name}.changes.json")));
    let changes: Vec<RecommendedChange> = serde_json::from_str(&changes).expect("changes");
    match apply(&text, &changes, &Answers::new()) {
        Ok(revised) => (text, revised),
        Err(errors) => {
            let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{name}: {}", all.join("\n"))
        }
    }
}

#[test]
fn texts_are_patched_as_expected() {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("fixtures")
        .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
        .filter_map(|n| n.strip_suffix(".changes.json").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        let (_, revised) = revised(&name);
        let path = folder().join(format!("{name}.expected.yaml"));
        if std::env::var_os("TRIBUNAL_UPDATE").is_some() {
            std::fs::write(&path, &revised.text).expect("written");
        }
        assert_eq!(revised.text, read(&path), "{name}");
    }
}
