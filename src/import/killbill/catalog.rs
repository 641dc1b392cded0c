//! The catalog: plans, their phases, and what a phase costs.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::xml::Element;
use crate::import::company::Price;
use crate::import::export_table::ExportFolder;
use crate::import::period::Length;
use crate::import::values::plain;
use crate::value::{Currency, parse_decimal};

const FILE: &str = "catalog.xml";

/// A phase of a plan.
#[derive(Clone, Debug)]
pub(super) struct Phase {
    product: String,
    /// What it costs; `None` if nothing recurs.
    recurring: Option<Recurring>,
    /// Why it cannot be taken over.
    pub(super) why_not: Option<[&'static str; 2]>,
}

#[derive(Clone, Debug)]
struct Recurring {
    unit: &'static str,
    count: u32,
    length: Length,
    prices: BTreeMap<&'static str, Decimal>,
}

/// The phases by name: that of the plan with the type of the phase.
pub(super) type Catalog = BTreeMap<String, Phase>;

/// Reads the catalog.
pub(super) fn read(folder: &mut ExportFolder<'_>) -> Catalog {
    let paths = folder.take(FILE);
    let path = folder.path(FILE);
    if paths.len() != 1 {
        let hint = "save GET /1.0/kb/catalog/xml, the version that is in force, under this name";
        folder.report(&path, None, "is missing", hint);
        return Catalog::new();
    }
    let Some(bytes) = folder.bytes(&path) else { return Catalog::new() };
    match Element::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(root) => catalog(&root, folder),
        Err(error) => {
            let rule = format!("is no XML: {error}");
            folder.report(&path, None, &rule, "export the catalog again");
            Catalog::new()
        }
    }
}

fn catalog(root: &Element, folder: &mut ExportFolder<'_>) -> Catalog {
    let path = folder.path(FILE);
    // A file of all versions has them below one root.
    let versions: Vec<&Element> = root.all("version").collect();
    let root = match versions.as_slice() {
        [] => root,
        [only] => only,
        _ => {
            let hint = "keep the version that is in force";
            folder.report(&path, None, "has several versions", hint);
            return Catalog::new();
        }
    };
    let mode = root.text("recurringBillingMode");
    let names: BTreeMap<&str, &str> = root
        .child("products")
        .into_iter()
        .flat_map(|products| products.all("product"))
        .map(|product| (product.attribute("name"), shown(product)))
        .collect();
    let mut catalog = Catalog::new();
    for plan in root.child("plans").into_iter().flat_map(|plans| plans.all("plan")) {
        let own = plan.text("recurringBillingMode");
        let is_arrears = if own.is_empty() { mode } else { own } == "IN_ARREAR";
        let product = plan.text("product");
        let product = names.get(product).copied().unwrap_or(product);
        let initial = plan.child("initialPhases").into_iter().flat_map(|it| it.all("phase"));
        for phase in initial.chain(plan.child("finalPhase")) {
            let kind = phase.attribute("type").to_lowercase();
            let name = format!("{}-{kind}", plan.attribute("name"));
            match self::phase(phase, product, is_arrears) {
                Ok(phase) => drop(catalog.insert(name, phase)),
                Err(value) => {
                    let rule = format!("has a price or a period that cannot be read: {value}");
                    let hint = format!("correct phase {name}, or export the catalog again");
                    folder.report(&path, None, &rule, &hint);
                }
            }
        }
    }
    catalog
}

/// The name for people, if there is one.
fn shown(product: &Element) -> &str {
    match product.attribute("prettyName") {
        "" => product.attribute("name"),
        name => name,
    }
}

fn phase(phase: &Element, product: &str, is_arrears: bool) -> Result<Phase, String> {
    let has_usage = phase.child("usages").is_some_and(|usages| usages.all("usage").count() > 0);
    let recurring = phase.child("recurring");
    let is_fixed = phase.child("fixed").is_some_and(is_charged);
    let why_not = if has_usage {
        Some(["the plan has metered usage", "bill it with another program"])
    } else if is_arrears && recurring.is_some() {
        Some([
            "the plan is billed in arrears, and the period that runs is not billed yet",
            "write it by hand: billing = arrears in prices.csv, and the start of that period",
        ])
    } else if is_fixed {
        Some(["the phase has a fixed price", "write a row of adjustments.csv if it is still due"])
    } else {
        None
    };
    let recurring = match recurring {
        Some(recurring) => self::recurring(recurring)?,
        None => None,
    };
    Ok(Phase { product: product.to_owned(), recurring, why_not })
}

/// Whether a fixed price is above 0. An empty price is 0.
fn is_charged(fixed: &Element) -> bool {
    let prices = fixed.child("fixedPrice").into_iter().flat_map(|it| it.all("price"));
    prices.map(|price| price.text("value")).any(|value| !value.trim_matches(['0', '.']).is_empty())
}

fn recurring(recurring: &Element) -> Result<Option<Recurring>, String> {
    let period = recurring.text("billingPeriod");
    let (unit, count) = match period {
        "NO_BILLING_PERIOD" => return Ok(None),
        "DAILY" => ("day", 1),
        "WEEKLY" => ("week", 1),
        "BIWEEKLY" => ("week", 2),
        "THIRTY_DAYS" => ("day", 30),
        "SIXTY_DAYS" => ("day", 60),
        "NINETY_DAYS" => ("day", 90),
        "MONTHLY" => ("month", 1),
        "BIMESTRIAL" => ("month", 2),
        "QUARTERLY" => ("month", 3),
        "TRIANNUAL" => ("month", 4),
        "BIANNUAL" => ("month", 6),
        "ANNUAL" => ("year", 1),
        "SESQUIENNIAL" => ("month", 18),
        "BIENNIAL" => ("year", 2),
        "TRIENNIAL" => ("year", 3),
        other => return Err(format!("{other:?}")),
    };
    let length = Length::of(unit, count).ok_or("no period")?;
    let mut prices = BTreeMap::new();
    for price in recurring.child("recurringPrice").into_iter().flat_map(|it| it.all("price")) {
        let (currency, value) = (price.text("currency"), price.text("value"));
        let code = Currency::from_code(currency).ok_or_else(|| format!("{currency:?}"))?;
        let value = parse_decimal(value).map_err(|error| format!("{value:?} {error}"))?;
        prices.insert(code.code(), value);
    }
    Ok(Some(Recurring { unit, count, length, prices }))
}

impl Phase {
    /// The price in a currency, and the length of its period.
    pub(super) fn price(&self, name: &str, currency: Currency) -> Option<(Price, Decimal, Length)> {
        let Recurring { unit, count, length, prices } = self.recurring.as_ref()?;
        let amount = *prices.get(currency.code())?;
        let price = Price {
            price_id: format!("{name}:{currency}"),
            product: self.product.clone(),
            currency: currency.code().to_owned(),
            unit_amount: plain(amount),
            interval: (*unit).to_owned(),
            interval_count: count.to_string(),
            scheme: "per_unit".to_owned(),
            // As docs/conventions.md proves it.
            granularity: "day".to_owned(),
            on_increase: "immediate".to_owned(),
            on_decrease: "immediate".to_owned(),
            on_switch: "keep_anchor".to_owned(),
            ..Price::default()
        };
        Some((price, amount, *length))
    }

    /// Whether something recurs.
    pub(super) const fn recurs(&self) -> bool {
        self.recurring.is_some()
    }
}
