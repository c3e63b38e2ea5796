//! `.spec/allowed_signers`: whose keys count, in OpenSSH's format. A line that is not understood makes the whole file
//! invalid: a rule that is skipped could be the one that was meant to refuse.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ssh_key::PublicKey;
use ssh_key::public::KeyData;

use crate::host::clock::Timestamp;

/// The namespace of signatures under approvals.
pub const NAMESPACE: &str = "tribunal-approval";

/// The keys that may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedSigners(Vec<Signer>);

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signer {
    principals: String,
    namespaces: Option<String>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
    key: KeyData,
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct SignersError {
    /// The first being 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// Why a key may not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// No line has this key.
    #[error("the key is not in .spec/allowed_signers")]
    UnknownKey,
    /// Lines have it, for others.
    #[error("the key is not {0}'s")]
    OtherPrincipal(String),
    /// Lines have it, but not for approvals.
    #[error("the key may not sign approvals: `namespaces=` does not name {NAMESPACE}")]
    Namespace,
    /// It was not valid yet, or no longer, at that time.
    #[error("the key was not valid at {0}")]
    Time(Timestamp),
    /// The lines that have it name nobody in particular.
    #[error(
        "`{0}` in .spec/allowed_signers names nobody in particular; add a line with one name for this key"
    )]
    NoName(String),
}

impl AllowedSigners {
    /// Reads the file.
    ///
    /// # Errors
    /// The first line that is not understood, certificate authorities included.
    pub fn parse(text: &str) -> Result<Self, SignersError> {
        let mut signers = Vec::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let signer = Signer::parse(line).map_err(|why| SignersError { line: n + 1, why })?;
            signers.push(signer);
        }
        Ok(Self(signers))
    }

    /// The one name under which a key may sign approvals at this time.
    ///
    /// # Errors
    /// Why it may not.
    pub fn name_of(&self, key: &KeyData, at: Timestamp) -> Result<String, NotAllowed> {
        let mut why = NotAllowed::UnknownKey;
        for signer in self.0.iter().filter(|s| s.key == *key) {
            match signer.usable(at) {
                Err(reason) => why = reason,
                Ok(()) => {
                    let mut names = signer.principals.split(',');
                    if let Some(name) =
                        names.find(|n| !n.is_empty() && !n.contains(['*', '?', '!']))
                    {
                        return Ok(name.to_owned());
                    }
                    why = NotAllowed::NoName(signer.principals.clone());
                }
            }
        }
        Err(why)
    }

    /// Makes sure that this key may sign approvals as `principal` at this time.
    ///
    /// # Errors
    /// Why it may not.
    pub fn allow(&self, key: &KeyData, principal: &str, at: Timestamp) -> Result<(), NotAllowed> {
        let mut why = NotAllowed::UnknownKey;
        for signer in self.0.iter().filter(|s| s.key == *key) {
            if !matches_list(principal, &signer.principals) {
                why = NotAllowed::OtherPrincipal(principal.to_owned());
            } else if let Err(reason) = signer.usable(at) {
                why = reason;
            } else {
                return Ok(());
            }
        }
        Err(why)
    }
}

impl Signer {
    fn parse(line: &str) -> Result<Self, String> {
        let (principals, rest) = word(line)?;
        if principals.is_empty() {
            return Err("no principal".to_owned());
        }
        let (second, after) = word(rest)?;
        let mut signer = Self {
            principals,
            namespaces: None,
            valid_after: None,
            valid_before: None,
            key: KeyData::Ed25519(ssh_key::public::Ed25519PublicKey([0; 32])),
        };
        // What is no key type is a list of options, as in OpenSSH.
        let key = if second.parse::<ssh_key::Algorithm>().is_ok_and(known) {
            rest
        } else {
            let raw = rest.get(..rest.len() - after.len()).unwrap_or_default();
            signer.options(raw.trim())?;
            after
        };
        let parsed = PublicKey::from_openssh(key.trim());
        signer.key = parsed
            .map_err(|e| format!("not a public key: {e}"))?
            .key_data()
            .clone();
        Ok(signer)
    }

