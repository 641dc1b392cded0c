//! Every limit of docs/limits.md: the last value that is allowed, and the first one that is not, with
//! the message that names the limit.

use std::fs;

use crate::support::{Workspace, root};

/// A limit, values within it, and values beyond it with the end of the message.
struct Limit {
    name: &'static str,
    within: &'static [&'static str],
    beyond: &'static [(&'static str, &'static str)],
}

const LIMITS: [Limit; 15] = [
    Limit {
        name: "quantity",
        within: &["0", "1000000000"],
        beyond: &[("1000000001", "is beyond 1000000000"), ("-1", "is negative")],
    },
    Limit {
        name: "interval_count",
        within: &["1", "1000"],
        beyond: &[("1001", "is more than 1000"), ("0", "is not positive")],
    },
    Limit {
        name: "year",
        within: &["1970-01-01", "2999-12-31"],
        beyond: &[
            ("1969-12-31", "is not between 1970 and 2999"),
            ("3000-01-01", "is not between 1970 and 2999"),
        ],
    },
    Limit {
        name: "digits of a price",
        within: &["0.0000000000000000000000000001", "0.0000"],
        beyond: &[
            ("0.00000000000000000000000000001", "has more than 28 digits"),
            ("100000000000000000000000000000", "has more than 28 digits"),
        ],
    },
    Limit {
        name: "amount",
        within: &["92233720368547758.07", "-92233720368547758.07"],
        beyond: &[
            ("92233720368547758.08", "is beyond 92233720368547758.07"),
            ("-92233720368547758.09", "is beyond 92233720368547758.07"),
        ],
    },
    Limit {
        name: "decimals of an amount",
        within: &["0.01", "1.100"],
        beyond: &[("0.001", "has more than 2 decimals")],
    },
    Limit {
        name: "percentage",
        within: &["0", "100"],
        beyond: &[("100.0001", "is more than 100"), ("-1", "is negative")],
    },
    Limit {
        name: "decimals of a percentage",
        within: &["8.8755"],
        beyond: &[
            ("8.87555", "has more than 4 decimals"),
            ("0.00000000000000000000000000001", "has more than 28 digits"),
        ],
    },
    Limit {
        name: "taxes of a code and place",
        within: &["1000"],
        beyond: &[("1001", "is of more than 1000 rows of one code and place")],
    },
    Limit {
        name: "lines of a document",
        within: &["2"],
        beyond: &[("1", "with 2 lines; the limit is 1")],
    },
    Limit {
        name: "invoice.max_lines",
        within: &["2", "1000000"],
        beyond: &[
            ("0", "is not between 1 and 1000000"),
            ("1000001", "is not between 1 and 1000000"),
        ],
    },
    Limit {
        name: "invoice.payment_terms_days",
        within: &["0", "36500"],
        beyond: &[("36501", "is more than a century")],
    },
    Limit {
        name: "invoice.first_number",
        within: &["1", "18446744073709551614"],
        beyond: &[
            ("0", "is not a number to begin with"),
            ("18446744073709551615", "and end at 18446744073709551614"),
        ],
    },
    Limit {
        name: "text of a table",
        within: &["1048576"],
        beyond: &[("1048577", "has more than 1 MiB of text, which is the limit")],
    },
    Limit {
        name: "input.max_table_mib",
        within: &["1", "1048576"],
        beyond: &[
            ("0", "is not between 1 and 1048576"),
            ("1048577", "is not between 1 and 1048576"),
        ],
    },
];

/// Limits whose tests stand where the data are made that reach them.
const ELSEWHERE: [(&str, &str); 7] = [
    ("invoice.number_format", "src/config/number_format.rs"),
    ("row", "src/table/chunks.rs"),
    ("rows of a Parquet file", "tests/data/errors/files.toml"),
    ("size of billing.toml", "tests/it/hostile.rs"),
    ("size of the logo", "tests/it/hostile.rs"),
    ("size of a font", "tests/it/hostile.rs"),
    ("problems kept", "tests/it/hostile.rs"),
];

