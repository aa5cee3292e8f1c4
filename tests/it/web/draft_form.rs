//! Drafts of every long form: kept as they were typed, taken up where they were typed, gone with what
//! they became; sealed, whoever is named in them.

use entity::{account::Role, draft};
use taizhang::limits;

use super::{Browser, form_of, hidden};
use crate::harness::{
    Town,
    people::PEOPLE,
    signing_in::PASSWORD,
    town::{VILLAGE_A1, account_name, collective_name},
};

on_both!(
    every_long_form_keeps_its_draft,
    a_draft_is_taken_up_by_its_own_form_alone,
    the_draft_of_a_duty_is_gone_with_the_duty,
    the_draft_of_an_organization_is_sealed_and_gone_with_it,
    a_correction_that_was_typed_over_is_chosen_from,
    a_form_of_duties_survives_the_end_of_its_session,
);

/// Where a form is opened, where it is sent, and a field of it with what is typed there.
struct LongForm {
    page: String,
    form: String,
    field: &'static str,
    typed: &'static str,
}

async fn forms(town: &Town) -> Vec<LongForm> {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let own = |part: &str| format!("/assets/{}/{part}", asset.code);
    let organization = format!("/organizations/{body}/edit");
    let of = |page: &str, form: &str, field, typed| {
        let (page, form) = (page.to_owned(), form.to_owned());
        LongForm { page, form, field, typed }
    };
    let chosen = |form: &str| format!("{form}?asset={}", asset.code);
    vec![
        of("/assets/new", "/assets/new", "name", "半截桥"),
        of(&own("edit"), &own("edit"), "location", "半截的坐落"),
        of(&own("correct"), &own("correct"), "reason", "半截的理由"),
        of(&own("split"), &own("split"), "p1-name", "半截西桥"),
        of(&own("settle"), &own("settle"), "h0-share", "半截的份额"),
        of(&chosen("/assets/merge"), "/assets/merge", "reason", "半截的合并"),
        of(&chosen("/duties/assign"), "/duties/assign", "task", "半截的任务"),
        of("/organizations/new", "/organizations/new", "name", "半截合作社"),
        of(&organization, &organization, "name", "半截的新名"),
    ]
}

/// Keeps what is typed into a form. Answers where it is taken up again.
async fn keep(browser: &mut Browser, form: &LongForm, more: &[(&str, &str)]) -> String {
    let page = browser.open(&form.page).await.is(200).text();
    let carried = hidden(form_of(&page, &form.form));
    let mut fields: Vec<(&str, &str)> =
        carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push((form.field, form.typed));
    fields.extend(more);
    browser.send("/drafts", &fields).await.is(303).header("location").to_owned()
}

async fn every_long_form_keeps_its_draft(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let forms = forms(town).await;
    let before = town.n_entries().await;
    for (n, form) in forms.iter().enumerate() {
        let led = keep(&mut browser, form, &[]).await;
        let address = form.page.split('?').next().expect("a path");
        assert!(led.starts_with(&format!("{address}?draft=")), "{address}: {led}");
        let page = browser.open(&led).await.is(200).text();
        let shown = format!("value=\"{}\"", form.typed);
        assert!(page.contains(&shown) && page.contains("草稿已保存"), "{address}: {page}");
        // whoever opens the form anew is told of it, and typed on it is the same draft
        let fresh = browser.open(&form.page).await.is(200).text();
        assert!(
            fresh.contains("我的草稿") && fresh.contains(led.split('&').next().expect("a mark")),
            "{address}: {fresh}"
        );
        let again = LongForm { page: led.clone(), form: form.form.clone(), ..*form };
        assert_eq!(keep(&mut browser, &again, &[]).await, led);
        assert_eq!(town.rows::<draft::Entity>().await.len(), n + 1, "{address}");
    }
    assert_eq!(town.n_entries().await, before, "a draft is no entry");
    // one list has them all
    let page = browser.open("/assets/new").await.is(200).text();
    assert_eq!(page.matches("?draft=").count(), forms.len(), "{page}");
}

async fn a_draft_is_taken_up_by_its_own_form_alone(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let mut other = town.browser(Role::RuralOfficer).await;
    let forms = forms(town).await;
    let elsewhere = town.asset(VILLAGE_A1, "另一座桥", "1000.00").await;
    for form in &forms {
        let led = keep(&mut browser, form, &[]).await;
        let mark = led.split("draft=").nth(1).and_then(|rest| rest.split('&').next());
        let mark = mark.expect("a mark");
        // nobody else's, no other form's, no other asset's
        other.open(&led).await.is(404);
        for unlike in forms.iter().filter(|unlike| unlike.form != form.form) {
            let address = unlike.page.split('?').next().expect("a path");
            browser.open(&format!("{address}?draft={mark}")).await.is(404);
        }
        let edit = format!("/assets/{}/edit?draft={mark}", elsewhere.code);
        browser.open(&edit).await.is(404);
    }
}

