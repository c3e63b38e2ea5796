//! Codex: `codex exec --json`, by the login the program has itself. It may read nothing but an empty directory, and write
//! nothing. What a subscription pays for an answer nobody says.

use serde::Deserialize;

use super::answer::{Stop, Usage};
use super::error::ProviderError;
use super::http::Failure;
use super::name::ProviderName;
use super::program::{Ended, Tool, transcript};
use super::reply::{Cost, Reply};
use super::request::Request;
use crate::host::cancel::CancelToken;
use crate::ir::Digest;

/// Where it keeps its settings, and its own key on machines without a login.
pub(super) const OWN: &[&str] = &["CODEX_HOME", "CODEX_API_KEY"];

/// One line of its output. Lines of other types are of no use here.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    item: Option<Item>,
    usage: Option<Tokens>,
    error: Option<Trouble>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(alias = "item_type", rename = "type")]
    kind: String,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    input_tokens: u64,
    output_tokens: u64,
    #[serde(default)]
    cached_input_tokens: u64,
}

#[derive(Deserialize)]
struct Trouble {
    message: String,
}

pub(super) async fn ask(
    tool: &Tool,
    model: Option<&str>,
    request: &Request,
    cancel: &CancelToken,
) -> Result<Reply, Failure> {
    let mut args: Vec<String> = [
        "exec",
        "--json",
        "--skip-git-repo-check",
        "--ephemeral",
        "--sandbox",
        "read-only",
    ]
    .map(str::to_owned)
    .to_vec();
    if let Some(model) = model {
        args.extend(["--model".to_owned(), model.to_owned()]);
    }
    // The question comes on standard input.
    args.push("-".to_owned());
    let stdin = format!("{}\n\n{}", request.system_text(), transcript(request));
    let ended = tool
        .run(args, vec![], stdin.trim_start().to_owned(), cancel)
        .await?;
    Ok(read(&ended, model)?)
}

fn read(ended: &Ended, asked: Option<&str>) -> Result<Reply, ProviderError> {
    let provider = ProviderName::Codex;
    let (mut text, mut usage, mut done, mut trouble) = (None, None, false, None);
    let events = ended
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Event>(line).ok());
    for event in events {
        match event.kind.as_str() {
            "item.completed" => {
                let said = event.item.filter(|item| {
                    matches!(item.kind.as_str(), "agent_message" | "assistant_message")
                });
                text = said.and_then(|item| item.text).or(text);
            }
            "turn.completed" => {
                done = true;
                usage = event.usage;
            }
            "turn.failed" => {
                done = false;
                trouble = event.error.map(|error| error.message).or(trouble);
            }
            // Also said while it connects anew; of interest only when the turn does not end well.
            "error" => trouble = event.message.or(trouble),
            _ => {}
        }
    }
    if ended.code != 0 || (!done && trouble.is_some()) {
        return Err(ended.failure(provider, trouble.as_deref()));
    }
    let wrong = |why: &str| ProviderError::WrongShape {
        provider,
        why: why.to_owned(),
    };
    if !done {
        return Err(wrong(
            "its output has no end of the turn (`turn.completed`)",
        ));
    }
    Ok(Reply {
        text: text.ok_or_else(|| wrong("its output has no message"))?,
        stop: Stop::Finished,
        usage: usage.map(|u| Usage {
            input_tokens: u.input_tokens,
            output_tokens: u.output_tokens,
            cached: u.cached_input_tokens,
        }),
        cost: Cost::Unknown,
        model: asked.map(str::to_owned),
        raw: Digest::of(ended.stdout.as_bytes()),
    })
}
