//! What is chosen in the list: files of it, plates.

use entity::{account::Role, log::Action};
use taizhang::http::Settings;

use super::Browser;
use crate::harness::{
    Town,
    people::PEOPLE,
    town::{OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2, code, collective_name},
};

on_both!(what_was_chosen_is_a_file, plates_name_nobody, there_is_a_limit_to_what_is_printed,);

async fn what_was_chosen_is_a_file(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let pond = town.asset(VILLAGE_A2, "蓄水池", "2000.00").await;
    town.asset(VILLAGE_A1, "没选的路", "1.00").await;
    let far = town.asset(OTHER_VILLAGE, "外县桥", "1.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let some = format!("/assets/chosen.csv?asset={}&asset={}", bridge.code, pond.code);
    let text = browser.open(&some).await.is(200).text();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("石拱桥") && text.contains("蓄水池") && !text.contains("没选的路"));
    assert_eq!(town.n_entries().await, before + 1);
    let entries = town.rows::<entity::log::Entity>().await;
    let mut exported = entries.iter().filter(|one| one.action == Action::ExportRows.code());
    assert!(exported.next_back().expect("an entry").body.contains("\"rows\":2"));
    // the whole page, whatever was ticked on it
    let page = format!("/assets/chosen.csv?page=yes&shown={},{}", bridge.code, pond.code);
    assert_eq!(browser.open(&page).await.is(200).text().lines().count(), 3);
    // all of a filter, as the list means it
    let all = "/assets/chosen.csv?all=yes&of=area%3D520381100000%26limit%3D1&count=3";
    let text = browser.open(all).await.is(200).text();
    assert_eq!(text.lines().count(), 4, "{text}");
    browser.open("/assets/chosen.xlsx").await.is(422);
    browser.open(&format!("/assets/chosen.csv?asset={}", far.code)).await.is(404);
}

async fn plates_name_nobody(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let keeper = town.person(code(VILLAGE_A1), 0).await.to_string();
    let name = collective_name("上河村");
    let assign = format!("/duties/assign?asset={}", bridge.code);
    let fields = [("maintainer", name.as_str()), ("keeper", keeper.as_str()), ("then", "check")];
    let look = browser.fill(&assign, "/duties/assign", &fields).await.is(200).text();
    let hidden = super::hidden(super::form_of(&look, "/duties/assign"));
    let mut fields: Vec<_> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("then", "confirm"));
    browser.send("/duties/assign", &fields).await.is(303);
    let page = browser.open(&format!("/assets/plates?asset={}", bridge.code)).await.is(200).text();
    let plate = page.split("class=\"plate\"").nth(1).expect("a plate");
    let plate = plate.split("</svg>").next().expect("a square");
    for words in ["石拱桥", bridge.code.as_str(), name.as_str(), "12317", "<path d=\"M"] {
        assert!(plate.contains(words), "{words}: {plate}");
    }
    // the square leads to what anybody may see, by the code that stands below it
    let short = town.ledger.short_code(bridge.id).expect("a short code");
    assert!(plate.contains(&format!("/q/{}\"", short.plain())), "{plate}");
    assert!(plate.contains(&format!(">{short}</text>")), "{plate}");
    // where an operator settled how the service is reached from outside, it leads there
    let settings = Settings {
        public_address: Some("https://ledger.example.gov.cn".to_owned()),
        ..Settings::default()
    };
    let outside = Browser { client: town.stranger_at(settings), cookies: browser.cookies.clone() };
    let reply = { outside }.open(&format!("/assets/plates?asset={}", bridge.code)).await.is(200);
    let leads = format!("data-leads=\"https://ledger.example.gov.cn/q/{}\"", short.plain());
    assert!(reply.text().contains(&leads));
    let (person, phone) = PEOPLE[0];
    for part in [person, phone, "欧", "4321"] {
        assert!(!plate.contains(part), "{part}: {plate}");
    }
}

async fn there_is_a_limit_to_what_is_printed(town: &Town) {
    let asset = |n: usize| format!("桥{n:03}");
    let mut codes = Vec::new();
    for n in 0..=taizhang::limits::PLATES {
        codes.push(town.asset(VILLAGE_A1, &asset(n), "1.00").await.code);
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let of = |codes: &[String]| format!("/assets/plates?page=yes&shown={}", codes.join(","));
    let page = browser.open(&of(&codes[1..])).await.is(200).text();
    assert_eq!(page.matches("class=\"plate\"").count(), taizhang::limits::PLATES);
    browser.open(&of(&codes)).await.is(422);
    let all = format!("/assets/plates?all=yes&of=&count={}", codes.len());
    browser.open(&all).await.is(422);
}
