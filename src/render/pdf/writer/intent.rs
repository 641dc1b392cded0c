//! What the colours of a file mean: sRGB, as PDF/A asks for.

use super::deflate::{Effort, deflate};
use super::objects::{Objects, Unpacked};

/// A small profile of sRGB; `assets/colour/README.md` says where it is from.
const PROFILE: &[u8] = include_bytes!("../../../../assets/colour/sRGB-v4.icc");

/// Writes the output intent and returns its number.
pub(crate) fn share_in(file: &mut Objects, unpacked: &mut Unpacked) -> usize {
    let profile = deflate(PROFILE, Effort::Best);
    let profile = file.add_stream("/N 3/Filter/FlateDecode", &profile);
    let number = file.promise();
    unpacked.keep(number, |out| {
        let intent = format!(
            "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)\
             /Info(sRGB IEC61966-2.1)/DestOutputProfile {profile} 0 R>>"
        );
        out.extend_from_slice(intent.as_bytes());
    });
    number
}
