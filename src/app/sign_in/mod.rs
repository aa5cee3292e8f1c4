//! Signing in and out: what a person proves, and the session that follows from it
//! (reliability.md §3). Names, passwords, codes and the state of an account are refused by the
//! same words in the same time.

mod link;
mod password;
mod second_factor;
mod session;

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::{
    account,
    id::SessionId,
    session::{Kind, Model},
};

pub use link::{drop_second_factor, issue, issue_link, open_link};
pub use password::change_password;
pub use second_factor::{confirm_second_factor, enroll_second_factor};
pub use session::{
    actor_of_access_token, actor_of_session, has_stepped_up, refresh, revoke_session,
    session_of_access_token, session_of_browser, sessions, sessions_of, sign_out, step_up,
};

use crate::{
    domain::{
        account as names, password as passwords, refusal::Refusal, second_factor as factors,
        secret::Secret, token::Speaker,
    },
    error::{Error, Result},
    limits,
    store::{Candidate, Counted, Ledger, Opening},
};

/// What is known of the device somebody signs in from.
#[derive(Clone, Debug)]
pub struct Device {
    /// What the person is shown of it, such as the browser's name.
    pub label: String,
    /// Where it is.
    pub address: IpAddr,
    /// The mark it was given when the account signed in from it before.
    pub mark: Option<Secret>,
}

/// An open session, with what carries it: shown once, kept by the device alone.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whose it is.
    pub account: account::Model,
    /// Its id.
    pub session: SessionId,
    /// For the API: the access token and when it ends.
    pub access_token: Option<(Secret, DateTime<Utc>)>,
    /// The refresh token of the API, or the id that a browser's cookie holds.
    pub token: Secret,
    /// When the session ends if it is not used again.
    pub expires_at: DateTime<Utc>,
    /// The device's mark, to be shown at the next sign-in; where one is given out.
    pub device_mark: Option<Secret>,
    /// Whether nothing else may be done before the password is changed.
    pub must_change_password: bool,
    /// Whether nothing else may be done before a second factor is enrolled.
    pub must_enroll_second_factor: bool,
}

/// Signs in. Whoever has a second factor gives a code of it; without one, and only when the
/// password is right, the refusal `sign_in.code_missing` asks for it.
pub async fn sign_in(
    ledger: &Ledger,
    name: &str,
    password: &str,
    second_factor: Option<&str>,
    device: Device,
    kind: Kind,
) -> Result<Opened> {
    if !names::check_name(name).is_empty() || is_too_long(password) {
        // no account has such a name, none such a password: the shape is the sender's own
        ledger.admit_attempt(&[Counted::Address(device.address)]).await?;
        return Err(Refusal::sign_in_wrong().into());
    }
    ledger.require_room()?;
    let candidate = ledger.candidate(name).await?;
    let slowed = slowed(ledger, name, candidate.as_ref(), &device)?;
    ledger.admit_attempt(&[slowed, Counted::Address(device.address)]).await?;
    let candidate = prove_password(ledger, candidate, password).await?;
    prove_second_factor(ledger, &candidate, second_factor).await?;
    ledger.forget_attempts(slowed).await?;
    let mark = ledger.device_mark(candidate.account.id)?;
    let opened = open(ledger, candidate, device.label, kind).await?;
    Ok(Opened { device_mark: Some(mark), ..opened })
}

fn is_too_long(password: &str) -> bool {
    password.chars().count() > limits::PASSWORD_LENGTH
}

/// What is slowed down: the device where it is known, so that strangers who try the name keep
/// nobody out; else the name.
fn slowed<'a>(
    ledger: &Ledger,
    name: &'a str,
    candidate: Option<&Candidate>,
    device: &'a Device,
) -> Result<Counted<'a>> {
    if let (Some(candidate), Some(mark)) = (candidate, &device.mark)
        && ledger.knows_device(candidate.account.id, mark.expose())?
    {
        return Ok(Counted::Device(mark.expose()));
    }
    Ok(Counted::Name(name))
}

