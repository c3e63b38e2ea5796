//! JSON Schemas of workflow and policy files, for editors. They describe the same shapes as `decode` reads, which a test
//! holds against the corpus; what they accept is not trusted anywhere.

mod scalar;
mod shape;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use shape::{Policy, Workflow};

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
