//! What is credited is what was charged: no invoice is credited more than it charged, whoever credits
//! it, and what is wholly taken back comes to nothing, in every schedule of closes. Everything here
//! goes through closes in a folder and their register.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;

use crate::inside::workspace::{Row, Workspace};
use crate::model::IssuedPart;
use crate::pipeline::{self, CloseArgs, Folders, RunError};
use crate::register::Register;
use crate::value::{Amount, AsOf, Instant};

/// One account with two subscriptions that begin on 1 January 2021, what happens to them in two
/// months, and adjustments that name the first invoice.
#[derive(Clone, Debug)]
struct Company {
    /// `[tax]` and `[invoice]` of billing.toml.
    settings: String,
    tax_rates: &'static str,
    /// Of each price: the amount of a unit, its policy, its granularity and its tax code.
    prices: Vec<(u32, &'static str, &'static str, &'static str)>,
    quantities: [u32; 2],
    /// Hours after the start, which subscription, and what happens to it.
    changes: Vec<(u32, usize, Happening)>,
    /// Hours after the start, and the minor units that are credited.
    adjustments: Vec<(u32, u32)>,
    /// Hours after the start, if the first invoice is void.
    void: Option<u32>,
    discount: Option<&'static str>,
    /// Hours after the start at which everybody on the first price moves to the second, and when that
    /// counts.
    list: Option<(u32, &'static str)>,
    /// Hours after the start at which the account moves to Germany, and then to France.
    moves: Vec<u32>,
}

/// The place of the price list among the rows that may be late.
const LIST: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Quantity(u32),
    Price(usize),
    Cancel,
    Restart,
}

/// Rates anywhere, and those of two countries that the account moves to.
const RATES: [&str; 7] = [
    "code,name,percent,behavior,country\nlow,VAT,5,exclusive,\nhigh,VAT,19,exclusive,\n\
     low,MwSt,7,exclusive,DE\nhigh,TVA,20,exclusive,FR\n",
    "code,name,percent,behavior,country\nlow,VAT,5.5,exclusive,\nhigh,VAT,19,inclusive,\n\
     low,MwSt,7,inclusive,DE\nhigh,MwSt,16,exclusive,DE\n",
    "code,name,percent,behavior,country\nlow,VAT,7,inclusive,\nhigh,VAT,7.7,inclusive,\n\
     high,TVA,20,inclusive,FR\n",
    "code,name,percent,behavior,country\nlow,VAT,0,exclusive,\nhigh,VAT,20,exclusive,\n\
     low,TVA,5.5,exclusive,FR\nhigh,MwSt,0,exclusive,DE\n",
    // Several taxes on a line: added, one on top of the other, and in the price.
    "code,name,percent,component,country\nlow,GST,5,gst,\nlow,QST,9.975,qst,\nhigh,CGST,9,c,\n\
     high,SGST,9,s,\nlow,MwSt,7,,DE\nhigh,PST,7,pst,FR\nhigh,GST,5,gst,FR\n",
    "code,name,percent,component,compound\nlow,GST,5,gst,\nlow,QST,7.5,qst,true\nhigh,VAT,19,,\n",
    "code,name,percent,behavior,component\nlow,State,6.25,inclusive,state\n\
     low,County,1.125,inclusive,county\nlow,City,0.5,inclusive,city\nhigh,VAT,7,inclusive,\n",
];

fn company() -> impl Strategy<Value = Company> {
    let word = |words: &'static [&'static str]| proptest::sample::select(words);
    let settings = (
        word(&["rate", "line", "document"]),
        word(&["inline", "separate"]),
        word(&["pairs", "net"]),
        word(&["half_up", "up", "down"]),
        word(&["half_up", "up", "down"]),
    );
    let settings = settings.prop_map(|(round_per, notes, lines, of_tax, of_lines)| {
        format!(
            "[tax]\nround_per = \"{round_per}\"\nrounding = \"{of_tax}\"\n\
             [proration]\nrounding = \"{of_lines}\"\n\
             [invoice]\ncredit_notes = \"{notes}\"\nproration_lines = \"{lines}\"\n"
        )
    });
    let price = (
        1_u32..30_000,
        word(&["immediate", "next_invoice"]),
        word(&["second", "day", "period"]),
        word(&["low", "high", ""]),
    );
    let happening = prop_oneof![
        8 => (0_u32..7).prop_map(Happening::Quantity),
        2 => (0_usize..2).prop_map(Happening::Price),
        1 => Just(Happening::Cancel),
        1 => Just(Happening::Restart),
    ];
    let list = (1_u32..60 * 24, word(&["at_renewal", "at_once"]));
    let changes = (1_u32..60 * 24, 0_usize..2, happening);
    let adjustments = (1_u32..60 * 24, 1_u32..40_000);
    (
        (settings, proptest::sample::select(&RATES[..])),
        proptest::collection::vec(price, 2),
        [1_u32..7, 0_u32..7],
        proptest::collection::vec(changes, 0..6),
        proptest::collection::vec(adjustments, 0..3),
        proptest::option::of(1_u32..60 * 24),
        (proptest::option::of(word(&["percent", "amount"])), proptest::option::of(list)),
        proptest::collection::btree_set(1_u32..60 * 24, 0..3),
    )
        .prop_map(
            |(
                (settings, tax_rates),
                prices,
                quantities,
                changes,
                adjustments,
                void,
                (discount, list),
                moves,
            )| {
                let moves = moves.into_iter().collect();
                let mut company = Company {
                    settings,
                    tax_rates,
                    prices,
                    quantities,
                    changes,
                    adjustments,
                    void,
                    discount,
                    list,
                    moves,
                };
                company.changes.sort_unstable();
                company.changes.dedup_by_key(|(hour, subscription, _)| (*hour, *subscription));
                company
            },
        )
}

