//! Programs of this machine that answer: found by name, run in an empty directory of their own, with an environment that
//! holds what they need to find their own settings and login, and no key of anybody else.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::error::ProviderError;
use super::key::clean;
use super::name::ProviderName;
use super::request::{Request, Role};
use crate::host::cancel::CancelToken;
use crate::host::process::{End, Limits, Program};

/// Where programs find themselves, their settings, the network and its certificates. Nothing here is a key.
const KEPT: [&str; 25] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "XDG_RUNTIME_DIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
];

/// How much of what a program says when it fails is shown, in characters from the end.
const LAST_WORDS: usize = 300;

/// A program that answers.
pub(super) struct Tool {
    pub(super) provider: ProviderName,
    pub(super) path: PathBuf,
    /// Variables of its own, beside those that every program gets.
    pub(super) own: &'static [&'static str],
    /// The most that is read of its output, in bytes.
    pub(super) cap: usize,
    /// The most time it has.
    pub(super) time: Duration,
}

/// What a program that ended by itself has left.
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) last_words: String,
}

/// The program `name` of a provider: the file that the variable `setting` names, else the one in `PATH`.
pub(super) fn find(
    provider: ProviderName,
    name: &str,
    setting: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<PathBuf, ProviderError> {
    let missing = |looked: String| ProviderError::ToolMissing {
        provider,
        tool: name.to_owned(),
        looked,
    };
    // Relative entries of PATH are taken from the root, where they name nothing: a checkout must not supply a program.
    match variable(setting) {
        Some(path) => which::which_in(&path, None::<OsString>, "/")
            .map_err(|_| missing(format!("{setting} ({path} is no program)"))),
        None => which::which_in(name, variable("PATH"), "/")
            .map_err(|_| missing(format!("PATH; {setting} is not set"))),
    }
}

/// Kills the program when nobody waits for it any more.
struct Leash(CancelToken);

impl Drop for Leash {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Tool {
    /// Runs the program with `stdin` to its end.
    pub(super) async fn run(
        &self,
        args: Vec<String>,
        set: Vec<(&'static str, String)>,
        stdin: String,
        cancel: &CancelToken,
    ) -> Result<Ended, ProviderError> {
        let provider = self.provider;
        let failed = |why: String| ProviderError::ToolFailed { provider, why };
        let room = tempfile::tempdir().map_err(|error| failed(format!("has no room: {error}")))?;
        let mut program = Program::new(&self.path)
            .args(args)
            .clear_env()
            .cwd(room.path())
            .stdin(stdin);
        for name in KEPT.iter().chain(self.own) {
            program = program.keep_env(name);
        }
        for (name, value) in set {
            program = program.env(name, value);
        }
        let leash = Leash(cancel.child());
        let limits = Limits {
            deadline: self.time,
            output_cap: self.cap,
            cancel: leash.0.clone(),
        };
        let outcome = tokio::task::spawn_blocking(move || program.run(&limits))
            .await
            .map_err(|error| failed(format!("could not be waited for: {error}")))?;
        drop(leash);
        let last_words = last_words(&outcome.stderr);
        match outcome.end {
            End::Exited(code) if outcome.output_complete => Ok(Ended {
                code,
                stdout: outcome.stdout,
                last_words,
            }),
            End::DeadlineExceeded => Err(ProviderError::Timeout {
                provider,
                after: self.time,
            }),
            End::OutputCapped => Err(ProviderError::TooLarge {
                provider,
                limit: self.cap,
            }),
            End::Cancelled => Err(ProviderError::Cancelled),
            end @ (End::Exited(_) | End::Signalled(_) | End::FailedToStart(_)) => {
                Err(failed(clean(&format!("{end}{last_words}"), None)))
            }
        }
    }
}

impl Ended {
    /// The failure of a program that ended like this.
    pub(super) fn failure(&self, provider: ProviderName, said: Option<&str>) -> ProviderError {
        let said = said.map_or_else(
            || self.last_words.clone(),
            |said| format!(": {}", last_part(said)),
        );
        ProviderError::ToolFailed {
            provider,
            why: clean(&format!("exited with code {}{said}", self.code), None),
        }
    }
}

fn last_words(stderr: &str) -> String {
    let stderr = stderr.trim();
    if stderr.is_empty() {
        String::new()
    } else {
        format!(": {}", last_part(stderr))
    }
}

fn last_part(text: &str) -> &str {
    let start = text.char_indices().rev().nth(LAST_WORDS - 1);
    start.map_or(text, |(at, _)| text.get(at..).unwrap_or(text))
}

/// A conversation as one text, for programs that take one.
pub(super) fn transcript(request: &Request) -> String {
    match request.messages.as_slice() {
        [only] => only.text.clone(),
        messages => {
            let parts: Vec<String> = messages
                .iter()
                .map(|m| match m.role {
                    Role::User => format!("[question]\n{}", m.text),
                    Role::Assistant => format!("[your earlier answer]\n{}", m.text),
                })
                .collect();
            format!("{}\n\nAnswer the last question.", parts.join("\n\n"))
        }
    }
}
