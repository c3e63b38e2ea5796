//! One HTTP request and its answer, bounded in size: no redirect is followed, every failure gets its own name, and what a
//! provider says in one is cleaned. Time is bounded by the caller.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::Value;

use super::address::BaseUrl;
use super::error::ProviderError;
use super::key::{ApiKey, clean};
use super::limits::Limits;
use super::name::ProviderName;
use super::retry_after;
use crate::host::clock::Timestamp;

/// How much of an error's body is read, in bytes.
const ERROR_BYTES: usize = 64 * 1024;

/// A failed try, and whether another makes sense.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: ProviderError,
    pub(super) again: Again,
}

/// Whether to try again.
#[derive(Debug, PartialEq)]
pub(super) enum Again {
    No,
    /// Yes, not sooner than the provider asks.
    Yes(Option<Duration>),
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self {
            error,
            again: Again::No,
        }
    }
}

/// A service that takes JSON and gives JSON.
pub(super) struct Service {
    provider: ProviderName,
    client: Client,
    url: Url,
    headers: HeaderMap,
    key: Option<ApiKey>,
    cap: usize,
}

/// Gives rustls its cryptography, once for the process. Another part of it may have done so already.
fn install_cryptography() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

impl Service {
    /// The service at `path` below `base`. `auth` names the header for the key and what stands before it there.
    pub(super) fn new(
        provider: ProviderName,
        base: &BaseUrl,
        path: &str,
        auth: (&'static str, &str),
        key: Option<ApiKey>,
        limits: &Limits,
    ) -> Result<Self, ProviderError> {
        install_cryptography();
        let mut builder = Client::builder()
            .user_agent(concat!("tribunal/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(limits.connect)
            // A call lasts seconds to minutes: a new connection costs little, and a stale one is a failure.
            .pool_max_idle_per_host(0);
        if base.is_loopback() {
            // A proxy cannot reach this machine, and would see the key.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| ProviderError::Setting {
            what: format!("the connection to {provider}"),
            why: clean(&root_cause(&error.without_url()), key.as_ref()),
        })?;
        let mut headers = HeaderMap::new();
        if let Some(key) = &key {
            let value = format!("{}{}", auth.1, key.expose());
            let mut value = HeaderValue::from_str(&value).map_err(|_| ProviderError::Setting {
                what: "the key".to_owned(),
                why: "holds characters that a header cannot carry".to_owned(),
            })?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(auth.0), value);
        }
        Ok(Self {
            provider,
            client,
            url: base.join(path),
            headers,
            key,
            cap: limits.answer_bytes,
        })
    }

    /// Adds a header that every request has.
    pub(super) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        self
    }

    /// Sends `body` and reads the whole answer: the bytes of a JSON document.
    pub(super) async fn post(&self, body: &Value) -> Result<Vec<u8>, Failure> {
        let sent = self
            .client
            .post(self.url.clone())
            .headers(self.headers.clone())
            .json(body)
            .send()
            .await;
        let response = sent.map_err(|error| Failure {
            error: ProviderError::Unreachable {
                provider: self.provider,
                tries: 1,
                why: self.cleaned(&root_cause(&error.without_url())),
            },
            again: Again::Yes(None),
        })?;
        if !response.status().is_success() {
            return Err(self.refusal(response).await);
        }
        if let Some(kind) = response.headers().get(CONTENT_TYPE) {
            let kind = String::from_utf8_lossy(kind.as_bytes()).to_ascii_lowercase();
            if !kind.contains("json") {
                return Err(self
                    .wrong_shape(format!("it sent {}, not JSON", self.cleaned(&kind)))
                    .into());
            }
        }
        Ok(self.read(response, self.cap).await?)
    }

