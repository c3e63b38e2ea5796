//! Takes the one JSON document out of an answer's text: the text itself, a code fence in it, or what stands between words.

use serde_json::{Deserializer, Value};

/// The document, or what to tell the one who wrote the text.
pub(super) fn extract(text: &str) -> Result<Value, String> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Err("the answer is empty".to_owned());
    }
    let whole = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let fences = fenced(text);
    match fences.as_slice() {
        [] => {}
        [one] => {
            return serde_json::from_str(one)
                .map_err(|error| format!("the JSON in the code fence is wrong: {error}"));
        }
        many => {
            return Err(format!(
                "the answer has {} code fences with JSON; send one document",
                many.len()
            ));
        }
    }
    let Some(start) = text.find(['{', '[']) else {
        return Err("the answer has no JSON document in it".to_owned());
    };
    if start == 0 && whole.is_eof() {
        return Err(format!("the JSON document breaks off: {whole}"));
    }
    let rest = text.get(start..).unwrap_or_default();
    let mut stream = Deserializer::from_str(rest).into_iter::<Value>();
    let value = match stream.next() {
        Some(Ok(value)) => value,
        Some(Err(error)) => return Err(format!("the JSON is wrong: {error}")),
        None => return Err("the answer has no JSON document in it".to_owned()),
    };
    let behind = rest.get(stream.byte_offset()..).unwrap_or_default();
    if behind.contains(['{', '[']) {
        return Err(
            "there is more than one JSON document, or something like one behind it; send one"
                .to_owned(),
        );
    }
    Ok(value)
}

/// The insides of code fences that are marked as JSON or not at all and that begin like a document.
fn fenced(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside: Option<Vec<&str>> = None;
    for line in text.lines() {
        match (line.trim().strip_prefix("```"), &mut inside) {
            (Some(mark), None) => {
                let mark = mark.trim().to_ascii_lowercase();
                inside = Some(
                    if matches!(mark.as_str(), "" | "json" | "jsonc" | "json5") {
                        vec![]
                    } else {
                        // A fence of another kind: its lines are passed over.
                        vec!["-"]
                    },
                );
            }
            (Some(_), Some(lines)) => {
                let body = lines.join("\n");
                if body.trim_start().starts_with(['{', '[']) {
                    found.push(body);
                }
                inside = None;
            }
            (None, Some(lines)) => lines.push(line),
            (None, None) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_one_document_is_found() {
        for text in [
            r#"{"a":[1]}"#,
            "  \n{\"a\": [1]}\n",
            "\u{feff}{\"a\":[1]}",
            "```json\n{\"a\":\n[1]}\n```",
            "Here it is:\n\n```\n{\"a\":[1]}\n```\nAnything else?",
            "```python\nprint({})\n```\nand\n```JSON\n{\"a\":[1]}\n```",
            "Sure. {\"a\":[1]} is the answer.",
        ] {
            assert_eq!(extract(text), Ok(json!({"a": [1]})), "{text}");
        }
        assert_eq!(extract("null"), Ok(Value::Null));
        assert_eq!(extract("{\"a\": \"```\"}"), Ok(json!({"a": "```"})));
    }

    #[test]
    fn anything_else_is_told_apart() {
        for (text, told) in [
            ("", "empty"),
            ("  \n", "empty"),
            ("No.", "no JSON document"),
            ("{\"a\":", "breaks off"),
            ("{'a': 1}", "the JSON is wrong"),
            ("{\"a\":1} {\"b\":2}", "more than one"),
            ("```json\n{\"a\":}\n```", "in the code fence"),
            ("```json\n{}\n```\n```json\n[]\n```", "2 code fences"),
        ] {
            let error = extract(text).expect_err(text);
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}`\", a\n:1é]{0,60}") {
            if let Ok(document) = extract(&text) {
                // What is found is written in the text: nothing is made up or mended.
                let compact = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                if !text.contains('"') {
                    proptest::prop_assert!(compact(&text).contains(&compact(&document.to_string())), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let text = "[".repeat(100_000);
        assert!(extract(&text).is_err());
        assert!(extract(&format!("x {text}")).is_err());
    }
}
