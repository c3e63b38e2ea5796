//! Who runs this process, by the system's word; never by an environment variable, which anybody can set.

use nix::unistd::{User, getuid};

/// The name of the process's real user; `uid-1234` where the system has no name for it.
#[must_use]
pub fn name() -> String {
    let uid = getuid();
    User::from_uid(uid)
        .ok()
        .flatten()
        .map(|user| user.name)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| format!("uid-{uid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_one_the_system_knows() {
        let said = std::process::Command::new("id").arg("-un").output();
        let Some(said) = said.ok().filter(|o| o.status.success()) else {
            return assert!(!name().is_empty());
        };
        assert_eq!(name(), String::from_utf8_lossy(&said.stdout).trim());
    }
}
