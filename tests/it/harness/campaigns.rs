//! A campaign over a place, as far as it is to come.

use entity::{
    campaign::Model,
    campaign_line::{self, Recheck},
    finding::{self, Rule},
    id::{CampaignId, CampaignLineId},
    log::Action,
    title,
};
use taizhang::{
    app::{self, campaign as acts},
    domain::campaign::{Answer, Opening},
    error::Result,
    store::Actor,
};

use super::{Town, calls::Subjects, town::VILLAGE_A1};

/// A campaign of a place about what nobody maintains.
pub(crate) fn opening(town: &Town, area: &str, name: &str) -> Opening {
    Opening {
        area: super::town::code(area),
        name: name.to_owned(),
        purpose: None,
        rule: Some(Rule::NoMaintainer),
        due_on: town.days_ahead(30),
    }
}

/// That nothing is wrong.
pub(crate) const NOTHING: Answer =
    Answer { said: [false; 4], due_on: None, organization: None, measure: None };

/// How far a campaign of the tests has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// It was begun.
    Begun,
    /// All of it was answered.
    Answered,
    /// All of it was drawn.
    Drawn,
    /// It was checked again.
    Rechecked,
}

impl Town {
    /// The lines of a campaign, in their order.
    pub(crate) async fn lines(&self, campaign: &Model) -> Vec<campaign_line::Model> {
        let mut lines = self.rows::<campaign_line::Entity>().await;
        lines.retain(|line| line.campaign_id == campaign.id);
        lines.sort_by_key(|line| line.no);
        lines
    }

    /// A campaign of a place about what nobody maintains that has come so far, and its lines.
    pub(crate) async fn campaign(
        &self,
        area: &str,
        name: &str,
        stage: Stage,
    ) -> (Model, Vec<campaign_line::Model>) {
        self.campaign_of(&opening(self, area, name), stage).await
    }

    /// A campaign that has come so far, and its lines; all of it done at the machine.
    pub(crate) async fn campaign_of(
        &self,
        opening: &Opening,
        stage: Stage,
    ) -> (Model, Vec<campaign_line::Model>) {
        let (ledger, operator) = (&self.ledger, Actor::operator());
        let opened = acts::open(ledger, &operator, opening).await;
        let mut campaign = opened.expect("a campaign");
        if stage >= Stage::Answered {
            let lines = self.lines(&campaign).await;
            let read: Vec<(CampaignLineId, i64)> =
                lines.iter().map(|line| (line.id, line.version)).collect();
            let about = (campaign.id, read.as_slice());
            acts::answer(ledger, &operator, about, &NOTHING).await.expect("answered");
        }
        if stage >= Stage::Drawn {
            let all = campaign.n_lines;
            campaign = acts::draw(ledger, &operator, campaign.id, all).await.expect("drawn");
        }
        if stage >= Stage::Rechecked {
            for line in self.lines(&campaign).await {
                let seen = (Recheck::Confirmed, "");
                acts::recheck(ledger, &operator, line.id, seen).await.expect("checked again");
            }
        }
        let lines = self.lines(&campaign).await;
        (campaign, lines)
    }
}

/// A campaign of the first village about what is disputed there.
fn of_disputes(town: &Town, name: &str) -> Opening {
    Opening { rule: Some(Rule::TitleDisputed), ..opening(town, VILLAGE_A1, name) }
}

/// Campaigns of the tests of actions: one to answer, one to draw from, one to check again, one to
/// close out. Each has one line, whatever else was made before.
#[derive(Clone, Copy)]
pub(crate) struct Campaigns {
    pub(crate) answered: (CampaignId, CampaignLineId),
    pub(crate) drawn: CampaignId,
    pub(crate) rechecked: CampaignLineId,
    pub(crate) closed: CampaignId,
}

impl Campaigns {
    /// Begins them, about an asset whose title is disputed: what was before is set aside.
    pub(super) async fn new(town: &Town) -> Campaigns {
        let (ledger, operator, until) = (&town.ledger, Actor::operator(), town.days_ahead(300));
        let rule = Rule::TitleDisputed;
        let open =
            |row: &finding::Model| row.rule == rule && row.closed_on.is_none() && !row.is_waived;
        let village = super::town::code(VILLAGE_A1);
        for row in town.rows::<finding::Entity>().await.into_iter().filter(open) {
            if row.area_code == village {
                let done =
                    app::waiver::grant(ledger, &operator, row.asset_id, rule, "调处中", until);
                done.await.expect("waived");
            }
        }
        let asset = town.asset(VILLAGE_A1, "争议荒坡", "1.00").await;
        let next = title::Model {
            state: title::State::Disputed,
            ..taizhang::domain::title::blank(asset.id, asset.area_code)
        };
        app::title::settle(ledger, &operator, asset.id, next, &[]).await.expect("a dispute");
        let (fresh, lines) = town.campaign_of(&of_disputes(town, "回头看一"), Stage::Begun).await;
        let answered = (fresh.id, lines[0].id);
        let drawn = town.campaign_of(&of_disputes(town, "回头看二"), Stage::Answered).await.0.id;
        let (_, lines) = town.campaign_of(&of_disputes(town, "回头看三"), Stage::Drawn).await;
        let last = town.campaign_of(&of_disputes(town, "回头看四"), Stage::Rechecked).await;
        Campaigns { answered, drawn, rechecked: lines[0].id, closed: last.0.id }
    }
}

/// Does one thing of a campaign.
pub(super) async fn call(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let (ledger, campaigns) = (&town.ledger, on.campaigns);
    match action {
        Action::OpenCampaign => {
            let opening = of_disputes(town, "权属争议回头看");
            acts::open(ledger, actor, &opening).await.map(drop)
        }
        Action::AnswerCampaign => {
            let (campaign, line) = campaigns.answered;
            acts::answer(ledger, actor, (campaign, &[(line, 1)]), &NOTHING).await.map(drop)
        }
        Action::DrawCampaign => acts::draw(ledger, actor, campaigns.drawn, 1).await.map(drop),
        Action::RecheckCampaign => {
            let seen = (Recheck::Differs, "现场没有人管");
            acts::recheck(ledger, actor, campaigns.rechecked, seen).await.map(drop)
        }
        Action::CloseCampaign => {
            acts::close(ledger, actor, campaigns.closed, "已逐项核对").await.map(drop)
        }
        other => unreachable!("{other:?} is not about campaigns"),
    }
}
