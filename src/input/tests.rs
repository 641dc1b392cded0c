//! Tests the remaining files without errors. `tests/data/errors` covers the errors.

use std::fs;

use super::{Loaded, load};
use crate::config;
use crate::model::{
    AdjustmentTiming, DiscountValue, Duration, Excess, TaxBehavior, TaxFacts, TaxTreatment,
};
use crate::value::{Amount, Instant, Moment, Zone};

const BASE: [(&str, &str); 5] = [
    ("billing.toml", "timezone = \"America/New_York\"\n[seller]\nname = \"Example\"\n"),
    (
        "accounts.csv",
        "account_id,name,email,timezone\n\
         free,Free,a@example.com,UTC\n\
         pine,Pine,b@example.com,Europe/Berlin\n\
         olive,Olive,c@example.com,UTC\n",
    ),
    (
        "prices.csv",
        "price_id,product,currency,unit_amount,interval\n\
         seat,Seats,EUR,9.00,month\n",
    ),
    (
        "subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\n\
         olive-seats,olive,seat,3,2020-05-01\n\
         pine-seats,pine,seat,3,2020-05-01\n",
    ),
    ("changes.csv", "change_id,at,subscription_id,kind\n"),
];

/// Reads the base input with another file.
fn loaded(name: &str, content: &str) -> Loaded {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, content) in BASE.into_iter().chain([(name, content)]) {
        fs::write(folder.path().join(name), content).expect("a file in it");
    }
    let (settings, _) = config::load(folder.path()).expect("settings");
    load(
        folder.path(),
        &settings,
        crate::model::ExcludedAccounts::default(),
        crate::model::Shard::WHOLE,
    )
    .expect("all files are there")
}

/// Reads a file without errors.
fn sound(name: &str, content: &str) -> Loaded {
    let loaded = loaded(name, content);
    assert_eq!(loaded.problems.kept(), []);
    assert_eq!(loaded.warnings, []);
    assert!(loaded.is_whole(name) && loaded.sources.iter().any(|source| source.name == name));
    loaded
}

fn instant(text: &str) -> Instant {
    Moment::parse(text).expect("a moment").at(Zone::UTC)
}

#[test]
fn tax_rates_mean_what_their_rows_say() {
    let loaded = sound(
        "tax_rates.csv",
        "code,name,percent,country,behavior,treatment,note,valid_from,valid_to\n\
         standard,VAT,19.00,Germany,,,,,2020-06-30\n\
         standard,VAT,16,Germany,inclusive,,,2020-07-01,2020-12-31\n\
         reverse,VAT,0,,,reverse_charge,,,\n\
         school,VAT,0,,,exempt,Art. 132,,\n",
    );
    let rate = |code: &str, date: &str| {
        let facts = TaxFacts { country: "germany".into(), ..TaxFacts::default() };
        let date = date.parse().expect("a date");
        let rate = loaded.book.taxes.find(&code.into(), &facts, date).expect("a rate");
        (*rate.terms).clone()
    };
    let before = rate("standard", "2020-06-30");
    assert_eq!(
        (before.percent.to_string().as_str(), before.behavior),
        ("19", TaxBehavior::Exclusive)
    );
    let after = rate("standard", "2020-07-01");
    assert_eq!(
        (after.percent.to_string().as_str(), after.behavior),
        ("16", TaxBehavior::Inclusive)
    );
    let reverse = rate("reverse", "2020-07-01");
    assert_eq!(
        (&*reverse.note, reverse.treatment),
        ("Reverse charge", TaxTreatment::ReverseCharge)
    );
    let school = rate("school", "2020-07-01");
    assert_eq!((&*school.note, school.treatment), ("Art. 132", TaxTreatment::Exempt));
}

#[test]
fn discounts_stand_by_the_accounts_they_may_concern() {
    let loaded = sound(
        "discounts.csv",
        "discount_id,name,account_id,subscription_id,product,percent,amount,currency,starts_at,\
         duration,periods,ends_at,excess\n\
         all,All seats,,,Seats,12.5,,,2020-05-01,,,,\n\
         one,One,,olive-seats,,,5.00,EUR,2020-05-01,periods,3,,credit\n\
         free,Free,free,,,100,,,2020-05-01,until,,2020-06-01,\n\
         pine,Pine,pine,pine-seats,,10,,,2020-05-01T00:00:00Z,once,,,drop\n",
    );
    let book = &loaded.book;
    assert_eq!(book.discounts_of, [vec![2], vec![0, 3], vec![0, 1]]);
    let [all, one, free, pine] = book.discounts.as_slice() else { panic!("four discounts") };
    assert_eq!((all.account, all.product.as_deref()), (None, Some("Seats")));
    assert_eq!((all.duration, all.excess), (Duration::Forever, Excess::Drop));
    let eur = book.prices[0].currency;
    assert_eq!(one.value, DiscountValue::Amount(Amount::from_minor(500), eur));
    assert_eq!((one.account, one.subscription.as_deref()), (Some(2), Some("olive-seats")));
    assert_eq!((one.duration, one.excess), (Duration::Periods(3), Excess::Credit));
    assert!(matches!(free.duration, Duration::Until(Moment::Date(_))));
    assert_eq!((pine.account, pine.duration), (Some(1), Duration::Once));
}

