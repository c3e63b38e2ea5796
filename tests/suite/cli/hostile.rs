//! Text from files cannot command a terminal, a browser or a code host, in any form of report.

use super::{root, run, stdout};

/// Moves the cursor, colours, rings, reorders; and markup for every format.
const EVIL: &str =
    "\u{202e}evil\u{200b} <script>alert(1)</script> ]]> [x](javascript:x) @admin `|`";

fn workflow() -> String {
    // The YAML reader refuses raw control characters, so those that a file can carry come in as escapes.
    format!(
        "workflow_id: evil\ngoal: \"{EVIL}\\e[2J\\a\"\nactors: [A] # {EVIL}\nstates: [S, T]\nterminal: {{success: [T], failure: []}}\n\
         transitions:\n  - {{id: go, from: S, to: T, actor: A}} # {EVIL}\nproperties:\n  - {{id: p, never: \"state == T\", text: \
         \"{EVIL}\\e]0;title\\a\", requirement: \"{EVIL}\"}} # {EVIL}\n"
    )
}

fn hostile(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn no_report_lets_text_from_a_file_through_as_anything_but_text() {
    let folder = tempfile::tempdir().expect("a directory");
    let name = "a\u{1b}[31m <b>`&.yaml";
    std::fs::write(folder.path().join(name), workflow()).expect("written");
    for format in ["human", "json", "sarif", "junit", "markdown"] {
        let output = run(
            folder.path(),
            &["verify", name, "--engine=explore", "--report", format],
        );
        let text = stdout(&output);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{format}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let found = text
            .find(hostile)
            .map(|at| text[at..].chars().take(20).collect::<String>());
        assert_eq!(found, None, "{format}");
        if ["junit", "markdown"].contains(&format) {
            for markup in ["<script", "](javascript", " @admin"] {
                assert!(!text.contains(markup), "{format} has {markup}: {text}");
            }
        }
    }
    let errors = run(folder.path(), &["check", name, "missing\u{1b}[2J.yaml"]);
    let prose = String::from_utf8(errors.stderr).expect("UTF-8");
    assert_eq!(prose.find(hostile), None, "{prose:?}");
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let file = "formal/spec_impl.v1.yaml";
    let colored = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = super::tribunal(&root());
        command
            .args(["verify", file, "--engine=explore"])
            .args(arguments);
        if let Some((name, value)) = variable {
            command.env(name, value);
        }
        stdout(&command.output().expect("it starts")).contains('\u{1b}')
    };
    assert!(!colored(&[], None), "a pipe");
    assert!(colored(&["--color", "always"], None));
    assert!(colored(&[], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!colored(
        &["--color", "never"],
        Some(("CLICOLOR_FORCE", "1"))
    ));
    assert!(!colored(&[], Some(("NO_COLOR", "1"))));
    assert!(colored(&["--color", "always"], Some(("NO_COLOR", "1"))));
}
