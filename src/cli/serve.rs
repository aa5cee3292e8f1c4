//! `serve`: the ledger over HTTP.

use std::{io, net::IpAddr, net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use clap::Args as Arguments;
use entity::language::Sentence;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};

use super::Context;
use crate::{
    domain::refusal::Refusal,
    error::{Error, Result},
    http::{AppState, Settings},
    server,
};

/// 通过网络提供服务 / serve the ledger over the network
#[derive(Arguments, Clone, Debug)]
pub(super) struct Args {
    /// 监听地址；本机以外须用证书，或经由 --proxy 指明的代理 / where to listen; beyond this machine only with a certificate or behind a proxy
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8017")]
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
}

impl Args {
    /// Serves until the process is told to end.
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, _) = context.open().await?;
        let tls = match (&self.certificate, &self.private_key) {
            (Some(certificate), Some(key)) => Some(server::tls(certificate, key)?),
            _ => None,
        };
        let settings = Settings {
            proxies: self.proxy.clone(),
            is_encrypted: tls.is_some(),
            ..Settings::default()
        };
        let listener = TcpListener::bind(self.listen).await.map_err(|error| self.taken(error))?;
        let at = listener.local_addr().context("the address of the service")?;
        // whoever reads the address may tell it to end at once
        let terminate = signal(SignalKind::terminate())?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        context.narrate(&Sentence::new(
            format!("服务已启动：{scheme}://{at}/"),
            format!("listening on {scheme}://{at}/"),
        ));
        tracing_subscriber::fmt().json().with_span_list(false).with_writer(io::stderr).init();
        server::serve(listener, AppState::new(ledger.clone(), settings), tls, ended(terminate))
            .await?;
        ledger.close().await
    }

    fn taken(&self, error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::AddrInUse {
            return Refusal::address_taken(&self.listen.to_string()).into();
        }
        Error::Internal(anyhow::Error::new(error).context(self.listen.to_string()))
    }
}

/// Resolves when the process is told to end.
async fn ended(mut terminate: Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
