//! What a journal must survive: killed writers, full disks, damage, two writers at once, merges of branches.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::*;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    n: u32,
    text: String,
}

fn note(n: u32) -> Note {
    Note {
        n,
        text: format!("ü \"{n}\""),
    }
}

fn at(second: u32) -> Timestamp {
    Timestamp::from_millis(1_760_000_000_000 + u64::from(second) * 1000)
}

struct Desk {
    directory: tempfile::TempDir,
    journal: Journal,
}

impl Desk {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let journal = Journal::at(directory.path().join("deep/journal.jsonl"));
        Self { directory, journal }
    }

    /// A journal with these notes, a second apart.
    fn with(notes: std::ops::Range<u32>) -> Self {
        let desk = Self::new();
        for n in notes {
            desk.append(n);
        }
        desk
    }

    fn append(&self, n: u32) -> Entry<Note> {
        self.journal
            .append(&note(n), at(n), Durability::Ordinary)
            .expect("appended")
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.journal.path()).expect("read")
    }

    fn set(&self, bytes: &[u8]) {
        std::fs::create_dir_all(self.directory.path().join("deep")).expect("made");
        std::fs::write(self.journal.path(), bytes).expect("written");
    }

    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.bytes()).expect("text");
        text.lines().map(|line| format!("{line}\n")).collect()
    }

    fn read(&self) -> Result<Stream<Note>, JournalError> {
        self.journal.read()
    }

    fn notes(&self) -> Vec<u32> {
        numbers(&self.read().expect("sound"))
    }

    /// Where, and which code.
    fn fault(&self) -> (usize, &'static str) {
        match self.read().expect_err("a fault") {
            error @ JournalError::Line { line, .. } => (line, error.code()),
            other => panic!("{other}"),
        }
    }

    fn torn_files(&self) -> Vec<(String, Vec<u8>)> {
        let deep = self.directory.path().join("deep");
        let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(deep)
            .expect("a directory")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path != self.journal.path())
            .map(|path| {
                let name = path.file_name().expect("a name").to_string_lossy();
                (name.into_owned(), std::fs::read(&path).expect("read"))
            })
            .collect();
        found.sort();
        found
    }
}

fn numbers(stream: &Stream<Note>) -> Vec<u32> {
    stream.entries.iter().map(|entry| entry.body.n).collect()
}

