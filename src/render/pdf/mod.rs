//! Renders receipts as PDF.
//!
//! It is a pure function: no files, no clock, no environment. The same invoice gives the same
//! bytes, in any process and on any thread. `page_layout` puts marks on pages and their parts into a
//! tree for screen readers. `writer` turns both into a file, for which printpdf embeds the used parts
//! of the fonts.

mod about;
mod breaking;
mod bundles;
mod cache;
mod characters;
mod columns;
mod content;
mod entries;
mod extract;
#[cfg(any(test, feature = "internals"))]
#[path = "../../../tests/printpdf/finish.rs"]
mod finish;
mod font;
#[cfg(test)]
mod formula_tests;
#[cfg(test)]
mod gallery;
mod glyphs;
mod lanes;
mod letterhead;
mod logo;
mod makeup;
#[cfg(any(test, feature = "internals"))]
#[path = "../../../tests/printpdf/ops.rs"]
mod ops;
mod page;
mod page_layout;
#[cfg(test)]
mod page_reader;
#[cfg(any(test, feature = "internals"))]
#[path = "../../../tests/printpdf/plain.rs"]
mod plain;
mod printed;
mod renderer;
mod rows;
mod run;
mod scale;
mod scripts;
mod section;
mod shaper;
mod shaping;
#[cfg(test)]
mod specimens;
#[cfg(test)]
mod structure_reader;
#[cfg(test)]
mod structure_tests;
mod sums;
mod table;
mod taxes;
#[cfg(test)]
mod tests;
mod text;
mod timeline;
mod totals;
mod tree;
mod weight;
mod widths;
mod wording;
mod workings;
mod writer;

pub(crate) use content::{PaidBy, PaymentShown};
pub(crate) use extract::text_of;
pub(crate) use printed::Receipt;
pub(crate) use renderer::{PdfError, PdfRenderer, missing_without_settings};
