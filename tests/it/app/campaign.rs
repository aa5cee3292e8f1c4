//! Campaigns: what is open becomes their lines and nothing later does, each is answered, a sample is
//! drawn that anybody draws again, and somebody else closes it out.

use entity::{
    account::Role,
    campaign::State,
    campaign_line::{self, Recheck},
    duty,
    finding::Rule,
    id::{AssetId, CampaignLineId, OrganizationId},
};
use taizhang::{
    app::{
        self,
        campaign::{answer, close, draw, open, recheck},
    },
    domain::{
        campaign::{Answer, Opening, Standing, drawn},
        duty::Terms,
        title::Party,
    },
    error::Error,
    limits,
    store::{
        Actor,
        verify::{Progress, VerifyOptions},
    },
};

use crate::harness::{
    Town,
    campaigns::{NOTHING, Stage, opening},
    expect::{conflict, not_found, refused},
    town::{COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    what_is_open_on_its_day_is_its_lines,
    what_is_answered_is_asked_for,
    a_sample_is_drawn_once_and_by_anybody_again,
    nobody_checks_or_closes_their_own,
    progress_is_counted_place_by_place,
    a_town_takes_part_in_what_its_county_begins,
    whoever_answers_first_answers_alone,
    lines_are_answered_up_to_a_limit
);

impl Town {
    async fn sound(&self) {
        let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
        let told = self.ledger.verify(&options, &|_: Progress| ()).await.expect("verified");
        let faults: Vec<_> = told.faults().map(|fault| fault.sentence().en).collect();
        assert_eq!(faults, Vec::<String>::new());
    }

    async fn maintained(&self, asset: AssetId, body: OrganizationId) {
        let body = Party::Organization(body);
        let (operator, duty) = (Actor::operator(), (duty::Kind::Maintainer, body));
        let done =
            app::duty::assign(&self.ledger, &operator, &[asset], duty, &Terms::default()).await;
        done.expect("a duty");
    }
}

fn read(lines: &[campaign_line::Model]) -> Vec<(CampaignLineId, i64)> {
    lines.iter().map(|line| (line.id, line.version)).collect()
}

async fn what_is_open_on_its_day_is_its_lines(town: &Town) {
    let second = town.asset(VILLAGE_B1, "水渠", "10.00").await;
    let first = town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    let waived = town.asset(VILLAGE_A1, "旧路", "10.00").await;
    town.asset(OTHER_VILLAGE, "外县桥", "10.00").await;
    let (operator, until) = (Actor::operator(), town.days_ahead(10));
    let set_aside =
        app::waiver::grant(&town.ledger, &operator, waived.id, Rule::NoMaintainer, "在办", until);
    set_aside.await.expect("waived");
    let entries = town.n_entries().await;
    let (campaign, lines) = town.campaign(COUNTY, "回头看", Stage::Begun).await;
    assert_eq!(town.n_entries().await, entries + 1, "one entry holds it and its lines");
    let told: Vec<_> = lines.iter().map(|line| (line.no, line.asset_id, line.rule)).collect();
    let rule = Rule::NoMaintainer;
    assert_eq!(told, [(1, first.id, rule), (2, second.id, rule)], "in the order of place");
    assert_eq!((campaign.n_lines, campaign.opened_on), (2, town.today()));
    // what is found later is not in it
    town.asset(VILLAGE_A1, "新桥", "10.00").await;
    town.night(1).await;
    assert_eq!(town.lines(&campaign).await, lines);
    let every = Opening { rule: None, ..opening(town, COUNTY, "全部问题") };
    let every = open(&town.ledger, &operator, &every).await.expect("a campaign");
    let open_now = town.rows::<entity::finding::Entity>().await;
    let own = |row: &&entity::finding::Model| {
        code(COUNTY).covers(&row.area_code) && row.closed_on.is_none() && !row.is_waived
    };
    assert_eq!(usize::try_from(every.n_lines), Ok(open_now.iter().filter(own).count()));
    town.sound().await;
}

async fn what_is_answered_is_asked_for(town: &Town) {
    let rural = town.as_role(Role::RuralOfficer).await;
    let empty = opening(town, VILLAGE_A1, "空");
    refused(open(&town.ledger, &rural, &empty).await, "campaign.empty");
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    let named = |n: usize| opening(town, VILLAGE_A1, &"查".repeat(n));
    for wrong in [named(0), named(limits::CAMPAIGN_NAME_LENGTH + 1)] {
        assert!(matches!(open(&town.ledger, &rural, &wrong).await, Err(Error::Invalid(_))));
    }
    let late = Opening { due_on: town.days_ahead(-1), ..named(4) };
    assert!(matches!(open(&town.ledger, &rural, &late).await, Err(Error::Invalid(_))));
    open(&town.ledger, &rural, &named(limits::CAMPAIGN_NAME_LENGTH)).await.expect("a long name");
    let (campaign, lines) = town.campaign(VILLAGE_A1, "回头看", Stage::Begun).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let read = read(&lines);
    let say =
        async |what: &Answer| answer(&town.ledger, &officer, (campaign.id, &read), what).await;
    let idle = Answer { said: [false, true, false, false], ..NOTHING };
    refused(say(&idle).await, "campaign.unit_missing");
    let body = town.collective(VILLAGE_A1).await;
    let whole = |days| Answer {
        due_on: Some(town.days_ahead(days)),
        organization: Some(body),
        measure: Some(" 招租 ".to_owned()),
        ..idle.clone()
    };
    refused(say(&whole(-1)).await, "day.passed");
    refused(say(&whole(limits::RECTIFICATION_DAYS + 1)).await, "rectification.too_long");
    let unknown = Answer { organization: Some(OrganizationId(999_999)), ..whole(5) };
    not_found(say(&unknown).await);
    let told = say(&whole(limits::RECTIFICATION_DAYS)).await.expect("answered").remove(0);
    assert_eq!((told.is_idle, told.is_unkept), (Some(true), Some(false)));
    assert_eq!((told.measure.as_deref(), told.answered_by), (Some("招租"), officer.account()));
    conflict(say(&NOTHING).await);
    let again = [(told.id, told.version)];
    let back = answer(&town.ledger, &officer, (campaign.id, &again), &NOTHING).await;
    assert_eq!(back.expect("amended")[0].organization_id, None);
    let twice = [again[0], again[0]];
    let both = answer(&town.ledger, &officer, (campaign.id, &twice), &NOTHING).await;
    refused(both, "campaign.lines_twice");
    town.sound().await;
}

async fn a_sample_is_drawn_once_and_by_anybody_again(town: &Town) {
    for n in 0..9 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "10.00").await;
    }
    let (campaign, lines) = town.campaign(VILLAGE_A1, "回头看", Stage::Begun).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    refused(draw(&town.ledger, &clerk, campaign.id, 3).await, "campaign.unanswered");
    let all = read(&lines);
    let some = (campaign.id, &all[1..]);
    answer(&town.ledger, &clerk, some, &NOTHING).await.expect("answered");
    refused(draw(&town.ledger, &clerk, campaign.id, 3).await, "campaign.unanswered");
    answer(&town.ledger, &clerk, (campaign.id, &all[..1]), &NOTHING).await.expect("the last");
    refused(draw(&town.ledger, &clerk, campaign.id, 0).await, "campaign.sample_size");
    refused(draw(&town.ledger, &clerk, campaign.id, 10).await, "campaign.sample_size");
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (ledger, clerk, id) = (town.ledger.clone(), clerk.clone(), campaign.id);
        racers.spawn(async move { draw(&ledger, &clerk, id, 3).await });
    }
    let answers = racers.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "it is drawn once");
    for one in lost {
        refused(one, "campaign.drawn");
    }
    let row = town.row::<entity::campaign::Entity>(campaign.id).await;
    let seed = row.seed.clone().expect("a seed");
    let expected = drawn(&seed, row.n_lines, 3);
    let sample = town.lines(&row).await.into_iter().filter(|line| line.is_drawn);
    assert_eq!(sample.map(|line| line.no).collect::<Vec<_>>(), expected);
    assert_eq!((seed.len(), row.n_drawn, row.drawn_on), (32, Some(3), Some(town.today())));
    town.sound().await;
}

