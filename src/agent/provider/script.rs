//! Answers from a file: for tests, and for demonstrations without a network.
//!
//! The file is JSON Lines: an object a line; empty lines and lines that begin with `#` are passed over. A line says what
//! is answered by exactly one of `text` (the text), `json` (a document, answered as its text) and `error` (a code such
//! as `TRIB-PROVIDER-OVERLOADED`: the call fails so). It may say which request it is for: `key` (the digest of the request,
//! as recorded files have it) or `prompt` (the request's `prompt`) and `when` (texts of which each must occur in the
//! request), and `contains` (texts of which each must occur in the request, else the call fails). It may add `stop`, `usage`, `cost` (micro-dollars), `model` and `delay_ms`;
//! without them the answer is finished and used and cost nothing. `request` is for people to read.
//!
//! A request takes the first line not yet used whose `key` is its digest; else the first one not yet used that has no
//! `key` and whose `prompt`, where it has one, is the request's, and whose `when` fits. A line answers once.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::answer::{Stop, Usage};
use super::error::ProviderError;
use super::money::MicroDollars;
use super::name::ProviderName;
use super::reply::{Cost, Reply};
use super::request::Request;
use crate::host::files::read_text_capped;
use crate::ir::Digest;

/// The largest file of answers, in bytes.
const BYTES: u64 = 256 * 1024 * 1024;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(skip)]
    number: usize,
    key: Option<Digest>,
    prompt: Option<String>,
    /// Texts of which each must occur in the request, else the line is not for it.
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    contains: Vec<String>,
    text: Option<String>,
    json: Option<Value>,
    error: Option<String>,
    stop: Option<Stop>,
    usage: Option<Usage>,
    cost: Option<MicroDollars>,
    model: Option<String>,
    #[serde(default)]
    delay_ms: u64,
    #[serde(rename = "request")]
    _request: Option<IgnoredAny>,
}

/// A file of answers, and which of them are used.
pub(super) struct Script {
    lines: Vec<Line>,
    used: Mutex<Vec<bool>>,
}

impl Script {
    pub(super) fn open(path: &Path) -> Result<Self, ProviderError> {
        let shown = path.display().to_string();
        let wrong = |line: Option<usize>, why: String| ProviderError::Script {
            path: shown.clone(),
            line,
            why,
        };
        let text = read_text_capped(path, BYTES).map_err(|error| wrong(None, error.to_string()))?;
        let mut lines = Vec::new();
        for (index, text) in text.lines().enumerate() {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let number = index + 1;
            let mut line: Line = serde_json::from_str(text)
                .map_err(|error| wrong(Some(number), error.to_string()))?;
            line.number = number;
            line.check().map_err(|why| wrong(Some(number), why))?;
            lines.push(line);
        }
        Ok(Self {
            used: Mutex::new(vec![false; lines.len()]),
            lines,
        })
    }

    pub(super) async fn ask(&self, request: &Request) -> Result<Reply, ProviderError> {
        let line = self.take(request)?;
        line.fits(request)?;
        if line.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(line.delay_ms)).await;
        }
        line.reply()
    }

    fn take(&self, request: &Request) -> Result<&Line, ProviderError> {
        let digest = request.digest();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let free = |wanted: &dyn Fn(&Line) -> bool| {
            self.lines
                .iter()
                .zip(used.iter())
                .position(|(line, used)| !used && wanted(line))
        };
        let by_key = free(&|line| line.key == Some(digest));
        let position = by_key.or_else(|| {
            free(&|line| {
                line.key.is_none()
                    && line
                        .prompt
                        .as_ref()
                        .is_none_or(|prompt| *prompt == request.prompt)
                    && line.when.iter().all(|part| occurs(request, part))
            })
        });
        let found = position.and_then(|at| Some((self.lines.get(at)?, used.get_mut(at)?)));
        match found {
            Some((line, taken)) => {
                *taken = true;
                Ok(line)
            }
            None => Err(ProviderError::ScriptExhausted {
                asked: format!("prompt {}, digest {digest}", request.prompt),
                used: used.iter().filter(|used| **used).count(),
                lines: self.lines.len(),
            }),
        }
    }
}

