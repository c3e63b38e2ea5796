//! Ctrl-C, SIGTERM and SIGHUP: the first asks everything to stop, the second ends the process at once.

use std::sync::OnceLock;

use crate::host::cancel::CancelToken;
use crate::host::process;

/// The exit code of an interrupted run.
pub const EXIT_INTERRUPTED: i32 = 130;

static TOKEN: OnceLock<CancelToken> = OnceLock::new();

/// The token of this process, cancelled by the first Ctrl-C. Give engines a child of it.
#[must_use]
pub fn token() -> CancelToken {
    TOKEN.get_or_init(CancelToken::new).clone()
}

/// Installs the handler; call it once, first thing in `main`.
///
/// A second Ctrl-C kills the process groups this program started and exits with [`EXIT_INTERRUPTED`].
///
/// # Errors
/// When a handler is there already, or the system refuses one.
pub fn install() -> Result<(), InstallError> {
    let token = token();
    ctrlc::try_set_handler(move || {
        if token.cancelled() {
            process::kill_all_groups();
            std::process::exit(EXIT_INTERRUPTED);
        }
        token.cancel();
    })
    .map_err(InstallError)
}

/// Why the handler could not be installed.
#[derive(Debug, thiserror::Error)]
#[error("cannot handle Ctrl-C: {0}")]
pub struct InstallError(#[source] ctrlc::Error);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_token_for_the_process() {
        // Not cancelled here: other tests in this process may hold a child of it.
        let before = token().child().cancelled();
        assert_eq!(before, token().cancelled());
        assert!(!before);
    }
}
