//! Stock-takes by their pages: opened, counted, signed, printed; what is not on the ledger.

use entity::{account::Role, stock_find, stock_line, stock_take};

use crate::harness::{Town, town::VILLAGE_A1};

on_both!(
    a_stock_take_is_opened_counted_and_signed,
    what_is_not_on_the_ledger_is_recorded_and_settled,
    what_is_wrong_is_told_and_what_was_typed_stays,
    progress_tells_who_is_late,
);

/// A stock-take of two assets, and where its page is.
async fn opened(town: &Town) -> (String, Vec<stock_line::Model>) {
    for name in ["主路", "水渠"] {
        town.asset(VILLAGE_A1, name, "1000.00").await;
    }
    let mut village = town.browser(Role::VillageOfficer).await;
    let new = "/stock-takes/new";
    let led = village.fill(new, new, &[("area", VILLAGE_A1), ("year", "2025")]).await.is(303);
    let at = led.header("location").split('?').next().expect("a path").to_owned();
    (at, town.rows::<stock_line::Entity>().await)
}

async fn a_stock_take_is_opened_counted_and_signed(town: &Town) {
    let (at, lines) = opened(town).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let page = village.open(&at).await.is(200).text();
    assert!(page.contains("2025 年度资产盘点") && page.contains("主路") && page.contains("未盘"));
    let count = format!("{at}/count");
    let code = town.ledger.short_code(lines[0].asset_id).expect("a code").to_string();
    let page = village.open(&count).await.is(200).text();
    assert!(page.contains(&code), "{page}");
    // one by its plate, one by its line
    let (outcome, seen) = (format!("o-{}", lines[1].id), format!("s-{}", lines[1].id));
    let (outcome, seen): (&'static str, &'static str) = (outcome.leak(), seen.leak());
    let fields = [("codes", &*code), (outcome, "changed"), (seen, "idle")];
    let led = village.fill(&count, &count, &fields).await.is(303);
    assert!(led.header("location").starts_with(&format!("{at}?done=count")), "all is counted");
    // the same again changes nothing
    village.fill(&count, &count, &fields).await.is(303);
    let row = town.rows::<stock_take::Entity>().await.remove(0);
    assert_eq!((row.n_found, row.n_changed, row.n_left()), (1, 1, 0));
    let sheet = village.open(&format!("{at}/sheet")).await.is(200).text();
    assert!(sheet.contains(&code) && sheet.contains("□") && sheet.contains("盘点人（签字）"));
    village.open(&format!("{at}/sign")).await.is(403);
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let sign = format!("{at}/sign");
    clerk.fill(&sign, &sign, &[]).await.is(303);
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("已签认") && page.contains("明细与签认时一致"), "{page}");
    assert!(page.contains("状态不符") && page.contains("闲置"));
    let print = clerk.open(&format!("{at}/print")).await.is(200).text();
    assert!(print.contains("结果摘要") && print.contains("水渠"));
    let card = format!("/assets/{}/inspections", lines[1].code);
    let card = clerk.open(&card).await.is(200).text();
    assert!(card.contains("最近盘点") && card.contains("2025 年度"), "{card}");
    let list = clerk.open("/stock-takes?year=2025&state=signed").await.is(200).text();
    assert!(list.contains("上河村"), "{list}");
    let none = clerk.open("/stock-takes?year=2019").await.is(200).text();
    assert!(none.contains("没有符合条件的盘点"));
    // an inspector looks, and does nothing
    let mut inspector = town.browser(Role::Inspector).await;
    inspector.open(&at).await.is(200);
    inspector.open(&count).await.is(403);
}

async fn what_is_not_on_the_ledger_is_recorded_and_settled(town: &Town) {
    let (at, _) = opened(town).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let place = format!("{at}/unexpected");
    let fields = [("name", "太阳能路灯"), ("subclass", "power"), ("location", "村口")];
    village.fill(&place, &place, &fields).await.is(303);
    village.fill(&place, &place, &[("name", "旧棚子")]).await.is(303);
    let page = village.open(&place).await.is(200).text();
    assert!(
        page.contains("太阳能路灯") && page.contains("村口") && page.contains("待处理"),
        "{page}"
    );
    let lamp = town.asset(VILLAGE_A1, "太阳能路灯", "10.00").await;
    let finds = town.rows::<stock_find::Entity>().await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let settle = |n: usize| format!("/stock-finds/{}/settle", finds[n].id);
    let both = [("asset", &*lamp.code), ("reason", "私人的")];
    let page = clerk.fill(&place, &settle(0), &both).await.is(422).text();
    assert!(page.contains("二者只填其一"), "{page}");
    let unknown = [("asset", "520381100201999")];
    let page = clerk.fill(&place, &settle(0), &unknown).await.is(422).text();
    assert!(page.contains("没有这个编号的资产") && page.contains("520381100201999"), "{page}");
    clerk.fill(&place, &settle(0), &[("asset", &*lamp.code), ("reason", "")]).await.is(303);
    clerk.fill(&place, &settle(1), &[("asset", ""), ("reason", "私人的")]).await.is(303);
    let page = clerk.open(&place).await.is(200).text();
    assert!(page.contains("已登记入账") && page.contains("不予登记"), "{page}");
}

async fn what_is_wrong_is_told_and_what_was_typed_stays(town: &Town) {
    let (at, lines) = opened(town).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let before = (town.everything().await, town.n_entries().await);
    let count = format!("{at}/count");
    let name = |what: &str| -> &'static str { format!("{what}-{}", lines[0].id).leak() };
    for (fields, says) in [
        (vec![("codes", "ZZZ-ZZZ")], "对照标牌再看"),
        (vec![(name("o"), "changed"), (name("n"), "改作仓库")], "须选实际使用状态"),
        (vec![(name("n"), "改作仓库")], "须选盘点结果"),
        (
            vec![(name("o"), "found"), (name("s"), "idle"), (name("n"), "改作仓库")],
            "只有状态不符的",
        ),
        (vec![], "没有填写"),
    ] {
        let page = village.fill(&count, &count, &fields).await.is(422).text();
        assert!(page.contains(says), "{fields:?}: {page}");
        let typed = fields.iter().find(|(name, _)| name.starts_with('n'));
        assert!(typed.is_none_or(|(_, text)| page.contains(text)));
        assert!(before == (town.everything().await, town.n_entries().await));
    }
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let new = "/stock-takes/new";
    let again = [("area", VILLAGE_A1), ("year", "2025")];
    let page = clerk.fill(new, new, &again).await.is(422).text();
    assert!(page.contains("正在进行"), "{page}");
    let page = clerk.fill(new, new, &[("area", ""), ("year", "2025")]).await.is(422).text();
    assert!(page.contains("#f-area"), "{page}");
    let page = clerk.open(&format!("{at}/sign")).await.is(200).text();
    assert!(page.contains("还没有盘点的项数"), "{page}");
    let mut leader = town.browser(Role::Leader).await;
    leader.open(new).await.is(403);
}

async fn progress_tells_who_is_late(town: &Town) {
    let mut clerk = town.browser(Role::RuralOfficer).await;
    let (at, _) = opened(town).await;
    let page = clerk.open("/stock-takes/progress?year=2025").await.is(200).text();
    assert!(page.contains("2026-03-31") && page.contains("逾期 62 天"), "{page}");
    assert!(page.contains("上河村") && page.contains(&at), "{page}");
    let page = clerk.open("/stock-takes/progress?year=2026").await.is(200).text();
    assert!(page.contains("2027-03-31") && page.contains("还剩"), "{page}");
    assert!(page.contains("/stock-takes/new?area="), "{page}");
}
