//! Decides which column types become text, and explains the others.

use polars_arrow::datatypes::ArrowDataType;

/// Why a type has no text form: the broken rule and its remedy.
pub(crate) fn refusal(dtype: &ArrowDataType) -> Option<(&'static str, &'static str)> {
    use ArrowDataType as Type;
    Some(match dtype {
        Type::Boolean
        | Type::Int8
        | Type::Int16
        | Type::Int32
        | Type::Int64
        | Type::UInt8
        | Type::UInt16
        | Type::UInt32
        | Type::UInt64
        | Type::Date32
        | Type::Timestamp(_, Some(_))
        | Type::Utf8View
        | Type::BinaryView
        | Type::Null => return None,
        Type::Decimal(precision, scale) if *precision <= MOST_DIGITS && scale <= precision => {
            return None;
        }
        Type::Float16 | Type::Float32 | Type::Float64 => (
            "is a column of floating-point numbers",
            "write Decimal, integers or text; a float does not hold every amount. pandas makes \
             floats of integers with gaps: astype(\"Int64\")",
        ),
        Type::Timestamp(_, None) => (
            "is a column of times without a time zone",
            "write times in UTC (pandas: tz_localize), or text such as 2026-01-31T09:30:00Z",
        ),
        Type::Decimal(..) => {
            ("is a Decimal of more than 38 digits", "write Decimal(38, …) or text")
        }
        _ => ("is a column of a type that has no meaning here", "write text, as a CSV file has it"),
    })
}

/// The most digits that fit 128 bits.
const MOST_DIGITS: usize = 38;
