//! What leaders, auditors and administrators come for, and what is handed out and printed: each with
//! the clicks it takes, with scripts and without.

use std::{fs, path::Path, time::Duration};

use entity::account::{Role, State};

use super::Sight;
use crate::harness::{Town, on_sqlite, town::account_name};

/// Makes two tests of a journey: with scripts, and without.
macro_rules! both {
    ($($journey:ident),+ $(,)?) => {$(
        mod $journey {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn with_scripts() {
                super::$journey(true).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn without_scripts() {
                super::$journey(false).await;
            }
        }
    )+};
}

both!(
    a_leader_finds_whom_to_ask,
    a_figure_leads_to_whoever_changed_it,
    the_ledger_is_verified_at_a_click,
    whoever_leaves_is_locked_out,
    what_is_shown_is_handed_out,
);

async fn a_leader_finds_whom_to_ask(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::Leader).await;
        sight.window.n_clicks();
        // the five most urgent stand on the first page, each with who has to act
        sight.window.wait_for(".ppl li").await;
        let told = "[...document.querySelectorAll('.ppl li')].map(one => one.querySelector('.mut').innerText.trim())";
        let told: Vec<String> = sight.window.ask(told).await;
        assert_eq!((sight.window.n_clicks(), told.len()), (0, 5));
        assert!(told.iter().all(|who| who.split(' ').nth(1).is_some_and(|who| who.len() > 1)), "{told:?}");
        // any other in three: the kind, the list, the card
        sight.window.turn("a[href*='rule=G01']").await;
        sight.window.turn("tbody tr:nth-child(7) a").await;
        sight.window.wait_for(".note.bad").await;
        assert!(sight.window.n_clicks() <= 3);
        let who = "[...document.querySelectorAll('main h2')].find(one => one.innerText.includes('找谁负责'))?.closest('section').innerText ?? ''";
        let who: String = sight.window.ask(who).await;
        assert!(who.contains("管护主体"), "{who}");
        sight.close().await;
    })
    .await;
}

async fn a_figure_leads_to_whoever_changed_it(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        let name = "上河村便民桥";
        let mut clerk = town.browser(Role::FinanceClerk).await;
        let edit = format!("/assets/{}/edit", sight.assets[0].code);
        clerk.fill(&edit, &edit, &[("location", "三组河边")]).await.is(303);
        sight.seat(town, Role::Auditor).await;
        sight.open("/dashboard").await;
        sight.window.n_clicks();
        sight.window.turn(".strip a[href^='/assets']").await;
        let row = format!("tbody a[href='/assets/{}']", sight.assets[0].code);
        sight.window.turn(&row).await;
        sight.window.turn("a[href$='/history']").await;
        sight.window.turn("main a[href^='/log/']").await;
        assert!(sight.window.n_clicks() <= 5);
        let entry: String = sight.window.ask("document.querySelector('main').innerText").await;
        for told in [name, "三组河边", account_name(Role::FinanceClerk).as_str(), "摘要"] {
            assert!(entry.contains(told), "{told}: {entry}");
        }
        sight.close().await;
    })
    .await;
}

async fn the_ledger_is_verified_at_a_click(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.seat(town, Role::Auditor).await;
        sight.open("/log/verify").await;
        sight.window.n_clicks();
        sight.window.turn("main button.go").await;
        sight.window.wait_for("main dl.desc").await;
        assert_eq!(sight.window.n_clicks(), 1);
        let told: String = sight.window.ask("document.querySelector('main').innerText").await;
        assert!(told.contains("一致"), "{told}");
        sight.close().await;
    })
    .await;
}

async fn whoever_leaves_is_locked_out(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        let mut leaving = town.browser(Role::TownshipClerk).await;
        let id = town.as_role(Role::TownshipClerk).await.account().expect("an account");
        sight.seat(town, Role::SecurityAdministrator).await;
        sight.open("/admin/accounts").await;
        sight.window.n_clicks();
        sight.window.turn(&format!("main a[href='/admin/accounts/{id}']")).await;
        sight.window.turn("main a[href$='/lock']").await;
        let told: String = sight.window.ask("document.querySelector('main').innerText").await;
        // what ends, what goes on, and with whom
        for part in ["1 个登录中的设备立即退出", "导入", "管护责任", "谁接着办"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
        sight.window.turn("main button.go").await;
        assert!(sight.window.n_clicks() <= 3);
        let rows = town.rows::<entity::account::Entity>().await;
        let row = rows.into_iter().find(|row| row.id == id).expect("an account");
        assert_eq!(row.state, State::Locked);
        leaving.open("/assets").await.is(303);
        sight.close().await;
    })
    .await;
}

/// The file that comes into a folder, whole.
async fn handed_out(folder: &Path, end: &str) -> Vec<u8> {
    for _ in 0..500 {
        let files = fs::read_dir(folder).expect("the folder").flatten();
        let file = files.map(|one| one.path()).find(|path| path.to_string_lossy().ends_with(end));
        if let Some(bytes) =
            file.and_then(|path| fs::read(path).ok()).filter(|bytes| !bytes.is_empty())
        {
            return bytes;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no file");
}

async fn what_is_shown_is_handed_out(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        let folder = tempfile::tempdir().expect("a folder");
        sight.window.keep_files_in(folder.path()).await;
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets?q=蓄水池").await;
        sight.window.n_clicks();
        sight.window.click("a[href^='/assets.csv']").await;
        let file = handed_out(folder.path(), ".csv").await;
        assert_eq!(sight.window.n_clicks(), 1);
        let text = String::from_utf8_lossy(&file);
        // the rows of all pages, and the head
        assert_eq!(text.lines().filter(|line| line.contains("蓄水池")).count(), 60, "{text}");
        // a list goes to paper whole, on a page of its own
        sight.open("/assets?q=蓄水池").await;
        sight.window.n_clicks();
        sight.window.click(".head a[href^='/assets/print']").await;
        sight.window.wait_for("[data-print=now]").await;
        assert_eq!(sight.window.n_clicks(), 1);
        sight.open("/dashboard").await;
        let is_hidden: bool =
            sight.window.ask("document.querySelector('[data-print]').hidden").await;
        // without scripts the menu of the browser prints
        assert_eq!(is_hidden, !are_scripts_run);
        if are_scripts_run {
            sight.window.run("window.print = () => window.isPrinted = true").await;
            sight.window.n_clicks();
            sight.window.click("[data-print]").await;
            sight.window.until("window.isPrinted === true").await;
            assert_eq!(sight.window.n_clicks(), 1);
        }
        sight.close().await;
    })
    .await;
}
