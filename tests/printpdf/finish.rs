//! What printpdf leaves to chance or to the clock: document ids, dates and what the file says of
//! itself.
//!
//! A lopdf document comes in, bytes go out. The same document gives the same bytes: nothing here
//! asks for the time or for a random number, and the id is a digest of the file without it.

use std::io;

use lopdf::{Dictionary, Document, Object, StringFormat, dictionary, text_string};
use sha2::{Digest as _, Sha256};

use super::about::{About, CREATOR, PRODUCER};

/// The finished file.
pub(super) fn finish(mut document: Document, about: &About) -> Result<Vec<u8>, Error> {
    // Language and display title came after the 1.3 that printpdf declares.
    document.version = "1.7".into();
    let catalog = document.catalog_mut()?;
    catalog.set("Lang", Object::string_literal(about.language));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    let information = document.add_object(information(about));
    if let Ok(old) = document.trailer.get(b"Info").and_then(Object::as_reference) {
        document.objects.remove(&old);
    }
    document.trailer.set("Info", information);
    document.trailer.remove(b"ID");
    document.compress();
    let digest = Sha256::digest(save(&mut document)?);
    let id = Object::String(digest[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    Ok(save(&mut document)?)
}

/// Why a document could not be finished.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Structure(#[from] lopdf::Error),
    #[error(transparent)]
    Write(#[from] io::Error),
}

fn information(about: &About) -> Dictionary {
    let date = about.pdf_date();
    dictionary! {
        "Title" => text_string(&about.title),
        "Author" => text_string(about.author),
        "Creator" => text_string(CREATOR),
        "Producer" => text_string(PRODUCER),
        "CreationDate" => Object::string_literal(date.clone()),
        "ModDate" => Object::string_literal(date),
    }
}

fn save(document: &mut Document) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(32 * 1024);
    document.save_to(&mut bytes)?;
    Ok(bytes)
}
