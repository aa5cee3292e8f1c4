//! Webhooks to try things on.

use std::{sync::Arc, time::Duration};

use entity::{
    area::AreaCode,
    log::Action,
    webhook::{self, Model, State},
};
use taizhang::{
    app::webhook::{
        self as acts,
        address::Reach,
        deliver::{self, Run},
        post::Post,
    },
    domain::{secret::Secret, webhook::Draft},
    error::Result,
    limits,
    store::{Actor, Ledger},
};

use super::{
    Town,
    calls::Subjects,
    town::{VILLAGE_A1, code},
};

/// An address that nobody is at: nothing is ever sent there by a test.
pub(crate) fn draft(host: &str) -> Draft {
    Draft { address: format!("https://{host}.example.cn/hook"), ..Draft::default() }
}

/// What carries messages to this machine, and waits for a second.
pub(crate) fn post() -> Arc<Post> {
    let reach = Reach::read("127.0.0.0/8").expect("a reach");
    Arc::new(Post::new(reach, None).expect("a post").patient(Duration::from_secs(1)))
}

/// A webhook of an area.
pub(crate) async fn added(
    town: &Town,
    area: AreaCode,
    draft: &Draft,
    is_paused: bool,
) -> (Model, Secret) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let reach = Reach::read("127.0.0.0/8").expect("a reach");
    let added = acts::add(ledger, &operator, (area, draft), &reach).await;
    let (row, secret) = added.expect("a webhook");
    if !is_paused {
        return (row, secret);
    }
    (acts::pause(ledger, &operator, row.id).await.expect("paused"), secret)
}

/// Sends what waits.
pub(crate) async fn deliver(ledger: &Ledger) -> Run {
    deliver::run(ledger, &Actor::operator(), &post()).await.expect("a run")
}

/// Ends all there are once a county has room for few more: whoever tries things out needs many.
async fn end_some(town: &Town) {
    let rows = town.rows::<webhook::Entity>().await.into_iter();
    let standing: Vec<Model> = rows.filter(|row| row.state != State::Ended).collect();
    if standing.len() as u64 + 10 < limits::WEBHOOKS_PER_COUNTY {
        return;
    }
    for row in standing {
        acts::end(&town.ledger, &Actor::operator(), row.id).await.expect("ended");
    }
}

/// Two webhooks of a village: one that sends, one that is paused.
pub(super) async fn pair(town: &Town) -> [Model; 2] {
    let village = code(VILLAGE_A1);
    end_some(town).await;
    [
        added(town, village, &draft("hooks"), false).await.0,
        added(town, village, &draft("paused"), true).await.0,
    ]
}

/// Does one thing to a webhook.
pub(super) async fn call(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let (ledger, reach) = (&town.ledger, Reach::default());
    let [active, paused] = &on.webhooks;
    match action {
        Action::AddWebhook => {
            let of = (code(VILLAGE_A1), &draft("another"));
            acts::add(ledger, actor, of, &reach).await.map(drop)
        }
        Action::AmendWebhook => {
            acts::amend(ledger, actor, active.id, &draft("elsewhere"), &reach).await.map(drop)
        }
        Action::PauseWebhook => acts::pause(ledger, actor, active.id).await.map(drop),
        Action::ResumeWebhook => acts::resume(ledger, actor, paused.id).await.map(drop),
        Action::EndWebhook => acts::end(ledger, actor, active.id).await.map(drop),
        Action::RotateWebhook => acts::rotate(ledger, actor, active.id).await.map(drop),
        Action::ReplayWebhook => acts::replay(ledger, actor, active.id, 0).await.map(drop),
        other => unreachable!("{other:?} is not about webhooks"),
    }
}
