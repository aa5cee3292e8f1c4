//! `serve`: the ledger over HTTP.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::Args as Arguments;
use entity::language::Sentence;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_rustls::TlsAcceptor;

use super::{Context, webhook};
use crate::{
    domain::refusal::Refusal,
    error::{Error, Result},
    http::{AppState, Settings, accept},
    limits, server,
    store::Ledger,
};

/// 通过网络提供服务 / serve the ledger over the network
#[derive(Arguments, Clone, Debug)]
pub(super) struct Args {
    /// 监听地址；本机以外须用证书，或经由 --proxy 指明的代理 / where to listen; beyond this machine only with a certificate or behind a proxy
    #[arg(long, value_name = "ADDRESS:PORT", default_value = LOCAL)]
    listen: SocketAddr,
    /// 证书链文件（PEM） / certificate chain, PEM
    #[arg(long, value_name = "FILE", requires = "private_key")]
    certificate: Option<PathBuf>,
    /// 证书私钥文件（PEM） / private key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    private_key: Option<PathBuf>,
    /// 可信的反向代理地址，可多次给出 / address of a trusted reverse proxy; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    proxy: Vec<IpAddr>,
    /// 对外网址，印在标牌的二维码里；不写时用打印人所用的网址 / address at which the service is reached from outside, for the squares on plates; by default as whoever prints them came to it
    #[arg(long, value_name = "https://HOST", value_parser = public_address)]
    public_address: Option<String>,
}

/// Reads an address as it is printed on plates: where a service is, without a path.
fn public_address(text: &str) -> std::result::Result<String, String> {
    let uri = text.parse::<axum::http::Uri>().ok();
    let scheme =
        |uri: &axum::http::Uri| ["https", "http"].contains(&uri.scheme_str().unwrap_or(""));
    let is_bare = |uri: &axum::http::Uri| uri.path_and_query().is_none_or(|path| path == "/");
    match uri.filter(scheme).filter(is_bare).filter(|uri| uri.host().is_some()) {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err("应为网址，如 https://ledger.example.gov.cn / an address such as https://ledger.example.gov.cn".to_owned()),
    }
}

/// Where the program listens unless it is told otherwise.
pub(super) const LOCAL: &str = "127.0.0.1:8017";

impl Args {
    /// Serves until the process is told to end.
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let listener = listen(self.listen)?;
        let (ledger, _) = context.open().await?;
        let tls = match (&self.certificate, &self.private_key) {
            (Some(certificate), Some(key)) => Some(server::tls(certificate, key)?),
            _ => None,
        };
        let settings = Settings {
            proxies: self.proxy.clone(),
            is_encrypted: tls.is_some(),
            public_address: self.public_address.clone(),
            keys: Some(context.config.keys.clone()),
            post: Some(webhook::post(&context.config)?),
            ..Settings::default()
        };
        let door = Door::new(listener, tls, settings)?;
        context.narrate(&door.sentence());
        log(tracing::Level::INFO);
        door.serve(ledger).await
    }
}

/// Takes an address, or says that another program has it.
pub(super) fn listen(at: SocketAddr) -> Result<TcpListener> {
    accept::listen(at).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Refusal::address_taken(&at.to_string()).into(),
        _ => Error::Internal(anyhow::Error::new(error).context(at.to_string())),
    })
}

/// Writes what happens to standard error, line by line, from a level on.
pub(super) fn log(level: tracing::Level) {
    let lines = tracing_subscriber::fmt().json().with_span_list(false).with_max_level(level);
    // a line that finds no room on the disk is lost; to complain of it would end the request
    lines.log_internal_errors(false).with_writer(io::stderr).init();
}

/// Where people come in, and what tells them to leave.
pub(super) struct Door {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    settings: Settings,
    at: SocketAddr,
    ending: [Signal; 2],
}

impl Door {
    /// A door that hears when the process is told to end: whoever reads its address may say so at
    /// once.
    pub(super) fn new(
        listener: TcpListener,
        tls: Option<TlsAcceptor>,
        settings: Settings,
    ) -> Result<Door> {
        let at = listener.local_addr().context("the address to listen on")?;
        let ending = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
        Ok(Door { listener, tls, settings, at, ending })
    }

    /// Its address, as a browser takes it.
    pub(super) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/", self.at)
    }

    /// What is said once it is open.
    pub(super) fn sentence(&self) -> Sentence {
        let url = self.url();
        Sentence::new(format!("服务已启动：{url}"), format!("listening on {url}"))
    }

    /// Serves a ledger until the process is told to end, and closes it.
    pub(super) async fn serve(self, ledger: Ledger) -> Result<()> {
        let Door { listener, tls, settings, ending: [mut terminate, mut interrupt], .. } = self;
        let state = AppState::new(ledger.clone(), settings);
        let ended = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        make_room();
        server::serve(listener, state, tls, ended).await?;
        ledger.close().await
    }
}

/// Has the kernel grant a file descriptor to every connection there may be.
fn make_room() {
    let needed = u64::try_from(limits::CONNECTIONS + limits::FILES_BESIDE).unwrap_or(u64::MAX);
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= needed) {
        return;
    }
    let granted = maximum.map_or(needed, |maximum| maximum.min(needed));
    let is_set = setrlimit(Resource::Nofile, Rlimit { current: Some(granted), maximum }).is_ok();
    if !is_set || granted < needed {
        tracing::warn!(event = "files", granted, needed, "fewer connections than there may be");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_on_plates_is_one_of_a_host() {
        for (text, address) in [
            ("https://ledger.example.gov.cn", Some("https://ledger.example.gov.cn")),
            ("https://ledger.example.gov.cn:8443/", Some("https://ledger.example.gov.cn:8443")),
            ("http://192.0.2.7", Some("http://192.0.2.7")),
            ("https://ledger.example.gov.cn/q", None),
            ("ledger.example.gov.cn", None),
            ("ftp://ledger.example.gov.cn", None),
            ("https://", None),
            ("", None),
        ] {
            assert_eq!(public_address(text).ok().as_deref(), address, "{text}");
        }
    }
}
