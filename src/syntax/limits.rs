//! The limits on what is read, all in one place, so that no input takes long or nests deeply enough to matter.

/// The largest file, in bytes.
pub const FILE_BYTES: usize = 1 << 20;
/// How deeply YAML collections may nest.
pub const YAML_DEPTH: usize = 32;
/// How many YAML nodes (scalars, lists, maps) a file may have.
pub const YAML_NODES: usize = 100_000;
/// The longest expression, in bytes.
pub const EXPR_BYTES: usize = 4096;
/// How deeply an expression may nest; chains of one operator do not count.
pub const EXPR_DEPTH: usize = 64;
/// How many nodes an expression may have.
pub const EXPR_NODES: usize = 1000;
/// The longest free text, in bytes.
pub const TEXT_BYTES: usize = 16 * 1024;
/// Entries of `actors:`.
pub const ACTORS: usize = 200;
/// Entries of `states:`.
pub const STATES: usize = 1000;
/// Entries of `artifacts:`.
pub const ARTIFACTS: usize = 100;
/// Entries of `evidence:`.
pub const EVIDENCE: usize = 200;
/// Fields of one kind of evidence.
pub const FIELDS: usize = 50;
/// Entries of `vars:`.
pub const VARS: usize = 200;
/// Values of one enum type.
pub const ENUM_VALUES: usize = 1000;
/// Entries of `transitions:`.
pub const TRANSITIONS: usize = 2000;
/// Choices of one transition.
pub const CHOICES: usize = 20;
/// Entries of `properties:`.
pub const PROPERTIES: usize = 1000;
/// Entries of `constraints:`.
pub const CONSTRAINTS: usize = 200;
/// Entries of `rules:` of a policy.
pub const RULES: usize = 500;
/// How many errors about one file are reported.
pub const ERRORS: usize = 100;