/// Which rows are late: of changes, of adjustments and of moves.
#[derive(Clone, Debug, Default)]
struct Late {
    changes: BTreeSet<usize>,
    adjustments: BTreeSet<usize>,
    moves: BTreeSet<usize>,
}

fn late() -> impl Strategy<Value = Late> {
    let some = |most: usize, count: usize| proptest::collection::btree_set(0..most, 0..count);
    (some(6, 3), some(VOID + 1, 2), some(2, 2)).prop_map(|(changes, adjustments, moves)| Late {
        changes,
        adjustments,
        moves,
    })
}

impl Company {
    /// A workspace with its input: `late` rows are not there yet.
    fn workspace(&self, late: &Late) -> Workspace {
        let workspace = Workspace::empty();
        let seller = "timezone = \"UTC\"\n[seller]\nname = \"Seats Ltd\"\naddress_line1 = \"1 Mill Lane\"\n\
                      city = \"Bristol\"\ncountry = \"United Kingdom\"\ntax_id = \"GB123456789\"\n\
                      [pdf]\npacking = \"none\"\n";
        workspace.write("input/billing.toml", &format!("{seller}{}", self.settings));
        workspace.write("input/tax_rates.csv", self.tax_rates);
        workspace.write("input/accounts.csv", "account_id,name,email\na,Acme,a@acme.example\n");
        let mut prices = "price_id,product,currency,unit_amount,interval,on_increase,on_decrease,\
                          on_cancel,granularity,tax_code\n"
            .to_owned();
        for (index, (amount, policy, granularity, code)) in self.prices.iter().enumerate() {
            let (whole, cents) = (amount / 100, amount % 100);
            let _ = writeln!(
                prices,
                "p{index},Seats {index},EUR,{whole}.{cents:02},month,{policy},{policy},immediate,{granularity},{code}"
            );
        }
        workspace.write("input/prices.csv", &prices);
        let [first, second] = self.quantities;
        workspace.write(
            "input/subscriptions.csv",
            &format!(
                "subscription_id,account_id,price_id,quantity,started_at\n\
                 s0,a,p0,{first},2021-01-01\ns1,a,p1,{second},2021-01-01\n"
            ),
        );
        self.write_changes(&workspace, late);
        self.write_moves(&workspace, late);
        if let Some(kind) = self.discount {
            let value = if kind == "percent" { "12.5,," } else { ",3.33,EUR" };
            workspace.write(
                "input/discounts.csv",
                &format!(
                    "discount_id,name,account_id,percent,amount,currency,starts_at,duration\n\
                     d,Offer,a,{value},2021-01-01,forever\n"
                ),
            );
        }
        workspace
    }

