//! Log lines for people.

use log::kv::{Error, Key, Value, VisitSource};
use log::{Level, Record};

/// A log line. Warnings and notes begin with their level; the result of a stage begins with its
/// seconds and its name.
pub(crate) fn line(level: Level, stage: &str, record: &Record<'_>) -> String {
    match level {
        Level::Error => format!("error: {}", record.args()),
        Level::Warn => format!("warning: {}", record.args()),
        Level::Info => format!("note: {}", record.args()),
        Level::Debug | Level::Trace => {
            let mut seconds = Seconds(None);
            // The visitor never fails.
            let _ = record.key_values().visit(&mut seconds);
            let took = seconds.0.map_or_else(String::new, |seconds| format!("{seconds:.3} s"));
            format!("{took:>10}  {stage:<9} {}", record.args())
        }
    }
}

struct Seconds(Option<f64>);

impl<'kvs> VisitSource<'kvs> for Seconds {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        if key.as_str() == "seconds" {
            self.0 = value.to_f64();
        }
        Ok(())
    }
}