    fn options(&mut self, text: &str) -> Result<(), String> {
        for option in split_options(text)? {
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(unquote(value)?)),
                None => (option.as_str(), None),
            };
            match (name.to_ascii_lowercase().as_str(), value) {
                ("namespaces", Some(list)) => set(&mut self.namespaces, list, name)?,
                ("valid-after", Some(time)) => set(&mut self.valid_after, moment(&time)?, name)?,
                ("valid-before", Some(time)) => set(&mut self.valid_before, moment(&time)?, name)?,
                ("cert-authority", None) => {
                    return Err(
                        "cert-authority is not supported: list the keys themselves".to_owned()
                    );
                }
                _ => return Err(format!("unknown option or key type `{option}`")),
            }
        }
        Ok(())
    }

    fn usable(&self, at: Timestamp) -> Result<(), NotAllowed> {
        let named = self.namespaces.as_ref();
        if named.is_some_and(|list| !matches_list(NAMESPACE, list)) {
            return Err(NotAllowed::Namespace);
        }
        let early = self.valid_after.is_some_and(|after| at < after);
        let late = self.valid_before.is_some_and(|before| at > before);
        if early || late {
            return Err(NotAllowed::Time(at));
        }
        Ok(())
    }
}

fn known(algorithm: ssh_key::Algorithm) -> bool {
    !matches!(algorithm, ssh_key::Algorithm::Other(_))
}

fn set<T>(slot: &mut Option<T>, value: T, name: &str) -> Result<(), String> {
    if slot.replace(value).is_some() {
        return Err(format!("`{name}` twice"));
    }
    Ok(())
}

/// The first word of a line, which may hold blanks in quotes, without the quotes; and the rest.
fn word(line: &str) -> Result<(String, &str), String> {
    let line = line.trim_start();
    let (mut text, mut quoted) = (String::new(), false);
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_ascii_whitespace() && !quoted => {
                return Ok((text, line.get(at..).unwrap_or_default()));
            }
            c => text.push(c),
        }
    }
    if quoted {
        return Err("a quote is not closed".to_owned());
    }
    Ok((text, ""))
}

/// The options between commas that stand in no quotes.
fn split_options(text: &str) -> Result<Vec<String>, String> {
    let (mut all, mut one, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        if c == ',' && !quoted {
            all.push(std::mem::take(&mut one));
        } else {
            quoted ^= c == '"';
            one.push(c);
        }
    }
    if quoted {
        return Err("a quote is not closed".to_owned());
    }
    all.push(one);
    Ok(all)
}

