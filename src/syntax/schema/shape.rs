//! The shapes of workflow and policy files, their documentation being what editors show.
#![expect(dead_code, reason = "the types are read by the schema generator alone")]

use schemars::JsonSchema;

use super::scalar::{
    Bound, Expected, Expression, Fairness, Format, Id, Kind, Mapped, Named, NoTerminal, Recorded,
    Version,
};
use crate::ir::workflow::{Action, Effect};
use crate::syntax::limits;

/// One version of one workflow among agents and people.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Workflow {
    /// The format of this file; 1 when absent.
    ir: Option<Format>,
    /// What the workflow is called in reports, approvals and folders.
    workflow_id: Id,
    /// One more for each version that is shown to somebody; 1 when absent.
    version: Option<Version>,
    /// What the workflow is for, in the words of the person who wants it.
    goal: String,
    /// What that person insists on, in their own words.
    constraints: Option<Vec<String>>,
    /// A coarser workflow, every safety property of which this one keeps.
    refines: Option<Refines>,
    /// Who acts: a name, or a map. An actor named `Human` is a person, others are agents unless `kind` says otherwise.
    #[schemars(length(min = 1, max = limits::ACTORS))]
    actors: Vec<ActorForm>,
    /// The control states: a name, or a map. The first is the initial one unless `initial` says otherwise.
    #[schemars(length(min = 1, max = limits::STATES))]
    states: Vec<StateForm>,
    /// The initial state.
    initial: Option<Id>,
    /// Where runs end. Never inferred; `none` = runs for ever by design.
    terminal: Option<TerminalForm>,
    /// Things that get new versions.
    artifacts: Option<Vec<Id>>,
    /// Things made from versions of artifacts; each remembers which.
    evidence: Option<Named<Evidence>>,
    /// Variables, each with a finite type and an initial value.
    vars: Option<Named<Variable>>,
    /// What can happen.
    #[schemars(length(max = limits::TRANSITIONS))]
    transitions: Vec<Transition>,
    /// What must be true, exactly one form each.
    properties: Option<Vec<Property>>,
    /// Rules that tighten the project's policy.
    policy: Option<Policy>,
}

/// A coarser workflow and how this one maps to it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Refines {
    /// Its file, relative to this one.
    workflow: String,
    map: Mapped,
}

/// An actor.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum ActorForm {
    Name(Id),
    Map(Actor),
}

/// An actor and what it is.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Actor {
    id: Id,
    /// A person, a model or a program.
    kind: Option<Kind>,
}

/// A control state.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum StateForm {
    Name(Id),
    Map(State),
}

/// A control state and what entering it demands.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct State {
    id: Id,
    /// Evidence that must be fresh whenever this state is entered.
    needs: Option<Vec<Id>>,
}

/// Where runs end.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum TerminalForm {
    Never(NoTerminal),
    Declared(Terminal),
}

/// States without steps.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Terminal {
    /// Where the goal is reached.
    success: Option<Vec<Id>>,
    /// Where it is given up; `[]` = by design there is no such state.
    failure: Option<Vec<Id>>,
}

/// A kind of evidence.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Evidence {
    /// The artifacts it is made from.
    #[schemars(length(min = 1))]
    of: Vec<Id>,
    /// What it says.
    fields: Option<Named<Type>>,
}

/// A finite type.
#[derive(JsonSchema)]
#[schemars(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Type {
    /// `true` or `false`.
    Bool {},
    /// The integers of a range.
    Int {
        /// Lowest and highest.
        range: (Bound, Bound),
    },
    /// One of some words.
    Enum {
        /// The words, in order.
        #[schemars(length(min = 1))]
        values: Vec<Id>,
    },
}

