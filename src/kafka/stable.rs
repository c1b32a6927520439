//! Committed offsets that no open transaction is about to change.

use std::{
    thread,
    time::{Duration, Instant},
};

use rdkafka::{
    TopicPartitionList,
    consumer::{BaseConsumer, Consumer, ConsumerContext},
};

use super::Failure;

/// For one question to the broker.
const ASK: Duration = Duration::from_secs(5);
/// Offsets are unstable while a killed owner's transaction is open: at most its time-out.
const STABLE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(50);

/// Committed offsets of these partitions, once no open transaction holds any of them. `goes_on` is asked before each
/// further try.
///
/// # Errors
/// Brokers that do not tell, or not us, or not before the end of `goes_on`.
pub(super) fn stable_offsets<C: ConsumerContext>(
    consumer: &BaseConsumer<C>,
    list: &TopicPartitionList,
    goes_on: impl Fn() -> bool,
) -> Result<TopicPartitionList, Failure> {
    let deadline = Instant::now() + STABLE;
    loop {
        let fault = match consumer.committed_offsets(list.clone(), ASK) {
            Ok(offsets) => match offsets.elements().iter().find_map(|e| e.error().err()) {
                None => return Ok(offsets),
                Some(fault) => fault,
            },
            Err(fault) => fault,
        };
        let failure = Failure::of(&fault, "committed offsets");
        if matches!(failure, Failure::Configuration(_)) || Instant::now() >= deadline || !goes_on() {
            return Err(failure);
        }
        thread::sleep(PAUSE);
    }
}
