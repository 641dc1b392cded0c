//! Compression, with one compressor a thread: making one costs as much as a page.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor};

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// For what one document alone has. Even so a quarter of the time that a document takes goes
    /// into it, for about an eighth of its bytes.
    Fast,
    /// For what is compressed once and copied into every document.
    Best,
}

thread_local! {
    static FAST: RefCell<Compressor> = RefCell::new(Compressor::new(level(1)));
}

/// The content as a zlib stream, which PDF calls `FlateDecode`.
pub fn deflate(content: &[u8], effort: Effort) -> Vec<u8> {
    match effort {
        Effort::Fast => FAST.with_borrow_mut(|compressor| compress(compressor, content)),
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
