//! JSON Schemas of workflow and policy files, for editors. They describe the same shapes as `decode` reads, which a test
//! holds against the corpus; what they accept is not trusted anywhere.
#![expect(dead_code, reason = "the types are read by the schema generator alone")]

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::limits;
use super::words::RESERVED;
use crate::ir::Name;
use crate::ir::workflow::{Action, Effect};

/// The schema of workflow files.
#[must_use]
pub fn workflow_schema() -> Value {
    schema::<Workflow>()
}

/// The schema of policy files.
#[must_use]
pub fn policy_schema() -> Value {
    schema::<Policy>()
}

// Draft 7 is what editors' YAML support knows.
fn schema<T: JsonSchema>() -> Value {
    let mut value = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    without_null(&mut value);
    value
}

/// An optional key may be absent; it may not be there with nothing behind it, which is how the generator reads `Option`.
fn without_null(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|t| t != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    map.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(words)) = map.get_mut("enum") {
                words.retain(|w| !w.is_null());
            }
            if let Some(Value::Array(forms)) = map.get_mut("anyOf") {
                forms.retain(|f| f.get("type").is_none_or(|t| t != "null"));
                if let [Value::Object(only)] = forms.as_slice() {
                    let only = only.clone();
                    map.remove("anyOf");
                    if map.is_empty() {
                        map.extend(only);
                    } else {
                        // Draft 7 ignores what stands beside a reference.
                        map.insert("allOf".to_owned(), Value::Array(vec![Value::Object(only)]));
                    }
                }
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A letter, then letters, digits and `_`.
struct Id;

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = RESERVED.to_vec();
        json_schema!({
            "description": "A name: a letter, then letters, digits and `_`; no word of the expression language.",
            "type": "string",
            "pattern": "^[A-Za-z][A-Za-z0-9_]*$",
            "maxLength": Name::MAX_LEN,
            "not": {"enum": words},
        })
    }
}

/// A condition or a value.
struct Expression;

impl JsonSchema for Expression {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An expression: names, integers, `true`, `false`, `none`, `state`, `terminal`, `fresh(e)`, \
                `stale(e)`, `has(e)`, `e.field`; `+ -`, `== != < <= > >= in`, `not`, `and`, `or`, `=>`; \
                `if c then a else b`, `forall x in [a, b]: p`, `exists`, `count`. Quote it where it has `: `, ` #` or \
                stands inside `{}` or `[]`.",
            "type": ["string", "boolean", "integer"],
            "maxLength": limits::EXPR_BYTES,
        })
    }
}

/// Keys that are names, with values of one shape.
struct Named<T>(T);

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("NamedOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": generator.subschema_for::<Id>(),
            "additionalProperties": generator.subschema_for::<T>(),
        })
    }
}

/// What a record gives: fields, and `from`.
struct Recorded;

impl JsonSchema for Recorded {
    fn schema_name() -> Cow<'static, str> {
        "Record".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The values of its fields. `from: e` copies the stamps of the evidence `e`; without it, it is \
                made of the current versions.",
            "type": "object",
            "properties": {"from": generator.subschema_for::<Id>()},
            "additionalProperties": generator.subschema_for::<Expression>(),
        })
    }
}

/// The other workflow's names, and `state`.
struct Mapped;

impl JsonSchema for Mapped {
    fn schema_name() -> Cow<'static, str> {
        "RefinementMap".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`state`, and each variable, evidence and artifact of the other workflow, in terms of this one.",
            "type": "object",
            "required": ["state"],
            "additionalProperties": generator.subschema_for::<Expression>(),
        })
    }
}

/// An end of a range.
struct Bound;

impl JsonSchema for Bound {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Bound".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": -1_000_000, "maximum": 1_000_000})
    }
}

/// The version of a workflow.
struct Version;

impl JsonSchema for Version {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 1, "maximum": u32::MAX})
    }
}

/// The format of the file.
struct Format;

impl JsonSchema for Format {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Format".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"const": 1})
    }
}

/// A word of its own.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $($word:literal)|+),* $(,)?) => {$(
        $(#[$doc])*
        struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"enum": [$($word),+]})
            }
        }
    )*};
}

words! {
    /// Who an actor is.
    Kind = "human" | "agent" | "service",
    /// What is assumed of the scheduler.
    Fairness = "weak" | "strong",
    /// Runs for ever by design.
    NoTerminal = "none",
    /// A negative control.
    Expected = "violated",
}

/// One version of one workflow among agents and people.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Workflow {
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
struct Policy {
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
