//! What a line bills, in the language of the account.
//!
//! The register and every CSV have it in English, as it was published. That sentence is made by
//! this program, so its parts can be found again: they are said anew here. What somebody wrote, such
//! as the description of a one-off charge, is printed as it was written; so is a sentence that an
//! earlier version made in another way.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::locale::{Locale, Texts};
use crate::model::{Cause, Line, LineKind};
use crate::value::parse_decimal;

/// The description of a line. Why it corrects another one is left out where `with_reason` is not
/// set, because it is said elsewhere.
pub(in super::super) fn description(
    line: &Line,
    locale: Locale,
    with_reason: bool,
) -> Cow<'_, str> {
    let translator = Translator { line, locale, texts: locale.texts(), with_reason };
    let said = translator.whole(&line.description);
    said.map_or_else(|| translator.as_published(), Cow::Owned)
}

/// Why a line is corrected or late.
pub(in super::super) fn reason(published: &str, locale: Locale) -> String {
    said_reason(published, locale).unwrap_or_else(|| published.to_owned())
}

fn said_reason(published: &str, locale: Locale) -> Option<String> {
    let texts = locale.texts();
    if published == "the history of the subscription was changed" {
        return Some(texts.history_changed().to_owned());
    }
    if let Some(change) = published.strip_prefix("the change ") {
        let (id, day) = change.strip_suffix(" arrived later")?.rsplit_once(" of ")?;
        return Some(texts.change_arrived_late(id, &locale.date(date(day)?)));
    }
    let discount = published.strip_prefix("the discount ")?;
    Some(texts.discount_not_known(discount.strip_suffix(" was not known before")?))
}

/// A published date: "9 Jun 2020".
fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%d %b %Y").ok()
}

/// Says what was published of one line.
struct Translator<'l> {
    line: &'l Line,
    locale: Locale,
    texts: Texts,
    with_reason: bool,
}

impl<'l> Translator<'l> {
    /// The sentence as it is, less the reason.
    fn as_published(&self) -> Cow<'l, str> {
        let text = &*self.line.description;
        let reason = self.line.correction.as_ref().filter(|_| !self.with_reason);
        let less = reason.and_then(|it| text.strip_suffix(&*it.reason)?.strip_suffix(": "));
        Cow::Borrowed(less.unwrap_or(text))
    }

    fn whole(&self, text: &str) -> Option<String> {
        if matches!(self.line.key.cause, Cause::Adjustment(_)) {
            return None;
        }
        if self.line.correction.is_some() {
            return self.correction(text);
        }
        self.discounted(text).or_else(|| {
            let (line, why) = text.rsplit_once("; ")?;
            Some(self.texts.late_line(&self.discounted(line)?, &said_reason(why, self.locale)?))
        })
    }

    fn correction(&self, text: &str) -> Option<String> {
        let correction = self.line.correction.as_ref()?;
        let reason = reason(&correction.reason, self.locale);
        let text = text.strip_suffix(&*correction.reason)?.strip_suffix(": ")?;
        let document = match &*correction.invoice_number {
            "" => self.texts.billed_before().to_owned(),
            number => self.texts.the_invoice(number),
        };
        if let Some(reversed) = text.strip_prefix("Reverses “") {
            let line = self.discounted(reversed.rsplit_once("” of ")?.0)?;
            return Some(if self.with_reason {
                self.texts.reversal_line(&line, &document, &reason)
            } else {
                self.texts.reversal(&line, &document)
            });
        }
        let line = self.discounted(text.rsplit_once(", corrects ")?.0)?;
        Some(if self.with_reason {
            self.texts.replacement_line(&line, &document, &reason)
        } else {
            self.texts.replacement(&line, &document)
        })
    }

    /// What a line bills, or what a discount takes off it.
    fn discounted(&self, text: &str) -> Option<String> {
        let is_discount = self.line.kind == LineKind::Discount || self.line.key.discount.is_some();
        if !is_discount {
            return self.plain(text);
        }
        let (name, line) = text.split_once(" off): ")?;
        let (name, off) = name.rsplit_once(" (")?;
        Some(self.texts.discount_line(name, &self.off(off), &self.plain(line)?))
    }

    /// "25%", "5.00 USD".
    fn off(&self, text: &str) -> String {
        let percent = text.strip_suffix('%').and_then(|rate| parse_decimal(rate).ok());
        percent.map_or_else(|| self.locale.arithmetic(text), |percent| self.locale.percent(percent))
    }

    fn plain(&self, text: &str) -> Option<String> {
        let (product, texts) = (&*self.line.quote.product, self.texts);
        if text == product {
            return Some(product.to_owned());
        }
        match &self.line.key.cause {
            Cause::Segment(_) => {
                let day = text.strip_prefix(product)?.strip_prefix(" from ")?;
                Some(texts.segment_line(product, &self.locale.date(date(day)?)))
            }
            Cause::Remaining(_) => {
                let (what, day) = self.share(text.strip_prefix("Remaining time on ")?)?;
                Some(texts.remaining_line(&what, &day))
            }
            Cause::Unused(_) => {
                let (what, day) = self.share(text.strip_prefix("Unused time on ")?)?;
                Some(texts.unused_line(&what, &day))
            }
            Cause::Net(_) => self.net(text),
            Cause::Period | Cause::Adjustment(_) => None,
        }
    }

    /// "3 × Seats after 9 Jun 2020".
    fn share(&self, text: &str) -> Option<(String, String)> {
        let (what, day) = text.rsplit_once(" after ")?;
        let what =
            if what == &*self.line.quote.product { what.to_owned() } else { self.held(what)? };
        Some((what, self.locale.date(date(day)?)))
    }

    /// "3 × Seats".
    fn held(&self, text: &str) -> Option<String> {
        let (quantity, product) = text.split_once(" × ")?;
        Some(self.texts.held(&self.units(quantity)?, product))
    }

    fn units(&self, text: &str) -> Option<String> {
        text.parse().ok().map(|units| self.locale.quantity(units))
    }

    /// "2 instead of 3 × Seats after 9 Jun 2020, 8 of 31 days".
    fn net(&self, text: &str) -> Option<String> {
        let (what, rest) = text.rsplit_once(" after ")?;
        let (new, old) = what.split_once(" instead of ")?;
        let what = if let Some(new) = self.units(new) {
            let (old, product) = old.split_once(" × ")?;
            self.texts.instead(&new, &self.units(old)?, product)
        } else {
            self.texts.instead_of(&self.held(new)?, &self.held(old)?)
        };
        let Some((day, days)) = rest.split_once(", ") else {
            return Some(self.texts.after(&what, &self.locale.date(date(rest)?)));
        };
        let (left, all) = days.strip_suffix(" days")?.split_once(" of ")?;
        let day = self.locale.date(date(day)?);
        Some(self.texts.after_in_days(all.parse().ok()?, &what, &day, &self.units(left)?))
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
