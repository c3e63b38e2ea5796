//! Which provider answers, with which model, key and address: a flag goes before the environment, the environment before
//! the project's settings, those before the user's. Nothing is chosen where nobody names a provider.
//!
//! A project's settings come with a checkout and are not trusted with where a key is sent: they may name a provider, a
//! model and the variable that holds a key, never an address or a script.

use std::path::PathBuf;

use super::address::BaseUrl;
use super::error::ProviderError;
use super::key::ApiKey;
use super::name::ProviderName;
use super::{anthropic, ollama, openai, program};

/// What one source of settings says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// The provider's name.
    pub provider: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The name of the variable that holds Anthropic's key; never the key.
    pub anthropic_api_key_env: Option<String>,
    /// The name of the variable that holds OpenAI's key; never the key.
    pub openai_api_key_env: Option<String>,
    /// Where Anthropic's or OpenAI's interface is, if not at their own address.
    pub base_url: Option<String>,
    /// The file of answers for `scripted`.
    pub script: Option<PathBuf>,
}

/// What each source says but the environment, which is asked itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// The command line.
    pub flag: Wish,
    /// `.spec/config.json`.
    pub project: Wish,
    /// The user's own settings.
    pub user: Wish,
}

/// A source of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// `SPEC_PROVIDER`.
    Environment,
    /// `.spec/config.json`.
    Project,
    /// The user's own settings.
    User,
}

/// A provider and all it needs, ready to be opened. `{:?}` shows no key.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Who answers.
    pub provider: ProviderName,
    /// The model; `None` leaves it to the program that is called.
    pub model: Option<String>,
    /// Who named the provider.
    pub by: Source,
    pub(super) place: Place,
}

/// Where the provider is.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Anthropic { base: BaseUrl, key: Option<ApiKey> },
    OpenAi { base: BaseUrl, key: Option<ApiKey> },
    Ollama { base: BaseUrl },
    ClaudeCode(PathBuf),
    Codex(PathBuf),
    Script(PathBuf),
}

