//! What is to be inspected, by a page and in the packet that is taken along; the form with its photos;
//! what works without a network and tells of nobody.

use axum::http::Method;
use entity::{
    account::Role,
    asset::{self, Subclass},
    attachment, inspection,
    setting::Key,
};
use taizhang::{
    app,
    domain::{asset::Completeness, setting::Proposal},
    limits,
    store::Actor,
};

use super::Browser;
use crate::harness::{
    Town,
    files::{jpeg_of_telephone, pdf, view},
    town::{COUNTY, VILLAGE_A1, code, registration},
};

on_both!(
    what_is_due_is_shown_and_found_by_its_code,
    the_packet_has_the_forms_of_the_round_and_nothing_else,
    the_most_of_a_packet_stays_small,
    photos_come_with_their_record_and_once,
    a_record_stands_though_a_photo_is_refused,
    so_many_photos_come_and_no_more,
    nobody_sends_the_record_of_another,
    what_is_kept_without_a_network_tells_of_nobody,
);

async fn ask_for(town: &Town, days: i64) {
    let proposal = Proposal {
        key: Key::InspectionDays,
        area: code(COUNTY),
        value: days.to_string(),
        basis_title: "县扶贫项目资产管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
}

const POINTS: [&str; 6] = ["surface", "shoulder", "drainage", "guardrail", "bridges", "plate"];

/// Every point good, as a phone sends it.
fn all_good<'a>(key: &'a str, at: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = POINTS.map(|point| (point, "good")).to_vec();
    fields.extend([("device_key", key), ("inspected_at", at)]);
    fields
}

const KEY: &str = "5c6f7c1e-2f1a-4c58-9c1b-000000000001";
const AT: &str = "2026-06-01T02:00:00.000Z";

async fn form(town: &Town) -> (asset::Model, String) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let address = format!("/assets/{}/inspect", asset.code);
    (asset, address)
}