async fn nobody_checks_or_closes_their_own(town: &Town) {
    for n in 0..3 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "10.00").await;
    }
    let (rural, clerk) =
        (town.as_role(Role::RuralOfficer).await, town.as_role(Role::TownshipClerk).await);
    let campaign = open(&town.ledger, &rural, &opening(town, TOWN_A, "回头看")).await;
    let campaign = campaign.expect("a campaign");
    let lines = town.lines(&campaign).await;
    let about = (campaign.id, &*read(&lines));
    answer(&town.ledger, &clerk, about, &NOTHING).await.expect("answered");
    refused(close(&town.ledger, &clerk, campaign.id, "好").await, "campaign.without_sample");
    draw(&town.ledger, &clerk, campaign.id, 2).await.expect("drawn");
    let lines = town.lines(&campaign).await;
    let (taken, other): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.is_drawn);
    let seen = (Recheck::Confirmed, "");
    refused(recheck(&town.ledger, &rural, other[0].id, seen).await, "campaign.not_drawn");
    refused(recheck(&town.ledger, &clerk, taken[0].id, seen).await, "campaign.own_answer");
    let differs = (Recheck::Differs, " ");
    let unexplained = recheck(&town.ledger, &rural, taken[0].id, differs).await;
    refused(unexplained, "campaign.recheck_unexplained");
    let long = "查".repeat(limits::REASON_LENGTH + 1);
    let told = recheck(&town.ledger, &rural, taken[0].id, (Recheck::Differs, &long)).await;
    refused(told, "action.reason_too_long");
    let told = (Recheck::Differs, "现场仍无人管护");
    recheck(&town.ledger, &rural, taken[0].id, told).await.expect("checked again");
    refused(close(&town.ledger, &clerk, campaign.id, "好").await, "campaign.not_rechecked");
    let inspector = town.as_role(Role::Inspector).await;
    recheck(&town.ledger, &inspector, taken[1].id, seen).await.expect("checked again");
    refused(close(&town.ledger, &rural, campaign.id, "好").await, "campaign.own");
    refused(close(&town.ledger, &clerk, campaign.id, &long).await, "action.reason_too_long");
    let closed = close(&town.ledger, &clerk, campaign.id, " 一条不符，已重新交办 ").await;
    let closed = closed.expect("closed out");
    assert_eq!((closed.state, closed.closed_by), (State::ClosedOut, clerk.account()));
    assert_eq!(closed.conclusion.as_deref(), Some("一条不符，已重新交办"));
    let lines = town.lines(&campaign).await;
    let late = answer(&town.ledger, &clerk, (campaign.id, &*read(&lines)), &NOTHING).await;
    refused(late, "campaign.closed");
    refused(close(&town.ledger, &clerk, campaign.id, "再").await, "campaign.closed");
    refused(recheck(&town.ledger, &rural, taken[1].id, told).await, "campaign.closed");
    town.sound().await;
}

