//! Names of messages and of conversations. Both are UUIDs (version 7), so that they sort by time where that helps a reader;
//! no order is read from them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ir::Digest;

/// A text that is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a UUID")]
pub struct NotAnId(String);

macro_rules! ids {
    ($($(#[doc = $doc:expr])+ $name:ident),*) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// A new one.
            #[must_use]
            pub fn fresh() -> Self {
                Self(uuid::Uuid::now_v7().to_string())
            }

            /// One that always comes out the same for the same words: for messages that a crash may make us send again.
            #[must_use]
            pub fn of(words: &[&str]) -> Self {
                let digest = Digest::of(words.join("\u{1f}").as_bytes()).to_string();
                let mut bytes = [0u8; 16];
                for (byte, pair) in bytes.iter_mut().zip(digest.as_bytes().chunks(2)) {
                    let text = std::str::from_utf8(pair).unwrap_or("00");
                    *byte = u8::from_str_radix(text, 16).unwrap_or(0);
                }
                Self(uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string())
            }

            /// The first eight characters that tell ids of one run apart.
            #[must_use]
            pub fn short(&self) -> &str {
                self.0.get(self.0.len().saturating_sub(8)..).unwrap_or(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                match uuid::Uuid::parse_str(&text) {
                    Ok(id) if id.to_string() == text => Ok(Self(text)),
                    Ok(_) | Err(_) => Err(NotAnId(text.chars().take(80).collect())),
                }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )* };
}

ids! {
    /// The name of one message.
    MessageId,
    /// The name of one conversation: everything that follows from one goal.
    CorrelationId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_as_written_and_nothing_else_is_an_id() {
        let id = MessageId::fresh();
        let text = serde_json::to_string(&id).expect("written");
        assert_eq!(serde_json::from_str::<MessageId>(&text).expect("read"), id);
        for wrong in [
            "",
            "x",
            "018F0000-0000-7000-8000-000000000000",
            "{018f0000-0000-7000-8000-000000000000}",
        ] {
            assert!(MessageId::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_same_words_name_the_same_message() {
        assert_eq!(MessageId::of(&["a", "b"]), MessageId::of(&["a", "b"]));
        assert_ne!(MessageId::of(&["a", "b"]), MessageId::of(&["ab"]));
        let text: String = MessageId::of(&["a"]).into();
        assert!(MessageId::try_from(text).is_ok());
    }
}
