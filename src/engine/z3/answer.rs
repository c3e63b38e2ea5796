//! Answers a script as it stands.

use std::time::Duration;

use super::run::Z3Options;
use super::session::{Session, SessionError, guarded};
use crate::host::cancel::CancelToken;
use crate::lower::smt::script::{Item, Script};

/// The script with the embedded solver's answers on record.
///
/// # Errors
/// If Z3 does not take in the text.
pub fn answered(
    script: &Script,
    deadline: Duration,
    cancel: &CancelToken,
) -> Result<Script, SessionError> {
    guarded(deadline, cancel, |gate| {
        let mut session = Session::new(gate, Z3Options::default().effort);
        let mut told = Script::default();
        for item in &script.items {
            match item {
                Item::Check(check) => {
                    session.tell(std::mem::take(&mut told))?;
                    session.ask(&check.label, &check.assuming);
                }
                Item::Comment(_) | Item::Declare(..) | Item::Define(..) | Item::Assert(_) => {
                    told.items.push(item.clone());
                }
            }
        }
        session.tell(told)?;
        Ok(session.into_record())
    })
}
