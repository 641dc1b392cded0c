//! What the columns of published tables hold, by their names: one name means one thing in all of
//! them.

use std::fmt;

use polars_arrow::datatypes::{ArrowDataType, TimeUnit};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    Whole,
    /// So many digits, and so many of them after the point.
    Decimal(usize, usize),
    Date,
    /// In UTC, to the microsecond.
    Instant,
}

/// Any amount of any currency: the largest there is in minor units, and four decimals, which is as
/// many as a currency has. `BigQuery` takes it as NUMERIC.
const MONEY: ColumnKind = ColumnKind::Decimal(23, 4);

/// Prices may have more decimals than their currency.
const PRICE: ColumnKind = ColumnKind::Decimal(38, 12);

/// A tax rate has at most four decimals.
const PERCENT: ColumnKind = ColumnKind::Decimal(7, 4);

const KINDS: [(&str, ColumnKind); 32] = [
    ("amount", MONEY),
    ("amount_due", MONEY),
    ("at", ColumnKind::Instant),
    ("corrects_line", ColumnKind::Whole),
    ("credit", MONEY),
    ("credit_applied", MONEY),
    ("credit_balance", MONEY),
    ("date", ColumnKind::Date),
    ("days", ColumnKind::Whole),
    ("days_overdue", ColumnKind::Whole),
    ("debit", MONEY),
    ("discount", MONEY),
    ("due_date", ColumnKind::Date),
    ("issue_date", ColumnKind::Date),
    ("line_count", ColumnKind::Whole),
    ("line_number", ColumnKind::Whole),
    ("net_amount", MONEY),
    ("open", MONEY),
    ("paid", MONEY),
    ("price_amount", PRICE),
    ("prorated_denominator", ColumnKind::Whole),
    ("prorated_numerator", ColumnKind::Whole),
    ("quantity", ColumnKind::Whole),
    ("service_end", ColumnKind::Instant),
    ("service_start", ColumnKind::Instant),
    ("subtotal", MONEY),
    ("tax", MONEY),
    ("tax_amount", MONEY),
    ("tax_included", MONEY),
    ("tax_rate", PERCENT),
    ("total", MONEY),
    ("unit_amount", PRICE),
];

impl ColumnKind {
    /// What a column of this name holds.
    pub fn of(column: &str) -> Self {
        let known = KINDS.iter().find(|(name, _)| *name == column);
        known.map_or(Self::Text, |(_, kind)| *kind)
    }

    /// As Arrow calls it.
    pub fn dtype(self) -> ArrowDataType {
        match self {
            Self::Text => ArrowDataType::Utf8View,
            Self::Whole => ArrowDataType::Int64,
            Self::Decimal(digits, decimals) => ArrowDataType::Decimal(digits, decimals),
            Self::Date => ArrowDataType::Date32,
            Self::Instant => ArrowDataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }
}

impl fmt::Display for ColumnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Whole => f.write_str("whole numbers of 64 bits"),
            Self::Decimal(digits, decimals) => {
                write!(f, "decimals of {digits} digits, {decimals} of them after the point")
            }
            Self::Date => f.write_str("dates"),
            Self::Instant => f.write_str("instants"),
        }
    }
}
