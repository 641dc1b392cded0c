//! Starts the threads of a run before it does anything, so that a lack of them is an error with a
//! remedy and not a panic in the middle of the work.

use std::io;
use std::sync::Mutex;
use std::thread;

use crate::pipeline::RunError;

/// Starts the threads that bill and print, and makes sure that the reader of Parquet finds as many.
///
/// # Errors
/// The system starts fewer threads.
pub(crate) fn start() -> Result<(), RunError> {
    rayon::ThreadPoolBuilder::new()
        .build_global()
        .map_err(|error| RunError::Threads(io::Error::other(error)))?;
    probe(rayon::current_num_threads()).map_err(RunError::Threads)
}

/// Starts some threads that live at the same time, and ends them. The reader of Parquet starts its
/// own only when it is needed, and panics if it cannot.
fn probe(count: usize) -> io::Result<()> {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = gate.lock();
        let mut started = (0..count).map(|_| {
            let thread = thread::Builder::new().spawn_scoped(scope, || drop(gate.lock()));
            thread.map(drop)
        });
        let result = started.try_for_each(|started| started);
        drop(closed);
        result
    })
}
