//! The three services: what is sent, what is read, what it costs.

use serde_json::json;
use tribunal::agent::provider::{MicroDollars, ProviderName, Stop, Temperature, Usage};

use super::server::{Server, json as answer};
use super::*;

#[test]
fn anthropic_is_asked_and_read_as_documented() {
    let server = Server::start(vec![answer(200, anthropic("Yes."))]);
    let got = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
    assert_eq!((got.text.as_str(), got.stop), ("Yes.", Stop::Finished));
    assert_eq!(
        got.usage,
        Some(Usage {
            input_tokens: 1600,
            output_tokens: 100,
            cached: 600
        })
    );
    // Another service than Anthropic's own: its prices are not known.
    assert_eq!(got.cost, None);
    assert_eq!(got.by(), "anthropic/claude-sonnet-4-6-20260101");
    assert_eq!((got.tries, got.from_memo), (1, false));
    assert_eq!(
        got.raw,
        tribunal::ir::Digest::of(anthropic("Yes.").as_bytes())
    );

    let asked = &server.asked()[0];
    let head = asked.head.to_ascii_lowercase();
    assert!(head.starts_with("post /v1/messages http/1.1"), "{head}");
    for line in [
        &format!("x-api-key: {KEY}") as &str,
        "anthropic-version: 2023-06-01",
        "content-type: application/json",
    ] {
        assert!(head.lines().any(|l| l == line), "{line} in {head}");
    }
    assert_eq!(
        asked.body,
        json!({
            "model": "claude-sonnet-4-6",
            "max_tokens": 100,
            "system": "You are brief.",
            "messages": [{"role": "user", "content": "Is the sky blue?"}]
        })
    );
}

#[test]
fn prices_that_the_caller_gives_are_used() {
    let server = Server::start(vec![answer(200, anthropic("Yes."))]);
    let mut options = quick();
    options.prices =
        tribunal::agent::provider::PriceTable::with(vec![tribunal::agent::provider::Price {
            provider: ProviderName::Anthropic,
            model: "claude-sonnet-4-6".into(),
            input: 3_000_000,
            cached: 300_000,
            output: 15_000_000,
        }]);
    let got = ask(&at(&server, "anthropic", options), &question()).expect("an answer");
    // 1000 × $3/M + 600 × $0.30/M + 100 × $15/M
    assert_eq!(got.cost, Some(MicroDollars(3000 + 180 + 1500)));
}

#[test]
fn thinking_is_no_text_and_other_ends_are_told_apart() {
    for (reason, stop) in [
        ("stop_sequence", Stop::Finished),
        ("max_tokens", Stop::Length),
        ("refusal", Stop::Refused),
        ("pause_turn", Stop::Unclear),
    ] {
        let body = json!({
            "model": "m", "type": "message", "role": "assistant", "stop_reason": reason,
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "s"},
                {"type": "text", "text": "a"},
                {"type": "text", "text": "b"}
            ],
            "usage": {"input_tokens": 1, "output_tokens": 2}
        });
        let server = Server::start(vec![answer(200, body.to_string())]);
        let got = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
        assert_eq!((got.text.as_str(), got.stop), ("ab", stop), "{reason}");
    }
}

#[test]
fn openai_is_asked_and_read_as_documented() {
    let body = json!({
        "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        "object": "chat.completion",
        "created": 1_741_569_952,
        "model": "gpt-4.1-2025-04-14",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": "Yes.", "refusal": null, "annotations": []},
            "logprobs": null,
            "finish_reason": "stop"
        }],
        "usage": {
            "prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29,
            "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0}
        },
        "service_tier": "default"
    });
    let server = Server::start(vec![answer(200, body.to_string())]);
    let mut request = question();
    request.temperature = Some(Temperature(0));
    let got = ask(&at(&server, "openai", quick()), &request).expect("an answer");
    assert_eq!((got.text.as_str(), got.stop), ("Yes.", Stop::Finished));
    assert_eq!(
        got.usage,
        Some(Usage {
            input_tokens: 19,
            output_tokens: 10,
            cached: 4
        })
    );
    let asked = &server.asked()[0];
    let head = asked.head.to_ascii_lowercase();
    assert!(
        head.starts_with("post /chat/completions http/1.1"),
        "{head}"
    );
    assert!(
        head.lines()
            .any(|line| line == format!("authorization: bearer {KEY}")),
        "{head}"
    );
    assert_eq!(
        asked.body,
        json!({
            "model": "claude-sonnet-4-6",
            "max_tokens": 100,
            "temperature": 0.0,
            "messages": [
                {"role": "system", "content": "You are brief."},
                {"role": "user", "content": "Is the sky blue?"}
            ]
        })
    );
}

