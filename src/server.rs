//! The whole service: the pages, the JSON interface and the health of it, behind what every request passes.

use std::{path::Path, sync::Arc};

use axum::Router;
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        Error as TlsError, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

use crate::{
    api,
    app::webhook::{deliver, post::Post},
    domain::refusal::Refusal,
    error::Result,
    http::{self, AppState, accept, health},
    limits,
    store::{Actor, Ledger},
    web,
};

/// The page that tells programs what the service does.
pub const INTERFACE: &str = api::guide::ADDRESS;
/// The page on which a one-time code sets a password.
pub const LINK: &str = web::LINK;

/// Every route of the service.
pub fn routes(state: &AppState) -> Router {
    let api = api::routes();
    http::guarded(api.merge(web::routes()).merge(health::routes()), state, web::oops)
}

/// Serves until `ending` resolves, and lets what is under way come to its end.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    tls: Option<TlsAcceptor>,
    ending: impl Future<Output = ()>,
) -> Result<()> {
    let (routes, jobs) = (routes(&state), state.jobs.clone());
    let verifications = state.verifications.clone();
    let sending = state.settings.post.clone().map(|post| {
        let ledger = state.ledger.clone();
        tokio::spawn(async move { send_events(&ledger, &post).await })
    });
    let stopping = async {
        ending.await;
        // what is under way may still be waited for; an import may take far too long
        jobs.stop();
        verifications.stop();
    };
    accept::serve(listener, routes, state, tls, stopping).await?;
    if let Some(sending) = sending {
        // what was being sent is sent again by whoever comes next, under the same id
        sending.abort();
        drop(sending.await);
    }
    if tokio::time::timeout(limits::DRAIN_TIME, jobs.ended()).await.is_err() {
        tracing::warn!(event = "drain", "an import did not come to its end");
    }
    Ok(())
}

/// Sends the events of webhooks for as long as it may. Several programs may do so at once: a webhook
/// is sent for by one of them at a time.
async fn send_events(ledger: &Ledger, post: &Arc<Post>) {
    let operator = Actor::operator();
    loop {
        match deliver::run(ledger, &operator, post).await {
            Ok(run) if run.failed > 0 => {
                let (sent, failed, given_up) = (run.sent, run.failed, run.given_up);
                tracing::warn!(event = "webhooks", sent, failed, given_up, "events were not taken");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(event = "webhooks", %error, "events wait"),
        }
        tokio::time::sleep(limits::WEBHOOK_PAUSE).await;
    }
}

/// What encrypts connections, from a certificate chain and its key in PEM files.
pub fn tls(certificate: &Path, key: &Path) -> Result<TlsAcceptor> {
    let unreadable = |path: &Path| Refusal::certificate_unreadable(&path.display().to_string());
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(|_| unreadable(certificate))?;
    let key_read = PrivateKeyDer::from_pem_file(key).map_err(|_| unreadable(key))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key_read))
        .map_err(|error| match error {
            TlsError::InconsistentKeys(_) => {
                let named = |path: &Path| path.display().to_string();
                Refusal::key_does_not_fit(&named(key), &named(certificate))
            }
            _ => unreadable(certificate),
        })?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
