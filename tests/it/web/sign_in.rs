//! Signing in by the page, and what every form is guarded by.

use entity::account::Role;

use super::Browser;
use crate::harness::{
    Town,
    signing_in::{NEXT, PASSWORD},
};

on_both!(
    a_browser_signs_in_and_out,
    a_wrong_password_says_no_more_than_that,
    a_one_time_code_sets_a_password,
    forms_of_other_pages_are_refused,
    the_password_is_changed_and_other_sign_ins_end,
    language_and_size_are_kept,
);

async fn a_browser_signs_in_and_out(town: &Town) {
    let name = town.settle_in(Role::FinanceClerk).await;
    let mut browser = Browser::new(town);
    let turned = browser.open("/assets?class=public").await.is(303);
    assert_eq!(turned.header("location"), "/sign-in?next=%2Fassets%3Fclass%3Dpublic");
    let fields =
        [("name", name.as_str()), ("password", PASSWORD), ("next", "/assets?class=public")];
    let reply = browser.send("/sign-in", &fields).await.is(303);
    assert_eq!(reply.header("location"), "/assets?class=public");
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    assert!(cookies.iter().all(|one| one.to_str().is_ok_and(|one| one.contains("HttpOnly"))));
    browser.open("/me").await.is(200);
    let reply = browser.fill("/me", "/sign-out", &[]).await.is(303);
    assert_eq!(reply.header("location"), "/sign-in?done=out");
    browser.open("/me").await.is(303);
}

async fn a_wrong_password_says_no_more_than_that(town: &Town) {
    let name = town.settle_in(Role::FinanceClerk).await;
    let mut browser = Browser::new(town);
    let tried = async |browser: &mut Browser, name: &str| {
        let fields = [("name", name), ("password", "wrong wrong wrong"), ("next", "//elsewhere")];
        let page = browser.send("/sign-in", &fields).await.is(422).text();
        assert!(!page.contains("wrong wrong") && !page.contains("elsewhere"), "{page}");
        page.replace(name, "")
    };
    let known = tried(&mut browser, &name).await;
    assert_eq!(known, tried(&mut browser, "nobody-at-all").await);
    let fields = [("name", name.as_str()), ("password", PASSWORD), ("next", "//elsewhere")];
    assert_eq!(browser.send("/sign-in", &fields).await.is(303).header("location"), "/");
}

async fn a_one_time_code_sets_a_password(town: &Town) {
    use entity::one_time_link::Purpose;
    use taizhang::{app::sign_in, store::Actor};
    let name = crate::harness::town::account_name(Role::Leader);
    let operator = Actor::operator();
    let issued = sign_in::issue_link(&town.ledger, &operator, &name, Purpose::FirstSignIn).await;
    let code = issued.expect("a code");
    let mut browser = Browser::new(town);
    let with = |again: &'static str| {
        vec![
            ("code", code.expose().to_owned()),
            ("password", PASSWORD.to_owned()),
            ("again", again.to_owned()),
        ]
    };
    for (again, status) in [("another", 422), (PASSWORD, 303), (PASSWORD, 422)] {
        let fields = with(again);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.send("/link", &fields).await.is(status);
    }
    browser.sign_in(&name).await.is(303);
}

async fn forms_of_other_pages_are_refused(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let address = "/me/password";
    let fields = [("old", PASSWORD), ("password", NEXT), ("again", NEXT)];
    // without the mark of the session, and with that of another
    browser.send(address, &fields).await.is(403);
    let mut other = town.browser(Role::TownshipClerk).await;
    let page = other.open(address).await.is(200).text();
    let form = super::form_of(&page, address);
    let mark = super::hidden(form).into_iter().find(|(name, _)| name == "mark").expect("a mark").1;
    browser.send(address, &[&fields[..], &[("mark", mark.as_str())]].concat()).await.is(403);
    // from another site, whatever it knows
    for site in ["cross-site", "same-site", "none"] {
        browser.send_from(site, address, &fields).await.is(403);
    }
    browser.open("/me").await.is(200);
    browser.sign_in(&crate::harness::town::account_name(Role::FinanceClerk)).await.is(303);
}

async fn the_password_is_changed_and_other_sign_ins_end(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let mut elsewhere = Browser::new(town);
    elsewhere.sign_in(&crate::harness::town::account_name(Role::FinanceClerk)).await.is(303);
    elsewhere.open("/me").await.is(200);
    let fields = [("old", PASSWORD), ("password", NEXT), ("again", "not the same at all")];
    browser.fill("/me/password", "/me/password", &fields).await.is(422);
    let fields = [("old", PASSWORD), ("password", NEXT), ("again", NEXT)];
    browser.fill("/me/password", "/me/password", &fields).await.is(303);
    browser.open("/me").await.is(200);
    elsewhere.open("/me").await.is(303);
}

async fn language_and_size_are_kept(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    assert!(browser.open("/me").await.is(200).text().contains("lang=\"zh-CN\""));
    let english = browser.open("/me?lang=en&size=xlarge").await.is(200).text();
    assert!(english.contains("<html lang=\"en\" data-size=\"xlarge\">"), "{english}");
    let later = browser.open("/me").await.is(200).text();
    assert!(later.contains("<html lang=\"en\" data-size=\"xlarge\">"), "{later}");
    let lost = browser.open("/nowhere").await.is(404).text();
    assert!(lost.contains("There is nothing at this address") && lost.contains("href=\"/assets\""));
}
