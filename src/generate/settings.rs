//! `billing.toml` of an invented company.

use super::scripts::Scripts;

/// With more accounts, making one PDF each would take all the time.
const MOST_WITH_RECEIPTS: u64 = 10_000;

/// `billing.toml` for a company of this size.
pub(crate) fn settings(accounts: u64, scripts: Scripts) -> String {
    let packing = if accounts > MOST_WITH_RECEIPTS {
        "# With so many accounts the receipts would be most of the work; files brings them back.\n\
         packing = \"none\"\n"
    } else {
        "packing = \"files\"\n"
    };
    let marks = match scripts {
        Scripts::Bundled => "",
        Scripts::All => {
            "# Names in scripts without a bundled font are printed as marks.\n\
             missing_characters = \"mark\"\n"
        }
    };
    format!("{SETTINGS}{packing}{marks}")
}

const SETTINGS: &str = "\
# An invented company, written by prorata generate.
timezone = \"UTC\"

[seller]
name = \"Kumu & Kumospace (invented)\"
address_line1 = \"Invalidenstraße 44\"
city = \"Berlin\"
postal_code = \"10115\"
country = \"Germany\"
tax_id = \"DE000000000\"
email = \"billing@example.com\"
web = \"example.com\"

[invoice]
number_format = \"INV-{year}-{seq:07}\"
payment_terms_days = 14

[tax]
default_code = \"standard\"

[pdf]
";
