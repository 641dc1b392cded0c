//! The words of the trade as types: account, price, subscription, change, and the book that
//! holds all of a run. Everything in here has been checked by `input`; ids exist, amounts fit,
//! times are instants.

mod account;
mod adjustment;
mod billing_input;
mod breakdown;
mod calendar;
mod change;
mod deferred;
mod discount;
mod document;
mod excluded;
mod history;
mod interval;
mod issued;
mod last_billed;
mod line;
mod numbers;
mod payment;
pub(crate) mod price;
mod proration;
mod published;
mod quote;
mod receivable;
mod rules;
mod subscription;
mod tax;
mod wording;

pub use account::{Account, Address};
pub use adjustment::{Adjustment, AdjustmentTiming};
pub use billing_input::{BillingInput, SubscriptionLog};
pub use breakdown::{PriceBreakdown, PriceTerms, TierTerms, UnitTerms};
pub use calendar::CalendarStart;
pub use change::{CancelPolicy, Change, ChangeKind, ChangePolicy};
pub use deferred::{Deferred, DeferredKey};
pub use discount::{Discount, DiscountValue, Duration, Excess};
pub use document::{
    ChargedPart, Claim, Credits, DocumentKind, INVOICES_IN_A_PIECE, Invoice, TaxTotal, Totals,
};
pub use excluded::ExcludedAccounts;
pub use history::{BilledLines, History, lines_in_force};
pub use interval::{Interval, IntervalUnit, Length};
pub use issued::{Issued, IssuedPart};
pub use last_billed::LastBilled;
pub use line::{Cause, Correction, CorrectionRole, Line, LineKey, LineKind};
pub use numbers::{NumberRange, Series};
pub use payment::Payment;
pub use price::{BillingMode, Price, Scheme, SwitchPolicy, Tier};
pub use proration::{ChangeDay, DayCount, EndDay, Granularity, Proration, RoundPer};
pub use published::{Published, PublishedCharge};
pub use quote::{Halves, Quote, Quotes};
pub use receivable::{Age, PaymentStatus, Receivable};
pub use rules::{CreditRules, Rules};
pub use subscription::Subscription;
pub use tax::{
    TaxBehavior, TaxError, TaxFacts, TaxHistory, TaxRate, TaxTable, TaxTerms, TaxTreatment,
    TaxesHere,
};
pub use wording::{
    Billed, DaysLeft, DiscountWording, LineWording, NetChange, Off, ProductQuantity, Reason,
};
