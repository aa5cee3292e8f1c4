//! What became of an asset, by the days on which it happened: the latest beside every part of its
//! card. When each was recorded, and by whom, is told by its history.

use chrono::NaiveDate;
use entity::holding::Right;
use maud::{Markup, html};

use super::visit::Visit;
use crate::{app::card::Card, domain::title::Party};

/// Events that stand beside the card.
const SHOWN: usize = 8;

/// One event.
struct Event {
    on: NaiveDate,
    words: String,
    is_bad: bool,
}

/// The latest events, the newest first.
pub(super) fn timeline(visit: &Visit, card: &Card) -> Markup {
    let mut events: Vec<Event> =
        [built(visit, card), titled(visit, card), borne(visit, card), found(visit, card)]
            .into_iter()
            .flatten()
            .filter(|event| event.on <= card.day)
            .collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.on));
    html! {
        @if !events.is_empty() {
            section.card.noprint {
                header {
                    h2 { (visit.say("资产履历", "What became of it")) }
                    a href={ "/assets/" (card.dossier.asset.code) "/history" } { (visit.say("变更记录", "Its history")) }
                }
                ol.tl { @for event in events.iter().take(SHOWN) {
                    li.bad[event.is_bad] { time { (event.on) } (event.words) }
                } }
            }
        }
    }
}

fn event(on: Option<NaiveDate>, words: String) -> Option<Event> {
    Some(Event { on: on?, words, is_bad: false })
}

/// How it came to be.
fn built(visit: &Visit, card: &Card) -> Vec<Event> {
    let asset = &card.dossier.asset;
    let days = [
        (asset.started_on, visit.say("开工", "begun")),
        (asset.completed_on, visit.say("建成", "completed")),
        (asset.accepted_on, visit.say("竣工验收", "accepted")),
        (asset.acquired_on, visit.say("取得", "acquired")),
        (asset.handed_over_on, visit.say("移交", "handed over")),
        (asset.booked_on, visit.say("入账", "entered in the books")),
    ];
    days.into_iter().filter_map(|(on, words)| event(on, words.to_owned())).collect()
}

/// Whose it became.
fn titled(visit: &Visit, card: &Card) -> Vec<Event> {
    let title = card.dossier.title.as_ref();
    let confirmed = title.and_then(|title| title.confirmed_on);
    let issued = title.and_then(|title| title.certificate_issued_on);
    let owners = card.dossier.holdings.iter().filter(|row| row.right == Right::Own);
    let owners = owners.filter_map(|row| {
        let party = Party::of(row.organization_id, row.person_id)?;
        let owner = card.named(party).name;
        event(row.from_on, format!("{}{owner}", visit.say("归 ", "owned by ")))
    });
    [
        event(confirmed, visit.say("确权", "title confirmed").to_owned()),
        event(issued, visit.say("发证", "certificate issued").to_owned()),
    ]
    .into_iter()
    .flatten()
    .chain(owners)
    .collect()
}

/// Who looked after it; a duty that ended by itself leaves it to nobody.
fn borne(visit: &Visit, card: &Card) -> Vec<Event> {
    let duties = &card.dossier.duties;
    let told = duties.iter().flat_map(|row| {
        let party = card.party(row.organization_id, row.person_id);
        let name = party.map(|(_, named)| named.name).unwrap_or_default();
        let kind = visit.text(row.kind.label());
        let next = row.until_on.and_then(|until| until.succ_opt());
        let is_followed = |day| duties.iter().any(|one| one.kind == row.kind && one.runs_on(day));
        let left = next.filter(|day| *day <= card.day && !is_followed(*day));
        let vacant = format!("{kind}{}{name}", visit.say("空缺，原为 ", " vacant, formerly "));
        [
            event(row.from_on, format!("{kind}{}{name}", visit.say("：", ": "))),
            left.map(|on| Event { on, words: vacant, is_bad: true }),
        ]
    });
    told.flatten().collect()
}

/// What the rules found.
fn found(visit: &Visit, card: &Card) -> Vec<Event> {
    let open = card.findings.iter().map(|(standing, _)| Event {
        on: standing.since,
        words: format!(
            "{}{}",
            visit.say("发现问题：", "found: "),
            visit.text(standing.rule.label())
        ),
        is_bad: !standing.is_waived,
    });
    open.collect()
}
