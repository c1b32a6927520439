//! Committed articles for the live page: a bounded memory for new visitors, a channel for the others.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::broadcast;

/// Articles that a slow visitor may fall behind; one that falls further gets the whole memory anew.
const BACKLOG: usize = 256;

/// The last word on one article, as it stands in the articles topic.
#[derive(Debug, Clone)]
struct Remembered {
    article: String,
    /// `{article, outcome, events}` as JSON.
    record: Arc<str>,
}

/// What the live page shows.
#[derive(Debug)]
pub struct Live {
    limit: usize,
    memory: Mutex<VecDeque<Remembered>>,
    channel: broadcast::Sender<Arc<str>>,
}

impl Live {
    /// `limit`: articles that are remembered.
    pub fn new(limit: usize) -> Self {
        Self { limit, memory: Mutex::default(), channel: broadcast::Sender::new(BACKLOG) }
    }

    /// Tells of an article's current result after its commit: `record` is the JSON of the articles topic.
    /// What stood there of an earlier version is forgotten; of a `withdrawn` article nothing is kept.
    pub fn committed(&self, article: &str, record: &str, withdrawn: bool) {
        let record: Arc<str> = record.into();
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.retain(|known| known.article != article);
        if !withdrawn && self.limit > 0 {
            memory.push_back(Remembered { article: article.to_owned(), record: record.clone() });
            let surplus = memory.len().saturating_sub(self.limit);
            memory.drain(..surplus);
        }
        // Sent under the lock, so that a new visitor sees every article exactly once. No visitor is no fault.
        let _ = self.channel.send(record);
    }

    /// All that is remembered, oldest first, and everything that comes after it.
    pub(super) fn visit(&self) -> (Vec<Arc<str>>, broadcast::Receiver<Arc<str>>) {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        (memory.iter().map(|known| known.record.clone()).collect(), self.channel.subscribe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remembered(live: &Live) -> Vec<String> {
        live.visit().0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_the_last_version_is_remembered_and_nothing_of_a_withdrawn_article() {
        let live = Live::new(10);
        live.committed("a", "a1", false);
        live.committed("b", "b1", false);
        live.committed("a", "a2", false);
        assert_eq!(remembered(&live), ["b1", "a2"]);
        live.committed("b", "b gone", true);
        assert_eq!(remembered(&live), ["a2"]);
    }

    #[test]
    fn the_memory_is_bounded() {
        let live = Live::new(2);
        for article in ["a", "b", "c"] {
            live.committed(article, article, false);
        }
        assert_eq!(remembered(&live), ["b", "c"]);
    }

    #[test]
    fn a_visitor_hears_of_a_withdrawal() {
        let live = Live::new(2);
        live.committed("a", "a1", false);
        let (_, mut channel) = live.visit();
        live.committed("a", "a gone", true);
        assert_eq!(&*channel.try_recv().expect("told"), "a gone");
    }
}
