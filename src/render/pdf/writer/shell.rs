//! What many documents have in common, as the bytes they begin with: fonts and logo.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::deflate::Effort;
use super::groups::Groups;
use super::image::Image;
use super::letters::Letters;
use super::objects::Objects;
use super::subset::Subset;
use crate::render::pdf::text::FontSet;

/// What a shell has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SharedContent {
    /// Of each bundled font.
    pub groups: [Groups; 2],
    pub logo: bool,
}

/// Groups of characters of a bundled font, ready to be copied into shells.
pub struct FontPart {
    subset: Subset,
    letters: Arc<Letters>,
}

impl FontPart {
    /// # Errors
    /// printpdf's own words, where it cannot embed a font.
    pub fn new(case: &FontSet, face: usize, groups: Groups) -> Result<Self, String> {
        let typeface = case.face(face);
        let weight = if face == 0 { 'R' } else { 'S' };
        let name: String = std::iter::once(weight).chain(groups.letters()).collect();
        let glyphs = Letters::glyphs(typeface, groups);
        let subset = Subset::new(typeface, &name, &glyphs, Effort::Best)?;
        let letters = Arc::new(Letters::new(typeface, groups, &subset));
        Ok(Self { subset, letters })
    }
}

/// The beginning of a file.
#[derive(Debug)]
pub struct SharedObjects {
    objects: Objects,
    fonts: [Option<(usize, Arc<Letters>)>; 2],
    logo: Option<usize>,
    digest: Sha256,
}

impl SharedObjects {
    /// A shell with those parts of the bundled fonts that are there.
    pub fn new(parts: [Option<Arc<FontPart>>; 2], logo: Option<&Image>) -> Self {
        let mut objects = Objects::new();
        let fonts = parts
            .map(|part| part.map(|it| (it.subset.add_to(&mut objects), Arc::clone(&it.letters))));
        let logo = logo.map(|image| image.add_to(&mut objects));
        let digest = Sha256::new_with_prefix(objects.bytes());
        Self { objects, fonts, logo, digest }
    }

    /// A copy to write on.
    pub fn copy(&self, room: usize) -> Objects {
        self.objects.with_room(room)
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.objects.bytes().len()
    }

    /// The digest of its bytes, to go on with.
    pub const fn digest(&self) -> &Sha256 {
        &self.digest
    }

    /// The characters of a bundled font.
    pub fn letters(&self, face: usize) -> &Letters {
        &self.fonts[face].as_ref().expect("it was asked for").1
    }

    /// The number of each bundled font that is there.
    pub fn fonts(&self) -> impl Iterator<Item = (usize, usize)> {
        let fonts = self.fonts.iter().enumerate();
        fonts.filter_map(|(face, font)| font.as_ref().map(|(number, _)| (face, *number)))
    }

    /// The number of the logo.
    pub const fn logo(&self) -> Option<usize> {
        self.logo
    }
}
