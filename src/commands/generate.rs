//! `prorata generate`: writes an invented company, and summarizes it.

use std::fmt::Write as _;

use crate::generate::{self, GenerateArgs};
use crate::pipeline::RunError;

/// Writes a company as an input folder, and returns the text to print.
///
/// # Errors
/// [`RunError::NewInput`]; nothing is written then.
pub(crate) fn generate(args: &GenerateArgs) -> Result<String, RunError> {
    let generated = generate::generate(args)?;
    let mut text = format!("wrote {}\n", args.to.display());
    for (name, rows) in &generated.files {
        let _ = writeln!(text, "  {name:<18} {rows:>10}");
    }
    if !generated.spoilt.is_empty() {
        let _ = writeln!(text, "spoilt on purpose:");
    }
    for spoilt in &generated.spoilt {
        let place = args.to.join(spoilt.file);
        let column = if spoilt.column.is_empty() { "the row" } else { spoilt.column };
        let _ = writeln!(text, "  {}:{}: {column}: {}", place.display(), spoilt.line, spoilt.what);
    }
    Ok(text)
}