/// A line as some other program could write it, with a hash that fits, from what stands here literally.
fn forged(parents: &str, body: &str) -> String {
    let id = "019af3a0-0000-7000-8000-000000000000";
    let time = "2026-11-20T23:58:00.125Z";
    let hashed =
        format!(r#"{{"at":"{time}","body":{body},"format":1,"id":"{id}","parents":[{parents}]}}"#);
    let hash = crate::ir::Digest::of(hashed.as_bytes());
    format!(
        r#"{{"format":1,"id":"{id}","at":"{time}","parents":[{parents}],"body":{body},"hash":"{hash}"}}"#
    )
}

#[test]
fn what_is_appended_is_read_and_each_follows_the_one_before() {
    let desk = Desk::new();
    assert_eq!(desk.read().expect("no file yet"), Stream::empty());
    assert!(!desk.journal.path().exists(), "reading makes no file");
    let first = desk.append(1);
    // The clock is set back: the order does not change.
    let second = desk
        .journal
        .append(&note(2), Timestamp::from_millis(5), Durability::Decision)
        .expect("appended");
    assert_eq!(first.parents, []);
    assert_eq!(second.parents, [first.hash]);
    let stream = desk.read().expect("sound");
    assert_eq!(stream.entries, [first, second.clone()]);
    assert_eq!(stream.heads, [second.hash]);
    assert_eq!((stream.torn, stream.forked), (None, false));
    assert_eq!(stream.entries[1].line, 2);
}

#[test]
fn a_line_is_what_the_format_says() {
    let desk = Desk::new();
    desk.set(format!("{}\n", forged("", r#"{"n":7,"text":"x"}"#)).as_bytes());
    let stream = desk.read().expect("sound");
    assert_eq!(numbers(&stream), [7]);
    assert_eq!(stream.entries[0].at.to_string(), "2026-11-20T23:58:00.125Z");
    let next = desk.append(8);
    assert_eq!(next.parents, stream.heads);
    let line = &desk.lines()[1];
    let begin = r#"{"format":1,"id":""#;
    assert!(line.starts_with(begin), "{line}");
    assert_eq!(
        line.get(begin.len() + 14..begin.len() + 15),
        Some("7"),
        "a UUID of version 7"
    );
    assert!(line.ends_with(&format!(",\"hash\":\"{}\"}}\n", next.hash)));
}

#[test]
fn a_decision_under_the_lock_sees_all_that_is_there_and_may_say_no() {
    let desk = Desk::with(0..2);
    let before = desk.bytes();
    let refused: Result<Entry<Note>, JournalError> =
        desk.journal
            .append_if(at(9), Durability::Decision, |stream: &Stream<Note>| {
                Err(JournalError::Body(format!("{:?}", numbers(stream))))
            });
    assert_eq!(
        refused.expect_err("refused").to_string(),
        "this cannot be kept in a journal: [0, 1]"
    );
    assert_eq!(desk.bytes(), before);
}

#[test]
fn cut_at_every_byte_nothing_before_is_lost_and_the_rest_is_set_aside() {
    let full = Desk::with(0..3);
    let bytes = full.bytes();
    let all = full.read().expect("sound").entries;
    for length in 0..=bytes.len() {
        let desk = Desk::new();
        desk.set(&bytes[..length]);
        let whole = bytes[..length].iter().filter(|b| **b == b'\n').count();
        let end = bytes[..length]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |n| n + 1);
        let stream = desk.read().expect("sound");
        assert_eq!(stream.entries, all[..whole], "{length}");
        let torn = (length > end).then_some(Torn {
            line: whole + 1,
            bytes: length - end,
        });
        assert_eq!(stream.torn, torn, "{length}");
        let added = desk.append(9);
        assert_eq!(added.line, whole + 1);
        let mut expected: Vec<u32> = (0..u32::try_from(whole).expect("small")).collect();
        expected.push(9);
        assert_eq!(desk.notes(), expected, "{length}");
        let aside: Vec<(String, Vec<u8>)> = torn
            .iter()
            .map(|_| {
                (
                    "journal.jsonl.torn-1".to_owned(),
                    bytes[end..length].to_vec(),
                )
            })
            .collect();
        assert_eq!(desk.torn_files(), aside, "{length}");
    }
}

#[test]
fn every_torn_line_is_kept_under_its_own_number() {
    let desk = Desk::with(0..1);
    for n in 1..3 {
        let mut bytes = desk.bytes();
        bytes.extend_from_slice(b"{\"format\":1,");
        desk.set(&bytes);
        desk.append(n);
    }
    // What a power cut may leave: an end, but nothing sensible before it.
    let mut bytes = desk.bytes();
    bytes.extend_from_slice(b"\0\0\0\n");
    desk.set(&bytes);
    assert_eq!(
        desk.read().expect("sound").torn,
        Some(Torn { line: 4, bytes: 4 })
    );
    desk.append(3);
    assert_eq!(desk.notes(), [0, 1, 2, 3]);
    let names: Vec<String> = desk
        .torn_files()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, [1, 2, 3].map(|n| format!("journal.jsonl.torn-{n}")));
    assert_eq!(desk.torn_files()[2].1, b"\0\0\0\n");
}

#[test]
fn one_changed_bit_never_makes_another_history() {
    let desk = Desk::with(0..3);
    let bytes = desk.bytes();
    let all = desk.read().expect("sound").entries;
    let last = bytes.len() - desk.lines()[2].len();
    let (mut refused, mut torn) = (0, 0);
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            match Stream::<Note>::parse(&changed, Path::new("j")) {
                Err(JournalError::Line { .. }) => refused += 1,
                Err(other) => panic!("{other}"),
                Ok(stream) => {
                    // Only what looks like a line that was never finished may go, and it is reported.
                    assert!(place + 1 >= last, "byte {place}, bit {bit}");
                    assert!(stream.torn.is_some(), "byte {place}, bit {bit}");
                    assert!(all.starts_with(&stream.entries), "byte {place}, bit {bit}");
                    torn += 1;
                }
            }
        }
    }
    assert_eq!(refused + torn, bytes.len() * 8);
    // The end of the last line, and the two characters before it.
    assert!(torn <= 3 * 8, "{torn}");
}

