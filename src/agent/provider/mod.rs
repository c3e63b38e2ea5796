//! Model providers behind one interface: ask, and get an answer with what it used up and cost.
//!
//! A call is bounded in time, size, number of tries and requests under way, and ends soon after it is cancelled. No
//! answer is trusted: callers judge what it says. A key goes into a request's header and nowhere else: not into errors,
//! prints, memos or recordings; the programs that are called get none at all.

mod address;
mod answer;
mod anthropic;
mod claude_code;
mod codex;
mod document;
mod error;
mod http;
mod json;
mod key;
mod limits;
mod memo;
mod money;
mod name;
mod ollama;
mod openai;
mod program;
mod record;
mod reply;
mod request;
mod retry_after;
mod script;
mod select;
mod wait;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::Semaphore;

pub use address::BaseUrl;
pub use answer::{Answer, Spending, Stop, Usage};
pub use error::ProviderError;
pub use json::{JsonAnswer, JsonFailure};
pub use key::ApiKey;
pub use limits::{Jitter, Limits, Retry};
pub use money::{MicroDollars, Price, PriceTable};
pub use name::ProviderName;
pub use request::{Message, Request, Role, Temperature};
pub use select::{Chosen, Source, Wish, Wishes, process_variable, select};
pub use wait::block_on;

use self::http::{Again, Failure};
use self::memo::{Memo, Recalled};
use self::program::Tool;
use self::record::Recorder;
use self::reply::{Cost, Reply};
use self::script::Script;
use self::select::Place;
use self::wait::cancelled;
use crate::host::cancel::CancelToken;
use crate::host::clock::Stopwatch;

/// What a provider is opened with, beside who it is.
#[derive(Debug, Clone)]
pub struct Options {
    /// The bounds of every call.
    pub limits: Limits,
    /// What answers cost.
    pub prices: PriceTable,
    /// Where answers are kept (`.spec/cache/model`); `None` asks anew every time.
    pub memo: Option<PathBuf>,
    /// The file that every answer is recorded in, for `scripted` to play back; made when missing.
    pub record: Option<PathBuf>,
}

impl Options {
    /// The standard limits and prices, without memo and recording.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            limits: Limits::standard(),
            prices: PriceTable::built_in(),
            memo: None,
            record: None,
        }
    }
}

/// Somebody who answers. To be shared by reference: the bound on requests under way is that of the one value.
pub struct Provider {
    name: ProviderName,
    model: Option<String>,
    /// Where it is, as far as that makes another answer.
    endpoint: String,
    backend: Backend,
    key: Option<ApiKey>,
    limits: Limits,
    prices: PriceTable,
    places: Semaphore,
    memo: Option<Memo>,
    recorder: Option<Recorder>,
}

