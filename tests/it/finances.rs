//! The money of report.html and of the index: every figure is the sum of the tables, added up here
//! from CSV.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::table;
use crate::support::{Workspace, data};

/// The months of the closes.
const CALENDAR: [&str; 7] =
    ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07"];

const CLOSES: [&str; 4] = ["2024-02-01", "2024-03-15", "2024-04-01", "2024-07-01"];

/// An amount in minor units, by currency and one more key.
type Sums = BTreeMap<(String, String), i128>;

/// An invented company with payments, discounts, taxes, credit and several currencies.
fn company() -> Workspace {
    let workspace = Workspace::empty();
    let to = workspace.path("input").display().to_string();
    std::fs::remove_dir(workspace.path("input")).expect("it is empty");
    let options = ["--accounts", "80", "--months", "7", "--seed", "3"];
    workspace.succeed(&[&["generate", "--to", &to][..], &options].concat());
    let settings = workspace.read("input/billing.toml");
    let settings = settings.replace("packing = \"files\"", "packing = \"none\"");
    workspace.write("input/billing.toml", &settings);
    for as_of in CLOSES {
        workspace.succeed(&["close", "--as-of", as_of, "--bill-from-start", "--catch-up"]);
    }
    workspace
}

/// Minor units of an amount: of the page, or of a table.
fn minor(text: &str) -> i128 {
    let text = text.replace([',', '+', '.'], "").replace('\u{2212}', "-");
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no amount"))
}

/// Adds up a column of a table by currency and a key. Rows without a key are left out.
fn add_up(
    workspace: &Workspace,
    (close, name): (&str, &str),
    column: &str,
    key: impl Fn(&crate::support::Row) -> Option<String>,
) -> Sums {
    let mut sums = Sums::new();
    for row in workspace.rows(&format!("output/{close}/{name}")) {
        if let Some(key) = key(&row) {
            let currency = row.get("currency").to_owned();
            *sums.entry((currency, key)).or_default() += minor(row.get(column));
        }
    }
    sums
}

/// The rows of the tables whose captions begin so, in each currency.
fn shown(page: &str, beginning: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let captions = page.split("<caption>").skip(1);
    let captions = captions.map(|rest| rest.split("</caption>").next().expect("its end"));
    captions
        .filter_map(|caption| {
            let rest = caption.strip_prefix(beginning)?;
            let currency = rest.get(..3).expect("a currency").to_owned();
            Some((currency, table(page, caption)))
        })
        .collect()
}

/// "2024-03" of "Mar 2024".
fn month(words: &str) -> String {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (name, year) = words.split_once(' ').expect("a month and a year");
    let number = NAMES.iter().position(|it| *it == name).expect("a month") + 1;
    format!("{year}-{number:02}")
}

/// So many currencies have charts and tables.
const CHARTED: usize = 6;

/// The sums in the currencies that are shown. The page shows at most `CHARTED` of them.
fn in_shown<'c>(sums: Sums, shown: impl IntoIterator<Item = &'c String>) -> Sums {
    let shown: BTreeSet<&String> = shown.into_iter().collect();
    let all: BTreeSet<&String> = sums.keys().map(|(currency, _)| currency).collect();
    assert_eq!(shown.len(), all.len().min(CHARTED));
    sums.into_iter().filter(|((currency, _), _)| shown.contains(currency)).collect()
}

fn without_zeros(sums: Sums) -> Sums {
    sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
}

#[test]
fn what_is_open_received_and_earned_is_the_sum_of_the_tables() {
    let workspace = company();
    let mut deferred_before: Sums = Sums::new();
    for close in CLOSES {
        let page = workspace.read(&format!("output/{close}/report.html"));
        receivables(&workspace, close, &page);
        cash(&workspace, close, &page);
        revenue(&workspace, close, &page, &mut deferred_before);
        taxes(&workspace, close, &page);
        discounts(&workspace, close, &page);
    }
}