#[test]
fn adjustments_stand_by_account_then_instant_then_file() {
    let loaded = sound(
        "adjustments.csv",
        "adjustment_id,account_id,at,currency,amount,description,product,taxable,timing,\
         credits_invoice\n\
         d,olive,2020-06-02,EUR,1.00,Fourth,,,,\n\
         b,pine,2020-06-02,EUR,-50.00,Second,Seats,false,immediate,INV-1\n\
         a,pine,2020-06-01T21:59:59Z,EUR,1.00,First,,,next_invoice,\n\
         c,pine,2020-06-01T22:00:00Z,EUR,1.00,Third,,true,,\n",
    );
    let book = &loaded.book;
    let ids: Vec<&str> = book.adjustments.iter().map(|adjustment| &*adjustment.id).collect();
    assert_eq!(ids, ["a", "b", "c", "d"]);
    assert_eq!(book.adjustments_of, [0..0, 0..3, 3..4]);
    let [first, second, ..] = book.adjustments_for(1) else { panic!("three adjustments") };
    assert_eq!((first.taxable, first.timing), (true, AdjustmentTiming::NextInvoice));
    assert_eq!(&*first.product, "Adjustments");
    // Midnight in Berlin, where the account is.
    assert_eq!(second.at, instant("2020-06-01T22:00:00Z"));
    assert_eq!((second.amount, second.taxable), (Amount::from_minor(-5000), false));
    assert_eq!(second.timing, AdjustmentTiming::Immediate);
    assert_eq!((&*second.product, second.credits_invoice.as_deref()), ("Seats", Some("INV-1")));
}

#[test]
fn payments_stand_by_instant_in_the_calendar_of_whoever_is_known() {
    let loaded = sound(
        "payments.csv",
        "payment_id,at,account_id,invoice_number,amount,currency,method\n\
         by-number,2020-06-02,,INV-1,9.00,EUR,Visa •••• 4242\n\
         by-account,2020-06-02,pine,,-9.00,EUR,\n",
    );
    let [berlin, new_york] = loaded.book.payments.as_slice() else { panic!("two payments") };
    assert_eq!((&*berlin.id, berlin.account), ("by-account", Some(1)));
    assert_eq!(
        (berlin.at, berlin.amount),
        (instant("2020-06-01T22:00:00Z"), Amount::from_minor(-900))
    );
    assert_eq!(new_york.at, instant("2020-06-02T04:00:00Z"));
    assert_eq!((new_york.account, new_york.invoice_number.as_deref()), (None, Some("INV-1")));
    assert_eq!(&*new_york.method, "Visa •••• 4242");
}

#[test]
fn rates_share_a_day_or_not_whatever_their_order() {
    let problems = |rows: &[&str]| {
        let header = "code,name,percent,country,valid_from,valid_to";
        let rows = rows.iter().map(|row| format!("vat,VAT,20,{row}"));
        let rows: Vec<String> = std::iter::once(header.to_owned()).chain(rows).collect();
        let loaded = loaded("tax_rates.csv", &rows.join("\n"));
        let found = loaded.problems.kept().iter().map(|problem| problem.line.unwrap_or_default());
        found.collect::<Vec<u64>>()
    };
    assert_eq!(problems(&["A,2020-07-01,", "A,,2020-06-30", "B,,", ",,"]), [0; 0]);
    assert_eq!(problems(&["A,2020-07-01,", "A,,2020-07-01"]), [3]);
    assert_eq!(problems(&["A,,", "a ,2020-01-01,2020-01-31"]), [3]);
    // The first row overlaps the second and the third.
    assert_eq!(
        problems(&["A,,2021-12-31", "B,,", "A,2020-01-01,2020-01-31", "A,2021-01-01,"]),
        [4, 5]
    );
    let broken = loaded("tax_rates.csv", "code,name,percent\nvat,VAT,many\n");
    assert!(!broken.is_whole("tax_rates.csv") && broken.is_whole("accounts.csv"));
}
