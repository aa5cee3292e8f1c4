//! Inspecting where there is no network: a packet is taken along, records and photos wait on the device
//! and come exactly once, whatever became of the wire and of the program meanwhile; and nobody sends or
//! sees the records of another.

use std::path::PathBuf;

use chromiumoxide::cdp::browser_protocol::network::OverrideNetworkStateParams;
use entity::{account::Role, attachment, inspection, setting::Key};
use image::GenericImageView as _;
use serde_json::{Value as Json, json};
use taizhang::{app, domain::setting::Proposal, store::Actor};
use tempfile::TempDir;

use super::{Sight, chromium, window::Window};
use crate::harness::{
    Town,
    files::{of_telephone, view},
    on_sqlite,
    serving::Serving,
    signing_in::PASSWORD,
    town::{COUNTY, code},
    wire::{Fate, Wire},
};

/// The points of the assets of a town.
const N_POINTS: usize = 6;

/// Has every asset of the county looked at every so many days: all of them are overdue.
async fn ask_for_inspections(town: &Town) {
    let proposal = Proposal {
        key: Key::InspectionDays,
        area: code(COUNTY),
        value: "30".to_owned(),
        basis_title: "县扶贫项目资产管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
}

/// A window, and a wire to the program that can be cut.
struct Field {
    sight: Sight,
    wire: Wire,
}

impl Field {
    async fn of(town: &Town) -> Option<Field> {
        let mut sight = Sight::of(town).await?;
        ask_for_inspections(town).await;
        app::setting::apply(&town.ledger, &Actor::operator(), code(COUNTY), 1_000).await;
        let wire = Wire::to(sight.at.trim_start_matches("http://"));
        sight.at = format!("http://{}", wire.at);
        sight.window.resize(390, 844).await;
        sight.window.with_workers().await;
        Some(Field { sight, wire })
    }

    fn window(&self) -> &Window {
        &self.sight.window
    }

    /// Without any network: neither for the page nor for its worker.
    async fn cut(&self, is_cut: bool) {
        self.wire.becomes(if is_cut { Fate::Dead } else { Fate::Whole });
        cut_off(self.window(), is_cut).await;
    }

    /// Takes the packet along, and waits until the worker has the pages in hand.
    async fn take_along(&self) {
        self.sight.open("/inspections/round").await;
        // a page that came before its worker was there is not in its hand
        let is_there = "navigator.serviceWorker.getRegistration().then(found => !!found?.active)";
        self.window().until(is_there).await;
        self.sight.open("/inspections/round").await;
        self.window().until("!!navigator.serviceWorker.controller").await;
        self.window().click("[data-part=take]").await;
        self.window()
            .until("document.querySelector('[data-part=taken]').textContent.includes('数据截至')")
            .await;
    }
}

/// Tells the browser that it has a network, or none.
async fn cut_off(window: &Window, is_cut: bool) {
    let conditions = OverrideNetworkStateParams::new(is_cut, 0.0, -1.0, -1.0);
    window.page.execute(conditions).await.expect("told");
}

/// Opens an asset of the packet: the first of the list, by the way that leads to it.
async fn open_first(window: &Window) {
    window.click("details[data-at] > summary").await;
    window.wait_for("details[open] [data-record] button[name=all]").await;
}

/// Waits until the script has the form of a page in hand.
async fn is_ready(window: &Window) {
    window.until("!!document.querySelector('[data-record]').kept").await;
}

/// What stands in the list of what waits.
async fn told(window: &Window) -> Vec<String> {
    window.ask("[...document.querySelectorAll('#waiting li')].map(one => one.textContent)").await
}

async fn says(window: &Window, words: &str) {
    let truth = format!(
        "[...document.querySelectorAll('#waiting li')].some(one => one.textContent.includes('{words}'))"
    );
    window.until(&truth).await;
}

/// A photo on this machine.
fn photo(folder: &TempDir, n: u32) -> PathBuf {
    let path = folder.path().join(format!("{n}.jpg"));
    std::fs::write(&path, of_telephone(&view(n, 2_000, 92))).expect("a photo");
    path
}

async fn counted(town: &Town) -> (usize, usize) {
    let files = town.rows::<attachment::Entity>().await;
    (town.rows::<inspection::Entity>().await.len(), files.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_recorded_without_a_network_comes_exactly_once() {
    on_sqlite(async |town: &Town| {
        let Some(field) = Field::of(town).await else { return };
        let folder = TempDir::new().expect("a folder");
        field.sight.sign_in(town, Role::Inspector).await;
        field.take_along().await;
        field.cut(true).await;
        // a page that was not taken along says so; the round opens what was
        field.sight.open("/assets").await;
        assert!(field.window().text().await.contains("没有网络"));
        field.sight.open("/inspections/round").await;
        field.window().n_clicks();
        open_first(field.window()).await;
        field.window().click("details[open] button[name=all]").await;
        field.window().click("details[open] .dock .go").await;
        says(field.window(), "等网络").await;
        assert!(field.window().n_clicks() <= 4, "all good takes four taps");
        assert!(field.window().text().await.contains("已存在本机"));
        // another with a defect and two photos
        field.sight.open("/inspections/round").await;
        field.window().click("details[data-at]:nth-of-type(2) > summary").await;
        let form = "details[open] [data-record]";
        field.window().wait_for(&format!("{form} button[name=all]")).await;
        field.window().click(&format!("{form} button[name=all]")).await;
        field.window().click(&format!("{form} fieldset:nth-of-type(2) [value=defect]")).await;
        for n in [1, 2] {
            let input = format!("{form} fieldset:nth-of-type(2) [type=file]");
            field.window().choose_file(&input, &photo(&folder, n)).await;
            field.window().until(&format!("document.querySelector('{form} [data-photos]').textContent.endsWith('{n}')")).await;
        }
        field.window().click(&format!("{form} .dock .go")).await;
        field.window().until("document.querySelectorAll('#waiting li').length === 2").await;
        assert_eq!(counted(town).await, (0, 0));
        // it is there after the page was closed
        field.sight.open("/inspections/packet").await;
        field.window().until("document.querySelectorAll('#waiting li').length === 2").await;
        field.window().run(NOTED).await;
        field.window().until("!!window.noted").await;
        field.cut(false).await;
        field.window().until("!document.querySelector('#waiting [data-part=n]') || document.querySelector('[data-part=n]').textContent === '0'").await;
        assert_eq!(counted(town).await, (2, 2));
        assert!(told(field.window()).await.iter().all(|line| line.contains("已入账")));
        let rows = town.rows::<inspection::Entity>().await;
        assert_eq!(rows.iter().map(|row| row.checks.0.len()).sum::<usize>(), 2 * N_POINTS);
        assert!(rows.iter().all(|row| row.device.is_some() && row.device_count.is_some()));
        assert_eq!(rows.iter().filter(|row| row.is_all_at_once).count(), 1);
        let files = town.rows::<attachment::Entity>().await;
        assert!(files.iter().all(|file| file.likeness.is_some() && file.size < 400 * 1024), "{files:?}");
        let is_told = |file: &attachment::Model| file.taken_at.zip(file.taken_latitude).is_some();
        assert!(files.iter().all(is_told), "what the camera says comes along: {files:?}");
        for file in &files {
            let operator = Actor::operator();
            let read = town.ledger.read(&operator);
            let bytes = app::attachment::content(&read, file.id).await.expect("a photo").1;
            let (width, height) = image::load_from_memory(&bytes).expect("a picture").dimensions();
            assert!(width < height, "it stands upright: {width} × {height}");
        }
        // sent again, twice: the device forgot that they came
        for n in [4, 6] {
            field.window().run(PUT_BACK).await;
            field.window().until("window.isPutBack").await;
            field.window().click("#waiting [name=send]").await;
            let sent = format!("document.querySelectorAll('#waiting li').length === {n}");
            field.window().until(&sent).await;
            field.window().until("document.querySelector('[data-part=n]').textContent === '0'").await;
        }
        assert_eq!(counted(town).await, (2, 2));
        field.sight.close().await;
    })
    .await;
}

/// Notes what the device keeps.
const NOTED: &str = "indexedDB.open('taizhang').onsuccess = event => { \
    event.target.result.transaction('records').objectStore('records').getAll().onsuccess = \
    event => { window.noted = event.target.result; }; }";
/// Has the device keep what was noted, as if nothing had been sent.
const PUT_BACK: &str = "window.isPutBack = false; indexedDB.open('taizhang').onsuccess = event => { \
    const txn = event.target.result.transaction('records', 'readwrite'); \
    for (const row of window.noted) txn.objectStore('records').put(row); \
    txn.oncomplete = () => { window.isPutBack = true; }; }";
/// Whether the page has asked who would send what waits.
const ASKED: &str =
    "performance.getEntriesByType('resource').some(one => one.name.endsWith('/sender'))";

/// Fills in the first form of the packet at one press and keeps it.
async fn record_first(window: &Window) {
    open_first(window).await;
    window.click("details[open] button[name=all]").await;
    window.click("details[open] .dock .go").await;
    says(window, "等网络").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sends_or_sees_the_records_of_another() {
    on_sqlite(async |town: &Town| {
        let Some(field) = Field::of(town).await else { return };
        let window = field.window();
        field.sight.sign_in(town, Role::Inspector).await;
        field.take_along().await;
        field.cut(true).await;
        field.sight.open("/inspections/round").await;
        record_first(window).await;
        // signing out with a network leaves the record and drops the packet
        field.wire.becomes(Fate::Whole);
        field.sight.open("/me").await;
        cut_off(window, false).await;
        field.sight.leave().await;
        window.until("caches.has('packet').then(has => !has)").await;
        assert_eq!(counted(town).await.0, 0);
        field.sight.sign_in(town, Role::VillageOfficer).await;
        field.sight.open("/inspections/round").await;
        window.until(&format!("{ASKED} && !!navigator.serviceWorker.controller")).await;
        assert!(window.ask::<bool>("document.getElementById('waiting').hidden").await);
        assert!(told(window).await.is_empty());
        field.cut(true).await;
        field.sight.open("/inspections/packet").await;
        let page = window.text().await;
        assert!(page.contains("没有网络") && !page.contains("便民桥"), "{page}");
        field.cut(false).await;
        assert_eq!(counted(town).await.0, 0, "the village officer sent nothing");
        field.sight.leave().await;
        field.sight.sign_in(town, Role::Inspector).await;
        field.sight.open("/inspections/round").await;
        says(window, "已入账").await;
        let rows = town.rows::<inspection::Entity>().await;
        let inspector = town.as_role(Role::Inspector).await;
        assert_eq!(
            rows.iter().map(|row| row.account_id).collect::<Vec<_>>(),
            [inspector.account()]
        );
        field.sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packet_of_one_account_is_dropped_when_the_page_of_another_comes() {
    on_sqlite(async |town: &Town| {
        let Some(field) = Field::of(town).await else { return };
        let window = field.window();
        field.sight.sign_in(town, Role::Inspector).await;
        field.take_along().await;
        assert!(window.ask::<bool>("caches.has('packet')").await);
        // the session ends by itself, and somebody else signs in
        town.clock.pass(40 * 60);
        field.sight.open("/me").await;
        window.wait_for("#f-name").await;
        assert!(window.ask::<bool>("caches.has('packet')").await, "it is the inspector's still");
        field.sight.sign_in(town, Role::VillageOfficer).await;
        window.until("caches.has('packet').then(has => !has)").await;
        field.sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_outlives_the_session() {
    on_sqlite(async |town: &Town| {
        let Some(field) = Field::of(town).await else { return };
        let window = field.window();
        field.sight.sign_in(town, Role::Inspector).await;
        field.take_along().await;
        field.cut(true).await;
        field.sight.open("/inspections/round").await;
        record_first(window).await;
        town.clock.pass(40 * 60);
        field.cut(false).await;
        window.until("!document.querySelector('[data-part=ended]').hidden").await;
        says(window, "等网络").await;
        assert_eq!(counted(town).await.0, 0);
        // a line in red once it has waited for more than three days
        assert!(window.ask::<bool>("document.querySelector('[data-part=late]').hidden").await);
        window.run(NOTED).await;
        window.until("!!window.noted").await;
        window.run("for (const row of window.noted) row.at -= 73 * 36e5").await;
        window.run(PUT_BACK).await;
        window.until("window.isPutBack").await;
        field.sight.open("/offline").await;
        field.sight.sign_in(town, Role::Inspector).await;
        field.wire.becomes(Fate::Begun("/inspect"));
        field.sight.open("/inspections/round").await;
        window.until("!document.querySelector('[data-part=late]').hidden").await;
        field.wire.becomes(Fate::Whole);
        window.click("#waiting [name=send]").await;
        says(window, "已入账").await;
        assert_eq!(counted(town).await.0, 1);
        field.sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_ledger_refuses_stays_until_somebody_decides() {
    on_sqlite(async |town: &Town| {
        let Some(field) = Field::of(town).await else { return };
        let window = field.window();
        field.sight.sign_in(town, Role::Inspector).await;
        field.take_along().await;
        field.cut(true).await;
        field.sight.open("/inspections/round").await;
        record_first(window).await;
        // meanwhile every asset became one of another kind, with other points
        let assets = town.rows::<entity::asset::Entity>().await;
        for asset in &assets {
            let class = (entity::asset::Class::Operating, Some(entity::asset::Subclass::Solar));
            let named = (asset.id, asset.version);
            let operator = Actor::operator();
            app::asset::reclass(&town.ledger, &operator, named, class, "改作经营")
                .await
                .expect("done");
        }
        field.cut(false).await;
        says(window, "没有收下").await;
        says(window, "逆变器：请选").await;
        assert_eq!(counted(town).await.0, 0);
        // it stays through another visit, and is mended where it was refused
        field.sight.open("/inspections/round").await;
        says(window, "没有收下").await;
        window.run(NOTED).await;
        window.until("!!window.noted").await;
        let refused: Vec<Json> = window.ask("window.noted.map(row => ({ ...row }))").await;
        window.click("#waiting li a").await;
        window.wait_for("[data-record] [name=inverter]").await;
        is_ready(window).await;
        window.click("[data-record] button[name=all]").await;
        window.click("[data-record] .dock .go").await;
        says(window, "已入账").await;
        assert_eq!(counted(town).await.0, 1);
        // another is deleted by whoever decides so
        window.run(&format!("window.noted = {}", json!(refused))).await;
        window.run(PUT_BACK).await;
        window.until("window.isPutBack").await;
        field.sight.open("/inspections/round").await;
        window.run("window.confirm = () => true").await;
        window.click("#waiting [name=drop]").await;
        window.until("!document.querySelector('#waiting li')").await;
        field.sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_form_brings_its_photos() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, false).await else { return };
        let folder = TempDir::new().expect("a folder");
        sight.sign_in(town, Role::Inspector).await;
        sight.open("/inspections/round").await;
        sight.window.write("#f-code", &sight.assets[0].code.to_lowercase()).await;
        sight.window.turn(".filters:nth-of-type(2) .go").await;
        sight.window.turn("button[name=all]").await;
        sight.window.choose_file("[name=photo]", &photo(&folder, 1)).await;
        sight.window.turn("main .dock .go").await;
        let page = sight.window.text().await;
        assert!(page.contains("巡查已登记") && page.contains("一键全部完好"), "{page}");
        sight.window.wait_for(".pics img").await;
        assert_eq!(counted(town).await, (1, 1));
        sight.close().await;
    })
    .await;
}

/// The sample county served by the program itself, an inspector of it with a password, and a header
/// that says who asks.
fn serve(folder: &TempDir) -> (Serving, String) {
    let serving = Serving::start(folder.path(), &["demo", "--no-open"], "Ctrl-C");
    let line = serving.said.lines().find(|line| line.contains("qinghe-inspector"));
    let code = line.and_then(|line| line.split_whitespace().nth(3)).expect("a code").to_owned();
    let bearer = serving.sign_in("qinghe-inspector", &code);
    (serving, bearer)
}

fn start_again(folder: &TempDir) -> (Serving, String) {
    let serving = Serving::start(folder.path(), &["demo", "--no-open"], "Ctrl-C");
    let who = json!({ "name": "qinghe-inspector", "password": PASSWORD });
    let (status, opened) = serving.post("/sessions", &who);
    let opened: Json = serde_json::from_str(&opened).expect("JSON");
    assert_eq!(status, 201, "{opened}");
    let token = opened["access_token"].as_str().expect("a token");
    let bearer = format!("authorization: Bearer {token}");
    (serving, bearer)
}

/// The records of an asset that a device made, and how many photos these have.
fn records_of(serving: &Serving, bearer: &str, id: i64) -> (usize, usize) {
    let list = |path: &str| -> Json {
        let (status, text) = serving.ask(&format!("GET /api/v1{path}\n{bearer}"), "");
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).expect("JSON")
    };
    let records = list(&format!("/inspections?asset={id}"));
    let made = records["items"].as_array().expect("rows").iter();
    let made = made.filter(|row| row["device"].is_string()).count();
    let files = list(&format!("/assets/{id}/attachments"));
    let files = files.as_array().expect("rows").iter();
    (made, files.filter(|row| row["subject"] == "inspection").count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_killed_in_the_middle_gets_it_exactly_once() {
    let Some(program) = chromium() else { return };
    let (folder, photos) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let (serving, bearer) = serve(&folder);
    let window = Window::open(&program).await;
    let wire = Wire::to(&serving.at);
    let at = format!("http://{}", wire.at);
    window.go(&format!("{at}/sign-in")).await;
    window.write("#f-name", "qinghe-inspector").await;
    window.write("#f-password", PASSWORD).await;
    window.click("main button.go").await;
    window.wait_for("tbody tr[data-at] a").await;
    window.click("tbody tr[data-at] a").await;
    window.wait_for("[data-record] button[name=all]").await;
    let code: String = window.ask("location.pathname.split('/')[2]").await;
    let (_, found) = serving.ask(&format!("GET /api/v1/assets?q={code}\n{bearer}"), "");
    let found: Json = serde_json::from_str(&found).expect("JSON");
    let id = found["items"][0]["id"].as_i64().expect("an id");
    assert_eq!(records_of(&serving, &bearer, id), (0, 0));
    is_ready(&window).await;
    window.click("[data-record] button[name=all]").await;
    window.choose_file("[name=photo]", &photo(&photos, 7)).await;
    window.until("document.querySelector('output[data-photos]').textContent.endsWith('1')").await;
    // the beginning arrives, and the program is killed
    wire.becomes(Fate::Begun("/inspect"));
    window.click("[data-record] .dock .go").await;
    wire.is_cut().await;
    drop(serving);
    says(&window, "等网络").await;
    let (serving, bearer) = start_again(&folder);
    assert_eq!(records_of(&serving, &bearer, id), (0, 0));
    // all of it arrives, its answer does not, and the program is killed
    wire.leads_to(&serving.at);
    wire.becomes(Fate::Unanswered("/inspect"));
    window.until("!document.querySelector('#waiting').hidden").await;
    window.click("#waiting [name=send]").await;
    wire.is_cut().await;
    wire.becomes(Fate::Dead);
    drop(serving);
    let (serving, bearer) = start_again(&folder);
    assert_eq!(records_of(&serving, &bearer, id).0, 1, "it was kept before it was answered");
    wire.leads_to(&serving.at);
    wire.becomes(Fate::Whole);
    window.click("#waiting [name=send]").await;
    says(&window, "已入账").await;
    assert_eq!(records_of(&serving, &bearer, id), (1, 1));
    window.close().await;
    serving.end();
}
