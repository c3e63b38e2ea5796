//! Where requests go: base URLs, and which of them a key or a prompt may be sent to.

use std::net::IpAddr;

use reqwest::Url;

use super::error::ProviderError;

/// An address that requests may be sent to: `https`, or `http` where that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    loopback: bool,
}

/// Ollama's port.
const OLLAMA_PORT: u16 = 11434;

impl BaseUrl {
    /// The address that the setting `what` names. `http` is for this machine alone, unless `allow_http`.
    ///
    /// # Errors
    /// `Setting` for what is no such address; one with a user, a password, a query or a fragment is none.
    pub fn parse(what: &str, text: &str, allow_http: bool) -> Result<Self, ProviderError> {
        let wrong = |why: &str| ProviderError::Setting {
            what: what.to_owned(),
            why: why.to_owned(),
        };
        let mut url = Url::parse(text.trim())
            .map_err(|_| wrong("is no URL; write one such as https://host/v1"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "holds a user or a password; set SPEC_API_KEY instead",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has a query or a fragment; write the address alone"));
        }
        let loopback = url.host_str().is_some_and(is_loopback);
        match url.scheme() {
            "https" => {}
            "http" if loopback || allow_http => {}
            "http" => {
                return Err(wrong(
                    "is http to another machine, where anybody between can read along; \
                     use https, or set SPEC_ALLOW_HTTP=1",
                ));
            }
            _ => return Err(wrong("is neither https nor http")),
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self { url, loopback })
    }

    /// The address of Ollama as `OLLAMA_HOST` gives it: also a bare host or `host:port`.
    ///
    /// # Errors
    /// As [`BaseUrl::parse`].
    pub fn ollama(text: &str, allow_http: bool) -> Result<Self, ProviderError> {
        let text = text.trim();
        let full = if text.contains("://") {
            text.to_owned()
        } else {
            let host = text.trim_end_matches('/');
            let host = if host.starts_with(':') {
                format!("localhost{host}")
            } else {
                host.to_owned()
            };
            let has_port = host
                .rsplit_once(':')
                .is_some_and(|(_, port)| port.parse::<u16>().is_ok())
                && !host.ends_with(']');
            if has_port {
                format!("http://{host}")
            } else {
                format!("http://{host}:{OLLAMA_PORT}")
            }
        };
        // The address on which a server listens for everyone is reached at the loopback address.
        let full = full.replacen("://0.0.0.0", "://127.0.0.1", 1);
        Self::parse("OLLAMA_HOST", &full, allow_http)
    }

    /// The address of `path` below this one.
    pub(super) fn join(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path()));
        url
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Whether requests go to this host.
    pub(super) fn is_host(&self, host: &str) -> bool {
        self.url.host_str() == Some(host)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, String> {
        BaseUrl::parse("SPEC_BASE_URL", text, false)
            .map(|url| url.join("chat/completions").to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn paths_are_joined_whether_or_not_a_slash_ends_the_base() {
        for base in ["https://host/v1", "https://host/v1/"] {
            assert_eq!(
                parsed(base),
                Ok("https://host/v1/chat/completions".to_owned())
            );
        }
        assert_eq!(
            parsed("http://[::1]:8080"),
            Ok("http://[::1]:8080/chat/completions".to_owned())
        );
    }

    #[test]
    fn http_is_for_this_machine_unless_it_is_allowed() {
        for near in ["http://localhost:1", "http://127.0.0.9", "http://[::1]"] {
            let url = BaseUrl::parse("u", near, false).expect("near");
            assert!(url.is_loopback(), "{near}");
        }
        for far in [
            "http://example.org",
            "http://localhost.example.org",
            "http://10.0.0.1",
        ] {
            let error = BaseUrl::parse("SPEC_BASE_URL", far, false).expect_err("far");
            assert_eq!(error.code(), "TRIB-PROVIDER-SETTING");
            assert!(error.to_string().contains("SPEC_ALLOW_HTTP"), "{error}");
            assert!(
                !BaseUrl::parse("u", far, true)
                    .expect("allowed")
                    .is_loopback()
            );
        }
    }

    #[test]
    fn addresses_that_hold_more_than_an_address_are_refused_and_not_repeated() {
        for bad in [
            "https://user:planted@host/",
            "https://planted@host/",
            "https://host/?key=planted",
            "https://host/#planted",
            "ftp://planted/",
            "planted",
        ] {
            let error = parsed(bad).expect_err("refused");
            assert!(
                error.starts_with("SPEC_BASE_URL: ") && !error.contains("planted"),
                "{error}"
            );
        }
    }

    #[test]
    fn ollama_hosts_are_read_as_ollama_reads_them() {
        for (text, url) in [
            ("localhost:11434", "http://localhost:11434/"),
            ("localhost", "http://localhost:11434/"),
            ("127.0.0.1:9", "http://127.0.0.1:9/"),
            (":9", "http://localhost:9/"),
            ("0.0.0.0", "http://127.0.0.1:11434/"),
            ("[::1]", "http://[::1]:11434/"),
            ("http://localhost:9/", "http://localhost:9/"),
            ("https://ollama.example", "https://ollama.example/"),
        ] {
            assert_eq!(
                BaseUrl::ollama(text, false).map(|u| u.as_str().to_owned()),
                Ok(url.to_owned()),
                "{text}"
            );
        }
        assert!(BaseUrl::ollama("ollama.lan", false).is_err());
    }
}
