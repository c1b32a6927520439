use std::{collections::BTreeMap, time::Duration};

use super::{Command, Input, Intake, Limits, Sending, Source, Ticket, breaker::Breaker, window::Window};

/// See the [module](super). `T` is a result ready to be sent.
#[derive(Debug)]
pub struct State<T> {
    limits: Limits,
    windows: BTreeMap<Source, Window<T>>,
    epochs: u64,
    last_commit: Option<Duration>,
    /// The batch contains results of a partition that was lost.
    stale: bool,
    full: bool,
    intake: Intake,
    breaker: Breaker,
    draining: bool,
    drained: bool,
}

/// What health checks and metrics want to know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Partitions that are ours, each with the next offset to be read.
    pub partitions: Vec<(Source, i64)>,
    pub held_records: usize,
    pub held_bytes: usize,
    pub batch_records: usize,
    /// When the oldest record held was read.
    pub oldest_read: Option<Duration>,
    pub breaker_open: bool,
    pub paused: bool,
    pub draining: bool,
}

impl<T> State<T> {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            windows: BTreeMap::new(),
            epochs: 0,
            last_commit: None,
            stale: false,
            full: false,
            intake: Intake::Run,
            breaker: Breaker::default(),
            draining: false,
            drained: false,
        }
    }

    /// One thing happened at `now`; what is to be done about it.
    pub fn step(&mut self, input: Input<T>, now: Duration) -> Vec<Command<T>> {
        let mut commands = Vec::new();
        match input {
            Input::Assigned(source) => self.assign(source),
            Input::Arrived { source, offset, bytes } => {
                commands.extend(self.arrive(source, offset, bytes, now));
            }
            Input::Starting(ticket) => {
                if self.window(&ticket).is_some_and(|w| w.start(ticket.offset)) {
                    commands.push(Command::Start);
                }
            }
            Input::Finished { ticket, result, bytes, refused } => {
                if self.window(&ticket).is_some_and(|w| w.finish(ticket.offset, result, bytes)) {
                    self.breaker.count(&ticket, refused, &self.limits, now);
                }
            }
            Input::Replaced { ticket, result, bytes } => {
                if let Some(window) = self.window(&ticket) {
                    window.replace(ticket.offset, result, bytes);
                }
            }
            Input::Revoked(sources) => self.leave(&sources, &mut commands),
            Input::Lost(sources) => self.lose(&sources),
            Input::Tick => self.tick(now, &mut commands),
            Input::Committed => self.settle(&mut commands),
            Input::Aborted => {
                self.stale = false;
                self.windows.values_mut().for_each(Window::unsend);
            }
            Input::Drain => {
                self.draining = true;
                self.windows.values_mut().for_each(Window::leave);
            }
        }
        self.finish_drain(&mut commands);
        self.regulate(now, &mut commands);
        commands
    }

    /// Whether everything in the batch is still ours. To be asked after the group's metadata was
    /// taken and before the offsets are sent: the broker does not check it.
    pub fn batch_is_owned(&self) -> bool {
        !self.stale
    }

    /// Whether the partition is ours.
    pub fn owns(&self, source: &Source) -> bool {
        self.windows.contains_key(source)
    }

    /// Whether the partition can be given back without waiting: nothing of it is in work, or
    /// nothing of it would be sent.
    pub fn is_settled(&self, source: &Source) -> bool {
        self.breaker.is_open() || self.windows.get(source).is_none_or(Window::is_empty)
    }

    /// When [`Input::Tick`] is due next, if nothing else happens.
    pub fn next_due(&self) -> Option<Duration> {
        let batch = self.windows.values().any(|w| w.sent() > 0);
        let commit = batch.then(|| self.last_commit.unwrap_or_default() + self.limits.commit_interval);
        [commit, self.next_probe()].into_iter().flatten().min()
    }

    /// When intake is to be told of the next probe: not while it waits for one to arrive, nor where none is wanted,
    /// or whoever waits for that time would not wait at all.
    fn next_probe(&self) -> Option<Duration> {
        let wanted = !self.draining && self.intake != Intake::Probe && !self.over(4);
        self.breaker.next_probe().filter(|_| wanted)
    }

    pub fn summary(&self) -> Summary {
        Summary {
            partitions: self.windows.iter().map(|(s, w)| (s.clone(), w.position())).collect(),
            held_records: self.windows.values().map(Window::len).sum(),
            held_bytes: self.windows.values().map(Window::bytes).sum(),
            batch_records: self.windows.values().map(Window::sent).sum(),
            oldest_read: self.windows.values().filter_map(Window::oldest_read).min(),
            breaker_open: self.breaker.is_open(),
            paused: self.intake != Intake::Run,
            draining: self.draining,
        }
    }

    fn window(&mut self, ticket: &Ticket) -> Option<&mut Window<T>> {
        self.windows.get_mut(&ticket.source).filter(|w| w.epoch == ticket.epoch)
    }

    fn assign(&mut self, source: Source) {
        self.lose(std::slice::from_ref(&source));
        self.epochs += 1;
        let mut window = Window::new(self.epochs);
        window.leaving = self.draining;
        self.windows.insert(source, window);
    }

    fn arrive(&mut self, source: Source, offset: i64, bytes: usize, now: Duration) -> Option<Command<T>> {
        let window = self.windows.get_mut(&source)?;
        if !window.admit(offset, bytes, now) {
            return None;
        }
        let ticket = Ticket { source, epoch: window.epoch, offset };
        self.breaker.admit(&ticket, &self.limits, now);
        Some(Command::Analyse(ticket))
    }

    fn leave(&mut self, sources: &[Source], commands: &mut Vec<Command<T>>) {
        for source in sources {
            if let Some(window) = self.windows.get_mut(source) {
                window.leave();
            }
        }
        self.release(commands);
    }

    fn lose(&mut self, sources: &[Source]) {
        for source in sources {
            if let Some(window) = self.windows.remove(source) {
                self.stale |= self.limits.transactional && window.sent() > 0;
                self.breaker.forget(|probe| probe.source == *source);
            }
        }
    }

    fn tick(&mut self, now: Duration, commands: &mut Vec<Command<T>>) {
        let in_batch: usize = self.windows.values().map(Window::sent).sum();
        if self.stale || (self.breaker.is_open() && in_batch > 0) {
            commands.push(Command::Abort);
            return;
        }
        if self.breaker.is_open() {
            return;
        }
        let sending = self.gather();
        if !sending.is_empty() {
            commands.push(Command::Send(sending));
        }
        if self.commit_is_due(now) {
            self.last_commit = Some(now);
            let offsets = self.windows.iter().filter_map(|(s, w)| Some((s.clone(), w.reached()?)));
            commands.push(Command::Commit(offsets.collect()));
        }
    }

    fn gather(&mut self) -> Vec<Sending<T>> {
        let mut records: usize = self.windows.values().map(Window::sent).sum();
        let mut bytes: usize = self.windows.values().map(Window::sent_bytes).sum();
        let mut sending = Vec::new();
        for (source, window) in &mut self.windows {
            while records < self.limits.batch_records && bytes < self.limits.batch_bytes {
                let Some((offset, result, size)) = window.send_next() else { break };
                records += 1;
                bytes += size;
                let ticket = Ticket { source: source.clone(), epoch: window.epoch, offset };
                sending.push(Sending { ticket, result });
            }
        }
        sending
    }

    fn commit_is_due(&self, now: Duration) -> bool {
        let records: usize = self.windows.values().map(Window::sent).sum();
        let bytes: usize = self.windows.values().map(Window::sent_bytes).sum();
        records > 0
            && (records >= self.limits.batch_records
                || bytes >= self.limits.batch_bytes
                || self.last_commit.is_none_or(|last| now >= last + self.limits.commit_interval)
                || self.windows.values().any(|w| w.leaving && w.sent() > 0 && w.all_sent())
                || (self.full && self.windows.values().all(Window::all_sent)))
    }

    fn settle(&mut self, commands: &mut Vec<Command<T>>) {
        self.stale = false;
        self.windows.values_mut().for_each(Window::settle);
        self.release(commands);
    }

    /// Lets go of partitions that are leaving and empty. While draining all are leaving, but
    /// stay ours until the consumer closes.
    fn release(&mut self, commands: &mut Vec<Command<T>>) {
        if self.draining {
            return;
        }
        let breaker_open = self.breaker.is_open();
        let done = self.windows.iter().filter(|(_, w)| w.leaving && (w.is_empty() || breaker_open));
        let done: Vec<Source> = done.map(|(s, _)| s.clone()).collect();
        self.lose(&done);
        commands.extend(done.into_iter().map(Command::Released));
    }

    fn finish_drain(&mut self, commands: &mut Vec<Command<T>>) {
        if self.draining && !self.drained {
            // Behind an open breaker nothing would ever be sent: the next start reads it again.
            self.drained = self.breaker.is_open() || self.windows.values().all(Window::is_empty);
            if self.drained {
                commands.push(Command::Drained);
            }
        }
    }

    /// Whether that many halves of what may be held are held.
    fn over(&self, halves: usize) -> bool {
        let records: usize = self.windows.values().map(Window::len).sum();
        let bytes: usize = self.windows.values().map(Window::bytes).sum();
        records * 2 >= self.limits.held_records * halves || bytes * 2 >= self.limits.held_bytes * halves
    }

    fn regulate(&mut self, now: Duration, commands: &mut Vec<Command<T>>) {
        self.full = if self.full { self.over(1) } else { self.over(2) };
        let intake = if self.draining {
            Intake::Pause
        } else if self.breaker.is_open() {
            // Refused probes are held too: room for as many again as before it opened.
            let due = self.breaker.next_probe().is_some_and(|t| now >= t);
            if due && !self.over(4) { Intake::Probe } else { Intake::Pause }
        } else if self.full {
            Intake::Pause
        } else {
            Intake::Run
        };
        if intake != self.intake {
            self.intake = intake;
            commands.push(Command::Intake(intake));
        }
    }
}
