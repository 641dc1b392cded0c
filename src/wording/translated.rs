//! The wording of lines in the language of the account. Texts of the input, such as that of an
//! adjustment, stay as they are.

use std::borrow::Cow;

use crate::locale::{Locale, Texts};
use crate::model::{
    Billed, Correction, CorrectionRole, DaysLeft, DiscountWording, Line, LineWording, NetChange,
    Off, PriceBreakdown, PriceTerms, ProductQuantity, Reason, UnitTerms, VoidWording,
};
use crate::value::{Currency, Plain};

/// The description of a line. `with_reason` adds the reason of a correction, which the invoice may
/// have elsewhere.
pub(crate) fn description(line: &Line, locale: Locale, with_reason: bool) -> Cow<'_, str> {
    let translator = Translator { line, locale, texts: locale.texts() };
    match &line.correction {
        Some(correction) => translator.correction(correction, with_reason).into(),
        None => translator.plain_line(),
    }
}

/// The reason of a correction or of a late line. It names no id, because customers know none.
pub(crate) fn reason(reason: &Reason, locale: Locale) -> String {
    let texts = locale.texts();
    match reason {
        Reason::HistoryChanged => texts.history_changed().to_owned(),
        Reason::ChangeArrived { on, .. } | Reason::AccountChangeArrived { on, .. } => {
            texts.change_arrived_late(&locale.date(*on))
        }
        Reason::DiscountUnknown(_) => texts.discount_not_known().to_owned(),
        Reason::SubscriptionUnknown => texts.subscription_not_known().to_owned(),
        Reason::Written(words) => words.clone().into(),
    }
}

/// The terms of a price, such as "(25 − 10 free) × 2.00", without the total; `None` for a bare
/// amount.
pub(crate) fn price_terms(
    breakdown: &PriceBreakdown,
    locale: Locale,
    currency: Currency,
) -> Option<String> {
    let texts = locale.texts();
    match breakdown {
        PriceBreakdown::Sum { terms, .. } => terms.alone().is_none().then(|| sum(terms, locale)),
        PriceBreakdown::PercentOf { percent, of } => {
            Some(texts.percent_of(&locale.percent(*percent), &locale.money(*of, currency)))
        }
        PriceBreakdown::ShareOf(amount) => Some(texts.share_of(&locale.money(*amount, currency))),
        PriceBreakdown::Written { terms, .. } => {
            Some(locale.arithmetic(terms)).filter(|terms| terms.contains(' '))
        }
        PriceBreakdown::None | PriceBreakdown::Difference(_) => None,
    }
}

fn sum(terms: &PriceTerms, locale: Locale) -> String {
    let number = |amount: Plain| locale.arithmetic(&amount.to_string());
    let units = |UnitTerms { quantity, unit_amount }: UnitTerms| match quantity {
        1 => number(unit_amount),
        _ => times(&locale.arithmetic(&quantity.to_string()), &number(unit_amount)),
    };
    match terms {
        PriceTerms::Flat(amount) => number(*amount),
        PriceTerms::Units(terms) => units(*terms),
        PriceTerms::WithFree { quantity, free, unit_amount } => {
            let [quantity, free] = [*quantity, *free].map(|units| locale.quantity(units));
            let charged = locale.texts().free_units(&quantity, &free);
            times(&format!("({charged})"), &number(*unit_amount))
        }
        PriceTerms::Packages { count, size, amount } => {
            times(&locale.texts().packages(*count, &locale.quantity(*size)), &number(*amount))
        }
        PriceTerms::Tiers(tiers) => {
            let parts = tiers.iter().flat_map(|tier| {
                tier.units.map(units).into_iter().chain(tier.flat_amount.map(number))
            });
            parts.collect::<Vec<_>>().join(" + ")
        }
        PriceTerms::Cut { amount, less } => format!("{} − {}", number(*amount), number(*less)),
    }
}

/// "2 × 20.00".
fn times(units: &str, price: &str) -> String {
    format!("{units} × {price}")
}

struct Translator<'l> {
    line: &'l Line,
    locale: Locale,
    texts: Texts,
}

impl<'l> Translator<'l> {
    fn correction(&self, correction: &Correction, with_reason: bool) -> String {
        let (line, texts) = (self.plain_line(), self.texts);
        let document = match &*correction.invoice_number {
            "" => texts.billed_before().to_owned(),
            number => texts.the_invoice(number),
        };
        let why = reason(&correction.reason, self.locale);
        match (correction.role, with_reason) {
            (CorrectionRole::Reversal, true) => texts.reversal_line(&line, &document, &why),
            (CorrectionRole::Reversal, false) => texts.reversal(&line, &document),
            (CorrectionRole::Replacement, true) => texts.replacement_line(&line, &document, &why),
            (CorrectionRole::Replacement, false) => texts.replacement(&line, &document),
        }
    }

    /// The line without the correction.
    fn plain_line(&self) -> Cow<'l, str> {
        let Some(wording) = &self.line.wording else { return (&*self.line.quote.product).into() };
        // The notice of a price change is no part of the description.
        let LineWording { billed, discount, late, notice: _ } = &**wording;
        let mut said = self.billed(billed);
        if let Some(discount) = discount {
            let DiscountWording { name, off } = &**discount;
            said = self.texts.discount_line(name, &self.off(*off), &said).into();
        }
        if let Some(late) = late {
            said = self.texts.late_line(&said, &reason(late, self.locale)).into();
        }
        said
    }

    fn off(&self, off: Off) -> String {
        match off {
            Off::Percent(percent) => self.locale.percent(percent),
            Off::Amount(amount) => self.locale.money(amount, self.line.currency),
        }
    }

    fn billed(&self, billed: &'l Billed) -> Cow<'l, str> {
        let (product, texts) = (&*self.line.quote.product, self.texts);
        let what = |quantity: u64| match quantity {
            1 => product.to_owned(),
            _ => texts.held(&self.locale.quantity(quantity), product),
        };
        match billed {
            Billed::Product => product.into(),
            Billed::Segment { from } => {
                texts.segment_line(product, &self.locale.date(*from)).into()
            }
            Billed::Remaining { quantity, after } => {
                texts.remaining_line(&what(*quantity), &self.locale.date(*after)).into()
            }
            Billed::Unused { quantity, after } => {
                texts.unused_line(&what(*quantity), &self.locale.date(*after)).into()
            }
            Billed::Net(net) => self.net(net).into(),
            Billed::Void(void) => self.void(void).into(),
            Billed::Written(words) => (&**words).into(),
        }
    }

    /// "Seats: invoice INV-7 is void (billed twice)". The reason stays as it was written.
    fn void(&self, void: &VoidWording) -> String {
        let said = self.texts.void_line(&self.billed(&void.billed), &void.invoice_number);
        if void.reason.is_empty() { said } else { format!("{said} ({})", void.reason) }
    }

    fn net(&self, NetChange { new, old, after, days }: &NetChange) -> String {
        let (locale, texts) = (self.locale, self.texts);
        let held =
            |held: &ProductQuantity| texts.held(&locale.quantity(held.quantity), &held.product);
        let what = if new.product == old.product {
            let [new_units, old_units] = [new, old].map(|it| locale.quantity(it.quantity));
            texts.instead(&new_units, &old_units, &new.product)
        } else {
            texts.instead_of(&held(new), &held(old))
        };
        let date = locale.date(*after);
        match days {
            Some(DaysLeft { left, all }) => {
                texts.after_in_days(*all, &what, &date, &locale.quantity(*left))
            }
            None => texts.after(&what, &date),
        }
    }
}

#[cfg(test)]
#[path = "translated_tests.rs"]
mod tests;