impl Line {
    /// That it says one thing.
    fn check(&self) -> Result<(), String> {
        let said = [
            self.text.is_some(),
            self.json.is_some(),
            self.error.is_some(),
        ];
        if said.into_iter().filter(|said| *said).count() != 1 {
            return Err("needs exactly one of `text`, `json` and `error`".to_owned());
        }
        match &self.error {
            Some(code) if failure(code).is_none() => {
                Err(format!("`error` names no failure of a call: {code:?}"))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn fits(&self, request: &Request) -> Result<(), ProviderError> {
        match self.contains.iter().find(|part| !occurs(request, part)) {
            None => Ok(()),
            Some(missing) => Err(ProviderError::ScriptMismatch {
                line: self.number,
                why: format!(
                    "the request (prompt {}) does not contain {missing:?}",
                    request.prompt
                ),
            }),
        }
    }

    fn reply(&self) -> Result<Reply, ProviderError> {
        let text = match (
            &self.text,
            &self.json,
            self.error.as_deref().and_then(failure),
        ) {
            (_, _, Some(error)) => return Err(error),
            (Some(text), _, None) => text.clone(),
            (None, Some(json), None) => json.to_string(),
            (None, None, None) => String::new(),
        };
        Ok(Reply {
            raw: Digest::of(text.as_bytes()),
            text,
            stop: self.stop.unwrap_or(Stop::Finished),
            usage: Some(self.usage.unwrap_or_default()),
            cost: Cost::Known(self.cost.unwrap_or_default()),
            model: self.model.clone(),
        })
    }
}

/// Whether a text stands in one of the texts of a request.
fn occurs(request: &Request, part: &str) -> bool {
    std::iter::once(&request.system)
        .chain(request.messages.iter().map(|m| &m.text))
        .any(|text| text.contains(part))
}

/// The failure that a script may ask for by its code.
fn failure(code: &str) -> Option<ProviderError> {
    let provider = ProviderName::Scripted;
    let message = "the script says so".to_owned();
    let failures = [
        ProviderError::Unauthorised {
            provider,
            status: 401,
        },
        ProviderError::RateLimited {
            provider,
            retry_after: None,
            tries: 1,
            message: message.clone(),
        },
        ProviderError::Overloaded {
            provider,
            status: 529,
            tries: 1,
            message: message.clone(),
        },
        ProviderError::BadRequest {
            provider,
            status: 400,
            message: message.clone(),
        },
        ProviderError::TooLarge { provider, limit: 0 },
        ProviderError::WrongShape {
            provider,
            why: message.clone(),
        },
        ProviderError::HalfBody {
            provider,
            why: message.clone(),
        },
        ProviderError::Timeout {
            provider,
            after: Duration::ZERO,
        },
        ProviderError::Unreachable {
            provider,
            tries: 1,
            why: message,
        },
    ];
    failures.into_iter().find(|error| error.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Result<Script, ProviderError> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        Script::open(file.path())
    }

    fn request(prompt: &str, message: &str) -> Request {
        Request::new(prompt, "system", message, 10)
    }

    fn ask(script: &Script, request: &Request) -> Result<String, ProviderError> {
        super::super::block_on(script.ask(request))?.map(|reply| reply.text)
    }

    #[test]
    fn lines_answer_by_key_then_by_prompt_then_in_order_each_once() {
        let keyed = request("critic/1", "keyed");
        let text = format!(
            "# a comment\n\n{}\n{}\n{}\n{}\n",
            r#"{"text":"first"}"#,
            r#"{"prompt":"planner/1","json":{"b":1,"a":[]}}"#,
            format_args!(r#"{{"key":"{}","text":"by key"}}"#, keyed.digest()),
            r#"{"text":"second"}"#,
        );
        let script = script(&text).expect("read");
        assert_eq!(ask(&script, &keyed), Ok("by key".into()));
        assert_eq!(ask(&script, &request("critic/1", "x")), Ok("first".into()));
        // Not for this prompt, so passed over and kept.
        assert_eq!(ask(&script, &keyed), Ok("second".into()));
        let error = ask(&script, &keyed).expect_err("none left");
        assert!(
            matches!(
                error,
                ProviderError::ScriptExhausted {
                    used: 3,
                    lines: 4,
                    ..
                }
            ),
            "{error:?}"
        );
        assert_eq!(
            ask(&script, &request("planner/1", "x")),
            Ok(r#"{"a":[],"b":1}"#.into())
        );
    }

    #[test]
    fn a_line_for_another_request_fails_and_names_itself() {
        let script =
            script("\n{\"text\":\"x\",\"contains\":[\"syst\",\"report 7\"]}").expect("read");
        assert_eq!(
            ask(&script, &request("p/1", "report 8")),
            Err(ProviderError::ScriptMismatch {
                line: 2,
                why: "the request (prompt p/1) does not contain \"report 7\"".into()
            })
        );
    }

    #[test]
    fn figures_and_failures_are_as_the_line_says() {
        let script = script(concat!(
            r#"{"text":"x","stop":"length","usage":{"input_tokens":5,"output_tokens":2},"cost":9,"model":"m"}"#,
            "\n",
            r#"{"error":"TRIB-PROVIDER-OVERLOADED"}"#
        ))
        .expect("read");
        let reply = super::super::block_on(script.ask(&request("p", "x")))
            .expect("a runtime")
            .expect("an answer");
        assert_eq!(
            (
                reply.stop,
                reply
                    .usage
                    .map(|u| (u.input_tokens, u.output_tokens, u.cached))
            ),
            (Stop::Length, Some((5, 2, 0)))
        );
        assert!(matches!(reply.cost, Cost::Known(MicroDollars(9))));
        assert_eq!(
            ask(&script, &request("p", "x")).expect_err("fails").code(),
            "TRIB-PROVIDER-OVERLOADED"
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, line) in [
            ("{\"text\":\"x\"}\n{\"txt\":\"x\"}", 2),
            ("{}", 1),
            ("{\"text\":\"x\",\"json\":1}", 1),
            ("{\"error\":\"TRIB-PROVIDER-NO-KEY\"}", 1),
            ("# fine\nnot json", 2),
        ] {
            let error = script(text).err().expect("refused");
            assert!(
                matches!(&error, ProviderError::Script { line: Some(l), .. } if *l == line),
                "{text}: {error}"
            );
        }
        let missing = Script::open(Path::new("/nonexistent/script.jsonl")).err();
        assert!(matches!(
            missing,
            Some(ProviderError::Script { line: None, .. })
        ));
    }
}
