//! Converts the logo from a PNG or JPEG file to a PDF image.
//!
//! A JPEG file is embedded unchanged. A PNG file is decoded to samples of eight bits, and its
//! transparency becomes a mask, so that it fits any background. It is embedded once per document.

use png::{ColorType, Transformations};

/// The largest width or height; no receipt needs more.
const LARGEST: u32 = 4000;

/// An image that can be embedded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Logo {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) samples: Samples,
}

/// The content of an image.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Samples {
    /// A JPEG file with this many colour components per sample.
    Jpeg {
        file: Vec<u8>,
        components: u8,
        /// Whether its four components are inverted, as in files of Adobe programs.
        inverted: bool,
    },
    /// Eight bits per component, row by row: one component is grey; three are red, green, blue.
    Raw {
        components: u8,
        samples: Vec<u8>,
        /// The opacity of each sample, if any is transparent.
        alpha: Option<Vec<u8>>,
    },
}

impl Logo {
    /// Reads PNG or JPEG.
    ///
    /// # Errors
    /// The fault of the file, for a sentence that begins with its name.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let logo = match bytes {
            [0x89, b'P', b'N', b'G', ..] => png(bytes).ok_or("is a PNG file that cannot be read"),
            [0xff, 0xd8, ..] => jpeg(bytes).ok_or("is a JPEG file that cannot be read"),
            _ => Err("is neither PNG nor JPEG"),
        }?;
        if logo.width > LARGEST || logo.height > LARGEST {
            return Err("is more than 4,000 pixels wide or high");
        }
        Ok(logo)
    }

    /// The width divided by the height.
    pub(super) fn aspect(&self) -> f32 {
        let side = |pixels: u32| f32::from(u16::try_from(pixels).unwrap_or(u16::MAX));
        side(self.width) / side(self.height)
    }
}

fn png(bytes: &[u8]) -> Option<Logo> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width, reader.info().height);
    if width > LARGEST || height > LARGEST {
        // Too large to decode; the caller reports it.
        let samples = Samples::Raw { components: 1, samples: Vec::new(), alpha: None };
        return Some(Logo { width, height, samples });
    }
    let mut samples = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut samples).ok()?;
    samples.truncate(frame.buffer_size());
    let (components, has_alpha) = match frame.color_type {
        ColorType::Grayscale => (1, false),
        ColorType::GrayscaleAlpha => (1, true),
        ColorType::Rgb => (3, false),
        ColorType::Rgba => (3, true),
        ColorType::Indexed => return None,
    };
    let samples = if has_alpha {
        let (samples, alpha) = separate(&samples, usize::from(components));
        Samples::Raw { components, samples, alpha }
    } else {
        Samples::Raw { components, samples, alpha: None }
    };
    Some(Logo { width, height, samples })
}

/// Separates colours and opacity; the latter only if a sample is transparent.
fn separate(mixed: &[u8], components: usize) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut samples = Vec::with_capacity(mixed.len());
    let mut alpha = Vec::with_capacity(mixed.len() / (components + 1));
    for sample in mixed.chunks_exact(components + 1) {
        samples.extend_from_slice(&sample[..components]);
        alpha.push(sample[components]);
    }
    let is_opaque = alpha.iter().all(|&opacity| opacity == u8::MAX);
    (samples, (!is_opaque).then_some(alpha))
}

/// Reads the markers of a JPEG file up to the frame, which has the size.
fn jpeg(bytes: &[u8]) -> Option<Logo> {
    let mut rest = bytes.get(2..)?;
    let mut from_adobe = false;
    loop {
        let [0xff, marker, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..2 + length)?;
        match marker {
            0xc0..=0xc2 => {
                let [8, h1, h0, w1, w0, components @ (1 | 3 | 4), ..] = *segment else {
                    return None;
                };
                let [width, height] = [[w1, w0], [h1, h0]].map(u16::from_be_bytes).map(u32::from);
                let inverted = from_adobe && components == 4;
                let samples = Samples::Jpeg { file: bytes.to_vec(), components, inverted };
                return (width > 0 && height > 0).then_some(Logo { width, height, samples });
            }
            // Lossless and arithmetic frames, which PDF does not support, and the image data.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xd9 | 0xda => return None,
            0xee => from_adobe = segment.starts_with(b"Adobe"),
            _ => {}
        }
        rest = rest.get(2 + length..)?;
    }
}

#[cfg(test)]
#[path = "logo_tests.rs"]
mod tests;
