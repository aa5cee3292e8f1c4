//! How the service is, for those who administer it: version, database, disk, logs, what is under
//! way; and an examination of the machine on demand. No place and no secret is told.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{area::County, language::Sentence, log::Action};
use maud::{Markup, html};

use super::{
    account::pages,
    form::{Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, fact, grouped, instant, nothing, scrolled},
    visit::Visit,
};
use crate::{
    app::{
        health::{Examined, Health, Machine, Tended, health},
        place::Places,
    },
    domain::mistake::{Mistake, Mistakes},
    error::Result,
    http::{AppState, fault::Fault},
    store::health::Kept,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/health", get(show).post(examine))
}

/// Logs of a page.
const ROWS: u64 = 20;

/// Where the page of logs begins.
fn after(words: &[(String, String)]) -> Result<Option<County>> {
    let mut after = None;
    let mut mistakes = Mistakes::default();
    for (word, value) in words.iter().filter(|(_, value)| !value.is_empty()) {
        match value.parse() {
            Ok(county) if word == "after" => after = Some(county),
            _ => {
                let expected = Sentence::new(
                    "查询条件只有 after，取自上一页",
                    "the only parameter is after, as the page before led to",
                );
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
    }
    mistakes.into_result()?;
    Ok(after)
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ReadHealth)?;
    drawn(&state, &visit, &[]).await
}

/// Examines the machine and shows what was found; nothing changes.
async fn examine(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let visit = sent.visit;
    visit.actor.require(Action::ReadHealth)?;
    let (keys, reader) = (state.settings.keys.clone(), state.settings.reader.clone());
    let machine = Machine::of(state.ledger.place().file(), keys, reader);
    let examined = tokio::task::spawn_blocking(move || machine.examine()).await;
    drawn(&state, &visit, &examined.map_err(|_| Fault::broken())?).await
}

async fn drawn(state: &AppState, visit: &Visit, examined: &[Examined]) -> Result<Response, Fault> {
    let after = after(&visit.query)?;
    let told = health(&state.ledger, &visit.actor, after, ROWS).await?;
    let around = Around::of(state, visit).await?;
    let mut places = Places::new(visit.today);
    let counties = told.logs.iter().map(|log| log.end.county.area());
    places.learn(&state.ledger.read(&visit.actor), counties).await?;
    let body = html! {
        section.card { (facts(visit, &told)) }
        section.card.mt { (machine(visit, examined)) }
        section.card.mt {
            header { h2 { (visit.say("留痕与签名", "Logs and signatures")) } }
            (logs(visit, &told, &places))
        }
        section.card.mt {
            header { h2 { (visit.say("备份", "Backups")) } }
            p.pad { (visit.say(
                "备份在服务器上用 taizhang backup 办理，台账不记录备份存放在哪里。最近一次备份看备份文件夹中最新的清单（manifest）；能否恢复，用 taizhang restore 恢复到空的位置即知。密钥文件要另存。",
                "Backups are taken at the machine by taizhang backup; where they lie the ledger does not know. The newest manifest in their folder tells of the last; whether it can be relied on shows when taizhang restore puts it into an empty place. Keep the key file apart.",
            )) }
        }
    };
    let shown = Page {
        place: Some(Place::Health),
        below: around.area.clone(),
        ..Page::new(visit.say("运行状况", "Health"), body)
    };
    Ok(page(visit, &around, shown))
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut tenths = u128::from(bytes) * 10;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1_024;
        unit += 1;
    }
    if unit == 0 {
        return format!("{bytes} B");
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

fn facts(visit: &Visit, told: &Health) -> Markup {
    let kept = match told.kept {
        Kept::Sqlite => "SQLite",
        Kept::Postgres => "PostgreSQL",
    };
    let number = |n: u64| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    html! {
        dl.desc {
            (fact(visit.say("版本", "Version"), &html! { "taizhang " (env!("CARGO_PKG_VERSION")) }))
            (fact(visit.say("数据库", "Database"), &html! { (kept) " · " (size(told.bytes)) }))
            (fact(visit.say("磁盘空间", "Disk"), &html! {
                @match told.room {
                    Some(room) => { (visit.say("可用 ", "free ")) (size(room.free)) " / " (size(room.all)) " " }
                    None => { span.mut { (visit.say("由数据库服务器管理，这里看不到 ", "kept by the database server, not seen from here ")) } }
                }
                @if told.has_room { (badge(Tone::Good, visit.say("可以写入", "there is room"))) }
                @else { (badge(Tone::Bad, visit.say("空间不足，只能查看", "no room: only reading goes on"))) }
            }))
            (fact(visit.say("登录中", "Open sessions"), &html! { (number(told.n_sessions)) }))
            (fact(visit.say("进行中的导入", "Imports under way"), &html! { (number(told.n_jobs)) }))
        }
    }
}

/// What an examination of the machine found.
fn machine(visit: &Visit, examined: &[Examined]) -> Markup {
    html! {
        header { h2 { (visit.say("服务器检查", "The machine")) } }
        @if !examined.is_empty() {
            div role="status" { dl.desc { @for one in examined {
                (fact(visit.text(one.what), &html! {
                    (badge(if one.is_well { Tone::Good } else { Tone::Bad }, if one.is_well { visit.say("正常", "well") } else { visit.say("不正常", "not well") }))
                    " " (visit.tell(&one.found))
                }))
            } } }
        }
        form.pad.row method="post" action="/admin/health" {
            (hidden(&visit.mark))
            button.btn { (visit.say("检查磁盘、密钥文件和表格读取", "Examine disk, key file and sheet reader")) }
            span.mut.sm { (visit.say("与服务器上的 taizhang doctor 相同，不改动台账。", "As taizhang doctor does at the machine; nothing changes.")) }
        }
    }
}

fn logs(visit: &Visit, told: &Health, places: &Places) -> Markup {
    if told.logs.is_empty() {
        let words = visit.say(
            "管辖区划内还没有整县的留痕。",
            "There is no log of a whole county in your area yet.",
        );
        return nothing(words, None);
    }
    let heads = [
        visit.say("县", "County"),
        visit.say("留痕条数", "Entries"),
        visit.say("最近签署检查点", "Last signed"),
        visit.say("夜间核查最近有变化", "Nightly round last changed"),
        visit.say("页面核验最近一次", "Last verified here"),
    ];
    let next = told.next.map(|county| county.to_string());
    html! {
        (scrolled(visit.say("留痕与签名", "Logs and signatures"), &html! {
            table.cards {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for log in &told.logs { (row(visit, log, &places.name(log.end.county.area()), &heads)) } }
            }
        }))
        (pages(visit, next.as_deref()))
    }
}

fn row(visit: &Visit, log: &Tended, name: &str, heads: &[&str; 5]) -> Markup {
    let never = || html! { span.mut { (visit.say("没有记录", "none on record")) } };
    html! {
        tr {
            th scope="row" { (name) small { (log.end.county) } }
            td data-l=(heads[1]) { (grouped(log.end.size)) }
            td data-l=(heads[2]) { @match log.end.signed {
                Some((size, at)) => { (instant(at)) @if size < log.end.size { small { (grouped(log.end.size - size)) (visit.say(" 条待签", " entries since")) } } }
                None => (badge(Tone::Warning, visit.say("从未签署", "never"))),
            } }
            td data-l=(heads[3]) { @match log.round_at { Some(at) => { (instant(at)) }, None => (never()) } }
            td data-l=(heads[4]) { @match log.verified_at { Some(at) => { (instant(at)) }, None => (never()) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_decimal() {
        let told = [(0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KB"), (1_536, "1.5 KB")];
        for (bytes, text) in told {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(5 * 1024 * 1024 * 1024), "5.0 GB");
    }
}
