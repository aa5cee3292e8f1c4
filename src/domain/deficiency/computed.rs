//! Which assets each rule is asked about, and how it is computed, in words for whoever reads what it
//! found.

use entity::{
    asset::{Class, Form},
    finding::Rule,
    language::Sentence,
};

use super::Thresholds;

/// Whether a rule is asked about assets of a class and a form. Claims on somebody have no upkeep;
/// what belongs to a household, the household looks after.
pub fn concerns(rule: Rule, class: Class, form: Form) -> bool {
    let is_shared = class != Class::Household;
    match rule {
        Rule::NoMaintainer | Rule::MaintainerUnknown | Rule::InspectionOverdue | Rule::Damaged => {
            !form.is_claim()
        }
        Rule::NoKeeper | Rule::DutyExpired | Rule::NoStandard => is_shared && !form.is_claim(),
        // operating assets pay their upkeep from their income
        Rule::Unfunded => class == Class::Public && !form.is_claim(),
        Rule::NotHandedOver => is_shared && form == Form::Fixed,
        // what a household has is in nobody's books, is handed out by the dozen, and is the household's to let
        Rule::Unbooked
        | Rule::Duplicate
        | Rule::NoContract
        | Rule::ContractEnded
        | Rule::TermTooLong => is_shared,
        Rule::TitleUnconfirmed
        | Rule::NoCertificate
        | Rule::TitleDisputed
        | Rule::FundingGap
        | Rule::NoFinalAccount
        | Rule::Idle
        | Rule::LowYield
        | Rule::IdleAtOnce
        | Rule::Differs => true,
    }
}

