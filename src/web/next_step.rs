//! What may be done with an asset, and what is to be done about it: each finding with the form that
//! mends it, as far as the visitor may.

use entity::{asset, duty, finding::Rule};
use maud::{Markup, html};

use super::{
    icon::{Icon, icon},
    print,
    visit::{Visit, at},
};
use crate::{
    app::card::Card,
    domain::{deficiency::running, permission::Action},
};

/// What the visitor may do with it: what it needs most stands out, what is seldom done is folded.
pub(super) fn actions(visit: &Visit, card: &Card) -> Markup {
    let asset = &card.dossier.asset;
    let code = &asset.code;
    let is_borne = running(&card.dossier.facts(), duty::Kind::Maintainer, card.day).is_some();
    let is_urgent = !is_borne && asset.is_standing() && !asset.form.is_claim();
    let way = |path: &str| format!("/assets/{code}/{path}");
    let seldom = [
        (Action::HandOverAsset, way("hand-over"), visit.say("移交", "Hand over")),
        (Action::SplitAsset, way("split"), visit.say("拆分", "Split")),
        (
            Action::MergeAssets,
            at("/assets/merge", [("asset", code.as_str())]),
            visit.say("合并", "Merge"),
        ),
        (Action::CorrectAsset, way("correct"), visit.say("更正", "Correct")),
        (Action::ReclassAsset, way("reclass"), visit.say("重分类", "Re-class")),
        (
            Action::ExportRows,
            at("/assets/plates", [("asset", code.as_str())]),
            visit.say("标牌", "Plate"),
        ),
        (
            Action::ExportRows,
            at("/titles/register", [("asset", code.as_str())]),
            visit.say("确权登记表", "Register of title"),
        ),
        (
            Action::ExportRows,
            at("/duties/agreements", [("asset", code.as_str())]),
            visit.say("责任书", "Agreement"),
        ),
    ];
    html! {
        (print::button(visit))
        @if asset.is_standing() {
            @if visit.may(Action::AmendAsset) {
                a.btn href=(way("edit")) { (icon(Icon::Edit)) (visit.say("变更", "Amend")) kbd { "E" } }
            }
            @if visit.may(Action::RecordInspection) && !asset.form.is_claim() {
                a.btn href=(way("inspect")) { (icon(Icon::Inspect)) (visit.say("巡查", "Inspect")) }
            }
            @if visit.may(Action::SettleTitle) {
                a.btn href=(way("settle")) { (icon(Icon::Title)) (visit.say("确权", "Settle title")) }
            }
            @if visit.may(Action::AssignDuty) && !asset.form.is_claim() {
                a.btn.go[is_urgent] href=(at("/duties/assign", [("asset", code.as_str())])) { (icon(Icon::Duty)) (visit.say("指派管护责任", "Assign a duty")) }
            }
            @for (action, way, name) in &seldom {
                @if visit.may(*action) { a.btn.link href=(way) { (name) } }
            }
        }
    }
}

/// How a finding is mended: what is to be done, where, who may.
struct Step {
    says: (&'static str, &'static str),
    way: String,
    action: Action,
}

#[expect(clippy::too_many_lines, reason = "a table is read line by line")]
fn step(rule: Rule, asset: &asset::Model) -> Step {
    let code = asset.code.as_str();
    let assign = |more: Option<(&str, &str)>| {
        at("/duties/assign", [("asset", code)].into_iter().chain(more))
    };
    let form = |path: &str| format!("/assets/{code}/{path}");
    let (says, way, action) = match rule {
        Rule::NoMaintainer | Rule::MaintainerUnknown => {
            (("指派管护主体", "Assign a maintainer"), assign(None), Action::AssignDuty)
        }
        Rule::NoKeeper => (
            ("落实管护责任人", "Name a keeper"),
            assign(Some(("renew", "yes"))),
            Action::AssignDuty,
        ),
        Rule::DutyExpired => (
            ("续签或重新指派", "Renew the duty or assign it anew"),
            assign(None),
            Action::AssignDuty,
        ),
        Rule::Unfunded => (
            ("安排管护预算", "Set money aside in a budget"),
            at("/budgets/new", [("asset", code)]),
            Action::SetBudget,
        ),
        Rule::NoStandard => (
            ("补上管护标准：按新标准续签", "Give a standard: renew the duty with it"),
            assign(Some(("renew", "yes"))),
            Action::AssignDuty,
        ),
        Rule::InspectionOverdue => {
            (("去巡查一次", "Inspect it"), form("inspect"), Action::RecordInspection)
        }
        Rule::Damaged => {
            (("去看维修工单", "See to its work orders"), form("repairs"), Action::ReportWorkOrder)
        }
        Rule::TitleUnconfirmed => {
            (("办理确权", "Settle the title"), form("settle"), Action::SettleTitle)
        }
        Rule::TitleDisputed => {
            (("处理权属争议", "Settle the dispute"), form("settle"), Action::SettleTitle)
        }
        Rule::NoCertificate => {
            (("补登权证", "Add the certificate"), form("settle"), Action::SettleTitle)
        }
        Rule::NotHandedOver => {
            (("登记移交", "Hand it over"), form("hand-over"), Action::HandOverAsset)
        }
        Rule::FundingGap => (
            ("核对原值，有误的更正", "Check the value and correct it"),
            form("correct"),
            Action::CorrectAsset,
        ),
        Rule::NoFinalAccount => {
            (("补登竣工决算", "Add the final account"), form("correct"), Action::CorrectAsset)
        }
        Rule::Idle | Rule::LowYield | Rule::IdleAtOnce => (
            ("盘活：提出或跟进方案", "Bring it back into use by a plan"),
            form("revival"),
            Action::ProposeRevival,
        ),
        Rule::NoContract | Rule::ContractEnded | Rule::TermTooLong => (
            ("登记或核对合同", "See to its contracts"),
            form("contracts"),
            Action::ConcludeContract,
        ),
        Rule::Differs => (
            ("核实差异：更正，或说明理由", "Correct the ledger, or say why it is right"),
            form("discrepancies"),
            Action::SettleDiscrepancy,
        ),
        Rule::Duplicate => (
            ("核实是否重复登记", "See whether it was registered twice"),
            form("discrepancies"),
            Action::SettleDiscrepancy,
        ),
        Rule::Unbooked => {
            (("补登入账日期", "Add the day of entry"), form("edit"), Action::AmendAsset)
        }
    };
    Step { says, way, action }
}

/// The list, for the present card of an asset that still counts.
pub(super) fn steps(visit: &Visit, card: &Card) -> Markup {
    let asset = &card.dossier.asset;
    let open: Vec<_> = card.findings.iter().filter(|(standing, _)| !standing.is_waived).collect();
    html! {
        @if !open.is_empty() && asset.is_standing() {
            section.card {
                header { h2 { (visit.say("还差 ", "Still to be done: ")) (open.len()) (visit.say(" 步", "")) } }
                ul.ppl { @for (standing, sentence) in &open {
                    @let step = step(standing.rule, asset);
                    @let says = visit.say(step.says.0, step.says.1);
                    li {
                        b { (icon(Icon::Nobody)) " " (says) }
                        span.mut.sm { (visit.text(standing.rule.label())) (visit.say("：", ": ")) (visit.tell(sentence)) }
                        @if visit.may(step.action) { span.tel { a href=(step.way) { (visit.say("现在办", "Do it now")) span.sr { " " (says) } } } }
                    }
                } }
            }
        }
    }
}
