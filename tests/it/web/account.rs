//! Accounts by pages: added, looked at, locked; codes that are shown once; a proof in the middle.

use entity::account::{self, Role, State};
use taizhang::limits;

use super::{Browser, form_of, hidden};
use crate::{
    api::Reply,
    harness::{
        Town,
        signing_in::PASSWORD,
        town::{COUNTY, account_name},
    },
};

on_both!(
    an_account_is_added_and_its_code_is_shown_once,
    a_form_waits_while_a_proof_is_asked_for,
    what_was_typed_stays_when_something_is_wrong,
    locking_shows_what_depends_on_it_and_ends_it,
    a_reset_shows_a_code_once,
    a_second_factor_and_a_session_are_taken_away,
    nothing_is_shown_of_another_county,
    each_administrator_does_what_is_theirs,
    accounts_are_listed_with_their_use,
);

const NEW: &str = "/admin/accounts/new";

/// The account of a name, as it is stored.
async fn stored(town: &Town, name: &str) -> account::Model {
    let rows = town.rows::<account::Entity>().await;
    rows.into_iter().find(|row| row.name == name).expect("an account")
}

/// The code of a slip.
fn code_of(slip: &str) -> String {
    let rest = slip.split("id=\"code\"><code>").nth(1).unwrap_or_else(|| panic!("no code: {slip}"));
    rest.split('<').next().expect("its end").to_owned()
}

/// The hidden fields of a form.
fn carried(page: &str, address: &str) -> Vec<(String, String)> {
    hidden(form_of(page, address))
}

async fn send(browser: &mut Browser, address: &str, fields: &[(String, String)]) -> Reply {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(address, &fields).await
}

