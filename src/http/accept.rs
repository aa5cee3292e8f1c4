//! The accept loop: how many connections there may be, how long the first byte and the headers may
//! take, how long an answer may wait to be read (reliability.md F6), and how it all ends.

use std::{io, net::SocketAddr, sync::atomic::Ordering, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpSocket},
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::{AppState, guard::Peer};
use crate::limits;

/// Listens at an address. What the kernel keeps of an answer for a slow reader is bounded.
pub fn listen(at: SocketAddr) -> io::Result<TcpListener> {
    let socket = if at.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // connections inherit it
    socket.set_send_buffer_size(limits::SEND_BUFFER_BYTES)?;
    socket.bind(at)?;
    socket.listen(1_024)
}

/// Serves until `ending` resolves; then takes nothing new and lets what is under way come to its
/// end, for as long as the limit allows.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    state: AppState,
    tls: Option<TlsAcceptor>,
    ending: impl Future<Output = ()>,
) -> io::Result<()> {
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
        let is_proxy = state.settings.proxies.contains(&peer.ip());
        let Some(seat) = state.seats.take(peer.ip(), is_proxy) else { continue };
        _ = stream.set_nodelay(true);
        let (routes, tls, watcher) = (routes.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            // a connection ends as it will; its fault is the caller's
            let _seat = seat;
            match tls {
                None => carry(stream, peer, routes, watcher).await,
                Some(tls) => {
                    if let Some(stream) = timeout(limits::HEADER_TIME, tls.accept(stream))
                        .await
                        .ok()
                        .and_then(Result::ok)
                    {
                        carry(stream, peer, routes, watcher).await;
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

/// Carries a connection to its end, by the deadlines that `limits` sets.
async fn carry(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    peer: SocketAddr,
    routes: Router,
    watcher: Watcher,
) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits::WRITE_TIME));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        routes.clone().oneshot(request)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    if !crate::broken::is("no deadline for headers") {
        http.header_read_timeout(limits::HEADER_TIME);
    }
    http.timer(TokioTimer::new())
        // a client that hangs up after its request ends nothing: the request is carried out and logged
        .half_close(!crate::broken::is("a request ends with its connection"))
        .max_headers(limits::HEADERS)
        .max_buf_size(limits::HEADER_BYTES)
        .keep_alive(true);
    let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
    _ = watcher.watch(connection).await;
}

#[cfg(test)]
mod tests;
