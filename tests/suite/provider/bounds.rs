//! Failures and bounds: each failure has its own name, and no call lasts, grows or repeats without end.

use std::time::Instant;

use tribunal::agent::provider::ProviderName;

use super::server::{Act, json};
use super::*;

fn fails(acts: Vec<Act>) -> (ProviderError, Server) {
    fails_within(acts, quick())
}

fn fails_within(acts: Vec<Act>, options: Options) -> (ProviderError, Server) {
    let server = Server::start(acts);
    let error = ask(&at(&server, "anthropic", options), &question()).expect_err("no answer");
    (error, server)
}

fn with_header(status: u16, header: &str) -> Act {
    Act::Answer(
        status,
        vec!["content-type: application/json".into(), header.into()],
        anthropic_error("rate_limit_error", "Slow\u{1b}[31m down"),
    )
}

#[test]
fn a_refused_key_is_named_at_once() {
    for status in [401, 403] {
        let said = anthropic_error("authentication_error", &format!("invalid x-api-key {KEY}"));
        let (error, server) = fails(vec![json(status, said)]);
        assert_eq!(
            error,
            ProviderError::Unauthorised {
                provider: ProviderName::Anthropic,
                status
            }
        );
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn a_bad_request_shows_what_the_provider_says_without_key_and_control_characters() {
    let said = anthropic_error(
        "invalid_request_error",
        &format!("max_tokens: \u{1b}[2J too\r\nlarge for {KEY}"),
    );
    let (error, _server) = fails(vec![json(400, said)]);
    assert_eq!(
        error.to_string(),
        "anthropic refuses the request (HTTP 400): max_tokens: [2J too large for [key]"
    );
}

#[test]
fn a_rate_limit_is_waited_for_as_asked() {
    let server = Server::start(vec![
        with_header(429, "retry-after: 1"),
        json(200, anthropic("Yes.")),
    ]);
    let got = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
    assert_eq!((got.text.as_str(), got.tries), ("Yes.", 2));
    let asked = server.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(1));
    assert_eq!(asked[0].body, asked[1].body);
}

#[test]
fn a_date_to_come_back_at_is_kept() {
    let then = jiff::Timestamp::now() + Duration::from_millis(2500);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&then)
        .expect("a date");
    let server = Server::start(vec![
        with_header(503, &format!("Retry-After: {date}")),
        json(200, anthropic("Yes.")),
    ]);
    ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
    let asked = server.asked();
    let gap = asked[1].at - asked[0].at;
    // The date has whole seconds, so between 1.5 and 2.5 of the time is left when it comes.
    assert!(
        gap > Duration::from_secs(1) && gap < Duration::from_secs(6),
        "{gap:?}"
    );
}

#[test]
fn a_provider_that_asks_for_too_long_is_not_waited_for() {
    let (error, server) = fails(vec![with_header(429, "retry-after: 3600")]);
    assert_eq!(
        error,
        ProviderError::RateLimited {
            provider: ProviderName::Anthropic,
            retry_after: Some(Duration::from_secs(3600)),
            tries: 1,
            message: "Slow [31m down".into()
        }
    );
    assert_eq!(server.connections(), 1);
}

#[test]
fn passing_failures_are_tried_again_and_the_tries_are_bounded() {
    for status in [429, 500, 502, 503, 529] {
        let said = anthropic_error("overloaded_error", "Overloaded");
        let server = Server::start(vec![
            json(status, said.clone()),
            json(status, said),
            json(200, anthropic("Yes.")),
        ]);
        let got = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
        assert_eq!(got.tries, 3, "{status}");
    }
    let said = json(529, anthropic_error("overloaded_error", "Overloaded"));
    let (error, server) = fails(vec![said; 9]);
    assert_eq!(
        error,
        ProviderError::Overloaded {
            provider: ProviderName::Anthropic,
            status: 529,
            tries: 5,
            message: "Overloaded".into()
        }
    );
    assert_eq!(server.connections(), 5);
}

#[test]
fn a_connection_that_is_closed_unanswered_is_tried_again() {
    let server = Server::start(vec![Act::Raw(vec![]), json(200, anthropic("Yes."))]);
    let got = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
    assert_eq!(got.tries, 2);
}

#[test]
fn nobody_there_is_unreachable() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", port.local_addr().expect("an address"));
    drop(port);
    let chosen = chosen(&[
        ("SPEC_PROVIDER", "anthropic"),
        ("SPEC_API_KEY", KEY),
        ("SPEC_BASE_URL", &url),
    ]);
    let provider = Provider::open(&chosen, quick()).expect("open");
    let error = ask(&provider, &question()).expect_err("nobody");
    assert!(
        matches!(&error, ProviderError::Unreachable { tries: 5, why, .. } if why.contains("refused")),
        "{error}"
    );
    assert!(!error.may_have_cost());
}

