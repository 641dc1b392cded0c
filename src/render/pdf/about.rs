//! The metadata of a PDF: title, author, language and date, both as XMP and in the older form. Both
//! agree.

use std::fmt::Write as _;

use chrono::NaiveDate;

/// The document properties that a viewer shows.
pub(super) struct About<'i> {
    pub(super) title: String,
    pub(super) author: &'i str,
    /// A language tag such as `en` or `pt-BR`, for screen readers.
    pub(super) language: &'static str,
    /// The creation date is midnight in UTC on this day.
    pub(super) date: NaiveDate,
}

/// The program that wrote the document.
pub(super) const CREATOR: &str = "prorata";
/// The program that made the file.
pub(super) const PRODUCER: &str = concat!("prorata ", env!("CARGO_PKG_VERSION"));

impl About<'_> {
    /// The date in the form of PDF.
    pub(super) fn pdf_date(&self) -> String {
        self.date.format("D:%Y%m%d000000Z").to_string()
    }

    /// The metadata as XMP (ISO 16684-1). It is never compressed, because some readers search it for
    /// plain text.
    pub(super) fn xmp(&self, claims: Claims) -> String {
        let [title, author] = [&*self.title, self.author].map(escaped);
        let (language, date) = (self.language, self.date);
        let mut xmp = String::with_capacity(4096);
        xmp.push_str(BEGINNING);
        claims.write_to(&mut xmp);
        let _ = write!(
            xmp,
            "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
             <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>\
             <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\
             <pdf:Producer>{PRODUCER}</pdf:Producer>\
             <xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>\
             <xmp:CreateDate>{date}T00:00:00Z</xmp:CreateDate>\
             <xmp:ModifyDate>{date}T00:00:00Z</xmp:ModifyDate>\
             </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
        );
        xmp
    }
}

/// What a file says that it keeps to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    /// PDF/A-3b: it can be shown as it is for ever.
    pub(super) is_archival: bool,
    /// PDF/UA-1: it can be read aloud.
    pub(super) is_accessible: bool,
    /// Factur-X: it has an electronic invoice inside.
    pub(super) has_einvoice: bool,
}

impl Claims {
    /// Writes the schemas of those properties that PDF/A does not know, then the claims. Both are
    /// descriptions of their own, because `PDFBox` finds schemas only at the start of one.
    fn write_to(self, xmp: &mut String) {
        let Self { is_archival, is_accessible, has_einvoice } = self;
        let has_schemas = is_accessible || has_einvoice;
        let claims = [
            (has_schemas, SCHEMAS_BEGIN),
            (is_accessible, ACCESSIBLE_SCHEMA),
            (has_einvoice, EINVOICE_SCHEMA),
            (has_schemas, SCHEMAS_END),
            (true, "<rdf:Description rdf:about=\"\""),
            (is_archival, ARCHIVAL_NAMESPACE),
            (is_accessible, ACCESSIBLE_NAMESPACE),
            (has_einvoice, EINVOICE_NAMESPACE),
            (true, NAMESPACES),
            (is_archival, ARCHIVAL),
            (is_accessible, ACCESSIBLE),
            (has_einvoice, EINVOICE),
        ];
        xmp.extend(claims.into_iter().filter_map(|(is_made, text)| is_made.then_some(text)));
    }
}

const BEGINNING: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
    <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
    <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">";
const NAMESPACES: &str = " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">";
const ARCHIVAL_NAMESPACE: &str = " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"";
const ACCESSIBLE_NAMESPACE: &str = " xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"";
const EINVOICE_NAMESPACE: &str =
    " xmlns:fx=\"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#\"";
const SCHEMAS_BEGIN: &str = "<rdf:Description rdf:about=\"\" \
    xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
    xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
    xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\
    <pdfaExtension:schemas><rdf:Bag>";
const SCHEMAS_END: &str = "</rdf:Bag></pdfaExtension:schemas></rdf:Description>";
const ARCHIVAL: &str = "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>";
const ACCESSIBLE: &str = "<pdfuaid:part>1</pdfuaid:part>";
const EINVOICE: &str = "<fx:DocumentType>INVOICE</fx:DocumentType>\
    <fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>\
    <fx:Version>1.0</fx:Version>\
    <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>";

/// A schema of properties: its name, namespace, prefix and properties.
macro_rules! schema {
    ($name:literal, $namespace:literal, $prefix:literal, $($property:expr),+) => {
        concat!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>", $name,
            "</pdfaSchema:schema><pdfaSchema:namespaceURI>", $namespace,
            "</pdfaSchema:namespaceURI><pdfaSchema:prefix>", $prefix,
            "</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>", $($property),+,
            "</rdf:Seq></pdfaSchema:property></rdf:li>"
        )
    };
}

/// A property of a schema: its name, type, category and description.
macro_rules! property {
    ($name:literal, $kind:literal, $category:literal, $description:literal) => {
        concat!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>",
            $name,
            "</pdfaProperty:name><pdfaProperty:valueType>",
            $kind,
            "</pdfaProperty:valueType><pdfaProperty:category>",
            $category,
            "</pdfaProperty:category><pdfaProperty:description>",
            $description,
            "</pdfaProperty:description></rdf:li>"
        )
    };
}

const ACCESSIBLE_SCHEMA: &str = schema!(
    "PDF/UA",
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    property!("part", "Integer", "internal", "Part")
);
const EINVOICE_SCHEMA: &str = schema!(
    "Factur-X",
    "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    "fx",
    property!("DocumentFileName", "Text", "external", "Name of the XML file"),
    property!("DocumentType", "Text", "external", "INVOICE"),
    property!("Version", "Text", "external", "Version"),
    property!("ConformanceLevel", "Text", "external", "Profile")
);

/// Escapes a text for XML. Control characters are dropped, because XML does not allow them.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xmp_says_the_same_in_xml() {
        let about = About {
            title: "Invoice A<B>".into(),
            author: "Müller & Söhne\u{1}",
            language: "de",
            date: "2020-06-27".parse().expect("a date"),
        };
        let xmp = about.xmp(Claims::default());
        assert!(xmp.contains(">Invoice A&lt;B&gt;<") && xmp.contains("<rdf:li>de<"), "{xmp}");
        assert!(xmp.contains("<rdf:li>Müller &amp; Söhne <"), "{xmp}");
        assert!(xmp.contains("<xmp:CreateDate>2020-06-27T00:00:00Z<"), "{xmp}");
        assert_eq!(about.pdf_date(), "D:20200627000000Z");
    }

    #[test]
    fn only_what_is_true_is_claimed() {
        let has = |claims: Claims| {
            let mut xmp = String::new();
            claims.write_to(&mut xmp);
            ["<pdfaid:", "<pdfuaid:", "<fx:", "<pdfaExtension:", "prefix>pdfuaid<", "prefix>fx<"]
                .map(|part| xmp.contains(part))
        };
        let none = Claims::default();
        assert_eq!(has(none), [false; 6]);
        let claims = Claims { is_archival: true, ..none };
        assert_eq!(has(claims), [true, false, false, false, false, false]);
        let claims = Claims { is_accessible: true, ..none };
        assert_eq!(has(claims), [false, true, false, true, true, false]);
        let claims = Claims { has_einvoice: true, ..none };
        assert_eq!(has(claims), [false, false, true, true, false, true]);
    }
}
