//! 确权: settled, disputed, reopened; shares that sum to exactly one.

use entity::{
    asset::{Class, Subclass},
    holding::Right,
    id::OrganizationId,
    share::Share,
    title::{Model, State},
};
use taizhang::{
    app,
    domain::title::{Holder, Party, blank},
    error::Result,
    limits,
};

use crate::harness::{
    Town,
    expect::refused,
    town::{TOWN_A, VILLAGE_A1, VILLAGE_A2, code},
};

on_both!(
    several_own_one_asset_in_exact_shares,
    a_dispute_opens_and_settles,
    settling_is_refused,
    who_has_ended_holds_nothing_new,
);

fn own(body: OrganizationId, numerator: u32, denominator: u32) -> Holder {
    let share = Share::new(numerator, denominator).expect("a share");
    Holder { right: Right::Own, party: Party::Organization(body), share }
}

async fn settle(
    town: &Town,
    asset: &entity::asset::Model,
    state: State,
    holders: &[Holder],
) -> Result<Model> {
    let next = Model {
        state,
        confirmed_on: (state == State::Confirmed).then(|| town.today()),
        ..blank(asset.id, asset.area_code)
    };
    app::title::settle(&town.ledger, &town.clerk().await, asset.id, next, holders).await
}

async fn several_own_one_asset_in_exact_shares(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "联建厂房", "100.00").await;
    let mut bodies = Vec::new();
    for n in 0..3 {
        bodies.push(town.organization(code(TOWN_A), &format!("村{n}")).await);
    }
    let thirds: Vec<Holder> = bodies.iter().map(|body| own(*body, 1, 3)).collect();
    let answer = settle(town, &asset, State::Confirmed, &thirds[..2]).await;
    refused(answer, "title.shares_do_not_sum");
    let cut: Vec<Holder> = bodies.iter().map(|body| own(*body, 3333, 10_000)).collect();
    refused(settle(town, &asset, State::Confirmed, &cut).await, "title.shares_do_not_sum");
    let twice = [own(bodies[0], 1, 2), own(bodies[0], 1, 2)];
    refused(settle(town, &asset, State::Confirmed, &twice).await, "title.holder_twice");
    let title = settle(town, &asset, State::Confirmed, &thirds).await.expect("settled");
    assert_eq!((title.state, title.version), (State::Confirmed, 1));
    let holdings = town.holdings(asset.id).await;
    assert_eq!(holdings.len(), 3);
    assert!(holdings.iter().all(|row| (row.numerator, row.denominator) == (1, 3)));
    assert!(!town.open_findings(asset.id).await.contains(&"Q01"));
}

async fn a_dispute_opens_and_settles(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "100.00").await;
    let a = town.collective(VILLAGE_A1).await;
    let b = town.collective(VILLAGE_A2).await;
    settle(town, &asset, State::Confirmed, &[own(a, 1, 1)]).await.expect("settled");
    town.clock.advance(30);
    let disputed = settle(town, &asset, State::Disputed, &[]).await.expect("disputed");
    assert_eq!(disputed.version, 2);
    assert!(town.open_findings(asset.id).await.contains(&"Q04"));
    assert_eq!(town.holdings(asset.id).await.len(), 1, "the owner stays meanwhile");
    town.clock.advance(30);
    settle(town, &asset, State::Confirmed, &[own(a, 1, 4), own(b, 3, 4)]).await.expect("settled");
    let holdings = town.holdings(asset.id).await;
    let running: Vec<_> = holdings.iter().filter(|row| row.until_on.is_none()).collect();
    assert_eq!((holdings.len(), running.len()), (3, 2));
    assert_eq!(holdings[0].until_on, Some(town.days_ahead(-1)));
    assert!(running.iter().all(|row| row.from_on == Some(town.today())));
    assert!(!town.open_findings(asset.id).await.contains(&"Q04"));
}

async fn settling_is_refused(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "100.00").await;
    let body = town.collective(VILLAGE_A1).await;
    refused(settle(town, &asset, State::Confirmed, &[]).await, "title.owner_missing");
    let mut bodies = Vec::new();
    for n in 0..=limits::HOLDERS {
        let share = u32::try_from(limits::HOLDERS + 1).expect("small");
        bodies.push(own(OrganizationId(i64::try_from(n).expect("small")), 1, share));
    }
    refused(settle(town, &asset, State::Confirmed, &bodies).await, "action.too_many");
    let next = Model {
        state: State::Confirmed,
        confirmed_on: Some(town.days_ahead(1)),
        ..blank(asset.id, asset.area_code)
    };
    let clerk = town.clerk().await;
    let answer = app::title::settle(&town.ledger, &clerk, asset.id, next, &[own(body, 1, 1)]).await;
    refused(answer, "day.in_future");
    settle(town, &asset, State::Confirmed, &[own(body, 1, 1)]).await.expect("settled");
    let again = settle(town, &asset, State::Confirmed, &[own(body, 1, 1)]).await;
    refused(again, "title.confirmed_already");

    let shop = town.asset(VILLAGE_A1, "门面", "100.00").await;
    let class = (Class::Operating, Some(Subclass::Shop));
    let shop = app::asset::reclass(&town.ledger, &clerk, (shop.id, 1), class, "经营").await;
    let shop = shop.expect("re-classed");
    let answer = settle(town, &shop, State::Confirmed, &[own(body, 1, 1)]).await;
    refused(answer, "title.income_holder_missing");
    let income = Holder { right: Right::Income, ..own(body, 1, 1) };
    let both = [own(body, 1, 1), income];
    assert!(settle(town, &shop, State::Confirmed, &both).await.is_ok());
}

async fn who_has_ended_holds_nothing_new(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "100.00").await;
    let body = town.organization(code(VILLAGE_A1), "旧合作社").await;
    let clerk = town.clerk().await;
    app::organization::end(&town.ledger, &clerk, body, town.today()).await.expect("ended");
    let answer = settle(town, &asset, State::Confirmed, &[own(body, 1, 1)]).await;
    refused(answer, "party.ended");
}
