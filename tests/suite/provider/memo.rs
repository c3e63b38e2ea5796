//! What is kept on disk: memos, recordings, scripts; and that no key is in any of it.

use std::path::Path;

use tribunal::agent::provider::MicroDollars;

use super::server::{Act, json};
use super::*;

fn files(directory: &Path) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let text = std::fs::read_to_string(&path).expect("text");
            found.push((path, text));
        }
    }
    found
}

fn keeping(directory: &Path) -> Options {
    let mut options = quick();
    options.memo = Some(directory.join("model"));
    options
}

#[test]
fn the_same_question_is_not_paid_for_twice() {
    let directory = tempfile::tempdir().expect("a directory");
    let server = Server::start(vec![
        json(200, anthropic("Yes.")),
        json(200, anthropic("No.")),
    ]);
    let provider = at(&server, "anthropic", keeping(directory.path()));
    let first = ask(&provider, &question()).expect("an answer");
    let second = ask(&provider, &question()).expect("an answer");
    assert_eq!((first.from_memo, second.from_memo), (false, true));
    assert_eq!(
        (second.text.as_str(), second.cost),
        ("Yes.", Some(MicroDollars(0)))
    );
    assert_eq!((second.model, second.raw), (first.model, first.raw));
    assert_eq!(second.usage.map(|u| u.input_tokens), Some(0));
    let mut other = question();
    other.prompt = "test/2".into();
    assert_eq!(ask(&provider, &other).expect("an answer").text, "No.");
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_spoilt_memo_is_a_miss_with_a_warning() {
    let spoil: [fn(String) -> String; 5] = [
        |_| String::new(),
        |text| text[..text.len() / 2].to_owned(),
        |text| text.replace("Yes.", "No.!"),
        |text| text.replace("\"format\": 1", "\"format\": 2"),
        |_| "{}".to_owned(),
    ];
    for change in spoil {
        let directory = tempfile::tempdir().expect("a directory");
        let server = Server::start(vec![
            json(200, anthropic("Yes.")),
            json(200, anthropic("Anew.")),
        ]);
        let provider = at(&server, "anthropic", keeping(directory.path()));
        ask(&provider, &question()).expect("an answer");
        let kept = files(directory.path());
        let [(path, text)] = kept.as_slice() else {
            panic!("one file, not {}", kept.len());
        };
        std::fs::write(path, change(text.clone())).expect("written");
        let again = ask(&provider, &question()).expect("an answer");
        assert_eq!((again.text.as_str(), again.from_memo), ("Anew.", false));
        assert_eq!(again.warnings.len(), 1, "{:?}", again.warnings);
        let third = ask(&provider, &question()).expect("mended");
        assert_eq!((third.text.as_str(), third.warnings.len()), ("Anew.", 0));
    }
}

#[test]
fn a_memo_moved_to_another_question_is_not_believed() {
    let directory = tempfile::tempdir().expect("a directory");
    let server = Server::start(vec![
        json(200, anthropic("Yes.")),
        json(200, anthropic("No.")),
    ]);
    let provider = at(&server, "anthropic", keeping(directory.path()));
    ask(&provider, &question()).expect("an answer");
    let (first, _) = files(directory.path()).remove(0);
    let mut other = question();
    other.system = "You judge.".into();
    let key = other.digest_for(
        provider.name(),
        &format!("{}/", server.url()),
        provider.model(),
    );
    std::fs::copy(&first, first.with_file_name(format!("{key}.json"))).expect("copied");
    let got = ask(&provider, &other).expect("an answer");
    assert_eq!((got.text.as_str(), got.from_memo), ("No.", false));
    assert!(
        got.warnings[0].contains("another question"),
        "{:?}",
        got.warnings
    );
}

#[test]
fn cut_answers_are_not_kept_and_a_directory_that_cannot_be_written_is_a_warning() {
    let directory = tempfile::tempdir().expect("a directory");
    let cut = anthropic("Y").replace("end_turn", "max_tokens");
    let server = Server::start(vec![json(200, cut), json(200, anthropic("Yes."))]);
    let provider = at(&server, "anthropic", keeping(directory.path()));
    ask(&provider, &question()).expect("an answer");
    assert_eq!(ask(&provider, &question()).expect("an answer").text, "Yes.");

    let blocked = directory.path().join("file");
    std::fs::write(&blocked, "").expect("written");
    let server = Server::start(vec![json(200, anthropic("Yes."))]);
    let got = ask(&at(&server, "anthropic", keeping(&blocked)), &question()).expect("an answer");
    assert!(!got.warnings.is_empty());
}

#[test]
fn what_was_recorded_is_played_back_without_a_network() {
    let directory = tempfile::tempdir().expect("a directory");
    let tape = directory.path().join("deep/tape.jsonl");
    let server = Server::start(vec![
        json(200, anthropic("Yes.")),
        json(200, anthropic("No.")),
    ]);
    let mut options = quick();
    options.record = Some(tape.clone());
    let provider = at(&server, "anthropic", options);
    let mut other = question();
    other.system = "You doubt.".into();
    let live = [&question(), &other].map(|request| ask(&provider, request).expect("an answer"));
    drop(server);
    let player = Provider::open(&Chosen::script(tape), quick()).expect("open");
    // In another order: each is found by its digest.
    for (request, live) in [(&other, &live[1]), (&question(), &live[0])] {
        let played = ask(&player, request).expect("an answer");
        assert_eq!((&played.text, &played.model), (&live.text, &live.model));
        assert_eq!(played.usage, live.usage);
        assert_eq!(played.by(), "scripted/claude-sonnet-4-6-20260101");
    }
    let error = ask(&player, &question()).expect_err("each answers once");
    assert_eq!(error.code(), "TRIB-PROVIDER-SCRIPT-EXHAUSTED");
}

#[test]
fn a_script_answers_slowly_and_can_be_cancelled() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "{\"text\":\"late\",\"delay_ms\":20000}\n").expect("written");
    let chosen = chosen(&[
        ("SPEC_PROVIDER", "scripted"),
        ("SPEC_SCRIPT", file.path().to_str().expect("text")),
    ]);
    let provider = Provider::open(&chosen, quick()).expect("open");
    let cancel = CancelToken::new();
    let watch = std::time::Instant::now();
    let request = question();
    let result = block_on(async {
        let stop = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            cancel.cancel();
        };
        tokio::join!(provider.complete(&request, &cancel), stop).0
    })
    .expect("a runtime");
    assert_eq!(result, Err(ProviderError::Cancelled));
    assert!(watch.elapsed() < Duration::from_secs(5));
}

