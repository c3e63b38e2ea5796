//! What is printed, word by word, for the product's own workflow; and that it is the same every time.

use serde_json::Value as Json;

use super::{V1, root, run, stdout};

const ENGINES: &str = "--engine=explore,z3";

/// Without the marked line of timings.
pub fn masked(text: &str) -> String {
    text.lines()
        .filter(|l| !l.starts_with("    time "))
        .map(|l| format!("{l}\n"))
        .collect()
}

/// Without wall seconds.
fn without_seconds(json: &mut Json) {
    match json {
        Json::Array(all) => all.iter_mut().for_each(without_seconds),
        Json::Object(map) => {
            if let Some(seconds) = map.get_mut("seconds") {
                *seconds = Json::Null;
            }
            map.values_mut().for_each(without_seconds);
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Version 5.3.3.0 of Z3 today may be another one tomorrow.
fn engine_version(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split("z3 ").enumerate() {
        if i > 0 {
            out.push_str("z3 ");
        }
        let number = part
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .count();
        if i > 0 && number > 2 {
            out.push_str("VERSION");
            out.push_str(&part[number..]);
        } else {
            out.push_str(part);
        }
    }
    out
}

#[test]
fn the_first_version_is_reported_word_by_word() {
    let output = run(&root(), &["verify", V1, ENGINES]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!("v1_human", engine_version(&masked(&stdout(&output))));
    let markdown = stdout(&run(
        &root(),
        &["verify", V1, ENGINES, "--report", "markdown"],
    ));
    insta::assert_snapshot!("v1_markdown", engine_version(&markdown));
    let junit = stdout(&run(&root(), &["verify", V1, ENGINES, "--report", "junit"]));
    insta::assert_snapshot!("v1_junit", junit);
}

#[test]
fn quiet_shows_what_blocks_and_verbose_everything() {
    let lines = |flag: &str| {
        stdout(&run(&root(), &["verify", V1, "--engine=explore", flag]))
            .lines()
            .count()
    };
    let usual = stdout(&run(&root(), &["verify", V1, "--engine=explore"]))
        .lines()
        .count();
    assert!(
        lines("-q") < usual && usual < lines("-v"),
        "{} {usual} {}",
        lines("-q"),
        lines("-v")
    );
    let quiet = stdout(&run(&root(), &["verify", V1, "--engine=explore", "-q"]));
    assert!(
        quiet.contains("dead end") && !quiet.contains("never reached"),
        "{quiet}"
    );
}

#[test]
fn two_runs_say_the_same_byte_by_byte() {
    for format in ["human", "sarif", "junit", "markdown"] {
        let once = || {
            masked(&stdout(&run(
                &root(),
                &["verify", V1, ENGINES, "--report", format],
            )))
        };
        assert_eq!(once(), once(), "{format}");
    }
    let document = || {
        let mut json: Json =
            serde_json::from_slice(&run(&root(), &["verify", V1, ENGINES, "--json"]).stdout)
                .expect("JSON");
        without_seconds(&mut json);
        json
    };
    assert_eq!(document(), document());
}

#[test]
fn sarif_has_what_code_hosts_read() {
    let sarif: Json = serde_json::from_str(&stdout(&run(
        &root(),
        &["verify", V1, ENGINES, "--report", "sarif"],
    )))
    .expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 7);
    for result in results {
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        assert!(
            !result["message"]["text"]
                .as_str()
                .expect("a text")
                .is_empty()
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], V1);
        assert!(place["region"]["startLine"].as_u64().expect("a line") >= 1);
        assert!(
            result["partialFingerprints"]["tribunal/v1"]
                .as_str()
                .expect("an id")
                .starts_with("F-")
        );
    }
    let deadlock = results
        .iter()
        .find(|r| r["ruleId"] == "deadlock")
        .expect("one");
    assert_eq!(
        deadlock["locations"][0]["physicalLocation"]["region"]["startLine"],
        14
    );
    assert_eq!(
        deadlock["codeFlows"][0]["threadFlows"][0]["locations"]
            .as_array()
            .expect("steps")
            .len(),
        4
    );
}

#[test]
fn reports_go_where_they_are_sent() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("deep/report.sarif");
    let argument = format!("sarif={}", path.display());
    let output = run(
        &root(),
        &["verify", V1, "--engine=explore", "--report", &argument],
    );
    assert!(
        stdout(&output).contains("dead end"),
        "the human report still goes to stdout"
    );
    let written: Json =
        serde_json::from_str(&std::fs::read_to_string(path).expect("written")).expect("JSON");
    assert_eq!(written["version"], "2.1.0");
    let two = run(
        &root(),
        &["verify", V1, "--report", "sarif", "--report", "junit"],
    );
    assert_eq!(two.status.code(), Some(2));
}
