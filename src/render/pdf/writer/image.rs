//! The logo as PDF objects, compressed once.

use super::deflate::{Effort, deflate};
use super::objects::Objects;
use crate::render::pdf::logo::{Logo, Samples};

/// A logo ready to be copied into files.
pub(crate) struct Image {
    entries: String,
    content: Vec<u8>,
    /// Its mask, in the same form.
    mask: Option<(String, Vec<u8>)>,
    is_in_cmyk: bool,
}

impl Image {
    /// Compresses uncompressed data.
    pub(crate) fn new(logo: &Logo) -> Self {
        match &logo.samples {
            Samples::Jpeg { file, components, inverted } => {
                let decode = if *inverted { "/Decode[1 0 1 0 1 0 1 0]" } else { "" };
                let entries = format!("{}/Filter/DCTDecode{decode}", entries(logo, *components));
                let is_in_cmyk = *components == CMYK;
                Self { entries, content: file.clone(), mask: None, is_in_cmyk }
            }
            Samples::Raw { components, samples, alpha } => {
                let plane = |components, samples: &[u8]| {
                    let entries = format!("{}/Filter/FlateDecode", entries(logo, components));
                    (entries, deflate(samples, Effort::Best))
                };
                let (entries, content) = plane(*components, samples);
                let mask = alpha.as_ref().map(|alpha| plane(1, alpha));
                Self { entries, content, mask, is_in_cmyk: false }
            }
        }
    }

    /// Whether its colours are those of printing inks, which sRGB does not define.
    pub(crate) const fn is_in_cmyk(&self) -> bool {
        self.is_in_cmyk
    }

    /// Copies it into a file and returns its number.
    pub(crate) fn add_to(&self, file: &mut Objects) -> usize {
        let mask = self.mask.as_ref().map(|(entries, content)| file.add_stream(entries, content));
        let mask = mask.map_or_else(String::new, |number| format!("/SMask {number} 0 R"));
        file.add_stream(&format!("{}{mask}", self.entries), &self.content)
    }
}

/// The number of components of cyan, magenta, yellow and black.
const CMYK: u8 = 4;

fn entries(logo: &Logo, components: u8) -> String {
    let colours = match components {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        _ => "DeviceCMYK",
    };
    format!(
        "/Type/XObject/Subtype/Image/Width {}/Height {}/ColorSpace/{colours}/BitsPerComponent 8",
        logo.width, logo.height
    )
}
