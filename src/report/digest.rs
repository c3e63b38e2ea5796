//! The digest of a report: what a critique and an approval bind.
//!
//! It is computed on the form in which the report is stored, so that whoever holds `report.json` can compute it again. Times
//! and places are left out: running again, or editing a comment, gives the same report. Everything else counts, titles and
//! notes too, because a person decided on what they said.

use serde_json::{Value, json as value};

use super::outcome::Report;
use super::render::Page;
use super::render::json::{self, FindingJson, ReportJson};
use crate::ir::canonical::to_text;
use crate::ir::{Digest, Sources};

/// Keys whose values are left out, wherever they stand.
const LEFT_OUT: [&str; 4] = ["cached", "seconds", "span", "spans"];

/// SHA-256 over the canonical JSON of a stored report: its data and its findings, without times and places.
#[must_use]
pub fn of(data: &ReportJson, findings: &[FindingJson]) -> Digest {
    let mut stored = value!({"data": data, "findings": findings});
    strip(&mut stored);
    Digest::of(to_text(&stored).as_bytes())
}

/// The digest of a report's stored form.
#[must_use]
pub fn digest(report: &Report) -> Digest {
    // Places are no part of the digest, so the texts they point into are not needed.
    let sources = Sources::default();
    let page = Page {
        report,
        sources: &sources,
    };
    of(&json::data(page), &json::findings(page))
}

/// Takes out the keys that are left out. A run's choices and changes are named by the user, so nothing is taken from them.
fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !LEFT_OUT.contains(&key.as_str()));
            for (key, inner) in map.iter_mut() {
                if !matches!(key.as_str(), "choices" | "changed") {
                    strip(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stored() -> Value {
        json!({
            "data": {
                "workflow": "w", "version": 1, "digest": "d", "verdict": "warnings", "states": null,
                "properties": [{
                    "id": "p", "form": "always", "automatic": false, "verdict": "holds",
                    "assurance": "exhaustive_by_one", "assumptions": [],
                    "engines": [{"engine": "explore", "version": "1", "answer": "holds", "covered": "exhaustive",
                                 "distinct": 3, "theorem": null, "seconds": 0.5}],
                }],
                "engines": [{"engine": "explore", "available": true, "version": "1", "reason": null}],
            },
            "findings": [{
                "id": "F-1", "kind": "unused", "severity": "warning", "title": "t",
                "subject": {"kind": "actor", "name": "A"}, "property": null,
                "spans": [{"file": "f", "line": 1, "column": 1, "length": 1}],
                "trace": [{"transition": null, "actor": null, "choices": {}, "changed": {"span": 1, "state": "S"}}],
                "loop_from": null, "core": [{"name": "c", "span": null}], "notes": ["n"], "suggestions": [{"text": "s"}],
                "confirmed_by": ["explore"],
            }],
        })
    }

    fn digest_of(stored: &Value) -> Digest {
        let data = serde_json::from_value(stored["data"].clone()).expect("a report");
        let findings: Vec<FindingJson> =
            serde_json::from_value(stored["findings"].clone()).expect("findings");
        of(&data, &findings)
    }

    /// Every value of the stored form, changed one at a time, changes the digest, but for times and places.
    #[test]
    fn everything_but_times_and_places_counts() {
        let first = digest_of(&stored());
        for (pointer, new) in [
            ("/data/properties/0/engines/0/seconds", json!(9.0)),
            ("/findings/0/spans", json!([])),
            (
                "/findings/0/core/0/span",
                json!({"file": "g", "line": 2, "column": 3, "length": 4}),
            ),
        ] {
            let mut other = stored();
            *other.pointer_mut(pointer).expect("a place") = new;
            assert_eq!(digest_of(&other), first, "{pointer}");
        }
        for (pointer, new) in [
            ("/data/workflow", json!("x")),
            ("/data/version", json!(2)),
            ("/data/digest", json!("e")),
            ("/data/verdict", json!("clean")),
            (
                "/data/states",
                json!({"distinct": 1, "steps": 1, "depth": 1}),
            ),
            ("/data/properties", json!([])),
            ("/data/properties/0/id", json!("q")),
            ("/data/properties/0/verdict", json!("violated")),
            ("/data/properties/0/assurance", json!("proved")),
            ("/data/properties/0/assumptions", json!(["t"])),
            ("/data/properties/0/engines/0/answer", json!("violated")),
            ("/data/properties/0/engines/0/version", json!("2")),
            ("/data/properties/0/engines/0/distinct", json!(4)),
            ("/data/engines/0/available", json!(false)),
            ("/data/engines/0/version", json!(null)),
            ("/data/engines/0/reason", json!("r")),
            ("/findings", json!([])),
            ("/findings/0/id", json!("F-2")),
            ("/findings/0/severity", json!("info")),
            ("/findings/0/title", json!("u")),
            ("/findings/0/subject/name", json!("B")),
            ("/findings/0/trace/0/changed/state", json!("T")),
            ("/findings/0/trace/0/changed/span", json!(2)),
            ("/findings/0/core/0/name", json!("d")),
            ("/findings/0/notes/0", json!("m")),
            ("/findings/0/suggestions/0/text", json!("r")),
            ("/findings/0/confirmed_by", json!([])),
        ] {
            let mut other = stored();
            *other.pointer_mut(pointer).expect("a place") = new;
            assert_ne!(digest_of(&other), first, "{pointer}");
        }
    }

    #[test]
    fn the_canonical_form_never_changes() {
        let mut small = stored();
        small["findings"] = json!([]);
        small["data"]["properties"] = json!([]);
        // printf '%s' '{"data":{"digest":"d","engines":[{"available":true,"engine":"explore","reason":null,"version":"1"}],
        // "properties":[],"states":null,"verdict":"warnings","version":1,"workflow":"w"},"findings":[]}' (one line) | sha256sum
        assert_eq!(digest_of(&small).to_string(), KNOWN);
    }

    const KNOWN: &str = "4f73762a32bf6cff961b30e0fe5449ebcee1d5dfe0db540a9552e62c7cc7f84a";
}
