//! Who counts as whom. Where two names may be one person they are taken for one: that can refuse an approval that was fine,
//! never let one through that was not.

use super::event::Identity;

/// Somebody who gave authority: the identity, and the account it was given from.
#[derive(Debug, Clone, Copy)]
pub struct Approver<'a> {
    /// The key, else the user.
    pub by: &'a Identity,
    /// The user whose account it was.
    pub account: &'a str,
}

impl Approver<'_> {
    /// Whether this may be the author of a version: the same key or name, the same account, or a key whose name begins with
    /// the author's user name, as `alice@example.org` does with `alice`.
    #[must_use]
    pub fn may_be(&self, author: &Identity) -> bool {
        match author {
            Identity::Person { user } => self.account == user || is_named(self.by, user),
            Identity::Key { principal, .. } => {
                same_key(self.by, author) || user_of(principal) == self.account
            }
            Identity::Seat { .. } => false,
        }
    }

    /// Whether two approvals may be one person's. Two keys are two people, whatever account they are used from.
    #[must_use]
    pub fn may_be_approver(&self, other: &Self) -> bool {
        match (self.by, other.by) {
            (Identity::Key { .. }, Identity::Key { .. }) => same_key(self.by, other.by),
            (Identity::Person { user }, _) => other.account == user || is_named(other.by, user),
            (_, Identity::Person { user }) => self.account == user || is_named(self.by, user),
            (Identity::Seat { .. }, _) | (_, Identity::Seat { .. }) => true,
        }
    }
}

/// Whether a person may give authority at all.
#[must_use]
pub const fn is_person(identity: &Identity) -> bool {
    match identity {
        Identity::Person { .. } | Identity::Key { .. } => true,
        Identity::Seat { .. } => false,
    }
}

/// The number of people among these, at least: approvals that may be one person's count once.
#[must_use]
pub fn distinct(approvers: &[Approver<'_>]) -> usize {
    let mut people: Vec<&Approver<'_>> = Vec::new();
    for one in approvers.iter().filter(|a| is_person(a.by)) {
        if !people.iter().any(|p| p.may_be_approver(one)) {
            people.push(one);
        }
    }
    people.len()
}

/// An identity for a sentence.
#[must_use]
pub fn shown(identity: &Identity) -> String {
    match identity {
        Identity::Person { user } => user.clone(),
        Identity::Key { principal, .. } => principal.clone(),
        Identity::Seat { seat, by } => format!("{} ({by})", seat_word(*seat)),
    }
}

const fn seat_word(seat: super::event::Seat) -> &'static str {
    use super::event::Seat;
    match seat {
        Seat::Planner => "planner",
        Seat::Verifier => "verifier",
        Seat::Critic => "critic",
        Seat::Executor => "executor",
    }
}

fn is_named(identity: &Identity, user: &str) -> bool {
    match identity {
        Identity::Person { user: name } => name == user,
        Identity::Key { principal, .. } => user_of(principal) == user,
        Identity::Seat { .. } => false,
    }
}

fn same_key(a: &Identity, b: &Identity) -> bool {
    match (a, b) {
        (
            Identity::Key {
                principal: p,
                fingerprint: f,
            },
            Identity::Key {
                principal: q,
                fingerprint: g,
            },
        ) => p == q || f == g,
        (Identity::Key { .. }, Identity::Person { user }) => is_named(a, user),
        (Identity::Person { user }, Identity::Key { .. }) => is_named(b, user),
        (Identity::Person { .. } | Identity::Seat { .. }, _) | (_, Identity::Seat { .. }) => false,
    }
}

fn user_of(principal: &str) -> &str {
    principal.split('@').next().unwrap_or(principal)
}

#[cfg(test)]
mod tests {
    use super::super::event::Seat;
    use super::*;

    fn person(user: &str) -> Identity {
        Identity::Person { user: user.into() }
    }

    fn key(principal: &str, fingerprint: &str) -> Identity {
        Identity::Key {
            principal: principal.into(),
            fingerprint: fingerprint.into(),
        }
    }

    #[test]
    fn an_author_is_known_by_name_key_and_account() {
        let rules = Identity::Seat {
            seat: Seat::Planner,
            by: "rules".into(),
        };
        let (alice, bob) = (person("alice"), person("bob"));
        let alices = key("alice@example.org", "SHA256:a");
        let bobs = key("bob@example.org", "SHA256:b");
        for (by, account, author, same) in [
            (&alice, "alice", &alice, true),
            (&bob, "bob", &alice, false),
            // A key used on the author's account, and the author's key used elsewhere.
            (&bobs, "alice", &alice, true),
            (&alices, "bob", &alice, true),
            (&bobs, "bob", &alice, false),
            (&bobs, "bob", &alices, false),
            (&alices, "bob", &alices, true),
            (&key("other", "SHA256:a"), "bob", &alices, true),
            (&alice, "alice", &alices, true),
            (&alice, "alice", &rules, false),
        ] {
            assert_eq!(
                Approver { by, account }.may_be(author),
                same,
                "{by:?} {account} {author:?}"
            );
        }
    }

    #[test]
    fn people_are_counted_once_however_they_approve() {
        let (alice, bob) = (person("alice"), person("bob"));
        let (alices, bobs) = (key("alice@x", "SHA256:a"), key("bob@x", "SHA256:b"));
        let rules = Identity::Seat {
            seat: Seat::Critic,
            by: "rules".into(),
        };
        let count = |list: &[(&Identity, &str)]| {
            let all: Vec<Approver<'_>> = list
                .iter()
                .map(|(by, account)| Approver { by, account })
                .collect();
            distinct(&all)
        };
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&[(&alice, "alice"), (&bob, "bob")]), 2);
        assert_eq!(count(&[(&alice, "alice"), (&alices, "alice")]), 1);
        assert_eq!(count(&[(&alices, "elsewhere"), (&alice, "alice")]), 1);
        // Two keys on one account are two people; a key and its account's user may be one.
        assert_eq!(count(&[(&alices, "build"), (&bobs, "build")]), 2);
        assert_eq!(count(&[(&bobs, "alice"), (&alice, "alice")]), 1);
        assert_eq!(count(&[(&rules, "alice")]), 0);
    }
}
