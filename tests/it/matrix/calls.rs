//! How every operation is called on given subjects, whom it is open to, and what it is about: one
//! row an operation. The table and the document must agree.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use taizhang::domain::permission::Action;

use super::thing::Thing;
pub(crate) use super::{
    operation::{Asked, Operation, document, encoded},
    thing::About,
};
use crate::harness::files;

/// Who gets past the door of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Anybody at all.
    Open,
    /// Whoever signed in: for reading, and for one's own affairs.
    SignedIn,
    /// Whoever may do an action.
    May(Action),
    /// Whoever may do one of two actions.
    MayEither(Action, Action),
}

/// One operation.
pub(crate) struct Row {
    /// Its id in the document.
    pub(crate) operation: &'static str,
    /// Who gets past its door.
    pub(crate) gate: Gate,
    /// What it is about.
    pub(crate) about: About,
    /// What it answers when nothing speaks against it.
    pub(crate) ok: u16,
    /// What it answers about what lies elsewhere or nowhere.
    pub(crate) elsewhere: u16,
    /// Whether it then leaves an entry in the log.
    pub(crate) writes: bool,
    /// How it is asked.
    pub(crate) ask: fn(&Thing) -> Asked,
}

impl Row {
    /// Whether asking it leaves every row as it was.
    pub(crate) fn is_harmless(&self) -> bool {
        !self.writes && !SELF_ENDING.contains(&self.operation)
    }

    /// Whether it is asked in order to see somebody's name and telephone.
    pub(crate) fn reveals(&self) -> bool {
        REVEALING.contains(&self.operation)
    }
}

/// After these the caller is signed out.
const SELF_ENDING: [&str; 1] = ["close_session"];
/// These show people whole, for a reason that the log keeps.
const REVEALING: [&str; 3] =
    ["reveal_person", "reveal_organization_contact", "reveal_no_maintainer"];

pub(super) const fn row(
    operation: &'static str,
    (gate, about): (Gate, About),
    ok: u16,
    ask: fn(&Thing) -> Asked,
) -> Row {
    Row { operation, gate, about, ok, elsewhere: 404, writes: false, ask }
}

/// An operation that changes the ledger.
pub(super) const fn write(
    operation: &'static str,
    (action, about): (Action, About),
    ok: u16,
    ask: fn(&Thing) -> Asked,
) -> Row {
    Row { operation, gate: May(action), about, ok, elsewhere: 404, writes: true, ask }
}

fn nothing(_: &Thing) -> Asked {
    Asked::default()
}

/// A body without anything in it: who got past the door is told what is missing. What is done
/// with a whole one is tried where signing in is tested.
fn hollow(_: &Thing) -> Asked {
    body(json!({}))
}

pub(super) fn by_id(thing: &Thing) -> Asked {
    path([thing.id])
}

fn path<const N: usize>(parts: [impl ToString; N]) -> Asked {
    Asked { path: parts.into_iter().map(|part| part.to_string()).collect(), ..Asked::default() }
}

pub(super) fn body(body: Json) -> Asked {
    Asked { body: Some(body), ..Asked::default() }
}

pub(super) fn query(query: String) -> Asked {
    Asked { query, ..Asked::default() }
}

/// A change of the version that was read.
pub(super) fn change(thing: &Thing, body: Json) -> Asked {
    Asked { version: Some(thing.version), body: Some(body), ..by_id(thing) }
}

/// A number to call a village's assets, projects and bodies by.
fn named(thing: &Thing) -> String {
    format!("{}又{}", thing.name, thing.n)
}

fn county(thing: &Thing) -> String {
    thing.area.as_str()[..6].to_owned()
}

/// All that lies in the area of a thing.
pub(super) fn within(thing: &Thing) -> Asked {
    query(format!("area={}", thing.area))
}

fn by_code(thing: &Thing) -> Asked {
    path([thing.area])
}

