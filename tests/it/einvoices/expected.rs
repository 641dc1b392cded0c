//! Some e-invoices to the letter, in `tests/data/einvoice/expected/`. `UPDATE_EXPECTED=1` takes over
//! what the program writes now.

use std::fs;

use super::{CLOSES, closed};
use crate::support::data;

/// A close, a document of it, and what it is an example of.
const EXAMPLES: [(usize, &str, &str); 3] = [
    (0, "INV-2025-00012", "peppol-prorated"),
    (1, "INV-2025-00024", "peppol-credit-note"),
    (1, "INV-2025-00026", "xrechnung-direct-debit"),
];

#[test]
fn e_invoices_are_written_as_expected() {
    let workspace = closed();
    for (close, number, name) in EXAMPLES {
        let written = workspace.read(&format!("output/{}/einvoice/{number}.xml", CLOSES[close]));
        // An element a line, so that a difference can be read.
        let written = written.replace("><", ">\n<") + "\n";
        let path = data(&format!("einvoice/expected/{name}.xml"));
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&path, &written).expect("it can be written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let lines = written.lines().zip(expected.lines());
        let differing = lines.filter(|(written, expected)| written != expected).collect::<Vec<_>>();
        assert!(written == expected, "{name}: {differing:#?}");
    }
}
