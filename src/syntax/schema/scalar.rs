//! Schemas of names, expressions, numbers and words, and of maps whose keys are names.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::ir::Name;
use crate::syntax::limits;
use crate::syntax::words::RESERVED;

/// A letter, then letters, digits and `_`.
pub(super) struct Id;

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
pub(super) struct Expression;

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
pub(super) struct Named<T>(PhantomData<T>);

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
pub(super) struct Recorded;

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
pub(super) struct Mapped;

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
pub(super) struct Bound;

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
pub(super) struct Version;

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
pub(super) struct Format;

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
        pub(in crate::syntax::schema) struct $name;

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
