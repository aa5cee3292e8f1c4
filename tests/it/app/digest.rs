//! Digests: one a period, however often the program runs, ends in the middle, or meets a mail server
//! that hangs up; bad addresses are told of.

use std::time::Instant;

use chrono::TimeDelta;
use entity::{account::Role, digest::State, language::Language};
use taizhang::{
    app::{
        digest::{Run, Sending, look, own_address, run, set_address},
        mail::{Carrier, MailServer as Place},
    },
    domain::digest::Period,
    error::Error,
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::invalid,
    mail_server::{Fate, MailServer},
    town::{COUNTY, VILLAGE_A1},
};

on_both!(
    a_digest_tells_what_is_due_late_and_new_once,
    what_was_told_is_not_told_again,
    whoever_is_killed_in_the_middle_sends_it_once,
    of_two_programs_one_sends,
    a_server_that_is_busy_is_tried_again_up_to_a_limit,
    an_address_that_is_refused_is_told_of,
    a_server_that_refuses_us_ends_the_run,
    a_server_that_is_slow_or_hangs_up_loses_nothing,
    a_folder_has_one_file_an_account_and_a_period,
    an_address_is_its_accounts_own,
);

const ADDRESS: &str = "cunguan@shanghe.example.cn";

async fn officer(town: &Town) -> Actor {
    let officer = town.as_role(Role::VillageOfficer).await;
    set_address(&town.ledger, &officer, (ADDRESS, Language::Chinese)).await.expect("kept");
    officer
}

fn carrier(server: &MailServer) -> Carrier {
    let place = Place::read(&server.url, "台账 <ledger@example.gov.cn>", None).expect("a server");
    Carrier::server(place).expect("a carrier")
}

fn sending(carrier: &Carrier) -> Sending<'_> {
    let base = "https://ledger.example.gov.cn";
    Sending { carrier, period: Period::Day, base, language: Language::Chinese }
}

async fn send(town: &Town, carrier: &Carrier) -> Run {
    run(&town.ledger, &Actor::operator(), &sending(carrier)).await.expect("a run")
}

/// What becomes of a letter's text on its way: base64 or quoted-printable, undone.
fn text(data: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (head, body) = data.split_once("\r\n\r\n").expect("a head and a body");
    if head.contains("base64") {
        let whole: String = body.split_whitespace().collect();
        return String::from_utf8(STANDARD.decode(whole).expect("base64")).expect("text");
    }
    if head.contains("quoted-printable") {
        return unquoted(body);
    }
    body.to_owned()
}

/// Text of quoted-printable lines (RFC 2045 §6.7).
fn unquoted(body: &str) -> String {
    let whole = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = whole.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        if *first == b'=' {
            let digits = std::str::from_utf8(&others[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("a byte"));
            rest = &others[2..];
        } else {
            bytes.push(*first);
            rest = others;
        }
    }
    String::from_utf8(bytes).expect("text")
}

async fn state(town: &Town) -> Vec<(State, i32, Option<String>)> {
    let mut rows = town.rows::<entity::digest::Entity>().await;
    rows.sort_by_key(|row| row.period_on);
    rows.into_iter().map(|row| (row.state, row.tries, row.problem)).collect()
}

async fn a_digest_tells_what_is_due_late_and_new_once(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    officer(town).await;
    town.report(&asset, ("栏杆断了", "13900000000")).await;
    let server = MailServer::open().await;
    let carrier = carrier(&server);
    assert_eq!(send(town, &carrier).await, Run { sent: 1, ..Run::default() });
    let mail = server.taken().remove(0);
    assert_eq!(mail.to, ADDRESS);
    let text = text(&mail.data);
    assert!(text.contains("有人报修：上河桥"), "{text}");
    assert!(text.contains("https://ledger.example.gov.cn/fault-reports/"), "{text}");
    assert!(!text.contains("13900000000") && !text.contains("栏杆"), "{text}");
    // however often it runs
    assert_eq!(send(town, &carrier).await, Run { passed: 1, ..Run::default() });
    assert_eq!(server.taken().len(), 1);
    assert_eq!(state(town).await, [(State::Sent, 1, None)]);
}

