//! Every role does, or is refused, every action; and an account that is locked does nothing more.

use entity::{
    account::Role,
    area::AreaCode,
    asset::{self, UseState},
    log::Action,
};
use taizhang::{
    app,
    domain::permission::{grants, permits},
    error::Error,
};

use crate::harness::{
    Town,
    calls::{Subjects, call},
    expect::{forbidden, not_found, refused, taken},
    town::{COUNTY, VILLAGE_A1, code},
};

on_both!(
    every_role_does_what_it_may_and_nothing_else,
    a_locked_account_stops_at_once,
    an_account_that_was_changed_acts_no_more_as_it_was,
    accounts_are_named_once_and_stay_within_limits,
);

async fn every_role_does_what_it_may_and_nothing_else(town: &Town) {
    let untouched = Subjects::new(town).await;
    for role in Role::ALL.iter().copied() {
        let actor = town.as_role(role).await;
        for action in Action::ALL.iter().copied().filter(|action| !permits(role, *action)) {
            let before = town.n_entries().await;
            if let Some(answer) = call(town, &actor, action, &untouched).await {
                assert!(
                    matches!(answer, Err(Error::NotPermitted(_))),
                    "{role:?} {action:?}: {answer:?}"
                );
            }
            assert_eq!(town.n_entries().await, before, "{role:?} {action:?}");
        }
    }
    let mut on = Subjects::new(town).await;
    for action in Action::ALL.iter().copied() {
        // what the first did may be in the way of the others: they are let through the door all the same
        let permitted = Role::ALL.iter().copied().filter(|role| permits(*role, action));
        for (n, role) in permitted.enumerate() {
            let actor = match role {
                // whoever has no account stands before what the action is about
                Role::Villager => town.passer_by(&on.asset).await,
                _ => town.as_role(role).await,
            };
            let answer = match n {
                0 => on.call(town, &actor, action).await,
                _ => call(town, &actor, action, &on).await,
            };
            let Some(answer) = answer else { continue };
            let is_let_through = !matches!(answer, Err(Error::NotPermitted(_)));
            assert!(answer.is_ok() || (n > 0 && is_let_through), "{role:?} {action:?}: {answer:?}");
        }
    }
}

async fn a_locked_account_stops_at_once(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.clerk().await;
    let administrator = town.as_role(Role::SecurityAdministrator).await;
    app::account::lock(&town.ledger, &administrator, clerk.name()).await.expect("locked");
    let before = town.everything().await;
    let idle = |row| asset::Model { use_state: Some(UseState::Idle), ..row };
    forbidden(app::asset::amend(&town.ledger, &clerk, (asset.id, 1), idle).await);
    assert_eq!(town.everything().await, before);
    not_found(town.ledger.actor(clerk.name()).await);
    let again = app::account::lock(&town.ledger, &administrator, clerk.name()).await;
    refused(again, "row.nothing_changed");
}

async fn an_account_that_was_changed_acts_no_more_as_it_was(town: &Town) {
    let on = Subjects::new(town).await;
    let operator = taizhang::store::Actor::operator();
    let [from, into] = on.villages;
    let name = "village-clerk";
    let role = Role::TownshipClerk;
    app::account::add(&town.ledger, &operator, name, role, from).await.expect("an account");
    let moved = town.account(name).await;
    app::area::merge(&town.ledger, &operator, from, into, town.today()).await.expect("merged");
    let body = taizhang::domain::organization::blank(into, "新公司");
    forbidden(app::organization::register(&town.ledger, &moved, body, None).await);
    assert_eq!(town.account(name).await.area(), into);
}

async fn accounts_are_named_once_and_stay_within_limits(town: &Town) {
    let administrator = town.as_role(Role::Administrator).await;
    let add = async |name: &str, role, area: AreaCode| {
        app::account::add(&town.ledger, &administrator, name, role, area).await
    };
    let county = code(COUNTY);
    taken(add("leader", Role::Leader, county).await);
    refused(add("root", Role::Operator, county).await, "account.role_not_grantable");
    assert!(matches!(add("Leader", Role::Leader, county).await, Err(Error::Invalid(_))));
    not_found(add("stranger", Role::Leader, code("520381999000")).await);
    not_found(add("stranger", Role::Leader, AreaCode::NATION).await);
    let security = town.as_role(Role::SecurityAdministrator).await;
    not_found(app::account::lock(&town.ledger, &security, "leader-2").await);
    let apart = "account.administrator_kept_apart";
    refused(add("second", Role::AuditAdministrator, county).await, apart);
    refused(app::account::lock(&town.ledger, &security, "administrator").await, apart);
    assert!(add(&"a".repeat(64), Role::Leader, county).await.is_ok());
    assert!(grants(Action::AddAccount).contains(&Role::Administrator));
}
