//! Starts TLC: the one place that knows its command line. Everything it writes goes into a directory of the caller's.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::archive::Archive;
use super::message::Transcript;
use crate::host::cancel::CancelToken;
use crate::host::clock::Stopwatch;
use crate::host::process::{End, Limits, Outcome, Program};

/// The most that is read of each output stream, in bytes.
const OUTPUT_CAP: usize = 64 * 1024 * 1024;

/// A Java with a TLC.
#[derive(Debug, Clone)]
pub struct Launcher {
    /// The `java` program.
    pub java: PathBuf,
    /// The jar that holds TLC.
    pub jar: PathBuf,
    /// The archive of its classes, where there is a cache.
    pub archive: Option<Archive>,
    /// Whether Java is tuned for throughput, with more memory, instead of for a quick start.
    pub large: bool,
}

/// One start of TLC.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    /// Where the modules and the configuration are, and where TLC may write.
    pub directory: &'a Path,
    /// The module.
    pub root: &'a str,
    /// The configuration's file name.
    pub config: &'a str,
    /// A name of its own for what TLC writes.
    pub label: &'a str,
    /// Threads.
    pub workers: u32,
    /// Time left.
    pub deadline: Duration,
    /// Stops it.
    pub cancel: &'a CancelToken,
}

/// What one start gave.
#[derive(Debug, Clone)]
pub struct Ran {
    /// How the process ended.
    pub outcome: Outcome,
    /// Its messages.
    pub transcript: Transcript,
    /// The command, with the names `java` and `tla2tools.jar` for the places of this machine.
    pub command: String,
}

impl Launcher {
    /// Runs TLC to its end; `on_line` sees its output as it comes.
    pub fn run(&self, start: &Start<'_>, on_line: &mut dyn FnMut(&str)) -> Ran {
        let watch = Stopwatch::start();
        let classes = self.archive.as_ref().and_then(Archive::file);
        let made = start.directory.join("classes.jsa");
        let option = match (&classes, &self.archive) {
            (Some(file), _) => Some(format!("-XX:SharedArchiveFile={}", file.display())),
            (None, Some(_)) => Some(format!("-XX:ArchiveClassesAtExit={}", made.display())),
            (None, None) => None,
        };
        let ran = self.once(start, option, start.deadline, on_line);
        let started = !ran.transcript.messages.is_empty();
        match &self.archive {
            Some(archive) if classes.is_some() && !started && died(&ran.outcome.end) => {
                archive.discard();
                self.once(start, None, watch.left_of(start.deadline), on_line)
            }
            Some(archive) => {
                if classes.is_none() && started {
                    archive.keep(&made);
                }
                ran
            }
            None => ran,
        }
    }

    fn once(
        &self,
        start: &Start<'_>,
        classes: Option<String>,
        deadline: Duration,
        on_line: &mut dyn FnMut(&str),
    ) -> Ran {
        let mut options: Vec<String> = [
            // Older or other Javas run without what they do not know.
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:-UsePerfData",
            // TLC can hang when a thread of it has run out of memory.
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            // TLC unpacks its modules there; two runs must not share the place.
            "-Djava.io.tmpdir=tmp",
        ]
        .map(str::to_owned)
        .to_vec();
        let tuning: &[&str] = if self.large {
            &["-XX:+UseParallelGC", "-XX:MaxRAMPercentage=50"]
        } else {
            &["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"]
        };
        options.extend(tuning.iter().map(|o| (*o).to_owned()));
        let states = format!("{}.states", start.label);
        let workers = start.workers.to_string();
        // `-deadlock` turns TLC's own test off: terminal states are no deadlocks, so it is an invariant. `-fp` makes runs alike.
        let arguments = [
            "tlc2.TLC",
            "-tool",
            "-deadlock",
            "-fp",
            "0",
            "-workers",
            &workers,
            "-metadir",
            &states,
            "-config",
            start.config,
            start.root,
        ];
        let command = format!(
            "java {} -cp tla2tools.jar {}",
            options.join(" "),
            arguments.join(" ")
        );
        let program = Program::new(&self.java)
            .args(&options)
            .args(classes)
            .arg("-cp")
            .arg(&self.jar)
            .args(arguments)
            .cwd(start.directory)
            .clear_env()
            .keep_env("PATH")
            .keep_env("HOME")
            .keep_env("LANG")
            .keep_env("JAVA_HOME")
            .keep_env("LD_LIBRARY_PATH");
        let limits = Limits {
            deadline,
            output_cap: OUTPUT_CAP,
            cancel: start.cancel.clone(),
        };
        let outcome = program.run_streaming(&limits, on_line);
        let transcript = Transcript::read(&outcome.stdout);
        Ran {
            outcome,
            transcript,
            command,
        }
    }
}

/// Whether the Java machine itself crashed.
const fn died(end: &End) -> bool {
    match end {
        End::Signalled(_) => true,
        // What its own crash handler exits with.
        End::Exited(code) => *code == 134 || *code == 1,
        End::DeadlineExceeded | End::OutputCapped | End::Cancelled | End::FailedToStart(_) => false,
    }
}
