//! The storms in short, on both databases: each drives the program itself, as the rig does at
//! length (`cargo test --test rig`).

use std::time::Duration;

use taizhang::store::connect::Place;

use crate::{
    harness::{Schema, postgres_url},
    storm::{Found, Site, editors, hang_ups, instances, kills, racers, slow},
};

/// Makes two tests of each storm: `name::sqlite` and `name::postgres`.
macro_rules! storms {
    ($($name:ident: $run:expr),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::over(&$run(&super::Site::in_file()).await);
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some((ground, _schema)) = super::on_postgres().await else { return };
                super::over(&$run(&ground).await);
            }
        }
    )+};
}

storms!(
    what_was_acknowledged_outlives_a_kill: super::killed,
    a_request_hung_up_on_is_done_wholly_or_not_at_all: super::hung_up_on,
    of_those_who_race_exactly_one_wins: super::raced,
    no_change_is_lost_to_another_editor: super::edited,
    the_slow_are_cut_off_and_keep_nobody_waiting: super::slowed,
);

/// A ledger in a schema of its own.
async fn on_postgres() -> Option<(Site, Schema)> {
    let schema = Schema::create(postgres_url().await?).await;
    let Place { url, schema: name } = schema.place();
    let (name, sign) = (name.expect("a schema"), if url.contains('?') { '&' } else { '?' });
    Some((Site::at(format!("{url}{sign}options[search_path]={name}")), schema))
}

/// What a storm left must be as it has to be.
#[track_caller]
fn over(found: &Found) {
    assert!(found.faults.is_empty(), "{found:#?}");
}

async fn killed(ground: &Site) -> Found {
    kills::run(ground, kills::Size { clients: 8, kills: 3, writes: 150 }).await
}

async fn hung_up_on(ground: &Site) -> Found {
    hang_ups::run(ground, hang_ups::Size { requests: 210, clients: 16, memory: 300 }).await
}

async fn raced(ground: &Site) -> Found {
    racers::run(ground, racers::Size { clients: 16, rounds: 5 }).await
}

async fn edited(ground: &Site) -> Found {
    editors::run(ground, editors::Size { clients: 8, rounds: 20 }).await
}

async fn slowed(ground: &Site) -> Found {
    let size = slow::Size {
        headers: 30,
        bodies: 10,
        readers: 0,
        assets: 60,
        time: Duration::from_secs(12),
        memory: 400,
        // no test asserts a time; the rig does
        millis: 60_000,
    };
    slow::run(ground, size).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_programs_serve_one_ledger_and_one_of_them_is_killed() {
    let Some((ground, _schema)) = on_postgres().await else { return };
    over(&instances::run(&ground, instances::Size { clients: 6, writes: 120 }).await);
}
