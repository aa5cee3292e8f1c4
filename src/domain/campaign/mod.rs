//! 专项排查、回头看: the findings of an area that were open on a day are gone through one by one
//! (domain.md §4: four questions, each with a unit and a last day), a sample is checked again, and
//! somebody else closes it out.

mod draw;
mod standing;

use chrono::{DateTime, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    campaign::{Model, State},
    campaign_line::{self, Recheck},
    finding::{self, Rule},
    id::{AccountId, CampaignId, CampaignLineId, OrganizationId},
    language::Label,
};

pub use self::{
    draw::drawn,
    standing::{Counted, Standing, standing},
};
use super::{asset::reasoned, mistake::Mistakes, refusal::Refusal};
use crate::{fields, limits};

fields! {
    /// The fields of a campaign.
    pub FIELDS of Model {
        name: String = "名称" "name" Fixed;
        purpose: Option<String> = "要求或依据" "what it is for" Fixed;
        rule: Option<Rule> = "只查的问题" "the only rule" Fixed;
        state: State = "进展" "state of the campaign" Fixed;
        opened_on: NaiveDate = "启动日" "opened on" Fixed;
        due_on: NaiveDate = "完成期限" "due on" Fixed;
        n_lines: i32 = "纳入问题数" "lines" Fixed;
        seed: Option<String> = "抽查种子" "seed of the sample" Fixed;
        n_drawn: Option<i32> = "抽查数" "lines drawn" Fixed;
        drawn_on: Option<NaiveDate> = "抽取日" "drawn on" Fixed;
        conclusion: Option<String> = "办结意见" "conclusion" Fixed;
        closed_on: Option<NaiveDate> = "办结日" "closed out on" Fixed;
    }
}

/// The fields of a line of a campaign.
pub mod lines {
    use super::campaign_line::{Model, Recheck};
    use crate::fields;
    use chrono::NaiveDate;
    use entity::finding::Rule;

    fields! {
        /// The fields of a line.
        pub FIELDS of Model {
            no: i32 = "序号" "number" Fixed;
            rule: Rule = "问题代码" "rule" Fixed;
            since_on: NaiveDate = "起始日" "since" Fixed;
            found_on: NaiveDate = "发现日" "found on" Fixed;
            is_unmanaged: Option<bool> = "未纳入管理" "under no management" Amend;
            is_idle: Option<bool> = "闲置" "lies idle" Amend;
            is_unkept: Option<bool> = "无人管护" "nobody looks after it" Amend;
            is_to_dispose: Option<bool> = "需处置" "to be disposed of" Amend;
            due_on: Option<NaiveDate> = "整改期限" "due on" Amend;
            measure: Option<String> = "措施" "what is done" Amend;
            answered_on: Option<NaiveDate> = "答复日" "answered on" Fixed;
            is_drawn: bool = "抽中" "drawn" Fixed;
            recheck: Option<Recheck> = "复核结果" "result of the re-check" Fixed;
            recheck_note: Option<String> = "复核情况" "what the re-check saw" Fixed;
            rechecked_on: Option<NaiveDate> = "复核日" "checked again on" Fixed;
        }
    }
}

/// A campaign as somebody begins it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Where.
    pub area: AreaCode,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// The only rule that it looks at.
    pub rule: Option<Rule>,
    /// By when everything is to be answered.
    pub due_on: NaiveDate,
}

/// What is wrong with what somebody says of a campaign; every mistake is told.
pub fn check(opening: &Opening, today: NaiveDate) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let length = opening.name.trim().chars().count();
    mistakes.require(
        (1..=limits::CAMPAIGN_NAME_LENGTH).contains(&length),
        "name",
        || opening.name.clone(),
        "名称 1 至 60 字",
        "a name has 1 to 60 characters",
    );
    let length = opening.purpose.as_ref().map_or(0, |text| text.trim().chars().count());
    mistakes.require(
        length <= limits::REASON_LENGTH,
        "purpose",
        || opening.purpose.clone().unwrap_or_default(),
        "不超过 500 字",
        "at most 500 characters",
    );
    let days = (opening.due_on - today).num_days();
    mistakes.require(
        (0..=limits::RECTIFICATION_DAYS).contains(&days),
        "due_on",
        || opening.due_on.to_string(),
        "完成期限不早于今天，最长两年",
        "due today or later, and within two years",
    );
    mistakes
}

