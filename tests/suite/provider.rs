//! Model providers, against a server on this machine and against programs that stand in for the real ones.

mod bounds;
mod memo;
mod programs;
mod server;
mod services;
mod shapes;

use std::collections::BTreeMap;
use std::time::Duration;

use tribunal::agent::provider::{
    Answer, Chosen, Jitter, Limits, Options, Provider, ProviderError, Request, Wishes, block_on,
    select,
};
use tribunal::host::cancel::CancelToken;

use server::Server;

/// The key that must never come out anywhere.
const KEY: &str = "sk-planted-7f3a9c51d2e8";

/// The standard options with pauses that tests can wait for.
fn quick() -> Options {
    let mut options = Options::standard();
    options.limits.call = Duration::from_secs(20);
    options.limits.retry.first_pause = Duration::from_millis(2);
    options.limits.retry.jitter = Jitter::fixed(0.0);
    options
}

fn with(change: impl FnOnce(&mut Limits)) -> Options {
    let mut options = quick();
    change(&mut options.limits);
    options
}

fn chosen(variables: &[(&str, &str)]) -> Chosen {
    let map: BTreeMap<&str, &str> = variables.iter().copied().collect();
    select(&Wishes::default(), &|name| {
        map.get(name).map(|&value| value.to_owned())
    })
    .expect("a choice")
    .expect("somebody")
}

/// The provider `name` at this server, with the planted key.
fn at(server: &Server, name: &str, options: Options) -> Provider {
    let url = server.url();
    let chosen = chosen(&[
        ("SPEC_PROVIDER", name),
        ("SPEC_API_KEY", KEY),
        ("SPEC_BASE_URL", &url),
        ("OLLAMA_HOST", &url),
        ("SPEC_MODEL", "claude-sonnet-4-6"),
    ]);
    Provider::open(&chosen, options).expect("open")
}

fn question() -> Request {
    Request::new("test/1", "You are brief.", "Is the sky blue?", 100)
}

fn ask(provider: &Provider, request: &Request) -> Result<Answer, ProviderError> {
    block_on(provider.complete(request, &CancelToken::new())).expect("a runtime")
}

/// Anthropic's answer as its documentation shows it.
fn anthropic(text: &str) -> String {
    serde_json::json!({
        "id": "msg_01XFDUDYJgAACzvnptvVoYEL",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-6-20260101",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": null,
        "usage": {
            "input_tokens": 1000,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 600,
            "output_tokens": 100,
            "service_tier": "standard"
        }
    })
    .to_string()
}

/// Anthropic's error as its documentation shows it.
fn anthropic_error(kind: &str, message: &str) -> String {
    serde_json::json!({
        "type": "error",
        "error": {"type": kind, "message": message},
        "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy"
    })
    .to_string()
}
