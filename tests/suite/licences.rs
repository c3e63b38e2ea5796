//! Every package that is built in carries a licence `deny.toml` allows.

use std::collections::BTreeSet;
use std::process::Command;

/// The strings of `allow = [ … ]`, one a line.
fn allowed(deny_toml: &str) -> BTreeSet<String> {
    let (_, list) = deny_toml.split_once("allow = [").expect("an allow-list");
    let (list, _) = list.split_once(']').expect("its end");
    list.lines()
        .map(|line| line.trim().trim_matches(['"', ',']).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whether the SPDX expression can be satisfied by allowed licences alone. A slash is the old spelling of OR.
fn permitted(expression: &str, allow: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (value, rest) = any_of(&words, allow);
    assert!(
        rest.is_empty(),
        "unreadable licence expression `{expression}`"
    );
    value
}

fn any_of<'a, 'w>(words: &'a [&'w str], allow: &BTreeSet<String>) -> (bool, &'a [&'w str]) {
    let (mut value, mut rest) = all_of(words, allow);
    while let ["OR", tail @ ..] = rest {
        let (next, after) = all_of(tail, allow);
        (value, rest) = (value || next, after);
    }
    (value, rest)
}

fn all_of<'a, 'w>(words: &'a [&'w str], allow: &BTreeSet<String>) -> (bool, &'a [&'w str]) {
    let (mut value, mut rest) = one(words, allow);
    while let ["AND", tail @ ..] = rest {
        let (next, after) = one(tail, allow);
        (value, rest) = (value && next, after);
    }
    (value, rest)
}

fn one<'a, 'w>(words: &'a [&'w str], allow: &BTreeSet<String>) -> (bool, &'a [&'w str]) {
    match words {
        ["(", tail @ ..] => {
            let (value, rest) = any_of(tail, allow);
            assert_eq!(rest.first(), Some(&")"), "unbalanced licence expression");
            (value, &rest[1..])
        }
        [name, "WITH", exception, rest @ ..] => {
            (allow.contains(&format!("{name} WITH {exception}")), rest)
        }
        [name, rest @ ..] => (allow.contains(*name), rest),
        [] => (false, words),
    }
}

#[test]
fn every_package_has_an_allowed_licence() {
    let allow = allowed(include_str!("../../deny.toml"));
    let cargo = std::env::var("CARGO").expect("run by cargo");
    let host = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let host = String::from_utf8(host.stdout).expect("text");
    let triple = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("a host");
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--offline",
            "--locked",
            "--format-version",
            "1",
            "--filter-platform",
            triple,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    assert!(
        packages.len() > 50,
        "only {} packages were read",
        packages.len()
    );
    let refused: Vec<String> = packages
        .iter()
        .map(|package| {
            (
                package["name"].to_string(),
                package["license"].as_str().unwrap_or(""),
            )
        })
        .filter(|(_, licence)| licence.is_empty() || !permitted(licence, &allow))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn licence_expressions_are_read_as_spdx_means_them() {
    let allow = BTreeSet::from([
        "MIT".to_owned(),
        "Apache-2.0 WITH LLVM-exception".to_owned(),
    ]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("(GPL-3.0-only OR MIT) AND MIT", true),
        ("MIT OR GPL-3.0-only AND GPL-2.0-only", true),
        ("(MIT OR GPL-3.0-only) AND GPL-2.0-only", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
    ] {
        assert_eq!(permitted(expression, &allow), expected, "{expression}");
    }
}
