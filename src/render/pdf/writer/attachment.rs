//! An electronic invoice inside the file, as Factur-X and `ZUGFeRD` ask for.

use super::deflate::{Effort, deflate};
use super::objects::{Objects, Unpacked};

/// The name that readers look for.
pub(crate) const NAME: &str = "factur-x.xml";

/// Embeds an XML file, last changed at this date of PDF, under a reserved number.
pub(crate) fn keep(file: &mut Objects, number: usize, xml: &[u8], date: &str) {
    let size = xml.len();
    let entries = format!(
        "/Type/EmbeddedFile/Subtype/text#2Fxml/Params<</ModDate({date})/Size {size}>>\
         /Filter/FlateDecode"
    );
    file.keep_stream(number, &entries, &deflate(xml, Effort::Fast));
}

/// Writes the file specification of an embedded file.
pub(crate) fn specify(unpacked: &mut Unpacked, number: usize, content: usize) {
    unpacked.keep(number, |out| {
        let specification = format!(
            "<</Type/Filespec/F({NAME})/UF({NAME})/AFRelationship/Alternative\
             /Desc(Factur-X invoice)/EF<</F {content} 0 R/UF {content} 0 R>>>>"
        );
        out.extend_from_slice(specification.as_bytes());
    });
}
