//! The pictures in `formal/diagrams.md`: those of workflows are what `tribunal lower --to mermaid` makes of them today.

use std::path::Path;

use tribunal::lower::diagram::state_diagram;

use super::corpus::load;

const PAGE: &str = "formal/diagrams.md";
const MARK: &str = "<!-- made from ";

/// The page with every diagram that has a source made anew, and how many there are.
fn renewed(page: &str, root: &Path) -> (String, usize) {
    let (mut lines, mut count) = (Vec::new(), 0);
    let mut old = page.lines().peekable();
    while let Some(line) = old.next() {
        lines.push(line.to_owned());
        let Some(source) = line.strip_prefix(MARK) else {
            continue;
        };
        let source = source.strip_suffix(" -->").expect("the end of the mark");
        count += 1;
        if old.peek().is_some_and(|next| *next == "```mermaid") {
            for old_line in old.by_ref() {
                if old_line == "```" {
                    break;
                }
            }
        }
        let diagram = state_diagram(&load(&root.join(source)));
        lines.push(format!("```mermaid\n{}\n```", diagram.trim_end()));
    }
    (lines.join("\n") + "\n", count)
}

#[test]
fn diagrams_of_workflows_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = std::fs::read_to_string(root.join(PAGE)).expect("a page");
    let (wanted, count) = renewed(&found, root);
    assert_eq!(count, 3, "diagrams that are made from workflows");
    if std::env::var_os("TRIBUNAL_UPDATE").is_some() {
        std::fs::write(root.join(PAGE), &wanted).expect("written");
    } else {
        assert!(
            found == wanted,
            "{PAGE} is not current: run the tests with TRIBUNAL_UPDATE=1"
        );
    }
}

#[test]
fn an_old_diagram_is_noticed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let old = format!(
        "before\n{MARK}formal/spec_impl.v1.yaml -->\n```mermaid\nstateDiagram-v2\n```\nafter\n"
    );
    let (new, count) = renewed(&old, root);
    assert_eq!(count, 1);
    assert!(new.starts_with("before\n") && new.ends_with("\n```\nafter\n"));
    assert!(new.contains("    Formalized --> NeedsRevision: CriticLLM: revise\n"));
    assert_eq!(renewed(&new, root), (new.clone(), 1));
}

#[test]
fn there_are_six_sections_each_with_a_diagram() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE));
    let page = page.expect("a page");
    let sections: Vec<&str> = page.split("\n## ").skip(1).collect();
    assert_eq!(sections.len(), 6);
    for (number, section) in (1..).zip(sections) {
        assert!(section.starts_with(&format!("{number}. ")), "{section}");
        let blocks = section.split("```mermaid\n").skip(1);
        let kinds: Vec<&str> = blocks
            .filter_map(|b| b.lines().find(|l| !l.starts_with("%%")))
            .collect();
        assert!(!kinds.is_empty(), "{section}");
        for kind in kinds {
            assert!(
                kind == "stateDiagram-v2" || kind.starts_with("flowchart "),
                "{kind}"
            );
        }
    }
}
