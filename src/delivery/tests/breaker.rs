//! When a probe of an open breaker is due.

use super::*;

/// One partition behind an open breaker, whose next probe is due after the interval.
fn open_breaker(limits: Limits) -> State<u32> {
    let mut state = State::new(Limits { breaker_sample: 1, ..limits });
    let (now, source) = (Duration::ZERO, World::source(0));
    state.step(Input::Assigned(source.clone()), now);
    let commands = state.step(Input::Arrived { source, offset: 0, bytes: 1 }, now);
    let Command::Analyse(ticket) = &commands[0] else { panic!("{commands:?}") };
    state.step(Input::Starting(ticket.clone()), now);
    state.step(Input::Finished { ticket: ticket.clone(), result: Arc::new(1), bytes: 1, refused: true }, now);
    assert!(state.summary().breaker_open);
    state
}

#[test]
fn i8_a_probe_that_does_not_arrive_is_not_due_again_and_again() {
    let mut state = open_breaker(Limits::default());
    let interval = Limits::default().probe_interval;
    assert_eq!(state.next_due(), Some(interval));
    assert_eq!(state.step(Input::Tick, interval), [Command::Intake(Intake::Probe)]);
    assert_eq!(state.next_due(), None, "intake knows, and no record has come");
    let arrived = Input::Arrived { source: World::source(0), offset: 1, bytes: 1 };
    let commands = state.step(arrived, interval);
    let Command::Analyse(probe) = &commands[0] else { panic!("{commands:?}") };
    assert_eq!(state.next_due(), None, "the probe is in work");
    state.step(Input::Starting(probe.clone()), interval);
    let finished = Input::Finished { ticket: probe.clone(), result: Arc::new(1), bytes: 1, refused: true };
    state.step(finished, interval);
    assert_eq!(state.next_due(), Some(interval * 2), "refused: the next one");
}

#[test]
fn i8_no_probe_is_due_where_none_would_be_admitted() {
    let mut full = open_breaker(Limits { held_bytes: 1, ..Limits::default() });
    let interval = Limits::default().probe_interval;
    assert_eq!(full.next_due(), None);
    assert_eq!(full.step(Input::Tick, interval), []);
    let mut draining = open_breaker(Limits::default());
    draining.step(Input::Drain, Duration::ZERO);
    assert_eq!(draining.next_due(), None);
}
