//! The HTTP server: one thread of its own, no state of its own.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures_util::{Stream, StreamExt, stream};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{
    net::TcpListener,
    sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot},
};

use super::Board;
use crate::{actors::Code, council::Members};

/// Visitors of the live page at a time; each costs a connection.
const VISITORS: usize = 64;
/// Histograms are condensed this often, scraped or not.
const UPKEEP: Duration = Duration::from_secs(5);

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPTS: [(&str, &str); 3] = [
    ("/page.js", include_str!("page/page.js")),
    ("/detail.js", include_str!("page/detail.js")),
    ("/dom.js", include_str!("page/dom.js")),
];

/// Nothing is loaded from elsewhere, and no words of an article can become script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error(
        "`admin.listen`: cannot listen on `{address}`: {source}: free it, or set another (empty: no server)"
    )]
    Listen { address: String, source: std::io::Error },
    #[error("the admin server's thread: {0}")]
    Thread(std::io::Error),
}

/// A running server; it stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on `address` (`HOST:PORT`, port 0 takes a free one). `/` shows committed events where `page`
    /// gives the members of the Council, by whose seats votes are drawn; without them there is no page.
    ///
    /// # Errors
    /// [`AdminError::Listen`] where the address is taken or cannot be used.
    pub fn start(
        address: &str,
        page: Option<&Members>,
        board: Arc<Board>,
        metrics: PrometheusHandle,
    ) -> Result<Self, AdminError> {
        let fault = |source| AdminError::Listen { address: address.to_owned(), source };
        let listener = std::net::TcpListener::bind(address).map_err(fault)?;
        listener.set_nonblocking(true).map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AdminError::Thread)?;
        let (stop, stopped) = oneshot::channel();
        let routes = routes(page.map(seats), address.ip(), board, metrics.clone());
        let work = async move {
            let listener = match TcpListener::from_std(listener) {
                Ok(listener) => listener,
                Err(error) => return tracing::error!(%error, "admin server cannot listen"),
            };
            tokio::select! {
                ended = axum::serve(listener, routes) => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "admin server ended");
                    }
                }
                () = upkeep(metrics) => {}
                _ = stopped => {}
            }
        };
        let thread = std::thread::Builder::new()
            .name("admin".to_owned())
            .spawn(move || runtime.block_on(work))
            .map_err(AdminError::Thread)?;
        tracing::info!(%address, page = page.is_some(), "admin server listens");
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Dropping the sender is the signal.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("admin server panicked");
        }
    }
}

async fn upkeep(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}

#[derive(Clone)]
struct Shared {
    board: Arc<Board>,
    metrics: PrometheusHandle,
    visitors: Arc<Semaphore>,
}

/// Members of the Council by calendar year.
type Seats = BTreeMap<i16, Vec<Code>>;

fn seats(members: &Members) -> Seats {
    let by_year = |year| (year, members.on(jiff::civil::date(year, 12, 31)));
    members.years().map(by_year).collect()
}

fn routes(seats: Option<Seats>, ip: IpAddr, board: Arc<Board>, metrics: PrometheusHandle) -> Router {
    let shared = Shared { board, metrics, visitors: Arc::new(Semaphore::new(VISITORS)) };
    let mut routes = Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics_text))
        .route("/status", get(status));
    if let Some(seats) = seats {
        routes = routes
            .route("/members", get(async move || Json(seats)))
            .route("/", get(async || ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE)))
            .route("/page.css", get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
            .route("/events", get(events));
        for (path, script) in SCRIPTS {
            let typed = ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script);
            routes = routes.route(path, get(async move || typed));
        }
    }
    routes.layer(from_fn(protect)).layer(from_fn_with_state(ip, refuse_foreign_names)).with_state(shared)
}

async fn live(State(shared): State<Shared>) -> Response {
    told(shared.board.health.live())
}

async fn ready(State(shared): State<Shared>) -> Response {
    told(shared.board.health.ready())
}

fn told<E: ToString>(state: Result<(), E>) -> Response {
    match state {
        Ok(()) => "ok\n".into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, reason.to_string() + "\n").into_response(),
    }
}

async fn metrics_text(State(shared): State<Shared>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], shared.metrics.render()).into_response()
}

async fn status(State(shared): State<Shared>) -> Response {
    let health = &shared.board.health;
    Json(serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "uptime_seconds": health.uptime().as_secs(),
        "live": health.live().err().unwrap_or_else(|| "ok".to_owned()),
        "ready": health.ready().map_or_else(|reason| reason.to_string(), |()| "ok".to_owned()),
        "daemon": shared.board.status(),
    }))
    .into_response()
}

/// Committed articles as server-sent events: first `memory` (a list), then `article` (one each).
async fn events(State(shared): State<Shared>) -> Response {
    let Ok(permit) = shared.visitors.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many visitors\n").into_response();
    };
    Sse::new(visit(shared.board, permit)).keep_alive(KeepAlive::default()).into_response()
}

fn visit(board: Arc<Board>, permit: OwnedSemaphorePermit) -> impl Stream<Item = Result<Event, Infallible>> {
    // No channel yet, or none any more: the visitor is told all that is remembered.
    stream::unfold((board, permit, None), |(board, permit, channel)| async move {
        let (event, channel) = next_event(&board, channel).await?;
        Some((event, (board, permit, Some(channel))))
    })
    .map(Ok)
}

type Channel = broadcast::Receiver<Arc<str>>;

async fn next_event(board: &Board, channel: Option<Channel>) -> Option<(Event, Channel)> {
    if let Some(mut channel) = channel {
        match channel.recv().await {
            Ok(record) => return Some((Event::default().event("article").data(&*record), channel)),
            Err(broadcast::error::RecvError::Closed) => return None,
            Err(broadcast::error::RecvError::Lagged(_)) => {}
        }
    }
    let (records, channel) = board.live.visit();
    Some((Event::default().event("memory").data(format!("[{}]", records.join(","))), channel))
}

async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// On loopback only requests for loopback's own names are answered: a web page elsewhere whose name was bent
/// to 127.0.0.1 (DNS rebinding) cannot read along.
async fn refuse_foreign_names(State(ip): State<IpAddr>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
    let own = name == "localhost"
        || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|named| named.is_loopback());
    if ip.is_loopback() && !own {
        return (StatusCode::MISDIRECTED_REQUEST, "ask for this server by its loopback address\n")
            .into_response();
    }
    next.run(request).await
}