#[test]
fn damage_is_told_with_its_line_and_its_reason() {
    let desk = Desk::with(0..3);
    let lines = desk.lines();
    let check = |bytes: String, expected: (usize, &str)| {
        desk.set(bytes.as_bytes());
        assert_eq!(desk.fault(), expected, "{bytes}");
        let before = desk.bytes();
        let refused = desk
            .journal
            .append(&note(9), at(9), Durability::Ordinary)
            .expect_err("nothing is added to a damaged journal");
        assert_eq!(refused.code(), expected.1);
        assert_eq!(desk.bytes(), before);
    };
    check(
        format!("{}garbage\n{}", lines[0], lines[1]),
        (2, "TRIB-JOURNAL-LINE"),
    );
    check(
        format!("{}\n{}", lines[0], lines[1]),
        (2, "TRIB-JOURNAL-LINE"),
    );
    check(
        format!("{}{}", lines[0], lines[1].replace("\"n\":1", "\"n\":2")),
        (2, "TRIB-JOURNAL-HASH"),
    );
    check(
        format!("{}{}", lines[0], lines[2]),
        (2, "TRIB-JOURNAL-PARENT"),
    );
    check(
        lines.concat().replace("\"format\":1", "\"format\": 1"),
        (1, "TRIB-JOURNAL-LINE"),
    );
    check(
        lines.concat().replace('\n', "\r\n"),
        (1, "TRIB-JOURNAL-LINE"),
    );
    check(
        lines[0].replace("\"format\":1", "\"format\":2"),
        (1, "TRIB-JOURNAL-FORMAT"),
    );
    check(
        lines[0].replace("\"body\":{", "\"body\":{\"n\":5,"),
        (1, "TRIB-JOURNAL-LINE"),
    );
    check(
        format!("{}\n", forged("", "{\"n\":7}")),
        (1, "TRIB-JOURNAL-BODY"),
    );
    let hash = |n: usize| lines[n][lines[n].len() - 67..lines[n].len() - 3].to_owned();
    let (a, b) = (hash(0), hash(1));
    let (low, high) = if a < b { (&a, &b) } else { (&b, &a) };
    for parents in [format!("\"{high}\",\"{low}\""), format!("\"{a}\",\"{a}\"")] {
        let forged = forged(&parents, "{\"n\":7,\"text\":\"\"}");
        check(
            format!("{}{}{forged}\n", lines[0], lines[1]),
            (3, "TRIB-JOURNAL-LINE"),
        );
    }
    let long = forged(
        "",
        &format!("{{\"n\":7,\"text\":\"{}\"}}", "x".repeat(MAX_LINE)),
    );
    check(format!("{long}\n"), (1, "TRIB-JOURNAL-SIZE"));
}

#[test]
fn what_is_too_long_or_cannot_come_back_is_refused_and_nothing_is_written() {
    let desk = Desk::with(0..1);
    let before = desk.bytes();
    let long = Note {
        n: 1,
        text: "x".repeat(MAX_LINE),
    };
    let refused = desk
        .journal
        .append(&long, at(1), Durability::Ordinary)
        .expect_err("too long");
    assert!(
        matches!(
            refused,
            JournalError::TooLong {
                limit: MAX_LINE,
                ..
            }
        ),
        "{refused}"
    );
    // A time that has no form.
    let late = desk
        .journal
        .append(
            &note(1),
            Timestamp::from_millis(u64::MAX),
            Durability::Ordinary,
        )
        .expect_err("no such time");
    assert_eq!(late.code(), "TRIB-JOURNAL-BODY");
    assert_eq!(desk.bytes(), before);

    let other = Desk::new();
    let nothing = other
        .journal
        .append(&f64::NAN, at(1), Durability::Ordinary)
        .expect_err("JSON has no such number");
    assert_eq!(nothing.code(), "TRIB-JOURNAL-BODY");
    assert_eq!(other.bytes(), b"");

    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(desk.journal.path())
        .expect("opened");
    file.set_len(MAX_BYTES + 1).expect("a hole");
    assert_eq!(
        desk.read().expect_err("too large").code(),
        "TRIB-JOURNAL-SIZE"
    );
}

