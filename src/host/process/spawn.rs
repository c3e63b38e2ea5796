//! Starts a program in a process group of its own, and says in plain words why it could not.

use std::io::{Error, ErrorKind};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Program;

/// A program file just written can be "busy" for a moment, while another thread's fork still holds it open.
const BUSY_TRIES: u32 = 20;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

impl Program {
    pub(super) fn spawn(&self) -> Result<Child, String> {
        let mut tries = 0;
        loop {
            match self.command().spawn() {
                Ok(child) => return Ok(child),
                Err(error)
                    if error.kind() == ErrorKind::ExecutableFileBusy && tries < BUSY_TRIES =>
                {
                    tries += 1;
                    std::thread::sleep(BUSY_PAUSE);
                }
                Err(error) => return Err(self.reason(&error)),
            }
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.args).process_group(0);
        if !self.inherit_env {
            command.env_clear();
            command.envs(
                self.kept
                    .iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            );
        }
        command.envs(self.set.iter().map(|(name, value)| (name, value)));
        if let Some(directory) = &self.cwd {
            command.current_dir(directory);
        }
        command.stdin(if self.stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The system reports a missing directory and a missing program alike; this tells them apart.
    fn reason(&self, error: &Error) -> String {
        let path = self.path.display();
        match (&self.cwd, error.kind()) {
            (Some(directory), _) if !directory.is_dir() => {
                format!("the directory {} does not exist", directory.display())
            }
            (_, ErrorKind::NotFound) => format!("{path}: no such program"),
            (_, ErrorKind::PermissionDenied) => format!("{path}: not an executable file"),
            _ => format!("{path}: {error}"),
        }
    }
}