async fn what_was_told_is_not_told_again(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    let officer = officer(town).await;
    let server = MailServer::open().await;
    let carrier = carrier(&server);
    town.report(&asset, ("一", "")).await;
    send(town, &carrier).await;
    town.clock.advance(1);
    let other = town.asset(VILLAGE_A1, "下河桥", "10.00").await;
    town.report(&other, ("二", "")).await;
    set_address(&town.ledger, &officer, (ADDRESS, Language::English)).await.expect("kept");
    assert_eq!(send(town, &carrier).await.sent, 1);
    let text = text(&server.taken()[1].data);
    assert!(text.contains("a fault was reported: 下河桥") && !text.contains("上河桥"), "{text}");
    // a period without anything: reports wait for an answer until they are dismissed
    let clerk = town.as_role(Role::TownshipClerk).await;
    for row in town.rows::<entity::fault_report::Entity>().await {
        taizhang::app::fault_report::dismiss(&town.ledger, &clerk, row.id, "重复")
            .await
            .expect("dismissed");
    }
    town.clock.advance(1);
    assert_eq!(send(town, &carrier).await, Run { empty: 1, ..Run::default() });
    assert_eq!(server.taken().len(), 2);
}

async fn whoever_is_killed_in_the_middle_sends_it_once(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    officer(town).await;
    town.report(&asset, ("一", "")).await;
    let server = MailServer::open().await;
    let carrier = carrier(&server);
    // killed after it was claimed, before anything was sent
    let claim = async |town: &Town| {
        let (readers, _) =
            town.ledger.digest_readers(entity::id::AccountId(0), true).await.expect("readers");
        town.ledger.claim_digest(&readers[0], town.today()).await.expect("a claim")
    };
    assert!(claim(town).await.is_some());
    let lease = TimeDelta::minutes(limits::DIGEST_LEASE_MINUTES).num_seconds();
    // whoever comes meanwhile takes it for being sent; what comes to the log meanwhile is for the next
    town.clock.pass(lease - 1);
    town.report(&asset, ("二", "")).await;
    assert_eq!(send(town, &carrier).await, Run { passed: 1, ..Run::default() });
    town.clock.pass(1);
    assert_eq!(send(town, &carrier).await.sent, 1);
    assert_eq!(server.taken().len(), 1);
    // killed after the server took it: it sees the same message again, by its name
    town.clock.advance(1);
    town.report(&asset, ("三", "")).await;
    server.becomes(Fate::TakenUnsaid);
    assert_eq!(send(town, &carrier).await.waiting.len(), 1);
    server.becomes(Fate::Taken);
    assert_eq!(send(town, &carrier).await.sent, 1);
    let taken = server.taken();
    assert_eq!(taken.len(), 3);
    assert_eq!(taken[1].id(), taken[2].id());
    assert_ne!(taken[0].id(), taken[1].id());
    assert_eq!(text(&taken[1].data), text(&taken[2].data));
}

async fn of_two_programs_one_sends(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    officer(town).await;
    town.report(&asset, ("一", "")).await;
    let server = MailServer::open().await;
    let url = server.url.clone();
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (ledger, url) = (town.ledger.clone(), url.clone());
        racers.spawn(async move {
            let place = Place::read(&url, "ledger@example.gov.cn", None).expect("a server");
            let carrier = Carrier::server(place).expect("a carrier");
            let done = run(&ledger, &Actor::operator(), &sending(&carrier)).await;
            done.expect("a run").sent
        });
    }
    let sent: u64 = racers.join_all().await.into_iter().sum();
    assert_eq!((sent, server.taken().len()), (1, 1));
}

async fn a_server_that_is_busy_is_tried_again_up_to_a_limit(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    officer(town).await;
    town.report(&asset, ("一", "")).await;
    let server = MailServer::open().await;
    server.becomes(Fate::Refused(451));
    let carrier = carrier(&server);
    for n in 1..limits::DIGEST_TRIES {
        let told = send(town, &carrier).await;
        assert_eq!((told.waiting[0].code.as_str(), told.bounced.len()), ("451", 0));
        assert_eq!(state(town).await, [(State::Waiting, n, Some("451".to_owned()))]);
    }
    let told = send(town, &carrier).await;
    assert_eq!((told.waiting.len(), told.bounced[0].code.as_str()), (0, "451"));
    server.becomes(Fate::Taken);
    assert_eq!(send(town, &carrier).await, Run { passed: 1, ..Run::default() });
    // the next period begins anew, and tells what was not told
    town.clock.advance(1);
    assert_eq!(send(town, &carrier).await.sent, 1);
    assert!(text(&server.taken()[0].data).contains("有人报修"));
}

