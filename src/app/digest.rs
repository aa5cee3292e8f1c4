//! 摘要: one text an account and a period, of what is due, late and new; sent once, also when the
//! program ends in the middle.

use entity::{digest::State, id::AccountId, language::Language};
use serde::Serialize;

use super::{
    asset_total,
    job::Jobs,
    mail::{Carrier, NotTaken},
    place::Places,
    reminder, task,
};
use crate::{
    domain::{
        digest::{Frame, Item, Letter, Period, Told, letter},
        mail_address,
        permission::Action,
        setting::ledger_name,
    },
    error::Result,
    limits,
    store::{
        Actor, Ledger,
        digest::{Claim, Reader},
    },
};

/// Where the digests of a run go.
pub struct Sending<'a> {
    /// What carries them.
    pub carrier: &'a Carrier,
    /// How often.
    pub period: Period,
    /// Where the pages lie.
    pub base: &'a str,
    /// The language of whoever chose none.
    pub language: Language,
}

/// What became of the digests of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Sent now.
    pub sent: u64,
    /// Accounts of which there is nothing to tell.
    pub empty: u64,
    /// Sent before, or somebody else is at it.
    pub passed: u64,
    /// To be sent again by the next run: account and code.
    pub waiting: Vec<Problem>,
    /// Refused for good: account and code.
    pub bounced: Vec<Problem>,
}

/// A digest that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The account, by its sign-in name.
    pub account: String,
    /// The code of the mail server, or what failed before there was one.
    pub code: String,
}

/// Sends what is to be sent for the period that today lies in.
pub async fn run(ledger: &Ledger, actor: &Actor, sending: &Sending<'_>) -> Result<Run> {
    actor.require(Action::NightlyRound)?;
    let mut run = Run::default();
    let mut after = AccountId(0);
    loop {
        let with_address = sending.carrier.needs_address();
        let (readers, last) = ledger.digest_readers(after, with_address).await?;
        for reader in &readers {
            if send_one(ledger, sending, reader, &mut run).await? == Next::Stop {
                return Ok(run);
            }
        }
        let Some(last) = last else { break };
        after = last;
    }
    ledger.forget_digests().await?;
    Ok(run)
}

/// Whether a run goes on.
#[derive(PartialEq, Eq)]
enum Next {
    On,
    Stop,
}

async fn send_one(
    ledger: &Ledger,
    sending: &Sending<'_>,
    reader: &Reader,
    run: &mut Run,
) -> Result<Next> {
    let period_on = sending.period.first_of(ledger.today());
    let Some(claim) = ledger.claim_digest(reader, period_on).await? else {
        run.passed += 1;
        return Ok(Next::On);
    };
    let told = told(ledger, &reader.actor, (claim.behind, claim.upto)).await?;
    if told.is_empty() {
        ledger.settle_digest(&claim, State::Empty, None).await?;
        run.empty += 1;
        return Ok(Next::On);
    }
    let text = written(ledger, reader, &told, sending).await?;
    let name = format!("digest-{}-{}", claim.period_on, claim.account);
    let address = reader.address.as_deref();
    let done = sending.carrier.carry((&name, address), &text).await?;
    settled(ledger, (&claim, reader), done, run).await
}

async fn settled(
    ledger: &Ledger,
    (claim, reader): (&Claim, &Reader),
    done: std::result::Result<(), NotTaken>,
    run: &mut Run,
) -> Result<Next> {
    let problem =
        |code: &str| Problem { account: reader.actor.name().to_owned(), code: code.to_owned() };
    let is_last = claim.tries >= limits::DIGEST_TRIES;
    match done {
        Ok(()) => {
            ledger.settle_digest(claim, State::Sent, None).await?;
            run.sent += 1;
        }
        Err(NotTaken::Refused(code)) => {
            ledger.settle_digest(claim, State::Bounced, Some(&code)).await?;
            run.bounced.push(problem(&code));
        }
        Err(NotTaken::Later(code)) if is_last => {
            ledger.settle_digest(claim, State::Bounced, Some(&code)).await?;
            run.bounced.push(problem(&code));
        }
        Err(NotTaken::Later(code)) => {
            ledger.settle_digest(claim, State::Waiting, Some(&code)).await?;
            run.waiting.push(problem(&code));
        }
        Err(NotTaken::Closed(code)) => {
            ledger.settle_digest(claim, State::Waiting, Some(&code)).await?;
            run.waiting.push(problem(&code));
            return Ok(Next::Stop);
        }
    }
    Ok(Next::On)
}

