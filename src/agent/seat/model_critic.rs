//! A model as critic. What it says becomes a critique of the version at hand, by this critic, or goes back to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ask::{Read, ask, name};
use super::content::Docket;
use super::drift::{added, collect, names, words};
use super::schema::CriticAnswer;
use super::{Critic, Judged, Judgement, Work};
use crate::agent::prompt;
use crate::agent::provider::Provider;
use crate::finding::critique::{Change, Critique, RecommendedChange};
use crate::host::cancel::CancelToken;

/// A model that criticises.
#[derive(Debug, Clone)]
pub struct ModelCritic {
    provider: Arc<Provider>,
}

impl ModelCritic {
    /// Asks this provider.
    #[must_use]
    pub const fn new(provider: Arc<Provider>) -> Self {
        Self { provider }
    }
}

impl Critic for ModelCritic {
    fn name(&self) -> String {
        name(&self.provider)
    }

    fn criticise<'a>(
        &'a self,
        of: &'a Judged,
        beside: &'a [Judged],
        cancel: &'a CancelToken,
    ) -> Work<'a, Judgement> {
        Box::pin(async move {
            let request = prompt::criticise(of, beside);
            let docket = Docket {
                of,
                beside,
                critic: name(&self.provider),
            };
            let read = |answer: CriticAnswer| {
                let reasoning = answer.reasoning.clone();
                let judgement = docket.judgement(answer)?;
                Ok(Read {
                    prose: prose(&judgement, &reasoning),
                    known: known(&docket, &judgement.critique),
                    value: judgement,
                    reasoning,
                })
            };
            ask(&self.provider, &request, read, cancel).await
        })
    }
}

/// All that it says in words.
fn prose(judgement: &Judgement, reasoning: &str) -> Vec<String> {
    let critique = &judgement.critique;
    let mut all = vec![reasoning.to_owned()];
    all.extend(critique.issues.iter().map(|i| i.message.clone()));
    all.extend(critique.waiver_proposals.iter().map(|w| w.reason.clone()));
    all.extend(judgement.considered.iter().map(|c| c.why.clone()));
    critique
        .recommended_changes
        .iter()
        .for_each(|c| spoken(c, &mut all));
    all
}

fn spoken(recommended: &RecommendedChange, into: &mut Vec<String>) {
    into.push(recommended.reason.clone());
    if let Change::AskHuman {
        question, options, ..
    } = &recommended.change
    {
        into.push(question.clone());
        for option in options {
            into.push(option.text.clone());
            option.changes.iter().for_each(|c| spoken(c, into));
        }
    }
}

/// All names that are declared here, that the report uses, or that the changes bring.
fn known(docket: &Docket<'_>, critique: &Critique) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for judged in std::iter::once(docket.of).chain(docket.beside) {
        names(&judged.standing.checked.ir, &mut known);
        for property in &judged.report.data.properties {
            words(&property.id, &mut known);
        }
        for engine in &judged.report.data.engines {
            words(&engine.engine, &mut known);
        }
        if let Ok(findings) = serde_json::to_value(&judged.report.findings) {
            collect(&findings, &mut known);
        }
    }
    added(critique, &mut known);
    known
}
