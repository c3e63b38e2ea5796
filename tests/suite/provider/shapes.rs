//! Answers of a given shape, and what their attempts cost.

use serde_json::{Value, json};
use tribunal::agent::provider::{
    JsonAnswer, JsonFailure, MicroDollars, Price, PriceTable, ProviderName,
};

use super::server::{Act, json as answer};
use super::*;

fn priced() -> Options {
    let mut options = quick();
    options.prices = PriceTable::with(vec![Price {
        provider: ProviderName::Anthropic,
        model: "claude-sonnet-4-6".into(),
        input: 1_000_000,
        cached: 1_000_000,
        output: 1_000_000,
    }]);
    options
}

/// What one of the fake's answers costs at these prices: a micro-dollar a token.
const EACH: u64 = 1700;

fn sky(document: &Value) -> Result<String, String> {
    match document.get("sky").and_then(Value::as_str) {
        Some(colour @ ("blue" | "grey")) => Ok(colour.to_owned()),
        Some(other) => Err(format!("`sky` is {other:?}; it must be blue or grey")),
        None => Err("`sky` is missing".to_owned()),
    }
}

fn ask_json(provider: &Provider) -> Result<JsonAnswer<String>, Box<JsonFailure>> {
    let schema = json!({"type": "object", "required": ["sky"]});
    let never = CancelToken::new();
    block_on(provider.complete_json(&question(), schema, sky, &never)).expect("a runtime")
}

fn says(text: &str) -> Act {
    answer(200, anthropic(text))
}

#[test]
fn a_fenced_document_is_taken() {
    let server = Server::start(vec![says("Here:\n```json\n{\"sky\": \"blue\"}\n```\n")]);
    let got = ask_json(&at(&server, "anthropic", priced())).expect("a document");
    assert_eq!(got.value, "blue");
    assert_eq!(got.document, json!({"sky": "blue"}));
    assert_eq!(got.rejected, Vec::<String>::new());
    assert_eq!((got.spent.calls, got.spent.cost), (1, MicroDollars(EACH)));
    let body = &server.asked()[0].body;
    let system = body["system"].as_str().expect("text");
    assert!(
        system.contains(r#"{"required":["sky"],"type":"object"}"#),
        "{system}"
    );
}

#[test]
fn a_wrong_document_goes_back_with_what_is_wrong() {
    let server = Server::start(vec![
        says("The sky is blue."),
        says("{\"sky\": \"green\"}"),
        says("{\"sky\": \"grey\"}"),
    ]);
    let got = ask_json(&at(&server, "anthropic", priced())).expect("a document");
    assert_eq!(got.value, "grey");
    assert_eq!(got.rejected.len(), 2);
    assert_eq!(
        (
            got.spent.calls,
            got.spent.cost,
            got.spent.usage.output_tokens
        ),
        (3, MicroDollars(3 * EACH), 300)
    );
    let last = &server.asked()[2].body["messages"];
    let texts: Vec<(&str, &str)> = last
        .as_array()
        .expect("messages")
        .iter()
        .map(|m| {
            (
                m["role"].as_str().expect("a role"),
                m["content"].as_str().expect("text"),
            )
        })
        .collect();
    assert_eq!(texts[1], ("assistant", "The sky is blue."));
    assert!(
        texts[2].0 == "user" && texts[2].1.contains("no JSON document"),
        "{texts:?}"
    );
    assert!(texts[4].1.contains("it must be blue or grey"), "{texts:?}");
    assert_eq!(texts.len(), 5);
}

#[test]
fn after_two_corrections_it_is_over_and_all_attempts_are_counted() {
    let server = Server::start(vec![
        says("{}"),
        says("{}"),
        says("{"),
        says("{\"sky\":\"blue\"}"),
    ]);
    let failure = ask_json(&at(&server, "anthropic", priced())).expect_err("no document");
    assert_eq!(failure.error.code(), "TRIB-PROVIDER-WRONG-JSON");
    assert!(failure.to_string().contains("breaks off"), "{failure}");
    assert_eq!(
        failure.rejected[..2],
        ["`sky` is missing", "`sky` is missing"]
    );
    assert_eq!(
        (failure.spent.calls, failure.spent.cost),
        (3, MicroDollars(3 * EACH))
    );
    assert_eq!(server.connections(), 3);
}

#[test]
fn a_failure_between_attempts_keeps_what_was_spent() {
    let refused = answer(
        401,
        anthropic_error("authentication_error", "invalid x-api-key"),
    );
    let server = Server::start(vec![says("{}"), refused]);
    let failure = ask_json(&at(&server, "anthropic", priced())).expect_err("refused");
    assert_eq!(failure.error.code(), "TRIB-PROVIDER-UNAUTHORISED");
    assert_eq!(failure.spent.exact_cost(), Some(MicroDollars(EACH)));
    // An answer that broke off may have been charged: the sum is then a lower bound, and says so.
    let half = Act::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec());
    let server = Server::start(vec![says("{}"), half]);
    let failure = ask_json(&at(&server, "anthropic", priced())).expect_err("broke off");
    assert_eq!(failure.error.code(), "TRIB-PROVIDER-HALF-BODY");
    assert_eq!(
        (
            failure.spent.cost,
            failure.spent.unknown_cost,
            failure.spent.exact_cost()
        ),
        (MicroDollars(EACH), 1, None)
    );
}