/// Refuses a campaign over more than a county: each county goes through what is its own.
pub fn check_extent(area: AreaCode) -> Result<(), Refusal> {
    if area.level() < Level::County { Err(Refusal::campaign_too_wide()) } else { Ok(()) }
}

/// Begins a campaign over what was found open.
pub fn open(
    opening: &Opening,
    n_lines: usize,
    (actor, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    if n_lines == 0 {
        return Err(Refusal::campaign_empty());
    }
    let n = i32::try_from(n_lines).ok().filter(|_| n_lines <= limits::CAMPAIGN_LINES);
    let n_lines = n.ok_or_else(|| Refusal::campaign_too_large(limits::CAMPAIGN_LINES))?;
    let purpose = opening.purpose.as_deref().map(str::trim).filter(|text| !text.is_empty());
    Ok(Model {
        id: CampaignId(0),
        area_code: opening.area,
        name: opening.name.trim().to_owned(),
        purpose: purpose.map(str::to_owned),
        rule: opening.rule,
        state: State::Running,
        opened_on: today,
        due_on: opening.due_on,
        n_lines,
        opened_by: actor,
        seed: None,
        n_drawn: None,
        drawn_on: None,
        conclusion: None,
        closed_by: None,
        closed_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    })
}

/// The line of a finding that stood when the campaign began.
pub fn line(campaign: &Model, no: i32, finding: &finding::Model) -> campaign_line::Model {
    campaign_line::Model {
        id: CampaignLineId(0),
        area_code: finding.area_code,
        campaign_id: campaign.id,
        no,
        asset_id: finding.asset_id,
        rule: finding.rule,
        since_on: finding.since_on,
        found_on: finding.opened_on,
        is_unmanaged: None,
        is_idle: None,
        is_unkept: None,
        is_to_dispose: None,
        due_on: None,
        organization_id: None,
        measure: None,
        answered_by: None,
        answered_on: None,
        is_drawn: false,
        recheck: None,
        recheck_note: None,
        rechecked_by: None,
        rechecked_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// The four questions of a 回头看 (domain.md §4): the column, and what is asked.
pub const QUESTIONS: [(&str, Label); 4] = [
    ("is_unmanaged", Label::new("未纳入管理？", "Under no management?")),
    ("is_idle", Label::new("闲置？", "Idle?")),
    ("is_unkept", Label::new("无人管护？", "Nobody looks after it?")),
    ("is_to_dispose", Label::new("需处置？", "To be disposed of?")),
];

/// What is answered of a line: the four questions in their order, and who puts right what by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The four questions.
    pub said: [bool; 4],
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Which unit.
    pub organization: Option<OrganizationId>,
    /// What is done.
    pub measure: Option<String>,
}

/// Refuses what has come to its end.
fn running(campaign: &Model) -> Result<(), Refusal> {
    match campaign.closed_on {
        Some(on) => Err(Refusal::campaign_closed(on)),
        None => Ok(()),
    }
}

/// Answers a line. Where anything is wrong somebody has to see to it by a day.
pub fn answer(
    campaign: &Model,
    line: &campaign_line::Model,
    answer: &Answer,
    (actor, today): (Option<AccountId>, NaiveDate),
) -> Result<campaign_line::Model, Refusal> {
    running(campaign)?;
    let is_wrong = answer.said.contains(&true);
    if is_wrong && (answer.due_on.is_none() || answer.organization.is_none()) {
        return Err(Refusal::campaign_unit_missing());
    }
    if let Some(due) = answer.due_on {
        if due < today {
            return Err(Refusal::day_passed(due));
        }
        if (due - today).num_days() > limits::RECTIFICATION_DAYS {
            return Err(Refusal::rectification_too_long(limits::RECTIFICATION_DAYS));
        }
    }
    let measure = answer.measure.as_deref().map(str::trim).filter(|text| !text.is_empty());
    measure.map_or(Ok(()), reasoned)?;
    let [unmanaged, idle, unkept, to_dispose] = answer.said;
    let next = campaign_line::Model {
        is_unmanaged: Some(unmanaged),
        is_idle: Some(idle),
        is_unkept: Some(unkept),
        is_to_dispose: Some(to_dispose),
        due_on: answer.due_on,
        organization_id: answer.organization,
        measure: measure.map(str::to_owned),
        answered_by: actor,
        answered_on: Some(today),
        ..line.clone()
    };
    if next == *line { Err(Refusal::nothing_changed()) } else { Ok(next) }
}

/// Draws the sample: once, and not before everything is answered, so that nobody knows while
/// answering what will be looked at.
pub fn draw(
    campaign: &Model,
    n_answered: i64,
    (seed, size): (&str, i32),
    today: NaiveDate,
) -> Result<Model, Refusal> {
    running(campaign)?;
    if let Some(on) = campaign.drawn_on {
        return Err(Refusal::campaign_drawn(on));
    }
    answered(campaign, n_answered)?;
    let most = campaign.n_lines.min(limits::CAMPAIGN_SAMPLE);
    if !(1..=most).contains(&size) {
        return Err(Refusal::campaign_sample_size(most));
    }
    Ok(Model {
        seed: Some(seed.to_owned()),
        n_drawn: Some(size),
        drawn_on: Some(today),
        ..campaign.clone()
    })
}

fn answered(campaign: &Model, n_answered: i64) -> Result<(), Refusal> {
    let left = i64::from(campaign.n_lines) - n_answered;
    if left > 0 { Err(Refusal::campaign_unanswered(left)) } else { Ok(()) }
}

/// Records what a re-check of a drawn line saw; never of one's own answer.
pub fn recheck(
    campaign: &Model,
    line: &campaign_line::Model,
    (result, note): (Recheck, &str),
    (actor, today): (Option<AccountId>, NaiveDate),
) -> Result<campaign_line::Model, Refusal> {
    running(campaign)?;
    if !line.is_drawn {
        return Err(Refusal::campaign_not_drawn(line.no));
    }
    if actor.is_some() && line.answered_by == actor {
        return Err(Refusal::own_answer());
    }
    let note = note.trim();
    if note.is_empty() && result == Recheck::Differs {
        return Err(Refusal::recheck_unexplained());
    }
    if !note.is_empty() {
        reasoned(note)?;
    }
    let next = campaign_line::Model {
        recheck: Some(result),
        recheck_note: Some(note.to_owned()).filter(|note| !note.is_empty()),
        rechecked_by: actor,
        rechecked_on: Some(today),
        ..line.clone()
    };
    if next == *line { Err(Refusal::nothing_changed()) } else { Ok(next) }
}

/// Closes a campaign out: another person than whoever began it, when everything is answered and the
/// whole sample was checked again.
pub fn close(
    campaign: &Model,
    (n_answered, n_rechecked): (i64, i64),
    conclusion: &str,
    (actor, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    running(campaign)?;
    if actor.is_some() && campaign.opened_by == actor {
        return Err(Refusal::own_campaign());
    }
    answered(campaign, n_answered)?;
    let Some(drawn) = campaign.n_drawn else { return Err(Refusal::campaign_without_sample()) };
    let left = i64::from(drawn) - n_rechecked;
    if left > 0 {
        return Err(Refusal::campaign_not_rechecked(left));
    }
    reasoned(conclusion)?;
    Ok(Model {
        state: State::ClosedOut,
        conclusion: Some(conclusion.trim().to_owned()),
        closed_by: actor,
        closed_on: Some(today),
        ..campaign.clone()
    })
}

#[cfg(test)]
mod tests;
