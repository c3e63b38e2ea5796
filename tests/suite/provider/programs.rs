//! Claude Code and Codex, by programs that stand in for them.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Instant;

use tribunal::agent::provider::{MicroDollars, ProviderName, Stop, Usage};

use super::*;

/// A program that notes what it is given (`args`, `env`, `stdin`, `cwd` beside it) and then does `body`.
struct Stand {
    directory: tempfile::TempDir,
}

impl Stand {
    fn new(name: &str, body: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let script = format!(
            "#!/bin/sh\nhere={}\nprintf '%s\\n' \"$@\" > \"$here/args\"\nenv > \"$here/env\"\n\
             pwd > \"$here/cwd\"\nls -A > \"$here/listing\"\ncat > \"$here/stdin\"\n{body}\n",
            directory.path().display()
        );
        let path = directory.path().join(name);
        std::fs::write(&path, script).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("set");
        Self { directory }
    }

    fn claude(body: &str) -> Self {
        Self::new("claude", body)
    }

    fn codex(body: &str) -> Self {
        Self::new("codex", body)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn noted(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("noted")
    }

    fn open(&self, options: Options) -> Provider {
        let name = if self.path("claude").exists() {
            ("claude", "TRIBUNAL_CLAUDE")
        } else {
            ("codex", "TRIBUNAL_CODEX")
        };
        let path = self.path(name.0);
        let chosen = chosen(&[
            ("SPEC_PROVIDER", name.0),
            (name.1, path.to_str().expect("text")),
            ("SPEC_API_KEY", KEY),
        ]);
        Provider::open(&chosen, options).expect("open")
    }
}

const CLAUDE_RESULT: &str = r#"cat <<'END'
{"type":"result","subtype":"success","is_error":false,"duration_ms":2345,"num_turns":1,"result":"Yes.",
"stop_reason":"end_turn","session_id":"0e639165-79b1-4bd4-bb0f-4cb4c15115d4","total_cost_usd":0.012345,
"usage":{"input_tokens":3,"cache_creation_input_tokens":100,"cache_read_input_tokens":40,"output_tokens":6},
"modelUsage":{"claude-sonnet-4-6":{"inputTokens":3}},"permission_denials":[]}
END"#;

const CODEX_RESULT: &str = r#"cat <<'END'
{"type":"thread.started","thread_id":"0199a213-81c0-7800-8aa1-bbab2a035a53"}
{"type":"turn.started"}
{"type":"error","message":"Reconnecting... 1/5"}
{"type":"item.completed","item":{"id":"item_0","type":"reasoning","text":"**Thinking**"}}
{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"Yes."}}
{"type":"turn.completed","usage":{"input_tokens":24763,"cached_input_tokens":24448,"output_tokens":122}}
END"#;

#[test]
fn claude_is_run_and_read_as_documented() {
    let stand = Stand::claude(CLAUDE_RESULT);
    let got = ask(&stand.open(quick()), &question()).expect("an answer");
    assert_eq!((got.text.as_str(), got.stop), ("Yes.", Stop::Finished));
    assert_eq!(got.cost, Some(MicroDollars(12_345)));
    assert_eq!(
        got.usage,
        Some(Usage {
            input_tokens: 143,
            output_tokens: 6,
            cached: 40
        })
    );
    assert_eq!(got.by(), "claudecode/claude-sonnet-4-6");
    assert_eq!(
        stand.noted("args").lines().collect::<Vec<_>>(),
        [
            "-p",
            "--output-format",
            "json",
            "--tools",
            "",
            "--strict-mcp-config",
            "--no-session-persistence",
            "--system-prompt",
            "You are brief."
        ]
    );
    assert_eq!(stand.noted("stdin"), "Is the sky blue?");
    assert_eq!(stand.noted("listing"), "", "an empty room");
    assert!(
        !PathBuf::from(stand.noted("cwd").trim()).exists(),
        "cleared away"
    );
}

