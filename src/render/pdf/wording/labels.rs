//! Fixed words: what documents, columns, sums and sections are called.

/// What a document is called.
pub(in super::super) const RECEIPT: &str = "Receipt";
/// What a document is called.
pub(in super::super) const INVOICE: &str = "Invoice";
/// What a document is called that owes the customer something.
pub(in super::super) const CREDIT: &str = "Credit";
/// What a document is called that credits a published invoice.
pub(in super::super) const CREDIT_NOTE: &str = "Credit note";

/// Above the seller.
pub(in super::super) const FROM: &str = "From";
/// Above the customer.
pub(in super::super) const BILL_TO: &str = "Bill to";
/// Above number and dates.
pub(in super::super) const DETAILS: &str = "Details";
/// Before the number of a document.
pub(in super::super) const NUMBER: &str = "Number";
/// Before the number of the invoice that a receipt is for.
pub(in super::super) const OF_INVOICE: &str = "Invoice";
/// Before the date of issue.
pub(in super::super) const ISSUED: &str = "Issued";
/// Before the day by which it is to be paid.
pub(in super::super) const DUE: &str = "Due";
/// Before the day on which it was paid.
pub(in super::super) const PAID: &str = "Paid";
/// Before the days there are to pay.
pub(in super::super) const TERMS: &str = "Terms";
/// Before the number of the invoice that a credit note credits.
pub(in super::super) const CREDITS_INVOICE: &str = "Credits invoice";

/// A column of the table.
pub(in super::super) const DESCRIPTION: &str = "Description";
/// The columns of numbers.
pub(in super::super) const COLUMNS: [&str; 4] = ["Qty", "Unit price", "Tax", "Amount"];
/// Below the lines of a change: what they come to.
pub(in super::super) const NET_EFFECT: &str = "Net effect";
/// Below the last row of a page: what the rows so far come to.
pub(in super::super) const CARRIED_FORWARD: &str = "Carried forward";
/// Above the first row of the next page: the same.
pub(in super::super) const BROUGHT_FORWARD: &str = "Brought forward";

/// The sum of the lines, discounts aside.
pub(in super::super) const SUBTOTAL: &str = "Subtotal";
/// What discounts take off.
pub(in super::super) const DISCOUNT: &str = "Discount";
/// What is taxed, at all rates.
pub(in super::super) const TOTAL_WITHOUT_TAX: &str = "Total without tax";
/// The tax at all rates.
pub(in super::super) const TOTAL_TAX: &str = "Total tax";
/// What the document comes to.
pub(in super::super) const TOTAL: &str = "Total";
/// What credit paid of it.
pub(in super::super) const CREDIT_APPLIED: &str = "Credit applied";
/// What is to be paid.
pub(in super::super) const AMOUNT_DUE: &str = "Amount due";
/// What is left to be paid.
pub(in super::super) const BALANCE_DUE: &str = "Balance due";
/// What a credit note comes to.
pub(in super::super) const CREDITED: &str = "Credited";
/// What became credit on the account.
pub(in super::super) const CREDITED_TO_ACCOUNT: &str = "Credited to your account";

/// Lines that bill no time: charges.
pub(in super::super) const ONE_OFF_CHARGES: &str = "One-off charges";
/// Lines that bill no time: credits.
pub(in super::super) const ONE_OFF_CREDITS: &str = "One-off credits";
/// Lines that bill no time: both.
pub(in super::super) const ONE_OFF_BOTH: &str = "One-off charges and credits";

/// Above the drawing of quantities over time.
pub(in super::super) const TIMELINE: &str = "What changed in the period";
/// In the drawing: what was paid before and stays so.
pub(in super::super) const ALREADY_PAID: &str = "already paid";
/// In the drawing: what was paid before and is given back.
pub(in super::super) const GIVEN_BACK: &str = "paid before, credited now";
/// In the drawing: what this document charges.
pub(in super::super) const CHARGED_NOW: &str = "charged now";
/// Above the arithmetic.
pub(in super::super) const CALCULATION: &str = "How this was calculated";
