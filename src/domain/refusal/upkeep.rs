//! What the rules of inspections, repairs and welfare posts say no with.

use chrono::NaiveDate;
use entity::{
    language::{Label, Sentence},
    money::Money,
};

use super::Refusal;

refusals! {
    UPKEEP;
    /// Nobody goes it any more.
    route_ended() "inspection_route.ended"
        "这条路线已停用" "nobody goes this route any more";
    /// Whoever goes it goes so many already.
    routes_full(limit: usize) "inspection_route.full"
        "一个账号最多 {limit} 条在用路线，请先停用一条" "an account goes at most {limit} routes: end one first";
    /// Nobody said where digests go.
    mail_not_configured() "digest.not_configured"
        "没有说摘要发到哪里：用 --folder 写到文件夹，或设 TAIZHANG_SMTP、TAIZHANG_SMTP_FROM 和 TAIZHANG_ADDRESS"
        "nobody said where digests go: --folder writes them into a folder; or set TAIZHANG_SMTP, TAIZHANG_SMTP_FROM and TAIZHANG_ADDRESS";
    /// A claim lies nowhere.
    inspects_no_claim() "inspection.of_claim"
        "股权、债权、基金没有实物，不办理巡查" "an equity stake, a debt or a fund lies nowhere and is not inspected";
    /// A claim has nothing to mend.
    mends_no_claim() "work_order.of_claim"
        "股权、债权、基金没有实物，不开维修工单" "an equity stake, a debt or a fund lies nowhere and is not mended";
    /// What is good needs no work order.
    nothing_to_mend() "work_order.of_good"
        "完好的不用维修；请选有缺陷或危险" "what is good needs no mending: choose defect or danger";
    /// The asset has no such point.
    no_such_point() "work_order.no_such_point"
        "这类资产没有这一检查项" "assets of this kind have no such point";
    /// A point has one work order at a time.
    point_has_work_order() "work_order.there_already"
        "这一检查项已有未办结的工单" "a work order for this point is open already";
    /// An asset has so many work orders at a time.
    work_orders_full(limit: usize) "work_order.full"
        "一项资产最多有 {limit} 张未办结的工单" "an asset has at most {limit} open work orders";
    /// It is not as far, or farther.
    work_order_in_state(zh: &str, en: &str) "work_order.in_state"
        "工单{zh}，不能办理此事" "the work order is {en}; this cannot be done";
    /// An amount is no debt.
    amount_negative() "money.negative"
        "金额不能为负" "an amount may not be negative";
    /// The sum is beyond every amount.
    amount_too_large() "money.too_large"
        "金额过大" "the amount is too large";
    /// There is nothing to approve.
    estimate_missing() "work_order.estimate_missing"
        "还没有估价" "nothing was estimated yet";
    /// It is approved up to that amount.
    approved_already() "work_order.approved_already"
        "这个金额已经批准" "this amount is approved already";
    /// Nobody approves what they estimated themselves.
    own_estimate() "work_order.own_estimate"
        "不能批准自己的估价，请由他人批准" "nobody approves what they estimated themselves";
    /// The amount is beyond whoever approves.
    approved_higher(zh: &str, en: &str) "work_order.approved_higher"
        "这个金额须由{zh}一级批准" "this amount is approved at the level of the {en}";
    /// Money is spent on what was approved.
    estimate_not_approved() "work_order.not_approved"
        "先估价并经批准再派单（有危险的可先派单、后补批）"
        "estimate it and have it approved first (where there is danger, the approval may follow)";
    /// Whoever mends it is one organization or one person.
    one_mender() "work_order.one_mender"
        "须且只须填写承修单位或承修人之一" "name either an organization or a person";
    /// What cost something has a voucher.
    voucher_missing() "work_order.voucher_missing"
        "有支出的须填凭证号" "what cost something has a voucher number";
    /// It cost more than was approved.
    cost_not_approved(cost: Money, approved: Money) "work_order.cost_not_approved"
        "实付 {cost} 元超过批准的 {approved} 元；请先调整估价并经批准"
        "it cost {cost} yuan and {approved} were approved; amend the estimate and have it approved first";
    /// Nobody accepts what they reported themselves.
    own_work() "work_order.own_work"
        "不能验收自己报的完工，请由他人验收" "nobody accepts what they reported themselves";
    /// What raises the value of an asset has a source.
    capital_has_source() "work_order.source_missing"
        "恢复重建、提等升级计入资产原值，须填资金层级和资金类型"
        "a restoration or an improvement adds to the value: say whose money and what fund";
    /// The key of a device stands for another record.
    inspection_key_reused() "inspection.key_reused"
        "这个记录编号已用于另一条巡查" "this key stands for another inspection";
    /// A person holds one post at a time.
    holds_post(from: NaiveDate, until: NaiveDate) "welfare_post.held_already"
        "此人 {from} 至 {until} 已在另一公益岗位" "this person holds another post from {from} to {until}";
    /// The post is over.
    post_ended(on: NaiveDate) "welfare_post.ended"
        "该岗位已于 {on} 到期或退岗" "the post ended on {on}";
    /// A post looks after so many assets.
    post_assets_full(limit: usize) "welfare_post.full"
        "一个岗位最多管护 {limit} 项资产" "a post looks after at most {limit} assets";
    /// The post was not held in that month.
    month_without_post(from: NaiveDate, until: NaiveDate) "attendance.without_post"
        "该岗位协议期为 {from} 至 {until}，这个月不在内" "the post runs from {from} to {until}: not in this month";
    /// What was approved stands.
    month_approved() "attendance.approved"
        "这个月的报酬已核定，不能再改" "the pay of this month is approved and stands";
    /// A month has so many days.
    days_beyond_month(most: i64) "attendance.too_many_days"
        "出勤天数应为 0 至 {most}" "0 to {most} days were there to be attended";
    /// An assessment leaves a part of the whole.
    assessment_out_of_range() "attendance.percent"
        "考核系数应为 0 至 100" "an assessment is from 0 to 100 percent";
    /// Whoever is paid less is told why.
    assessment_unexplained() "attendance.unexplained"
        "考核系数不足 100 的，须写明考核情况" "where the assessment is below 100, say why";
    /// Nobody approves what they recorded themselves.
    own_attendance() "attendance.own"
        "不能核定自己登记的考勤，请由他人核定" "nobody approves what they recorded themselves";
    /// An asset in use needs no revival.
    revival_not_needed() "revival.not_needed"
        "只有使用状态为闲置或低效的资产才提盘活方案" "only an idle or low-yield asset has a revival plan";
    /// An asset has one plan that runs.
    revival_runs(target: NaiveDate) "revival.there_already"
        "这项资产已有在办的盘活方案（目标日期 {target}）" "a revival plan runs for this asset already (target {target})";
    /// A plan has so many days.
    revival_too_long(days: i64) "revival.too_long"
        "盘活目标日期最远在 {days} 天之内" "the target of a revival is at most {days} days away";
    /// It is not as far, or farther.
    revival_in_state(zh: &str, en: &str) "revival.in_state"
        "盘活方案{zh}，不能办理此事" "the revival plan is {en}; this cannot be done";
    /// Nobody approves what they proposed themselves.
    own_revival() "revival.own"
        "不能批准自己提出的盘活方案，请由他人批准" "nobody approves what they proposed themselves";
    /// Nobody verifies what they reported themselves.
    own_revival_report() "revival.own_report"
        "不能核验自己报的盘活，请由他人核验" "nobody verifies what they reported themselves";
    /// What is back in use is in use, let or lent.
    revival_outcome() "revival.outcome"
        "盘活后的使用状态应为在用、出租或出借" "an asset that is back in use is in use, let or lent";
    /// A verification says what was seen.
    revival_evidence_missing() "revival.evidence_missing"
        "须写明核验依据（看到了什么、合同或凭证编号）" "say what was seen of it, or the number of the contract or voucher";
    /// The rate is told of some years.
    revival_year(first: i32, last: i32) "revival.year"
        "盘活率可看 {first} 至 {last} 年" "the rate of revival is told of {first} to {last}";
}
