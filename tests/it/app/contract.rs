//! Contracts: concluded, amended, ended; what they ask to be paid, and what is found of what is let.

use entity::{
    account::Role,
    asset::{self, UseState},
    contract::{self, Kind, Model},
    contract_due, finding,
    finding::Rule,
    log::Action,
    money::Money,
    setting::Key,
};
use taizhang::{
    app::{
        self,
        contract::{amend, conclude, end},
    },
    domain::{setting::Proposal, verification},
    store::{Actor, verify::VerifyOptions},
};

use crate::harness::{
    Town,
    contracts::{concluded, lease, of},
    expect::{conflict, invalid, not_found, refused},
    town::{COUNTY, VILLAGE_A1, VILLAGE_B1, code, day, yuan},
};

on_both!(
    what_is_due_follows_the_contract,
    what_is_wrong_with_a_contract_is_said,
    a_contract_goes_where_its_asset_goes,
    what_is_let_without_a_contract_is_found,
    what_ends_by_itself_is_found_at_night,
    dues_that_are_not_those_of_the_contract_are_found,
);

fn total(dues: &[contract_due::Model]) -> Option<Money> {
    Money::total(dues.iter().map(|due| due.amount))
}

async fn what_is_due_follows_the_contract(town: &Town) {
    let ledger = &town.ledger;
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let dues = async |row: &Model| ledger.read(&clerk).dues_of(row.id).await.expect("dues");
    let terms = |blank| lease(" 租-1 ", blank);
    let made = conclude(ledger, &clerk, of(asset.id, body), terms).await.expect("concluded");
    assert_eq!((&*made.contract_no, made.area_code), ("租-1", asset.area_code));
    let first = dues(&made).await;
    assert_eq!((first.len(), total(&first)), (8, Some(yuan("2400.00"))));
    let more = |row| Model { yearly_rent: yuan("2000.00"), ..row };
    let named = (made.id, made.version);
    let more = amend(ledger, &clerk, named, "补充协议", more).await.expect("amended");
    assert_eq!(total(&dues(&more).await), Some(yuan("4000.00")));
    conflict(amend(ledger, &clerk, named, "补充协议", |row| row).await);
    refused(amend(ledger, &clerk, more.id, "无", |row| row).await, "row.nothing_changed");
    refused(end(ledger, &clerk, more.id, day("2028-01-01"), "退租").await, "contract.end_outside");
    // today is the first of June: a day of the third quarter
    let last = day("2026-08-15");
    let ended = end(ledger, &clerk, more.id, last, "承租方退租").await.expect("ended");
    let cut = dues(&ended).await;
    assert_eq!((cut.len(), cut[2].to_on, cut[2].amount), (3, last, yuan("250.00")));
    refused(end(ledger, &clerk, more.id, last, "退租").await, "contract.over");
    let elsewhere = town.clerk_b().await;
    not_found(ledger.read(&elsewhere).dues_of(more.id).await);
}

async fn what_is_wrong_with_a_contract_is_said(town: &Town) {
    let ledger = &town.ledger;
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let operator = Actor::operator();
    concluded(town, &asset, (body, "租-1")).await;
    let before = town.everything().await;
    let again = conclude(ledger, &operator, of(asset.id, body), |blank| lease("租-1", blank)).await;
    refused(again, "contract.number_taken");
    let unpaid = conclude(ledger, &operator, (asset.id, None), |blank| lease("租-2", blank)).await;
    invalid(unpaid, "payer");
    let short = |blank| Model { ends_on: day("2025-12-31"), ..lease("租-2", blank) };
    invalid(conclude(ledger, &operator, of(asset.id, body), short).await, "ends_on");
    let own = |blank| Model { kind: Kind::Own, yearly_rent: Money::ZERO, ..lease("自-1", blank) };
    assert_eq!(town.everything().await, before);
    let own = conclude(ledger, &operator, (asset.id, None), own).await.expect("own");
    assert!(ledger.read(&operator).dues_of(own.id).await.expect("dues").is_empty());
}

