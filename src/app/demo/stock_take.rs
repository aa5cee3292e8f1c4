//! Stock-takes of the sample county: one that was signed and says that an asset was not found and another
//! lies idle, and what stood there beside; one that is being counted; and, as a town finds it afterwards, an
//! asset that was registered twice, and a project of which none was.

use entity::{
    area::{AreaCode, Level},
    asset::{self, UseState},
    project, stock_find,
    stock_line::Outcome,
    stock_take::{Entity, Model},
    title,
};

use crate::{
    app::{
        self,
        asset::Registration,
        stock_take::{Told, Which, count, open, record_find, sign, whole},
    },
    domain::{
        asset::Completeness,
        deficiency::running,
        duty::Terms,
        funding::Source,
        project as projects,
        sample::{self, VILLAGE},
        stock_take::{Said, year_due},
        title::{Holder, Party},
    },
    error::Result,
    store::{Actor, Dossier, Ledger, list::List},
};

/// Everything, unless a stock-take was there before.
pub(super) async fn begin_with(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let mut known = List::<Entity>::default();
    known.area = Some(sample::county());
    known.limit = 1;
    if !ledger.read(actor).list(&known).await?.rows.is_empty() {
        return Ok(());
    }
    let counted = super::code(VILLAGE);
    let is_village = |area: &AreaCode| area.level() == Level::Village && *area != counted;
    let places = ledger.read(actor).places_to_count(sample::county()).await?;
    let most = places.into_iter().filter(|(area, _)| is_village(area)).max_by_key(|(_, n)| *n);
    let year = year_due(ledger.today());
    if let Some((village, _)) = most {
        let take = open(ledger, actor, village, year).await?;
        signed(ledger, actor, &take).await?;
        twice(ledger, actor, &take).await?;
    }
    let take = open(ledger, actor, counted, year).await?;
    let lines = ledger.read(actor).stock_lines(take.id, 0, whole()).await?;
    let half: Vec<Told> =
        lines.iter().take(lines.len() / 2).map(|line| told(line, Said::FOUND)).collect();
    count(ledger, actor, take.id, &half).await?;
    unregistered(ledger, actor).await
}

fn told(line: &entity::stock_line::Model, said: Said) -> Told {
    Told { which: Which::Line(line.id, line.version), named: line.code.clone(), said }
}

/// Counts everything, finds one thing more, and signs.
async fn signed(ledger: &Ledger, actor: &Actor, take: &Model) -> Result<()> {
    let lines = ledger.read(actor).stock_lines(take.id, 0, whole()).await?;
    let missing = Said {
        outcome: Outcome::Missing,
        seen_state: None,
        note: Some("现场未找到，村里说已拆除".to_owned()),
    };
    let idle = Said {
        outcome: Outcome::Changed,
        seen_state: Some(UseState::Idle),
        note: Some("大门上锁，已停用".to_owned()),
    };
    let mut in_use = lines.iter().filter(|line| line.recorded_state == Some(UseState::InUse));
    let (first, second) = (in_use.next().map(|line| line.id), in_use.next().map(|line| line.id));
    let said = lines.iter().map(|line| match Some(line.id) {
        id if id == first => told(line, missing.clone()),
        id if id == second => told(line, idle.clone()),
        _ => told(line, Said::FOUND),
    });
    count(ledger, actor, take.id, &said.collect::<Vec<_>>()).await?;
    let describe = |row| {
        let location = Some("村口".to_owned());
        Ok(stock_find::Model { name: "村口太阳能路灯".to_owned(), location, ..row })
    };
    record_find(ledger, actor, take.id, describe).await?;
    sign(ledger, actor, take.id).await.map(drop)
}

/// Registers an asset of the village once more, as somebody does who has another sheet.
async fn twice(ledger: &Ledger, actor: &Actor, take: &Model) -> Result<()> {
    let lines = ledger.read(actor).stock_lines(take.id, 0, whole()).await?;
    let ids: Vec<_> = lines.iter().map(|line| line.asset_id).collect();
    let dossiers = ledger.read(actor).dossiers(&ids).await?;
    let is_borne = |one: &&Dossier| {
        let kinds = [entity::duty::Kind::Maintainer, entity::duty::Kind::Keeper];
        let facts = one.facts();
        kinds.into_iter().all(|kind| running(&facts, kind, ledger.today()).is_some())
            && crate::domain::discrepancy::is_compared(&one.asset)
    };
    let Some(known) = dossiers.iter().rev().find(is_borne) else { return Ok(()) };
    let copy = asset::Model {
        code: String::new(),
        source_key: None,
        parent_id: None,
        remark: None,
        ..known.asset.clone()
    };
    let today = ledger.today();
    let duties = known.duties.iter().filter(|duty| duty.runs_on(today)).filter_map(|duty| {
        Some((duty.kind, Party::of(duty.organization_id, duty.person_id)?, Terms::of(duty)))
    });
    let holders = known.holdings.iter().filter(|row| row.holds_on(today));
    let registration = Registration {
        sources: known.funding.iter().filter(|row| !row.is_withdrawn).map(Source::of).collect(),
        title: known.title.clone().map(|row| title::Model { certificate_no: None, ..row }),
        holders: holders.filter_map(Holder::of).collect(),
        duties: duties.collect(),
        ..Registration::of(copy)
    };
    app::asset::register(ledger, actor, registration, Completeness::TakeOn).await.map(drop)
}

/// A project that was accepted, and of which nobody has registered what was built.
async fn unregistered(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let accepted_on = ledger.today().checked_sub_days(chrono::Days::new(120));
    let row = project::Model {
        project_no: Some("青禾-补-001".to_owned()),
        accepted_on,
        ..projects::blank(super::code(VILLAGE), "产业路路灯安装工程")
    };
    app::project::register(ledger, actor, row).await.map(drop)
}