async fn the_draft_of_a_duty_is_gone_with_the_duty(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let page = format!("/duties/assign?asset={}", asset.code);
    let (form, field) = ("/duties/assign".to_owned(), "task");
    let form = LongForm { page, form, field, typed: "清淤" };
    let (name, phone) = PEOPLE[0];
    let body = collective_name("上河村");
    let keeper = [("keeper_name", name), ("keeper_phone", phone), ("maintainer", &*body)];
    let led = keep(&mut browser, &form, &keeper).await;
    // who is named in it stands nowhere in the open, and not in the list of drafts
    let row = town.rows::<draft::Entity>().await.pop().expect("a draft");
    for word in [name, phone, "清淤"] {
        let is_open = row.typed.windows(word.len()).any(|part| part == word.as_bytes());
        assert!(!is_open && !led.contains(word), "{word}");
    }
    for listed in ["/assets/new", &*form.page] {
        let page = browser.open(listed).await.is(200).text();
        assert!(page.contains(&body) && !page.contains(name) && !page.contains(phone), "{page}");
    }
    // taken up, it is about the same asset and says what was said
    let page = browser.open(&led).await.is(200).text();
    assert!(page.contains("石拱桥") && page.contains(name) && page.contains("清淤"), "{page}");
    let typed = [("task", "清淤"), ("then", "check")];
    let look = browser.fill(&led, &form.form, &[&keeper[..], &typed].concat()).await.is(200).text();
    let mut fields = hidden(form_of(&look, &form.form));
    fields.push(("then".to_owned(), "confirm".to_owned()));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(&form.form, &fields).await.is(303);
    assert_eq!(town.rows::<entity::duty::Entity>().await.len(), 2);
    assert!(town.rows::<draft::Entity>().await.is_empty(), "the draft stays");
    browser.open(&led).await.is(404);
}

async fn the_draft_of_an_organization_is_sealed_and_gone_with_it(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let new = "/organizations/new";
    let (page, form) = (new.to_owned(), new.to_owned());
    let form = LongForm { page, form, field: "name", typed: "清河管护公司" };
    let (name, phone) = PEOPLE[0];
    let fields = [
        ("kind", "company"),
        ("area", VILLAGE_A1),
        ("contact_name", name),
        ("contact_phone", phone),
    ];
    let led = keep(&mut browser, &form, &fields).await;
    let row = town.rows::<draft::Entity>().await.pop().expect("a draft");
    let is_open = row.typed.windows(phone.len()).any(|part| part == phone.as_bytes());
    assert!(!is_open && !led.contains(phone), "{led}");
    let page = browser.open(&led).await.is(200).text();
    assert!(page.contains(phone) && page.contains("清河管护公司"), "{page}");
    let all = [&fields[..], &[("name", "清河管护公司")]].concat();
    browser.fill(&led, new, &all).await.is(303);
    assert!(town.rows::<draft::Entity>().await.is_empty(), "the draft stays");
}

async fn a_correction_that_was_typed_over_is_chosen_from(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let correct = format!("/assets/{}/correct", asset.code);
    let (page, form) = (correct.clone(), correct.clone());
    let form = LongForm { page, form, field: "original_value", typed: "1200" };
    let led = keep(&mut browser, &form, &[("reason", "录入有误")]).await;
    let mut other = town.browser(Role::RuralOfficer).await;
    let faster = [("original_value", "1100"), ("reason", "先改")];
    other.fill(&correct, &correct, &faster).await.is(303);
    let page = browser.open(&led).await.is(200).text();
    for shown in ["<span>1000.00</span>", "<b>1100.00</b>", "<b>1200.00</b>", "录入有误"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let chosen = [("take-original_value", "mine"), ("reason", "录入有误")];
    browser.fill(&led, &correct, &chosen).await.is(303);
    let value = town.stored(asset.id).await.original_value;
    assert_eq!(value, Some("1200.00".parse().expect("yuan")));
    assert!(town.rows::<draft::Entity>().await.is_empty(), "the draft stays");
}

async fn a_form_of_duties_survives_the_end_of_its_session(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let page = format!("/duties/assign?asset={}", asset.code);
    let page = browser.open(&page).await.is(200).text();
    let carried = hidden(form_of(&page, "/duties/assign"));
    let mut fields: Vec<(&str, &str)> =
        carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (name, phone) = PEOPLE[0];
    fields.extend([("keeper_name", name), ("keeper_phone", phone), ("then", "check")]);
    town.clock.pass(limits::BROWSER_IDLE_SECONDS + 1);
    let page = browser.send("/duties/assign", &fields).await.is(403).text();
    assert!(page.contains("没有丢") && !page.contains(name) && !page.contains(phone), "{page}");
    let form = hidden(form_of(&page, "/sign-in"));
    let mut signing: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let account = account_name(Role::FinanceClerk);
    signing.extend([("name", account.as_str()), ("password", PASSWORD)]);
    let led = browser.send("/sign-in", &signing).await.is(303).header("location").to_owned();
    assert!(led.starts_with("/duties/assign?draft=") && led.ends_with("done=back"), "{led}");
    let page = browser.open(&led).await.is(200).text();
    assert!(page.contains("石拱桥") && page.contains(phone), "{page}");
}
