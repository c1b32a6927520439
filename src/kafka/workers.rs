//! Threads that analyse.

use std::{sync::Arc, time::Instant};

use crossbeam_channel::Receiver;

use super::{Ended, Failure, InputRecord, Kind, Outcome, Process, Progress, desk::Desk, output_size, panics};
use crate::{
    delivery::{Command, Input, Ticket},
    event::{DeadLetterReason, dead_letter, traceparent},
    telemetry,
};

/// A record on its way to a worker.
pub(super) type Job = (Ticket, InputRecord);

/// Room that a dead letter needs beside what it keeps.
const DEAD_LETTER_OVERHEAD: usize = 16 << 10;

/// What each worker needs.
#[derive(Clone)]
pub(super) struct Bench {
    pub(super) desk: Arc<Desk>,
    pub(super) progress: Arc<Progress>,
    pub(super) jobs: Receiver<Job>,
    pub(super) process: Process,
    pub(super) message_max_bytes: usize,
}

impl Bench {
    /// Works as number `worker` until the queue is closed.
    pub(super) fn work(&self, worker: usize) {
        for (ticket, record) in &self.jobs {
            if self.desk.is_stopped() {
                return;
            }
            let commands = self.desk.step(Input::Starting(ticket.clone()));
            if commands.iter().any(|c| matches!(c, Command::Start)) {
                self.progress.took_up(worker);
                self.finish(ticket, record);
                self.progress.laid_down(worker);
            }
        }
    }

    fn finish(&self, ticket: Ticket, record: InputRecord) {
        let trace = traceparent(&record.headers);
        let span = tracing::info_span!("record", source = %record.source, offset = record.offset, trace);
        let _inside = span.enter();
        let begun = Instant::now();
        let outcome = analyse(&self.process, &record);
        let seconds = begun.elapsed().as_secs_f64();
        metrics::histogram!(telemetry::ANALYSIS_SECONDS).record(seconds);
        let ended = match outcome {
            Outcome::Published(made) => Ended {
                input: record,
                kind: Kind::Read(made.outcome),
                records: made.records,
                events: made.events,
            },
            Outcome::DeadLetter(reason, detail) => give_up(record, reason, &detail, self.message_max_bytes),
        };
        tracing::debug!(outcome = ended.kind.as_str(), events = ended.events.len(), seconds, "record read");
        let bytes = ended.records.iter().map(output_size).sum();
        let refused = matches!(ended.kind, Kind::DeadLetter(reason) if speaks_for_breaker(reason));
        self.desk.step(Input::Finished { ticket, result: Arc::new(ended), bytes, refused });
    }
}

/// The end of a record that failed.
pub(super) fn give_up(
    input: InputRecord,
    reason: DeadLetterReason,
    detail: &str,
    message_max_bytes: usize,
) -> Ended {
    let room = message_max_bytes.saturating_sub(DEAD_LETTER_OVERHEAD);
    let letter = dead_letter(&input.view(), reason, detail, jiff::Timestamp::now(), room);
    Ended { input, kind: Kind::DeadLetter(reason), records: vec![letter], events: Vec::new() }
}

/// The end of a record whose outputs, the largest of `size` bytes, are too large to be sent.
///
/// # Errors
/// Its dead letter was too large already: another one would be as large, and refused for ever.
pub(super) fn in_place_of(refused: &Ended, size: usize, message_max_bytes: usize) -> Result<Ended, Failure> {
    let (source, offset) = (&refused.input.source, refused.input.offset);
    if refused.kind == Kind::DeadLetter(DeadLetterReason::TooLarge) {
        return Err(Failure::Configuration(format!(
            "the dead letter of offset {offset} of {source}, {size} bytes, is refused as too large: raise `max.message.bytes` of the topic `output.dead_letters` to `delivery.message_max_bytes` ({message_max_bytes}), or lower that"
        )));
    }
    tracing::warn!(%source, offset, size, "output too large");
    let detail = format!("an output of {size} bytes exceeds {message_max_bytes} bytes");
    Ok(give_up(refused.input.clone(), DeadLetterReason::TooLarge, &detail, message_max_bytes))
}

/// An embargo is nobody's fault.
fn speaks_for_breaker(reason: DeadLetterReason) -> bool {
    reason != DeadLetterReason::Embargoed
}

fn analyse(process: &Process, record: &InputRecord) -> Outcome {
    panics::catch(|| process(record)).unwrap_or_else(|place| {
        let place = place.unwrap_or_else(|| "an unknown place".to_owned());
        tracing::error!(place, "analysis panicked");
        Outcome::DeadLetter(DeadLetterReason::Panic, format!("the analysis panicked at {place}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        delivery::Source,
        event::{Header, ReadingOutcome},
    };

    fn record(key: Vec<u8>, headers: Vec<Header>) -> InputRecord {
        InputRecord {
            source: Source { topic: "wire".into(), partition: 3 },
            offset: 17,
            timestamp: None,
            key: Some(key),
            payload: Some(b"{}".to_vec()),
            headers,
        }
    }

    #[test]
    fn a_dead_letter_fits_whatever_is_large_in_its_record() {
        let large = || vec![b'x'; 2_000_000];
        let records = [
            record(large(), Vec::new()),
            record(Vec::new(), vec![Header::new("large", large())]),
            record(Vec::new(), vec![Header::new("h", ""); 200_000]),
        ];
        for record in records {
            let ended = give_up(record, DeadLetterReason::Unreadable, "", 1_000_000);
            assert!(output_size(&ended.records[0]) < 1_000_000 - 512);
        }
    }

    #[test]
    fn a_dead_letter_does_not_quote_what_panicked() {
        let process: Process = Arc::new(|record| {
            let text = String::from_utf8_lossy(record.key.as_deref().unwrap_or_default()).into_owned();
            panic!("cannot read {text}")
        });
        let outcome = analyse(&process, &record(b"Paris".to_vec(), Vec::new()));
        let Outcome::DeadLetter(DeadLetterReason::Panic, detail) = outcome else { panic!("{outcome:?}") };
        assert!(detail.contains(file!()) && !detail.contains("Paris"), "{detail}");
    }

    #[test]
    fn a_too_large_dead_letter_is_not_made_again_and_again() {
        let published = Ended {
            input: record(b"key".to_vec(), Vec::new()),
            kind: Kind::Read(ReadingOutcome::Events),
            records: Vec::new(),
            events: Vec::new(),
        };
        let letter = in_place_of(&published, 2_000_000, 1_000_000).expect("a dead letter");
        assert_eq!(letter.kind, Kind::DeadLetter(DeadLetterReason::TooLarge));
        let failure = in_place_of(&letter, 300, 1_000_000).expect_err("refused twice");
        assert_eq!(failure.exit_code(), 78);
        assert!(failure.to_string().contains("offset 17 of wire/3"), "{failure}");
    }
}
