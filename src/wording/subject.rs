//! The subject lines of mails with PDFs.
//!
//! The numbers decide the content, and `assets/languages` has the texts. Amounts and dates look as
//! on the PDF.

use crate::locale::{Fill, Locale};
use crate::model::{DocumentKind, Invoice};
use crate::value::Amount;

/// The payment status of an invoice when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryStatus {
    /// The whole amount is due.
    Open,
    /// Payments have paid a part.
    PartlyPaid,
    /// Credit or payments have paid everything.
    Paid,
    /// The total is zero.
    Zero,
    /// It grants credit.
    Credit,
}

impl DeliveryStatus {
    /// The status of an invoice whose open amount is `open`.
    pub(crate) fn of(invoice: &Invoice, open: Amount) -> Self {
        let totals = &invoice.totals;
        if invoice.kind != DocumentKind::Invoice {
            Self::Credit
        } else if totals.total.is_zero() {
            Self::Zero
        } else if open.is_zero() {
            Self::Paid
        } else if open == totals.amount_due {
            Self::Open
        } else {
            Self::PartlyPaid
        }
    }

    /// The word in `delivery.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
            Self::Zero => "zero",
            Self::Credit => "credit",
        }
    }
}

/// Writes the subject of an invoice whose open amount is `open` to an empty text, in the language
/// of `locale`.
pub(crate) fn invoice_subject(
    subject: &mut String,
    invoice: &Invoice,
    open: Amount,
    seller: &str,
    locale: Locale,
) {
    let (texts, number, seller) = (locale.texts(), &invoice.number, &seller);
    let still_open = amount(open, invoice, locale);
    let total = amount(invoice.totals.total, invoice, locale);
    let date = locale.date_shown(invoice.due_date);
    match DeliveryStatus::of(invoice, open) {
        DeliveryStatus::Open => texts.subject_open(subject, number, seller, &still_open, &date),
        DeliveryStatus::PartlyPaid => {
            texts.subject_partly_paid(subject, number, seller, &still_open, &date);
        }
        DeliveryStatus::Paid => texts.subject_paid(subject, number, seller, &total),
        DeliveryStatus::Zero => texts.subject_zero(subject, number, seller),
        DeliveryStatus::Credit => match &invoice.credits_invoice {
            Some(credited) => {
                texts.subject_credit_note(subject, number, seller, &total, credited);
            }
            None => texts.subject_credit(subject, number, seller, &total),
        },
    }
    put_on_one_line(subject);
}

/// Writes the subject of a receipt to an empty text, in the language of `locale`. It says how much
/// money was `received`.
pub(crate) fn receipt_subject(
    subject: &mut String,
    invoice: &Invoice,
    (seller, received): (&str, Amount),
    locale: Locale,
) {
    let (texts, number) = (locale.texts(), &invoice.number);
    if received.is_zero() {
        // Credit notes alone paid it.
        texts.subject_paid(
            subject,
            number,
            &seller,
            &amount(invoice.totals.total, invoice, locale),
        );
    } else {
        texts.subject_receipt(subject, number, &seller, &amount(received, invoice, locale));
    }
    put_on_one_line(subject);
}

/// The absolute amount, because the words give the direction.
fn amount(amount: Amount, invoice: &Invoice, locale: Locale) -> impl Fill {
    let magnitude = if amount.is_negative() { amount.checked_neg() } else { None };
    locale.amount_shown(magnitude.unwrap_or(amount), invoice.currency)
}

/// Removes line breaks, which would begin another mail header. Also replaces no-break spaces, so
/// that an English subject is plain ASCII.
fn put_on_one_line(subject: &mut String) {
    let mut start = 0;
    while let Some(length) = first_unusual(&subject.as_bytes()[start..]) {
        let place = start + length;
        let character = subject[place..].chars().next().expect("it is looked at from the left");
        let end = place + character.len_utf8();
        start = end;
        if is_space(character) {
            subject.replace_range(place..end, " ");
            start = place + 1;
        }
    }
}

/// The position of the first byte that is not printable ASCII. Blocks are skipped at once, because
/// nearly all bytes are.
fn first_unusual(bytes: &[u8]) -> Option<usize> {
    let is_unusual = |byte: &u8| !(b' '..=b'~').contains(byte);
    let is_usual = |block: &&[u8; 16]| {
        block.iter().fold(0, |found, byte| found | u8::from(is_unusual(byte))) == 0
    };
    let (blocks, _) = bytes.as_chunks();
    let passed = 16 * blocks.iter().take_while(is_usual).count();
    let place = bytes[passed..].iter().position(is_unusual)?;
    Some(passed + place)
}