#[test]
fn https_speaks_tls_and_sends_nothing_in_the_clear() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let first = std::thread::spawn(move || {
        let mut bytes = vec![0; 4096];
        let (mut stream, _) = listener.accept().expect("a connection");
        let count = std::io::Read::read(&mut stream, &mut bytes).expect("bytes");
        bytes.truncate(count);
        bytes
    });
    let chosen = chosen(&[
        ("SPEC_PROVIDER", "anthropic"),
        ("SPEC_API_KEY", KEY),
        ("SPEC_BASE_URL", &url),
    ]);
    let options = with(|limits| limits.retry.tries = 1);
    let provider = Provider::open(&chosen, options).expect("open");
    let error = ask(&provider, &question()).expect_err("no TLS there");
    assert_eq!(error.code(), "TRIB-PROVIDER-UNREACHABLE");
    let bytes = first.join().expect("joined");
    // A handshake record of TLS 1.x.
    assert_eq!(bytes[..2], [0x16, 0x03]);
    assert!(!String::from_utf8_lossy(&bytes).contains("planted"));
}

#[test]
fn half_a_body_is_no_answer_and_is_not_asked_for_again() {
    let body = anthropic("Yes.");
    let half = &body[..body.len() / 2];
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    for raw in [
        format!("{head}content-length: {}\r\n\r\n{half}", body.len()),
        format!(
            "{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{half}\r\n",
            half.len()
        ),
        format!("{head}content-length: 0\r\n\r\n"),
        // Without a length the end of the connection is the end of the body.
        format!("{head}connection: close\r\n\r\n{half}"),
    ] {
        let (error, server) = fails(vec![Act::Raw(raw.clone().into_bytes())]);
        assert_eq!(error.code(), "TRIB-PROVIDER-HALF-BODY", "{raw}: {error}");
        assert_eq!(server.connections(), 1, "it may have been charged");
        assert!(error.may_have_cost());
    }
}

