//! Worked examples through the public path, CSV in and lines out: the published cases of other
//! billing systems in `tests/data/published/`, and every example in the documentation. What the docs
//! show is run, not copied.

use std::fmt::Write as _;
use std::fs;

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;

use crate::name_of;
use crate::support::{Workspace, data, root};

/// An example: input, closes, and the lines that come out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    /// Where the figures come from.
    #[serde(rename = "source")]
    _source: Option<String>,
    /// What billing.toml says beside the seller.
    #[serde(default)]
    settings: String,
    accounts: Option<String>,
    prices: String,
    tiers: Option<String>,
    price_changes: Option<String>,
    tax_rates: Option<String>,
    discounts: Option<String>,
    adjustments: Option<String>,
    account_changes: Option<String>,
    subscriptions: String,
    #[serde(default)]
    changes: String,
    closes: Vec<Close>,
    /// The total of every document, in order.
    totals: Option<Vec<String>>,
    /// The tax of every document, in order.
    taxes: Option<Vec<String>>,
    /// The due date of every document, in order.
    due: Option<Vec<String>>,
    /// Code, base and amount of every tax of every document, in order.
    each_tax: Option<String>,
    /// Issue date, kind, quantity and amount of every line, in order.
    lines: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Close {
    as_of: String,
    /// Rows of the log that were not there before.
    #[serde(default)]
    arrives: String,
    /// The table from this close on.
    account_changes: Option<String>,
}

/// A seller who has what every law asks for.
const SELLER: &str = "[seller]\nname = \"S\"\ncity = \"Bristol\"\ntax_id = \"GB123456789\"\n";

const ACCOUNTS: &str = "account_id,name,email,tax_code\na,A,a@a.example,\n";

const CHANGES: &str = "change_id,at,subscription_id,kind,quantity,price_id,policy\n";

/// Pages with examples, and the fewest that each has.
const PAGES: [(&str, usize); 5] = [
    ("accounts.md", 2),
    ("discounts.md", 2),
    ("documents.md", 2),
    ("pricing.md", 20),
    ("taxes.md", 3),
];

/// One trial a published case, one an example of the documentation, and one a page.
pub(crate) fn trials() -> Vec<Trial> {
    let entries = fs::read_dir(data("published")).expect("the published cases");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "toml"));
    let published = files.into_iter().map(|file| {
        let name = format!("published::{}", name_of(&file));
        Trial::test(name, move || check(&fs::read_to_string(&file)?))
    });
    let mut trials: Vec<Trial> = published.collect();
    for (page, fewest) in PAGES {
        let text = fs::read_to_string(root().join("docs").join(page)).expect(page);
        let examples = examples_of(&text);
        let count = examples.len();
        trials.extend(examples.into_iter().map(|(line, example)| {
            Trial::test(format!("docs::{page}:{line}"), move || check(&example))
        }));
        trials.push(Trial::test(format!("docs::{page} has its examples"), move || {
            if count >= fewest {
                Ok(())
            } else {
                Err(format!("{count} of {fewest} are left").into())
            }
        }));
    }
    trials
}

/// The examples of a page, each with the line that it begins on.
fn examples_of(text: &str) -> Vec<(usize, String)> {
    let mut examples = Vec::new();
    let mut rest = text.split("```toml\n");
    let mut line = 1 + rest.next().map_or(0, |before| before.matches('\n').count());
    for part in rest {
        let body = part.split("```").next().expect("a fence");
        examples.push((line, body.to_owned()));
        line += 1 + part.matches('\n').count();
    }
    examples
}

/// Runs an example; an error says how it comes out.
fn check(text: &str) -> Result<(), Failed> {
    let example: Example = toml::from_str(text)?;
    let got = run(&example);
    let rows = |text: &str| text.lines().map(squeezed).collect::<Vec<_>>();
    let expected = Figures {
        lines: rows(&example.lines),
        totals: example.totals.clone().unwrap_or_else(|| got.totals.clone()),
        taxes: example.taxes.clone().unwrap_or_else(|| got.taxes.clone()),
        due: example.due.clone().unwrap_or_else(|| got.due.clone()),
        each_tax: example.each_tax.as_deref().map_or_else(|| got.each_tax.clone(), rows),
    };
    if got == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:#?}\ngot {got:#?}").into())
    }
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What came out of all closes.
#[derive(Debug, Default, PartialEq)]
struct Figures {
    lines: Vec<String>,
    totals: Vec<String>,
    taxes: Vec<String>,
    due: Vec<String>,
    each_tax: Vec<String>,
}

/// Closes as the example says.
fn run(example: &Example) -> Figures {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        &format!("{}\n{SELLER}\n[pdf]\npacking = \"none\"\n", example.settings),
    );
    let accounts = example.accounts.as_deref().unwrap_or(ACCOUNTS);
    workspace.write("input/accounts.csv", accounts);
    workspace.write("input/prices.csv", &example.prices);
    workspace.write("input/subscriptions.csv", &example.subscriptions);
    let optional = [
        ("price_tiers.csv", &example.tiers),
        ("price_changes.csv", &example.price_changes),
        ("tax_rates.csv", &example.tax_rates),
        ("discounts.csv", &example.discounts),
        ("adjustments.csv", &example.adjustments),
        ("account_changes.csv", &example.account_changes),
    ];
    for (name, content) in optional {
        if let Some(content) = content {
            workspace.write(&format!("input/{name}"), content);
        }
    }
    let mut log =
        if example.changes.is_empty() { CHANGES.to_owned() } else { example.changes.clone() };
    let mut figures = Figures::default();
    for close in &example.closes {
        let _ = write!(log, "{}", close.arrives);
        workspace.write("input/changes.csv", &log);
        if let Some(table) = &close.account_changes {
            workspace.write("input/account_changes.csv", table);
        }
        workspace.close(&close.as_of);
        let folder = close.as_of.replace(':', "");
        let invoices = workspace.rows(&format!("output/{folder}/invoices.csv"));
        figures.totals.extend(invoices.iter().map(|row| row.get("total").to_owned()));
        figures.taxes.extend(invoices.iter().map(|row| row.get("tax").to_owned()));
        figures.due.extend(invoices.iter().map(|row| row.get("due_date").to_owned()));
        let taxes = workspace.rows(&format!("output/{folder}/invoice_taxes.csv"));
        let cells = ["tax_code", "tax_base", "tax_amount"];
        figures.each_tax.extend(taxes.iter().map(|row| squeezed(&row.cells(cells).join(" "))));
        for line in workspace.rows(&format!("output/{folder}/invoice_lines.csv")) {
            let number = line.get("invoice_number");
            let invoice = invoices.iter().find(|row| row.get("invoice_number") == number);
            let date = invoice.expect("the line's invoice").get("issue_date");
            let cells = line.cells(["kind", "quantity", "amount"]).join(" ");
            figures.lines.push(format!("{date} {cells}"));
        }
    }
    figures
}
