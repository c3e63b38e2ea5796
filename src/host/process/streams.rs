//! The standard streams of a running program: written and read by threads, reported as events, kept up to a cap.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::group::Group;

/// A full queue makes the readers wait, and with them the program: a slow line callback costs no memory.
const QUEUE: usize = 1024;

pub(super) enum Event {
    /// A line of standard output, without its end.
    Line(String),
    /// A stream went over the cap.
    Capped,
    /// A stream came to its end.
    Closed,
    /// The program ended; it is not reaped yet.
    Gone,
}

/// What was read, and whether that is all there was.
pub(super) struct Captured {
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) complete: bool,
}

impl Captured {
    /// Of a program that never ran.
    pub(super) fn nothing() -> Self {
        Self {
            stdout: String::new(),
            stderr: String::new(),
            complete: true,
        }
    }
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }
}

pub(super) struct Streams {
    events: Receiver<Event>,
    stdout: Kept,
    stderr: Kept,
}

impl Streams {
    /// Starts the threads. Each ends by itself when its stream does, or when nobody listens any more.
    pub(super) fn attach(
        group: &mut Group,
        stdin: Option<Vec<u8>>,
        cap: usize,
        lines: bool,
    ) -> Self {
        let (sender, events) = sync_channel(QUEUE);
        let (stdout, stderr) = (Kept::default(), Kept::default());
        let child = group.child();
        if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), stdin) {
            // A program may end without reading its input: that is no error.
            thread::spawn(move || drop(pipe.write_all(&bytes)));
        }
        read_in_thread(
            child.stdout.take(),
            stdout.clone(),
            cap,
            lines,
            sender.clone(),
        );
        read_in_thread(
            child.stderr.take(),
            stderr.clone(),
            cap,
            false,
            sender.clone(),
        );
        let ended = group.awaiting_end();
        thread::spawn(move || {
            ended();
            drop(sender.send(Event::Gone));
        });
        Self {
            events,
            stdout,
            stderr,
        }
    }

    /// How many streams send `Closed`.
    pub(super) fn count(&self) -> u32 {
        2
    }

    /// The next event, or none within `pause`.
    pub(super) fn next(&self, pause: Duration) -> Option<Event> {
        match self.events.recv_timeout(pause) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                // Every thread has reported and ended; the caller has what it waits for, or its deadline.
                thread::sleep(pause);
                None
            }
        }
    }

    pub(super) fn into_captured(self, complete: bool) -> Captured {
        Captured {
            stdout: self.stdout.text(),
            stderr: self.stderr.text(),
            complete,
        }
    }
}

fn read_in_thread(
    pipe: Option<impl Read + Send + 'static>,
    kept: Kept,
    cap: usize,
    lines: bool,
    events: SyncSender<Event>,
) {
    thread::spawn(move || {
        if let Some(pipe) = pipe {
            read_all(pipe, &kept, cap, lines, &events);
        }
        drop(events.send(Event::Closed));
    });
}

fn read_all(mut pipe: impl Read, kept: &Kept, cap: usize, lines: bool, events: &SyncSender<Event>) {
    let mut chunk = vec![0_u8; 64 * 1024];
    let mut unfinished: Vec<u8> = Vec::new();
    let mut capped = false;
    loop {
        let read = match pipe.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => chunk.get(..count).unwrap_or_default(),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        if capped {
            continue;
        }
        let taken = {
            let mut bytes = kept.bytes();
            let room = cap.saturating_sub(bytes.len());
            let taken = read.get(..room.min(read.len())).unwrap_or_default();
            bytes.extend_from_slice(taken);
            taken
        };
        capped = taken.len() < read.len();
        if lines {
            unfinished.extend_from_slice(taken);
            if !send_lines(&mut unfinished, events) {
                return;
            }
        }
        if capped && events.send(Event::Capped).is_err() {
            return;
        }
    }
    if !unfinished.is_empty() && !capped {
        drop(events.send(Event::Line(line_text(&unfinished))));
    }
}

/// Sends the finished lines of `buffer` and leaves the rest in it; false when nobody listens.
fn send_lines(buffer: &mut Vec<u8>, events: &SyncSender<Event>) -> bool {
    let Some(last) = buffer.iter().rposition(|&byte| byte == b'\n') else {
        return true;
    };
    let rest = buffer.split_off(last + 1);
    let finished = std::mem::replace(buffer, rest);
    finished
        .strip_suffix(b"\n")
        .unwrap_or(&finished)
        .split(|&byte| byte == b'\n')
        .all(|line| events.send(Event::Line(line_text(line))).is_ok())
}

fn line_text(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}
