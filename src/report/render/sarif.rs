//! The report as SARIF 2.1.0, for code hosts: a rule a kind of finding, a result a finding, its run as a code flow.

use serde_json::{Value, json};

use super::Page;
use super::places::Place;
use crate::finding::{FindingKind, Severity};
use crate::report::findings::doc;
use crate::report::outcome::Finding;
use crate::report::plain;

/// The SARIF log of several reports.
#[must_use]
pub fn render(pages: &[Page<'_>]) -> Value {
    let results: Vec<Value> = pages
        .iter()
        .flat_map(|p| p.report.findings.iter().map(|f| result(*p, f)))
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "tribunal",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": FindingKind::ALL.iter().map(|k| rule(*k)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(kind: FindingKind) -> Value {
    let doc = doc(kind);
    let title = doc
        .title
        .replace("`{subject}`", "X")
        .replace("{subject}", "X");
    json!({
        "id": kind.word(),
        "shortDescription": {"text": title},
        "fullDescription": {"text": doc.when},
        "help": {"text": format!("{} {}", doc.means, doc.fix)},
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocking => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(page: Page<'_>, finding: &Finding) -> Value {
    let places = Place::all(page.sources, &finding.spans);
    let whole = Place {
        file: whole_file(page),
        line: 1,
        column: 1,
        length: 0,
    };
    let (first, rest) = places
        .split_first()
        .map_or((&whole, &[][..]), |(f, r)| (f, r));
    let index = FindingKind::ALL.iter().position(|k| *k == finding.kind);
    let mut result = json!({
        "ruleId": finding.kind.word(),
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": message(finding)},
        "locations": [location(first)],
        "partialFingerprints": {"tribunal/v1": finding.id},
    });
    if let Some(map) = result.as_object_mut() {
        if !rest.is_empty() {
            map.insert(
                "relatedLocations".into(),
                rest.iter().map(location).collect(),
            );
        }
        if let Some(run) = &finding.run {
            let steps: Vec<Value> = super::human::steps_plain(run)
                .into_iter()
                .map(|text| {
                    let mut place = location(first);
                    if let Some(place) = place.as_object_mut() {
                        place.insert("message".into(), json!({"text": text.trim()}));
                    }
                    json!({"location": place})
                })
                .collect();
            map.insert(
                "codeFlows".into(),
                json!([{"threadFlows": [{"locations": steps}]}]),
            );
        }
    }
    result
}

fn whole_file(page: Page<'_>) -> String {
    plain::line(&page.report.about.file).into_owned()
}

fn message(finding: &Finding) -> String {
    let more = finding.notes.iter().chain(&finding.suggestions);
    std::iter::once(&finding.title)
        .chain(more)
        .map(|s| format!("{s}."))
        .collect::<Vec<_>>()
        .join(" ")
}

fn location(place: &Place) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&place.file)},
        "region": {
            "startLine": place.line.max(1),
            "startColumn": place.column.max(1),
            "endColumn": place.column.max(1) + place.length,
        },
    }})
}

/// A relative path as a URI: everything but unreserved characters and `/` in percent form.
#[must_use]
pub fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            b'\\' => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    if path.starts_with('/') {
        format!("file://{out}")
    } else {
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("./formal/a b.yaml"), "formal/a%20b.yaml");
        assert_eq!(uri("/tmp/ü.yaml"), "file:///tmp/%C3%BC.yaml");
    }
}
