//! A JSON Schema of `billing.toml` for editors, from the structs that read the file.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::file::BillingFile;

/// Draft 7, because editors support it.
pub(crate) fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<BillingFile>().to_value();
    schema["title"] = "billing.toml of prorata".into();
    schema
}

/// The published text of the schema.
pub(crate) fn schema_text() -> String {
    serde_json::to_string_pretty(&schema()).expect("it is JSON") + "\n"
}