fn receivables(workspace: &Workspace, close: &str, page: &str) {
    let place = (close, "receivables.csv");
    let words = |bucket: &str| match bucket {
        "not_due" => "Not due yet",
        "days_1_30" => "1–30 days past due",
        "days_31_60" => "31–60 days past due",
        "days_61_90" => "61–90 days past due",
        "over_90" => "More than 90 days past due",
        _ => "",
    };
    let by_age = add_up(workspace, place, "open", |row| {
        Some(words(row.get("bucket")).to_owned()).filter(|it| !it.is_empty())
    });
    let mut found = Sums::new();
    let tables = shown(page, "Open in ");
    for (currency, rows) in &tables {
        for row in rows {
            found.insert((currency.clone(), row[0].clone()), minor(&row[2]));
        }
    }
    assert!(!by_age.is_empty());
    assert_eq!(without_zeros(found), in_shown(by_age, tables.keys()), "{close}");
    let by_account = add_up(workspace, place, "open", |row| Some(row.get("account_id").to_owned()));
    for (currency, rows) in shown(page, "what accounts owe in ") {
        let mut debts: Vec<(i128, &str)> = by_account
            .iter()
            .filter(|((of, _), sum)| *of == currency && **sum > 0)
            .map(|((_, account), sum)| (-sum, account.as_str()))
            .collect();
        debts.sort_unstable();
        assert_eq!(rows.len(), debts.len().min(10));
        for (row, (debt, account)) in rows.iter().zip(debts) {
            assert!(row[0].ends_with(account), "{row:?}");
            assert_eq!(minor(&row[1]), -debt, "{close}: {account}");
        }
    }
}

fn cash(workspace: &Workspace, close: &str, page: &str) {
    // Credit notes move no money, and the parts of one payment have one instant.
    let no_money = ["credit_note", "write_off", "bank_fee", "exchange_difference"];
    let received = add_up(workspace, (close, "payments_applied.csv"), "amount", |row| {
        (!no_money.contains(&row.get("kind"))).then(|| "net".to_owned())
    });
    let mut found = Sums::new();
    if page.contains("id=\"cash\"") {
        for row in table(page, "Cash received, by month") {
            if row[0] != "All months" {
                let net = minor(row.last().expect("a cell"));
                *found.entry((row[1].clone(), "net".to_owned())).or_default() += net;
            }
        }
    }
    assert_eq!(found, received, "{close}");
}

fn revenue(workspace: &Workspace, close: &str, page: &str, before: &mut Sums) {
    let scheduled =
        add_up(workspace, (close, "revenue_schedule.csv"), "amount", |_| Some(String::new()));
    // Entries REV-… debit deferred revenue, or credit it for credits.
    let mut earned = Sums::new();
    for row in workspace.rows(&format!("output/{close}/journal.csv")) {
        let is_deferred = row.get("ledger_name") == "Deferred revenue";
        if row.get("entry").starts_with("REV-") && is_deferred {
            let side = |column: &str| match row.get(column) {
                "" => 0,
                amount => minor(amount),
            };
            let key = (row.get("currency").to_owned(), String::new());
            *earned.entry(key).or_default() += side("debit") - side("credit");
        }
    }
    let tables = shown(page, "Deferred revenue in ");
    for (currency, rows) in &tables {
        let of = |sums: &Sums| sums.get(&(currency.clone(), String::new())).copied().unwrap_or(0);
        let cells: Vec<i128> = rows.iter().map(|row| minor(&row[1])).collect();
        let expected = [of(before), of(&scheduled), -of(&earned)];
        assert_eq!(cells[..3], expected, "{close} {currency}: before, billed, earned");
        assert_eq!(cells[3], expected.iter().sum::<i128>(), "{close} {currency}");
    }
    let months = shown(page, "Revenue in ");
    for (currency, rows) in months {
        let cell = |row: &[String], column: usize| match row.get(column).map(String::as_str) {
            None | Some("") => 0,
            Some(amount) => minor(amount),
        };
        // A table without an empty column has fewer of them; both sums together are the same.
        let sum: i128 = rows.iter().map(|row| cell(row, 1) + cell(row, 2)).sum();
        let rows = &tables[&currency];
        assert_eq!(sum, minor(&rows[3][1]) - minor(&rows[2][1]), "{close} {currency}");
    }
    for (key, amount) in scheduled {
        *before.entry(key).or_default() += amount;
    }
    for (key, amount) in &earned {
        *before.entry(key.clone()).or_default() -= amount;
    }
    let deferred = without_zeros(before.clone()).into_iter();
    in_shown(deferred.chain(earned).collect(), tables.keys());
}

