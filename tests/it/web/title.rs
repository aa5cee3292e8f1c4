//! Titles on pages: what is suggested and why, confirming it, settling one, the register.

use entity::{
    account::Role,
    asset::Class,
    holding::Right,
    id::AssetId,
    share::Share,
    title::{Model, State},
};
use taizhang::{
    app::confirmation,
    domain::{
        permission::Action,
        title::{self as titles, Holder, Party},
    },
    error::Error,
};

use super::{Browser, form_of, hidden};
use crate::{
    api::Reply,
    harness::{
        Town,
        town::{OTHER_VILLAGE, TOWN_A, VILLAGE_A1, VILLAGE_A2, code, collective_name},
    },
};

on_both!(
    what_the_ledger_can_tell_is_suggested,
    titles_are_confirmed_after_a_look,
    a_title_is_settled_with_its_shares,
    a_right_keeps_a_holder,
    a_holder_of_elsewhere_is_not_found,
    an_owner_named_by_mistake_held_it_on_no_day,
    what_holders_became_meanwhile_is_looked_at_again,
    a_certificate_comes_later,
    whoever_was_slower_is_told,
    the_register_is_printed,
    whoever_may_not_settle_is_told,
);

const CONFIRM: &str = "/titles/confirm";

async fn title(town: &Town, asset: AssetId) -> Option<Model> {
    town.rows::<entity::title::Entity>().await.into_iter().find(|row| row.asset_id == asset)
}

async fn holders(town: &Town, asset: AssetId, right: Right) -> Vec<String> {
    let mut rows = town.rows::<entity::holding::Entity>().await;
    rows.retain(|row| row.asset_id == asset && row.right == right && row.until_on.is_none());
    let mut told: Vec<String> = rows
        .iter()
        .map(|row| {
            let id = row.organization_id.map_or(0, |id| id.0);
            format!("{id} {}", row.share().expect("a share"))
        })
        .collect();
    told.sort();
    told
}

async fn what_the_ledger_can_tell_is_suggested(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.asset(TOWN_A, "镇区水厂", "1000.00").await;
    town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/titles").await.is(200).text();
    assert!(page.contains("未确权 <b>2</b>") && !page.contains("外县桥"), "{page}");
    assert!(page.contains("本村只登记了这一个集体经济组织"), "{page}");
    assert!(page.contains("台账里看不出来"), "{page}");
    // a second collective in the village: which of them, the ledger cannot tell
    let body = entity::organization::Model {
        kind: entity::organization::Kind::Collective,
        ..taizhang::domain::organization::blank(code(VILLAGE_A1), "上河村第二合作社")
    };
    let operator = taizhang::store::Actor::operator();
    let made = taizhang::app::organization::register(&town.ledger, &operator, body, None).await;
    made.expect("a collective");
    let page = browser.open("/titles").await.is(200).text();
    assert!(!page.contains("这一个集体经济组织"), "{page}");
    for wrong in ["/titles?status=red", "/titles?colour=red", "/titles?area=1"] {
        browser.open(wrong).await.is(422);
    }
}

async fn sent(browser: &mut Browser, page: &str) -> Reply {
    let mut fields = hidden(form_of(page, CONFIRM));
    fields.push(("on".to_owned(), "2026-05-20".to_owned()));
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(CONFIRM, &fields).await
}

async fn titles_are_confirmed_after_a_look(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let pond = town.asset(VILLAGE_A2, "蓄水池", "2000.00").await;
    let plant = town.asset(TOWN_A, "镇区水厂", "3000.00").await;
    let operator = taizhang::store::Actor::operator();
    let shop = (Class::Operating, Some(entity::asset::Subclass::Shop));
    let at = (pond.id, pond.version);
    let made = taizhang::app::asset::reclass(&town.ledger, &operator, at, shop, "改作经营").await;
    made.expect("re-classed");
    let mut browser = town.browser(Role::FinanceClerk).await;
    let address =
        format!("{CONFIRM}?asset={}&asset={}&asset={}", bridge.code, pond.code, plant.code);
    let before = town.n_entries().await;
    let look = browser.open(&address).await.is(200).text();
    assert!(look.contains("可确认 <b>2</b> 项") && look.contains("不作改动"), "{look}");
    assert_eq!(town.n_entries().await, before);
    let led = sent(&mut browser, &look).await.is(303).header("location").to_owned();
    assert_eq!(town.n_entries().await, before + 1);
    assert_eq!(sent(&mut browser, &look).await.is(303).header("location"), led);
    assert_eq!(town.n_entries().await, before + 1);
    let done = browser.open(&led).await.is(200).text();
    assert!(done.contains("已确权 2 项") && done.contains("未确权 <b>1</b>"), "{done}");
    let row = title(town, bridge.id).await.expect("a title");
    assert_eq!(row.state, State::Confirmed);
    assert_eq!(row.confirmed_on, Some("2026-05-20".parse().expect("a day")));
    let owner = format!("{} 1/1", town.collective(VILLAGE_A2).await);
    // an operating asset names who holds its income
    for right in [Right::Own, Right::Income] {
        assert_eq!(holders(town, pond.id, right).await, std::slice::from_ref(&owner));
    }
    assert_eq!(holders(town, bridge.id, Right::Income).await, Vec::<String>::new());
    assert!(title(town, plant.id).await.is_none());
    // a look at what is settled by now
    let stale = browser.open(&address).await.is(200).text();
    assert!(stale.contains("可确认 <b>0</b> 项"), "{stale}");
}