/// What an account is told of, behind one position of its county's log and up to another.
pub async fn told(ledger: &Ledger, actor: &Actor, (behind, upto): (i64, i64)) -> Result<Told> {
    let limit = limits::PAGE_ROWS_USUAL;
    let page = reminder::list(ledger, actor, Some(upto.saturating_add(1)), limit).await?;
    let all = page.told.len();
    let news: Vec<Item> =
        page.told.into_iter().filter(|one| one.row.seq > behind).map(|one| one.item()).collect();
    let is_more = page.next.is_some() && news.len() == all;
    let due = reminder::falling_now(ledger, actor).await?.into_iter().map(|one| Item {
        label: one.due.label(),
        name: None,
        n: one.n,
        on: None,
        path: one.due.path().to_owned(),
    });
    let figures = asset_total::figures(ledger, actor, None).await?;
    let local = ledger.read(actor).local_rules([actor.area()]).await?;
    let jobs = Jobs::new(ledger);
    let counted = task::counted(ledger, actor, &jobs, (&figures, &local)).await?;
    let tasks = counted.into_iter().filter(|(_, n)| *n > 0).map(|(kind, n)| Item {
        label: kind.label(),
        name: None,
        n,
        on: None,
        path: "/tasks".to_owned(),
    });
    Ok(Told { due: due.collect(), news, is_more, tasks: tasks.collect() })
}

async fn written(
    ledger: &Ledger,
    reader: &Reader,
    told: &Told,
    sending: &Sending<'_>,
) -> Result<Letter> {
    let (actor, day) = (&reader.actor, ledger.today());
    let read = ledger.read(actor);
    let mut places = Places::new(day);
    places.learn(&read, [actor.area()]).await?;
    let family = read.local_rules([actor.area()]).await?.family(actor.area(), day);
    let area = places.name(actor.area());
    let frame = Frame { area: &area, ledger: ledger_name(Some(family)), day, base: sending.base };
    Ok(letter(told, &frame, reader.language.unwrap_or(sending.language)))
}

/// The text of an account as it would be sent now; nothing is kept of it.
pub async fn look(ledger: &Ledger, actor: &Actor, sending: &Sending<'_>) -> Result<Letter> {
    let account = actor.account().unwrap_or(AccountId(0));
    let reader = Reader { actor: actor.clone(), account, address: None, language: None };
    let told = told(ledger, actor, (-1, i64::MAX - 1)).await?;
    written(ledger, &reader, &told, sending).await
}

/// Where the actor's digests are sent, as little of it as is shown.
pub async fn own_address(ledger: &Ledger, actor: &Actor) -> Result<Option<(String, Language)>> {
    let Some(account) = actor.account() else { return Ok(None) };
    let known = ledger.mail_address(account).await?;
    Ok(known.map(|(address, language)| (mail_address::masked(&address), language)))
}

/// Sets where the actor's digests are sent; an empty one is forgotten.
pub async fn set_address(
    ledger: &Ledger,
    actor: &Actor,
    (typed, language): (&str, Language),
) -> Result<()> {
    let address = match typed.trim() {
        "" => None,
        _ => Some(mail_address::read("mail", typed)?),
    };
    ledger
        .write(actor, Action::SetMailAddress, async |write| {
            write.set_mail_address(address.as_deref().map(|one| (one, language))).await
        })
        .await
}
