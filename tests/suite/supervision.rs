//! What systemd hears, by a socket in its place.

use std::{
    os::unix::net::UnixDatagram,
    time::{Duration, Instant},
};

use demarche::kafka::embedded::Broker;

use crate::{
    child::signal,
    service::{Service, flags},
    wire::{SOON, topics},
};

/// The next message that has this in it, with all that came before.
fn hear(socket: &UnixDatagram, wanted: &str) -> String {
    let (begun, mut heard) = (Instant::now(), String::new());
    while begun.elapsed() < SOON {
        let mut message = [0; 1024];
        let Ok(length) = socket.recv(&mut message) else { continue };
        heard.push_str(&String::from_utf8_lossy(&message[..length]));
        if heard.contains(wanted) {
            return heard;
        }
    }
    panic!("never heard {wanted}: {heard}");
}

#[test]
fn systemd_hears_of_the_start_of_life_and_of_the_stop() {
    let names = topics("t", 1);
    let names: Vec<(&str, i32)> = names.iter().map(|(t, n)| (t.as_str(), *n)).collect();
    let broker = Broker::start(&names).expect("embedded broker");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a time-out");

    let mut flags = flags(&broker.brokers(), "t");
    flags.extend(["--set".to_owned(), "delivery.mode=at_least_once".to_owned()]);
    let environment = [("NOTIFY_SOCKET", path.to_str().expect("UTF-8")), ("WATCHDOG_USEC", "600000")];
    let service = Service::start(&flags, &environment);
    hear(&socket, "READY=1");
    hear(&socket, "STATUS=records get through");
    // Signs of life come twice within the time that systemd allows.
    let begun = Instant::now();
    for _ in 0..5 {
        hear(&socket, "WATCHDOG=1");
    }
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    signal(service.process(), "TERM");
    hear(&socket, "STOPPING=1");
    assert_eq!(service.end().0, Some(0));
}
