//! What follows from a sign-in: who acts in a session, renewing, looking through, ending.

use chrono::TimeDelta;
use entity::{
    account,
    id::SessionId,
    session::{EndReason, Kind, Model},
};

use super::{Opened, opened, prove_again, require_free};
use crate::{
    app::named::Which,
    domain::{
        account as names, permission::Action, refusal::Refusal, secret::Secret, session as rules,
    },
    error::{Error, Result},
    store::{Actor, Ledger},
};

/// What sessions are called.
const NOUN: entity::language::Label = entity::language::Label::new("会话", "session");

/// Changes a refresh token for the next one and a new access token. A token that was used before
/// ends its whole family; of two who change one at the same instant, one gets the next and the
/// other is told of the conflict.
pub async fn refresh(ledger: &Ledger, token: &Secret) -> Result<Opened> {
    let bearer = ledger.bearer_of_token(token, Kind::Api).await?;
    let next = ledger.renew_token(&bearer, token).await?;
    let session = Model { seen_at: ledger.clock().now(), ..bearer.session().clone() };
    opened(ledger, bearer.account().clone(), &session, next)
}

/// Who acts with an access token. Session and account are read anew: one that was ended or locked
/// stops at once, and one in which something must be done first does nothing else.
pub async fn actor_of_access_token(ledger: &Ledger, token: &str) -> Result<(Actor, SessionId)> {
    let id = session_of_access_token(ledger, token).await?;
    let bearer = ledger.bearer(id).await?;
    require_free(bearer.session())?;
    Ok((bearer.actor(), id))
}

/// Who acts with the id that a browser's cookie holds.
pub async fn actor_of_session(ledger: &Ledger, token: &Secret) -> Result<(Actor, SessionId)> {
    let bearer = ledger.bearer_of_token(token, Kind::Browser).await?;
    require_free(bearer.session())?;
    ledger.note_seen(&bearer).await?;
    Ok((bearer.actor(), bearer.session().id))
}

/// The session of an access token, also one in which something must be done first: changing the
/// password, enrolling a second factor and signing out take a session.
pub async fn session_of_access_token(ledger: &Ledger, token: &str) -> Result<SessionId> {
    let speaker = ledger.speaker(token)?;
    let bearer = ledger.bearer(speaker.session).await?;
    let is_own = bearer.account().id == speaker.account && bearer.session().kind == Kind::Api;
    if is_own { Ok(speaker.session) } else { Err(Error::Unauthenticated) }
}

/// The session of a browser's id, also one in which something must be done first.
pub async fn session_of_browser(ledger: &Ledger, token: &Secret) -> Result<SessionId> {
    let bearer = ledger.bearer_of_token(token, Kind::Browser).await?;
    ledger.note_seen(&bearer).await?;
    Ok(bearer.session().id)
}

/// Signs out of a session; its tokens are worth nothing from then on.
pub async fn sign_out(ledger: &Ledger, session: SessionId) -> Result<()> {
    ledger.end_session(session, EndReason::SignedOut).await
}

/// The actor's own open sessions, the newest first.
pub async fn sessions(ledger: &Ledger, actor: &Actor) -> Result<Vec<Model>> {
    match actor.account() {
        Some(account) => ledger.sessions(account).await,
        None => Ok(Vec::new()),
    }
}

/// The open sessions of an account in the actor's area, for whoever may end them.
pub async fn sessions_of(
    ledger: &Ledger,
    actor: &Actor,
    account: impl Into<Which<'_>>,
) -> Result<Vec<Model>> {
    let read = ledger.read(actor);
    read.require(Action::RevokeSession)?;
    let account = match account.into() {
        Which::Name(name) => read.account(name).await?,
        Which::Id(named) => read.get::<account::Entity>(named.id).await?,
    };
    ledger.sessions(account.id).await
}

/// Ends a session: one's own, or as an action another person's.
pub async fn revoke_session(ledger: &Ledger, actor: &Actor, id: SessionId) -> Result<()> {
    let holder = ledger.session_holder(id).await?;
    if holder.is_some() && holder == actor.account() {
        return ledger.end_session(id, EndReason::SignedOut).await;
    }
    ledger
        .write(actor, Action::RevokeSession, async |write| {
            let holder = holder.ok_or(Error::NotFound(NOUN))?;
            let found = write.get::<account::Entity>(holder).await;
            // whose a session is outside the area, nobody is told
            let account = found.map_err(|error| match error {
                Error::NotFound(_) => Error::NotFound(NOUN),
                other => other,
            })?;
            names::tendable(write.actor().role(), account.role)?;
            if !write.end_session(id, EndReason::Revoked).await? {
                return Err(Refusal::nothing_changed().into());
            }
            write.note("session", id.0);
            write.note_account(&account);
            Ok(())
        })
        .await
}

/// Proves anew who is in a session, by a code of the second factor or else the password. A
/// browser gets a new id to hold, and the one before is worth nothing.
pub async fn step_up(
    ledger: &Ledger,
    session: SessionId,
    proof: &str,
    token: Option<&Secret>,
) -> Result<Option<Secret>> {
    let bearer = ledger.bearer(session).await?;
    require_free(bearer.session())?;
    prove_again(ledger, bearer.session(), bearer.account(), proof).await?;
    let next = match (bearer.session().kind, token) {
        (Kind::Browser, Some(token)) => Some(ledger.renew_token(&bearer, token).await?),
        (Kind::Browser, None) => return Err(Error::Unauthenticated),
        (Kind::Api, _) => None,
    };
    ledger.note_step_up(session).await?;
    Ok(next)
}

/// Whether the person in a session proved within a span who it is. Signing in is such a proof.
pub async fn has_stepped_up(
    ledger: &Ledger,
    session: SessionId,
    within: TimeDelta,
) -> Result<bool> {
    let bearer = ledger.bearer(session).await?;
    Ok(rules::has_stepped_up(bearer.session(), within, ledger.clock().now()))
}