async fn what_is_due_is_shown_and_found_by_its_code(town: &Town) {
    let mut browser = town.browser(Role::Inspector).await;
    let page = browser.open("/inspections/round").await.is(200).text();
    assert!(page.contains("没有逾期的"), "{page}");
    ask_for(town, 30).await;
    let (asset, address) = form(town).await;
    let page = browser.open("/inspections/round").await.is(200).text();
    for shown in ["通组路", &address, "逾期", "还没有巡查过", "带走任务包", "添加到桌面"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert_eq!(browser.open("/").await.is(303).header("location"), "/inspections/round");
    let by_code = format!("/inspections/round?code=+{}+", asset.code.to_lowercase());
    assert_eq!(browser.open(&by_code).await.is(303).header("location"), address);
    let page = browser.open("/inspections/round?code=QH-0").await.is(422).text();
    assert!(page.contains("没有这个编号的资产"), "{page}");
    for wrong in ["due=x", "due=367", "after=x", "colour=red", "area=52"] {
        browser.open(&format!("/inspections/round?{wrong}")).await.is(422);
    }
    browser.open(&format!("/inspections/round?due={}", limits::DUE_DAYS)).await.is(200);
    // whoever does not record looks at records
    let mut leader = town.browser(Role::Leader).await;
    let page = leader.open("/inspections/round").await.is(200).text();
    assert!(
        page.contains("通组路")
            && !page.contains(&format!("{address}\""))
            && !page.contains("带走任务包")
    );
    leader.open("/inspections/packet").await.is(403);
}

async fn the_packet_has_the_forms_of_the_round_and_nothing_else(town: &Town) {
    ask_for(town, 30).await;
    let (_, address) = form(town).await;
    town.asset(crate::harness::town::VILLAGE_B1, "灌溉渠", "1000.00").await;
    let mut browser = town.browser(Role::VillageOfficer).await;
    let reply = browser.open("/inspections/packet").await.is(200);
    let page = reply.text();
    assert!(page.contains(&format!("action=\"{address}\"")) && page.contains("通组路"));
    assert!(!page.contains("灌溉渠"), "of the officer's own village alone");
    assert!(page.contains("已带走 1 项，数据截至 2026-06-01"), "{page}");
    assert_eq!(page.matches("<template id=\"points-").count(), 1);
    for point in POINTS {
        assert_eq!(page.matches(&format!("name=\"{point}\"")).count(), 3, "{point}");
    }
    // it carries nothing that signs anybody in or sends anything by itself
    let mark = browser.mark().await;
    assert!(!page.contains(&mark), "the mark of the session stays out of what is kept");
    let account = town.as_role(Role::VillageOfficer).await.account().expect("an account");
    assert_eq!(reply.header("taizhang-account"), account.to_string());
    assert!(reply.header("taizhang-packet").starts_with("%E5%B7%B2"));
    let sender = browser.open("/inspections/sender").await.is(200);
    let sender: serde_json::Value = serde_json::from_slice(&sender.body).expect("JSON");
    assert_eq!(
        (sender["account"].as_str(), sender["mark"].as_str()),
        (Some(&*account.to_string()), Some(&*mark))
    );
    let mut stranger = Browser::new(town);
    for address in ["/inspections/packet", "/inspections/sender", "/inspections/round"] {
        let led = stranger.open(address).await.is(303);
        assert!(led.header("location").starts_with("/sign-in?next="), "{address}");
    }
}

async fn the_most_of_a_packet_stays_small(town: &Town) {
    ask_for(town, 30).await;
    let kinds: Vec<Subclass> =
        Subclass::ALL.iter().copied().filter(|kind| !kind.is_claim()).collect();
    let most = usize::try_from(limits::ROUND_ASSETS).expect("few");
    for n in 0..=most {
        let kind = kinds[n % kinds.len()];
        let name = format!("{n:03}{}", "长".repeat(limits::NAME_LENGTH - 3));
        let (ledger, operator) = (&town.ledger, Actor::operator());
        let mut new = registration(VILLAGE_A1, &name, "1000.00");
        (new.asset.class, new.asset.subclass) = (kind.class(), Some(kind));
        app::asset::register(ledger, &operator, new, Completeness::TakeOn)
            .await
            .expect("registered");
    }
    let mut browser = town.browser(Role::Inspector).await;
    let page = browser.open("/inspections/packet").await.is(200);
    let n = page.text().matches("data-record").count();
    assert_eq!(n, most, "one more is not taken along");
    assert!(page.body.len() <= limits::PACKET_BYTES, "{} bytes", page.body.len());
}

async fn photos_come_with_their_record_and_once(town: &Town) {
    let (_, address) = form(town).await;
    let mut browser = town.browser(Role::Inspector).await;
    let (one, other) = (view(1, 400, 90), view(2, 400, 90));
    let files: [(&str, &[u8]); 3] =
        [("photo=a.jpg", &one), ("photo-guardrail=b.jpg", &other), ("photo-plate=", b"")];
    let mut sent = all_good(KEY, AT);
    sent[3].1 = "defect";
    let led = browser.bring(&address, &sent, &files).await.is(303);
    let entries = town.n_entries().await;
    let again = browser.bring(&address, &sent, &files).await.is(303);
    assert_eq!(again.header("location"), led.header("location"));
    assert_eq!(town.n_entries().await, entries);
    let mut names: Vec<String> =
        town.rows::<attachment::Entity>().await.into_iter().map(|file| file.file_name).collect();
    names.sort();
    assert_eq!(names, ["a.jpg", "护栏与警示标志 b.jpg"]);
    assert_eq!(town.rows::<inspection::Entity>().await.len(), 1);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert_eq!(page.matches("/preview").count(), 2);
    // the same photo with another record is doubted there, with the way to the first
    let other = "5c6f7c1e-2f1a-4c58-9c1b-000000000002";
    let led = browser.bring(&address, &all_good(other, AT), &files[..1]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("与另一次巡查的照片很像") && page.contains("请核实"), "{page}");
    // as is one that a camera says was taken the day before
    let key = "5c6f7c1e-2f1a-4c58-9c1b-000000000003";
    let photo = jpeg_of_telephone(900, 600);
    let sent = all_good(key, "2026-06-02T02:03:04.000Z");
    let led = browser.bring(&address, &sent, &[("photo=c.jpg", &photo)]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("拍摄时间比巡查早 24 小时"), "{page}");
    // a page without a device: sent twice, it is one record of when it came first
    let page = browser.open(&address).await.is(200).text();
    let mut fields = super::hidden(super::form_of(&page, &address));
    fields.extend(POINTS.map(|point| (point.to_owned(), "good".to_owned())));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let led = browser.send_files(&address, &fields, &[]).await.is(303);
    town.clock.pass(90);
    let again = browser.send_files(&address, &fields, &[]).await.is(303);
    assert_eq!(again.header("location"), led.header("location"));
    assert_eq!(town.rows::<inspection::Entity>().await.len(), 4);
}

async fn a_record_stands_though_a_photo_is_refused(town: &Town) {
    let (_, address) = form(town).await;
    let mut browser = town.browser(Role::Inspector).await;
    let paper = pdf("不是照片");
    let files: [(&str, &[u8]); 1] = [("photo=现场.jpg", &paper)];
    let page = browser.bring(&address, &all_good(KEY, AT), &files).await.is(422).text();
    assert!(page.contains("巡查已登记，照片没有收下") && page.contains("现场.jpg"), "{page}");
    assert!(page.contains("id=\"mistakes\"") && page.contains("上传照片"));
    assert_eq!(town.rows::<inspection::Entity>().await.len(), 1);
    assert!(town.rows::<attachment::Entity>().await.is_empty());
    // without it the same record is answered again
    browser.bring(&address, &all_good(KEY, AT), &[]).await.is(303);
    assert_eq!(town.rows::<inspection::Entity>().await.len(), 1);
    // what is wrong with the record keeps everything out, and what was typed stays
    let other = "5c6f7c1e-2f1a-4c58-9c1b-000000000003";
    let mut some = all_good(other, AT);
    some.retain(|(name, _)| *name != "plate");
    some.push(("note-surface", "坑洼约两米"));
    let photo = view(1, 200, 90);
    let files: [(&str, &[u8]); 1] = [("photo=现场.jpg", &photo)];
    let page = browser.bring(&address, &some, &files).await.is(422).text();
    assert!(page.contains("href=\"#f-plate\"") && page.contains("坑洼约两米"));
    assert!(town.rows::<attachment::Entity>().await.is_empty());
}

async fn so_many_photos_come_and_no_more(town: &Town) {
    let (_, address) = form(town).await;
    let mut browser = town.browser(Role::Inspector).await;
    let most = u32::try_from(limits::INSPECTION_PHOTOS).expect("few");
    let photos: Vec<Vec<u8>> = (0..=most).map(|n| view(n, 40, 90)).collect();
    let files: Vec<(&str, &[u8])> = photos.iter().map(|one| ("photo=a.jpg", &**one)).collect();
    let page = browser.bring(&address, &all_good(KEY, AT), &files).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(town.rows::<inspection::Entity>().await.is_empty());
    browser.bring(&address, &all_good(KEY, AT), &files[1..]).await.is(303);
    assert_eq!(town.rows::<attachment::Entity>().await.len(), limits::INSPECTION_PHOTOS);
}

async fn nobody_sends_the_record_of_another(town: &Town) {
    let (_, address) = form(town).await;
    let mut browser = town.browser(Role::VillageOfficer).await;
    let other = town.as_role(Role::Inspector).await.account().expect("an account").to_string();
    let mut sent = all_good(KEY, AT);
    sent.push(("account", &other));
    let before = town.n_entries().await;
    let page = browser.bring(&address, &sent, &[]).await.is(403).text();
    assert!(page.contains("另一个账号"), "{page}");
    assert_eq!(town.n_entries().await, before);
}

async fn what_is_kept_without_a_network_tells_of_nobody(town: &Town) {
    let mut browser = town.browser(Role::Inspector).await;
    for address in ["/offline", "/sw.js", "/manifest.webmanifest"] {
        let own = browser.open(address).await.is(200);
        let stranger = town.stranger().ask(Method::GET, address).send().await.is(200);
        assert_eq!(own.body, stranger.body, "{address}");
        assert!(own.headers.get("taizhang-account").is_none(), "{address}");
    }
    let worker = browser.open("/sw.js").await.is(200);
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert!(worker.header("content-type").starts_with("text/javascript"));
    for loaded in
        worker.text().split('"').filter(|text| text.starts_with("/static/") && text.contains('-'))
    {
        browser.open(loaded).await.is(200);
    }
}