#[test]
fn openai_refusals_cuts_and_missing_figures_are_told() {
    let body = |message: serde_json::Value, reason: &str| {
        json!({"choices": [{"message": message, "finish_reason": reason}]}).to_string()
    };
    for (body, text, stop) in [
        (
            body(json!({"content": null, "refusal": "I cannot."}), "stop"),
            "I cannot.",
            Stop::Refused,
        ),
        (body(json!({"content": "Y"}), "length"), "Y", Stop::Length),
        (
            body(json!({"content": ""}), "content_filter"),
            "",
            Stop::Refused,
        ),
    ] {
        let server = Server::start(vec![answer(200, body)]);
        let got = ask(&at(&server, "openai", quick()), &question()).expect("an answer");
        assert_eq!((got.text.as_str(), got.stop), (text, stop));
        assert_eq!(
            (got.usage, got.cost),
            (None, None),
            "not known is not nothing"
        );
        assert_eq!(got.model, "claude-sonnet-4-6");
    }
}

#[test]
fn an_account_without_credit_is_not_asked_again() {
    let body = json!({"error": {
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota", "param": null, "code": "insufficient_quota"
    }});
    let server = Server::start(vec![answer(429, body.to_string())]);
    let error = ask(&at(&server, "openai", quick()), &question()).expect_err("no credit");
    assert_eq!(error.code(), "TRIB-PROVIDER-RATE-LIMIT");
    assert!(
        error.to_string().contains("exceeded your current quota"),
        "{error}"
    );
    assert_eq!(server.connections(), 1);
}

#[test]
fn ollama_is_asked_and_read_as_documented() {
    let body = json!({
        "model": "llama3.2",
        "created_at": "2023-12-12T14:13:43.416799Z",
        "message": {"role": "assistant", "content": "Yes."},
        "done": true,
        "done_reason": "stop",
        "total_duration": 5_191_566_416_u64,
        "load_duration": 2_154_458,
        "prompt_eval_count": 26,
        "prompt_eval_duration": 383_809_000,
        "eval_count": 298,
        "eval_duration": 4_799_921_000_u64
    });
    let server = Server::start(vec![answer(200, body.to_string())]);
    let mut request = question();
    request.schema = Some(json!({"type": "object"}));
    let got = ask(&at(&server, "ollama", quick()), &request).expect("an answer");
    assert_eq!(got.text, "Yes.");
    assert_eq!(
        got.usage,
        Some(Usage {
            input_tokens: 26,
            output_tokens: 298,
            cached: 0
        })
    );
    assert_eq!(got.cost, Some(MicroDollars(0)), "this machine's own model");
    let asked = &server.asked()[0];
    assert!(
        asked.head.starts_with("POST /api/chat HTTP/1.1"),
        "{}",
        asked.head
    );
    assert!(!asked.head.contains(KEY), "Ollama gets no key");
    assert_eq!(asked.body["format"], json!({"type": "object"}));
    assert_eq!(asked.body["stream"], json!(false));
    let system = asked.body["messages"][0]["content"].as_str().expect("text");
    assert!(
        system.starts_with("You are brief.\n\n") && system.ends_with(r#"{"type":"object"}"#),
        "{system}"
    );
}

#[test]
fn ollama_says_what_it_does_not_have() {
    let body = json!({"error": "model 'claude-sonnet-4-6' not found"}).to_string();
    let server = Server::start(vec![answer(404, body)]);
    let error = ask(&at(&server, "ollama", quick()), &question()).expect_err("no model");
    assert_eq!(
        error,
        ProviderError::BadRequest {
            provider: ProviderName::Ollama,
            status: 404,
            message: "model 'claude-sonnet-4-6' not found".into()
        }
    );
    assert_eq!(server.connections(), 1, "asking again would not help");
}
