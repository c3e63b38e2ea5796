//! YAML text → [`Workflow`] or [`Policy`] with places, and text → [`Expr`]. No files, no environment. What comes out
//! has the right shape and well-formed names and expressions; whether they mean something is `check`'s question.

mod asynchronous;
mod decode;
mod error;
mod expr;
pub mod limits;
pub mod schema;
mod words;
mod yaml;

use crate::finding::Diagnostic;
use crate::ir::workflow::Policy;
use crate::ir::{Expr, SourceId, Span, Workflow};

pub use error::SyntaxError;
pub use expr::Place;
pub use words::{Reason, why_reserved};
pub use yaml::{Entry, Meaning, Node, NodeKind, Scalar};

use decode::Reader;

/// What was read, and the warnings about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T> {
    /// What was read.
    pub value: T,
    /// What a person should look at, though the file is taken.
    pub warnings: Vec<Diagnostic>,
}

/// What a file of this format is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// One version of one workflow.
    Workflow,
    /// A policy: `rules:` at its top.
    Policy,
}

/// Tells a policy file from a workflow by a line that starts with `rules:` where none starts with `workflow_id:` or
/// `states:`. A text that is neither counts as a workflow, so that it is refused as one.
#[must_use]
pub fn sniff(text: &str) -> FileKind {
    let has = |key: &str| {
        text.trim_start_matches('\u{feff}').lines().any(|line| {
            let line = line.strip_prefix('{').unwrap_or(line);
            let line = line.trim_start_matches('"');
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches('"').trim_start().starts_with(':'))
        })
    };
    if has("rules") && !has("workflow_id") && !has("states") {
        FileKind::Policy
    } else {
        FileKind::Workflow
    }
}

/// The text of a file's bytes, which must be UTF-8.
///
/// # Errors
/// `TRIB-FILE-SIZE` or `TRIB-ENCODING`, the latter at the first byte that is not UTF-8.
pub fn decode_bytes(source: SourceId, bytes: &[u8]) -> Result<&str, Diagnostic> {
    if bytes.len() > limits::FILE_BYTES {
        let error = SyntaxError::FileSize {
            bytes: bytes.len(),
            limit: limits::FILE_BYTES,
        };
        return Err(error.at(Span::new(source, 0, 0)));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX);
        SyntaxError::Encoding.at(Span::new(source, at, 1))
    })
}

/// The tree of a YAML text with the place of everything in it, for who patches texts.
///
/// # Errors
/// Where the text stops being YAML, and everything in it that this format leaves out.
pub fn parse_tree(source: SourceId, text: &str) -> Result<Node, Vec<Diagnostic>> {
    yaml::scan(source, text)
}

/// One workflow.
///
/// # Errors
/// Everything that keeps the text from being a workflow in shape; where it is not even well-formed YAML, the first
/// such place.
pub fn parse_workflow(source: SourceId, text: &str) -> Result<Parsed<Workflow>, Vec<Diagnostic>> {
    let root = yaml::scan(source, text)?;
    let mut reader = Reader::new(source, text);
    let workflow = decode::workflow(&mut reader, &root);
    finish(reader, workflow)
}

/// One policy file.
///
/// # Errors
/// As for [`parse_workflow`].
pub fn parse_policy(source: SourceId, text: &str) -> Result<Parsed<Policy>, Vec<Diagnostic>> {
    let root = yaml::scan(source, text)?;
    let mut reader = Reader::new(source, text);
    let policy = decode::policy_file(&mut reader, &root);
    finish(reader, policy)
}

fn finish<T>(reader: Reader<'_>, value: Option<T>) -> Result<Parsed<T>, Vec<Diagnostic>> {
    let whole = Span::new(reader.source, 0, 0);
    let warnings = reader.finish()?;
    // Without an error every part was read. Should that ever be wrong, the text is refused all the same.
    value
        .map(|value| Parsed { value, warnings })
        .ok_or_else(|| {
            let why = "this text cannot be read, and the reader does not say why; please report it"
                .to_owned();
            vec![SyntaxError::Yaml { why }.at(whole)]
        })
}

/// One expression that stands in `source` from byte `base_offset` on. With `exact`, `text` is there verbatim and every
/// node gets its own place; otherwise every place is the whole of it.
///
/// # Errors
/// The first thing that is not of the grammar; `TRIB-ASYNC` for what is about instances or channels.
pub fn parse_expr(
    source: SourceId,
    base_offset: u32,
    text: &str,
    exact: bool,
) -> Result<Expr, Diagnostic> {
    let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let place = if exact {
        Place::Exact(source, base_offset)
    } else {
        Place::Whole(Span::new(source, base_offset, len))
    };
    let e = expr::parse(text, place).map_err(|(error, span)| error.at(span))?;
    match asynchronous::find(&e) {
        Some((span, what)) => Err(SyntaxError::Asynchronous {
            what: what.to_owned(),
        }
        .at(span)),
        None => Ok(e),
    }
}

#[cfg(test)]
mod tests;
