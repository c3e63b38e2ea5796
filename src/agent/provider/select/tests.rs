//! Tests of the choice of a provider.

use std::collections::BTreeMap;

use super::*;

const KEY: &str = "sk-planted-0123456789";

fn choose(wishes: &Wishes, variables: &[(&str, &str)]) -> Result<Option<Chosen>, ProviderError> {
    let map: BTreeMap<&str, &str> = variables.iter().copied().collect();
    select(wishes, &|name| map.get(name).map(|&value| value.to_owned()))
}

fn wish(provider: &str, model: &str) -> Wish {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Wish {
        provider: some(provider),
        model: some(model),
        ..Wish::default()
    }
}

fn project(wish: Wish) -> Wishes {
    Wishes {
        project: wish,
        ..Wishes::default()
    }
}

/// Who was chosen, with which model and by whom.
fn told(chosen: Result<Option<Chosen>, ProviderError>) -> (ProviderName, Option<String>, Source) {
    let chosen = chosen.expect("no error").expect("somebody");
    (chosen.provider, chosen.model, chosen.by)
}

#[test]
fn nobody_is_chosen_where_nobody_is_named() {
    for variables in [&[][..], &[("SPEC_PROVIDER", " ")], &[("SPEC_API_KEY", KEY)]] {
        assert!(
            choose(&Wishes::default(), variables)
                .expect("no error")
                .is_none()
        );
    }
}

#[test]
fn flag_goes_before_environment_before_project_before_user() {
    let all = Wishes {
        flag: wish("ollama", "m-flag"),
        project: wish("openai", "m-project"),
        user: wish("anthropic", "m-user"),
    };
    let environment = [
        ("SPEC_PROVIDER", "anthropic"),
        ("SPEC_MODEL", "m-env"),
        ("SPEC_API_KEY", KEY),
    ];
    let key = &environment[2..];
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        told(choose(&all, &environment)),
        (ProviderName::Ollama, some("m-flag"), Source::Flag)
    );
    let no_flag = Wishes {
        flag: Wish::default(),
        ..all.clone()
    };
    assert_eq!(
        told(choose(&no_flag, &environment)),
        (ProviderName::Anthropic, some("m-env"), Source::Environment)
    );
    assert_eq!(
        told(choose(&no_flag, key)),
        (ProviderName::OpenAi, some("m-project"), Source::Project)
    );
    let user = Wishes {
        user: all.user,
        ..Wishes::default()
    };
    assert_eq!(
        told(choose(&user, key)),
        (ProviderName::Anthropic, some("m-user"), Source::User)
    );
}

#[test]
fn a_model_that_stands_beside_another_provider_is_not_taken() {
    let variables = [("SPEC_PROVIDER", "openai"), ("SPEC_API_KEY", KEY)];
    let chosen = choose(&project(wish("anthropic", "claude-opus-4-7")), &variables);
    assert_eq!(told(chosen).1.as_deref(), Some(openai::MODEL));
    let chosen = choose(&project(wish("", "any")), &variables);
    assert_eq!(told(chosen).1.as_deref(), Some("any"));
}

#[test]
fn another_programs_key_is_taken_only_where_the_settings_lend_it() {
    let variables = [("SPEC_PROVIDER", "anthropic"), ("ANTHROPIC_API_KEY", KEY)];
    let error = choose(&Wishes::default(), &variables).expect_err("no key");
    assert_eq!(error.code(), "TRIB-PROVIDER-NO-KEY");
    assert!(
        error.to_string().contains("anthropic_api_key_env") && !error.to_string().contains(KEY),
        "{error}"
    );
    let lend = |name: &str| {
        project(Wish {
            anthropic_api_key_env: Some(name.to_owned()),
            ..Wish::default()
        })
    };
    let key_of = |chosen: Result<Option<Chosen>, ProviderError>| match chosen
        .expect("no error")
        .expect("somebody")
        .place
    {
        Place::Anthropic { key, .. } | Place::OpenAi { key, .. } => {
            key.map(|key| key.expose().to_owned())
        }
        Place::Ollama { .. } | Place::ClaudeCode(_) | Place::Codex(_) | Place::Script(_) => None,
    };
    let lent = lend("ANTHROPIC_API_KEY");
    assert_eq!(key_of(choose(&lent, &variables)).as_deref(), Some(KEY));
    let both = [&variables[..], &[("SPEC_API_KEY", "sk-own-key")]].concat();
    assert_eq!(key_of(choose(&lent, &both)).as_deref(), Some("sk-own-key"));
    let error = choose(&lend("OTHER_KEY"), &variables).expect_err("not set");
    assert!(error.to_string().contains("OTHER_KEY"), "{error}");
    // What Anthropic's setting lends is not OpenAI's.
    let openai = [("SPEC_PROVIDER", "openai"), ("ANTHROPIC_API_KEY", KEY)];
    assert_eq!(
        choose(&lent, &openai).expect_err("no key").code(),
        "TRIB-PROVIDER-NO-KEY"
    );
}

