//! Waivers: a finding set aside for a reason, back when the waiver is over.

use entity::finding::{Rule, tally};
use taizhang::{app, limits, store::Actor};

use crate::harness::{
    Town,
    expect::refused,
    town::{OTHER_COUNTY, VILLAGE_A1},
};

on_both!(a_waiver_ends_by_itself, waiving_is_refused, a_round_does_what_time_demands);

/// Findings of a rule that the kept sums of the county count.
async fn counted(town: &Town, rule: Rule) -> i64 {
    let rows = town.rows::<tally::Entity>().await;
    let sums = rows.iter().filter(|row| row.digits == 6 && row.subject == rule.code());
    sums.filter(|row| row.area_code.as_str() != OTHER_COUNTY).map(|row| row.n).sum()
}

async fn a_waiver_ends_by_itself(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let operator = Actor::operator();
    let rule = Rule::NoMaintainer;
    assert_eq!(counted(town, rule).await, 1);
    let until = town.days_ahead(10);
    let waiver = app::waiver::grant(&town.ledger, &operator, asset.id, rule, " 在办 ", until).await;
    let waiver = waiver.expect("waived");
    assert_eq!((waiver.reason.as_str(), waiver.from_on), ("在办", town.today()));
    let is_waived = async || town.finding(asset.id, rule).await.expect("a finding").is_waived;
    assert!(is_waived().await);
    assert_eq!(counted(town, rule).await, 0);
    let opened = town.finding(asset.id, rule).await.expect("a finding").opened_on;
    town.night(10).await;
    assert!(is_waived().await, "its last day");
    town.night(1).await;
    assert!(!is_waived().await);
    assert_eq!(counted(town, rule).await, 1);
    let finding = town.finding(asset.id, rule).await.expect("a finding");
    assert_eq!((finding.opened_on, finding.closed_on), (opened, None));
}

async fn waiving_is_refused(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let operator = Actor::operator();
    let grant = async |rule, reason: &str, days| {
        let until = town.days_ahead(days);
        app::waiver::grant(&town.ledger, &operator, asset.id, rule, reason, until).await
    };
    let rule = Rule::NoMaintainer;
    let before = town.everything().await;
    refused(grant(rule, "", 1).await, "action.reason_missing");
    refused(grant(rule, "理由", -1).await, "day.passed");
    refused(grant(rule, "理由", limits::WAIVER_DAYS + 1).await, "finding.waiver_too_long");
    refused(grant(Rule::Idle, "理由", 1).await, "finding.not_open");
    assert_eq!(town.everything().await, before);
    grant(rule, "理由", limits::WAIVER_DAYS).await.expect("waived");
    refused(grant(rule, "理由", 1).await, "finding.waived_already");
}

async fn a_round_does_what_time_demands(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let operator = Actor::operator();
    let idle = |row| entity::asset::Model {
        use_state: Some(entity::asset::UseState::Idle),
        idle_since: Some(town.today()),
        ..row
    };
    app::asset::amend(&town.ledger, &operator, (asset.id, 1), idle).await.expect("idle");
    let first = town.night(0).await;
    assert_eq!((first.assets, first.opened, first.closed), (1, 0, 0));
    assert_eq!(first.checkpoints, 3, "one a county, and one for the areas above them");
    let same = town.night(0).await;
    assert_eq!((same.opened, same.closed, same.checkpoints), (0, 0, 0));
    assert_eq!(town.night(179).await.opened, 0);
    let entries = town.n_entries().await;
    let due = town.night(1).await;
    assert_eq!((due.opened, due.closed, due.checkpoints), (1, 0, 1));
    assert_eq!(town.n_entries().await, entries + 1);
    assert!(town.open_findings(asset.id).await.contains(&"X01"));
}
