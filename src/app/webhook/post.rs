//! How an event is carried: one request over a connection of its own, to the very address that was
//! looked at, encrypted; nothing is followed, and nothing but the head of the answer is read.

use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, anyhow};
use http_body_util::Full;
use hyper::{Request, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    task::JoinSet,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

use super::address::{Address, Reach};
use crate::{error::Result, limits};

/// A message, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id, the same however often it is sent.
    pub id: String,
    /// When it is sent: seconds since 1970, UTC.
    pub timestamp: i64,
    /// Its body.
    pub body: String,
    /// The signatures over all three.
    pub signatures: String,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Another status than success: redirects are not followed.
    Status(u16),
    /// What failed before there was one: `name`, `address`, `connection`, `certificate`, `answer` or
    /// `timeout`.
    Failed(&'static str),
}

/// What carries messages.
#[derive(Clone)]
pub struct Post {
    reach: Reach,
    tls: TlsConnector,
    patience: Duration,
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Post({:?})", self.reach)
    }
}

impl Post {
    /// What carries messages as far as the operator allows; certificates are believed that a public
    /// authority signed, or one of a file of the operator's.
    pub fn new(reach: Reach, authorities: Option<&Path>) -> Result<Post> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = authorities {
            let place = || format!("TAIZHANG_WEBHOOK_CA {}", path.display());
            let read = CertificateDer::pem_file_iter(path).map_err(|error| anyhow!("{error}"));
            for certificate in read.with_context(place)? {
                let certificate = certificate.map_err(|error| anyhow!("{error}"));
                let added = roots.add(certificate.with_context(place)?);
                added.map_err(anyhow::Error::new).with_context(place)?;
            }
        }
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(anyhow::Error::new)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let patience = Duration::from_secs(limits::WEBHOOK_SECONDS);
        Ok(Post { reach, tls: TlsConnector::from(Arc::new(config)), patience })
    }

    /// The same with another patience.
    pub fn patient(self, patience: Duration) -> Post {
        Post { patience, ..self }
    }

    /// How far it reaches.
    pub const fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Sends a message to an address. Answers the status with which it was taken.
    pub async fn send(&self, address: &Address, letter: &Letter) -> Result<u16, NotTaken> {
        let sent = tokio::time::timeout(self.patience, self.carry(address, letter)).await;
        let status = sent.unwrap_or(Err(NotTaken::Failed("timeout")))?;
        if (200..300).contains(&status) { Ok(status) } else { Err(NotTaken::Status(status)) }
    }

    async fn carry(&self, address: &Address, letter: &Letter) -> Result<u16, NotTaken> {
        let stream = self.connect(address).await?;
        let request = request(address, letter).ok_or(NotTaken::Failed("address"))?;
        if !address.is_encrypted {
            return ask(stream, request).await;
        }
        let failed = |_| NotTaken::Failed("certificate");
        let name = ServerName::try_from(address.host.clone());
        let name = name.map_err(|_| NotTaken::Failed("address"))?;
        ask(self.tls.connect(name, stream).await.map_err(failed)?, request).await
    }

    /// Connects to an address that may be reached. The name is looked up once, and what is connected to
    /// is what was looked at: a name that says something else a moment later changes nothing.
    async fn connect(&self, address: &Address) -> Result<TcpStream, NotTaken> {
        let host = (address.host.as_str(), address.port);
        let found = lookup_host(host).await.map_err(|_| NotTaken::Failed("name"))?;
        let found: Vec<SocketAddr> = found.collect();
        if found.is_empty() {
            return Err(NotTaken::Failed("name"));
        }
        // one that may not be reached spoils the name: it would be tried some day
        if !found.iter().all(|one| self.may_reach(address, one.ip())) {
            return Err(NotTaken::Failed("address"));
        }
        for one in found.into_iter().take(limits::WEBHOOK_TRIED) {
            if let Ok(stream) = TcpStream::connect(one).await {
                return Ok(stream);
            }
        }
        Err(NotTaken::Failed("connection"))
    }

    fn may_reach(&self, address: &Address, at: IpAddr) -> bool {
        let host = address.host.as_str();
        self.reach.allows(host, at) && (address.is_encrypted || self.reach.allows_plain(host, at))
    }
}

fn request(address: &Address, letter: &Letter) -> Option<Request<Full<Bytes>>> {
    Request::post(&address.path)
        .header(header::HOST, address.authority())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("taizhang/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
        .header("webhook-id", &letter.id)
        .header("webhook-timestamp", letter.timestamp)
        .header("webhook-signature", &letter.signatures)
        .body(Full::new(Bytes::from(letter.body.clone())))
        .ok()
}

/// Asks over a connection, and answers the status.
async fn ask(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<u16, NotTaken> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(limits::WEBHOOK_ANSWER_BYTES);
    let failed = |_| NotTaken::Failed("answer");
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(failed)?;
    // whatever becomes of this, the connection goes with it
    let mut carrying = JoinSet::new();
    carrying.spawn(connection);
    let answer = sender.send_request(request).await.map_err(failed)?;
    Ok(answer.status().as_u16())
}
