//! The domain types: account, price, subscription, change, and the input of a run. `input` has
//! checked all of them: ids exist, amounts fit, times are instants.

mod account;
mod adjustment;
mod answers;
mod billing_input;
mod breakdown;
mod calendar;
mod change;
pub(crate) mod deferred;
mod discount;
mod document;
mod document_kind;
mod document_view;
mod einvoice;
mod excluded;
mod history;
mod interval;
mod issued;
mod last_billed;
mod line;
mod line_tie;
mod numbers;
mod order_numbers;
mod payment;
mod payment_terms;
mod places;
pub(crate) mod price;
mod price_change;
mod proration;
mod published;
mod quote;
mod receivable;
mod related;
mod rules;
mod shard;
mod subscription;
mod tax;
mod tax_parts;
mod tax_stack;
mod translated;
mod void;
mod wording;

pub(crate) use account::{Account, AccountChange, AccountChanges, Address, DocumentDetails};
pub(crate) use adjustment::{Adjustment, AdjustmentTiming};
pub(crate) use answers::{AnsweredIds, Answers, OtherIds, OtherRow};
pub(crate) use billing_input::{BillingInput, SubscriptionLog};
pub(crate) use breakdown::{PriceBreakdown, PriceTerms, TierTerms, UnitTerms};
pub(crate) use calendar::CalendarStart;
pub(crate) use change::{CancelPolicy, Change, ChangeKind, ChangePolicy};
pub(crate) use deferred::{Deferred, DeferredKey};
pub(crate) use discount::{Discount, DiscountValue, Duration, Excess};
pub(crate) use document::{
    ChargedPart, Claim, Credits, INVOICES_IN_A_PIECE, Invoice, TaxTotal, Totals,
};
pub(crate) use document_kind::DocumentKind;
pub(crate) use document_view::DocumentView;
pub(crate) use einvoice::{
    BuyerDetails, EInvoiceChoice, EInvoiceFormat, SchemedId, SellerDetails, TaxCategory,
};
pub(crate) use excluded::ExcludedAccounts;
pub(crate) use history::{BilledLines, History, Retaxed, lines_in_force};
pub(crate) use interval::{Interval, IntervalUnit, Length};
pub(crate) use issued::{Issued, IssuedPart};
pub(crate) use last_billed::LastBilled;
pub(crate) use line::{Cause, Correction, CorrectionRole, Line, LineKey, LineKind};
pub(crate) use line_tie::LineTie;
pub use numbers::NumberRange;
pub(crate) use numbers::Series;
pub(crate) use order_numbers::OrderNumbers;
pub(crate) use payment::{PaidAmount, PaidOtherwise, Payment, PaymentKind};
pub(crate) use payment_terms::{PaymentTerms, PaymentTermsError};
pub(crate) use places::DocumentPlaces;
pub(crate) use price::{BillingMode, Price, Scheme, SwitchPolicy, Tier};
pub(crate) use price_change::{PriceChange, in_order, moved_price};
pub(crate) use proration::{ChangeDay, DayCount, EndDay, Granularity, Proration, RoundPer};
pub(crate) use published::{Published, PublishedCharge};
pub(crate) use quote::{Halves, Quote, Quotes};
pub(crate) use receivable::{Age, Receivable};
pub(crate) use related::{LeftToPay, Related, RelatedDocument};
pub(crate) use rules::{CreditRules, Rules};
pub(crate) use shard::Shard;
pub(crate) use subscription::Subscription;
pub(crate) use tax::{
    ComponentMark, TaxBehavior, TaxComponent, TaxError, TaxFacts, TaxHistory, TaxRate, TaxTable,
    TaxTerms, TaxTreatment, TaxesHere,
};
pub(crate) use tax_parts::TaxParts;
pub(crate) use tax_stack::component_code;
pub(crate) use translated::Translated;
pub(crate) use void::{Void, VoidedCharge};
pub(crate) use wording::{
    Billed, DaysLeft, DiscountWording, LineWording, NetChange, Notice, Off, ProductQuantity,
    Reason, VoidWording,
};
