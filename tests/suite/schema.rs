//! The checked-in JSON Schemas are what the program generates, take every file of the corpus, and refuse what the reader
//! refuses for its shape.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use tribunal::ir::SourceId;
use tribunal::ir::canonical::{policy_json, to_full_json};
use tribunal::syntax::schema::{policy_schema, workflow_schema};
use tribunal::syntax::{FileKind, parse_policy, parse_workflow, sniff};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn current(name: &str, schema: &Value) {
    let path = root().join("formal/schema").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(schema).expect("text"));
    if std::env::var_os("TRIBUNAL_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, &text).expect("written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{} is not current: run the tests with TRIBUNAL_UPDATE=1",
        path.display()
    );
}

#[test]
fn checked_in_schemas_are_current() {
    current("workflow.schema.json", &workflow_schema());
    current("policy.schema.json", &policy_schema());
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::meta::validate(schema).expect("a schema");
    jsonschema::draft7::new(schema).expect("a schema")
}

fn yaml_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path.file_name().is_none_or(|n| n != "reject") {
                yaml_files(&path, into);
            }
        } else if path.extension().is_some_and(|e| e == "yaml") {
            into.push(path);
        }
    }
}

#[test]
fn every_file_that_is_taken_fits_its_schema() {
    let (workflows, policies) = (validator(&workflow_schema()), validator(&policy_schema()));
    let mut files = Vec::new();
    yaml_files(&root().join("tests/corpus"), &mut files);
    yaml_files(&root().join("formal"), &mut files);
    // A list about the README, in a shape of its own.
    files.retain(|path| !path.ends_with("formal/claims.yaml"));
    assert!(files.len() > 50, "{}", files.len());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("readable");
        let (validator, forms) = match sniff(&text) {
            FileKind::Workflow => {
                let parsed = parse_workflow(SourceId(0), &text);
                (&workflows, parsed.map(|p| to_full_json(&p.value)))
            }
            FileKind::Policy => (
                &policies,
                parse_policy(SourceId(0), &text).map(|p| policy_json(&p.value)),
            ),
        };
        let decoded = forms.unwrap_or_else(|errors| panic!("{}: {errors:#?}", path.display()));
        for value in [as_written(&text), decoded] {
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|e| format!("{e} at {}", e.instance_path()))
                .collect();
            assert_eq!(errors, Vec::<String>::new(), "{}", path.display());
        }
    }
}

/// The file's own shape as JSON, read by another YAML reader than the product's.
fn as_written(text: &str) -> Value {
    serde_saphyr::from_str(text).expect("YAML")
}

#[test]
fn shapes_that_the_reader_refuses_do_not_fit() {
    let (workflows, policies) = (validator(&workflow_schema()), validator(&policy_schema()));
    let codes = [
        "TRIB-UNKNOWN-KEY",
        "TRIB-MISSING-KEY",
        "TRIB-WORD",
        "TRIB-EMPTY-LIST",
        "TRIB-FORMAT",
        "TRIB-VERSION",
        "TRIB-PROPERTY-FORM",
        "TRIB-NAME",
    ];
    // A schema cannot say that of `success` and `failure` together one names a state, nor read inside expressions.
    let beyond = [
        "TRIB-EMPTY-LIST/terminal.yaml",
        "TRIB-NAME/in_an_expression.yaml",
    ];
    let mut count = 0;
    for code in codes {
        for entry in
            std::fs::read_dir(root().join("tests/corpus/reject").join(code)).expect("a folder")
        {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("readable");
            let validator = match sniff(&text) {
                FileKind::Workflow => &workflows,
                FileKind::Policy => &policies,
            };
            let fits = validator.is_valid(&as_written(&text));
            assert_eq!(
                fits,
                beyond.iter().any(|b| path.ends_with(b)),
                "{}",
                path.display()
            );
            count += 1;
        }
    }
    assert!(count > 25, "{count}");
}

#[test]
fn a_key_with_nothing_behind_it_does_not_fit() {
    for schema in [workflow_schema(), policy_schema()] {
        assert!(
            !schema.to_string().contains("null"),
            "the reader takes no null"
        );
    }
    let smallest =
        r#"{"workflow_id": "w", "goal": "g", "actors": ["A"], "states": ["S"], "transitions": []}"#;
    let validator = validator(&workflow_schema());
    let mut value: Value = serde_json::from_str(smallest).expect("JSON");
    assert!(validator.is_valid(&value));
    for key in [
        "terminal",
        "version",
        "artifacts",
        "vars",
        "policy",
        "initial",
    ] {
        value[key] = Value::Null;
        assert!(!validator.is_valid(&value), "{key}");
        value.as_object_mut().expect("a map").remove(key);
    }
}

#[test]
fn editors_get_a_description_for_every_key_of_a_workflow() {
    let schema = workflow_schema();
    let keys = schema["properties"].as_object().expect("properties");
    assert_eq!(keys.len(), 16);
    for (key, value) in keys {
        assert!(
            value["description"].as_str().is_some_and(|d| d.len() > 10),
            "{key}: {value}"
        );
    }
}
