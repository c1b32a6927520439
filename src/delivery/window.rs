use std::{collections::VecDeque, sync::Arc, time::Duration};

/// The records of one assignment of one partition that are read and not yet committed, by offset.
/// The first `sent` of them are in the current batch.
#[derive(Debug)]
pub(super) struct Window<T> {
    pub(super) epoch: u64,
    /// To be given back: admits nothing more.
    pub(super) leaving: bool,
    slots: VecDeque<Slot<T>>,
    sent: usize,
    /// Below this nothing is admitted: it was read before.
    next: i64,
    bytes: usize,
    sent_bytes: usize,
}

#[derive(Debug)]
struct Slot<T> {
    offset: i64,
    bytes: usize,
    read: Duration,
    work: Work<T>,
}

#[derive(Debug)]
enum Work<T> {
    Waiting,
    Started,
    Finished(Arc<T>),
}

impl<T> Window<T> {
    pub(super) fn new(epoch: u64) -> Self {
        Self { epoch, leaving: false, slots: VecDeque::new(), sent: 0, next: 0, bytes: 0, sent_bytes: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Bytes of all records held.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn sent(&self) -> usize {
        self.sent
    }

    pub(super) fn sent_bytes(&self) -> usize {
        self.sent_bytes
    }

    /// Everything held is in the batch.
    pub(super) fn all_sent(&self) -> bool {
        self.sent == self.slots.len()
    }

    /// When the oldest record held was read.
    pub(super) fn oldest_read(&self) -> Option<Duration> {
        self.slots.front().map(|s| s.read)
    }

    /// The next offset to be read.
    pub(super) fn position(&self) -> i64 {
        self.next
    }

    /// Whether the record is new here; one that was read before is refused.
    pub(super) fn admit(&mut self, offset: i64, bytes: usize, now: Duration) -> bool {
        if self.leaving || offset < self.next {
            return false;
        }
        self.next = offset + 1;
        self.bytes += bytes;
        self.slots.push_back(Slot { offset, bytes, read: now, work: Work::Waiting });
        true
    }

    /// Whether the record is still held and nobody has begun it.
    pub(super) fn start(&mut self, offset: i64) -> bool {
        match self.find(offset) {
            Some(i) if matches!(self.slots[i].work, Work::Waiting) => {
                self.slots[i].work = Work::Started;
                true
            }
            _ => false,
        }
    }

    /// Whether the record is held and had no result before.
    pub(super) fn finish(&mut self, offset: i64, result: Arc<T>, bytes: usize) -> bool {
        match self.find(offset) {
            Some(i) if !matches!(self.slots[i].work, Work::Finished(_)) => {
                self.slots[i].work = Work::Finished(result);
                self.slots[i].bytes += bytes;
                self.bytes += bytes;
                true
            }
            _ => false,
        }
    }

    /// Another result for a finished record.
    pub(super) fn replace(&mut self, offset: i64, result: Arc<T>, bytes: usize) {
        let Some(i) = self.find(offset) else { return };
        let slot = &mut self.slots[i];
        if matches!(slot.work, Work::Finished(_)) {
            slot.work = Work::Finished(result);
            slot.bytes += bytes;
            self.bytes += bytes;
            if i < self.sent {
                self.sent_bytes += bytes;
            }
        }
    }

    /// The next finished result that all before it allow to send, with its offset and bytes; it is
    /// in the batch then.
    pub(super) fn send_next(&mut self) -> Option<(i64, Arc<T>, usize)> {
        let slot = self.slots.get(self.sent)?;
        let Work::Finished(result) = &slot.work else { return None };
        self.sent += 1;
        self.sent_bytes += slot.bytes;
        Some((slot.offset, Arc::clone(result), slot.bytes))
    }

    /// The offset that the batch reaches here.
    pub(super) fn reached(&self) -> Option<i64> {
        self.sent.checked_sub(1).map(|last| self.slots[last].offset + 1)
    }

    /// The batch is committed: what was in it leaves the window.
    pub(super) fn settle(&mut self) {
        for slot in self.slots.drain(..self.sent) {
            self.bytes -= slot.bytes;
        }
        self.sent = 0;
        self.sent_bytes = 0;
    }

    /// The batch is undone: what was in it is to be sent again.
    pub(super) fn unsend(&mut self) {
        self.sent = 0;
        self.sent_bytes = 0;
    }

    /// Admits nothing more and drops what nobody has begun. A waiting record before a begun one
    /// stays: two workers may begin in either order.
    pub(super) fn leave(&mut self) {
        self.leaving = true;
        while matches!(self.slots.back(), Some(Slot { work: Work::Waiting, .. })) {
            self.bytes -= self.slots.pop_back().map_or(0, |s| s.bytes);
        }
    }

    fn find(&self, offset: i64) -> Option<usize> {
        self.slots.binary_search_by_key(&offset, |s| s.offset).ok()
    }
}
