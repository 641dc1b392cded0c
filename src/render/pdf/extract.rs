//! The text of a PDF, to compare documents of two versions of this program.

use lopdf::Document;

/// The text of each page. `None` if the file is no PDF of this program.
pub(crate) fn text_of(pdf: &[u8]) -> Option<Vec<String>> {
    let document = Document::load_mem(pdf).ok()?;
    let pages = document.get_pages().into_keys();
    pages.map(|page| document.extract_text(&[page]).ok()).collect()
}
