//! How the operations of oversight are called: campaigns; and those that tell others: events, webhooks.

use entity::{account::Role, finding::Rule, id::OrganizationId, rectification};
use serde_json::json;
use taizhang::{
    app::{self, rectification::Finding},
    domain::{
        campaign::Opening,
        permission::Action,
        rectification::{Bearer, Charge},
        title as titles,
        webhook::Draft,
    },
    store::Actor,
};

use super::{
    calls::{
        Asked,
        Gate::{May, SignedIn},
        Row, body, by_id, change, row, within, write,
    },
    canary::word,
    country::{Country, PLACES, account_name},
    thing::{
        About,
        About::{
            AnsweredCampaign, Campaign, CampaignLine, Disputed, DrawnLine, In, Nothing,
            PausedWebhook, RecheckedCampaign, Webhook, Within,
        },
        Thing,
    },
};
use crate::harness::{
    campaigns::{Stage, opening},
    webhooks,
};

/// One row an operation.
pub(super) const OVERSIGHT: &[Row] = &[
    row("count_alerts", (SignedIn, Within), 200, within),
    row("list_briefs", (SignedIn, Within), 200, within),
    row("list_campaigns", (SignedIn, Within), 200, within),
    row("list_campaigns_above", (SignedIn, Nothing), 200, |_| Asked::default()),
    row("get_campaign", (SignedIn, Campaign), 200, by_id),
    row("get_campaign_progress", (SignedIn, Campaign), 200, by_id),
    row("list_campaign_lines", (SignedIn, Within), 200, within),
    write("open_campaign", (Action::OpenCampaign, Disputed), 201, |thing| {
        body(json!({ "area_code": thing.area, "name": word(thing.place, "campaign"),
            "rule": "Q04", "due_on": "2026-06-30" }))
    }),
    write("answer_campaign", (Action::AnswerCampaign, CampaignLine), 200, |thing| Asked {
        path: vec![thing.twin.to_string()],
        ..body(json!({ "lines": [{ "id": thing.id, "version": thing.version }],
            "is_unmanaged": false, "is_idle": false, "is_unkept": false, "is_to_dispose": false,
            "measure": format!("{} {}", thing.canary, thing.n) }))
    }),
    write("draw_campaign", (Action::DrawCampaign, AnsweredCampaign), 200, |thing| {
        change(thing, json!({ "size": 1 }))
    }),
    write("recheck_campaign_line", (Action::RecheckCampaign, DrawnLine), 200, |thing| {
        change(thing, json!({ "result": "differs", "note": thing.canary }))
    }),
    write("close_campaign", (Action::CloseCampaign, RecheckedCampaign), 200, |thing| {
        change(thing, json!({ "conclusion": word(thing.place, "campaign") }))
    }),
    row("list_events", (SignedIn, Nothing), 200, |_| Asked::default()),
    row("list_webhooks", (May(Action::ReadWebhooks), Nothing), 200, |_| Asked::default()),
    row("get_webhook", (May(Action::ReadWebhooks), Webhook), 200, by_id),
    write("add_webhook", (Action::AddWebhook, In), 201, |thing| {
        let address = format!("https://hooks.example.cn/{}", thing.canary);
        body(json!({ "area_code": thing.area, "address": address }))
    }),
    write("amend_webhook", (Action::AmendWebhook, Webhook), 200, |thing| {
        let address = format!("https://hooks.example.cn/{}/{}", thing.canary, thing.n);
        change(thing, json!({ "address": address }))
    }),
    write("pause_webhook", (Action::PauseWebhook, Webhook), 200, |thing| change(thing, json!({}))),
    write("resume_webhook", (Action::ResumeWebhook, PausedWebhook), 200, |thing| {
        change(thing, json!({}))
    }),
    write("end_webhook", (Action::EndWebhook, Webhook), 200, |thing| change(thing, json!({}))),
    write("rotate_webhook", (Action::RotateWebhook, Webhook), 200, |thing| {
        change(thing, json!({}))
    }),
    write("replay_webhook", (Action::ReplayWebhook, Webhook), 200, |thing| {
        change(thing, json!({ "sequence": 0 }))
    }),
];

impl Country<'_> {
    /// An asset of a place whose title is disputed: few are, however many assets a place has.
    pub(super) async fn disputed(&self, place: usize) -> entity::asset::Model {
        let asset = self.asset(place, "thing").await;
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let next = entity::title::Model {
            state: entity::title::State::Disputed,
            ..titles::blank(asset.id, asset.area_code)
        };
        app::title::settle(ledger, &operator, asset.id, next, &[]).await.expect("a dispute");
        asset
    }

    /// A campaign of a place with one line, about an asset of its own.
    pub(super) async fn campaign(&self, about: About, thing: &mut Thing) {
        let stage = match about {
            AnsweredCampaign => Stage::Answered,
            DrawnLine => Stage::Drawn,
            RecheckedCampaign => Stage::Rechecked,
            _ => Stage::Begun,
        };
        let asset = self.disputed(thing.place).await;
        let (area, name) = (PLACES[thing.place].area, word(thing.place, "campaign"));
        let rule = Some(Rule::TitleDisputed);
        let opening = Opening { rule, ..opening(self.town, area, &name) };
        let (campaign, lines) = self.town.campaign_of(&opening, stage).await;
        // the next campaign of the place looks for it no more
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let until = self.town.days_ahead(300);
        let rule = Rule::TitleDisputed;
        let done = app::waiver::grant(ledger, &operator, asset.id, rule, "调处中", until).await;
        done.expect("waived");
        let line = lines.iter().find(|line| line.asset_id == asset.id).expect("its line");
        (thing.id, thing.twin, thing.version) = match about {
            CampaignLine | DrawnLine => (line.id.0, campaign.id.0, line.version),
            _ => (campaign.id.0, line.id.0, campaign.version),
        };
    }

    /// A webhook of a place.
    pub(super) async fn webhook(&self, place: usize, is_paused: bool) -> entity::webhook::Model {
        let address = format!("https://hooks.example.cn/{}", word(place, "hook"));
        let draft = Draft { address, ..Draft::default() };
        webhooks::added(self.town, PLACES[place].now(), &draft, is_paused).await.0
    }

    /// Asks an organization of a place to see that an asset is maintained.
    pub(super) async fn round(&self, thing: &Thing, is_reported: bool) -> rectification::Model {
        let (ledger, operator) = (&self.town.ledger, Actor::operator());
        let asset = self.asset(thing.place, "thing").await.id;
        let finding = Finding { asset, rule: Rule::NoMaintainer, version: 0 };
        let charge = Charge {
            bearer: Bearer::Organization(OrganizationId(thing.body)),
            due_on: self.town.days_ahead(10),
            note: Some(word(thing.place, "note")),
        };
        let asked = app::rectification::assign(ledger, &operator, &[finding], &charge).await;
        let round = asked.expect("asked").remove(0);
        if !is_reported {
            return round;
        }
        // whoever checks it may work at the machine, but not have reported it there
        let officer = account_name(thing.place, Role::VillageOfficer);
        let officer = self.town.account(&officer).await;
        let report = word(thing.place, "report");
        app::rectification::report(ledger, &officer, round.id, &report).await.expect("reported")
    }
}
