//! Lines for people.

use log::kv::{Error, Key, Value, VisitSource};
use log::{Level, Record};

/// A line about something: warnings and notes say what they are; what a stage did stands beside its
/// name, after the seconds it took.
pub(crate) fn line(level: Level, stage: &str, record: &Record<'_>) -> String {
    match level {
        Level::Error => format!("error: {}", record.args()),
        Level::Warn => format!("warning: {}", record.args()),
        Level::Info => format!("note: {}", record.args()),
        Level::Debug | Level::Trace => {
            let mut seconds = Seconds(None);
            // The visitor refuses nothing.
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