async fn a_title_is_settled_with_its_shares(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let settle = format!("/assets/{}/settle", bridge.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open(&settle).await.is(200).text();
    assert!(page.contains("name=\"h0-party\"") && page.contains("value=\"1/1\""), "{page}");
    let (first, second) = (collective_name("上河村"), collective_name("下河村"));
    let shares = |one: &'static str, other: &'static str| {
        [
            ("state", "confirmed"),
            ("confirmed_on", "2026-05-20"),
            ("certificate_no", "确〔2026〕7号"),
            ("h0-right", "own"),
            ("h0-share", one),
            ("h1-right", "own"),
            ("h1-share", other),
        ]
    };
    let with = [("h1-name", second.as_str())];
    let wrong = [&shares("1/3", "1/3")[..], &with].concat();
    let told = browser.fill(&settle, &settle, &wrong).await.is(422).text();
    assert!(told.contains("份额之和须等于 1") && told.contains(&second), "{told}");
    let unread = [&shares("一半", "1/2")[..], &with].concat();
    let told = browser.fill(&settle, &settle, &unread).await.is(422).text();
    assert!(told.contains("#f-h0-share") && told.contains("value=\"一半\""), "{told}");
    let right = [&shares("1/3", "2/3")[..], &with].concat();
    let led = browser.fill(&settle, &settle, &right).await.is(303);
    let card = browser.open(led.header("location")).await.is(200).text();
    assert!(card.contains("已确权") && card.contains("确〔2026〕7号"), "{card}");
    let expected = [
        format!("{} 1/3", town.collective(VILLAGE_A1).await),
        format!("{} 2/3", town.collective(VILLAGE_A2).await),
    ];
    assert_eq!(holders(town, bridge.id, Right::Own).await, expected);
    assert!(card.contains(&first) && card.contains("2/3"));
    let more = browser.fill(&settle, &settle, &[("then", "more")]).await.is(200).text();
    assert!(more.contains("name=\"h4-right\""), "{more}");
}

async fn a_certificate_comes_later(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let settle = format!("/assets/{}/settle", bridge.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let own = [("h0-right", "own"), ("h0-share", "1/1")];
    let confirmed = [("state", "confirmed"), ("confirmed_on", "2026-05-20")];
    browser.fill(&settle, &settle, &[&own[..], &confirmed].concat()).await.is(303);
    let more = [("certificate_no", "确〔2026〕8号"), ("certificate_issuer", "县农业农村局")];
    let all = [&own[..], &confirmed, &more].concat();
    browser.fill(&settle, &settle, &all).await.is(303);
    let row = title(town, bridge.id).await.expect("a title");
    assert_eq!(row.certificate_no.as_deref(), Some("确〔2026〕8号"));
    assert_eq!(row.state, State::Confirmed);
    // the holders of a confirmed title stay, until it is reopened
    let shared = [("h0-share", "1/2"), ("h0-right", "own"), ("h1-right", "own")];
    let second = collective_name("下河村");
    let other = [("h1-share", "1/2"), ("h1-name", second.as_str())];
    let all = [&shared[..], &other, &confirmed].concat();
    let told = browser.fill(&settle, &settle, &all).await.is(422).text();
    assert!(told.contains("已确权；产权变更请先"), "{told}");
    assert_eq!(holders(town, bridge.id, Right::Own).await.len(), 1);
    let later = [("h0-right", "own"), ("h0-share", "1/1"), ("confirmed_on", "2026-05-21")];
    let all = [&later[..], &[("state", "confirmed")]].concat();
    browser.fill(&settle, &settle, &all).await.is(422);
}

async fn whoever_was_slower_is_told(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let settle = format!("/assets/{}/settle", bridge.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let address = format!("{CONFIRM}?asset={}", bridge.code);
    let look = browser.open(&address).await.is(200).text();
    let own = ("h0-right", "own");
    browser.fill(&settle, &settle, &[("state", "in_progress"), own]).await.is(303);
    let late = [("state", "disputed"), ("version", "0"), own];
    let told = browser.fill(&settle, &settle, &late).await;
    let told = told.is(412).text();
    assert!(told.contains("现在登记的是"), "{told}");
    let again = sent(&mut browser, &look).await.is(412).text();
    assert!(again.contains("有了变化") && again.contains("确权中"), "{again}");
    sent(&mut browser, &again).await.is(303);
}

async fn the_register_is_printed(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let look = browser.open(&format!("{CONFIRM}?asset={}", bridge.code)).await.is(200).text();
    sent(&mut browser, &look).await.is(303);
    let register = format!("/titles/register?asset={}", bridge.code);
    let page = browser.open(&register).await.is(200).text();
    for words in ["确权登记表", "所有权人签章", "2026-05-20", "填报单位（盖章）", "石拱桥"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains(&collective_name("上河村")), "{page}");
}

async fn whoever_may_not_settle_is_told(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    clerk.open(&format!("{CONFIRM}?asset={}", bridge.code)).await.is(403);
    clerk.open(&format!("/assets/{}/settle", bridge.code)).await.is(403);
    let page = clerk.open("/titles").await.is(200).text();
    assert!(!page.contains("/settle") && !page.contains("formaction=\"/titles/confirm\""));
}

async fn a_right_keeps_a_holder(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    settle_for(town, bridge.id, VILLAGE_A1, State::InProgress).await;
    let settle = format!("/assets/{}/settle", bridge.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let out = [("h0-right", "own"), ("h0-share", "0")];
    let told = browser.fill(&settle, &settle, &out).await.is(422).text();
    assert!(told.contains("没有别的权利人") && told.contains("#f-h0-share"), "{told}");
    assert_eq!(town.n_entries().await, before);
    let other = collective_name("下河村");
    let next = [&out[..], &[("h1-right", "own"), ("h1-name", other.as_str())]].concat();
    browser.fill(&settle, &settle, &next).await.is(303);
    let expected = format!("{} 1/1", town.collective(VILLAGE_A2).await);
    assert_eq!(holders(town, bridge.id, Right::Own).await, [expected]);
}

async fn a_holder_of_elsewhere_is_not_found(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let settle = format!("/assets/{}/settle", bridge.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let person = town.person(code(OTHER_VILLAGE), 0).await;
    let body = town.collective(OTHER_VILLAGE).await;
    for party in [format!("p{person}"), format!("o{body}")] {
        let fields = [("h1-party", party.as_str()), ("then", "more")];
        let page = browser.fill(&settle, &settle, &fields).await.is(404).text();
        assert!(!page.contains('*') && !page.contains("股份经济合作社"), "{page}");
    }
}

/// Settles the title of an asset for the collective of a village.
async fn settle_for(town: &Town, id: AssetId, village: &str, state: State) {
    let party = Party::Organization(town.collective(village).await);
    let owner = [Holder { right: Right::Own, party, share: Share::WHOLE }];
    let stored = title(town, id).await;
    let before = stored.unwrap_or_else(|| titles::blank(id, code(VILLAGE_A1)));
    let confirmed_on = (state == State::Confirmed).then(|| town.today());
    let next = Model { state, confirmed_on, ..before };
    let operator = taizhang::store::Actor::operator();
    let settled = taizhang::app::title::settle(&town.ledger, &operator, id, next, &owner).await;
    settled.expect("settled");
}

async fn an_owner_named_by_mistake_held_it_on_no_day(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    settle_for(town, bridge.id, VILLAGE_A1, State::Confirmed).await;
    settle_for(town, bridge.id, VILLAGE_A1, State::InProgress).await;
    settle_for(town, bridge.id, VILLAGE_A2, State::Confirmed).await;
    let mut rows = town.rows::<entity::holding::Entity>().await;
    rows.retain(|row| row.holds_on(town.today()));
    let owners: Vec<_> = rows.iter().map(|row| row.organization_id).collect();
    assert_eq!(owners, [Some(town.collective(VILLAGE_A2).await)]);
}

async fn what_holders_became_meanwhile_is_looked_at_again(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let (ledger, operator) = (&town.ledger, taizhang::store::Actor::operator());
    let assets = std::slice::from_ref(&bridge);
    let seen = confirmation::proposals(ledger, &operator, assets).await.expect("proposals");
    let party = Party::Organization(town.collective(VILLAGE_A2).await);
    let owner = [Holder { right: Right::Own, party, share: Share::WHOLE }];
    // as an import does, which leaves the title as it is
    let named = ledger.write(&operator, Action::SettleTitle, async |write| {
        taizhang::app::title::set_holders(write, &bridge, &[], &owner).await
    });
    named.await.expect("a holder");
    let confirmed = confirmation::confirm(ledger, &operator, Some(&seen), town.today()).await;
    assert!(matches!(confirmed, Err(Error::Conflict)), "{confirmed:?}");
    assert!(title(town, bridge.id).await.is_none());
}