fn unquote(value: &str) -> Result<String, String> {
    let inner = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
    let inner = inner.ok_or_else(|| format!("`{value}` must stand in quotes"))?;
    if inner.contains('"') {
        return Err(format!("`{value}` has a quote in it"));
    }
    Ok(inner.to_owned())
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, in this machine's time zone, or in UTC with a `Z` behind.
fn moment(text: &str) -> Result<Timestamp, String> {
    let wrong = || format!("`{text}` is no time: YYYYMMDD[HHMM[SS]][Z]");
    let (digits, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, TimeZone::UTC),
        None => (text, TimeZone::system()),
    };
    let form = match digits.len() {
        8 => "%Y%m%d%H%M%S",
        12 | 14 => "%Y%m%d%H%M%S",
        _ => return Err(wrong()),
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let full = format!("{digits:0<14}");
    let civil = DateTime::strptime(form, &full).map_err(|_| wrong())?;
    let zoned = civil.to_zoned(zone).map_err(|_| wrong())?;
    u64::try_from(zoned.timestamp().as_millisecond())
        .map(Timestamp::from_millis)
        .map_err(|_| wrong())
}

/// Whether a name matches a list of patterns with `*`, `?`, and `!` in front of what must not match.
fn matches_list(name: &str, list: &str) -> bool {
    let mut found = false;
    for pattern in list.split(',') {
        match pattern.strip_prefix('!') {
            Some(not) if matches_pattern(name, not) => return false,
            Some(_) => {}
            None => found |= matches_pattern(name, pattern),
        }
    }
    found
}

fn matches_pattern(name: &str, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    let mut left = name.chars();
    match rest.next() {
        None => name.is_empty(),
        Some('*') => {
            let tail = rest.as_str();
            let ends = name.char_indices().map(|(i, _)| i).chain([name.len()]);
            // Stars in a row mean the same as one, and would only be slow.
            let tail = tail.trim_start_matches('*');
            ends.into_iter()
                .any(|i| matches_pattern(name.get(i..).unwrap_or_default(), tail))
        }
        Some('?') => left.next().is_some() && matches_pattern(left.as_str(), rest.as_str()),
        Some(c) => left.next() == Some(c) && matches_pattern(left.as_str(), rest.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
    const B: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOfJ6GQYAO1A2Dw2eRbyWbYLLrPXK+ISq8A0zEnAEKG5";

    fn key(text: &str) -> KeyData {
        PublicKey::from_openssh(text)
            .expect("a key")
            .key_data()
            .clone()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    const NOW: &str = "2026-11-21T12:00:00.000Z";

    #[test]
    fn lines_give_names_to_keys() {
        let file = format!(
            "# who\n\nalice@x,a {A} comment here\nbob@x namespaces=\"git,tribunal-*\" {B}\n"
        );
        let signers = AllowedSigners::parse(&file).expect("a sound file");
        assert_eq!(signers.name_of(&key(A), at(NOW)), Ok("alice@x".into()));
        assert_eq!(signers.name_of(&key(B), at(NOW)), Ok("bob@x".into()));
        assert_eq!(signers.allow(&key(A), "a", at(NOW)), Ok(()));
        assert_eq!(
            signers.allow(&key(A), "bob@x", at(NOW)),
            Err(NotAllowed::OtherPrincipal("bob@x".into()))
        );
        let empty = AllowedSigners::parse("").expect("empty is sound");
        assert_eq!(empty.name_of(&key(A), at(NOW)), Err(NotAllowed::UnknownKey));
    }

    #[test]
    fn options_limit_what_a_key_may_do() {
        let why = |options: &str, when: &str| {
            let file = format!("a@x {options} {A}");
            let signers = AllowedSigners::parse(&file).unwrap_or_else(|e| panic!("{options}: {e}"));
            signers.name_of(&key(A), at(when)).err()
        };
        assert_eq!(why("namespaces=\"git\"", NOW), Some(NotAllowed::Namespace));
        assert_eq!(
            why("namespaces=\"*,!tribunal-approval\"", NOW),
            Some(NotAllowed::Namespace)
        );
        assert_eq!(why("NAMESPACES=\"tribunal-approval\"", NOW), None);
        let both = "valid-after=\"20260101Z\",valid-before=\"202612312359Z\"";
        assert_eq!(why(both, NOW), None);
        let (early, late) = ("2025-12-31T23:59:59.000Z", "2026-12-31T23:59:01.000Z");
        assert_eq!(why(both, early), Some(NotAllowed::Time(at(early))));
        assert_eq!(why(both, late), Some(NotAllowed::Time(at(late))));
        assert_eq!(why(both, "2026-12-31T23:59:00.000Z"), None);
        // A later line may allow what an earlier one does not.
        let file = format!("a@x namespaces=\"git\" {A}\na@x {A}\n");
        let signers = AllowedSigners::parse(&file).expect("sound");
        assert_eq!(signers.allow(&key(A), "a@x", at(NOW)), Ok(()));
    }

    #[test]
    fn patterns_are_matched_and_name_nobody() {
        let file = format!("*@example.org,!mallory@example.org {A}\n");
        let signers = AllowedSigners::parse(&file).expect("sound");
        assert_eq!(signers.allow(&key(A), "alice@example.org", at(NOW)), Ok(()));
        assert!(
            signers
                .allow(&key(A), "mallory@example.org", at(NOW))
                .is_err()
        );
        assert!(
            signers
                .allow(&key(A), "alice@example.com", at(NOW))
                .is_err()
        );
        assert!(matches!(
            signers.name_of(&key(A), at(NOW)),
            Err(NotAllowed::NoName(_))
        ));
        for (name, pattern, fits) in [
            ("abc", "a?c", true),
            ("ac", "a?c", false),
            ("", "*", true),
            ("abc", "*****c", true),
            ("abc", "", false),
        ] {
            assert_eq!(matches_pattern(name, pattern), fits, "{name} {pattern}");
        }
    }

    #[test]
    fn a_line_that_is_not_understood_makes_the_file_invalid() {
        for (line, said) in [
            (
                format!("a@x cert-authority {A}"),
                "cert-authority is not supported",
            ),
            (
                format!("a@x cert-authority,namespaces=\"git\" {A}"),
                "cert-authority",
            ),
            (format!("a@x no-such-option {A}"), "no-such-option"),
            (format!("a@x valid-before=\"soon\" {A}"), "is no time"),
            (format!("a@x valid-before=\"20261340\" {A}"), "is no time"),
            (format!("a@x namespaces=git {A}"), "must stand in quotes"),
            (
                format!("a@x namespaces=\"git\",namespaces=\"x\" {A}"),
                "twice",
            ),
            (format!("a@x namespaces=\"git {A}"), "not closed"),
            ("a@x".to_owned(), ""),
            ("a@x ssh-ed25519 AAAA".to_owned(), "not a public key"),
        ] {
            let error = AllowedSigners::parse(&format!("# first\n{line}\n")).expect_err(&line);
            assert_eq!(error.line, 2, "{line}");
            assert!(error.why.contains(said), "{line}: {error}");
        }
    }
}