async fn progress_is_counted_place_by_place(town: &Town) {
    let mut assets = Vec::new();
    for n in 0..5 {
        assets.push(town.asset(VILLAGE_A1, &format!("{n}号桥"), "10.00").await.id);
    }
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    let (campaign, lines) = town.campaign(COUNTY, "回头看", Stage::Begun).await;
    // one cleared, one cleared and came back, one is in hand, one reported done
    town.night(1).await;
    let company = town.organization(code(VILLAGE_A1), "管护公司").await;
    town.maintained(assets[0], town.collective(VILLAGE_A1).await).await;
    town.maintained(assets[1], company).await;
    let finding = |n: usize| app::rectification::Finding {
        asset: assets[n],
        rule: Rule::NoMaintainer,
        version: 0,
    };
    let clerk = town.as_role(Role::TownshipClerk).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let bearer = taizhang::domain::rectification::Bearer::Account(officer.account().expect("one"));
    let charge =
        taizhang::domain::rectification::Charge { bearer, due_on: town.days_ahead(9), note: None };
    let both = [finding(2), finding(3)];
    let rounds = app::rectification::assign(&town.ledger, &clerk, &both, &charge).await;
    let rounds = rounds.expect("asked");
    app::rectification::report(&town.ledger, &officer, rounds[1].id, "已办").await.expect("done");
    let operator = Actor::operator();
    let ended = app::organization::end(&town.ledger, &operator, company, town.today()).await;
    ended.expect("ended");
    town.night(2).await;
    let idle = Answer {
        said: [false, true, false, true],
        due_on: Some(town.days_ahead(5)),
        organization: Some(town.collective(VILLAGE_A1).await),
        measure: None,
    };
    let first = [(lines[0].id, lines[0].version)];
    answer(&town.ledger, &officer, (campaign.id, &first), &idle).await.expect("answered");
    let leader = town.as_role(Role::Leader).await;
    let read = town.ledger.read(&leader);
    let places = read.campaign_progress(&campaign, code(COUNTY)).await.expect("progress");
    assert_eq!(places.keys().copied().collect::<Vec<_>>(), [code(TOWN_A), code(TOWN_B)]);
    let own = places[&code(TOWN_A)];
    let counts = Standing::ALL.map(|standing| own.of(standing));
    assert_eq!(counts, [1, 1, 1, 1, 1], "{own:?}");
    assert_eq!((own.total, own.answered, own.said), (5, 1, [0, 1, 0, 1]));
    let villages = read.campaign_progress(&campaign, code(TOWN_A)).await.expect("progress");
    assert_eq!(villages.keys().copied().collect::<Vec<_>>(), [code(VILLAGE_A1)]);
    assert_eq!(villages[&code(VILLAGE_A1)], own);
    town.sound().await;
}