async fn an_account_is_added_and_its_code_is_shown_once(town: &Town) {
    let mut browser = town.seated(Role::Administrator).await;
    let mut fields = carried(&browser.open(NEW).await.is(200).text(), NEW);
    let typed = [("name", "new-clerk"), ("role", "finance_clerk"), ("area", COUNTY)];
    fields.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let slip = send(&mut browser, NEW, &fields).await.is(200);
    assert!(slip.headers.get("location").is_none());
    let slip = slip.text();
    let code = code_of(&slip);
    assert!(
        slip.contains("只显示这一次") && slip.contains("new-clerk") && code.len() > 20,
        "{slip}"
    );
    // the same form again makes no second account and shows no code
    let again = send(&mut browser, NEW, &fields).await.is(303);
    let id = stored(town, "new-clerk").await.id;
    assert_eq!(again.header("location"), format!("/admin/accounts/{id}?done=added"));
    let page = browser.open(again.header("location")).await.is(200).text();
    assert!(page.contains("已经显示过") && !page.contains(&code), "{page}");
    let entries = town.rows::<entity::log::Entity>().await;
    assert!(entries.iter().all(|entry| !entry.body.contains(&code)));
    let kept = town.rows::<entity::request_key::Entity>().await;
    let is_kept = |row: &entity::request_key::Model| {
        let answer = row.answer.clone().unwrap_or_default();
        String::from_utf8_lossy(&answer).contains(&code)
    };
    assert!(!kept.iter().any(is_kept), "the code is kept");
    // it works, once
    let set = [("code", code.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
    let mut owner = Browser::new(town);
    owner.send("/link", &set).await.is(303);
    owner.sign_in("new-clerk").await.is(303);
    let page = browser.open(&format!("/admin/accounts/{id}")).await.is(200).text();
    assert!(page.contains("财政经办") && !page.contains("从未"), "{page}");
}

async fn a_form_waits_while_a_proof_is_asked_for(town: &Town) {
    let mut browser = town.seated(Role::Administrator).await;
    let mut fields = carried(&browser.open(NEW).await.is(200).text(), NEW);
    let typed = [("name", "late-clerk"), ("role", "leader"), ("area", COUNTY)];
    fields.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    town.clock.pass(limits::STEP_UP_SECONDS + 1);
    let page = send(&mut browser, NEW, &fields).await.is(403).text();
    assert!(page.contains("再确认一次是本人") && !page.contains("/api/"), "{page}");
    let waiting = carried(&page, "/me/proof");
    for (name, value) in typed {
        assert!(waiting.contains(&(name.to_owned(), value.to_owned())), "{name}: {page}");
    }
    let with = |proof: &str| {
        let mut all = waiting.clone();
        all.push(("proof".to_owned(), proof.to_owned()));
        all
    };
    let page = send(&mut browser, "/me/proof", &with("wrong wrong wrong")).await.is(422).text();
    assert_eq!(carried(&page, "/me/proof").len(), waiting.len(), "{page}");
    assert!(!page.contains("wrong wrong"), "{page}");
    let on = send(&mut browser, "/me/proof", &with(PASSWORD)).await.is(307);
    assert_eq!(on.header("location"), NEW);
    // a browser sends the same form to where it is led
    let slip = send(&mut browser, NEW, &with(PASSWORD)).await.is(200).text();
    assert!(slip.contains("late-clerk") && !slip.contains(PASSWORD), "{slip}");
    // it leads nowhere else
    let mut astray = with(PASSWORD);
    for field in astray.iter_mut().filter(|(name, _)| name == "resume") {
        "//elsewhere.example/".clone_into(&mut field.1);
    }
    let on = send(&mut browser, "/me/proof", &astray).await.is(307);
    assert_eq!(on.header("location"), "/");
}

async fn what_was_typed_stays_when_something_is_wrong(town: &Town) {
    let mut browser = town.seated(Role::Administrator).await;
    let fields = [("name", "王慧敏<b>"), ("role", ""), ("area", COUNTY)];
    let page = browser.fill(NEW, NEW, &fields).await.is(422).text();
    for words in ["<title>错误：", "href=\"#f-name\"", "href=\"#f-role\"", "王慧敏&lt;b&gt;"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains(&format!("value=\"{COUNTY}\" selected")), "{page}");
    // no administrator appoints another, and nobody an operator
    for role in ["security_administrator", "operator"] {
        assert!(!page.contains(&format!("value=\"{role}\"")), "{role}");
        let fields = [("name", "another"), ("role", role), ("area", COUNTY)];
        browser.fill(NEW, NEW, &fields).await.is(422);
    }
    // a name that is taken
    let taken = account_name(Role::Leader);
    let fields = [("name", taken.as_str()), ("role", "leader"), ("area", COUNTY)];
    let page = browser.fill(NEW, NEW, &fields).await.is(409).text();
    assert!(page.contains(&format!("value=\"{taken}\"")), "{page}");
}

async fn locking_shows_what_depends_on_it_and_ends_it(town: &Town) {
    let mut clerk = town.browser(Role::FinanceClerk).await;
    clerk.open("/me").await.is(200);
    let mut browser = town.seated(Role::SecurityAdministrator).await;
    let row = stored(town, &account_name(Role::FinanceClerk)).await;
    let place = format!("/admin/accounts/{}", row.id);
    let page = browser.open(&place).await.is(200).text();
    assert!(page.contains(&format!("{place}/lock\"")), "{page}");
    let lock = format!("{place}/lock");
    let page = browser.open(&lock).await.is(200).text();
    assert!(page.contains("1 个登录中的设备立即退出") && page.contains("没有其他人担任"), "{page}");
    // locking never waits for a proof
    town.clock.pass(limits::STEP_UP_SECONDS + 1);
    let led = browser.fill(&lock, &lock, &[]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("账号已停用") && page.contains("/unlock\""), "{page}");
    clerk.open("/me").await.is(303);
    assert_eq!(stored(town, &row.name).await.state, State::Locked);
    // somebody was faster: the page says so
    let fields = carried(&page, &format!("{place}/unlock"));
    let stale: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), if name == "version" { "1" } else { value.as_str() }))
        .collect();
    browser.send(&lock, &stale).await.is(412);
    // unlocking asks for a proof, and goes on by itself
    let page = send(&mut browser, &format!("{place}/unlock"), &fields).await.is(403).text();
    let mut waiting = carried(&page, "/me/proof");
    waiting.push(("proof".to_owned(), PASSWORD.to_owned()));
    let on = send(&mut browser, "/me/proof", &waiting).await.is(307);
    let led = send(&mut browser, on.header("location"), &waiting).await.is(303);
    assert!(browser.open(led.header("location")).await.is(200).text().contains("账号已启用"));
    assert_eq!(stored(town, &row.name).await.state, State::Active);
}

