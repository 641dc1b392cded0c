//! Closes the bundled sample in a temporary folder and prints what it came to.
//!
//! `cargo run --example close`

use std::path::Path;

use prorata::commands::{CloseArgs, Error, Folders, close, verify};
use prorata::value::{AsOf, Instant};

pub(crate) fn main() -> Result<(), Error> {
    let output = std::env::temp_dir().join(format!("prorata-example-{}", std::process::id()));
    let folders = Folders {
        input: Path::new(env!("CARGO_MANIFEST_DIR")).join("input"),
        output: output.clone(),
    };
    let as_of = AsOf::parse("2020-06-28").expect("a date");
    // What the clock says is handed in: 2020-06-28T00:00:00Z.
    let now = Instant::from_unix_seconds(1_593_302_400);
    let args = CloseArgs::new(folders.clone(), as_of, now);
    let result = close(&CloseArgs { bill_from_start: true, ..args })?;
    for (currency, totals) in &result.manifest.totals {
        println!("{} {currency} on {} invoices", totals.total, totals.invoices);
    }
    let verified = verify(&folders, false)?;
    println!("{} files verified", verified.files);
    std::fs::remove_dir_all(output).expect("it is ours");
    Ok(())
}
