//! What could not be tested, said so that it is seen.

use std::io::Write as _;

/// A line on standard error itself: what a passing test prints by macro nobody gets to see.
pub(crate) fn skipped(what: &str) {
    // Where nobody listens, nobody need be told.
    let _ = writeln!(std::io::stderr(), "SKIPPED, {what}");
}
