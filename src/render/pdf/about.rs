//! The metadata of a PDF: title, author, language and date, both as XMP and in the older form. Both
//! agree.

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

    /// The metadata as XMP (ISO 16684-1).
    pub(super) fn xmp(&self) -> String {
        let [title, author] = [&*self.title, self.author].map(escaped);
        let (language, date) = (self.language, self.date);
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
             <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
             xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\
             <dc:format>application/pdf</dc:format>\
             <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
             <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>\
             <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\
             <pdf:Producer>{PRODUCER}</pdf:Producer>\
             <xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>\
             <xmp:CreateDate>{date}T00:00:00Z</xmp:CreateDate>\
             <xmp:ModifyDate>{date}T00:00:00Z</xmp:ModifyDate>\
             </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
        )
    }
}

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
        let xmp = about.xmp();
        assert!(xmp.contains(">Invoice A&lt;B&gt;<") && xmp.contains("<rdf:li>de<"), "{xmp}");
        assert!(xmp.contains("<rdf:li>Müller &amp; Söhne <"), "{xmp}");
        assert!(xmp.contains("<xmp:CreateDate>2020-06-27T00:00:00Z<"), "{xmp}");
        assert_eq!(about.pdf_date(), "D:20200627000000Z");
    }
}