#[test]
fn codex_is_run_and_read_as_documented() {
    let stand = Stand::codex(CODEX_RESULT);
    let got = ask(&stand.open(quick()), &question()).expect("an answer");
    assert_eq!((got.text.as_str(), got.stop), ("Yes.", Stop::Finished));
    assert_eq!(got.cost, None, "what a subscription pays is not known");
    assert_eq!(
        got.usage,
        Some(Usage {
            input_tokens: 24_763,
            output_tokens: 122,
            cached: 24_448
        })
    );
    assert_eq!(got.by(), "codex/default");
    let args = stand.noted("args");
    assert!(
        args.starts_with("exec\n--json\n") && args.ends_with("--sandbox\nread-only\n-\n"),
        "{args}"
    );
    assert_eq!(stand.noted("stdin"), "You are brief.\n\nIs the sky blue?");
}

#[test]
fn a_model_is_passed_on_and_a_long_conversation_is_told_whole() {
    for (stand, variable) in [
        (Stand::claude(CLAUDE_RESULT), "TRIBUNAL_CLAUDE"),
        (Stand::codex(CODEX_RESULT), "TRIBUNAL_CODEX"),
    ] {
        let name = variable
            .trim_start_matches("TRIBUNAL_")
            .to_ascii_lowercase();
        let path = stand.path(&name);
        let chosen = chosen(&[
            ("SPEC_PROVIDER", &name),
            (variable, path.to_str().expect("text")),
            ("SPEC_MODEL", "some-model"),
        ]);
        let provider = Provider::open(&chosen, quick()).expect("open");
        let mut request = question();
        request.system = "s".repeat(200_000);
        request
            .messages
            .push(tribunal::agent::provider::Message::assistant("No."));
        request
            .messages
            .push(tribunal::agent::provider::Message::user("Sure?"));
        ask(&provider, &request).expect("an answer");
        assert!(stand.noted("args").contains("--model\nsome-model\n"));
        let stdin = stand.noted("stdin");
        for part in [&request.system as &str, "Is the sky blue?", "No.", "Sure?"] {
            assert!(stdin.contains(part), "{}", &part[..part.len().min(20)]);
        }
    }
}

#[test]
fn bad_ends_are_told_apart() {
    let claude = |body: &str| ask(&Stand::claude(body).open(quick()), &question());
    let codex = |body: &str| ask(&Stand::codex(body).open(quick()), &question());
    let not_logged_in = r#"echo '{"type":"result","subtype":"success","is_error":true,"result":"Invalid API key · Please run /login"}'; exit 1"#;
    let turn_failed = r#"echo '{"type":"turn.failed","error":{"message":"stream ended"}}'"#;
    let failed_item =
        r#"echo '{"type":"item.completed","item":{"type":"agent_message","text":"x"}}'"#;
    for (result, code, told) in [
        (
            claude("echo oops >&2; exit 3"),
            "TOOL-FAILED",
            "exited with code 3: oops",
        ),
        (claude(not_logged_in), "TOOL-FAILED", "Please run /login"),
        (claude("echo garbage"), "SHAPE", "no result"),
        (
            claude("echo '{\"type\":\"other\"}'"),
            "SHAPE",
            "no `result`",
        ),
        (claude("kill -9 $$"), "TOOL-FAILED", "signal 9"),
        (
            codex("echo oops >&2; exit 3"),
            "TOOL-FAILED",
            "exited with code 3: oops",
        ),
        (codex(turn_failed), "TOOL-FAILED", "stream ended"),
        (codex("echo garbage"), "SHAPE", "turn.completed"),
        (codex(failed_item), "SHAPE", "turn.completed"),
        (
            codex("echo '{\"type\":\"turn.completed\"}'"),
            "SHAPE",
            "no message",
        ),
    ] {
        let error = result.expect_err(told);
        assert_eq!(error.code(), format!("TRIB-PROVIDER-{code}"), "{error}");
        assert!(error.to_string().contains(told), "{told}: {error}");
    }
}

#[test]
fn a_program_that_floods_or_is_gone_is_ended_and_named() {
    let flood = Stand::claude("yes");
    let error = ask(
        &flood.open(with(|limits| limits.answer_bytes = 100_000)),
        &question(),
    )
    .expect_err("too much");
    assert_eq!(
        error,
        ProviderError::TooLarge {
            provider: ProviderName::ClaudeCode,
            limit: 100_000
        }
    );
    let gone = Stand::codex("");
    let provider = gone.open(quick());
    std::fs::remove_file(gone.path("codex")).expect("removed");
    let error = ask(&provider, &question()).expect_err("gone");
    assert_eq!(error.code(), "TRIB-PROVIDER-TOOL-FAILED");
}

