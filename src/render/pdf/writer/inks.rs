//! Prepared operators for colours, because a document switches colours often.

use super::numbers::write_fixed;
use crate::render::pdf::page::Ink;

/// The colours of all documents of a run.
pub(crate) struct Inks {
    accent: [u8; 3],
    operators: Vec<(Ink, Vec<u8>)>,
}

/// The most frequent inks first. Past greys have too many strengths to prepare.
const INKS: [Ink; 6] = [Ink::Text, Ink::Muted, Ink::Accent, Ink::Hairline, Ink::Pale, Ink::White];

impl Inks {
    /// The inks for this house colour.
    pub(crate) fn new(accent: [u8; 3]) -> Self {
        let operators = INKS.map(|ink| (ink, operator(ink, accent)));
        Self { accent, operators: operators.into() }
    }

    /// Writes the operator for an ink.
    pub(crate) fn dip(&self, out: &mut Vec<u8>, ink: Ink) {
        match self.operators.iter().find(|(known, _)| *known == ink) {
            Some((_, operator)) => out.extend_from_slice(operator),
            None => out.extend_from_slice(&operator(ink, self.accent)),
        }
    }

    /// Writes the operator for outlines in an ink.
    pub(crate) fn outline(&self, out: &mut Vec<u8>, ink: Ink) {
        write_shades(out, ink, self.accent);
        out.extend_from_slice(b"RG\n");
    }
}

fn operator(ink: Ink, accent: [u8; 3]) -> Vec<u8> {
    let mut out = Vec::with_capacity(24);
    write_shades(&mut out, ink, accent);
    out.extend_from_slice(b"rg\n");
    out
}

fn write_shades(out: &mut Vec<u8>, ink: Ink, accent: [u8; 3]) {
    for part in ink.rgb(accent) {
        write_fixed(out, shade(part), 3);
        out.push(b' ');
    }
}

/// In thousandths, because three decimals distinguish all 256 shades.
fn shade(part: u8) -> i32 {
    (i32::from(part) * 1000 + 127) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_differ() {
        let shades: std::collections::BTreeSet<i32> = (0..=255).map(shade).collect();
        assert_eq!((shades.len(), shades.last()), (256, Some(&1000)));
    }

    #[test]
    fn every_ink_is_chosen_by_its_own_colour() {
        let dipped = |ink| {
            let mut out = Vec::new();
            Inks::new([255, 0, 128]).dip(&mut out, ink);
            String::from_utf8(out).expect("digits")
        };
        assert_eq!(dipped(Ink::Accent), "1 0 .502 rg\n");
        assert_eq!(dipped(Ink::Text), ".106 .122 .153 rg\n");
        assert_eq!(dipped(Ink::Past(0)), "1 1 1 rg\n");
    }
}
