//! The objects that many documents share, as the first bytes of their files: fonts, logo and the
//! meaning of colours.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::deflate::Effort;
use super::font_name::FontName;
use super::groups::Groups;
use super::image::Image;
use super::intent;
use super::letters::Letters;
use super::objects::{Objects, Unpacked, write_reference};
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
    intent: usize,
    resources: usize,
    digest: Sha256,
}

impl SharedObjects {
    /// Builds shared objects from the font parts that are present.
    pub(crate) fn new(parts: [Option<Arc<FontPart>>; 2], logo: Option<&Image>) -> Self {
        let mut objects = Objects::new();
        let mut unpacked = Unpacked::default();
        let fonts = parts.map(|part| {
            let part = part?;
            let number = part.subset.share_in(&mut objects, &mut unpacked);
            Some((number, Arc::clone(&part.letters)))
        });
        let logo = logo.map(|image| image.add_to(&mut objects));
        let intent = intent::share_in(&mut objects, &mut unpacked);
        let resources = objects.promise();
        let digest = Sha256::new();
        let mut shared = Self { objects, fonts, logo, intent, resources, digest };
        unpacked.keep(resources, |out| shared.write_resources(out, &[]));
        shared.objects.add_packed(&unpacked.pack(Effort::Best));
        shared.digest.update(shared.objects.bytes());
        shared
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

    /// Writes the resources of a page: the shared fonts, `more` fonts by face, and the logo.
    pub(crate) fn write_resources(&self, out: &mut Vec<u8>, more: &[(usize, usize)]) {
        let own = self.fonts.iter().enumerate();
        let own =
            own.filter_map(|(face, font)| Some((FontName::Characters(face), font.as_ref()?.0)));
        let more = more.iter().map(|(face, number)| (FontName::Glyphs(*face), *number));
        out.extend_from_slice(b"<</Font<<");
        for (name, number) in own.chain(more) {
            name.write(out);
            out.push(b' ');
            write_reference(out, number);
        }
        out.extend_from_slice(b">>");
        if let Some(logo) = self.logo {
            out.extend_from_slice(b"/XObject<</Logo ");
            write_reference(out, logo);
            out.extend_from_slice(b">>");
        }
        out.extend_from_slice(b">>");
    }

    /// The object number of the resources without further fonts.
    pub(crate) const fn resources(&self) -> usize {
        self.resources
    }

    /// The object number of the output intent.
    pub(crate) const fn intent(&self) -> usize {
        self.intent
    }
}
