//! What became of some findings of the sample county: towns were asked, some began, one reported.

use chrono::Days;
use entity::{area::Level, finding::Rule, rectification};

use crate::{
    app::{
        rectification::{Finding, assign, begin, escalate, report},
        report::{self as reports, Line, ReportRequest, Sought},
    },
    domain::rectification::{Bearer, Charge},
    error::Result,
    store::{
        Actor, Ledger,
        finding_list::{Narrowed, Order},
        list::List,
    },
};

/// How many findings somebody is asked about.
const ASKED: u64 = 9;
/// Days within which they are to be mended.
const DAYS: Days = Days::new(30);

/// Asks the towns about what has gone without a maintainer the longest, unless somebody was asked
/// about anything before.
pub(super) async fn begin_with(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let mut known = List::<rectification::Entity>::default();
    known.limit = 1;
    if !ledger.read(actor).list(&known).await?.rows.is_empty() {
        return Ok(());
    }
    let request = ReportRequest { area: Some(super::sample::county()), ..ReportRequest::default() };
    let narrowed = Narrowed::of(Rule::NoMaintainer);
    let sought = Sought { request, narrowed, order: Order::Age };
    let (lines, _) = reports::findings_page(ledger, actor, &sought, None, ASKED).await?;
    for (n, line) in lines.iter().enumerate() {
        rectify(ledger, actor, line, n).await?;
    }
    Ok(())
}

/// Of three findings one is begun, and of those that are, some are reported done.
async fn rectify(ledger: &Ledger, actor: &Actor, line: &Line, n: usize) -> Result<()> {
    let town = line.area_code.at(Level::Town);
    let Some(office) = ledger.read(actor).offices(&[town]).await?.remove(&town) else {
        return Ok(());
    };
    let today = ledger.today();
    let charge = Charge {
        bearer: Bearer::Organization(office),
        due_on: today.checked_add_days(DAYS).unwrap_or(today),
        note: Some("明确管护主体，签订管护协议".to_owned()),
    };
    let finding = Finding { asset: line.asset, rule: line.rule, version: 0 };
    let asked = assign(ledger, actor, &[finding], &charge).await?;
    let Some(round) = asked.first() else { return Ok(()) };
    if n.is_multiple_of(4) {
        let read = Finding { version: round.version, ..finding };
        escalate(ledger, actor, &[read], "久拖未决，请镇里限期落实").await?;
    }
    if !n.is_multiple_of(3) {
        return Ok(());
    }
    begin(ledger, actor, round.id).await?;
    if n.is_multiple_of(2) {
        report(ledger, actor, round.id, "已与村委会商定，协议待签").await?;
    }
    Ok(())
}
