//! All fixed texts of an invoice, by their names in `assets/languages`.
//!
//! A label is a fixed text. A sentence has places: the arguments of its method. A counted sentence
//! has a number as its first place, and plural forms. A subject is a sentence that is added to a
//! text, because every invoice has one.

use std::sync::OnceLock;

use super::language::{Counted, LanguageFile};
use super::plural::Plural;
use super::tag::{self, SOURCES};
use super::template::{Fill, Template};
use super::{Locale, formats};

/// The texts of a locale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts {
    locale: Locale,
    language: &'static Language,
}

/// Declares the texts: the keys of the files, and a method for each.
macro_rules! texts {
    (
        labels { $($label:ident)* }
        sentences { $($sentence:ident($($place:ident),+))* }
        subjects { $($subject:ident($($value:ident),+))* }
        counted { $($counted:ident($count:ident $(, $part:ident)*))* }
    ) => {
        /// The texts of one language.
        #[derive(Debug)]
        struct Language {
            $($label: Box<str>,)*
            $($sentence: Template,)*
            $($subject: Template,)*
            $($counted: Counted,)*
        }

        impl Language {
            fn read(mut script: LanguageFile<'_>) -> Result<Self, String> {
                let language = Self {
                    $($label: script.label(stringify!($label)),)*
                    $($sentence: script.sentence(stringify!($sentence), &[$(stringify!($place)),+]),)*
                    $($subject: script.sentence(stringify!($subject), &[$(stringify!($value)),+]),)*
                    $($counted: script.counted(
                        stringify!($counted),
                        &[stringify!($count) $(, stringify!($part))*],
                    ),)*
                };
                script.finish().map(|()| language)
            }
        }

        impl Texts {
            $(
                #[doc = concat!("The text `", stringify!($label), "`.")]
                pub(crate) fn $label(self) -> &'static str {
                    &self.language.$label
                }
            )*
            $(
                #[doc = concat!("The sentence `", stringify!($sentence), "`.")]
                #[allow(clippy::wrong_self_convention, reason = "named as in the files of languages")]
                pub(crate) fn $sentence(self, $($place: &str),+) -> String {
                    self.language.$sentence.fill(&[$($place),+])
                }
            )*
            $(
                #[doc = concat!("Writes the sentence `", stringify!($subject), "`.")]
                pub(crate) fn $subject(self, text: &mut String, $($value: &dyn Fill),+) {
                    self.language.$subject.write(text, &[$($value),+]);
                }
            )*
            $(
                #[doc = concat!("The sentence `", stringify!($counted), "` in the form for a count.")]
                pub(crate) fn $counted(self, $count: u64 $(, $part: &str)*) -> String {
                    let form = self.form(&self.language.$counted, $count);
                    form.fill(&[&self.locale.quantity($count) $(, $part)*])
                }
            )*
        }
    };
}

texts! {
    labels {
        receipt invoice credit credit_note bank_fee exchange_difference
        from bill_to details number of_invoice issued due paid terms credits_invoice see_also
        order your_reference our_reference
        description quantity unit_price tax amount
        net_effect carried_forward brought_forward
        subtotal discount total_without_tax total_tax total credit_applied amount_due balance_due
        credited credited_to_account
        one_off_charges one_off_credits one_off_both
        timeline kept given_back charged_now calculation
        nothing to_pay credited_now
        correction_before billed_before history_changed discount_not_known
        subscription_not_known
        calculation_rule calculation_rule_of_days
        exempt_short reverse_short exempt_alone reverse_alone reverse_charge_note
        due_at_once end_of_month
    }
    sentences {
        due_on(date)
        credited_for(number)
        from_credit(amount)
        already_from_credit(amount)
        of_amount_paid(amount)
        still_due(amount, date)
        paid_then(date)
        by_credit_note(amount, number)
        paid_on(date)
        paid_back_on(date)
        at_time(date, time)
        changed_quantity(moment, before, after, product)
        changed(moment, before, after)
        until(moment, what)
        since(moment, what)
        held(quantity, product)
        time_left(left, whole)
        in_days(number)
        in_hours(number)
        in_minutes(number)
        in_seconds(number)
        correction(number)
        supplied(description, date)
        credits(description, number)
        continued(heading)
        void_line(what, number)
        new_charges(amount)
        new_credits(amount)
        for_changes(amount)
        for_corrections(amount)
        of_tax(amount)
        not_drawn(drawn, all)
        share_of_seconds(part, whole)
        rounded(terms, exact, amount)
        rounded_unseen(terms, amount)
        rounded_apart(terms, amount)
        free_units(units, free)
        percent_of(percent, amount)
        share_of(amount)
        included_rate(rate)
        exempt(name)
        reverse_charge(name)
        on_amount(title, net)
        included_on_amount(title, net)
        credit_left(amount)
        credit_used(amount)
        credit_used_and_left(used, left)
        tax_id(id)
        questions(email)
        page(number, count)
        name(title, number)
        unused_line(what, date)
        remaining_line(what, date)
        segment_line(product, date)
        instead(new, old, product)
        instead_of(new, old)
        after(what, date)
        discount_line(discount, off, line)
        reversal(line, document)
        reversal_line(line, document, reason)
        replacement(line, document)
        replacement_line(line, document, reason)
        late_line(line, reason)
        the_invoice(number)
        the_credit_note(number)
        on_document(line, document)
        of_order(number)
        day_of_next_month(day)
        left_to_pay(list)
        change_arrived_late(date)
    }
    subjects {
        subject_open(number, seller, amount, date)
        subject_partly_paid(number, seller, amount, date)
        subject_paid(number, seller, amount)
        subject_zero(number, seller)
        subject_credit(number, seller, amount)
        subject_credit_note(number, seller, amount, invoice)
        subject_receipt(number, seller, amount)
    }
    counted {
        in_payments(count, date)
        days_to_pay(count)
        days_after_month(count)
        days_left(count, left)
        share_of_days(count, part)
        after_in_days(count, what, date, left)
        packages(count, size)
    }
}

impl Texts {
    /// The texts of a locale.
    pub(super) fn of(locale: Locale) -> Self {
        static READ: [OnceLock<Language>; SOURCES.len()] =
            [const { OnceLock::new() }; SOURCES.len()];
        let place = tag::source_of(locale.tag());
        let read = || read(place).expect("a test reads every language");
        Self { locale, language: READ[place].get_or_init(read) }
    }

    fn form(self, forms: &Counted, count: u64) -> &Template {
        let form = forms.get(&self.locale.plural(count));
        // CLDR has a form for millions in some languages. It is the same as for other numbers.
        form.or_else(|| forms.get(&Plural::Other)).expect("reading checked that it is there")
    }
}

fn read(place: usize) -> Result<Language, String> {
    let source = &SOURCES[place];
    let locale = tag::find(source.language).expect("every language is a tag");
    let script = LanguageFile::new(source.texts, &formats::of(locale).plural);
    Language::read(script).map_err(|problems| format!("{}: {problems}", source.language))
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