    fn write_moves(&self, workspace: &Workspace, late: &Late) {
        let mut rows = "account_id,at,column,value\n".to_owned();
        let moves = self.moves.iter().enumerate().filter(|(it, _)| !late.moves.contains(it));
        for (index, hour) in moves {
            let _ = writeln!(rows, "a,{},country,{}", time(*hour), ["DE", "FR"][index]);
        }
        workspace.write("input/account_changes.csv", &rows);
    }

    fn write_changes(&self, workspace: &Workspace, late: &Late) {
        let mut rows = "change_id,at,subscription_id,kind,quantity,price_id\n".to_owned();
        let changes = self.changes.iter().enumerate();
        for (index, (hour, subscription, happening)) in
            changes.filter(|(it, _)| !late.changes.contains(it))
        {
            let what = match happening {
                Happening::Quantity(quantity) => format!("quantity,{quantity},"),
                Happening::Price(price) => format!("price,,p{price}"),
                Happening::Cancel => "cancel,,".to_owned(),
                Happening::Restart => "restart,,".to_owned(),
            };
            let _ = writeln!(rows, "c{index},{},s{subscription},{what}", time(*hour));
        }
        workspace.write("input/changes.csv", &rows);
        if let Some((hour, applies)) = self.list.filter(|_| !late.changes.contains(&LIST)) {
            let head = "price_change_id,price_id,new_price_id,from,applies";
            let list = format!("{head}\nlist,p0,p1,{},{applies}\n", time(hour));
            workspace.write("input/price_changes.csv", &list);
        }
    }

    /// Adjustments that name the first invoice, once there is one; each rate that it has gets some.
    fn write_adjustments(&self, workspace: &Workspace, late: &Late) {
        let issued = workspace.rows("output/2021-01-01/invoice_lines.csv");
        let codes: Vec<&str> = issued.iter().map(|line| line.get("tax_code")).collect();
        let mut rows = "adjustment_id,account_id,at,currency,amount,description,tax_code,timing,\
                        credits_invoice\n"
            .to_owned();
        for (index, (hour, minor)) in self.adjustments.iter().enumerate() {
            let (at, whole, cents) = (time(*hour), minor / 100, minor % 100);
            let code = codes[index % codes.len()];
            if late.adjustments.contains(&index)
                || (code.is_empty() && codes.iter().any(|it| !it.is_empty()))
            {
                continue;
            }
            let _ = writeln!(
                rows,
                "a{index},a,{at},EUR,-{whole}.{cents:02},Goodwill,{code},immediate,INV-2021-00001"
            );
        }
        workspace.write("input/adjustments.csv", &rows);
        // The place of the void among what may be late.
        if let Some(hour) = self.void.filter(|_| !late.adjustments.contains(&VOID)) {
            let row = format!("INV-2021-00001,{},by mistake\n", time(hour));
            workspace.write("input/voids.csv", &format!("invoice_number,at,reason\n{row}"));
        }
    }
}

const VOID: usize = 3;

fn time(hour: u32) -> String {
    let (month, day) = if hour < 31 * 24 { (1, hour / 24 + 1) } else { (2, hour / 24 - 30) };
    let (month, day) = if day > 28 && month == 2 { (3, day - 28) } else { (month, day) };
    format!("2021-{month:02}-{day:02}T{:02}:00:00Z", hour % 24)
}

const CLOSES: [&str; 6] =
    ["2021-01-09", "2021-01-20", "2021-02-01", "2021-02-14", "2021-03-01", "2021-03-05"];

/// What lines come to, by key and by rate.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    keys: BTreeMap<String, i64>,
    rates: BTreeMap<String, (i64, i64)>,
    /// The tax of each rate, and of each of several taxes on a line.
    taxes: BTreeMap<String, i64>,
}

