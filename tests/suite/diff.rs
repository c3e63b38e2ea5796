//! `tribunal diff` on pairs of files: `tests/diff/<case>/expect.json` says what is to be found, each judged by hand.

mod oracle;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value as Json;

use super::cli::{json, root, run, stdout};

const SCHEMA: &str = "diff.schema.json";

/// What a pair is to show. Absent keys mean that nothing of the kind is found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(default)]
    same: bool,
    /// Two policy files, so nothing about behaviour.
    #[serde(default)]
    policies: bool,
    /// How many warnings.
    #[serde(default)]
    warnings: usize,
    /// Runs gained and lost.
    runs: Option<[String; 2]>,
    /// The steps of the examples.
    #[serde(default)]
    length: [Option<usize>; 2],
    /// Runs gained and lost if the guesses are right.
    if_renamed: Option<[String; 2]>,
    /// Part, old name, new name.
    #[serde(default)]
    renames: Vec<String>,
    /// States kept, gained and lost.
    states: Option<[u64; 3]>,
    /// By id in the old file, else in the new one.
    #[serde(default)]
    conditions: BTreeMap<String, String>,
    /// Actions.
    allows: Option<Vec<String>>,
    /// Actions.
    refuses: Option<Vec<String>>,
    /// `+`, `-` or `~`, part, name, and the keys that differ.
    changed: Vec<String>,
}

fn folder() -> PathBuf {
    root().join("tests/diff")
}

