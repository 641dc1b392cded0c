//! What many documents have in common, as the bytes they begin with: fonts and logo.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::super::text::TypeCase;
use super::deflate::Effort;
use super::fonts::Letters;
use super::groups::Groups;
use super::image::Image;
use super::objects::Objects;
use super::subset::Subset;

/// What a shell has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Content {
    /// Of each bundled font.
    pub groups: [Groups; 2],
    pub logo: bool,
}

/// The beginning of a file.
#[derive(Debug)]
pub struct Shell {
    objects: Objects,
    fonts: [Option<(usize, Letters)>; 2],
    logo: Option<usize>,
    digest: [u8; 32],
}

impl Shell {
    /// # Errors
    /// printpdf's own words, where it cannot embed a font.
    pub fn new(case: &TypeCase, content: Content, logo: Option<&Image>) -> Result<Self, String> {
        let mut objects = Objects::new();
        let mut fonts = [None, None];
        for (face, groups) in content.groups.into_iter().enumerate() {
            if groups.is_empty() {
                continue;
            }
            let typeface = case.face(face);
            let glyphs = Letters::glyphs(typeface, groups);
            let [a, b, c, d] = groups.letters();
            let name: String =
                [if face == 0 { 'R' } else { 'S' }, a, b, c, d, 'P'].iter().collect();
            let subset = Subset::new(typeface, &name, &glyphs, Effort::Best)?;
            let letters = Letters::new(typeface, groups, &subset);
            fonts[face] = Some((subset.add_to(&mut objects), letters));
        }
        let logo = logo.filter(|_| content.logo).map(|image| image.add_to(&mut objects));
        let digest = Sha256::digest(objects.bytes()).into();
        Ok(Self { objects, fonts, logo, digest })
    }

    /// A copy to write on.
    pub fn copy(&self, room: usize) -> Objects {
        self.objects.with_room(room)
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.objects.bytes().len()
    }

    /// The digest of its bytes.
    pub const fn digest(&self) -> &[u8; 32] {
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

/// Shells that threads share.
pub type Shared = Arc<Shell>;
