//! Digests of billed rows, so that a changed history is noticed.
//!
//! They cover only values that decide money: a corrected note or address is not a change of
//! history. Digests are the first 128 bits of SHA-256.

use std::fmt;
use std::fmt::Write as _;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use crate::hash::Digest;
use crate::model::{
    Account, Adjustment, CalendarStart, CancelPolicy, Change, ChangeKind, ChangePolicy, Discount,
    Duration, Length, Payment, PaymentKind, Price, Scheme, Subscription, TaxRate, TaxTerms,
};
use crate::value::{DecimalText, Instant, WallTime, Zone};

/// The digest of a subscription's opening terms. They include the account's zone, because it
/// decides where periods begin.
pub(crate) fn opening_digest(
    subscription: &Subscription,
    account: &Account,
    price: &Price,
) -> Digest {
    let Subscription { quantity, started_at, anchor, trial_end, .. } = subscription;
    let (account_id, zone, price_id) = (&*account.id, account.zone.name(), &*price.id);
    let mut text = Digested::default();
    text.words([account_id, "\0", zone, "\0", price_id]);
    text.words(["\0", DecimalText::whole(*quantity).as_str(), "\0"]);
    text.instant(*started_at);
    // For compatibility, an anchor is hashed as its instant.
    match (anchor.map(WallTime::instant), trial_end) {
        (None, None) => text.words(["\0None\0None"]),
        (anchor, trial_end) => text.show(format_args!("\0{anchor:?}\0{trial_end:?}")),
    }
    text.digest()
}

/// The digest of one change.
pub(crate) fn change_digest(change: &Change, prices: &[Price]) -> Digest {
    let mut text = Digested::default();
    text.change(change, prices);
    text.digest()
}

/// The digest of changes in their order of application.
pub(crate) fn log_digest<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
    prices: &[Price],
) -> Digest {
    let mut text = Digested::default();
    for change in changes {
        text.words([&change.id, "\0"]);
        text.change(change, prices);
        text.words(["\u{1}"]);
    }
    text.digest()
}

/// The digest of a price with its tiers, proration and rounding.
pub(crate) fn price_digest(price: &Price) -> Digest {
    let mut text = price_text(price);
    match price.calendar {
        Some(CalendarStart::Week(weekday)) => {
            let _ = write!(text, "\0week {weekday}");
        }
        // Months begin on the same day wherever the year begins.
        Some(CalendarStart::Month { first_month, .. })
            if first_month != 1 && price.interval.length() != Length::Months(1) =>
        {
            let _ = write!(text, "\0year {first_month}");
        }
        _ => {}
    }
    digest(&text)
}

/// The digest of a price under the first rules, which ignored the first month of the year and the
/// first day of the week.
pub(crate) fn first_price_digest(price: &Price) -> Digest {
    digest(&price_text(price))
}

fn price_text(price: &Price) -> String {
    let mut text = format!(
        "{}\0{}\0{:?}\0{:?}\0{:?}\0{:?}\0{:?}\0{:?}\0{:?}\0{:?}\0{:?}",
        price.currency,
        price.unit_amount.normalize(),
        price.interval.length(),
        price.billing,
        price.on_increase,
        price.on_decrease,
        price.on_cancel,
        price.on_switch,
        price.proration,
        (price.calendar.and_then(CalendarStart::day_of_month), price.free_quantity),
        std::mem::discriminant(&price.scheme) == std::mem::discriminant(&Scheme::Flat),
    );
    match &price.scheme {
        Scheme::PerUnit | Scheme::Flat => {}
        Scheme::Package { size } => {
            let _ = write!(text, "\0package {size}");
        }
        Scheme::Graduated(tiers) | Scheme::Volume(tiers) => {
            let volume = matches!(price.scheme, Scheme::Volume(_));
            let _ = write!(text, "\0tiers {volume}");
            for tier in tiers {
                let (unit, flat) = (tier.unit_amount.normalize(), tier.flat_amount.normalize());
                let _ = write!(text, "\0{:?} {unit} {flat}", tier.up_to);
            }
        }
    }
    text
}

/// The digest of a discount as far as it could matter up to an instant. A later end may still be
/// moved.
pub(crate) fn discount_digest(
    discount: &Discount,
    account_id: &str,
    known: (Instant, Zone),
) -> Digest {
    let (through, zone) = known;
    let duration = match discount.duration {
        Duration::Until(end) if end.at(zone) > through => Duration::Forever,
        other => other,
    };
    digest(&format!(
        "{account_id}\0{:?}\0{:?}\0{:?}\0{:?}\0{duration:?}\0{:?}",
        discount.subscription,
        discount.product,
        discount.value,
        discount.starts_at,
        discount.excess
    ))
}

pub(crate) fn adjustment_digest(adjustment: &Adjustment, account_id: &str) -> Digest {
    let Adjustment { at, currency, amount, taxable, tax_code, credits_invoice, .. } = adjustment;
    digest(&format!(
        "{account_id}\0{at}\0{currency}\0{}\0{taxable}\0{tax_code:?}\0{credits_invoice:?}",
        amount.minor()
    ))
}

