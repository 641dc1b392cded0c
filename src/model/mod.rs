//! The words of the trade as types: account, price, subscription, change, and the book that
//! holds all of a run. Everything in here has been checked by `input`; ids exist, amounts fit,
//! times are instants.

mod account;
mod adjustment;
mod book;
mod breakdown;
mod calendar;
mod change;
mod discount;
mod interval;
mod line;
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
pub use book::{Book, Ledger};
pub use breakdown::{PriceBreakdown, PriceTerms, TierTerms, UnitTerms};
pub use calendar::CalendarStart;
pub use change::{CancelPolicy, Change, ChangeKind, ChangePolicy};
pub use discount::{Discount, DiscountValue, Duration, Excess};
pub use interval::{Interval, IntervalUnit, Length};
pub use line::{Cause, Correction, CorrectionRole, Line, LineKey, LineKind};
pub use payment::Payment;
pub use price::{BillingMode, Price, Scheme, SwitchPolicy, Tier};
pub use proration::{ChangeDay, DayCount, EndDay, Granularity, Proration, RoundPer};
pub use published::{Published, PublishedCharge};
pub use quote::{Halves, Quote, Quotes};
pub use receivable::{Age, PaymentStatus, Receivable};
pub use rules::Rules;
pub use subscription::Subscription;
pub use tax::{
    TaxBehavior, TaxError, TaxFacts, TaxHistory, TaxRate, TaxTable, TaxTerms, TaxTreatment,
    TaxesHere,
};
pub use wording::{
    Billed, DaysLeft, DiscountWording, LineWording, NetChange, Off, ProductQuantity, Reason,
};