    /// Reads at most `cap` bytes of a body.
    async fn read(&self, mut response: Response, cap: usize) -> Result<Vec<u8>, ProviderError> {
        let too_large = ProviderError::TooLarge {
            provider: self.provider,
            limit: cap,
        };
        let announced = response.content_length().unwrap_or(0);
        if announced > u64::try_from(cap).unwrap_or(u64::MAX) {
            return Err(too_large);
        }
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > cap => return Err(too_large),
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Ok(bytes),
                Err(error) => {
                    return Err(ProviderError::HalfBody {
                        provider: self.provider,
                        why: self.cleaned(&root_cause(&error.without_url())),
                    });
                }
            }
        }
    }

    /// What an answer that is no success means.
    async fn refusal(&self, response: Response) -> Failure {
        let (provider, status) = (self.provider, response.status());
        let asked = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry_after::parse(value, Timestamp::now()));
        let code = status.as_u16();
        if status.is_redirection() {
            return ProviderError::Redirected {
                provider,
                status: code,
            }
            .into();
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return ProviderError::Unauthorised {
                provider,
                status: code,
            }
            .into();
        }
        let body = self.read(response, ERROR_BYTES).await.unwrap_or_default();
        let said = Said::read(&body);
        let message = match self.cleaned(&said.message) {
            empty if empty.is_empty() => "it does not say why".to_owned(),
            message => message,
        };
        match code {
            429 => Failure {
                error: ProviderError::RateLimited {
                    provider,
                    retry_after: asked,
                    tries: 1,
                    message,
                },
                again: if said.out_of_credit {
                    Again::No
                } else {
                    Again::Yes(asked)
                },
            },
            500 | 502 | 503 | 529 => Failure {
                error: ProviderError::Overloaded {
                    provider,
                    status: code,
                    tries: 1,
                    message,
                },
                again: Again::Yes(asked),
            },
            501.. => ProviderError::Overloaded {
                provider,
                status: code,
                tries: 1,
                message,
            }
            .into(),
            _ => ProviderError::BadRequest {
                provider,
                status: code,
                message,
            }
            .into(),
        }
    }

    pub(super) fn wrong_shape(&self, why: impl Into<String>) -> ProviderError {
        ProviderError::WrongShape {
            provider: self.provider,
            why: why.into(),
        }
    }

    /// Reads the bytes of an answer as `T`. One that stops inside the document is half an answer.
    pub(super) fn decode<T: serde::de::DeserializeOwned>(
        &self,
        bytes: &[u8],
    ) -> Result<T, ProviderError> {
        // A list would be taken for an object's fields in their order.
        match bytes.trim_ascii_start().first() {
            Some(b'{') => {}
            Some(_) => return Err(self.wrong_shape("it is no JSON object")),
            None => {
                return Err(ProviderError::HalfBody {
                    provider: self.provider,
                    why: "it sent nothing".to_owned(),
                });
            }
        }
        serde_json::from_slice(bytes).map_err(|error| {
            let why = self.cleaned(&error.to_string());
            if error.is_eof() {
                ProviderError::HalfBody {
                    provider: self.provider,
                    why,
                }
            } else {
                self.wrong_shape(why)
            }
        })
    }

    pub(super) fn cleaned(&self, text: &str) -> String {
        clean(text, self.key.as_ref())
    }
}

/// What an error's body says, in any of the shapes that are in use.
struct Said {
    message: String,
    /// Waiting does not help: the account has nothing left.
    out_of_credit: bool,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let Ok(json) = serde_json::from_slice::<Value>(body) else {
            return Self {
                message: String::from_utf8_lossy(body).into_owned(),
                out_of_credit: false,
            };
        };
        let error = json.get("error").unwrap_or(&json);
        let message = text(error).or_else(|| error.get("message").and_then(text));
        let is_quota =
            |field: &str| error.get(field).and_then(Value::as_str) == Some("insufficient_quota");
        Self {
            message: message.unwrap_or_default(),
            out_of_credit: is_quota("code") || is_quota("type"),
        }
    }
}

/// The innermost reason: the outer ones repeat the address and say less.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