#[test]
fn what_is_not_the_interface_is_the_wrong_shape() {
    let html = Act::Answer(
        200,
        vec!["content-type: text/html".into()],
        "<p>Log in</p>".into(),
    );
    for (act, told) in [
        (html, "text/html"),
        (json(200, "[]"), "no JSON object"),
        (json(200, "{\"content\": 7}"), "invalid type"),
        (json(200, "Yes."), "no JSON object"),
        (json(200, "{Yes}"), "key must be a string"),
        (
            json(
                200,
                r#"{"model":"m","content":[],"stop_reason":"end_turn"}"#,
            ),
            "no text",
        ),
    ] {
        let (error, server) = fails(vec![act]);
        assert_eq!(error.code(), "TRIB-PROVIDER-SHAPE", "{error}");
        assert!(error.to_string().contains(told), "{told}: {error}");
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Server::start(vec![json(200, anthropic("Evil."))]);
    for status in [301, 302, 307, 308] {
        let to = Act::Answer(
            status,
            vec![format!("location: {}/", elsewhere.url())],
            String::new(),
        );
        let (error, _server) = fails(vec![to]);
        assert_eq!(
            error,
            ProviderError::Redirected {
                provider: ProviderName::Anthropic,
                status
            }
        );
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn an_answer_without_end_is_left_at_ten_megabytes() {
    let (error, server) = fails(vec![Act::Endless]);
    assert_eq!(
        error,
        ProviderError::TooLarge {
            provider: ProviderName::Anthropic,
            limit: 10 * 1024 * 1024
        }
    );
    // What was sent beyond the limit lies in the system's buffers.
    assert!(server.written() < 30 * 1024 * 1024, "{}", server.written());
}

#[test]
fn an_announced_giant_is_not_read_at_all() {
    let raw =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n{";
    let (error, _server) = fails(vec![Act::Raw(raw.into())]);
    assert_eq!(error.code(), "TRIB-PROVIDER-TOO-LARGE");
}

#[test]
fn an_answer_of_the_largest_size_is_read() {
    let text = "x".repeat(9 * 1024 * 1024);
    let server = Server::start(vec![json(200, anthropic(&text))]);
    let got = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
    assert_eq!(got.text.len(), text.len());
}

#[test]
fn an_error_with_a_giant_body_is_still_that_error() {
    let (error, _server) = fails(vec![json(400, "x".repeat(1 << 20))]);
    assert!(
        matches!(&error, ProviderError::BadRequest { status: 400, message, .. } if message.len() < 2000),
        "{error}"
    );
}

#[test]
fn a_slow_body_is_read_to_its_end() {
    let body = anthropic("Yes.");
    let parts = body
        .as_bytes()
        .chunks(40)
        .map(|part| String::from_utf8_lossy(part).into_owned());
    let server = Server::start(vec![Act::Slowly(
        Duration::from_millis(10),
        parts.collect(),
    )]);
    let got = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
    assert_eq!(got.text, "Yes.");
}

#[test]
fn neither_silence_nor_dripping_outlasts_the_call() {
    let drip = Act::Slowly(Duration::from_millis(50), vec![" ".into(); 1000]);
    for act in [Act::Hang, drip] {
        let watch = Instant::now();
        let limit = Duration::from_millis(300);
        let (error, server) = fails_within(vec![act], with(|limits| limits.call = limit));
        assert_eq!(
            error,
            ProviderError::Timeout {
                provider: ProviderName::Anthropic,
                after: limit
            }
        );
        assert!(
            watch.elapsed() < Duration::from_secs(3),
            "{:?}",
            watch.elapsed()
        );
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn a_pause_that_does_not_fit_into_the_call_ends_it() {
    let watch = Instant::now();
    let (error, _server) = fails_within(
        vec![with_header(429, "retry-after: 30")],
        with(|limits| limits.call = Duration::from_secs(10)),
    );
    assert_eq!(error.code(), "TRIB-PROVIDER-RATE-LIMIT");
    assert!(watch.elapsed() < Duration::from_secs(5));
}

/// Cancels after 100 ms and says how long the call went on after that.
fn cancelled_after(provider: &Provider) -> (Result<Answer, ProviderError>, Duration) {
    let cancel = CancelToken::new();
    let copy = cancel.clone();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        copy.cancel();
        Instant::now()
    });
    let result = block_on(provider.complete(&question(), &cancel)).expect("a runtime");
    let ended = Instant::now();
    (result, ended - stopper.join().expect("stopped"))
}

#[test]
fn a_cancelled_call_ends_soon_wherever_it_is() {
    let waiting_for_answer = Server::start(vec![Act::Hang]);
    let in_a_pause = Server::start(vec![with_header(429, "retry-after: 15")]);
    let in_the_body = Server::start(vec![Act::Slowly(
        Duration::from_millis(50),
        vec![" ".into(); 400],
    )]);
    for server in [&waiting_for_answer, &in_a_pause, &in_the_body] {
        let (result, late) = cancelled_after(&at(server, "anthropic", quick()));
        assert_eq!(result, Err(ProviderError::Cancelled));
        assert!(late < Duration::from_millis(300), "{late:?}");
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn a_call_cancelled_before_it_begins_sends_nothing() {
    let server = Server::start(vec![json(200, anthropic("Yes."))]);
    let cancel = CancelToken::new();
    cancel.cancel();
    let provider = at(&server, "anthropic", quick());
    let result = block_on(provider.complete(&question(), &cancel)).expect("a runtime");
    assert_eq!(result, Err(ProviderError::Cancelled));
    assert_eq!(server.connections(), 0);
}

#[test]
fn no_more_requests_are_under_way_than_allowed() {
    let late = Act::Late(Duration::from_millis(60), anthropic("Yes."));
    let server = Server::start(vec![late; 6]);
    let provider = at(&server, "anthropic", with(|limits| limits.in_flight = 2));
    let never = CancelToken::new();
    let request = question();
    let results = block_on(async {
        let ask = || provider.complete(&request, &never);
        tokio::join!(ask(), ask(), ask(), ask(), ask(), ask())
    })
    .expect("a runtime");
    let (a, b, c, d, e, f) = results;
    for result in [a, b, c, d, e, f] {
        assert_eq!(result.expect("an answer").text, "Yes.");
    }
    assert_eq!((server.connections(), server.most_open()), (6, 2));
}

#[test]
fn waiting_for_a_place_counts_and_can_be_cancelled() {
    let server = Server::start(vec![Act::Hang]);
    let options = with(|limits| {
        limits.in_flight = 1;
        limits.call = Duration::from_millis(400);
    });
    let provider = at(&server, "anthropic", options);
    let (never, cancel) = (CancelToken::new(), CancelToken::new());
    let request = question();
    let (first, second) = block_on(async {
        let stop = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            cancel.cancel();
        };
        let waiting = async {
            let result = tokio::join!(provider.complete(&request, &cancel), stop).0;
            (result, Instant::now())
        };
        tokio::join!(provider.complete(&request, &never), waiting)
    })
    .expect("a runtime");
    assert_eq!(first.expect_err("hangs").code(), "TRIB-PROVIDER-TIMEOUT");
    assert_eq!(second.0, Err(ProviderError::Cancelled));
    assert_eq!(server.connections(), 1);
}