fn is_space(character: char) -> bool {
    character.is_control() || matches!(character, '\u{a0}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::accounting::tests::{document, line};

    fn invoice(amount: i64) -> Invoice {
        let lines = vec![line("Seats", amount, "2020-06-01", "2020-07-01")];
        document("INV-7", "2020-06-01", lines, 0)
    }

    fn english(invoice: &Invoice, open: Amount) -> String {
        written(invoice, open, "Kumu", Locale::default())
    }

    fn written(invoice: &Invoice, open: Amount, seller: &str, locale: Locale) -> String {
        let mut subject = String::new();
        invoice_subject(&mut subject, invoice, open, seller, locale);
        subject
    }

    proptest! {
        #[test]
        fn whatever_breaks_a_line_is_a_space(text in "[ -~\u{7f}-\u{a1}\n\r\u{2028}-\u{2030}é請]{0,60}|[ -~]{0,40}.[ -~]{0,40}") {
            let mut subject = text.clone();
            put_on_one_line(&mut subject);
            prop_assert_eq!(subject, text.replace(is_space, " "));
        }
    }

    #[test]
    fn the_subject_says_what_is_to_be_done() {
        let due = invoice(2005);
        let open = due.totals.amount_due;
        let date = Locale::default().date(due.due_date);
        let subject = |open| english(&due, open);
        assert_eq!(subject(open), format!("Invoice INV-7 from Kumu: USD 20.05 due {date}"));
        let rest = subject(Amount::from_minor(5));
        assert_eq!(rest, format!("Invoice INV-7 from Kumu: USD 0.05 left to pay, due {date}"));
        assert_eq!(subject(Amount::ZERO), "Invoice INV-7 from Kumu: USD 20.05, paid");
        let mut receipt = String::new();
        receipt_subject(&mut receipt, &due, ("Kumu", Amount::from_minor(2005)), Locale::default());
        assert_eq!(receipt, "Receipt for invoice INV-7 from Kumu: USD 20.05 paid");
    }

    #[test]
    fn what_is_credited_is_never_asked_for() {
        let credit = Invoice { kind: DocumentKind::Credit, ..invoice(-340) };
        let subject = english(&credit, Amount::ZERO);
        assert_eq!(subject, "Credit INV-7 from Kumu: USD 3.40 credited to your account");
        let kind = DocumentKind::CreditNote;
        let note = Invoice { kind, credits_invoice: Some("INV-3".into()), ..credit };
        let subject = english(&note, Amount::ZERO);
        let expected = "Credit note INV-7 from Kumu: USD 3.40 credited for invoice INV-3";
        assert_eq!(subject, expected);
        let zero = english(&invoice(0), Amount::ZERO);
        assert_eq!(zero, "Invoice INV-7 from Kumu: nothing to pay");
    }

    #[test]
    fn a_name_is_a_name_whatever_it_is() {
        let subject = written(&invoice(0), Amount::ZERO, "{number}\r\nBcc: all", Locale::default());
        assert_eq!(subject, "Invoice INV-7 from {number}  Bcc: all: nothing to pay");
    }

    #[test]
    fn it_is_in_the_language_and_the_formats_of_the_account() {
        let mut due = invoice(123_450);
        due.due_date = "2020-07-11".parse().expect("a date");
        let subject = |tag| {
            let locale = Locale::parse(tag).expect("a known tag");
            written(&due, due.totals.amount_due, "Kumu", locale)
        };
        assert_eq!(subject("en-US"), "Invoice INV-7 from Kumu: $1,234.50 due Jul 11, 2020");
        let german = "Rechnung INV-7 von Kumu: 1.234,50 USD, fällig am 11. Juli 2020";
        assert_eq!(subject("de"), german);
        assert_eq!(subject("ja"), "Kumu 請求書 INV-7：USD 1,234.50（支払期限 2020年7月11日）");
        let french = "Facture INV-7 – Kumu : 1 234,50 USD à payer au plus tard le 11 juil. 2020";
        assert_eq!(subject("fr"), french);
    }

    #[test]
    fn no_language_shows_a_sign_or_a_space_that_does_not_break() {
        let kind = DocumentKind::Credit;
        let credit = Invoice { kind, ..invoice(-123_450) };
        for tag in Locale::known_tags() {
            let locale = Locale::parse(tag).expect("a known tag");
            let subject = written(&credit, Amount::ZERO, "Kumu", locale);
            let is_refused = |c| matches!(c, '-' | '\u{2212}' | '\u{a0}' | '\u{202f}');
            assert!(!subject.replace("INV-7", "").contains(is_refused), "{tag}: {subject}");
        }
    }
}