/// The key of a row of `tax_rates.csv`.
pub(crate) fn tax_rate_key(rate: &TaxRate) -> String {
    let TaxRate { terms, country, region, valid_from, .. } = rate;
    let from = valid_from.map_or_else(String::new, |date| date.to_string());
    let place = format!("{country}/{region}").to_lowercase();
    format!("{} {place} {from}", terms.code)
}

/// The digest of a row of `tax_rates.csv` as far as it could matter up to a date. A later end may
/// still be moved.
pub(crate) fn tax_rate_digest(rate: &TaxRate, through: NaiveDate) -> Digest {
    let terms = &rate.terms;
    let ended = rate.valid_to.filter(|end| *end < through);
    let mut text = format!(
        "{}\0{:?}\0{:?}\0{ended:?}",
        terms.percent.normalize(),
        terms.behavior,
        terms.treatment
    );
    for component in &terms.components {
        let TaxTerms { code, percent, .. } = &*component.terms;
        let effective = component.effective.normalize();
        let _ = write!(text, "\0{code}\0{}\0{effective}", percent.normalize());
    }
    digest(&text)
}

/// The digest of a payment, without its method, which is only informative.
pub(crate) fn payment_digest(payment: &Payment, accounts: &[Account]) -> Digest {
    let account_id = payment.account.map_or("", |account| &*accounts[account].id);
    let number = payment.invoice_number.as_deref().unwrap_or_default();
    let (at, amount, currency) = (payment.at, payment.amount.minor(), payment.currency);
    let mut text = format!("{account_id}\0{number}\0{at}\0{amount}\0{currency}");
    // Rows without a kind keep the digest that they had before there were kinds.
    if payment.kind != PaymentKind::default() {
        text.extend(["\0", payment.kind.as_str()]);
    }
    digest(&text)
}

/// Hashes a text in pieces, because every subscription has several texts and none is needed as a
/// whole.
struct Digested {
    hasher: Sha256,
    /// The bytes not yet hashed.
    piece: [u8; PIECE],
    length: usize,
}

/// Most texts are shorter.
const PIECE: usize = 256;

impl Default for Digested {
    fn default() -> Self {
        Self { hasher: Sha256::new(), piece: [0; PIECE], length: 0 }
    }
}

impl Digested {
    #[inline]
    fn words<const N: usize>(&mut self, words: [&str; N]) {
        for word in words {
            self.bytes(word.as_bytes());
        }
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if let Some(place) = self.piece.get_mut(self.length..end) {
            place.copy_from_slice(bytes);
            self.length = end;
        } else {
            self.bytes_behind(bytes);
        }
    }

    /// Hashes bytes that do not fit the piece.
    #[inline(never)]
    fn bytes_behind(&mut self, bytes: &[u8]) {
        self.pass_on();
        self.hasher.update(bytes);
    }

    fn pass_on(&mut self) {
        self.hasher.update(&self.piece[..self.length]);
        self.length = 0;
    }

    fn instant(&mut self, instant: Instant) {
        match instant.usual_text() {
            Some(text) => self.bytes(&text),
            None => self.show(format_args!("{instant}")),
        }
    }

    fn show(&mut self, shown: fmt::Arguments<'_>) {
        self.write_fmt(shown).expect("what is digested is never refused");
    }

    fn change(&mut self, change: &Change, prices: &[Price]) {
        self.instant(change.at);
        match change.kind {
            ChangeKind::Quantity(total) => {
                self.words(["\0quantity ", DecimalText::whole(total).as_str()]);
            }
            ChangeKind::Delta(delta) => {
                let sign = if delta < 0 { "-" } else { "" };
                self.words(["\0delta ", sign, DecimalText::whole(delta.unsigned_abs()).as_str()]);
            }
            ChangeKind::Price { price, quantity } => {
                let quantity = quantity.map(DecimalText::whole);
                let quantity = quantity.as_ref().map_or("-1", DecimalText::as_str);
                self.words(["\0price ", &prices[price].id, " ", quantity]);
            }
            ChangeKind::Cancel(policy) => {
                self.words(["\0cancel ", policy.map_or("", cancel_word)]);
            }
            ChangeKind::Uncancel => self.words(["\0uncancel"]),
            ChangeKind::Pause => self.words(["\0pause"]),
            ChangeKind::Resume => self.words(["\0resume"]),
            ChangeKind::Anchor(anchor) => {
                self.words(["\0anchor "]);
                self.instant(anchor.instant());
            }
            ChangeKind::PriceList { old, new } => {
                let [old, new] = [old, new].map(|price| &*prices[price as usize].id);
                self.words(["\0price_list ", old, " ", new]);
            }
            ChangeKind::Restart { quantity, .. } => {
                let price = change.kind.price().map_or("", |price| &*prices[price].id);
                let quantity = quantity.map(DecimalText::whole);
                let quantity = quantity.as_ref().map_or("-1", DecimalText::as_str);
                self.words(["\0restart ", price, " ", quantity]);
            }
        }
        self.words(["\0", change.policy.map_or("", policy_word)]);
    }

    fn digest(mut self) -> Digest {
        self.pass_on();
        Digest::first_half(&self.hasher.finalize())
    }
}

