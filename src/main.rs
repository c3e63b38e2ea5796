//! The `tribunal` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    tribunal::cli::run(std::env::args_os().collect()).into()
}
