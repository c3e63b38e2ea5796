//! The embedded engine's side of a request: budgets from the machine, answers as evidence.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::engine::{Progress, Request};
use crate::explore::{Options, explore};
use crate::finding::{Engine, EngineState, Evidence};

/// How the embedded engine is to work; absent values are taken from the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExploreOptions {
    /// Distinct states; absent = 50 million.
    pub max_states: Option<u64>,
    /// Bytes for its tables; absent = 2 GiB, or half of what the machine has free if that is less.
    pub max_memory: Option<u64>,
    /// Threads; absent = as many as there are cores, at most 2.
    pub threads: Option<usize>,
    /// Leave out what no property asks for.
    pub properties_only: bool,
}

const MAX_STATES: u64 = 50_000_000;
const MAX_MEMORY: u64 = 2 << 30;
/// How often progress is told.
const TELL: Duration = Duration::from_millis(200);

/// Explores the system of a request.
#[must_use]
pub fn run(request: &Request<'_>, options: &ExploreOptions) -> Evidence {
    let start = Instant::now();
    let told = Mutex::new(start);
    let progress = |states: u64| {
        let now = Instant::now();
        if let Ok(mut last) = told.lock()
            && now.duration_since(*last) >= TELL
        {
            *last = now;
            let seconds = now.duration_since(start).as_secs_f64();
            (request.progress)(Progress {
                engine: Engine::Explore,
                doing: "visiting states".to_owned(),
                states: Some(states),
                rate: Some(states as f64 / seconds),
            });
        }
    };
    let report = explore(
        request.system,
        &Options {
            properties: request.properties,
            observe: !options.properties_only,
            max_states: options.max_states.unwrap_or(MAX_STATES),
            max_memory: options.max_memory.unwrap_or_else(default_memory),
            threads: options.threads.unwrap_or_else(default_threads),
            deadline: start.checked_add(request.deadline),
            cancel: Some(&request.cancel),
            progress: &progress,
        },
    );
    Evidence {
        cached: false,
        engine: Engine::Explore,
        state: EngineState::Ran {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        answers: report.answers,
        observations: report.observations,
        states: Some(report.states),
        seconds: start.elapsed().as_secs_f64(),
        commands: Vec::new(),
    }
}

fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(2))
}

/// Half of the memory that is free, at most 2 GiB; 2 GiB where the machine does not say.
fn default_memory() -> u64 {
    let free = fs_err::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| available(&text));
    free.map_or(MAX_MEMORY, |bytes| (bytes / 2).min(MAX_MEMORY))
}

/// The bytes that `MemAvailable` of `/proc/meminfo` gives.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_memory_that_is_free() {
        let text = "MemTotal:       32768 kB\nMemFree:  7 kB\nMemAvailable:    2048 kB\n";
        assert_eq!(available(text), Some(2 << 20));
        assert_eq!(available("MemTotal: 3 kB\n"), None);
        assert_eq!(available("MemAvailable: many kB\n"), None);
    }
}
