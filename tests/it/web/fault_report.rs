//! What a plate leads to, and reporting a fault without an account; what those in charge do with it.

use axum::http::Method;
use entity::{
    account::Role,
    area::AreaCode,
    asset::{self, Class},
    attachment,
    duty::Kind,
    fault_report, organization,
};
use taizhang::{
    app,
    domain::{
        duty::Terms, masking::Contact, organization as bodies, short_code, shot::Shot, title::Party,
    },
    http::Settings,
    limits,
    store::Actor,
};

use super::{Browser, form_of, hidden};
use crate::harness::{
    Town,
    files::{jpeg_of_telephone, pdf},
    inspections,
    people::PEOPLE,
    town::{VILLAGE_A1, code, registration},
};

on_both!(
    anybody_sees_what_it_is_and_nobody_by_name,
    what_is_not_for_everybody_answers_as_what_is_not_there,
    whoever_is_signed_in_goes_on_to_the_card,
    whoever_tries_many_codes_waits,
    a_report_is_sent_with_a_photo_and_followed_up,
    a_form_that_comes_again_is_the_same_report,
    what_was_typed_is_not_lost,
    an_address_reports_so_much_in_an_hour,
    those_in_charge_answer,
);

async fn bridge(town: &Town) -> asset::Model {
    town.asset(VILLAGE_A1, "上河村便民桥", "864000.00").await
}

fn short(town: &Town, asset: &asset::Model) -> String {
    town.ledger.short_code(asset.id).expect("a short code").plain()
}

/// Gives an asset somebody of a kind and a telephone to maintain it, and a keeper.
async fn entrust(town: &Town, asset: &asset::Model, kind: organization::Kind, phone: &str) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let area: AreaCode = code(VILLAGE_A1);
    let name = match kind {
        organization::Kind::Household => "王小满户".to_owned(),
        _ => "上河村便民服务站".to_owned(),
    };
    let body = organization::Model { kind, ..bodies::blank(area, &name) };
    let contact = Contact { name: PEOPLE[1].0.to_owned(), phone: phone.to_owned() };
    let body = app::organization::register(ledger, &operator, body, Some(&contact)).await;
    let keeper = town.person(area, 0).await;
    for (kind, party) in [
        (Kind::Maintainer, Party::Organization(body.expect("a body").id)),
        (Kind::Keeper, Party::Person(keeper)),
    ] {
        let terms = Terms::default();
        app::duty::assign(ledger, &operator, &[asset.id], (kind, party), &terms)
            .await
            .expect("a duty");
    }
}

/// What is not for everybody: names, telephones, amounts, accounts, numbers of people.
fn told_of_somebody(page: &str) -> Vec<String> {
    let people = PEOPLE.iter().flat_map(|(name, phone)| [*name, *phone]);
    let mut found: Vec<String> = people
        .chain(["864000", "864,000", "86.40", "inspector"])
        .filter(|one| page.contains(one))
        .map(str::to_owned)
        .collect();
    let runs = page.split(|one: char| !one.is_ascii_digit());
    found.extend(
        runs.filter(|run| run.len() == 11 && run.starts_with('1') || run.len() == 18)
            .map(str::to_owned),
    );
    found
}

/// The text of the main part of a page.
fn main(page: &str) -> String {
    let inner = page.split_once("<main").expect("a main part").1;
    let mut text = String::new();
    let mut is_tag = true;
    for one in inner.chars() {
        match one {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push('\n');
            }
            _ if !is_tag => text.push(one),
            _ => {}
        }
    }
    text
}

