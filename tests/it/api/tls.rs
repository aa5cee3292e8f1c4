//! Encrypted connections, and plain ones from elsewhere.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use axum::http::Request;
use taizhang::{
    http::{AppState, Settings, guard::Peer},
    server,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer},
};
use tower::ServiceExt;

use super::wire::served_with;
use crate::harness::Town;

on_both!(an_encrypted_connection_is_one_that_its_client_checks);

/// A certificate for `localhost` that signs itself, as files.
struct Certificate {
    der: CertificateDer<'static>,
    chain: PathBuf,
    key: PathBuf,
}

fn certificate(folder: &Path, name: &str) -> Certificate {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    let file = |kind: &str, text: String| {
        let path = folder.join(format!("{name}.{kind}.pem"));
        std::fs::write(&path, text).expect("written");
        path
    };
    Certificate {
        chain: file("chain", made.cert.pem()),
        key: file("key", made.signing_key.serialize_pem()),
        der: made.cert.der().clone(),
    }
}

/// Asks over an encrypted connection, trusting one certificate.
async fn asked(at: SocketAddr, trusted: &CertificateDer<'static>) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(at).await?;
    let name = "localhost".try_into().expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let request = "GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    // a peer that closes without a farewell has said all it had to say
    drop(stream.read_to_string(&mut answer).await);
    Ok(answer)
}

async fn an_encrypted_connection_is_one_that_its_client_checks(town: &Town) {
    let folder = tempfile::tempdir().expect("a folder");
    let own = certificate(folder.path(), "own");
    let other = certificate(folder.path(), "other");
    let tls = server::tls(&own.chain, &own.key).expect("files that fit");
    let settings = Settings { is_encrypted: true, ..Settings::default() };
    let served = served_with(town, settings, Some(tls));
    let answer = asked(served.at, &own.der).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
    let refused = asked(served.at, &other.der).await.expect_err("another certificate");
    assert!(refused.to_string().contains("certificate"), "{refused}");
    // whoever speaks plainly is not answered in plain words
    let mut plain = TcpStream::connect(served.at).await.expect("connected");
    plain.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
    let mut said = Vec::new();
    drop(plain.read_to_end(&mut said).await);
    assert!(!said.starts_with(b"HTTP"), "{said:?}");
    served.end().await;
}

fn serve(folder: &Path, chain: &Path, key: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(folder)
        .args(["--lang", "en", "serve", "--listen", "127.0.0.1:0"])
        .args([Path::new("--certificate"), chain, Path::new("--private-key"), key])
        .output()
        .expect("it ran")
}

#[test]
fn files_that_do_not_fit_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let (own, other) = (certificate(folder, "own"), certificate(folder, "other"));
    let (missing, empty) = (folder.join("missing.pem"), folder.join("empty.pem"));
    std::fs::write(&empty, "nothing").expect("written");
    for (chain, key, words) in [
        (&own.chain, &other.key, "other.key.pem is not the private key of the certificate"),
        (&own.chain, &missing, "missing.pem; it must be a PEM file"),
        (&missing, &own.key, "missing.pem; it must be a PEM file"),
        (&own.chain, &empty, "empty.pem; it must be a PEM file"),
        (&empty, &own.key, "empty.pem; it must be a PEM file"),
        (&own.key, &own.key, "own.key.pem; it must be a PEM file"),
        (&own.chain, &own.chain, "own.chain.pem; it must be a PEM file"),
    ] {
        let done = serve(folder, chain, key);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

#[tokio::test]
async fn plain_requests_from_elsewhere_are_refused() {
    crate::harness::on_sqlite(async |town: &Town| {
        let state = AppState::new(town.ledger.clone(), Settings::default());
        let routes = server::routes(&state);
        for (address, status) in [("127.0.0.1:9", 200), ("10.0.0.9:9", 426), ("[::1]:9", 200)] {
            let peer = Peer(address.parse().expect("an address"));
            let request = Request::get("/livez").extension(peer).body(axum::body::Body::empty());
            let answer = routes.clone().oneshot(request.expect("a request")).await;
            assert_eq!(answer.expect("an answer").status().as_u16(), status, "{address}");
        }
    })
    .await;
}