#[test]
fn a_model_that_declines_is_not_pressed_and_a_cut_answer_is_no_document() {
    let ends = |reason: &str| {
        let mut body: Value =
            serde_json::from_str(&anthropic("{\"sky\": \"blue\"}")).expect("json");
        body["stop_reason"] = json!(reason);
        answer(200, body.to_string())
    };
    let server = Server::start(vec![ends("refusal"), says("{\"sky\": \"blue\"}")]);
    let failure = ask_json(&at(&server, "anthropic", priced())).expect_err("declined");
    assert!(failure.to_string().contains("declined"), "{failure}");
    assert_eq!(server.connections(), 1);
    let server = Server::start(vec![ends("max_tokens"), says("{\"sky\": \"grey\"}")]);
    let got = ask_json(&at(&server, "anthropic", priced())).expect("a document");
    assert_eq!(got.value, "grey");
    assert!(got.rejected[0].contains("cut off"), "{:?}", got.rejected);
}

#[test]
fn only_an_accepted_document_is_kept() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut options = priced();
    options.memo = Some(directory.path().join("model"));
    let server = Server::start(vec![says("{}"), says("{\"sky\": \"blue\"}")]);
    let first = ask_json(&at(&server, "anthropic", options.clone())).expect("a document");
    assert_eq!(first.spent.calls, 2);
    let second = ask_json(&at(&server, "anthropic", options.clone())).expect("kept");
    assert_eq!(
        (second.value.as_str(), second.answer.from_memo),
        ("blue", true)
    );
    assert_eq!(
        (
            second.spent.calls,
            second.spent.from_memo,
            second.spent.exact_cost()
        ),
        (0, 1, Some(MicroDollars(0)))
    );
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_kept_document_is_judged_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut options = priced();
    options.memo = Some(directory.path().join("model"));
    let server = Server::start(vec![
        says("{\"sky\": \"blue\"}"),
        says("{\"sky\": \"grey\"}"),
    ]);
    let provider = at(&server, "anthropic", options);
    let ask = |wanted: &str| {
        let schema = json!({"type": "object"});
        let judge = |document: &Value| match sky(document)? {
            colour if colour == wanted => Ok(colour),
            other => Err(format!("{other} is not {wanted}")),
        };
        let never = CancelToken::new();
        block_on(provider.complete_json(&question(), schema, judge, &never))
            .expect("a runtime")
            .expect("a document")
    };
    assert_eq!(ask("blue").value, "blue");
    let stricter = ask("grey");
    assert_eq!((stricter.value.as_str(), stricter.spent.calls), ("grey", 1));
    assert!(
        stricter.answer.warnings[0].contains("blue is not grey"),
        "{:?}",
        stricter.answer.warnings
    );
    assert!(ask("grey").answer.from_memo, "the new one is kept now");
}

#[test]
fn providers_and_their_calls_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    fn sent<T: Send>(value: T) -> T {
        value
    }
    let server = Server::start(vec![says("{\"sky\": \"blue\"}")]);
    let provider = at(&server, "anthropic", quick());
    shared(&provider);
    let (request, never) = (question(), CancelToken::new());
    let call = sent(provider.complete_json(&request, json!({}), sky, &never));
    let got = block_on(call).expect("a runtime").expect("a document");
    assert_eq!(got.value, "blue");
}