fn taxes(workspace: &Workspace, close: &str, page: &str) {
    let place = (close, "invoice_taxes.csv");
    let code = |row: &crate::support::Row| {
        Some(format!("{} {}", row.get("tax_name"), row.get("tax_code")))
    };
    let sums = |column: &str| add_up(workspace, place, column, code);
    let mut found = (Sums::new(), Sums::new());
    let tables = shown(page, "Tax in ");
    let [net, tax] = ["tax_base", "tax_amount"].map(|it| in_shown(sums(it), tables.keys()));
    for (currency, rows) in tables {
        for row in rows {
            // "VAT 19% standard, added"
            let (rate, rest) = row[0].split_once("% ").expect("a rate");
            let name = rate.rsplit_once(' ').expect("a name").0;
            let code = rest.split_once(',').expect("a code").0;
            let key = (currency.clone(), format!("{name} {code}"));
            *found.0.entry(key.clone()).or_default() += minor(&row[1]);
            *found.1.entry(key).or_default() += minor(&row[2]);
        }
    }
    assert_eq!(found, (net, tax), "{close}");
}

fn discounts(workspace: &Workspace, close: &str, page: &str) {
    let given = add_up(workspace, (close, "invoice_lines.csv"), "amount", |row| {
        (row.get("kind") == "discount").then(String::new)
    });
    let mut found = Sums::new();
    if page.contains("id=\"discounts\"") {
        for row in table(page, "Discounts by name") {
            *found.entry((row[1].clone(), String::new())).or_default() -= minor(&row[3]);
        }
    }
    assert_eq!(found, given, "{close}");
}

#[test]
fn credit_and_trend_are_those_of_the_summaries() {
    let workspace = company();
    let mut months: BTreeMap<(String, String), [i128; 5]> = BTreeMap::new();
    for close in CLOSES {
        let summary = workspace.read(&format!("output/{close}/summary.json"));
        let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
        let page = workspace.read(&format!("output/{close}/report.html"));
        let credit = if page.contains("id=\"credit\"") {
            table(&page, "Credit of customers")
        } else {
            Vec::new()
        };
        for (currency, totals) in summary["totals"].as_object().expect("an object") {
            let of = |key: &str| minor(totals[key].as_str().expect("an amount"));
            let paid = |key: &str| minor(totals["payments"][key].as_str().expect("an amount"));
            let row = credit.iter().find(|row| row[0] == *currency);
            let held = row.map_or(0, |row| minor(&row[row.len() - 2]));
            assert_eq!(held, of("closing_credit"), "{close} {currency}");
            let month = months.entry((currency.clone(), close[..7].to_owned())).or_default();
            let received = paid("received") - paid("returned");
            for (sum, amount) in
                month.iter_mut().zip([of("total"), of("tax"), of("amount_due"), received])
            {
                *sum += amount;
            }
            month[4] = paid("closing_receivable");
        }
        trend(&page, &months, close);
    }
    workspace.succeed(&["index", "--to", &workspace.path("all.html").display().to_string()]);
    let index = workspace.read("all.html");
    trend(&index, &months, "the index");
    for close in CLOSES {
        let summary = workspace.read(&format!("output/{close}/summary.json"));
        let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
        for (currency, rows) in shown(&index, "Closes in ") {
            let Some(totals) = summary["totals"].get(&currency) else { continue };
            let row = rows.iter().find(|row| row[0] == close).expect("a row");
            assert_eq!(minor(&row[2]), minor(totals["total"].as_str().expect("an amount")));
            assert_eq!(row[1].replace(',', ""), totals["invoices"].to_string());
        }
    }
}

