//! Trims the JavaScript glue of the WebAssembly Lean. As shipped it declares and assigns each of 200,000 exports by name and looks
//! symbols up linearly, which costs minutes; trimmed to the names it uses, a small file takes seconds.

use std::collections::HashSet;

/// The glue is not laid out as expected; the text says what was looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the Lean package is not the one this version of tribunal knows: {0}")]
pub struct TrimError(String);

const ASSIGN: &str = "function assignWasmExports(";
const AFTER: &str = "}var wasmImports;function assignWasmImports";
const LOOKUP: &str = "newSymIndex=Object.keys(lib.exports).indexOf(symbol);";
const STORE: &str = "(growMemViews(),HEAPU32)[symbolIndex>>2]=newSymIndex";
/// As shipped, of the machine's directories Lean sees these two and no other.
const MOUNTS: &str =
    "FS.mount(NODEFS,{root:\"/home\"},\"/home\");FS.mount(NODEFS,{root:\"/tmp\"},\"/tmp\");";
/// Trimmed, it sees the directories named by `LEAN_MOUNT`, a line each, and no other.
const MOUNT_GIVEN: &str = "for(var given of(process.env.LEAN_MOUNT||\"\").split(\"\\n\")){if(given){FS.mkdirTree(given);FS.mount(NODEFS,{root:given},given)}}";

/// The trimmed glue.
///
/// # Errors
/// When a landmark is missing or occurs more than once.
pub fn trim(glue: &str) -> Result<String, TrimError> {
    let missing = |what: &str| TrimError(format!("`{what}` not found"));
    let assign = glue.find(ASSIGN).ok_or_else(|| missing(ASSIGN))?;
    let end = glue
        .find(AFTER)
        .filter(|e| *e > assign)
        .ok_or_else(|| missing(AFTER))?;
    let head = glue.get(..assign).unwrap_or("");
    let declaration = head.rfind("var ").ok_or_else(|| missing("var"))?;
    let function = glue.get(assign..end).unwrap_or("");
    let (signature, body) = function.split_once('{').ok_or_else(|| missing("{"))?;
    let before = glue.get(..declaration).unwrap_or("");
    let after = glue.get(end..).unwrap_or("");
    let used: HashSet<&str> = identifiers(before).chain(identifiers(after)).collect();
    let kept: Vec<&str> = body
        .split(';')
        .filter(|s| {
            !s.is_empty()
                && (s.split('=').next().is_some_and(|n| used.contains(n))
                    || s.contains("wasmTable"))
        })
        .collect();
    let declared: Vec<&str> = glue
        .get(declaration + 4..assign)
        .unwrap_or("")
        .trim_end()
        .trim_end_matches(';')
        .split(',')
        .filter(|n| used.contains(n))
        .collect();
    let mut out = format!(
        "{before}var {};{signature}{{{}{after}",
        declared.join(","),
        kept.join(";")
    );
    replace_once(
        &mut out,
        &format!("{LOOKUP}if(newSymIndex==-1||"),
        "if(!Object.hasOwn(lib.exports,symbol)||",
    )?;
    replace_once(&mut out, STORE, &format!("{LOOKUP}{STORE}"))?;
    replace_once(
        &mut out,
        "pthreadPoolSize=4;",
        "pthreadPoolSize=+(process.env.LEAN_POOL||2);",
    )?;
    replace_once(&mut out, MOUNTS, MOUNT_GIVEN)?;
    Ok(out)
}

fn replace_once(text: &mut String, from: &str, to: &str) -> Result<(), TrimError> {
    match text.matches(from).count() {
        1 => {
            *text = text.replacen(from, to, 1);
            Ok(())
        }
        n => Err(TrimError(format!("`{from}` occurs {n} times"))),
    }
}

/// The runs of letters, digits, `_` and `$` that begin with no digit.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "pthreadPoolSize=4;use(_a);var _a,_b,_c;function assignWasmExports(x){_a=x.a;_b=x.b;_c=x.c;wasmTable=x.t\
                        }var wasmImports;function assignWasmImports(){newSymIndex=Object.keys(lib.exports).indexOf(symbol);\
                        if(newSymIndex==-1||q){};(growMemViews(),HEAPU32)[symbolIndex>>2]=newSymIndex;_c();\
                        FS.mount(NODEFS,{root:\"/home\"},\"/home\");FS.mount(NODEFS,{root:\"/tmp\"},\"/tmp\");}";

    #[test]
    fn unused_exports_go_and_used_ones_stay() {
        let out = trim(GLUE).unwrap();
        assert!(out.contains("var _a,_c;function assignWasmExports(x){_a=x.a;_c=x.c;wasmTable=x.t}var wasmImports"), "{out}");
        assert!(!out.contains("_b"), "{out}");
        assert!(
            out.contains("if(!Object.hasOwn(lib.exports,symbol)||q){}"),
            "{out}"
        );
        assert!(
            out.starts_with("pthreadPoolSize=+(process.env.LEAN_POOL||2);"),
            "{out}"
        );
    }

    #[test]
    fn another_package_is_refused() {
        assert_eq!(
            trim("nothing"),
            Err(TrimError("`function assignWasmExports(` not found".into()))
        );
        let twice = GLUE.replace("pthreadPoolSize=4;", "pthreadPoolSize=4;pthreadPoolSize=4;");
        assert_eq!(
            trim(&twice),
            Err(TrimError("`pthreadPoolSize=4;` occurs 2 times".into()))
        );
    }
}
