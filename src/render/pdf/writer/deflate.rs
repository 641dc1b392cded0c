//! Compression, with one compressor per thread, because creating one takes as long as a page.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor};

/// The compression effort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For data of a single document. Even this takes a quarter of the document's time, and saves
    /// about an eighth of its bytes.
    Fast,
    /// For data that documents of one shape share. Some shapes have a single document.
    Shape,
    /// For data that is compressed once and copied into every document.
    Best,
}

thread_local! {
    static FAST: RefCell<Compressor> = RefCell::new(Compressor::new(level(1)));
    static SHAPE: RefCell<Compressor> = RefCell::new(Compressor::new(level(6)));
}

/// The content as a zlib stream, which PDF calls `FlateDecode`.
pub(crate) fn deflate(content: &[u8], effort: Effort) -> Vec<u8> {
    match effort {
        Effort::Fast => FAST.with_borrow_mut(|compressor| compress(compressor, content)),
        Effort::Shape => SHAPE.with_borrow_mut(|compressor| compress(compressor, content)),
        Effort::Best => compress(&mut Compressor::new(level(12)), content),
    }
}

fn compress(compressor: &mut Compressor, content: &[u8]) -> Vec<u8> {
    let mut compressed = vec![0; compressor.zlib_compress_bound(content.len())];
    let length = compressor.zlib_compress(content, &mut compressed).expect("the bound is enough");
    compressed.truncate(length);
    compressed
}

fn level(level: i32) -> CompressionLvl {
    CompressionLvl::new(level).expect("levels go from 0 to 12")
}
