//! What is to be done about an asset: each finding with the form that mends it, as far as the
//! visitor may.

use entity::{asset, finding::Rule};
use maud::{Markup, html};

use super::{
    icon::{Icon, icon},
    visit::{Visit, at},
};
use crate::{app::card::Card, domain::permission::Action};

/// How a finding is mended: what is to be done, where, who may.
struct Step {
    says: (&'static str, &'static str),
    way: String,
    action: Action,
}

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
            ("落实管护经费：按新经费续签", "Set money aside: renew the duty with it"),
            assign(Some(("renew", "yes"))),
            Action::AssignDuty,
        ),
        Rule::NoStandard => (
            ("补上管护标准：按新标准续签", "Give a standard: renew the duty with it"),
            assign(Some(("renew", "yes"))),
            Action::AssignDuty,
        ),
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
        Rule::Idle => {
            (("盘活后更新使用状态", "Put it to use and say so"), form("edit"), Action::AmendAsset)
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