/// A variable: its type and its initial value.
#[derive(JsonSchema)]
#[schemars(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Variable {
    /// `true` or `false`.
    Bool {
        /// Its value at the start; `any` = every value.
        init: Expression,
        /// A local control state: coverage findings apply to it as to states.
        phase: Option<bool>,
    },
    /// The integers of a range.
    Int {
        /// Lowest and highest.
        range: (Bound, Bound),
        /// Its value at the start; `any` = every value.
        init: Expression,
        /// A local control state: coverage findings apply to it as to states.
        phase: Option<bool>,
    },
    /// One of some words.
    Enum {
        /// The words, in order.
        #[schemars(length(min = 1))]
        values: Vec<Id>,
        /// Its value at the start; `any` = every value.
        init: Expression,
        /// A local control state: coverage findings apply to it as to states.
        phase: Option<bool>,
    },
}

/// One name, or a list of at least one.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum OneOrMore {
    One(Id),
    More(#[schemars(length(min = 1))] Vec<Id>),
}

/// One atomic step of one actor. All of it reads the state before the step.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Transition {
    id: Id,
    /// Who does it.
    actor: Id,
    /// A state, or a list; absent = every non-terminal state.
    from: Option<OneOrMore>,
    /// The state afterwards; absent = stay.
    to: Option<Id>,
    /// Free choices, visible in `when` and in the effects.
    choose: Option<Named<Type>>,
    /// The guard.
    when: Option<Expression>,
    /// Variables and their new values.
    set: Option<Named<Expression>>,
    /// Artifacts that get a new version; evidence made from the old one becomes stale.
    bump: Option<Vec<Id>>,
    /// Evidence that ceases to exist.
    drop: Option<Vec<Id>>,
    /// Evidence that is made now, of the versions after `bump`.
    record: Option<Named<Recorded>>,
    /// What is assumed of the scheduler; nothing when absent.
    fair: Option<Fairness>,
}

/// The forms of a property, each with the keys that all of them share.
macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident { $($(#[$key_doc:meta])* $key:ident: $ty:ty),+ })*) => {
        /// Something that must be true.
        #[derive(JsonSchema)]
        #[schemars(untagged)]
        enum Property { $($name($name)),* }

        $(
            $(#[$doc])*
            #[derive(JsonSchema)]
            #[schemars(deny_unknown_fields)]
            struct $name {
                id: Id,
                $($(#[$key_doc])* $key: $ty,)+
                /// Why, in plain words.
                text: Option<String>,
                /// The requirement it stands for.
                requirement: Option<String>,
                /// A negative control: this one must fail.
                expect: Option<Expected>,
                /// Helps the proofs of other properties.
                lemma: Option<bool>,
            }
        )*
    };
}

properties! {
    /// True in every reachable state.
    Always {
        /// The condition.
        always: Expression
    }
    /// True in no reachable state.
    Never {
        /// The condition.
        never: Expression
    }
    /// True whenever a transition can fire, in the state before.
    Require {
        /// The transition.
        at: Id,
        /// The condition before.
        require: Expression
    }
    /// True whenever a transition fires, in the state after.
    Ensure {
        /// The transition.
        at: Id,
        /// The condition after.
        ensure: Expression
    }
    /// A transition cannot fire unless another one did before.
    Precedes {
        /// One or several transitions, and the one that waits for them.
        precedes: (OneOrMore, Id)
    }
    /// Some run gets there.
    Reachable {
        /// The condition.
        reachable: Expression
    }
    /// From every reachable state some run gets there.
    CanReach {
        /// The condition.
        can_reach: Expression
    }
    /// Every fair run gets there.
    Eventually {
        /// The condition.
        eventually: Expression
    }
    /// Whenever the first holds, every fair run gets to the second.
    LeadsTo {
        /// Two conditions.
        leads_to: (Expression, Expression)
    }
    /// Every fair run gets there again and again.
    InfinitelyOften {
        /// The condition.
        infinitely_often: Expression
    }
}

/// Rules about what may be done with a version. An action is allowed iff some `permit` holds, every `require` holds and no
/// `forbid` holds.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Policy {
    /// The rules.
    rules: Vec<Rule>,
}

/// One rule.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rule {
    id: Id,
    /// What it is about.
    action: Action,
    /// What it does when its condition holds.
    effect: Effect,
    /// The condition.
    when: Expression,
    /// What a person is told when the rule shuts the gate.
    reason: Option<String>,
}