/// How a rule is computed, with what it goes by.
#[expect(clippy::too_many_lines, reason = "a table is read line by line")]
pub fn computed(rule: Rule, thresholds: &Thresholds) -> Sentence {
    if !thresholds.checks(rule) {
        return Sentence::new("本地规则定为不核查此项。", "A local rule leaves this out.");
    }
    match rule {
        Rule::NoMaintainer => Sentence::new(
            "今天没有在任的管护主体：从未登记、期满、被撤销或单位已注销。债权股权、已归农户的资产不算。",
            "No maintainer has a running duty today: none was ever recorded, its term is over, it was revoked, or the organization has ended. Claims, and what a household owns, do not count.",
        ),
        Rule::MaintainerUnknown => Sentence::new(
            "登记时写明“不清楚由谁管护”，此后也没有登记过管护主体；与“缺失”分开计数。",
            "The sheet said that the maintainer is not known, and none has been recorded since; counted apart from those without one.",
        ),
        Rule::NoKeeper => Sentence::new(
            "今天有在任的管护主体，但没有在任的管护责任人。",
            "A maintainer has a running duty today, and no keeper has.",
        ),
        Rule::DutyExpired => Sentence::new(
            "管护主体或责任人最近一期责任的截止日已过，没有人接替。",
            "The last day of the latest duty of a maintainer or a keeper has passed, and nobody has taken over.",
        ),
        Rule::Unfunded => Sentence::new(
            "公益性资产在任管护责任的年度经费为零或未填，或写明本年未落实；并且本年没有为它、为所在村镇的同类资产或全部资产安排管护预算。",
            "The running duty for a public asset has no yearly money, or says that this year's is not there; and no budget of this year has money for it, for its kind in its village or town, or for all there.",
        ),
        Rule::NoStandard => Sentence::new(
            "在任管护责任没有写明管护制度或标准。",
            "The running duty names no maintenance rule or standard.",
        ),
        Rule::InspectionOverdue => Sentence::new(
            "距上次巡查（从未巡查的，距建成或管护责任起始日）超过巡查周期：管护协议约定的，否则县级规则按资产类型或统一规定的；有危险或严重损毁的按较短的一个。都没有规定的，不算。",
            "More days have passed since the last inspection (of an asset never inspected, since it was built or its maintainer took over) than the interval allows: that of the agreement, else that which local rules say of its kind or of all; where there is danger or bad damage, the shorter one. Where nothing is said, nothing is asked.",
        ),
        Rule::Damaged => Sentence::new(
            "有未办结的维修工单过了维修期限：派单时定的，没有派单的按发现之日加县级规则的天数。",
            "A work order that is not at its end has passed its day: the one set on dispatching, else so many days after it was found as local rules say.",
        ),
        Rule::TitleUnconfirmed => within(thresholds.title_days, |days| {
            (
                format!("自验收、购建或登记之日起满 {days} 天仍未确权；在建的不算，有争议的另列。"),
                format!(
                    "The title is unconfirmed {days} days after acceptance, acquisition or registration; not while under construction, and disputes are counted apart."
                ),
            )
        }),
        Rule::NotHandedOver => not_handed_over(thresholds.handover_days),
        Rule::NoCertificate => within(thresholds.certificate_days, |days| {
            (
                format!("自确权之日起满 {days} 天仍没有权属证书号。"),
                format!(
                    "There is no certificate number {days} days after the title was confirmed."
                ),
            )
        }),
        Rule::TitleDisputed => {
            Sentence::new("权属状态登记为“有争议”。", "The state of the title is “disputed”.")
        }
        Rule::FundingGap => Sentence::new(
            "各资金来源合计与资产原值不相等，或原值、来源金额没有填全；名义金额入账的不算。",
            "The sources do not come to the original value, or an amount is missing; assets at nominal value do not count.",
        ),
        Rule::NoFinalAccount => Sentence::new(
            "已有验收日期，没有竣工决算金额。",
            "There is a day of acceptance and no amount of a final account.",
        ),
        Rule::Idle => within(thresholds.idle_days, |days| {
            (
                format!("使用状态为“闲置”，自闲置之日起满 {days} 天。"),
                format!("The asset is recorded as idle, and has been so for {days} days or more."),
            )
        }),
        Rule::LowYield => within(thresholds.low_yield_days, |days| {
            (
                format!(
                    "使用状态为“低效”，自低效之日起满 {days} 天；没有填起始日的，从可知最早存在日算。"
                ),
                format!(
                    "The asset is recorded as low-yield, and has been so for {days} days or more; where the first day is not recorded, since it is known to be there."
                ),
            )
        }),
        Rule::IdleAtOnce => within(thresholds.idle_at_once_days, |days| {
            (
                format!(
                    "使用状态为“闲置”，闲置起始日距验收（没有的按完工、购建）不超过 {days} 天；日期没有填全的不算。"
                ),
                format!(
                    "The asset is recorded as idle, and became so within {days} days after acceptance (else completion, else acquisition); where a day is not recorded, nothing is said."
                ),
            )
        }),
        Rule::NoContract => Sentence::new(
            "使用状态为“出租”，今天没有在履行的合同，也没有到期的；到户类不算。",
            "The asset is recorded as leased, no contract runs today and none has ended; not for households.",
        ),
        Rule::ContractEnded => Sentence::new(
            "使用状态为“出租”，最近一份合同已到期或终止，今天没有在履行的合同；到户类不算。",
            "The asset is recorded as leased, its last contract ended, and none runs today; not for households.",
        ),
        Rule::TermTooLong => within(thresholds.contract_years, |years| {
            (
                format!(
                    "在履行的承包、出租、委托、合作合同，从起始日到最后一日超过 {years} 年；到户类不算。"
                ),
                format!(
                    "A contract that runs and lets the asset has a term of more than {years} years; not for households."
                ),
            )
        }),
        Rule::Differs => Sentence::new(
            "最近一次签认的盘点没有找到它，或见到的使用状态与账面不同；更正、处置、以后的盘点找到，或核实说明理由后消除。",
            "The last signed stock-take did not find it, or saw it in another state than the ledger says; cleared by correcting or disposing of it, by a later stock-take that finds it, or by settling it with a reason.",
        ),
        Rule::Unbooked => within(thresholds.book_days, |days| {
            (
                format!("确权到村或组，自确权之日起满 {days} 天仍没有入账日期；到户类不算。"),
                format!(
                    "The title is confirmed as a village's or a group's, and there is no day of entry in the books {days} days later; not for households."
                ),
            )
        }),
        Rule::Duplicate => Sentence::new(
            "同村已有先登记的在册资产，名称（不计空格、标点、大小写）、类别、原值相同，子类、坐落、数量、项目等两处都填了的也没有不同；同一次登记或拆分的不算，到户类不算。",
            "The same village has an asset that was registered before, of the same name (whatever its spaces, signs and case), class and original value, and kind, place, quantity and project, where both say them, do not differ; not what was registered or split by one act, nor for households.",
        ),
    }
}

fn not_handed_over(days: i64) -> Sentence {
    Sentence::new(
        format!("固定资产自验收、购建或登记之日起满 {days} 天仍没有移交日期；到户类和在建的不算。"),
        format!(
            "A fixed asset has no day of handover {days} days after acceptance, acquisition or registration; not for households, nor while under construction."
        ),
    )
}

/// A sentence with a number of days in it.
fn within(days: i64, told: impl FnOnce(i64) -> (String, String)) -> Sentence {
    let (zh, en) = told(days);
    Sentence::new(zh, en)
}
