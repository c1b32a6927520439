use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use metrics_exporter_prometheus::PrometheusBuilder;

use super::{Board, Server};
use crate::{council::Members, data::Data};

fn serve(page: bool) -> (Server, Arc<Board>) {
    let members = Members::load(&Data::embedded()).expect("members");
    let board = Arc::new(Board::new(1, 10));
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let server =
        Server::start("127.0.0.1:0", page.then_some(&members), board.clone(), metrics).expect("a free port");
    (server, board)
}

fn open(address: SocketAddr, path: &str, host: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
    stream
}

fn get(server: &Server, path: &str) -> String {
    let mut answer = String::new();
    open(server.address(), path, &server.address().to_string())
        .read_to_string(&mut answer)
        .expect("an answer");
    answer
}

#[test]
fn health_follows_the_board() {
    let (server, board) = serve(false);
    assert!(get(&server, "/health/live").starts_with("HTTP/1.1 200"));
    let starting = get(&server, "/health/ready");
    assert!(starting.starts_with("HTTP/1.1 503") && starting.contains("not been joined"), "{starting}");
    board.health.set_hindrance(None);
    assert!(get(&server, "/health/ready").starts_with("HTTP/1.1 200"));
    assert!(get(&server, "/status").contains(r#""ready":"ok""#));
}

#[test]
fn the_page_is_there_only_where_it_is_wanted() {
    let (server, _) = serve(false);
    assert!(get(&server, "/").starts_with("HTTP/1.1 404"));
    assert!(get(&server, "/events").starts_with("HTTP/1.1 404"));
    let (server, _) = serve(true);
    let page = get(&server, "/");
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(get(&server, "/page.js").contains("EventSource"));
    let members = get(&server, "/members");
    let (_, year) = members.split_once(r#""2022":["#).expect("the year 2022");
    let seats: Vec<_> = year.split(']').next().expect("a list").split(',').collect();
    assert_eq!(seats.len(), 15, "{seats:?}");
}

#[test]
fn a_name_bent_to_loopback_is_refused() {
    let (server, _) = serve(true);
    let answer = |host: &str| {
        let mut line = String::new();
        BufReader::new(open(server.address(), "/", host)).read_line(&mut line).expect("an answer");
        line
    };
    assert!(answer("news.example:8080").starts_with("HTTP/1.1 421"));
    assert!(answer("localhost:8080").starts_with("HTTP/1.1 200"));
    assert!(answer("[::1]").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_visitor_gets_the_memory_and_then_what_is_committed() {
    let (server, board) = serve(true);
    board.live.committed("a", r#"{"article":"a1"}"#, false);
    let mut lines =
        BufReader::new(open(server.address(), "/events", "localhost")).lines().map_while(Result::ok);
    let mut data = || lines.by_ref().find_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    assert_eq!(data().as_deref(), Some(r#"[{"article":"a1"}]"#));
    board.live.committed("b", r#"{"article":"b1"}"#, false);
    assert_eq!(data().as_deref(), Some(r#"{"article":"b1"}"#));
}