#[test]
fn the_key_is_in_the_header_and_nowhere_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut options = keeping(directory.path());
    options.record = Some(directory.path().join("tape.jsonl"));
    let echo = anthropic(&format!("You sent {KEY}.")).replace("claude-sonnet-4-6", KEY);
    let error = |status| {
        json(
            status,
            anthropic_error("e", &format!("bad: {KEY} and {}", &KEY[..12])),
        )
    };
    let other_kind = Act::Answer(
        200,
        vec![format!("content-type: text/{KEY}")],
        String::new(),
    );
    let server = Server::start(vec![
        json(200, echo),
        error(400),
        error(401),
        error(404),
        error(501),
        json(
            200,
            format!("{{\"model\": \"{KEY}\", \"content\": \"{KEY}\"}}"),
        ),
        other_kind,
    ]);
    let provider = at(&server, "anthropic", options);
    let mut shown = vec![format!("{provider:?} {:#?}", provider)];
    for number in 0..7 {
        let mut request = question();
        request.prompt = format!("test/{number}");
        let result = ask(&provider, &request);
        assert_eq!(result.is_ok(), number == 0, "{result:?}");
        if let Err(error) = &result {
            shown.push(error.to_string());
        }
        if let Ok(answer) = &result {
            assert_eq!(answer.text, "You sent [key].");
            shown.push(serde_json::to_string(answer).expect("json"));
        }
        shown.push(format!("{result:?}"));
    }
    shown.push(format!(
        "{:?}",
        chosen(&[("SPEC_PROVIDER", "anthropic"), ("SPEC_API_KEY", KEY)])
    ));
    let kept = files(directory.path());
    assert_eq!(kept.len(), 2, "a memo and a recording");
    shown.extend(kept.into_iter().map(|(_, text)| text));
    for text in &shown {
        assert!(!text.contains("planted"), "{text}");
    }
    for asked in server.asked() {
        assert_eq!(asked.head.matches(KEY).count(), 1, "{}", asked.head);
        assert!(!asked.body.to_string().contains("planted"));
    }
}