/// Why somebody is revealed.
pub(super) fn reveal(thing: &Thing) -> Asked {
    Asked { body: Some(json!({ "reason": "核实管护情况" })), ..by_id(thing) }
}

/// A file that tells where it belongs, brought to a thing.
pub(super) fn bring(thing: &Thing) -> Asked {
    let name = format!("{}.pdf", thing.canary);
    Asked { file: Some((name, files::pdf(&thing.canary))), ..by_id(thing) }
}

/// An action on an account that asks for no words.
fn plainly(thing: &Thing) -> Asked {
    Asked { body: Some(json!({})), ..by_id(thing) }
}

/// A job is its account's alone: nobody has one of this number.
fn nobodys(_: &Thing) -> Asked {
    Asked { body: Some(json!({})), ..path([9_999_999]) }
}

fn end(thing: &Thing) -> Asked {
    change(thing, json!({ "on": "2026-06-01" }))
}

/// A duty of an organization.
fn duty(thing: &Thing) -> Json {
    json!({ "kind": "maintainer", "organization": thing.body })
}

/// That nobody maintains an asset; nobody was asked yet.
fn lacking(thing: &Thing) -> Json {
    json!([{ "asset": thing.id, "rule": "G01", "version": 0 }])
}

use About::{
    Account, Area, Asset, Attachment, County, Duty, Import, In, Locked, Nothing, Organization,
    Pair, Person, Project, Reported, Round, Seated, Session, Setting, Titled, Village, Within,
};
use Gate::{May, MayEither, Open, SignedIn};

/// What is answered to a body that holds no sheet.
const NO_SHEET: u16 = 415;

/// Every operation.
pub(crate) static ROWS: LazyLock<Vec<&'static Row>> = LazyLock::new(|| {
    GENERAL
        .iter()
        .chain(super::calls_of_upkeep::UPKEEP)
        .chain(super::calls_of_oversight::OVERSIGHT)
        .collect()
});