impl fmt::Write for Digested {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes(text.as_bytes());
        Ok(())
    }
}

fn cancel_word(policy: CancelPolicy) -> &'static str {
    match policy {
        CancelPolicy::PeriodEnd => "period_end",
        CancelPolicy::Immediate => "immediate",
        CancelPolicy::ImmediateNoCredit => "immediate_no_credit",
    }
}

fn policy_word(policy: ChangePolicy) -> &'static str {
    match policy {
        ChangePolicy::NextInvoice => "next_invoice",
        ChangePolicy::Immediate => "immediate",
        ChangePolicy::PeriodEnd => "period_end",
        ChangePolicy::None => "none",
    }
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::locale::Locale;
    use crate::model::Address;

    proptest! {
        #[test]
        fn pieces_digest_as_their_whole(pieces in prop::collection::vec(".{0,90}", 0..12)) {
            let mut text = Digested::default();
            for piece in &pieces {
                text.words([piece]);
            }
            prop_assert_eq!(text.digest(), digest(&pieces.concat()));
        }
    }

    #[test]
    fn digests_are_read_as_they_are_written_and_nothing_else_is() {
        let digest = digest("a text");
        let text = digest.to_string();
        assert_eq!(Digest::parse(&text), Some(digest));
        assert_eq!(Digest::parse(&text.to_uppercase()), Some(digest));
        for wrong in ["g", "G", "/", ":", "`", "@", " ", "\0"] {
            for place in [0, 31] {
                let mut text = text.clone();
                text.replace_range(place..=place, wrong);
                assert_eq!(Digest::parse(&text), None, "{text}");
            }
        }
        assert_eq!(Digest::parse(&text[1..]), None);
        assert_eq!(Digest::parse(&format!("{text}0")), None);
    }

    fn account() -> Account {
        Account {
            id: "a".into(),
            name: "".into(),
            email: "".into(),
            billing_email: None,
            address: Address::default(),
            tax_id: None,
            zone: "Europe/Berlin".parse().expect("a zone"),
            locale: Locale::default(),
            tax_code: None,
            einvoice: None,
            payment_terms: crate::model::PaymentTerms::default(),
            documents: None,
            line: 2,
            changes: None,
        }
    }

    #[test]
    fn the_opening_terms_behind_a_digest_stay_what_they_were() {
        let price = crate::model::price::tests::price(Scheme::Flat, "1");
        let at = Instant::from_unix_seconds(1_592_549_460);
        for (anchor, trial_end, text) in
            [(None, None, "None\0None"), (Some(at), None, "Some(Instant(1592549460))\0None")]
        {
            let subscription = Subscription {
                id: "s".into(),
                account: 0,
                price: 0,
                quantity: 12,
                started_at: at,
                anchor: anchor.map(WallTime::from),
                trial_end,
                skipped: 0,
                label: None,
                purchase_order: None,
                line: 2,
            };
            let text = format!("a\0Europe/Berlin\0p\012\02020-06-19T06:51:00Z\0{text}");
            assert_eq!(opening_digest(&subscription, &account(), &price), digest(&text));
        }
    }

    #[test]
    fn the_texts_behind_digests_stay_what_they_were() {
        // The register stores these digests. Other texts would report a changed history everywhere.
        let price = crate::model::price::tests::price(Scheme::Flat, "1");
        let change = |kind, policy| Change {
            id: "c".into(),
            at: Instant::from_unix_seconds(1_592_549_460),
            nanosecond: 5,
            skipped: 0,
            kind,
            previous_quantity: Some(1),
            policy,
            line: 2,
        };
        let moved = ChangeKind::Price { price: 0, quantity: None };
        let chosen = ChangeKind::Price { price: 0, quantity: Some(5) };
        let changes = [
            (change(ChangeKind::Delta(-3), Some(ChangePolicy::None)), "delta -3\0none"),
            (change(ChangeKind::Delta(40), None), "delta 40\0"),
            (change(ChangeKind::Quantity(1_203), None), "quantity 1203\0"),
            (change(moved, None), "price p -1\0"),
            (change(chosen, None), "price p 5\0"),
            (change(ChangeKind::Cancel(Some(CancelPolicy::Immediate)), None), "cancel immediate\0"),
            (
                change(ChangeKind::Anchor(Instant::from_unix_seconds(0).into()), None),
                "anchor 1970-01-01T00:00:00Z\0",
            ),
            (change(ChangeKind::Restart { price: None, quantity: None }, None), "restart  -1\0"),
            (
                change(ChangeKind::Restart { price: Some(0), quantity: Some(5) }, None),
                "restart p 5\0",
            ),
        ];
        let mut log = String::new();
        for (change, text) in &changes {
            let text = format!("2020-06-19T06:51:00Z\0{text}");
            assert_eq!(change_digest(change, std::slice::from_ref(&price)), digest(&text));
            let _ = write!(log, "c\0{text}\u{1}");
        }
        let changes = changes.iter().map(|(change, _)| change);
        assert_eq!(log_digest(changes, std::slice::from_ref(&price)), digest(&log));
    }
}
