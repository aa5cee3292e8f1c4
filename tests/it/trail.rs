//! The log: one entry an action, in the log of its county, saying who did what to which rows.

use std::collections::BTreeMap;

use entity::{account::Role, log::Action};
use serde_json::Value as Json;
use taizhang::{domain::permission::grants, store::Actor};

use crate::harness::{
    Town,
    calls::{Subjects, call},
    town::{COUNTY, OTHER_COUNTY, VILLAGE_A1},
};

on_both!(every_action_leaves_one_entry, an_entry_tells_before_and_after);

/// The rows that the sample call of an action changes: table and number.
#[expect(clippy::too_many_lines, reason = "a table is read line by line")]
fn changes_of(action: Action) -> &'static [(&'static str, usize)] {
    match action {
        Action::RenameArea => &[("area", 2)],
        Action::MergeArea => &[("area", 1)],
        Action::AddAccount | Action::LockAccount | Action::UnlockAccount => &[("account", 1)],
        Action::RegisterOrganization | Action::AmendOrganization | Action::EndOrganization => {
            &[("organization", 1)]
        }
        Action::EndPerson => &[("person", 1)],
        Action::RegisterProject | Action::AmendProject => &[("project", 1)],
        Action::RegisterAsset => &[("asset", 1), ("funding", 1)],
        Action::AmendAsset
        | Action::CorrectAsset
        | Action::ReclassAsset
        | Action::HandOverAsset => &[("asset", 1)],
        Action::SplitAsset => &[("asset", 3), ("funding", 3)],
        Action::MergeAssets => &[("asset", 3), ("funding", 4)],
        Action::SettleTitle => &[("holding", 1), ("title", 1)],
        Action::AssignDuty | Action::EndDuty | Action::TakeBackDuties => &[("duty", 1)],
        Action::WaiveFinding => &[("waiver", 1)],
        Action::RecordInspection => &[("inspection", 1), ("upkeep", 1)],
        Action::MakeRoute | Action::AmendRoute | Action::EndRoute => &[("inspection_route", 1)],
        Action::ConcludeContract | Action::AmendContract | Action::EndContract => {
            &[("contract", 1)]
        }
        Action::OpenPost => &[("person", 1), ("post_asset", 1), ("welfare_post", 1)],
        Action::AmendPost | Action::EndPost => &[("post_asset", 1), ("welfare_post", 1)],
        Action::RecordAttendance | Action::ApproveAttendance => &[("attendance", 1)],
        Action::OpenStockTake | Action::CountStock => &[("stock_line", 1), ("stock_take", 1)],
        Action::RecordStockFind => &[("stock_find", 1), ("stock_take", 1)],
        Action::SettleStockFind => &[("stock_find", 1)],
        Action::SettleDiscrepancy => &[("discrepancy", 1)],
        // it finds again what one before it missed
        Action::SignStockTake => &[("discrepancy", 1), ("stock_take", 1)],
        Action::OpenWorkOrder
        | Action::EstimateWorkOrder
        | Action::ApproveWorkOrder
        | Action::DispatchWorkOrder
        | Action::BeginWorkOrder
        | Action::ReportWorkOrder
        | Action::AcceptWorkOrder
        | Action::DismissWorkOrder => &[("work_order", 1)],
        Action::ProposeRevival
        | Action::AmendRevival
        | Action::ApproveRevival
        | Action::ReportRevival
        | Action::EndRevival => &[("revival", 1)],
        Action::VerifyRevival => &[("asset", 1), ("revival", 1)],
        Action::FileFaultReport
        | Action::AcceptFaultReport
        | Action::DismissFaultReport
        | Action::MendFaultReport => &[("fault_report", 1)],
        Action::RegisterFund | Action::AmendFund => &[("upkeep_fund", 1)],
        Action::SetBudget | Action::AmendBudget => &[("budget", 1), ("upkeep_fund", 1)],
        Action::CommitSpending
        | Action::PaySpending
        | Action::ReleaseSpending
        | Action::ReverseSpending => &[("budget", 1), ("spending", 1)],
        Action::AskOverspend => &[("overspend", 1)],
        Action::DecideOverspend => &[("budget", 1), ("overspend", 1)],
        Action::AttachFile | Action::WithdrawFile => &[("attachment", 1)],
        Action::SetRule | Action::WithdrawRule => &[("setting", 1)],
        Action::AssignRectification
        | Action::BeginRectification
        | Action::ReportRectification
        | Action::CheckRectification
        | Action::EscalateRectification => &[("rectification", 1)],
        Action::OpenCampaign | Action::DrawCampaign => &[("campaign", 1), ("campaign_line", 1)],
        Action::AnswerCampaign | Action::RecheckCampaign => &[("campaign_line", 1)],
        Action::CloseCampaign => &[("campaign", 1)],
        Action::SaveView | Action::AmendView | Action::WithdrawView | Action::ShareView => {
            &[("saved_view", 1)]
        }
        Action::AddWebhook
        | Action::AmendWebhook
        | Action::PauseWebhook
        | Action::ResumeWebhook
        | Action::EndWebhook
        | Action::RotateWebhook
        | Action::ReplayWebhook => &[("webhook", 1)],
        // an edition of areas is kept by its digest, what lets people in by no row of the log
        Action::ImportAreas
        | Action::InviteAccount
        | Action::ResetAccount
        | Action::DropSecondFactor
        | Action::RevokeSession
        | Action::SetPassword
        | Action::SetMailAddress
        | Action::EnrollSecondFactor
        | Action::ApplyRule
        | Action::NightlyRound
        | Action::ImportSheet
        | Action::UndoImport
        | Action::ExportRows
        | Action::RevealPerson
        | Action::ReadLog
        | Action::VerifyLog
        | Action::ReadAccounts
        | Action::ReadWebhooks
        | Action::ReadHealth => &[],
    }
}