/// Whether the process that left its number in this file is there.
fn alive(stand: &Stand) -> bool {
    let number = stand.noted("child");
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", number.trim()));
    // A killed one may wait a moment for its parent.
    stat.is_ok_and(|stat| {
        !stat
            .rsplit_once(')')
            .expect("a name")
            .1
            .trim()
            .starts_with('Z')
    })
}

#[test]
fn a_hanging_program_is_killed_with_its_children() {
    let hang = "sleep 300 & echo $! > \"$here/child\"; wait";
    for cancels in [false, true] {
        let stand = Stand::claude(hang);
        let call = Duration::from_millis(if cancels { 20_000 } else { 700 });
        let provider = stand.open(with(|limits| limits.call = call));
        let cancel = CancelToken::new();
        let watch = Instant::now();
        let request = question();
        let result = block_on(async {
            let stop = async {
                tokio::time::sleep(Duration::from_millis(500)).await;
                if cancels {
                    cancel.cancel();
                }
            };
            tokio::join!(provider.complete(&request, &cancel), stop).0
        })
        .expect("a runtime");
        let expected = if cancels {
            "TRIB-PROVIDER-CANCELLED"
        } else {
            "TRIB-PROVIDER-TIMEOUT"
        };
        assert_eq!(result.expect_err("hangs").code(), expected);
        assert!(
            watch.elapsed() < Duration::from_secs(5),
            "{:?}",
            watch.elapsed()
        );
        let patience = Instant::now();
        while alive(&stand) {
            assert!(
                patience.elapsed() < Duration::from_secs(5),
                "the child lives on"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Run by the next test in a process whose environment holds keys.
#[test]
#[ignore = "is run by another test, in an environment of its own"]
fn child_with_keys_in_its_environment() {
    for stand in [Stand::claude(CLAUDE_RESULT), Stand::codex(CODEX_RESULT)] {
        let answer = ask(&stand.open(quick()), &question()).expect("an answer");
        assert_eq!(answer.text, "Yes.");
        print!("ENV\n{}", stand.noted("env"));
    }
    // A proxy is not for this machine: it would see the key.
    let server = Server::start(vec![super::server::json(200, anthropic("Yes."))]);
    let answer = ask(&at(&server, "anthropic", quick()), &question()).expect("an answer");
    assert_eq!(answer.text, "Yes.");
}

#[test]
fn programs_get_no_key_of_ours_or_of_anybody_else() {
    let outcome = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "provider::programs::child_with_keys_in_its_environment",
            "--ignored",
            "--nocapture",
        ])
        .envs([
            ("SPEC_API_KEY", KEY),
            ("ANTHROPIC_API_KEY", KEY),
            ("OPENAI_API_KEY", KEY),
            ("AWS_SECRET_ACCESS_KEY", KEY),
            ("GITHUB_TOKEN", KEY),
            ("CLAUDE_CONFIG_DIR", "/kept/claude"),
            ("CODEX_HOME", "/kept/codex"),
            ("HTTPS_PROXY", "http://kept:1"),
            ("HTTP_PROXY", "http://127.0.0.1:9"),
            ("http_proxy", "http://127.0.0.1:9"),
            ("ALL_PROXY", "http://127.0.0.1:9"),
        ])
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .expect("run");
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned()
        + &String::from_utf8_lossy(&outcome.stderr);
    assert!(outcome.status.success(), "{text}");
    assert!(!text.contains("planted"), "{text}");
    let parts: Vec<&str> = text.split("ENV\n").skip(1).collect();
    let [claude, codex] = parts.as_slice() else {
        panic!("two environments in {text}");
    };
    for (environment, own, other) in [
        (claude, "CLAUDE_CONFIG_DIR=/kept/claude", "CODEX_HOME"),
        (codex, "CODEX_HOME=/kept/codex", "CLAUDE_CONFIG_DIR"),
    ] {
        assert!(environment.contains(own), "{environment}");
        assert!(environment.contains("PATH="), "{environment}");
        assert!(
            environment.contains("HTTPS_PROXY=http://kept:1"),
            "{environment}"
        );
        assert!(!environment.contains(other), "{environment}");
        // Cargo's own variables stand for all that nobody thought of.
        assert!(!environment.contains("CARGO"), "{environment}");
    }
}