/// The months up to a close: those with closes as they are, the others with what was open.
fn trend(page: &str, months: &BTreeMap<(String, String), [i128; 5]>, place: &str) {
    let newest = months.keys().map(|(_, month)| month).max().expect("a month");
    let tables = shown(page, "Billed and received in ");
    let has_two: BTreeSet<&String> =
        months.keys().filter(|(_, month)| month != newest).map(|(currency, _)| currency).collect();
    assert!(tables.keys().all(|currency| has_two.contains(currency)), "{place}");
    assert_eq!(tables.len(), has_two.len().min(CHARTED), "{place}");
    for (currency, rows) in tables {
        let mut open = 0;
        for row in &rows {
            let found: Vec<i128> = row[2..].iter().map(|cell| minor(cell)).collect();
            let expected = months.get(&(currency.clone(), month(&row[0])));
            let expected = expected.copied().unwrap_or([0, 0, 0, 0, open]);
            assert_eq!(found, expected, "{place} {currency} {}", row[0]);
            open = expected[4];
        }
        assert_eq!(month(&rows[rows.len() - 1][0]), *newest, "{place}");
    }
}

/// The cohorts of all invoices up to a close, by currency, first month and month.
fn cohorts(workspace: &Workspace, closes: &[&str]) -> BTreeMap<(String, String, String), i128> {
    let rows: Vec<_> = closes
        .iter()
        .flat_map(|close| workspace.rows(&format!("output/{close}/invoices.csv")))
        .collect();
    let mut first: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for row in &rows {
        let [account, currency, date] = row.cells(["account_id", "currency", "issue_date"]);
        let first = first.entry((currency, account)).or_insert(date);
        *first = (*first).min(date);
    }
    let mut sums = BTreeMap::new();
    for row in &rows {
        let [account, currency, date] = row.cells(["account_id", "currency", "issue_date"]);
        let first = first[&(currency, account)][..7].to_owned();
        let key = (currency.to_owned(), first, date[..7].to_owned());
        *sums.entry(key).or_default() += minor(row.get("total"));
    }
    sums
}

