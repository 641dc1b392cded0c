//! The names of fonts among the resources of a page.

use super::numbers::write_number;

/// The name of a font among the resources of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FontName {
    /// The characters of a bundled font.
    Characters(usize),
    /// Single glyphs of any font.
    Glyphs(usize),
}

impl FontName {
    /// Writes the name.
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        let (letter, face) = match self {
            Self::Characters(face) => (b'F', face),
            Self::Glyphs(face) => (b'G', face),
        };
        out.extend_from_slice(&[b'/', letter]);
        write_number(out, face);
    }
}