async fn a_contract_goes_where_its_asset_goes(town: &Town) {
    let ledger = &town.ledger;
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let made = concluded(town, &asset, (body, "租-1")).await;
    let moved = asset::Model { area_code: code(VILLAGE_B1), ..asset.clone() };
    let named = (asset.id, asset.version);
    let operator = Actor::operator();
    let done = app::asset::correct(ledger, &operator, named, "录错村", |_| moved.clone()).await;
    done.expect("moved");
    assert_eq!(town.row::<contract::Entity>(made.id).await.area_code, code(VILLAGE_B1));
}

async fn has(town: &Town, asset: &asset::Model, rule: Rule) -> bool {
    let rows = town.rows::<finding::Entity>().await;
    let of = |row: &&finding::Model| row.asset_id == asset.id && row.rule == rule;
    rows.iter().find(of).is_some_and(|row| row.closed_on.is_none())
}

async fn what_is_let_without_a_contract_is_found(town: &Town) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let let_out = |row| asset::Model { use_state: Some(UseState::Leased), ..row };
    let named = (asset.id, asset.version);
    app::asset::amend(ledger, &operator, named, let_out).await.expect("let");
    assert!(has(town, &asset, Rule::NoContract).await);
    let made = concluded(town, &asset, (body, "租-1")).await;
    assert!(!has(town, &asset, Rule::NoContract).await);
    // ended yesterday, it is let without one again
    let yesterday = town.today().pred_opt().expect("a day");
    end(ledger, &operator, made.id, yesterday, "承租方退租").await.expect("ended");
    assert!(has(town, &asset, Rule::ContractEnded).await);
    let long = |blank| Model { ends_on: day("2040-12-31"), ..lease("租-2", blank) };
    let long = conclude(ledger, &operator, of(asset.id, body), long).await.expect("concluded");
    assert!(!has(town, &asset, Rule::ContractEnded).await);
    assert!(!has(town, &asset, Rule::TermTooLong).await);
    let proposal = Proposal {
        key: Key::ContractYears,
        area: code(COUNTY),
        value: "10".to_owned(),
        basis_title: "县资产出租办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(ledger, &operator, &proposal).await.expect("set");
    assert!(has(town, &asset, Rule::TermTooLong).await);
    let shorter = |row| Model { ends_on: day("2030-12-31"), ..row };
    amend(ledger, &operator, long.id, "缩短租期", shorter).await.expect("amended");
    assert!(!has(town, &asset, Rule::TermTooLong).await);
}

async fn what_ends_by_itself_is_found_at_night(town: &Town) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let let_out = |row| asset::Model { use_state: Some(UseState::Leased), ..row };
    let named = (asset.id, asset.version);
    app::asset::amend(ledger, &operator, named, let_out).await.expect("let");
    let soon = |blank| Model { ends_on: town.days_ahead(9), ..lease("租-1", blank) };
    conclude(ledger, &operator, of(asset.id, body), soon).await.expect("concluded");
    town.night(9).await;
    assert!(!has(town, &asset, Rule::ContractEnded).await);
    town.night(1).await;
    assert!(has(town, &asset, Rule::ContractEnded).await);
}

async fn dues_that_are_not_those_of_the_contract_are_found(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let made = concluded(town, &asset, (body, "租-1")).await;
    // the contract was changed through the door, and what follows from it was not
    let operator = Actor::operator();
    let changed = |rent: &'static str| {
        town.ledger.write(&operator, Action::AmendContract, async move |write| {
            let before = write.get::<contract::Entity>(made.id).await?;
            let after = Model { yearly_rent: yuan(rent), ..before.clone() };
            write.update::<contract::Entity>(&before, after).await
        })
    };
    changed("9.00").await.expect("written");
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let done = town.ledger.verify(&options, &|_| {}).await.expect("a check");
    let fault = done.first().expect("a fault");
    assert_eq!(fault.kind, verification::Kind::Dues);
    assert_eq!(fault.place.part.as_deref(), Some("dues"));
    // mended, so that the ledger is sound when the test is over
    changed("1200.00").await.expect("written");
}