async fn every_action_leaves_one_entry(town: &Town) {
    for action in Action::ALL.iter().copied().filter(|action| *action != Action::NightlyRound) {
        let on = Subjects::new(town).await;
        // whoever opens a stock-take of a new village stands above its town
        let is_above =
            |role: &&Role| action != Action::OpenStockTake || **role == Role::RuralOfficer;
        let role = grants(action).iter().rfind(is_above).expect("somebody may");
        let actor = town.as_role(*role).await;
        let before = (town.entries(COUNTY).await.len(), town.entries(OTHER_COUNTY).await.len());
        let Some(answer) = call(town, &actor, action, &on).await else { continue };
        answer.unwrap_or_else(|error| panic!("{action:?}: {error}"));
        let entries = town.entries(COUNTY).await;
        let after = (entries.len(), town.entries(OTHER_COUNTY).await.len());
        assert_eq!(after, (before.0 + 1, before.1), "{action:?}");
        let entry = entries.last().expect("an entry");
        assert_eq!(entry["action"], action.code());
        assert_eq!(entry["actor"], actor.name());
        assert_eq!(entry["at"], town.ledger.clock().now().timestamp_millis());
        let mut nouns: BTreeMap<String, usize> = BTreeMap::new();
        for change in entry["changes"].as_array().expect("changes") {
            *nouns.entry(change["noun"].as_str().expect("a noun").to_owned()).or_default() += 1;
        }
        let expected: BTreeMap<String, usize> =
            changes_of(action).iter().map(|(noun, n)| ((*noun).to_owned(), *n)).collect();
        assert_eq!(nouns, expected, "{action:?}: {entry}");
    }
}

async fn an_entry_tells_before_and_after(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.clerk().await;
    let dearer = |row| entity::asset::Model {
        original_value: Some(crate::harness::town::yuan("2000.00")),
        remark: Some("审计调整".into()),
        ..row
    };
    let at = (asset.id, 1);
    let done = taizhang::app::asset::correct(&town.ledger, &clerk, at, "审计意见", dearer).await;
    done.expect("corrected");
    let entry = town.last_entry(COUNTY).await;
    let expected = serde_json::json!({
        "noun": "asset", "id": asset.id.0, "version": 2,
        "before": {"original_value": "1000.00", "remark": null},
        "after": {"original_value": "2000.00", "remark": "审计调整"},
    });
    assert_eq!(entry["changes"], Json::Array(vec![expected]));
    assert_eq!(entry["note"]["reason"], "审计意见");
    assert_eq!(entry["county"], "520381");
    assert_eq!(Actor::operator().name(), "operator");
}
