//! What the rules of webhooks say no with.

use entity::language::{Label, Sentence};

use super::Refusal;

refusals! {
    WEBHOOK;
    /// A webhook is of one county.
    webhook_too_wide() "webhook.too_wide"
        "推送以县、乡镇或村为范围" "a webhook is of a county, a town or a village";
    /// There are enough.
    webhooks_full(most: u64) "webhook.full"
        "一个县最多 {most} 个推送地址；请先终止不用的" "a county has at most {most} webhooks: end one that is not needed";
    /// It has come to its end.
    webhook_ended() "webhook.ended"
        "这个推送地址已终止；要再推送，请另加一个" "this webhook has ended: add another to send again";
    /// It is paused.
    webhook_paused() "webhook.paused"
        "这个推送地址已经暂停" "this webhook is paused already";
    /// It is at work.
    webhook_active() "webhook.active"
        "这个推送地址正在推送，不用恢复" "this webhook is sending: there is nothing to resume";
    /// Nothing stands there.
    webhook_replay_range(end: i64) "webhook.replay_range"
        "起点应为 0 至 {end}，即本县留痕的序号" "the position must be one of the county's log: 0 to {end}";
}
