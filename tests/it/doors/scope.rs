//! What lies outside an actor's area is not there: for reading and for every action.

use entity::{
    account::Role,
    area::AreaCode,
    asset::{self, Class, UseState},
    duty::Kind,
    log::Action,
};
use taizhang::{
    app,
    domain::{
        asset::Completeness,
        duty::Terms,
        permission::{grants, permits},
        title::Party,
    },
    error::{Error, Result},
    store::Actor,
};

use crate::harness::{
    Town,
    calls::{Subjects, call},
    expect::{forbidden, not_found},
    town::{COUNTY, OTHER_VILLAGE, TOWN_A, VILLAGE_A1, VILLAGE_B1, code, registration},
};

on_both!(
    nobody_reaches_into_another_county,
    a_town_cannot_touch_the_other_town,
    nothing_is_moved_out_of_the_scope,
    an_office_above_may_bear_a_duty_and_one_beside_may_not,
    an_area_that_is_not_there_takes_nothing_in,
);

/// Whether an action is on something of a place; a view is one's own, wherever one is.
fn is_of_a_place(action: Action) -> bool {
    action != Action::SaveView
}

/// Whether nothing was found. Of a route that is said at its field: which code is that of no asset.
fn finds_nothing(answer: &Result<()>) -> bool {
    match answer {
        Err(Error::NotFound(_)) => true,
        Err(Error::Invalid(mistakes)) => mistakes.0.iter().all(|one| one.field == "stops"),
        _ => false,
    }
}

async fn nobody_reaches_into_another_county(town: &Town) {
    let on = Subjects::new(town).await;
    // somebody there who has no account stands before something
    town.as_other(Role::Villager).await;
    let before = town.everything().await;
    for action in Action::ALL.iter().copied().filter(|action| is_of_a_place(*action)) {
        let granted = grants(action).iter().find(|role| **role != Role::Operator);
        let Some(role) = granted else { continue };
        let stranger = town.as_other(*role).await;
        if let Some(answer) = call(town, &stranger, action, &on).await {
            assert!(finds_nothing(&answer), "{action:?}: {answer:?}");
        }
    }
    assert_eq!(town.everything().await, before);
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::Operator) {
        let stranger = town.as_other(role).await;
        let read = town.ledger.read(&stranger);
        not_found(read.get::<asset::Entity>(on.asset.id).await);
        not_found(read.asset(&on.asset.code).await);
        not_found(read.get::<entity::organization::Entity>(on.body).await);
        not_found(read.get::<entity::person::Entity>(on.person).await);
        not_found(read.get::<entity::project::Entity>(on.project.id).await);
        assert_eq!(read.dossiers(&[on.asset.id]).await.expect("a page").len(), 0);
        match read.accounts().await {
            Ok(accounts) => {
                assert!(accounts.iter().all(|account| account.name.ends_with("-2")), "{role:?}");
            }
            answer => {
                assert!(!permits(role, Action::ReadAccounts), "{role:?}");
                forbidden(answer);
            }
        }
    }
}

async fn a_town_cannot_touch_the_other_town(town: &Town) {
    let on = Subjects::new(town).await;
    let before = town.everything().await;
    let neighbour = town.clerk_b().await;
    for action in Action::ALL.iter().copied().filter(|action| is_of_a_place(*action)) {
        if !permits(Role::TownshipClerk, action) {
            continue;
        }
        if let Some(answer) = call(town, &neighbour, action, &on).await {
            assert!(finds_nothing(&answer), "{action:?}: {answer:?}");
        }
    }
    assert_eq!(town.everything().await, before);
    not_found(town.ledger.read(&neighbour).asset(&on.asset.code).await);
    let own = town.as_role(Role::TownshipClerk).await;
    assert!(town.ledger.read(&own).asset(&on.asset.code).await.is_ok());
    assert_eq!(own.area(), code(TOWN_A));
}

async fn nothing_is_moved_out_of_the_scope(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let elsewhere = |row| asset::Model { area_code: code(VILLAGE_B1), ..row };
    not_found(app::asset::amend(&town.ledger, &clerk, (asset.id, 1), elsewhere).await);
    let whole = registration(VILLAGE_B1, "渠", "1.00");
    not_found(app::asset::register(&town.ledger, &clerk, whole, Completeness::Whole).await);
    assert_eq!(town.stored(asset.id).await, asset);
}

async fn an_office_above_may_bear_a_duty_and_one_beside_may_not(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let bureau = town.organization(code(COUNTY), "县交通局").await;
    let beside = town.collective(VILLAGE_B1).await;
    let abroad = town.collective(OTHER_VILLAGE).await;
    let assign = async |body| {
        let party = (Kind::Maintainer, Party::Organization(body));
        app::duty::assign(&town.ledger, &clerk, &[asset.id], party, &Terms::default()).await
    };
    not_found(assign(beside).await);
    not_found(assign(abroad).await);
    assert_eq!(assign(bureau).await.expect("assigned").len(), 1);
}

async fn an_area_that_is_not_there_takes_nothing_in(town: &Town) {
    let (ledger, clerk) = (&town.ledger, town.as_role(Role::RuralOfficer).await);
    let nowhere: AreaCode = code("520381100999");
    let card = taizhang::domain::asset::blank(nowhere, Class::Public, "桥");
    let row = app::asset::Registration::of(card);
    not_found(app::asset::register(ledger, &clerk, row, Completeness::TakeOn).await);
    let body = taizhang::domain::organization::blank(nowhere, "公司");
    not_found(app::organization::register(ledger, &clerk, body, None).await);
    let plan = taizhang::domain::project::blank(nowhere, "工程");
    not_found(app::project::register(ledger, &clerk, plan).await);
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let elsewhere =
        |row| asset::Model { area_code: nowhere, use_state: Some(UseState::Idle), ..row };
    not_found(app::asset::amend(ledger, &Actor::operator(), (asset.id, 1), elsewhere).await);
}
