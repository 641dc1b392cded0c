//! The objects that many documents share, as the first bytes of their files: fonts and logo.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::deflate::Effort;
use super::groups::Groups;
use super::image::Image;
use super::letters::Letters;
use super::objects::Objects;
use super::subset::Subset;
use crate::render::pdf::text::FontSet;

/// The content of shared objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SharedContent {
    /// The groups of each bundled font.
    pub(crate) groups: [Groups; 2],
    pub(crate) logo: bool,
}

/// A bundled font with some groups, ready to be copied.
pub(crate) struct FontPart {
    subset: Subset,
    letters: Arc<Letters>,
}

impl FontPart {
    /// Embeds the groups of a font.
    ///
    /// # Errors
    /// The message of printpdf if it cannot embed a font.
    pub(crate) fn new(case: &FontSet, face: usize, groups: Groups) -> Result<Self, String> {
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
pub(crate) struct SharedObjects {
    objects: Objects,
    fonts: [Option<(usize, Arc<Letters>)>; 2],
    logo: Option<usize>,
    digest: Sha256,
}

impl SharedObjects {
    /// Builds shared objects from the font parts that are present.
    pub(crate) fn new(parts: [Option<Arc<FontPart>>; 2], logo: Option<&Image>) -> Self {
        let mut objects = Objects::new();
        let fonts = parts
            .map(|part| part.map(|it| (it.subset.add_to(&mut objects), Arc::clone(&it.letters))));
        let logo = logo.map(|image| image.add_to(&mut objects));
        let digest = Sha256::new_with_prefix(objects.bytes());
        Self { objects, fonts, logo, digest }
    }

    /// A copy to extend.
    pub(crate) fn copy(&self, room: usize) -> Objects {
        self.objects.with_room(room)
    }

    /// The number of bytes.
    pub(crate) fn len(&self) -> usize {
        self.objects.bytes().len()
    }

    /// The digest of the bytes, which can be continued.
    pub(crate) const fn digest(&self) -> &Sha256 {
        &self.digest
    }

    /// The characters of a bundled font.
    pub(crate) fn letters(&self, face: usize) -> &Letters {
        &self.fonts[face].as_ref().expect("it was asked for").1
    }

    /// The object number of each bundled font that is present.
    pub(crate) fn fonts(&self) -> impl Iterator<Item = (usize, usize)> {
        let fonts = self.fonts.iter().enumerate();
        fonts.filter_map(|(face, font)| font.as_ref().map(|(number, _)| (face, *number)))
    }

    /// The object number of the logo.
    pub(crate) const fn logo(&self) -> Option<usize> {
        self.logo
    }
}