async fn anybody_sees_what_it_is_and_nobody_by_name(town: &Town) {
    let asset = bridge(town).await;
    entrust(town, &asset, organization::Kind::VillageCommittee, PEOPLE[0].1).await;
    let record = inspections::good(&asset, 1, town.ledger.clock().now());
    let inspector = town.as_role(Role::Inspector).await;
    app::inspection::record(&town.ledger, &inspector, asset.id, &record).await.expect("a record");
    town.report(&asset, (&format!("找{}", PEOPLE[3].0), PEOPLE[4].1)).await;
    let mut browser = Browser::new(town);
    let address = format!("/q/{}", short(town, &asset));
    let reply = browser.open(&address).await.is(200);
    assert_eq!(reply.header("cache-control"), "no-store");
    let page = reply.text();
    for told in [
        "上河村便民桥",
        "道路交通",
        "石桥镇/上河村",
        "2020 年",
        "上河村便民服务站",
        "完好",
        "1 件",
        "tel:12317",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    // the mobile telephone of whoever answers there is somebody's own
    assert_eq!(told_of_somebody(&page), Vec::<String>::new());
    assert!(page.contains("data-size=\"large\"") && page.len() < 8 * 1024, "{} bytes", page.len());
    let english = browser.open(&format!("{address}?lang=en")).await.is(200).text();
    assert!(english.contains("Report a fault") && told_of_somebody(&english).is_empty());
    // villagers are told in short sentences and in no words of an office
    for address in
        [address.clone(), format!("{address}/report"), "/q".to_owned(), "/q/reports".to_owned()]
    {
        let page = main(&browser.open(&format!("{address}?lang=zh")).await.is(200).text());
        for sentence in page.split(['\n', '。', '？', '！', '：']) {
            let n = sentence.trim().chars().count();
            assert!(n <= 25, "{address}: {n} characters: {sentence}");
        }
        for word in ["管护主体", "离散系数", "权属", "工单", "处置"] {
            assert!(!page.contains(word), "{address}: {word}");
        }
    }
    // the line of an office is shown, and a household is not named
    let other = town.asset(VILLAGE_A1, "水塔", "10.00").await;
    entrust(town, &other, organization::Kind::TownGovernment, "0851-28123456").await;
    let page = browser.open(&format!("/q/{}", short(town, &other))).await.is(200).text();
    assert!(page.contains("0851") && told_of_somebody(&page).is_empty(), "{page}");
    let third = town.asset(VILLAGE_A1, "凉亭", "10.00").await;
    entrust(town, &third, organization::Kind::Household, "0851-28123457").await;
    let page = browser.open(&format!("/q/{}", short(town, &third))).await.is(200).text();
    assert!(
        page.contains("受益户")
            && told_of_somebody(&page).is_empty()
            && !page.contains("0851")
            && !page.contains("王小满")
    );
}

async fn what_is_not_for_everybody_answers_as_what_is_not_there(town: &Town) {
    let home = asset::Model {
        class: Class::Household,
        subclass: Some(asset::Subclass::Livestock),
        ..crate::harness::town::card(VILLAGE_A1, "某家猪圈", "10.00")
    };
    let registration =
        app::asset::Registration { asset: home, ..registration(VILLAGE_A1, "", "10.00") };
    let how = taizhang::domain::asset::Completeness::TakeOn;
    let home = app::asset::register(&town.ledger, &Actor::operator(), registration, how).await;
    let home = short(town, &home.expect("an asset"));
    let nowhere = town.ledger.short_code(entity::id::AssetId(4_000_000)).expect("a code").plain();
    let mut browser = Browser::new(town);
    for end in ["", "/report"] {
        let mut pages = Vec::new();
        for code in [&home, &nowhere] {
            let page = browser.open(&format!("/q/{code}{end}")).await.is(404).text();
            let shown = short_code::grouped(code, 3);
            pages.push(page.replace(code, "").replace(&shown, ""));
        }
        assert_eq!(pages[0], pages[1], "the two are told apart");
    }
    let fields = [("said", "broken"), ("key", "k"), ("mark", "m")];
    for code in [&home, &nowhere] {
        browser.send_files(&format!("/q/{code}/report"), &fields, &[]).await.is(404);
    }
    // one sign that was copied wrongly is found before anything is looked up
    let mut wrong = home.clone().into_bytes();
    wrong[2] = if wrong[2] == b'7' { b'8' } else { b'7' };
    let wrong = String::from_utf8(wrong).expect("letters");
    let page = browser.open(&format!("/q/{wrong}")).await.is(422).text();
    assert!(page.contains("可能抄错了一个字") && page.contains(&wrong));
    let page = browser.open("/q?code=7K3").await.is(422).text();
    assert!(page.contains("字数不对") && page.contains("value=\"7K3\""));
    let led = browser.open(&format!("/q?code={}", home.to_lowercase())).await.is(303);
    assert_eq!(led.header("location"), format!("/q/{home}"));
    assert!(town.rows::<fault_report::Entity>().await.is_empty());
}

async fn whoever_is_signed_in_goes_on_to_the_card(town: &Town) {
    let asset = bridge(town).await;
    let address = format!("/q/{}", short(town, &asset));
    let mut inspector = town.browser(Role::Inspector).await;
    let page = inspector.open(&address).await.is(200).text();
    assert!(page.contains(&format!("href=\"/assets/{}/inspect\"", asset.code)), "{page}");
    let mut leader = town.browser(Role::Leader).await;
    let page = leader.open(&address).await.is(200).text();
    assert!(page.contains(&format!("href=\"/assets/{}\"", asset.code)));
    assert!(!page.contains("/inspect\""), "a leader inspects nothing");
    // whoever is in charge elsewhere is anybody here
    let mut elsewhere = town.seated_there(Role::TownshipClerk).await;
    let page = elsewhere.open(&address).await.is(200).text();
    assert!(!page.contains(&asset.code) && page.contains("坏了，要报修"));
}

async fn whoever_tries_many_codes_waits(town: &Town) {
    let asset = bridge(town).await;
    let address = format!("/q/{}", short(town, &asset));
    let mut browser = Browser::new(town);
    for n in 0..limits::LOOKUPS_MISSED {
        let id = entity::id::AssetId(5_000_000 + i64::from(n));
        let code = town.ledger.short_code(id).expect("a code").plain();
        browser.open(&format!("/q/{code}")).await.is(404);
    }
    // from now on nothing is looked up, be there such a code or not
    let reply = browser.open(&address).await.is(429);
    assert!(!reply.header("retry-after").is_empty() && !reply.text().contains("便民桥"));
    browser.send("/q/reports", &[("code", "7K3M2Q")]).await.is(429);
    // what nobody has to look up is told all the same
    browser.open("/q/7K3").await.is(422);
    // another program, or another minute, begins anew; so many are looked up at most
    let mut other = Browser::new(town);
    for _ in 0..limits::LOOKUPS_PER_ADDRESS {
        other.open(&address).await.is(200);
    }
    other.open(&address).await.is(429);
}

/// The follow-up code that a page shows.
fn follow_up(page: &str) -> String {
    let code = page.split_once("id=\"follow-up\">").expect("a code").1;
    code.split_once('<').expect("its end").0.to_owned()
}

async fn a_report_is_sent_with_a_photo_and_followed_up(town: &Town) {
    let asset = bridge(town).await;
    let address = format!("/q/{}/report", short(town, &asset));
    let mut browser = Browser::new(town);
    let fields =
        [("said", "danger"), ("words", "桥头栏杆松了，找欧阳铁柱"), ("phone", "139 8765 4321")];
    let photo = jpeg_of_telephone(640, 480);
    let page = browser.bring(&address, &fields, &[("欧阳铁柱.jpg", &photo)]).await.is(200).text();
    let code = follow_up(&page);
    assert!(page.contains("只显示这一次") && told_of_somebody(&page).is_empty());
    // the picture is written anew, under a name that says nothing
    let files = town.rows::<attachment::Entity>().await;
    assert_eq!((files.len(), &*files[0].file_name), (1, "报修照片.jpg"));
    assert_eq!(files[0].subject, attachment::Subject::FaultReport);
    assert_ne!(files[0].digest, files[0].brought_digest);
    assert_eq!(Shot::of(&files[0]), Shot::default(), "nobody is told where a villager stood");
    for row in town.everything().await {
        assert!(
            !row.contains("欧阳铁柱") && !row.contains("栏杆") && !row.contains("13987654321"),
            "{row}"
        );
    }
    // followed up by the code alone, as it is typed
    let typed = code.to_lowercase().replace('-', " ");
    let page = browser.send("/q/reports", &[("code", &typed)]).await.is(200).text();
    assert!(page.contains("已收到") && page.contains("上河村便民桥") && page.contains("有危险"));
    assert!(told_of_somebody(&page).is_empty() && !page.contains("栏杆"), "{page}");
    let page = browser.send("/q/reports", &[("code", "7K3M-2QX8-0000")]).await.is(422).text();
    assert!(page.contains("抄错") && page.contains("7K3M-2QX8-0000"));
    // whoever is in charge sees it with its picture
    let mut officer = town.browser(Role::VillageOfficer).await;
    let page = officer.open("/fault-reports").await.is(200).text();
    assert!(page.contains("桥头栏杆松了") && page.contains("上河村便民桥"));
    let id = town.rows::<fault_report::Entity>().await[0].id;
    let page = officer.open(&format!("/fault-reports/{id}")).await.is(200).text();
    assert!(page.contains(&format!("/files/{}/preview", files[0].id)));
    assert!(page.contains("139****4321") && !page.contains("13987654321"));
    officer.open(&format!("/files/{}/preview", files[0].id)).await.is(200);
    // nobody without an account sees the picture
    browser.open(&format!("/files/{}/preview", files[0].id)).await.is(303);
    let card = officer.open(&format!("/assets/{}/inspections", asset.code)).await.is(200).text();
    assert!(card.contains("件没办结"), "{card}");
}

/// The fields of a form that somebody opened, with some that are filled in.
async fn filled<'a>(
    browser: &mut Browser,
    address: &str,
    own: &[(&'a str, &'a str)],
) -> Vec<(String, String)> {
    let page = browser.open(address).await.is(200).text();
    let mut all = hidden(form_of(&page, address));
    all.extend(own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    all
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

async fn a_form_that_comes_again_is_the_same_report(town: &Town) {
    let asset = bridge(town).await;
    let address = format!("/q/{}/report", short(town, &asset));
    let mut browser = Browser::new(town);
    let sent = filled(&mut browser, &address, &[("said", "broken"), ("words", "灯不亮")]).await;
    let sent = borrowed(&sent);
    let first = browser.send_files(&address, &sent, &[]).await.is(200).text();
    let before = (town.everything().await, town.n_entries().await);
    let again = browser.send_files(&address, &sent, &[]).await.is(200).text();
    assert_eq!(follow_up(&first), follow_up(&again));
    assert!(before == (town.everything().await, town.n_entries().await));
    // opened anew and sent with the same words, it is told that it is there
    let sent = filled(&mut browser, &address, &[("said", "broken"), ("words", "灯不亮")]).await;
    let page = browser.send_files(&address, &borrowed(&sent), &[]).await.is(409).text();
    assert!(page.contains("刚才已经收到同样的一条") && page.contains("value=\"灯不亮\""));
    assert_eq!(town.rows::<fault_report::Entity>().await.len(), 1);
}

async fn what_was_typed_is_not_lost(town: &Town) {
    let asset = bridge(town).await;
    let address = format!("/q/{}/report", short(town, &asset));
    let mut browser = Browser::new(town);
    let own = [("said", "stopped"), ("words", "水龙头没水"), ("phone", "12")];
    let sent = filled(&mut browser, &address, &own).await;
    let stays = |page: &str| {
        page.contains("value=\"水龙头没水\"") && page.contains("value=\"stopped\" checked")
    };
    let page = browser.send_files(&address, &borrowed(&sent), &[]).await.is(422).text();
    assert!(stays(&page) && page.contains("href=\"#f-phone\""), "{page}");
    // nothing was chosen
    let none = filled(&mut browser, &address, &[]).await;
    let page = browser.send_files(&address, &borrowed(&none), &[]).await.is(422).text();
    assert!(page.contains("href=\"#f-kind\""));
    // what is no picture, and one that is too large
    let own = [("said", "stopped"), ("words", "水龙头没水")];
    let sent = filled(&mut browser, &address, &own).await;
    let page = browser.send_files(&address, &borrowed(&sent), &[("a.jpg", &pdf("x"))]).await;
    assert!(stays(&page.is(422).text()));
    let most = usize::try_from(limits::REPORT_PICTURE_BYTES).expect("a size");
    let large = vec![0xff; most + 1];
    let page = browser.send_files(&address, &borrowed(&sent), &[("a.jpg", &large)]).await.is(413);
    assert!(stays(&page.text()));
    // as many bytes as there may be are looked at, and are no picture
    let page = browser.send_files(&address, &borrowed(&sent), &[("a.jpg", &large[..most])]).await;
    assert!(stays(&page.is(422).text()));
    // a form of another asset, of another maker, of long ago; one that another site sends
    let other = town.asset(VILLAGE_A1, "水塔", "10.00").await;
    let theirs = format!("/q/{}/report", short(town, &other));
    let sent = filled(&mut browser, &theirs, &own).await;
    let page = browser.send_files(&address, &borrowed(&sent), &[]).await.is(403).text();
    assert!(stays(&page) && page.contains("放得太久"));
    let made = [("key", "1780286400-abc"), ("mark", "abc"), own[0], own[1]];
    browser.send_files(&address, &made, &[]).await.is(403);
    let call = browser.client.ask(Method::POST, &address).header("sec-fetch-site", "cross-site");
    call.form(&own, &[]).send().await.is(403);
    assert!(town.rows::<fault_report::Entity>().await.is_empty());
    let later = town.ledger.clock().now() + chrono::TimeDelta::hours(limits::REPORT_FORM_HOURS);
    let asked = town.ledger.short_code(asset.id).expect("a code");
    let (key, mark) = town.ledger.report_form(asked).expect("a form");
    let knows = |ledger: &taizhang::store::Ledger| {
        ledger.knows_report_form(asked, (&key, &mark)).expect("a sum")
    };
    assert!(knows(&town.ledger) && !knows(&town.ledger.at(later)));
    assert!(knows(&town.ledger.at(later - chrono::TimeDelta::seconds(1))));
}

async fn an_address_reports_so_much_in_an_hour(town: &Town) {
    let asset = bridge(town).await;
    let address = format!("/q/{}/report", short(town, &asset));
    let settings = Settings { proxies: vec![[127, 0, 0, 1].into()], ..Settings::default() };
    let client = town.stranger_at(settings);
    let mut browser = Browser { client, cookies: Vec::new() };
    let mut from = async |by: &str, n: i64| {
        let words = format!("第 {n} 处坏了");
        let sent = filled(&mut browser, &address, &[("said", "broken"), ("words", &words)]).await;
        let call = browser.client.ask(Method::POST, &address).header("x-forwarded-for", by);
        let call =
            call.header("sec-fetch-site", "same-origin").header("x-forwarded-proto", "https");
        (words, call.form(&borrowed(&sent), &[]).send().await)
    };
    for n in 0..limits::REPORTS_PER_ADDRESS {
        from("192.0.2.7", n).await.1.is(200);
    }
    let (words, reply) = from("192.0.2.7", 100).await;
    let reply = reply.is(429);
    assert!(reply.text().contains(&format!("value=\"{words}\"")), "what was typed stays");
    from("192.0.2.8", 101).await.1.is(200);
    let n = i64::try_from(town.rows::<fault_report::Entity>().await.len()).expect("a number");
    assert_eq!(n, limits::REPORTS_PER_ADDRESS + 1);
}

async fn those_in_charge_answer(town: &Town) {
    let asset = bridge(town).await;
    let row = town.report(&asset, ("栏杆松了", "13812345678")).await;
    let address = format!("/fault-reports/{}", row.id);
    let mut officer = town.browser(Role::VillageOfficer).await;
    let to = |what: &str| format!("{address}/{what}");
    let led = officer.fill(&address, &to("accept"), &[]).await.is(303);
    let page = officer.open(led.header("location")).await.is(200).text();
    assert!(page.contains("已受理"));
    let page = officer.fill(&address, &to("dismiss"), &[("why", " ")]).await.is(422).text();
    assert!(page.contains("href=\"#f-why\""), "{page}");
    let led = officer.fill(&address, &to("mend"), &[("what", "换了新栏杆")]).await.is(303);
    let page = officer.open(led.header("location")).await.is(200).text();
    assert!(page.contains("已办结") && page.contains("换了新栏杆") && !page.contains("/dismiss\""));
    // a leader looks and decides nothing; what was said is not for everybody
    let mut leader = town.browser(Role::Leader).await;
    let page = leader.open(&address).await.is(200).text();
    assert!(page.contains("办理人员可见") && !page.contains("栏杆松了"), "{page}");
    assert!(!page.contains(&to("mend")));
    // the number whole for a reason, on this answer alone
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let page = clerk.fill(&address, &to("reveal"), &[("reason", "回电话")]).await.is(200).text();
    assert!(page.contains("13812345678") && page.contains("已记入留痕"));
    let page = clerk.open(&address).await.is(200).text();
    assert!(!page.contains("13812345678"));
    let none = clerk.open("/fault-reports?state=received").await.is(200).text();
    assert!(none.contains("没有符合条件的报修"));
}
