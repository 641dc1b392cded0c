//! `prorata init`: an input folder to fill in.

use std::fmt::Write as _;
use std::path::Path;

use super::RunError;
use crate::generate::write_empty;

/// Writes the folder and returns what is to be shown.
///
/// # Errors
/// [`RunError::Generate`]; nothing is written then.
pub fn init(to: &Path) -> Result<String, RunError> {
    let names = write_empty(to)?;
    let mut text = format!("wrote {}\n", to.display());
    for name in names {
        let _ = writeln!(text, "  {name}");
    }
    let _ =
        writeln!(text, "Write who you are into billing.toml, and what you sell into the tables.");
    Ok(text)
}
