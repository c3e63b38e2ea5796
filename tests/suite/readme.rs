//! What the README shows is what the program does: every command in a `console` block is run, and its output compared.

use tribunal::cli::ExitCode;

use crate::cli::{NOWHERE, root};

#[test]
fn every_command_in_the_readme_does_what_is_shown() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    assert!(
        readme.matches("```console\n$ tribunal ").count() >= 4,
        "the blocks are gone"
    );
    trycmd::TestCases::new()
        .env("TRIBUNAL_LEAN", NOWHERE)
        .env("TRIBUNAL_LAKE", NOWHERE)
        .case("README.md");
}

#[test]
fn the_readme_lists_every_exit_code() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    for code in ExitCode::ALL {
        let row = format!("| {} | {} |", code.code(), code.meaning());
        assert!(readme.contains(&row), "{row}");
    }
}