/// A small company with one value at a limit.
fn with(limit: &str, value: &str) -> Workspace {
    let or = |name: &str, usual: &str| if limit == name { value } else { usual }.to_owned();
    let workspace = Workspace::empty();
    let lines = if limit == "lines of a document" { value } else { "10000" };
    workspace.write(
        "input/billing.toml",
        &format!(
            "[seller]\nname = \"S\"\ncity = \"Dublin\"\ntax_id = \"IE0000000A\"\n[invoice]\n\
             max_lines = {}\npayment_terms_days = {}\nfirst_number = {}\n[pdf]\n\
             packing = \"none\"\n[input]\nmax_table_mib = {}\n",
            or("invoice.max_lines", lines),
            or("invoice.payment_terms_days", "14"),
            or("invoice.first_number", "1"),
            or("input.max_table_mib", "1"),
        ),
    );
    workspace.write("input/accounts.csv", "account_id,name,email\na,A,a@a.example\n");
    let price = format!(
        "price_id,product,currency,unit_amount,scheme,interval,interval_count\np,P,EUR,{},flat,month,{}\n",
        or("digits of a price", "0.00"),
        or("interval_count", "1")
    );
    workspace.write("input/prices.csv", &price);
    let subscription = format!(
        "subscription_id,account_id,price_id,quantity,started_at\ns,a,p,{},{}\n",
        or("quantity", "1"),
        or("year", "2020-05-01")
    );
    workspace.write("input/subscriptions.csv", &subscription);
    let mut changes = "change_id,at,subscription_id,kind,quantity\n".to_owned();
    if limit == "text of a table" {
        let size: usize = value.parse().expect("a size");
        changes += &"\n".repeat(size - changes.len());
    }
    workspace.write("input/changes.csv", &changes);
    let percent =
        if limit == "percentage" { value.to_owned() } else { or("decimals of a percentage", "20") };
    workspace.write("input/tax_rates.csv", &format!("code,name,percent\nvat,VAT,{percent}\n"));
    if limit == "taxes of a code and place" {
        let rows =
            (0..value.parse().expect("a number")).map(|it: u32| format!("vat,T{it},0.01,t{it}\n"));
        let rows: String = rows.collect();
        workspace.write("input/tax_rates.csv", &format!("code,name,percent,component\n{rows}"));
    }
    let amount =
        if limit == "amount" { value.to_owned() } else { or("decimals of an amount", "1.00") };
    let mut adjustments = format!(
        "adjustment_id,account_id,at,description,currency,amount,timing\n\
         x,a,2020-05-01,Fee,EUR,{amount},immediate\n"
    );
    if limit == "lines of a document" {
        // With the line of the period, if that is not zero.
        adjustments += "y,a,2020-05-01,Fee,EUR,1.00,immediate\n";
        workspace.write("input/prices.csv", &price.replace("month", "year"));
        workspace
            .write("input/subscriptions.csv", &subscription.replace("2020-05-01", "2020-06-30"));
    }
    workspace.write("input/adjustments.csv", &adjustments);
    workspace
}

#[test]
fn each_limit_is_allowed_and_what_lies_beyond_names_it() {
    for Limit { name, within, beyond } in LIMITS {
        for value in within {
            let output = with(name, value).run(&["check", "--as-of", "2020-05-02"]);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name} {value}: {said}");
        }
        for (value, message) in beyond {
            let (code, said) = with(name, value).fail(&["check", "--as-of", "2020-05-02"]);
            assert!(matches!(code, 65 | 78), "{name} {value}: {said}");
            let first = said.lines().next().unwrap_or_default();
            assert!(first.ends_with(message), "{name} {value}: {said}");
            assert!(said.contains("\nhint: "), "{name} {value}: {said}");
        }
    }
}

#[test]
fn the_sum_of_differences_has_the_limit_of_a_quantity() {
    for (delta, is_allowed) in [("999999999", true), ("1000000000", false)] {
        let workspace = with("quantity", "1");
        let changes = format!(
            "change_id,at,subscription_id,kind,quantity,delta\nc,2020-05-01T12:00:00Z,s,quantity,,{delta}\n"
        );
        workspace.write("input/changes.csv", &changes);
        let output = workspace.run(&["check", "--as-of", "2020-05-02"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), is_allowed, "{said}");
        assert_eq!(said.contains("leads to more than 1000000000\n"), !is_allowed, "{said}");
    }
}

#[test]
fn the_page_lists_the_limits_that_are_tested() {
    let page = fs::read_to_string(root().join("docs/limits.md")).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let names = rows.filter_map(|row| row.split(" | ").next()).filter(|name| *name != "limit");
    let listed: Vec<&str> = names.collect();
    for name in &listed {
        let here = LIMITS.iter().any(|limit| limit.name == *name);
        let elsewhere = ELSEWHERE.iter().any(|(other, _)| other == name);
        assert!(here != elsewhere, "{name} is tested once");
    }
    assert_eq!(listed.len(), LIMITS.len() + ELSEWHERE.len());
    for (_, file) in ELSEWHERE {
        assert!(root().join(file).exists(), "{file}");
    }
}
