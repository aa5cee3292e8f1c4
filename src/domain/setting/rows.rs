//! The local rules that stand alone, row by row.

use entity::{
    language::Label,
    money::Money,
    setting::{AssetFamily, Key},
};

use super::{Group, Value};

/// What the table says of a rule of days, of a share, of an amount: which, with what it stands, what people
/// call it, what it does, and what holds where nobody has said anything.
#[derive(Clone, Copy)]
pub(super) struct Row(
    pub(super) Key,
    pub(super) Group,
    pub(super) Label,
    pub(super) Label,
    pub(super) Value,
);

/// Every rule that stands alone.
pub(super) const ROWS: [Row; 24] = [
    Row(
        Key::TitleDays,
        Group::Threshold,
        Label::new("确权期限", "days to confirm a title"),
        Label::new(
            "资产形成后满多少天仍未确权，列为问题 Q01",
            "an asset whose title is unconfirmed after so many days becomes a finding (Q01)",
        ),
        Value::Days(90),
    ),
    Row(
        Key::HandoverDays,
        Group::Threshold,
        Label::new("移交期限", "days to hand over"),
        Label::new(
            "资产形成后满多少天仍未移交，列为问题 Q02",
            "an asset that is not handed over after so many days becomes a finding (Q02)",
        ),
        Value::Days(90),
    ),
    Row(
        Key::CertificateDays,
        Group::Threshold,
        Label::new("颁证期限", "days to issue a certificate"),
        Label::new(
            "确权后满多少天仍未颁证，列为问题 Q03",
            "a confirmed title without a certificate after so many days becomes a finding (Q03)",
        ),
        Value::Days(90),
    ),
    Row(
        Key::IdleDays,
        Group::Threshold,
        Label::new("闲置认定天数", "days of lying idle"),
        Label::new(
            "资产闲置满多少天，列为问题 X01",
            "an asset that has lain idle for so many days becomes a finding (X01)",
        ),
        Value::Days(180),
    ),
    Row(
        Key::LowYieldDays,
        Group::Threshold,
        Label::new("低效认定天数", "days of yielding little"),
        Label::new(
            "资产低效满多少天，列为问题 X02",
            "an asset that has yielded little for so many days becomes a finding (X02)",
        ),
        Value::Days(365),
    ),
    Row(
        Key::IdleAtOnceDays,
        Group::Threshold,
        Label::new("建成即闲置认定天数", "days within which it lay idle from the start"),
        Label::new(
            "建成后多少天内就闲置的，不论闲置多久，列为问题 X03",
            "an asset that fell idle within so many days after it was built becomes a finding at once (X03)",
        ),
        Value::Days(90),
    ),
    Row(
        Key::BookDays,
        Group::Threshold,
        Label::new("入村账期限", "days to enter an asset in the village's books"),
        Label::new(
            "确权到村（组）后满多少天仍未入账，列为问题 Z03",
            "an asset confirmed as a village's, or a group's, that is not entered in its books after so many days becomes a finding (Z03)",
        ),
        Value::Days(180),
    ),
    Row(
        Key::ContractYears,
        Group::Threshold,
        Label::new("合同最长年限", "years of the longest contract"),
        Label::new(
            "承包、出租、委托、合作合同的期限超过多少年，列为问题 H03",
            "a contract that lets an asset for more than so many years becomes a finding (H03)",
        ),
        Value::Years(20),
    ),
    Row(
        Key::InspectionDays,
        Group::Inspection,
        Label::new("巡查周期", "days between two inspections"),
        Label::new(
            "资产最多隔多少天巡查一次，逾期列为问题 G06；管护协议另有约定的从其约定，0 为不作要求",
            "an asset is inspected at least every so many days, else it becomes a finding (G06); \
             an agreement that says otherwise goes before; 0 asks for nothing",
        ),
        Value::Days(0),
    ),
    Row(
        Key::RiskInspectionDays,
        Group::Inspection,
        Label::new(
            "有危险或严重损毁时的巡查周期",
            "days between two inspections where there is danger",
        ),
        Label::new(
            "上次巡查有危险，或资产状况为严重损毁时，最多隔多少天巡查一次；0 为不另作要求",
            "an asset that was found dangerous or is badly damaged is inspected at least every so \
             many days; 0 asks for nothing more",
        ),
        Value::Days(0),
    ),
    Row(
        Key::DefectDays,
        Group::Repair,
        Label::new("缺陷维修期限", "days to mend a defect"),
        Label::new(
            "发现缺陷后多少天内修好，逾期列为问题 G07；派单时另定期限的按派单；0 为不定期限",
            "a defect is mended within so many days, else it becomes a finding (G07); a day that is set \
             on dispatching goes before; 0 sets none",
        ),
        Value::Days(30),
    ),
    Row(
        Key::DangerDays,
        Group::Repair,
        Label::new("危险处置期限", "days to mend a danger"),
        Label::new(
            "发现危险后多少天内修好，逾期列为问题 G07；0 为不定期限",
            "a danger is mended within so many days, else it becomes a finding (G07); 0 sets none",
        ),
        Value::Days(7),
    ),
    Row(
        Key::EscalateTownDays,
        Group::Escalation,
        Label::new("督办到乡镇的逾期天数", "days late before the town sees to it"),
        Label::new(
            "整改逾期满多少天仍未办，夜间自动督办到乡镇；0 为不自动督办",
            "a rectification that is so many days late is escalated to the town at night; 0 never does",
        ),
        Value::Days(7),
    ),
    Row(
        Key::EscalateDepartmentDays,
        Group::Escalation,
        Label::new("督办到县级主管部门的逾期天数", "days late before the county sees to it"),
        Label::new(
            "整改逾期满多少天仍未办，夜间自动督办到县级主管部门；0 为不自动督办",
            "a rectification that is so many days late is escalated to the department of the county; 0 never does",
        ),
        Value::Days(15),
    ),
    Row(
        Key::EscalateLeaderDays,
        Group::Escalation,
        Label::new("督办到县领导的逾期天数", "days late before the leader sees to it"),
        Label::new(
            "整改逾期满多少天仍未办，夜间自动督办到县领导；0 为不自动督办",
            "a rectification that is so many days late is escalated to the leader of the county; 0 never does",
        ),
        Value::Days(30),
    ),
    Row(
        Key::VillageRepairs,
        Group::Repair,
        Label::new("村级批准维修的上限", "up to what a village approves repairs"),
        Label::new(
            "单张工单估价不超过此数的，村里可以批准（估价人与批准人不是同一人）",
            "a work order of at most this much may be approved in the village, by another person than \
             whoever estimated it",
        ),
        Value::Money(Money::from_fen(200_000)),
    ),
    Row(
        Key::TownRepairs,
        Group::Repair,
        Label::new("乡镇批准维修的上限", "up to what a town approves repairs"),
        Label::new(
            "单张工单估价不超过此数的，乡镇可以批准；超过的由县级批准",
            "a work order of at most this much may be approved in the town; beyond it, in the county",
        ),
        Value::Money(Money::from_fen(2_000_000)),
    ),
    Row(
        Key::TitleTarget,
        Group::Target,
        Label::new("确权率目标", "target share of titled assets"),
        Label::new(
            "总览中确权率低于此值的标出",
            "the overview marks a share of titled assets below this",
        ),
        Value::BasisPoints(9_500),
    ),
    Row(
        Key::UpkeepTarget,
        Group::Target,
        Label::new("管护落实率目标", "target share of maintained assets"),
        Label::new(
            "总览中管护落实率低于此值的标出",
            "the overview marks a share of maintained assets below this",
        ),
        Value::BasisPoints(9_500),
    ),
    Row(
        Key::StockTakeDay,
        Group::Notice,
        Label::new("年度盘点上报期限", "day by which a stock-take is signed"),
        Label::new(
            "上一年度的盘点结果最迟于本年第几天签认（按平年数，90 即 3 月 31 日），过期的在待办和盘点进度里标出",
            "the stock-take of a year is signed by this day of the next one (of a year of 365 days: 90 is \
             31 March); what is late stands among the tasks and in the progress of stock-takes",
        ),
        Value::Days(90),
    ),
    Row(
        Key::DutyNotice,
        Group::Notice,
        Label::new("管护到期提前提醒天数", "days of notice before a duty ends"),
        Label::new(
            "管护责任到期前多少天起，在资产卡片、管护责任和待办里提醒",
            "so many days before a duty ends, its card, the duties and the tasks say so",
        ),
        Value::Days(60),
    ),
    Row(
        Key::AlertSoonDays,
        Group::Notice,
        Label::new("黄色预警的天数", "days ahead of a yellow alert"),
        Label::new(
            "整改、维修、巡查、管护协议还有多少天以内到期的，列入黄色预警",
            "what is due, or an agreement that ends, within so many days is told in yellow",
        ),
        Value::Days(7),
    ),
    Row(
        Key::AlertAheadDays,
        Group::Notice,
        Label::new("蓝色提醒的天数", "days ahead of a blue alert"),
        Label::new(
            "整改、维修、巡查还有多少天以内到期的，列入蓝色提醒；管护协议按管护到期提前提醒天数",
            "what is due within so many days is told in blue; agreements go by the days of notice before a duty ends",
        ),
        Value::Days(30),
    ),
    Row(
        Key::AssetFamily,
        Group::Term,
        Label::new("资产称谓", "what the assets are called"),
        Label::new(
            "页面、打印件和导出表中的名称用“扶贫”还是“帮扶”",
            "whether pages, prints and exports speak of poverty alleviation or of assistance",
        ),
        Value::Word("poverty_alleviation", AssetFamily::PovertyAlleviation.label()),
    ),
];

/// The row of a rule that stands alone.
pub(super) fn row_of(key: Key) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.0 == key)
}