async fn a_town_takes_part_in_what_its_county_begins(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    let (campaign, lines) = town.campaign(COUNTY, "回头看", Stage::Begun).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let read_door = town.ledger.read(&clerk);
    assert_eq!(read_door.campaign(campaign.id).await.expect("it").id, campaign.id);
    assert_eq!(read_door.campaigns_above().await.expect("above").len(), 1);
    let own = read(&lines[..1]);
    answer(&town.ledger, &clerk, (campaign.id, &own), &NOTHING).await.expect("its own");
    let beside = read(&lines[1..]);
    not_found(answer(&town.ledger, &clerk, (campaign.id, &beside), &NOTHING).await);
    not_found(draw(&town.ledger, &clerk, campaign.id, 1).await);
    not_found(close(&town.ledger, &clerk, campaign.id, "好").await);
    let stranger = town.as_other(Role::RuralOfficer).await;
    not_found(town.ledger.read(&stranger).campaign(campaign.id).await);
    not_found(answer(&town.ledger, &stranger, (campaign.id, &beside), &NOTHING).await);
    let abroad = opening(town, OTHER_COUNTY, "外县");
    not_found(open(&town.ledger, &clerk, &abroad).await);
    let (other, _) = town.campaign(VILLAGE_B1, "另一次", Stage::Begun).await;
    let operator = Actor::operator();
    let mixed = answer(&town.ledger, &operator, (other.id, &beside), &NOTHING).await;
    not_found(mixed);
}

async fn whoever_answers_first_answers_alone(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    let (campaign, lines) = town.campaign(VILLAGE_A1, "回头看", Stage::Begun).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (ledger, officer) = (town.ledger.clone(), officer.clone());
        let (id, own) = (campaign.id, read(&lines));
        racers.spawn(async move { answer(&ledger, &officer, (id, &own), &NOTHING).await });
    }
    let answers = racers.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 15));
    lost.into_iter().for_each(conflict);
    assert_eq!(town.lines(&campaign).await[0].version, 2);
}

async fn lines_are_answered_up_to_a_limit(town: &Town) {
    let operator = Actor::operator();
    let (_, lines) = {
        town.asset(VILLAGE_A1, "便民桥", "10.00").await;
        town.campaign(VILLAGE_A1, "回头看", Stage::Begun).await
    };
    let campaign = lines[0].campaign_id;
    let many: Vec<(CampaignLineId, i64)> =
        (1..).map(|n| (CampaignLineId(n), 1)).take(limits::ASSETS_PER_ACTION + 1).collect();
    let say = async |named: &[(CampaignLineId, i64)]| {
        answer(&town.ledger, &operator, (campaign, named), &NOTHING).await
    };
    refused(say(&many).await, "action.too_many");
    not_found(say(&many[1..]).await);
    refused(say(&[]).await, "campaign.lines_twice");
}
