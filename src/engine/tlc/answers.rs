//! The answers of one request: every property gets one, none by default.

use super::verdict::Failure;
use crate::engine::Request;
use crate::finding::{Answer, PropertyAnswer, PropertyIx};

/// Answers as they come in.
pub struct Answers<'a> {
    request: &'a Request<'a>,
    given: Vec<Option<PropertyAnswer>>,
}

impl<'a> Answers<'a> {
    /// No answers yet.
    #[must_use]
    pub fn new(request: &'a Request<'a>) -> Self {
        Self {
            request,
            given: vec![None; request.system.properties.len()],
        }
    }

    /// Gives an answer; the first one stands.
    pub fn give(&mut self, property: PropertyIx, answer: Answer, assumptions: &[String]) {
        if let Some(slot) = self.given.get_mut(property.ix())
            && slot.is_none()
            && self.request.properties.contains(&property)
        {
            *slot = Some(PropertyAnswer {
                property,
                answer,
                assumptions: assumptions.to_vec(),
                notes: Vec::new(),
                seconds: None,
            });
        }
    }

    /// Gives this answer to everything asked that has none.
    pub fn rest(&mut self, answer: impl Fn() -> Answer) {
        for property in self.request.properties {
            self.give(*property, answer(), &[]);
        }
    }

    /// One answer for every property of the system.
    #[must_use]
    pub fn finish(self) -> Vec<PropertyAnswer> {
        (0u32..)
            .map(PropertyIx)
            .zip(self.given)
            .map(|(property, given)| {
                let answer = if self.request.properties.contains(&property) {
                    Answer::Error("TLC's runs left it without an answer".to_owned())
                } else {
                    Answer::NotAsked("not among the properties asked for".to_owned())
                };
                given.unwrap_or(PropertyAnswer {
                    property,
                    answer,
                    assumptions: Vec::new(),
                    notes: Vec::new(),
                    seconds: None,
                })
            })
            .collect()
    }
}

impl Failure {
    /// The answer it is to each property of the run. None of them is a pass.
    #[must_use]
    pub fn answer(&self) -> Answer {
        match self {
            Self::Deadline | Self::Cancelled | Self::Memory => Answer::Unknown(self.to_string()),
            Self::Missing(why) => Answer::Unavailable(why.clone()),
            Self::Broken(why) => Answer::Error(why.clone()),
        }
    }
}