impl Sums {
    /// What is taxed at each rate.
    fn bases(&self) -> BTreeMap<&str, i64> {
        let bases = self.rates.iter().map(|(rate, (base, _))| (rate.as_str(), *base));
        bases.filter(|(_, base)| *base != 0).collect()
    }
}

fn sums(workspace: &Workspace) -> Sums {
    let mut sums = Sums::default();
    for row in all_lines(workspace) {
        let (amount, tax) = (minor(row.get("amount")), minor(row.get("tax_amount")));
        // A pair of lines may be shown as one, or as two where one of them is cut.
        let key = ["/net/", "/unused/", "/remaining/"]
            .iter()
            .fold(row.get("line_key").to_owned(), |key, cause| key.replace(cause, "/change/"));
        *sums.keys.entry(key).or_default() += amount;
        let rate = format!("{} {}", row.get("tax_code"), row.get("tax_rate"));
        let rate = sums.rates.entry(rate).or_default();
        *rate = (rate.0 + amount, rate.1 + tax);
    }
    for row in rows(workspace, "invoice_taxes.csv") {
        *sums.taxes.entry(row.get("tax_code").to_owned()).or_default() +=
            minor(row.get("tax_amount"));
    }
    sums.keys.retain(|_, amount| *amount != 0);
    sums.taxes.retain(|_, tax| *tax != 0);
    sums
}

fn all_lines(workspace: &Workspace) -> Vec<Row> {
    rows(workspace, "invoice_lines.csv")
}

/// The rows of a table of all closes.
fn rows(workspace: &Workspace, table: &str) -> Vec<Row> {
    let mut closes: Vec<String> = std::fs::read_dir(workspace.path("output"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("2021-"))
        .collect();
    closes.sort();
    let tables = closes.iter().map(|close| format!("output/{close}/{table}"));
    tables.flat_map(|table| workspace.rows(&table)).collect()
}

fn minor(text: &str) -> i64 {
    text.replace('.', "").parse().expect("an amount with two digits")
}

/// No invoice has been credited more than it charged, at no rate, and what is credited of its tax is
/// its share.
fn within_bounds(workspace: &Workspace) -> Result<(), TestCaseError> {
    let settings = workspace.read("input/billing.toml");
    let of_tax = settings.split("[proration]").next().unwrap_or_default();
    let is_one_way = !of_tax.contains("half_up");
    let register = Register::open(&workspace.path("output")).expect("it opens");
    let lines = all_lines(workspace);
    let numbers: BTreeSet<&str> = lines.iter().map(|row| row.get("invoice_number")).collect();
    for (number, issued) in register.issued(&numbers, None).expect("it reads") {
        for part in &issued.parts {
            let [base, credited] = [part.base, part.credited_base].map(Amount::minor);
            let is_within = |part: i64, whole: i64| whole.min(0) <= part && part <= whole.max(0);
            prop_assert!(is_within(credited, base), "{number}: {part:?}");
            for (tax, credited_tax) in taxes_of(part) {
                prop_assert!(is_within(credited_tax, tax), "{number}: {part:?}");
                if base != 0 {
                    // Half a unit from the exact share at most, and less than one if all goes one way.
                    let off = (i128::from(tax) * i128::from(credited)
                        - i128::from(credited_tax) * i128::from(base))
                    .abs();
                    let whole = i128::from(base).abs();
                    let is_close = if is_one_way { off < whole } else { 2 * off <= whole };
                    prop_assert!(is_close, "{number}: {part:?}");
                }
                if credited == base {
                    prop_assert_eq!(credited_tax, tax, "{} {:?}", number, part);
                }
            }
        }
    }
    Ok(())
}

/// The tax of a part, or each of its taxes, with what of it is credited.
fn taxes_of(part: &IssuedPart) -> Vec<(i64, i64)> {
    let credited = part.credited_parts.amounts().iter().copied().map(Amount::minor);
    let credited = credited.chain(std::iter::repeat(0));
    let taxes = part.tax_parts.amounts().iter().copied().map(Amount::minor);
    match taxes.zip(credited).collect::<Vec<_>>() {
        none if none.is_empty() => vec![(part.tax.minor(), part.credited_tax.minor())],
        several => several,
    }
}

fn places(workspace: &Workspace) -> Folders {
    Folders { input: workspace.path("input"), output: workspace.path("output") }
}

/// A close, however long after the one before it. A void of an invoice of which nothing is left is
/// no case.
fn close(
    workspace: &Workspace,
    as_of: &str,
    accept_history_change: bool,
) -> Result<(), TestCaseError> {
    let as_of = AsOf::parse(as_of).expect("a moment");
    let now = Instant::from_unix_seconds(1_800_000_000);
    let args = CloseArgs::new(places(workspace), as_of, now);
    let args = CloseArgs { accept_history_change, catch_up: true, ..args };
    match pipeline::close(&args) {
        Ok(_) => Ok(()),
        Err(RunError::Problems { problems, .. })
            if problems.kept().iter().all(|it| it.rule == "has nothing left to credit") =>
        {
            Err(TestCaseError::reject("nothing is left"))
        }
        Err(error) => panic!("{error}"),
    }
}

/// Every close, derived again from the inputs.
fn verify(workspace: &Workspace) {
    crate::commands::verify(&places(workspace), true).unwrap_or_else(|error| panic!("{error}"));
}

/// Runs closes: changes and adjustments arrive with the close that they are to be late for.
fn run(company: &Company, closes: &[&str], late: &Late) -> Result<Workspace, TestCaseError> {
    let workspace = company.workspace(late);
    close(&workspace, "2021-01-01", false)?;
    if workspace.rows("output/2021-01-01/invoice_lines.csv").is_empty() {
        return Err(TestCaseError::reject("nothing was charged"));
    }
    company.write_adjustments(&workspace, late);
    for (index, close) in closes.iter().enumerate() {
        if index + 1 == closes.len() {
            let nothing = Late::default();
            company.write_changes(&workspace, &nothing);
            company.write_moves(&workspace, &nothing);
            company.write_adjustments(&workspace, &nothing);
        }
        self::close(&workspace, close, false)?;
        within_bounds(&workspace)?;
    }
    Ok(workspace)
}

fn schedule() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(&CLOSES[..5], 0..=5).prop_map(|mut closes| {
        closes.push(CLOSES[5]);
        closes
    })
}

