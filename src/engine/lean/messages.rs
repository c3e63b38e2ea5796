//! Reads Lean's messages out of what a launcher printed.

/// How a launcher prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// `lean` itself: `FILE:LINE:COL: error: …`.
    Lean,
    /// The WebAssembly build: the same between lines of its own that begin with `[DEBUG`, and an echo of the source.
    Wasm,
    /// `lake build`: `error: FILE:LINE:COL: …`, with or without `✖ [n/m]` lines around it.
    Lake,
}

/// How much a message weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The declaration is not accepted.
    Error,
    /// Accepted, with doubts.
    Warning,
    /// Something printed.
    Info,
}

/// One message of Lean's.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    /// Error, warning or info.
    pub weight: Weight,
    /// The file as printed.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 0.
    pub column: u32,
    /// The text, which may have many lines.
    pub text: String,
}

/// All messages in `output`, in order.
#[must_use]
pub fn parse(output: &str, dialect: Dialect) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    let mut open = false;
    let mut echo = false;
    for line in output.lines() {
        if dialect == Dialect::Wasm {
            if line.starts_with("[DEBUG:F] Input file content") {
                (echo, open) = (true, false);
            } else if line.starts_with("[DEBUG:G]") {
                echo = false;
            }
            if echo || line.starts_with("[DEBUG") {
                open = false;
                continue;
            }
        }
        let head = match dialect {
            Dialect::Lean | Dialect::Wasm => head(line),
            Dialect::Lake => lake_head(line),
        };
        if let Some(message) = head {
            messages.push(message);
            open = true;
        } else if dialect == Dialect::Lake && is_lake_noise(line) {
            open = false;
        } else if let (true, Some(last)) = (open, messages.last_mut()) {
            last.text.push('\n');
            last.text.push_str(line);
        }
    }
    messages
}

/// `FILE:LINE:COL: error: text`, the tag perhaps as `error(lean.name)`.
fn head(line: &str) -> Option<Message> {
    let (place, rest) = line.split_once(": ")?;
    let (file, line_number, column) = position(place)?;
    let (tag, text) = rest.split_once(':')?;
    let weight = weight(tag)?;
    Some(Message {
        weight,
        file,
        line: line_number,
        column,
        text: text.trim_start().to_owned(),
    })
}

/// `error: FILE:LINE:COL: text`, or the order of `lean` itself.
fn lake_head(line: &str) -> Option<Message> {
    let line = line.trim_start();
    if let Some((tag, rest)) = line.split_once(": ")
        && let Some(weight) = weight(tag)
        && let Some((place, text)) = rest.split_once(": ")
        && let Some((file, line, column)) = position(place)
    {
        // Old lakes print the tag of Lean's own message once more behind the place.
        let text = text
            .strip_prefix("error: ")
            .or_else(|| text.strip_prefix("warning: "))
            .unwrap_or(text);
        return Some(Message {
            weight,
            file,
            line,
            column,
            text: text.to_owned(),
        });
    }
    head(line)
}

fn is_lake_noise(line: &str) -> bool {
    let line = line.trim_start();
    [
        "✖",
        "✔",
        "⚠",
        "ℹ",
        "[",
        "trace:",
        "info:",
        "error:",
        "warning:",
        "Build completed",
        "Some required",
    ]
    .iter()
    .any(|start| line.starts_with(start))
        || line.starts_with("- ")
}

fn position(place: &str) -> Option<(String, u32, u32)> {
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    let file = parts.next()?;
    let file = file.trim_start_matches("./");
    (!file.is_empty()).then(|| (file.to_owned(), line, column))
}

fn weight(tag: &str) -> Option<Weight> {
    let word = tag.split_once('(').map_or(tag, |(word, _)| word);
    match word {
        "error" => Some(Weight::Error),
        "warning" => Some(Weight::Warning),
        "info" => Some(Weight::Info),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_output_is_read_without_its_echo_of_the_source() {
        let output = "[DEBUG:F] Input file content (3 bytes):\nfake.lean:1:1: error: echoed, not said\n\n[DEBUG:G] run\n\
                      [DEBUG:K] go\nW.lean:5:46: error: omega could not prove the goal:\n  d ≥ 0\nwhere\n\
                      W.lean:7:0: error(lean.unknown): no\n[DEBUG:N] Reporting complete\ntrailing";
        let messages = parse(output, Dialect::Wasm);
        let short: Vec<_> = messages
            .iter()
            .map(|m| (m.weight, m.line, m.column, m.text.as_str()))
            .collect();
        assert_eq!(
            short,
            vec![
                (
                    Weight::Error,
                    5,
                    46,
                    "omega could not prove the goal:\n  d ≥ 0\nwhere"
                ),
                (Weight::Error, 7, 0, "no"),
            ]
        );
    }

    // Not recorded from a live lake: written from its public documentation and issue threads.
    #[test]
    fn lake_output_of_both_layouts_is_read() {
        let new = "✖ [2/3] Building Workflow (1.2s)\ntrace: .> LEAN_PATH=… lean Workflow.lean\nerror: Workflow.lean:12:3: unsolved goals\n\
                   s : State\n⊢ False\nerror: Lean exited with code 1\nSome required targets logged failures:\n- Workflow\nerror: build failed";
        let old = "error: stdout:\n./././Workflow.lean:12:3: error: unsolved goals\ns : State\n⊢ False\nerror: external command `lean` exited with code 1";
        for output in [new, old] {
            let messages = parse(output, Dialect::Lake);
            assert_eq!(messages.len(), 1, "{output}");
            assert_eq!(
                (
                    messages[0].line,
                    messages[0].column,
                    messages[0].file.as_str()
                ),
                (12, 3, "Workflow.lean")
            );
            assert_eq!(messages[0].text, "unsolved goals\ns : State\n⊢ False");
        }
        assert_eq!(
            parse(
                "✔ [3/3] Built Workflow\nBuild completed successfully (3 jobs).",
                Dialect::Lake
            ),
            vec![]
        );
    }
}