async fn an_address_that_is_refused_is_told_of(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    let officer = officer(town).await;
    town.report(&asset, ("一", "")).await;
    let server = MailServer::open().await;
    server.becomes(Fate::Refused(550));
    let carrier = carrier(&server);
    let told = send(town, &carrier).await;
    let problem = &told.bounced[0];
    assert_eq!((problem.account.as_str(), problem.code.as_str()), (officer.name(), "550"));
    assert!(!format!("{told:?}").contains("shanghe"), "no address is told");
    assert_eq!(send(town, &carrier).await, Run { passed: 1, ..Run::default() });
    // its page says so
    let mut browser = town.browser(Role::VillageOfficer).await;
    let page = browser.open("/me").await.is(200).text();
    assert!(page.contains("退回") && page.contains("c***@shanghe.example.cn"), "{page}");
    // another address has it sent
    server.becomes(Fate::Taken);
    town.clock.pass(1);
    set_address(&town.ledger, &officer, ("b@c.cn", Language::Chinese)).await.expect("kept");
    assert_eq!(send(town, &carrier).await.sent, 1);
    assert_eq!(server.taken()[0].to, "b@c.cn");
}

async fn a_server_that_refuses_us_ends_the_run(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    officer(town).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    set_address(&town.ledger, &clerk, ("b@c.cn", Language::Chinese)).await.expect("kept");
    town.report(&asset, ("一", "")).await;
    let server = MailServer::open().await;
    server.becomes(Fate::Refused(535));
    let told = send(town, &carrier(&server)).await;
    assert_eq!((told.waiting.len(), server.n_connections()), (1, 1));
    server.becomes(Fate::Taken);
    assert_eq!(send(town, &carrier(&server)).await.sent, 2);
}

async fn a_server_that_is_slow_or_hangs_up_loses_nothing(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    officer(town).await;
    town.report(&asset, ("一", "")).await;
    let server = MailServer::open().await;
    let carrier = carrier(&server);
    for (fate, code) in [(Fate::HungUp, "connection"), (Fate::Silent, "timeout")] {
        server.becomes(fate);
        let began = Instant::now();
        let told = send(town, &carrier).await;
        assert_eq!(told.waiting[0].code, code, "{fate:?}");
        assert!(began.elapsed().as_secs() <= 2 * limits::MAIL_SECONDS);
    }
    server.becomes(Fate::Taken);
    assert_eq!(send(town, &carrier).await.sent, 1);
    assert_eq!(server.taken().len(), 1);
}

async fn a_folder_has_one_file_an_account_and_a_period(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    town.report(&asset, ("一", "")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let carrier = Carrier::Folder(folder.path().to_owned());
    let told = send(town, &carrier).await;
    // the village, its town and the offices of the county, without any address
    assert!(told.sent >= 2 && told.bounced.is_empty(), "{told:?}");
    let files = || std::fs::read_dir(folder.path()).expect("a folder").flatten().count() as u64;
    assert_eq!(files(), told.sent);
    assert_eq!(send(town, &carrier).await.sent, 0);
    assert_eq!(files(), told.sent);
    // a look keeps nothing
    let officer = town.as_role(Role::VillageOfficer).await;
    let before = town.everything().await;
    let seen = look(&town.ledger, &officer, &sending(&carrier)).await.expect("a look");
    assert!(seen.text.contains("上河桥"), "{}", seen.text);
    assert_eq!(town.everything().await, before);
}

async fn an_address_is_its_accounts_own(town: &Town) {
    let officer = officer(town).await;
    assert_eq!(town.last_entry(COUNTY).await["action"], "mail_address.set");
    let all = town.everything().await;
    assert!(!all.iter().any(|row| row.contains("shanghe")), "it is sealed");
    let shown = own_address(&town.ledger, &officer).await.expect("a query");
    assert_eq!(shown, Some(("c***@shanghe.example.cn".to_owned(), Language::Chinese)));
    let clerk = town.as_role(Role::TownshipClerk).await;
    assert_eq!(own_address(&town.ledger, &clerk).await.expect("a query"), None);
    invalid(set_address(&town.ledger, &clerk, ("nobody", Language::Chinese)).await, "mail");
    let operator = Actor::operator();
    let done = set_address(&town.ledger, &operator, ("a@b.cn", Language::Chinese)).await;
    assert!(matches!(done, Err(Error::NotPermitted(_))));
    set_address(&town.ledger, &officer, (" ", Language::Chinese)).await.expect("forgotten");
    assert_eq!(own_address(&town.ledger, &officer).await.expect("a query"), None);
    assert!(town.rows::<entity::mail_address::Entity>().await.is_empty());
}
