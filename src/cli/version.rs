//! What `prorata --version` says after the name.

/// Version, commit with its date, and the features that were switched on; see build.rs.
pub(super) const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (",
    env!("PRORATA_COMMIT"),
    "; features: ",
    env!("PRORATA_FEATURES"),
    ")"
);