fn cases() -> ProptestConfig {
    // Each case closes several times, on a disk.
    ProptestConfig { cases: super::cases().cases / 16, ..super::cases() }
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever was charged and credited: if the log says in the end that nothing was held, every
    /// rate comes to nothing, with its tax.
    #[test]
    fn what_is_wholly_taken_back_comes_to_nothing(company in company(), closes in schedule()) {
        let workspace = run(&company, &closes, &Late::default())?;
        workspace.write(
            "input/changes.csv",
            "change_id,at,subscription_id,kind,quantity\n\
             z0,2021-01-01,s0,quantity,0\nz1,2021-01-01,s1,quantity,0\n",
        );
        close(&workspace, "2021-03-06", true)?;
        within_bounds(&workspace)?;
        let left = sums(&workspace);
        prop_assert!(left.keys.is_empty(), "{left:?}");
        prop_assert!(left.rates.values().all(|sums| *sums == (0, 0)), "{left:?}");
        prop_assert!(left.taxes.is_empty(), "{left:?}");
        verify(&workspace);
    }

    /// When the job runs makes no difference to what is charged and credited, and neither does when
    /// a change, an adjustment or a move of the account arrives.
    #[test]
    fn credits_are_the_same_in_every_schedule(
        company in company(),
        closes in schedule(),
        late in late(),
    ) {
        let timely = run(&company, &CLOSES, &Late::default())?;
        let other = run(&company, &closes, &Late::default())?;
        prop_assert_eq!(sums(&timely), sums(&other));
        let arriving = run(&company, &closes, &late)?;
        let (timely, arriving_sums) = (sums(&timely), sums(&arriving));
        prop_assert_eq!(&timely.keys, &arriving_sums.keys);
        prop_assert_eq!(timely.bases(), arriving_sums.bases());
        verify(&arriving);
    }
}