/// The account, if the password is its own and it may act.
async fn prove_password(
    ledger: &Ledger,
    candidate: Option<Candidate>,
    password: &str,
) -> Result<Candidate> {
    let stored = candidate.as_ref().and_then(|candidate| candidate.hash().map(str::to_owned));
    let account = candidate.as_ref().map(|candidate| candidate.account.id.0);
    let verified = ledger.verify_password(password, stored.as_deref()).await?;
    let candidate = candidate
        .filter(|candidate| verified.is_right && candidate.account.state == account::State::Active);
    let Some(candidate) = candidate else {
        tracing::warn!(target: "security", event = "authn_fail", account, "password");
        return Err(Refusal::sign_in_wrong().into());
    };
    if let Some(stored) = stored.filter(|_| verified.is_outdated) {
        let renewed = ledger.hash_password(password).await?;
        ledger.renew_hash(candidate.account.id, &stored, renewed).await?;
    }
    Ok(candidate)
}

async fn prove_second_factor(
    ledger: &Ledger,
    candidate: &Candidate,
    given: Option<&str>,
) -> Result<()> {
    if !candidate.has_second_factor() {
        return Ok(());
    }
    let given = given.ok_or_else(Refusal::code_missing)?;
    if ledger.accept_code(candidate, given).await? {
        return Ok(());
    }
    let account = candidate.account.id.0;
    tracing::warn!(target: "security", event = "authn_fail", account, "second factor");
    Err(Refusal::sign_in_wrong().into())
}

async fn open(ledger: &Ledger, candidate: Candidate, device: String, kind: Kind) -> Result<Opened> {
    let now = ledger.clock().now();
    let profile = ledger.profile();
    let is_due = candidate.credential.as_ref().is_none_or(|credential| {
        credential.must_change || passwords::is_due(profile, credential.changed_at, now)
    });
    let needs_factor = factors::is_required(profile, candidate.account.role);
    let password_of = candidate.credential.as_ref().map(|credential| credential.changed_at);
    let opening = Opening {
        account: candidate.account.id,
        password_of: password_of.ok_or(Error::Unauthenticated)?,
        kind,
        device,
        must_change_password: is_due,
        must_enroll: needs_factor && !candidate.has_second_factor(),
    };
    let (session, token) = ledger.open_session(opening).await?;
    let (account, opened_as) = (candidate.account.id.0, session.id.0);
    tracing::info!(target: "security", event = "authn_ok", account, session = opened_as);
    opened(ledger, candidate.account, &session, token)
}

/// What a device is told of a session.
fn opened(
    ledger: &Ledger,
    account: account::Model,
    session: &Model,
    token: Secret,
) -> Result<Opened> {
    let speaker = Speaker { account: account.id, session: session.id };
    let access_token = match session.kind {
        Kind::Api => Some(ledger.issue_access_token(speaker)?),
        Kind::Browser => None,
    };
    Ok(Opened {
        account,
        session: session.id,
        access_token,
        token,
        expires_at: crate::domain::session::ends_unused(session),
        device_mark: None,
        must_change_password: session.must_change_password,
        must_enroll_second_factor: session.must_enroll,
    })
}

/// Proves anew who is in a session: by a code where there is a second factor, else by the
/// password. Tries are slowed down session by session.
async fn prove_again(
    ledger: &Ledger,
    session: &Model,
    account: &account::Model,
    given: &str,
) -> Result<()> {
    let counted = Counted::Session(session.id);
    ledger.admit_attempt(&[counted]).await?;
    let candidate = ledger.candidate_of(account.clone()).await?;
    let is_right = if candidate.has_second_factor() {
        ledger.accept_code(&candidate, given).await?
    } else {
        !is_too_long(given) && ledger.verify_password(given, candidate.hash()).await?.is_right
    };
    if !is_right {
        let (account, session) = (account.id.0, session.id.0);
        tracing::warn!(target: "security", event = "authn_fail", account, session, "step up");
        return Err(Refusal::code_wrong().into());
    }
    ledger.forget_attempts(counted).await
}

/// Refuses unless a session is free of what must be done first.
fn require_free(session: &Model) -> Result<()> {
    if session.must_change_password {
        return Err(Refusal::password_due().into());
    }
    if session.must_enroll {
        return Err(Error::from(Refusal::factor_due()));
    }
    Ok(())
}