enum Backend {
    Anthropic(anthropic::Anthropic),
    OpenAi(openai::OpenAi),
    Ollama(ollama::Ollama),
    ClaudeCode(Tool),
    Codex(Tool),
    Script(Script),
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("name", &self.name)
            .field("model", &self.model)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Provider {
    /// Makes a provider ready. Nothing is sent yet.
    ///
    /// # Errors
    /// `NoModel`, `Setting`; `Script` when the file of answers cannot be read.
    pub fn open(chosen: &Chosen, options: Options) -> Result<Self, ProviderError> {
        let (name, limits) = (chosen.provider, &options.limits);
        let model = || {
            chosen
                .model
                .clone()
                .ok_or(ProviderError::NoModel { provider: name })
        };
        let tool = |path: &PathBuf, own| Tool {
            provider: name,
            path: path.clone(),
            own,
            cap: limits.answer_bytes,
            time: limits.call,
        };
        let nowhere = String::new;
        let (backend, endpoint, key) = match &chosen.place {
            Place::Anthropic { base, key } => {
                let service = anthropic::Anthropic::new(base, key.clone(), model()?, limits)?;
                let endpoint = base.as_str().to_owned();
                (Backend::Anthropic(service), endpoint, key.clone())
            }
            Place::OpenAi { base, key } => {
                let service = openai::OpenAi::new(base, key.clone(), model()?, limits)?;
                let endpoint = base.as_str().to_owned();
                (Backend::OpenAi(service), endpoint, key.clone())
            }
            Place::Ollama { base } => {
                let service = ollama::Ollama::new(base, model()?, limits)?;
                (Backend::Ollama(service), base.as_str().to_owned(), None)
            }
            Place::ClaudeCode(path) => {
                let tool = tool(path, claude_code::OWN);
                (Backend::ClaudeCode(tool), nowhere(), None)
            }
            Place::Codex(path) => (Backend::Codex(tool(path, codex::OWN)), nowhere(), None),
            Place::Script(path) => (Backend::Script(Script::open(path)?), nowhere(), None),
        };
        let memo = options.memo;
        Ok(Self {
            name,
            model: chosen.model.clone(),
            endpoint,
            backend,
            key,
            places: Semaphore::new(options.limits.in_flight.max(1)),
            limits: options.limits,
            prices: options.prices,
            memo: memo.as_deref().map(Memo::at),
            recorder: options.record.as_deref().map(Recorder::at),
        })
    }

    /// Who this is.
    #[must_use]
    pub fn name(&self) -> ProviderName {
        self.name
    }

    /// The model that is asked; `default` where the choice is the program's.
    #[must_use]
    pub fn model(&self) -> &str {
        self.model.as_deref().unwrap_or("default")
    }

    /// Asks, or takes the kept answer to the same question. A finished answer is kept.
    ///
    /// # Errors
    /// Why there is no answer; [`ProviderError::may_have_cost`] says whether it may be charged all the same.
    pub async fn complete(
        &self,
        request: &Request,
        cancel: &CancelToken,
    ) -> Result<Answer, ProviderError> {
        let mut warnings = Vec::new();
        let answer = match self.recall(request, &mut warnings) {
            Some(answer) => answer,
            None => {
                let answer = self.ask(request, cancel).await?;
                if answer.stop == Stop::Finished {
                    warnings.extend(self.keep(request, &answer));
                }
                answer
            }
        };
        self.record(request, &answer)?;
        Ok(Answer { warnings, ..answer })
    }

    fn recall(&self, request: &Request, warnings: &mut Vec<String>) -> Option<Answer> {
        let key = request.digest_for(self.name, &self.endpoint, self.model());
        match self.memo.as_ref()?.recall(&key, self.name) {
            Recalled::Hit(answer) => Some(answer),
            Recalled::Miss => None,
            Recalled::Unusable(why) => {
                warnings.push(why);
                None
            }
        }
    }

    /// Keeps an answer to this request; a warning when that fails.
    fn keep(&self, request: &Request, answer: &Answer) -> Option<String> {
        let key = request.digest_for(self.name, &self.endpoint, self.model());
        self.memo.as_ref()?.keep(&key, &request.prompt, answer)
    }

    fn record(&self, request: &Request, answer: &Answer) -> Result<(), ProviderError> {
        match &self.recorder {
            Some(recorder) => recorder.record(request, answer),
            None => Ok(()),
        }
    }

    fn cleaned(&self, text: &str) -> String {
        key::clean(text, self.key.as_ref())
    }

    /// Asks the provider itself, within the bounds.
    async fn ask(&self, request: &Request, cancel: &CancelToken) -> Result<Answer, ProviderError> {
        let watch = Stopwatch::start();
        let work = async {
            let Ok(_place) = self.places.acquire().await else {
                return Err(ProviderError::Cancelled);
            };
            self.try_often(request, &watch, cancel).await
        };
        let (reply, tries) = tokio::select! {
            biased;
            () = cancelled(cancel) => return Err(ProviderError::Cancelled),
            done = work => done?,
            () = tokio::time::sleep(self.limits.call) => return Err(ProviderError::Timeout {
                provider: self.name,
                after: self.limits.call,
            }),
        };
        Ok(self.answer(reply, tries, &watch))
    }

    async fn try_often(
        &self,
        request: &Request,
        watch: &Stopwatch,
        cancel: &CancelToken,
    ) -> Result<(Reply, u32), ProviderError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let Failure { error, again } = match self.try_once(request, cancel).await {
                Ok(reply) => return Ok((reply, tries)),
                Err(failure) => failure,
            };
            let pause = match again {
                Again::No => None,
                Again::Yes(asked) => {
                    let left = watch.left_of(self.limits.call);
                    self.limits.retry.pause(tries, asked, left)
                }
            };
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error.tried(tries)),
            }
        }
    }

    async fn try_once(&self, request: &Request, cancel: &CancelToken) -> Result<Reply, Failure> {
        let model = self.model.as_deref();
        match &self.backend {
            Backend::Anthropic(service) => service.ask(request).await,
            Backend::OpenAi(service) => service.ask(request).await,
            Backend::Ollama(service) => service.ask(request).await,
            Backend::ClaudeCode(tool) => claude_code::ask(tool, model, request, cancel).await,
            Backend::Codex(tool) => codex::ask(tool, model, request, cancel).await,
            Backend::Script(script) => Ok(script.ask(request).await?),
        }
    }

    fn answer(&self, reply: Reply, tries: u32, watch: &Stopwatch) -> Answer {
        let model = reply.model.unwrap_or_else(|| self.model().to_owned());
        let by_table = |official: bool| {
            let usage = reply.usage.as_ref()?;
            // The name that was asked for stands in where the provider answers with one of its own making.
            self.prices
                .cost(self.name, &model, official, usage)
                .or_else(|| self.prices.cost(self.name, self.model(), official, usage))
        };
        let text = match &self.key {
            Some(key) => key.remove(&reply.text),
            None => reply.text,
        };
        Answer {
            text,
            stop: reply.stop,
            usage: reply.usage,
            cost: match reply.cost {
                Cost::ByTable { official } => by_table(official),
                Cost::Known(cost) => Some(cost),
                Cost::Unknown => None,
            },
            provider: self.name,
            model,
            raw: reply.raw,
            seconds: watch
                .elapsed()
                .min(Duration::from_secs(1 << 32))
                .as_secs_f64(),
            tries,
            from_memo: false,
            warnings: vec![],
        }
    }
}
