//! `prorata init`: writes an input folder to fill in.

use std::fmt::Write as _;
use std::path::Path;

use super::empty_input::write_empty;
use crate::locale::Locale;
use crate::pipeline::{RunError, scripts};
use crate::render::pdf::missing_without_settings;

/// Writes the folder, and returns the text to print.
///
/// # Errors
/// [`RunError::NewInput`]; nothing is written then.
pub(crate) fn init(to: &Path, locale: Option<Locale>) -> Result<String, RunError> {
    let names = write_empty(to, locale)?;
    let mut text = format!("wrote {}\n", to.display());
    for name in names {
        let _ = writeln!(text, "  {name}");
    }
    text.push_str("Write who you are into billing.toml, and what you sell into the tables.\n");
    text.extend(locale.and_then(lacking));
    Ok(text)
}

/// The remedy for a language whose fixed words no bundled font covers.
fn lacking(locale: Locale) -> Option<String> {
    let words = locale.wording().join(" ");
    let missing: Vec<char> =
        missing_without_settings(&words).into_iter().filter(|it| !it.is_control()).collect();
    let tag = locale.tag();
    (!missing.is_empty()).then(|| {
        format!(
            "Documents in {tag} need characters that no bundled font has ({}): name a font that has \
             them\nin pdf.fonts of billing.toml, such as NotoSansCJK-Regular.ttc of Debian's \
             fonts-noto-cjk.\n",
            scripts(&missing)
        )
    })
}
