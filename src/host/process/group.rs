//! A running process group: killed as a whole, watched for its leader's end, reaped once.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

/// The unit of `/proc/PID/stat` times; the kernel presents 100 a second to programs on every machine that runs this.
const TICKS_PER_SECOND: f64 = 100.0;

static RUNNING: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn running() -> MutexGuard<'static, BTreeSet<i32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills every process group that runs; for the moment before this process exits.
pub fn kill_all_groups() {
    for &group in running().iter() {
        kill(group);
    }
}

fn kill(group: i32) {
    // The one expected failure is that the whole group is gone already.
    let _gone = killpg(Pid::from_raw(group), Signal::SIGKILL);
}

/// The leader is not reaped before [`reap`](Self::reap) or drop, so its number cannot be given to another group meanwhile.
pub(super) struct Group {
    child: Child,
    id: i32,
    reaped: bool,
}

impl Group {
    pub(super) fn of(child: Child) -> Self {
        // Process numbers are positive and below 2^22 on Linux.
        let id = i32::try_from(child.id()).unwrap_or(i32::MAX);
        running().insert(id);
        Self {
            child,
            id,
            reaped: false,
        }
    }

    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// A call that returns when the leader has ended, leaving it to be reaped.
    pub(super) fn awaiting_end(&self) -> impl FnOnce() + Send + 'static {
        let leader = Pid::from_raw(self.id);
        move || {
            while waitid(Id::Pid(leader), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)
                == Err(Errno::EINTR)
            {}
        }
    }

    pub(super) fn kill(&self) {
        kill(self.id);
    }

    /// CPU time of the leader and the children it waited for; to be asked between its end and its reaping.
    pub(super) fn cpu_seconds(&self) -> Option<f64> {
        parse_cpu_seconds(&std::fs::read_to_string(format!("/proc/{}/stat", self.id)).ok()?)
    }

    pub(super) fn reap(&mut self) -> io::Result<ExitStatus> {
        running().remove(&self.id);
        self.reaped = true;
        self.child.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.reaped {
            self.kill();
            let _status = self.reap();
        }
    }
}

/// User, system, children's user and children's system ticks are fields 14 to 17. The name before them may hold spaces.
fn parse_cpu_seconds(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let ticks: Vec<u32> = after_name
        .split_whitespace()
        .skip(11)
        .take(4)
        .map(|n| n.parse().ok())
        .collect::<Option<_>>()?;
    (ticks.len() == 4).then(|| ticks.into_iter().map(f64::from).sum::<f64>() / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::parse_cpu_seconds;

    #[test]
    fn cpu_time_is_read_behind_a_name_with_spaces_and_brackets() {
        let stat = "17 (a) b (c) Z 1 17 17 0 -1 4228 5 6 7 8 150 25 300 25 20 0 1 0 99";
        assert_eq!(parse_cpu_seconds(stat), Some(5.0));
        assert_eq!(parse_cpu_seconds("17 (a) Z 1 2"), None);
        assert_eq!(parse_cpu_seconds(""), None);
    }
}
