//! Text inside Mermaid. Ids and expressions are of a small alphabet already; escaping does not rely on that.

/// What may not stand alone as the id of a state, in lower case: words of the grammar, ids that Mermaid gives out itself, and
/// properties that every JavaScript object has.
pub(super) const MERMAID_WORDS: [&str; 34] = [
    "accdescr",
    "acctitle",
    "as",
    "bt",
    "class",
    "classdef",
    "click",
    "constructor",
    "default",
    "direction",
    "divider",
    "end",
    "fork",
    "hasownproperty",
    "hide",
    "href",
    "join",
    "left",
    "lr",
    "note",
    "of",
    "prototype",
    "right",
    "rl",
    "root",
    "root_end",
    "root_start",
    "scale",
    "state",
    "statediagram",
    "style",
    "tb",
    "tostring",
    "valueof",
];

/// Text that Mermaid shows as it is: one line, without anything that it or HTML would read. `#nn;` is Mermaid's own way to
/// write a character by number.
pub fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => escaped.push(c),
            '_' | '.' | ',' | '(' | ')' | '[' | ']' | '+' | '=' | '!' | '/' | '…' => {
                escaped.push(c);
            }
            // Two of them are an arrow to some readers.
            '-' if !escaped.ends_with('-') => escaped.push(c),
            c if c.is_control() || c.is_whitespace() => escaped.push(' '),
            c => escaped.push_str(&format!("#{};", u32::from(c))),
        }
    }
    escaped
}

/// The text itself, or as many of its words as fit into `limit` characters with `…` behind.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split(' ') {
        if kept.chars().count() + word.chars().count() + 2 > limit {
            break;
        }
        kept.push_str(word);
        kept.push(' ');
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_mermaid_or_html_is_left() {
        let hostile =
            "a\n[*] --> b; c: d %%{init}%% <script>\"x\"</script> # `é` {{}}\r\u{2028}\u{7}&amp;";
        assert_eq!(
            escape(hostile),
            "a [#42;] -#45;#62; b#59; c#58; d #37;#37;#123;init#125;#37;#37; #60;script#62;#34;x#34;#60;/script#62; #35; \
             #96;#233;#96; #123;#123;#125;#125;   #38;amp#59;"
        );
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(shorten("fresh(a) and b", 14), "fresh(a) and b");
        assert_eq!(shorten("fresh(a) and bc", 14), "fresh(a) and …");
        assert_eq!(shorten(&"x".repeat(20), 14), "…");
    }

    #[test]
    fn reserved_words_are_in_order_and_in_lower_case() {
        assert!(MERMAID_WORDS.is_sorted());
        for word in MERMAID_WORDS {
            assert_eq!(word, word.to_ascii_lowercase());
        }
    }
}