#[test]
fn cohorts_are_those_of_all_invoices() {
    let workspace = company();
    let page = workspace.path("closes.html").display().to_string();
    workspace.succeed(&["index", "--to", &page]);
    let places = [
        ("output/2024-03-15/report.html", &CLOSES[..2]),
        ("output/2024-07-01/report.html", &CLOSES[..]),
        ("closes.html", &CLOSES[..]),
    ];
    for (place, closes) in places {
        let page = workspace.read(place);
        let expected = cohorts(&workspace, closes);
        // The month of the close is not over.
        let newest = &closes[closes.len() - 1][..7];
        let shares = shown(&page, "Share of the first month in ");
        let is_index = place == "closes.html";
        let mut found = BTreeMap::new();
        for currency in shares.keys().filter(|_| is_index) {
            for row in table(&page, &format!("Billed in {currency} by cohort and month")) {
                found.insert((currency.clone(), month(&row[0]), month(&row[1])), minor(&row[2]));
            }
        }
        let is_retained = |first: &str| CALENDAR.iter().any(|it| first < *it && *it < newest);
        let has_history = expected.keys().filter(|(_, first, _)| is_retained(first));
        let has_history: BTreeSet<&String> = has_history.map(|(currency, _, _)| currency).collect();
        assert_eq!(shares.len(), has_history.len().min(CHARTED), "{place}");
        let expected: BTreeMap<_, _> =
            expected.iter().filter(|((of, _, _), _)| shares.contains_key(of)).collect();
        if is_index {
            assert_eq!(found.iter().collect::<BTreeMap<_, _>>(), expected);
        }
        for (currency, rows) in shares {
            for row in rows {
                let first = month(&row[0]);
                let of = |month: &str| {
                    let key = (currency.clone(), first.clone(), month.to_owned());
                    expected.get(&key).map_or(0, |sum| **sum)
                };
                assert_eq!(minor(&row[2]), of(&first));
                let next = if &first[5..] == "12" { continue } else { first[5..].parse::<u32>() };
                let next = format!("{}-{:02}", &first[..4], next.expect("a number") + 1);
                let (part, whole) = (of(&next), of(&first));
                match row.get(3).map(String::as_str) {
                    Some("–") => assert!(whole <= 0),
                    Some("") | None => assert!(*next >= *newest, "{place} {row:?}"),
                    Some(share) => {
                        let percent = minor(share.trim_end_matches('%'));
                        let off = 2 * (percent * whole - 100 * part);
                        assert!(-whole < off && off <= whole, "{place} {row:?}: {part} of {whole}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_long_register_leaves_cohorts_to_the_index() {
    let workspace = Workspace::with_input(&data("review/input"));
    workspace.write_key("input/billing.toml", "\n[pdf]\npacking = \"none\"\n");
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 29).expect("a date");
    let close = |day: u64| (first + chrono::Days::new(day)).to_string();
    for day in 0..37 {
        workspace.succeed(&["close", "--as-of", &close(day), "--bill-from-start"]);
    }
    let page = |day: u64| workspace.read(&format!("output/{}/report.html", close(day)));
    let has_cohorts = |page: String| page.contains("id=\"cohorts\"");
    assert!(has_cohorts(page(35)) && !has_cohorts(page(36)));
    workspace.succeed(&["index", "--to", &workspace.path("closes.html").display().to_string()]);
    assert!(has_cohorts(workspace.read("closes.html")));
}

#[test]
fn an_index_is_replaced_and_nothing_else_is() {
    let workspace = Workspace::with_input(&data("review/input"));
    workspace.close("2024-02-01");
    workspace.close("2024-03-01");
    let before = workspace.files("output");
    let index = |to: &str| {
        let to = workspace.path(to).display().to_string();
        workspace.run(&["index", "--to", &to])
    };
    for _ in 0..2 {
        assert!(index("closes.html").status.success());
        assert!(index("new/folder/all closes.html").status.success());
    }
    assert!(workspace.read("closes.html").contains("href=\"./output/2024-03-01/report.html\""));
    let page = workspace.read("new/folder/all closes.html");
    assert!(page.contains("href=\"../../output/2024-03-01/report.html\""));
    for among in ["output", "output/2024-02-01", "output/latest", "output/new"] {
        let refused = index(&format!("{among}/index.html"));
        assert_eq!(refused.status.code(), Some(64), "{among}");
    }
    for other in ["input/billing.toml", "link.html"] {
        if other == "link.html" {
            let page = workspace.path("closes.html");
            std::os::unix::fs::symlink(page, workspace.path(other)).expect("a link");
        }
        let bytes = workspace.read(other);
        assert_eq!(index(other).status.code(), Some(73), "{other}");
        assert_eq!(workspace.read(other), bytes);
    }
    assert_eq!(workspace.files("output"), before, "closes are only read");
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn an_index_names_what_to_look_at() {
    let workspace = Workspace::with_sample();
    let zone = workspace.read("input/billing.toml");
    let zone = zone.replace("timezone = \"UTC\"", "timezone = \"America/New_York\"");
    workspace.write("input/billing.toml", &zone);
    workspace.succeed(&["open", "--as-of", "2020-05-01"]);
    workspace
        .append("input/adjustments.csv", "adj-x,kumu-basic,2020-06-01,USD,nine,Typo,Services,,,,");
    workspace.run(&["close", "--as-of", "2020-06-28", "--withhold"]);
    workspace.succeed(&["index", "--to", &workspace.path("index.html").display().to_string()]);
    let page = workspace.read("index.html");
    assert!(page.contains("began the register; billed nothing"));
    assert!(page.contains(">1 account withheld</a>"));
    assert!(page.contains("Times are those of America/New_York"));
    assert!(page.contains("28 Jun 2020, 00:00</time>") && !page.contains(">2020-06-28T04"));
}

#[test]
fn what_is_due_above_the_total_has_a_reason() {
    let workspace = Workspace::with_latin_sample();
    workspace.succeed(&["close", "--as-of", "2020-05-20", "--bill-from-start"]);
    workspace.succeed(&["close", "--as-of", "2020-06-28"]);
    let page = workspace.read("output/2020-06-28/report.html");
    assert!(page.contains("Due is 417.16 above what was billed"));
    assert!(page.contains("Open from earlier closes"));
    assert!(page.contains(
        "<time class=\"nowrap\" datetime=\"2020-06-28T00:00:00Z\">28 Jun 2020, 00:00</time> (UTC)"
    ));
}