/// Reads a variable of this process's environment; for [`select`]. One that is empty or not text is not set.
#[must_use]
pub fn process_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Chooses the provider. `variable` reads the environment.
///
/// # Errors
/// `Unknown`, `NoKey`, `NoModel`, `ToolMissing`, and `Setting` for what cannot be used.
pub fn select(
    wishes: &Wishes,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Chosen>, ProviderError> {
    let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    distrust(&wishes.project)?;
    let environment = Wish {
        provider: variable("SPEC_PROVIDER"),
        model: variable("SPEC_MODEL"),
        base_url: variable("SPEC_BASE_URL"),
        script: variable("SPEC_SCRIPT").map(PathBuf::from),
        ..Wish::default()
    };
    let layers = [
        (Source::Flag, &wishes.flag),
        (Source::Environment, &environment),
        (Source::Project, &wishes.project),
        (Source::User, &wishes.user),
    ];
    let named = layers
        .iter()
        .find_map(|(source, wish)| Some((*source, wish.provider.as_deref()?)));
    let Some((by, name)) = named else {
        return Ok(None);
    };
    let provider = ProviderName::parse(name)?;
    let search = Search {
        provider,
        layers: layers.map(|(_, wish)| wish),
        variable: &variable,
    };
    let (model, place) = search.place()?;
    Ok(Some(Chosen {
        provider,
        model,
        by,
        place,
    }))
}

impl Chosen {
    /// The answers of this file, whatever is set elsewhere.
    #[must_use]
    pub fn script(path: PathBuf) -> Self {
        Self {
            provider: ProviderName::Scripted,
            model: None,
            by: Source::Flag,
            place: Place::Script(path),
        }
    }
}

fn distrust(project: &Wish) -> Result<(), ProviderError> {
    let what = if project.base_url.is_some() {
        "an address (`base_url`)"
    } else if project.script.is_some() {
        "a script"
    } else {
        return Ok(());
    };
    Err(ProviderError::Setting {
        what: ".spec/config.json".to_owned(),
        why: format!(
            "names {what}; a checkout must not say where questions and keys go, so set SPEC_BASE_URL or SPEC_SCRIPT"
        ),
    })
}

struct Search<'a> {
    provider: ProviderName,
    layers: [&'a Wish; 4],
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Search<'_> {
    fn place(&self) -> Result<(Option<String>, Place), ProviderError> {
        let provider = self.provider;
        match provider {
            ProviderName::Anthropic => {
                let base = self.base(anthropic::BASE)?;
                let key = self.key(
                    &base,
                    "ANTHROPIC_API_KEY",
                    "anthropic_api_key_env",
                    |wish| wish.anthropic_api_key_env.as_deref(),
                )?;
                let model = self.model().unwrap_or_else(|| anthropic::MODEL.to_owned());
                Ok((Some(model), Place::Anthropic { base, key }))
            }
            ProviderName::OpenAi => {
                let base = self.base(openai::BASE)?;
                let key = self.key(&base, "OPENAI_API_KEY", "openai_api_key_env", |wish| {
                    wish.openai_api_key_env.as_deref()
                })?;
                let model = self.model().unwrap_or_else(|| openai::MODEL.to_owned());
                Ok((Some(model), Place::OpenAi { base, key }))
            }
            ProviderName::Ollama => {
                let host = (self.variable)("OLLAMA_HOST");
                let host = host.as_deref().unwrap_or(ollama::HOST);
                let base = BaseUrl::ollama(host, self.allow_http())?;
                let model = self.model().ok_or(ProviderError::NoModel { provider })?;
                Ok((Some(model), Place::Ollama { base }))
            }
            ProviderName::ClaudeCode => {
                let path = program::find(provider, "claude", "TRIBUNAL_CLAUDE", self.variable)?;
                Ok((self.model(), Place::ClaudeCode(path)))
            }
            ProviderName::Codex => {
                let path = program::find(provider, "codex", "TRIBUNAL_CODEX", self.variable)?;
                Ok((self.model(), Place::Codex(path)))
            }
            ProviderName::Scripted => {
                let script = self.layers.iter().find_map(|wish| wish.script.clone());
                let script = script.ok_or_else(|| ProviderError::Setting {
                    what: "scripted".to_owned(),
                    why: "needs a file of answers: set SPEC_SCRIPT".to_owned(),
                })?;
                Ok((self.model(), Place::Script(script)))
            }
        }
    }

    /// The first model that is named for this provider: one that stands beside another provider is that one's.
    fn model(&self) -> Option<String> {
        self.layers.iter().find_map(|wish| {
            let other = wish
                .provider
                .as_deref()
                .is_some_and(|name| ProviderName::parse(name) != Ok(self.provider));
            let model = wish.model.as_deref().map(str::trim);
            model
                .filter(|model| !other && !model.is_empty())
                .map(str::to_owned)
        })
    }

    fn base(&self, own: &str) -> Result<BaseUrl, ProviderError> {
        let named = self.layers.iter().find_map(|wish| wish.base_url.as_deref());
        BaseUrl::parse("SPEC_BASE_URL", named.unwrap_or(own), self.allow_http())
    }

    fn allow_http(&self) -> bool {
        (self.variable)("SPEC_ALLOW_HTTP").as_deref() == Some("1")
    }

    fn key(
        &self,
        base: &BaseUrl,
        usual: &str,
        setting: &str,
        named: impl Fn(&Wish) -> Option<&str>,
    ) -> Result<Option<ApiKey>, ProviderError> {
        if let Some(key) = (self.variable)("SPEC_API_KEY") {
            return ApiKey::new("SPEC_API_KEY", &key).map(Some);
        }
        let named = self.layers.iter().find_map(|wish| named(wish));
        let remedy = match named {
            Some(name) if !is_variable_name(name) => {
                return Err(ProviderError::Setting {
                    what: setting.to_owned(),
                    why: "must be the name of a variable, such as ANTHROPIC_API_KEY; a key itself belongs in no file"
                        .to_owned(),
                });
            }
            Some(name) => match (self.variable)(name) {
                Some(key) => return ApiKey::new(name, &key).map(Some),
                None => format!("set SPEC_API_KEY, or {name}, which `{setting}` names"),
            },
            None if (self.variable)(usual).is_some() => format!(
                "set SPEC_API_KEY; {usual} is another program's until `\"{setting}\": \"{usual}\"` in .spec/config.json lends it"
            ),
            None => "set SPEC_API_KEY".to_owned(),
        };
        // A service of this machine's own may well ask for none.
        if base.is_loopback() {
            return Ok(None);
        }
        Err(ProviderError::NoKey {
            provider: self.provider,
            remedy,
        })
    }
}

fn is_variable_name(text: &str) -> bool {
    text.len() <= 128
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        // Names have an underscore or are short; a key is long.
        && (text.contains('_') || text.len() <= 24)
}

#[cfg(test)]
mod tests;