#[test]
fn branches_merge_in_any_order_of_lines_and_the_next_entry_joins_them() {
    let base = Desk::with(0..2);
    let branch = |numbers: &[u32]| {
        let desk = Desk::new();
        desk.set(&base.bytes());
        for n in numbers {
            desk.append(*n);
        }
        desk.lines()[2..].to_vec()
    };
    let (ours, theirs) = (branch(&[2, 5]), branch(&[3, 4]));
    let common = base.lines();
    let merges: [Vec<&String>; 4] = [
        common.iter().chain(&ours).chain(&theirs).collect(),
        common.iter().chain(&theirs).chain(&ours).collect(),
        vec![
            &theirs[0], &ours[1], &common[1], &ours[0], &theirs[1], &common[0],
        ],
        // A line that both sides have may stand twice.
        common
            .iter()
            .chain(&common)
            .chain(&ours)
            .chain(&ours)
            .chain(&theirs)
            .collect(),
    ];
    for merge in merges {
        let desk = Desk::new();
        let text: String = merge.into_iter().map(String::as_str).collect();
        desk.set(text.as_bytes());
        let stream = desk.read().expect("legal");
        assert_eq!(numbers(&stream), [0, 1, 2, 3, 4, 5]);
        assert!(stream.forked);
        assert_eq!(stream.heads.len(), 2);
        let positions = |of: usize| {
            let mut found: Vec<usize> = stream.ancestors(of).into_iter().collect();
            found.sort_unstable();
            found
        };
        assert_eq!(positions(5), [0, 1, 2], "5 was written after 2");
        assert_eq!(positions(4), [0, 1, 3], "4 was written after 3");
        let joined = desk.append(6);
        assert_eq!(joined.parents, stream.heads);
        let stream = desk.read().expect("legal");
        assert_eq!(numbers(&stream), [0, 1, 2, 3, 4, 5, 6]);
        assert!(!stream.forked);
        assert_eq!(stream.ancestors(6).len(), 6);
    }
}

#[test]
fn two_branches_may_each_have_made_the_journal() {
    let (ours, theirs) = (Desk::with(0..1), Desk::with(1..2));
    let desk = Desk::new();
    desk.set(&[theirs.bytes(), ours.bytes()].concat());
    let stream = desk.read().expect("legal");
    assert_eq!(numbers(&stream), [0, 1]);
    assert!(stream.forked);
}

#[test]
fn git_merges_two_branches_of_a_journal() {
    let desk = Desk::new();
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=n", "-c", "user.email=n@example.org"])
            .args(arguments)
            .current_dir(desk.directory.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    };
    git(&["init", "-q", "-b", "trunk"]);
    std::fs::write(
        desk.directory.path().join(".gitattributes"),
        "deep/*.jsonl merge=union\n",
    )
    .expect("written");
    desk.append(0);
    let commit = || {
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "more"]);
    };
    commit();
    git(&["checkout", "-q", "-b", "side"]);
    desk.append(1);
    commit();
    git(&["checkout", "-q", "trunk"]);
    desk.append(2);
    commit();
    git(&["merge", "-q", "side"]);
    let stream = desk.read().expect("legal");
    assert_eq!(numbers(&stream), [0, 1, 2]);
    assert!(stream.forked);
    desk.append(3);
    assert!(!desk.read().expect("legal").forked);
}

#[test]
fn threads_that_append_at_once_make_one_chain() {
    let desk = Desk::new();
    std::thread::scope(|scope| {
        for t in 0..4 {
            let desk = &desk;
            scope.spawn(move || {
                for n in 0..10 {
                    desk.append(t * 100 + n);
                }
            });
        }
    });
    let stream = desk.read().expect("sound");
    assert_eq!(stream.entries.len(), 40);
    for (i, entry) in stream.entries.iter().enumerate() {
        let before: Vec<_> = i
            .checked_sub(1)
            .map(|b| stream.entries[b].hash)
            .into_iter()
            .collect();
        assert_eq!(entry.parents, before, "a chain without forks");
    }
}

// -- other processes ---------------------------------------------------------------------------------------------------

const CHILD: &str = "TRIBUNAL_TEST_JOURNAL";

/// Run by the tests below in a process of its own: appends until it cannot, and says what it was promised.
#[test]
#[ignore = "only as a process of another test"]
fn a_child_that_appends() {
    let path = PathBuf::from(std::env::var_os(CHILD).expect("run by another test"));
    let journal = Journal::at(path);
    let mut out = std::io::stdout();
    for n in 0.. {
        let done = journal.append(&note(n), at(n), Durability::Ordinary);
        match done {
            Ok(_) => {
                writeln!(out, "=promised {n}").expect("heard");
                // The lock is not fair: without a pause the other writer may wait until its patience ends.
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            Err(error) => {
                writeln!(out, "=refused {}", error.code()).expect("heard");
                return;
            }
        }
    }
}

/// The command line of such a child, below the test binary's own path.
const ARGUMENTS: [&str; 4] = [
    "--ignored",
    "--exact",
    "--nocapture",
    "journal::tests::a_child_that_appends",
];

fn said(line: &str, what: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!("={what} "))?;
    Some(rest.to_owned())
}

