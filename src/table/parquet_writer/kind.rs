//! The types of published columns, by name: a name means the same in all tables.

use std::fmt;

use polars_arrow::datatypes::{ArrowDataType, TimeUnit};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Text,
    Whole,
    /// The number of digits, and how many of them are after the point.
    Decimal(usize, usize),
    Date,
    /// In UTC, with microseconds.
    Instant,
}

/// Any amount of any currency: 64 bits of minor units, and four decimals, the most of any currency.
/// `BigQuery` accepts it as NUMERIC.
const MONEY: ColumnKind = ColumnKind::Decimal(23, 4);

/// Prices may have more decimals than their currency.
const PRICE: ColumnKind = ColumnKind::Decimal(38, 12);

/// A tax rate has at most four decimals.
const PERCENT: ColumnKind = ColumnKind::Decimal(7, 4);

const KINDS: [(&str, ColumnKind); 33] = [
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
    ("tax_base", MONEY),
    ("tax_included", MONEY),
    ("tax_rate", PERCENT),
    ("total", MONEY),
    ("unit_amount", PRICE),
];

impl ColumnKind {
    /// The type of a column by name.
    pub(crate) fn of(column: &str) -> Self {
        let known = KINDS.iter().find(|(name, _)| *name == column);
        known.map_or(Self::Text, |(_, kind)| *kind)
    }

    /// The Arrow type.
    pub(crate) fn dtype(self) -> ArrowDataType {
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