/// Those of everything but what is done for upkeep.
const GENERAL: &[Row] = &[
    // signing in
    row("open_session", (Open, Nothing), 422, hollow),
    row("refresh_session", (Open, Nothing), 422, hollow),
    row("open_link", (Open, Nothing), 422, hollow),
    row("get_me", (SignedIn, Nothing), 200, nothing),
    row("list_sessions", (SignedIn, Nothing), 200, nothing),
    row("close_session", (SignedIn, Nothing), 204, nothing),
    row("step_up", (SignedIn, Nothing), 422, hollow),
    row("change_password", (SignedIn, Nothing), 422, hollow),
    row("enroll_second_factor", (SignedIn, Nothing), 422, hollow),
    row("confirm_second_factor", (SignedIn, Nothing), 422, hollow),
    write("revoke_session", (Action::RevokeSession, Session), 204, by_id),
    // assets
    row("list_assets", (SignedIn, Within), 200, within),
    row("search_assets", (SignedIn, Within), 200, |thing| {
        body(json!({ "area": thing.area, "count": true }))
    }),
    row("get_asset", (SignedIn, Asset), 200, by_id),
    row("get_asset_by_code", (SignedIn, Asset), 200, |thing| path([&thing.name])),
    write("register_asset", (Action::RegisterAsset, In), 201, |thing| {
        body(json!({
            "area_code": thing.area,
            "fields": {
                "name": named(thing), "class": "public", "subclass": "road", "location": "村口",
                "quantity": "1.5", "unit": "km", "original_value": "1.00",
                "acquired_on": "2020-05-20", "project_year": 2020,
            },
            "funding": [{ "tier": "central", "amount": "1.00" }],
        }))
    }),
    write("amend_asset", (Action::AmendAsset, Asset), 200, |thing| {
        change(thing, json!({ "remark": "桥面已修" }))
    }),
    write("correct_asset", (Action::CorrectAsset, Asset), 200, |thing| {
        let fields = json!({ "original_value": "7.00" });
        change(thing, json!({ "reason": "抄写有误", "fields": fields }))
    }),
    write("reclass_asset", (Action::ReclassAsset, Asset), 200, |thing| {
        let class = ("operating", "shop");
        change(thing, json!({ "reason": "改作经营", "class": class.0, "subclass": class.1 }))
    }),
    write("hand_over_asset", (Action::HandOverAsset, Asset), 200, |thing| {
        change(thing, json!({ "on": "2026-06-01", "document_no": "移1号" }))
    }),
    write("split_asset", (Action::SplitAsset, Asset), 200, |thing| {
        let value = |yuan: usize| format!("{yuan}.50");
        let part = |name: &str, value: String| json!({ "name": name, "original_value": value, "quantity": "1.5" });
        let parts = [part("前段", value(0)), part("后段", value(thing.place.min(99)))];
        change(thing, json!({ "reason": "分段管护", "parts": parts }))
    }),
    write("merge_assets", (Action::MergeAssets, Pair), 201, |thing| {
        let read = |id| json!({ "id": id, "version": thing.version });
        let assets = [read(thing.id), read(thing.twin)];
        body(json!({ "reason": "合并管护", "name": named(thing), "assets": assets }))
    }),
    row("get_title", (SignedIn, Asset), 200, by_id),
    write("settle_title", (Action::SettleTitle, Asset), 200, |thing| {
        let fields = json!({ "state": "confirmed", "confirmed_on": "2026-06-01" });
        let holders = json!([{ "right": "own", "organization": thing.body }]);
        let settled = json!({ "fields": fields, "holders": holders });
        // no title was opened yet
        Asked { version: Some(0), ..change(thing, settled) }
    }),
    write("assign_duty", (Action::AssignDuty, Asset), 200, |thing| {
        body(json!({ "assets": [thing.id], "duty": duty(thing) }))
    }),
    // a filter finds nothing elsewhere: what is told is another number
    Row {
        elsewhere: 409,
        ..write("assign_filtered_duty", (Action::AssignDuty, Asset), 200, |thing| {
            let filter = json!({ "q": thing.name });
            body(json!({ "filter": filter, "expected_count": 1, "duty": duty(thing) }))
        })
    },
    row("list_duties", (SignedIn, Within), 200, within),
    row("get_duty", (SignedIn, Duty), 200, by_id),
    write("end_duty", (Action::EndDuty, Duty), 200, end),
    write("take_back_duties", (Action::TakeBackDuties, Duty), 200, |thing| {
        body(json!({ "first": thing.id, "last": thing.id }))
    }),
    write("grant_waiver", (Action::WaiveFinding, Asset), 201, |thing| {
        let until = "2026-06-20";
        body(json!({ "asset": thing.id, "rule": "G01", "reason": "正在协商", "until_on": until }))
    }),
    row("list_rectifications", (SignedIn, Within), 200, within),
    row("get_rectification", (SignedIn, Round), 200, by_id),
    write("assign_rectification", (Action::AssignRectification, Asset), 200, |thing| {
        let to = thing.body;
        let due_on = "2026-06-20";
        body(json!({ "findings": lacking(thing), "organization": to, "due_on": due_on }))
    }),
    write("escalate_rectification", (Action::EscalateRectification, Asset), 200, |thing| {
        body(json!({ "findings": lacking(thing), "note": "抓紧落实" }))
    }),
    write("begin_rectification", (Action::BeginRectification, Round), 200, |thing| {
        change(thing, json!({}))
    }),
    write("report_rectification", (Action::ReportRectification, Round), 200, |thing| {
        change(thing, json!({ "what": "已落实管护主体" }))
    }),
    write("check_rectification", (Action::CheckRectification, Reported), 200, |thing| {
        change(thing, json!({ "is_accepted": true }))
    }),
    // attached files
    row("list_attachments", (SignedIn, Asset), 200, by_id),
    write("attach_file", (Action::AttachFile, Asset), 201, bring),
    write("attach_title_file", (Action::SettleTitle, Titled), 201, bring),
    write("attach_duty_file", (Action::AssignDuty, Duty), 201, bring),
    row("get_attachment_content", (SignedIn, Attachment), 200, by_id),
    row("get_attachment_preview", (SignedIn, Attachment), 200, by_id),
    row("check_attachment", (SignedIn, Attachment), 200, by_id),
    write("withdraw_attachment", (Action::WithdrawFile, Attachment), 200, |thing| {
        change(thing, json!({ "reason": "传错了" }))
    }),
    // local rules
    row("list_settings", (SignedIn, Within), 200, within),
    row("try_setting", (May(Action::SetRule), In), 200, |thing| body(thing.rule("handover_days"))),
    write("set_setting", (Action::SetRule, In), 201, |thing| body(thing.rule("idle_days"))),
    write("withdraw_setting", (Action::WithdrawRule, Setting), 200, |thing| {
        change(thing, json!({}))
    }),
    // organizations, people, projects
    row("list_organizations", (SignedIn, Within), 200, within),
    row("get_organization", (SignedIn, Organization), 200, by_id),
    write("register_organization", (Action::RegisterOrganization, In), 201, |thing| {
        let fields = json!({ "name": named(thing), "kind": "company" });
        body(json!({ "area_code": thing.area, "fields": fields }))
    }),
    write("amend_organization", (Action::AmendOrganization, Organization), 200, |thing| {
        change(thing, json!({ "name": named(thing) }))
    }),
    write("end_organization", (Action::EndOrganization, Organization), 200, end),
    write("reveal_organization_contact", (Action::RevealPerson, Organization), 200, reveal),
    row("list_persons", (SignedIn, Within), 200, within),
    row("get_person", (SignedIn, Person), 200, by_id),
    write("end_person", (Action::EndPerson, Person), 200, end),
    write("reveal_person", (Action::RevealPerson, Person), 200, reveal),
    row("list_projects", (SignedIn, Within), 200, within),
    row("get_project", (SignedIn, Project), 200, by_id),
    write("register_project", (Action::RegisterProject, In), 201, |thing| {
        body(json!({ "area_code": thing.area, "fields": { "name": named(thing) } }))
    }),
    write("amend_project", (Action::AmendProject, Project), 200, |thing| {
        change(thing, json!({ "name": named(thing) }))
    }),
    // areas
    row("list_areas", (SignedIn, Within), 200, within),
    row("get_area", (SignedIn, Area), 200, by_code),
    write("rename_area", (Action::RenameArea, Village), 200, |thing| {
        let named = json!({ "name": named(thing), "on": "2026-06-01" });
        Asked { path: by_code(thing).path, ..change(thing, named) }
    }),
    write("merge_area", (Action::MergeArea, Village), 200, |thing| {
        let into = format!("{}201", &thing.area.as_str()[..9]);
        let merger = json!({ "into": into, "on": "2026-06-01" });
        Asked { path: by_code(thing).path, ..change(thing, merger) }
    }),
    // accounts
    row("list_accounts", (May(Action::ReadAccounts), Within), 200, within),
    row("get_account", (May(Action::ReadAccounts), Account), 200, by_id),
    row("list_account_sessions", (May(Action::RevokeSession), Seated), 200, by_id),
    write("add_account", (Action::AddAccount, In), 201, |thing| {
        let name = format!("{}-{}", thing.name, thing.n);
        body(json!({ "name": name, "role": "inspector", "area_code": thing.area }))
    }),
    write("lock_account", (Action::LockAccount, Account), 200, |thing| change(thing, json!({}))),
    write("unlock_account", (Action::UnlockAccount, Locked), 200, |thing| change(thing, json!({}))),
    write("invite_account", (Action::InviteAccount, Account), 200, plainly),
    write("reset_account", (Action::ResetAccount, Seated), 200, plainly),
    write("drop_second_factor", (Action::DropSecondFactor, Seated), 200, plainly),
    // sheets that come in and go out
    row("list_imports", (SignedIn, Nothing), 200, nothing),
    row("get_import", (SignedIn, Import), 200, by_id),
    write("undo_import", (Action::UndoImport, Import), 200, plainly),
    row("get_asset_origin", (SignedIn, Asset), 200, by_id),
    // a body that is no sheet
    row(
        "start_import",
        (MayEither(Action::ImportSheet, Action::ImportAreas), Nothing),
        NO_SHEET,
        hollow,
    ),
    row("get_import_job", (SignedIn, Nothing), 404, nobodys),
    row("cancel_import_job", (SignedIn, Nothing), 404, nobodys),
    row("get_rejected_rows", (SignedIn, Nothing), 404, nobodys),
    write("export_register", (Action::ExportRows, Within), 200, |thing| {
        body(json!({ "kind": "assets", "area": thing.area }))
    }),
    // views: of one's own, or shared; those of somebody else are tried where views are tested
    // what one is told of
    row("list_reminders", (SignedIn, Nothing), 200, nothing),
    row("mark_reminders", (SignedIn, Nothing), 204, |_| body(json!({ "upto": -1 }))),
    row("list_saved_views", (SignedIn, Nothing), 200, nothing),
    write("save_view", (Action::SaveView, Nothing), 201, |thing| {
        body(json!({ "name": format!("视图{}", thing.n), "words": "class=public" }))
    }),
    row("get_saved_view", (SignedIn, Nothing), 404, nobodys),
    row("amend_view", (SignedIn, Nothing), 404, |_| Asked {
        version: Some(1),
        ..Asked { body: Some(json!({ "name": "视图" })), ..path([9_999_999]) }
    }),
    row("withdraw_view", (SignedIn, Nothing), 404, |thing| Asked {
        version: Some(1),
        ..nobodys(thing)
    }),
    // reports
    row("report_no_maintainer", (SignedIn, Within), 200, within),
    write("reveal_no_maintainer", (Action::RevealPerson, Within), 200, |thing| {
        body(json!({ "reason": "核实管护情况", "report": { "area": thing.area } }))
    }),
    row("report_findings", (SignedIn, Within), 200, |thing| {
        query(format!("rule=G02&area={}", thing.area))
    }),
    // the log
    row("list_log_heads", (May(Action::ReadLog), Nothing), 200, nothing),
    row("list_log_entries", (May(Action::ReadLog), County), 200, |thing| path([county(thing)])),
    row("get_log_entry", (May(Action::ReadLog), County), 200, |thing| {
        path([county(thing), "0".to_owned()])
    }),
    row("get_asset_history", (SignedIn, Asset), 200, by_id),
    row("get_checkpoint", (May(Action::ReadLog), County), 200, |thing| path([county(thing)])),
    row("prove_inclusion", (May(Action::ReadLog), County), 200, |thing| {
        path([county(thing), "0".to_owned()])
    }),
    row("prove_consistency", (May(Action::ReadLog), County), 200, |thing| {
        path([county(thing), thing.n.to_string()])
    }),
];

/// The table and the document hold the same operations.
#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let mut rows: Vec<String> = ROWS.iter().map(|row| row.operation.to_owned()).collect();
    rows.sort();
    assert_eq!(rows, document().into_keys().collect::<Vec<_>>());
}

/// What the document says is open is what the table says is.
#[test]
fn only_what_needs_no_token_is_open() {
    let document = serde_json::to_value(taizhang::api::document()).expect("JSON");
    let items = document["paths"].as_object().expect("paths").values();
    let operations = items.flat_map(|item| item.as_object().expect("methods").values());
    for operation in operations {
        let row = ROWS
            .iter()
            .copied()
            .find(|row| Some(row.operation) == operation["operationId"].as_str());
        let is_open = operation["security"].is_null();
        assert!(row.is_some_and(|row| (row.gate == Open) == is_open), "{operation}");
    }
}
