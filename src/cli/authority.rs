//! Who may give and take authority: a person, at a terminal, or by `SPEC_ROLE=human`, or by a signature. No agent.

use std::path::Path;

use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use crate::gate::event::Identity;
use crate::gate::signature::{SignatureError, SigningKey};
use crate::gate::{How, ReasonLine};
use crate::host::clock::Timestamp;
use crate::host::files::read_capped;
use crate::host::{prompt, user};
use crate::pipeline::approve::Person;
use crate::pipeline::denied::Denied;
use crate::pipeline::subject::Ground;

const KEY_BYTES: u64 = 64 * 1024;

/// Makes sure that a person gives the order: nobody says that an agent does, and off a terminal somebody says that a person
/// does, or signs.
pub(super) fn person_only(screen: &Screen, signs: bool) -> Result<(), Box<Outcome>> {
    let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let refuse = |code, message: &str, help| {
        Err(Box::new(Outcome::failed(
            ExitCode::Refused,
            code,
            message,
            Some(help),
        )))
    };
    if std::env::var_os("SPEC_AGENT_ID").is_some_and(|v| !v.is_empty()) {
        return refuse(
            "TRIB-AGENT",
            "no agent gives or takes authority, and SPEC_AGENT_ID is set",
            "a person does this, without SPEC_AGENT_ID",
        );
    }
    let role = std::env::var_os("SPEC_ROLE").is_some_and(|v| !v.is_empty());
    match set("SPEC_ROLE").as_deref() {
        Some("human") => Ok(()),
        Some(_) => refuse(
            "TRIB-ROLE",
            "this is for the role `human`, and SPEC_ROLE says another",
            "a person does this, with SPEC_ROLE=human or without SPEC_ROLE",
        ),
        None if role => refuse(
            "TRIB-ROLE",
            "SPEC_ROLE is no text",
            "set SPEC_ROLE=human, or unset it",
        ),
        None if screen.interactive || signs => Ok(()),
        None => refuse(
            "TRIB-ROLE",
            "nobody is at a terminal, and nothing says that a person does this",
            "do it at a terminal, sign with `--sign KEY`, or set SPEC_ROLE=human",
        ),
    }
}

/// The person who runs this, unsigned.
pub(super) fn unsigned(how: How) -> Person {
    let account = user::name();
    Person {
        by: Identity::Person {
            user: account.clone(),
        },
        account,
        how,
    }
}

/// The person whose key this is.
pub(super) fn signer(
    ground: &Ground,
    key: &SigningKey,
    now: Timestamp,
) -> Result<Person, Box<Outcome>> {
    let signers = ground.signers().map_err(|why| {
        let help =
            "see `man ssh-keygen`, ALLOWED SIGNERS; certificate authorities are not supported";
        Box::new(Outcome::failed(
            ExitCode::Invalid,
            "TRIB-SIGNERS",
            why,
            Some(help),
        ))
    })?;
    let by = key
        .identity(signers, now)
        .map_err(|e| Box::new(denied(&Denied::Signature(e))))?;
    Ok(Person {
        by,
        account: user::name(),
        how: How::Signed,
    })
}

/// Reads a private key; asks for its pass phrase at a terminal only.
pub(super) fn key(path: &Path, screen: &Screen) -> Result<SigningKey, Box<Outcome>> {
    let bytes = read_capped(path, KEY_BYTES).map_err(|e| {
        Box::new(Outcome::failed(
            ExitCode::Usage,
            "TRIB-KEY",
            &e.to_string(),
            Some("name a private key file"),
        ))
    })?;
    let ask = || {
        let question = format!("Pass phrase of {}: ", path.display());
        screen
            .interactive
            .then(|| prompt::ask_secret(&question).ok().flatten())
            .flatten()
    };
    SigningKey::read(&bytes, ask).map_err(|e| Box::new(denied(&Denied::Signature(e))))
}

/// Why it was not done.
pub(super) fn denied(denied: &Denied) -> Outcome {
    let mut outcome = Outcome::empty();
    let message = denied.to_string();
    let mut fail = |exit, code: &str, help: Option<&str>| outcome.fail(exit, code, &message, help);
    match denied {
        Denied::Reason(reason) => {
            let line = ReasonLine::from(&**reason);
            fail(super::gate::exit(reason), &line.code, Some(&line.help));
            if let (Some(place), Some(error)) = (line.place, outcome.errors.last_mut()) {
                error.spans.push(place);
            }
        }
        Denied::Journal(error) => fail(ExitCode::Invalid, error.code(), None),
        Denied::File(_) => fail(ExitCode::Invalid, "TRIB-STORE", None),
        Denied::Document(_) => fail(ExitCode::Bug, "TRIB-BUG", None),
        Denied::Signature(error) => {
            let (exit, help) = match error {
                SignatureError::NotAllowed(_) | SignatureError::PassPhrase => (
                    ExitCode::Refused,
                    "add the public key to .spec/allowed_signers: `NAME ssh-ed25519 AAAA...`",
                ),
                SignatureError::Encrypted => (
                    ExitCode::Refused,
                    "do it at a terminal, or take a key without a pass phrase",
                ),
                SignatureError::Key(_)
                | SignatureError::Sign(_)
                | SignatureError::Unreadable(_)
                | SignatureError::DoesNotFit(_) => (
                    ExitCode::Usage,
                    "name a private key that `ssh-keygen` made: ed25519, ecdsa P-256 or rsa",
                ),
            };
            fail(exit, "TRIB-KEY", Some(help));
        }
        Denied::Expect { .. } => fail(
            ExitCode::Stale,
            "TRIB-EXPECT",
            Some("look at what it is now, without `--expect`, and decide again"),
        ),
        Denied::Already(_) => fail(ExitCode::Conflict, "TRIB-APPROVED", None),
        Denied::InForce(_) => fail(
            ExitCode::Conflict,
            "TRIB-APPROVED",
            Some("`tribunal revoke PATH --reason ...` takes the approval back"),
        ),
        Denied::NotInForce(_) => fail(
            ExitCode::Conflict,
            "TRIB-NOT-APPROVED",
            Some("`tribunal gate` says how it stands"),
        ),
        Denied::NoFinding { known, .. } => {
            let help = format!("it has: {}", known.join("; "));
            fail(ExitCode::Usage, "TRIB-NO-FINDING", Some(&help));
        }
        Denied::NoReason => fail(
            ExitCode::Usage,
            "TRIB-NO-REASON",
            Some("say why, with `--reason TEXT`"),
        ),
    }
    outcome
}