#[test]
fn a_key_written_where_a_name_belongs_is_not_shown() {
    for pasted in [
        KEY,
        "sk_live_0123456789",
        "0123456789ABCDEF",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123",
    ] {
        let wishes = project(Wish {
            anthropic_api_key_env: Some(pasted.to_owned()),
            ..wish("anthropic", "")
        });
        let error = choose(&wishes, &[]).expect_err("refused");
        assert_eq!(error.code(), "TRIB-PROVIDER-SETTING");
        assert!(!error.to_string().contains(pasted), "{error}");
        assert!(!format!("{error:?}").contains(pasted), "{error:?}");
    }
}

#[test]
fn a_project_does_not_say_where_keys_go() {
    let variables = [("SPEC_PROVIDER", "openai"), ("SPEC_API_KEY", KEY)];
    for evil in [
        Wish {
            base_url: Some("https://evil.example/v1".to_owned()),
            ..Wish::default()
        },
        Wish {
            script: Some("answers.jsonl".into()),
            ..Wish::default()
        },
    ] {
        let error = choose(&project(evil), &variables).expect_err("refused");
        assert_eq!(error.code(), "TRIB-PROVIDER-SETTING");
    }
    let base = [
        &variables[..],
        &[("SPEC_BASE_URL", "https://mine.example/v1")],
    ]
    .concat();
    let chosen = choose(&Wishes::default(), &base)
        .expect("fine")
        .expect("somebody");
    assert!(
        matches!(&chosen.place, Place::OpenAi { base, .. } if base.as_str() == "https://mine.example/v1/")
    );
}

#[test]
fn ollama_needs_a_model_and_no_key_and_programs_need_neither() {
    let ollama = ("SPEC_PROVIDER", "ollama");
    let error = choose(&Wishes::default(), &[ollama]).expect_err("no model");
    assert_eq!(error.code(), "TRIB-PROVIDER-NO-MODEL");
    let chosen = choose(
        &Wishes::default(),
        &[ollama, ("SPEC_MODEL", "llama3.2"), ("SPEC_API_KEY", KEY)],
    )
    .expect("fine")
    .expect("somebody");
    assert!(
        matches!(&chosen.place, Place::Ollama { base } if base.as_str() == "http://localhost:11434/")
    );

    let directory = tempfile::tempdir().expect("a directory");
    let program = directory.path().join("claude");
    std::fs::write(&program, "#!/bin/sh\n").expect("written");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&program, executable).expect("set");
    let path = directory.path().to_str().expect("text");
    for variables in [
        [("SPEC_PROVIDER", "claude"), ("PATH", path)],
        [
            ("SPEC_PROVIDER", "claudecode"),
            ("TRIBUNAL_CLAUDE", program.to_str().expect("text")),
        ],
    ] {
        let chosen = choose(&Wishes::default(), &variables)
            .expect("fine")
            .expect("somebody");
        assert_eq!(
            (chosen.provider, chosen.model),
            (ProviderName::ClaudeCode, None)
        );
        assert!(matches!(&chosen.place, Place::ClaudeCode(found) if *found == program));
    }
    for variables in [
        &[("SPEC_PROVIDER", "codex"), ("PATH", path)][..],
        &[("SPEC_PROVIDER", "codex"), ("PATH", ".")],
        &[
            ("SPEC_PROVIDER", "codex"),
            ("TRIBUNAL_CODEX", "/nonexistent"),
        ],
    ] {
        let error = choose(&Wishes::default(), variables).expect_err("missing");
        assert_eq!(error.code(), "TRIB-PROVIDER-TOOL-MISSING", "{error}");
    }
}

#[test]
fn a_chosen_provider_prints_without_its_key() {
    let variables = [("SPEC_PROVIDER", "anthropic"), ("SPEC_API_KEY", KEY)];
    let chosen = choose(&Wishes::default(), &variables).expect("fine");
    assert!(!format!("{chosen:?}").contains("planted"), "{chosen:?}");
    let error = choose(
        &Wishes::default(),
        &[
            ("SPEC_PROVIDER", "anthropic"),
            ("SPEC_API_KEY", "planted two"),
        ],
    )
    .expect_err("no key has a space");
    assert!(!error.to_string().contains("planted"), "{error}");
}
