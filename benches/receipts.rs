//! Prints one receipt after the other and says how many a second: in memory, as files and in one
//! archive, beside printpdf alone on the same receipt.
//!
//! `cargo bench --features internals --bench receipts -- [COUNT] [FOLDER] [WAY]`, by default 30 000
//! receipts, written to a temporary folder below FOLDER; with WAY, only the ways whose names contain
//! it. Receipts have one page, and every one has another number. Each way runs in a pool of one thread
//! and then of two.

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    prorata::internals::receipts::run(&arguments);
}
