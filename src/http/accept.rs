//! The accept loop: how many connections there may be, how long the first byte and the headers may
//! take, how long an answer may wait to be read (reliability.md F6), and how it all ends.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::{AppState, guard::Peer};
use crate::limits;

/// Serves until `ending` resolves; then takes nothing new and lets what is under way come to its
/// end, for as long as the limit allows.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    state: AppState,
    tls: Option<TlsAcceptor>,
    ending: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(limits::CONNECTIONS));
    let callers = Arc::new(Callers::default());
    let graceful = GracefulShutdown::new();
    tokio::pin!(ending);
    loop {
        let (stream, peer) = tokio::select! {
            taken = listener.accept() => match taken {
                Ok(taken) => taken,
                Err(error) => {
                    // no more file descriptors, or a connection that was gone at once
                    tracing::warn!(event = "accept", %error, "a connection was not taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut ending => break,
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let Some(seat) = callers.seat(peer.ip()) else { continue };
        let (routes, tls, watcher) = (routes.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            // a connection ends as it will; its fault is the caller's
            let _held = (place, seat);
            match tls {
                None => connection(stream, peer, routes, watcher).await,
                Some(tls) => {
                    if let Some(stream) = timeout(limits::HEADER_TIME, tls.accept(stream))
                        .await
                        .ok()
                        .and_then(Result::ok)
                    {
                        connection_on(stream, peer, routes, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    state.is_ending.store(true, Ordering::Relaxed);
    let all_done = graceful.shutdown();
    if timeout(limits::DRAIN_TIME, all_done).await.is_err() {
        tracing::warn!(event = "drain", "connections were cut off at the end");
    }
    Ok(())
}

type Watcher = hyper_util::server::graceful::Watcher;

async fn connection(stream: TcpStream, peer: SocketAddr, routes: Router, watcher: Watcher) {
    _ = stream.set_nodelay(true);
    // hyper's clock for the headers starts with the first byte
    let first = timeout(limits::HEADER_TIME, stream.readable()).await;
    if first.is_ok_and(|readable| readable.is_ok()) {
        connection_on(stream, peer, routes, watcher).await;
    }
}

async fn connection_on(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    peer: SocketAddr,
    routes: Router,
    watcher: Watcher,
) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits::WRITE_TIME));
    stream.set_read_timeout(Some(limits::IDLE_TIME));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        routes.clone().oneshot(request)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_TIME)
        .max_headers(limits::HEADERS)
        .max_buf_size(limits::HEADER_BYTES)
        .keep_alive(true);
    let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
    _ = watcher.watch(connection).await;
}

/// How many connections each address holds.
#[derive(Default)]
struct Callers(Mutex<HashMap<IpAddr, usize>>);

impl Callers {
    /// A connection more for an address; none when it holds as many as it may.
    fn seat(self: &Arc<Callers>, address: IpAddr) -> Option<Seat> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let n = held.entry(address).or_default();
        if *n >= limits::CONNECTIONS_PER_ADDRESS {
            return None;
        }
        *n += 1;
        Some(Seat { address, callers: Arc::clone(self) })
    }
}

/// One connection of an address, until it is dropped.
struct Seat {
    address: IpAddr,
    callers: Arc<Callers>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut held = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = held.get_mut(&self.address) {
            *n -= 1;
            if *n == 0 {
                held.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_so_many_connections_and_not_one_more() {
        let callers = Arc::new(Callers::default());
        let (one, other) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let mut seats: Vec<_> =
            (0..limits::CONNECTIONS_PER_ADDRESS).map(|_| callers.seat(one).unwrap()).collect();
        assert!(callers.seat(one).is_none());
        assert!(callers.seat(other).is_some());
        seats.pop();
        assert!(callers.seat(one).is_some());
        seats.clear();
        assert!(callers.0.lock().unwrap().is_empty());
    }
}
