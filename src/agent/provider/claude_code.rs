//! Claude Code: `claude -p --output-format json`, by the login the program has itself. It gets no tools and no project.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::answer::{Stop, Usage};
use super::error::ProviderError;
use super::http::Failure;
use super::key::clean;
use super::money::MicroDollars;
use super::name::ProviderName;
use super::program::{Ended, Tool, transcript};
use super::reply::{Cost, Reply};
use super::request::Request;
use crate::host::cancel::CancelToken;
use crate::ir::Digest;

/// Where it keeps its settings, and its own login on machines without a browser.
pub(super) const OWN: &[&str] = &["CLAUDE_CONFIG_DIR", "CLAUDE_CODE_OAUTH_TOKEN"];
/// Linux takes no argument above 128 KiB; a longer system's text goes in with the question.
const ARGUMENT: usize = 64 * 1024;

#[derive(Deserialize)]
struct Output {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    is_error: bool,
    #[serde(default)]
    subtype: String,
    result: Option<String>,
    stop_reason: Option<String>,
    total_cost_usd: Option<f64>,
    usage: Option<Tokens>,
    #[serde(default, rename = "modelUsage")]
    models: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct Tokens {
    input_tokens: u64,
    output_tokens: u64,
    #[serde(default)]
    cache_creation_input_tokens: u64,
    #[serde(default)]
    cache_read_input_tokens: u64,
}

pub(super) async fn ask(
    tool: &Tool,
    model: Option<&str>,
    request: &Request,
    cancel: &CancelToken,
) -> Result<Reply, Failure> {
    let system = request.system_text();
    let (system, stdin) = if system.len() <= ARGUMENT {
        (system, transcript(request))
    } else {
        let whole = format!("{system}\n\n{}", transcript(request));
        ("Do what the message says.".to_owned(), whole)
    };
    let mut args: Vec<String> = [
        "-p",
        "--output-format",
        "json",
        "--tools",
        "",
        "--strict-mcp-config",
        "--no-session-persistence",
        "--system-prompt",
    ]
    .map(str::to_owned)
    .to_vec();
    args.push(system);
    if let Some(model) = model {
        args.extend(["--model".to_owned(), model.to_owned()]);
    }
    let set = vec![(
        "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
        request.max_tokens.to_string(),
    )];
    let ended = tool.run(args, set, stdin, cancel).await?;
    Ok(read(&ended, model)?)
}

fn read(ended: &Ended, asked: Option<&str>) -> Result<Reply, ProviderError> {
    let provider = ProviderName::ClaudeCode;
    let output: Output = match serde_json::from_str(ended.stdout.trim()) {
        Ok(output) => output,
        Err(_) if ended.code != 0 => return Err(ended.failure(provider, None)),
        Err(error) => {
            return Err(ProviderError::WrongShape {
                provider,
                why: clean(&format!("its output is no result: {error}"), None),
            });
        }
    };
    if output.is_error || ended.code != 0 {
        let said = output.result.as_deref().unwrap_or(&output.subtype);
        return Err(ended.failure(provider, Some(said)));
    }
    let (true, Some(text)) = (output.kind == "result", output.result) else {
        return Err(ProviderError::WrongShape {
            provider,
            why: "its output has no `result`".to_owned(),
        });
    };
    let only = match output.models.len() {
        1 => output.models.into_keys().next(),
        _ => None,
    };
    Ok(Reply {
        text,
        stop: match output.stop_reason.as_deref() {
            // Older versions do not say; they fail where an answer is cut.
            Some("end_turn" | "stop_sequence") | None => Stop::Finished,
            Some("max_tokens") => Stop::Length,
            Some("refusal") => Stop::Refused,
            Some(_) => Stop::Unclear,
        },
        usage: output.usage.map(|u| Usage {
            input_tokens: u
                .input_tokens
                .saturating_add(u.cache_creation_input_tokens)
                .saturating_add(u.cache_read_input_tokens),
            output_tokens: u.output_tokens,
            cached: u.cache_read_input_tokens,
        }),
        cost: output
            .total_cost_usd
            .and_then(MicroDollars::from_dollars)
            .map_or(Cost::Unknown, Cost::Known),
        model: only
            .map(|model| clean(&model, None))
            .or_else(|| asked.map(str::to_owned)),
        raw: Digest::of(ended.stdout.as_bytes()),
    })
}
