//! What the rules of oversight say no with: campaigns.

use chrono::NaiveDate;
use entity::language::{Label, Sentence};

use super::Refusal;

refusals! {
    OVERSIGHT;
    /// A campaign is of one county.
    campaign_too_wide() "campaign.too_wide"
        "专项排查以县、乡镇或村为范围" "a campaign is of a county, a town or a village";
    /// Nothing is open.
    campaign_empty() "campaign.empty"
        "范围内没有未销号的问题" "nothing is open there";
    /// Too much is open.
    campaign_too_large(limit: usize) "campaign.too_large"
        "一次专项排查最多 {limit} 条问题；请缩小范围或只查一类" "a campaign has at most {limit} lines: choose less, or one kind";
    /// It has come to its end.
    campaign_closed(on: NaiveDate) "campaign.closed"
        "专项排查已于 {on} 办结" "the campaign was closed out on {on}";
    /// What is wrong needs a unit and a day.
    campaign_unit_missing() "campaign.unit_missing"
        "有一项为“是”的，须有责任单位和整改期限" "where any is so, a unit and a last day are needed";
    /// A line is named twice, or none is.
    campaign_lines_twice() "campaign.lines_twice"
        "应至少一条问题，每条只写一次" "at least one line, and each of them once";
    /// Not everything is answered.
    campaign_unanswered(n: i64) "campaign.unanswered"
        "还有 {n} 条没有答复" "{n} lines are not answered yet";
    /// The sample was drawn.
    campaign_drawn(on: NaiveDate) "campaign.drawn"
        "已于 {on} 抽取，只能抽一次" "the sample was drawn on {on}; it is drawn once";
    /// The sample has so many lines.
    campaign_sample_size(most: i32) "campaign.sample_size"
        "抽查 1 至 {most} 条" "a sample has 1 to {most} lines";
    /// The line was not drawn.
    campaign_not_drawn(no: i32) "campaign.not_drawn"
        "第 {no} 条没有抽中，不用复核" "line {no} was not drawn";
    /// One's own answer.
    own_answer() "campaign.own_answer"
        "不能复核自己的答复" "nobody checks their own answer again";
    /// Why it differs is not said.
    recheck_unexplained() "campaign.recheck_unexplained"
        "与答复不符的，请写明情况" "say what was seen where it differs";
    /// No sample was drawn.
    campaign_without_sample() "campaign.without_sample"
        "还没有抽查，不能办结" "no sample was drawn yet";
    /// The sample was not checked again.
    campaign_not_rechecked(n: i64) "campaign.not_rechecked"
        "还有 {n} 条没有复核" "{n} lines of the sample were not checked again";
    /// One's own campaign.
    own_campaign() "campaign.own"
        "自己启动的专项排查要由别人办结" "somebody else closes out what you began";
}