#[test]
fn killed_at_any_moment_nothing_that_was_promised_is_lost() {
    let desk = Desk::new();
    let mut total = 0;
    for round in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args(ARGUMENTS)
            .env(CHILD, desk.journal.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let mut promised = 0;
        for line in out.lines() {
            let Some(number) = said(&line.expect("text"), "promised") else {
                continue;
            };
            assert_eq!(number, promised.to_string());
            promised += 1;
            if promised == 3 + round {
                std::thread::sleep(Duration::from_micros(round * 137));
                child.kill().expect("killed");
            }
        }
        child.wait().expect("ended");
        let stream = desk.read().expect("sound");
        let kept = stream.entries.len() as u64 - total;
        // The last one may have been written without its writer living to say so.
        assert!(
            kept == promised || kept == promised + 1,
            "{kept} of {promised}"
        );
        let expected: Vec<u32> = (0..u32::try_from(kept).expect("small")).collect();
        let from = usize::try_from(total).expect("small");
        assert_eq!(numbers(&stream)[from..], expected);
        total += kept;
    }
}

#[test]
fn two_processes_that_append_at_once_lose_nothing() {
    let desk = Desk::new();
    let mut children: Vec<_> = (0..2)
        .map(|_| {
            Command::new(std::env::current_exe().expect("this binary"))
                .args(ARGUMENTS)
                .env(CHILD, desk.journal.path())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("started")
        })
        .collect();
    let mut promised = 0;
    for child in &mut children {
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let heard = out
            .lines()
            .map_while(Result::ok)
            .filter(|line| said(line, "promised").is_some())
            .take(10)
            .count();
        assert_eq!(heard, 10);
        promised += heard;
    }
    for mut child in children {
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
    let stream = desk.read().expect("sound");
    assert!(stream.entries.len() >= promised);
    assert_eq!(stream.heads.len(), 1, "one chain");
}

/// Runs the child where files may not grow above 2 KiB; what it was promised, and how it ended.
fn on_a_small_disk(desk: &Desk, prepare: &str) -> (usize, Option<String>) {
    let script = format!("{prepare} ulimit -f 2; exec \"$0\" \"$@\" | cat");
    let done = Command::new("bash")
        .args(["-c", &script])
        .arg(std::env::current_exe().expect("this binary"))
        .args(ARGUMENTS)
        .env(CHILD, desk.journal.path())
        .stderr(Stdio::null())
        .output()
        .expect("bash runs");
    let text = String::from_utf8(done.stdout).expect("text");
    let promised = text
        .lines()
        .filter(|line| said(line, "promised").is_some())
        .count();
    let refused = text.lines().find_map(|line| said(line, "refused"));
    (promised, refused)
}

#[test]
fn a_full_disk_is_an_error_and_takes_nothing_with_it() {
    let desk = Desk::new();
    let (promised, refused) = on_a_small_disk(&desk, "trap '' XFSZ;");
    assert_eq!(refused.as_deref(), Some("TRIB-JOURNAL-FILE"));
    assert!(promised > 2, "{promised}");
    let stream = desk.read().expect("sound");
    assert_eq!(stream.entries.len(), promised);
    assert_eq!(stream.torn, None, "what was begun is taken back");
    let next = desk.append(99);
    assert_eq!(next.parents, stream.heads);
}

#[test]
fn a_writer_killed_by_a_full_disk_leaves_a_torn_line() {
    let desk = Desk::new();
    let (promised, refused) = on_a_small_disk(&desk, "");
    assert_eq!(refused, None, "the signal ends it");
    let stream = desk.read().expect("sound");
    assert_eq!(stream.entries.len(), promised);
    let torn = stream.torn.expect("a torn line");
    assert_eq!(torn.line, promised + 1);
    desk.append(99);
    assert_eq!(desk.notes().len(), promised + 1);
    assert_eq!(desk.torn_files()[0].1.len(), torn.bytes);
}