fn cases() -> Vec<String> {
    let mut all: Vec<String> = std::fs::read_dir(folder())
        .expect("readable")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.join("expect.json").exists())
        .map(|p| {
            p.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    all.sort();
    all
}

/// The two files of a case, relative to the folder of all cases; the old one is the common one unless the case has its own.
fn files(case: &str) -> [String; 2] {
    let own = format!("{case}/old.yaml");
    let old = if folder().join(&own).exists() {
        own
    } else {
        "base/old.yaml".to_owned()
    };
    [old, format!("{case}/new.yaml")]
}

fn text(value: &Json) -> String {
    value.as_str().expect("text").to_owned()
}

fn list(value: &Json) -> &[Json] {
    value.as_array().expect("a list")
}

#[test]
fn every_pair_shows_what_it_is_to_show() {
    let all = cases();
    assert!(all.len() >= 12, "{all:?}");
    for case in all {
        let expect = std::fs::read_to_string(folder().join(&case).join("expect.json"));
        let expect: Expect = serde_json::from_str(&expect.expect("readable"))
            .unwrap_or_else(|e| panic!("{case}: {e}"));
        let [old, new] = files(&case);
        let (code, document) = json(&folder(), SCHEMA, &["diff", &old, &new]);
        assert_eq!(code, 0, "{case}");
        judge(&case, &expect, &document["data"]);
        // Nothing differs from itself.
        let (code, document) = json(&folder(), SCHEMA, &["diff", &new, &new]);
        assert_eq!((code, &document["data"]["same"]), (0, &Json::Bool(true)));
    }
}

fn judge(case: &str, expect: &Expect, data: &Json) {
    assert_eq!(data["same"], expect.same, "{case}");
    assert_eq!(list(&data["warnings"]).len(), expect.warnings, "{case}");
    assert_eq!(list(&data["unknown"]).len(), 0, "{case}");
    let changed: Vec<String> = list(&data["changes"]).iter().map(change).collect();
    assert_eq!(changed, expect.changed, "{case}");
    let conditions: BTreeMap<String, String> = list(&data["conditions"])
        .iter()
        .map(|c| {
            let id = if c["old"].is_null() {
                &c["new"]
            } else {
                &c["old"]
            };
            (text(id), text(&c["relation"]))
        })
        .collect();
    assert_eq!(conditions, expect.conditions, "{case}");
    for c in list(&data["conditions"]) {
        shows_values(case, c);
    }
    let actions = |key: &str| -> Option<Vec<String>> {
        let all = data["policy"][key].as_array()?;
        Some(all.iter().map(|a| text(&a["action"])).collect())
    };
    assert_eq!(actions("allows"), expect.allows, "{case}");
    assert_eq!(actions("refuses"), expect.refuses, "{case}");
    let renames: Vec<String> = list(&data["renames"])
        .iter()
        .map(|r| {
            format!(
                "{} {} {}",
                text(&r["part"]),
                text(&r["old"]),
                text(&r["new"])
            )
        })
        .collect();
    assert_eq!(renames, expect.renames, "{case}");
    let behaviour = &data["behaviour"];
    assert_eq!(
        behaviour.is_null(),
        expect.same || expect.policies,
        "{case}"
    );
    if behaviour.is_null() {
        return;
    }
    let ways = |runs: &Json| [&runs["gained"], &runs["lost"]].map(|way| text(&way["exist"]));
    assert_eq!(Some(ways(&behaviour["runs"])), expect.runs, "{case}");
    let if_renamed = &behaviour["runs_if_renamed"];
    let if_renamed = (!if_renamed.is_null()).then(|| ways(if_renamed));
    assert_eq!(if_renamed, expect.if_renamed, "{case}");
    let length = ["gained", "lost"].map(|way| {
        let example = &behaviour["runs"][way]["example"]["trace"];
        example.as_array().map(|t| t.len() - 1)
    });
    assert_eq!(length, expect.length, "{case}");
    let states =
        ["kept", "gained", "lost"].map(|k| behaviour["states"][k].as_u64().expect("known"));
    assert_eq!(Some(states), expect.states, "{case}");
    for (n, key) in [(1, "gained_example"), (2, "lost_example")] {
        assert_eq!(behaviour["states"][key].is_null(), states[n] == 0, "{case}");
    }
}

fn change(c: &Json) -> String {
    let fields: Vec<String> = list(&c["fields"])
        .iter()
        .map(|f| text(&f["field"]))
        .collect();
    let what = format!("{} {}", text(&c["part"]), text(&c["name"]));
    match c["how"].as_str() {
        Some("added") => format!("+ {what}"),
        Some("removed") => format!("- {what}"),
        Some("changed") => format!("~ {what}: {}", fields.join(" ")),
        other => panic!("{other:?}"),
    }
}

/// A relation that Z3 found has values that show it, exactly in the direction that it says.
fn shows_values(case: &str, c: &Json) {
    if !c["why"].is_null() {
        return;
    }
    let shown = [!c["only_new"].is_null(), !c["only_old"].is_null()];
    let wanted = match c["relation"].as_str() {
        Some("weakened" | "widened") => [true, false],
        Some("strengthened" | "narrowed") => [false, true],
        Some("equivalent") => [false, false],
        Some("incomparable") => [true, true],
        other => panic!("{case}: {other:?}"),
    };
    assert_eq!(shown, wanted, "{case}: {c}");
}

#[test]
fn places_are_lines_of_both_files() {
    let (_, document) = json(
        &folder(),
        SCHEMA,
        &["diff", "base/old.yaml", "guard_widened/new.yaml"],
    );
    let field = &document["data"]["changes"][0]["fields"][0];
    for (key, file, words) in [
        ("old_at", "base/old.yaml", "\"rounds < 2\""),
        ("new_at", "guard_widened/new.yaml", "\"rounds < 3\""),
    ] {
        assert_eq!(field[key]["file"], file);
        let line = usize::try_from(field[key]["line"].as_u64().expect("a number")).expect("small");
        let text = std::fs::read_to_string(folder().join(file)).expect("readable");
        assert!(text.lines().nth(line - 1).expect("there").contains(words));
    }
}

#[test]
fn what_is_printed_is_word_by_word_this() {
    for case in [
        "guard_widened",
        "guard_narrowed",
        "state_renamed",
        "properties",
        "policy_relaxed",
        "meaning",
    ] {
        let [old, new] = files(case);
        let output = run(&folder(), &["diff", &old, &new]);
        assert_eq!(output.status.code(), Some(0), "{case}");
        insta::assert_snapshot!(format!("diff_{case}"), stdout(&output));
    }
    let versions = ["formal/spec_impl.v1.yaml", "formal/spec_impl.v2.yaml"];
    let output = run(&root(), &["diff", versions[0], versions[1]]);
    insta::assert_snapshot!("diff_v1_v2", stdout(&output));
}

#[test]
fn a_version_that_is_too_big_is_unknown_and_no_pass() {
    let versions = [
        "diff",
        "formal/spec_impl.v1.yaml",
        "formal/spec_impl.v2.yaml",
    ];
    let limited = [&versions[..], &["--max-states", "50"]].concat();
    let (code, document) = json(&root(), SCHEMA, &limited);
    assert_eq!(code, 5);
    let data = &document["data"];
    assert_eq!(list(&data["unknown"]).len(), 1, "{data:#}");
    assert!(text(&data["unknown"][0]).contains("more than 50 states"));
    for way in ["gained", "lost"] {
        assert_eq!(data["behaviour"]["runs"][way]["exist"], "unknown");
    }
    assert!(data["behaviour"]["states"]["gained"].is_null());
    // The smaller version was explored to its end all the same, and what is written is compared.
    assert_eq!(data["behaviour"]["old"]["states"], 4);
    assert!(data["behaviour"]["new"].is_null());
    assert!(!list(&data["changes"]).is_empty());
    // With room enough everything is known.
    let (code, _) = json(
        &root(),
        SCHEMA,
        &[&versions[..], &["--max-states", "20000"]].concat(),
    );
    assert_eq!(code, 0);
}

#[test]
fn files_that_are_not_compared() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    std::fs::write(here.join("bad.yaml"), "workflow_id: [\n").expect("written");
    std::fs::copy(
        root().join("formal/spec_impl.v2.yaml"),
        here.join("good.yaml"),
    )
    .expect("copied");
    std::fs::copy(root().join("formal/policy.yaml"), here.join("policy.yaml")).expect("copied");
    for (arguments, wanted, code) in [
        (["diff", "good.yaml", "bad.yaml"], 4, None),
        (["diff", "bad.yaml", "good.yaml"], 4, None),
        (
            ["diff", "missing.yaml", "good.yaml"],
            4,
            Some("TRIB-FILE-READ"),
        ),
        (["diff", "good.yaml", "policy.yaml"], 2, Some("TRIB-USAGE")),
        (["diff", "policy.yaml", "good.yaml"], 2, Some("TRIB-USAGE")),
    ] {
        let (exit, document) = json(here, SCHEMA, &arguments);
        assert_eq!(exit, wanted, "{arguments:?}");
        assert!(document["data"].is_null());
        let first = &document["errors"][0]["code"];
        assert!(code.is_none_or(|c| first == c), "{arguments:?}: {first}");
    }
    // Errors of both files are told at once.
    let (_, document) = json(here, SCHEMA, &["diff", "bad.yaml", "missing.yaml"]);
    assert_eq!(list(&document["errors"]).len(), 2);
}