async fn a_reset_shows_a_code_once(town: &Town) {
    let name = town.settle_in(Role::Leader).await;
    let mut browser = town.seated(Role::SecurityAdministrator).await;
    let place = format!("/admin/accounts/{}", stored(town, &name).await.id);
    let reset = format!("{place}/reset");
    let page = browser.open(&place).await.is(200).text();
    // whoever has a password is not invited again
    assert!(!page.contains("/invite\""), "{page}");
    let fields = carried(&page, &reset);
    let slip = send(&mut browser, &reset, &fields).await.is(200).text();
    let code = code_of(&slip);
    let again = send(&mut browser, &reset, &fields).await.is(303);
    let page = browser.open(again.header("location")).await.is(200).text();
    assert!(!page.contains(&code) && page.contains("已经显示过"), "{page}");
    let mut owner = Browser::new(town);
    owner.sign_in(&name).await.is(422);
    let set = [("code", code.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
    owner.send("/link", &set).await.is(303);
    // the administrator of the system invites whoever never signed in
    let mut browser = town.seated(Role::Administrator).await;
    let id = stored(town, &account_name(Role::Inspector)).await.id;
    let (place, invite) = (format!("/admin/accounts/{id}"), format!("/admin/accounts/{id}/invite"));
    let slip = browser.fill(&place, &invite, &[]).await.is(200).text();
    assert!(code_of(&slip).len() > 20);
}

async fn a_second_factor_and_a_session_are_taken_away(town: &Town) {
    let (name, session) = town.seat("seated-inspector", crate::harness::town::code(COUNTY)).await;
    let mut browser = town.seated(Role::SecurityAdministrator).await;
    let place = format!("/admin/accounts/{}", stored(town, &name).await.id);
    let page = browser.open(&place).await.is(200).text();
    assert!(page.contains("已启用"), "{page}");
    let end = format!("{place}/sessions/{session}/end");
    let led = browser.fill(&place, &end, &[]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("该登录已结束") && page.contains("现在没有登录"), "{page}");
    let drop = format!("{place}/drop-second-factor");
    let led = browser.fill(&place, &drop, &[]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("动态验证已解除") && !page.contains("/drop-second-factor\""), "{page}");
    // a session of somebody else is not ended under this one's address
    let other = town.seat("seated-other", crate::harness::town::code(COUNTY)).await.1;
    let mark = carried(&page, &format!("{place}/reset"));
    send(&mut browser, &format!("{place}/sessions/{other}/end"), &mark).await.is(404);
    assert!(town.ledger.bearer(other).await.is_ok());
}

async fn nothing_is_shown_of_another_county(town: &Town) {
    let there = stored(town, &format!("{}-2", account_name(Role::Leader))).await;
    for role in [Role::Administrator, Role::SecurityAdministrator, Role::AuditAdministrator] {
        let mut browser = town.seated(role).await;
        let list = browser.open("/admin/accounts?limit=200").await.is(200).text();
        assert!(
            !list.contains(&there.name) && list.contains(&account_name(Role::Leader)),
            "{list}"
        );
        browser.open(&format!("/admin/accounts/{}", there.id)).await.is(404);
        browser.open("/admin/accounts?area=520382000000").await.is(404);
    }
    let mut browser = town.seat_of(&account_name(Role::SecurityAdministrator)).await;
    let own = stored(town, &account_name(Role::Leader)).await;
    let page = browser.open(&format!("/admin/accounts/{}/lock", own.id)).await.is(200).text();
    let fields = carried(&page, &format!("/admin/accounts/{}/lock", own.id));
    for deed in ["lock", "unlock", "reset", "drop-second-factor"] {
        let address = format!("/admin/accounts/{}/{deed}", there.id);
        send(&mut browser, &address, &fields).await.is(404);
    }
    assert_eq!(stored(town, &there.name).await, there);
}

async fn each_administrator_does_what_is_theirs(town: &Town) {
    let leader = stored(town, &account_name(Role::Leader)).await.id;
    let lock = format!("/admin/accounts/{leader}/lock");
    let mut system = town.seated(Role::Administrator).await;
    system.open(NEW).await.is(200);
    system.open(&lock).await.is(403);
    let mut security = town.seated(Role::SecurityAdministrator).await;
    security.open(NEW).await.is(403);
    security.open(&lock).await.is(200);
    assert!(!security.open("/admin/accounts").await.is(200).text().contains(NEW));
    let mut audit = town.seated(Role::AuditAdministrator).await;
    audit.open(NEW).await.is(403);
    audit.open(&lock).await.is(403);
    let page = audit.open(&format!("/admin/accounts/{leader}")).await.is(200).text();
    assert!(!page.contains("/reset\"") && !page.contains("/lock\""), "{page}");
    // one administrator does not tend another
    let system = stored(town, &account_name(Role::Administrator)).await.id;
    security.open(&format!("/admin/accounts/{system}/lock")).await.is(422);
    let page = security.open(&format!("/admin/accounts/{system}")).await.is(200).text();
    assert!(page.contains("管理员之间不能互相停用或重置") && !page.contains("/reset\""), "{page}");
    let mut clerk = town.browser(Role::FinanceClerk).await;
    for address in ["/admin/accounts", NEW, &lock] {
        clerk.open(address).await.is(403);
    }
    let menu = clerk.open("/me").await.is(200).text();
    assert!(!menu.contains("/admin/accounts\"") && menu.contains("/admin/permissions\""), "{menu}");
}

async fn accounts_are_listed_with_their_use(town: &Town) {
    town.browser(Role::FinanceClerk).await;
    let mut browser = town.seated(Role::AuditAdministrator).await;
    let page = browser.open("/admin/accounts?role=finance_clerk").await.is(200).text();
    let row = page.split("<tbody>").nth(1).expect("rows");
    assert!(row.contains("2026-06-01 12:00") && row.matches("<tr>").count() == 1, "{row}");
    let page = browser.open("/admin/accounts?q=leader&state=active").await.is(200).text();
    assert!(page.contains("还没有设置密码") && page.contains("从未"), "{page}");
    // page by page
    let first = browser.open("/admin/accounts?limit=2").await.is(200).text();
    let next = first.split("rel=\"next\" href=\"").nth(1).expect("more").split('"').next();
    let next = next.expect("an address").replace("&amp;", "&");
    let second = browser.open(&next).await.is(200).text();
    assert!(second.contains("第一页") && second.matches("<tr>").count() == 3, "{second}");
    let empty = browser.open("/admin/accounts?state=locked").await.is(200).text();
    assert!(empty.contains("没有符合条件的账号"), "{empty}");
    browser.open("/admin/accounts?colour=red").await.is(422);
}
