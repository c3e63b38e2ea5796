//! Files that are generated from the program stay what the program would write: the page about findings and the schemas of
//! what commands print.

use std::path::Path;

use tribunal::cli::schema;
use tribunal::finding::FindingKind;
use tribunal::report::findings::page;

/// Compares a file with what it should be; with `TRIBUNAL_UPDATE` it is written instead.
fn current(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("TRIBUNAL_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, wanted).expect("written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{name} is not current: run the tests with TRIBUNAL_UPDATE=1"
    );
}

#[test]
fn findings_page_is_current_and_has_a_section_for_every_kind() {
    let page = page();
    current("docs/findings.md", &page);
    for kind in FindingKind::ALL {
        assert!(
            page.contains(&format!("\n## {}\n", kind.word())),
            "{}",
            kind.word()
        );
    }
}

#[test]
fn the_schemas_of_what_commands_print_are_current() {
    for (name, schema) in schema::all() {
        let text = serde_json::to_string_pretty(&schema).expect("JSON");
        current(&format!("formal/schema/{name}"), &format!("{text}\n"));
    }
}

#[test]
fn the_page_about_the_protocol_is_current() {
    current("docs/protocol.md", &tribunal::protocol::page::page());
}
