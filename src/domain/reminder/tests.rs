//! Who is told what, row by row; and that nothing is told of a row that says nothing new.

use chrono::{DateTime, Utc};
use entity::{
    asset::Class,
    id::{AssetId, OrganizationId, RectificationId},
    rectification::{Rung, State},
};

use super::*;

const VILLAGE: &str = "520381100201";

fn area(code: &str) -> AreaCode {
    code.parse().expect("a code")
}

fn round() -> rectification::Model {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    rectification::Model {
        id: RectificationId(7),
        area_code: area(VILLAGE),
        asset_id: AssetId(3),
        rule: Rule::NoMaintainer,
        round: 1,
        state: State::Open,
        account_id: Some(AccountId(5)),
        organization_id: None,
        due_on: None,
        note: None,
        report: None,
        reported_by: None,
        returned: None,
        n_escalated: 0,
        escalated_to: None,
        escalation: None,
        closing: None,
        closed_on: None,
        cleared_on: None,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

fn told<M: Any>(before: Option<&M>, after: &M) -> Vec<(Kind, String)> {
    calls(before, after).into_iter().map(|call| (call.kind, call.recipient)).collect()
}

fn to(kind: Kind, recipient: &str) -> (Kind, String) {
    (kind, recipient.to_owned())
}

#[test]
fn whoever_is_asked_is_told_and_whoever_takes_over() {
    let asked = round();
    assert_eq!(told(None, &asked), [to(Kind::Assigned, "account:5")]);
    let call = calls(None, &asked).remove(0);
    let about = (call.subject, call.asset, call.rule);
    assert_eq!(about, (7, Some(AssetId(3)), Some(Rule::NoMaintainer)));
    assert_eq!(told(Some(&asked), &asked), []);
    let other = rectification::Model {
        account_id: None,
        organization_id: Some(OrganizationId(9)),
        ..round()
    };
    assert_eq!(told(Some(&asked), &other), [to(Kind::Assigned, "organization:9")]);
    let nobody = rectification::Model { account_id: None, ..round() };
    assert_eq!(told(None, &nobody), []);
}

#[test]
fn what_is_sent_back_and_what_is_checked_is_told_to_whoever_did_it() {
    let done =
        rectification::Model { state: State::Done, reported_by: Some(AccountId(6)), ..round() };
    assert_eq!(told(Some(&round()), &done), []);
    let returned = Some("没有签协议".to_owned());
    let back = rectification::Model { state: State::Underway, returned, ..done.clone() };
    assert_eq!(told(Some(&done), &back), [to(Kind::Returned, "account:5")]);
    let closed = |closing| rectification::Model {
        state: State::ClosedOut,
        closing: Some(closing),
        ..done.clone()
    };
    let both = [to(Kind::Checked, "account:5"), to(Kind::Checked, "account:6")];
    assert_eq!(told(Some(&done), &closed(Closing::Checked)), both);
    assert_eq!(told(Some(&done), &closed(Closing::Cleared)), []);
}

#[test]
fn an_escalation_reaches_the_desks_of_its_level() {
    let up =
        |level, n| rectification::Model { escalated_to: Some(level), n_escalated: n, ..round() };
    let town = up(Rung::Town, 1);
    assert_eq!(told(Some(&round()), &town), [to(Kind::Escalated, "township_clerk:520381100000")]);
    let county = told(Some(&town), &up(Rung::Department, 2));
    let desks: Vec<&str> = county.iter().map(|(_, recipient)| recipient.as_str()).collect();
    assert_eq!(
        desks,
        [
            "finance_clerk:520381000000",
            "rural_officer:520381000000",
            "department_officer:520381000000"
        ]
    );
}

#[test]
fn a_role_has_its_desk_at_its_level_or_none() {
    let village = area(VILLAGE);
    assert_eq!(desk(Role::VillageOfficer, village), Some(format!("village_officer:{VILLAGE}")));
    assert_eq!(desk(Role::VillageOfficer, area("520381100000")), None);
    assert_eq!(desk(Role::TownshipClerk, area("520381000000")), None);
    assert_eq!(desk(Role::Leader, village), Some("leader:520381000000".to_owned()));
    assert_eq!(desk(Role::Leader, area("520000000000")), None);
}

#[test]
fn a_row_of_another_noun_concerns_nobody() {
    let asset = crate::domain::asset::blank(area(VILLAGE), Class::Public, "路");
    assert_eq!(told(None, &asset), []);
}
