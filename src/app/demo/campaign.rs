//! A campaign of the sample county: what went without a maintainer is gone through, and some of it was
//! answered.

use chrono::Days;
use entity::{campaign, campaign_line, finding::Rule, id::CampaignLineId};

use crate::{
    app::campaign::{answer, open},
    domain::campaign::{Answer, Opening},
    error::Result,
    store::{Actor, Ledger, list::List},
};

/// Lines that were answered.
const ANSWERED: u64 = 6;
/// Days within which everything is to be answered.
const DAYS: Days = Days::new(30);

/// Begins the campaign and answers some lines, unless there was one before.
pub(super) async fn begin_with(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let county = super::sample::county();
    let mut known = List::<campaign::Entity>::default();
    known.area = Some(county);
    known.limit = 1;
    if !ledger.read(actor).list(&known).await?.rows.is_empty() {
        return Ok(());
    }
    let today = ledger.today();
    let opening = Opening {
        area: county,
        name: "缺管护主体“回头看”".to_owned(),
        purpose: Some("逐项核对：是否纳入管理、是否闲置、有没有人管、要不要处置".to_owned()),
        rule: Some(Rule::NoMaintainer),
        due_on: today.checked_add_days(DAYS).unwrap_or(today),
    };
    let campaign = open(ledger, actor, &opening).await?;
    let number = campaign.id.to_string();
    let mut list = List::<campaign_line::Entity>::read([("campaign", number.as_str())])?;
    list.limit = ANSWERED;
    for line in ledger.read(actor).list(&list).await?.rows {
        let town = line.area_code.at(entity::area::Level::Town);
        let office = ledger.read(actor).offices(&[town]).await?.remove(&town);
        let is_unkept = office.is_some() && line.no % 3 != 0;
        let said = Answer {
            said: [false, false, is_unkept, false],
            due_on: Some(opening.due_on).filter(|_| is_unkept),
            organization: office.filter(|_| is_unkept),
            measure: Some("明确管护主体，签订管护协议".to_owned()).filter(|_| is_unkept),
        };
        let read: [(CampaignLineId, i64); 1] = [(line.id, line.version)];
        answer(ledger, actor, (campaign.id, &read), &said).await?;
    }
    Ok(())
}
