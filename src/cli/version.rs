//! The text of `prorata --version` after the name.

/// The version, the commit with its date, and the enabled features; see build.rs.
pub(super) const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (",
    env!("PRORATA_COMMIT"),
    "; features: ",
    env!("PRORATA_FEATURES"),
    ")"
);