#[test]
fn a_project_with_a_policy_of_its_own_is_what_the_inline_policy_adds_to() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    for (from, to) in [
        ("base/old.yaml", "old.yaml"),
        ("policy_relaxed/new.yaml", "new.yaml"),
    ] {
        std::fs::copy(self::folder().join(from), here.join(to)).expect("copied");
    }
    let allowed = |here: &Path| {
        let (code, document) = json(here, SCHEMA, &["diff", "old.yaml", "new.yaml"]);
        assert_eq!(code, 0);
        let all = list(&document["data"]["policy"]["allows"]).to_vec();
        all.iter().map(|a| text(&a["action"])).collect::<Vec<_>>()
    };
    assert_eq!(allowed(here), ["approve"]);
    // The project refuses every warning itself, so the workflow's own rule may say what it wants.
    std::fs::create_dir(here.join(".spec")).expect("made");
    std::fs::write(
        here.join(".spec/policy.yaml"),
        "rules:\n  - {id: a, action: approve, effect: permit, when: \"warning == 0\"}\n",
    )
    .expect("written");
    assert_eq!(allowed(here), Vec::<String>::new());
}

#[test]
fn text_from_files_stays_text() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    let file = |goal: &str, constraint: &str| {
        format!(
            "workflow_id: evil\ngoal: \"{goal}\"\nconstraints: [\"{constraint}\"]\nactors: [A]\nstates: [S, T]\n\
             terminal: {{success: [T], failure: []}}\ntransitions:\n  - {{id: go, from: S, to: T, actor: A}}\n\
             properties:\n  - {{id: p, never: \"state == T\", text: \"{goal}\"}}\n"
        )
    };
    let names = ["a\u{1b}[31m.yaml", "b\u{202e}.yaml"];
    std::fs::write(here.join(names[0]), file("one \\e[2J", "\u{202e}x\\a")).expect("written");
    std::fs::write(
        here.join(names[1]),
        file("two \u{200b}\\e]0;t\\a", "y\\e[1m"),
    )
    .expect("written");
    let hostile = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
    };
    for format in [&[][..], &["--json"], &["-v"]] {
        let output = run(here, &[&["diff", names[0], names[1]], format].concat());
        assert_eq!(output.status.code(), Some(0));
        let text = stdout(&output);
        assert!(text.contains("goal"), "{text}");
        assert_eq!(text.find(hostile), None, "{text:?}");
        assert!(!text.contains("\\u001b"), "{text}");
    }
}

#[test]
fn a_variable_of_another_kind_leaves_nothing_to_compare() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    let file = |kind: &str, guard: &str, promise: &str| {
        format!(
            "workflow_id: kinds\ngoal: g\nactors: [A]\nstates: [S, T]\nterminal: {{success: [T], failure: []}}\n\
             vars: {{x: {kind}, z: {{type: bool, init: false}}}}\ntransitions:\n  - {{id: go, from: S, to: T, actor: A, when: \"{guard}\"}}\n\
             properties:\n  - {{id: p, always: \"{promise}\"}}\n"
        )
    };
    let [a, b] = [
        file("{type: bool, init: true}", "x", "z"),
        file(
            "{type: int, range: [0, 1], init: 1}",
            "x == 1",
            "z or state == S",
        ),
    ];
    std::fs::write(here.join("a.yaml"), a).expect("written");
    std::fs::write(here.join("b.yaml"), b).expect("written");
    let (code, document) = json(here, SCHEMA, &["diff", "a.yaml", "b.yaml"]);
    let data = &document["data"];
    assert_eq!(code, 0, "{data:#}");
    let [guard, property] = [&data["conditions"][0], &data["conditions"][1]];
    assert_eq!(
        (&guard["old"], &guard["relation"]),
        (&Json::from("go"), &Json::from("incomparable"))
    );
    assert_eq!(guard["why"], "`x` is of another kind of type now");
    assert_eq!(
        (&property["old"], &property["relation"]),
        (&Json::from("p"), &Json::from("weakened"))
    );
    assert_eq!(
        data["behaviour"]["states"]["left_out"],
        Json::from(vec!["x"])
    );
    assert_eq!(data["behaviour"]["runs"]["gained"]["exist"], "none");
}
