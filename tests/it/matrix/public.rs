//! What anybody is shown behind a plate: names of things, areas and organizations of that place; and of
//! a report that is followed up, no more.

use axum::http::Method;

use super::{
    canary::{found, word},
    country::{PLACES, Who},
    scan::Scan,
};

/// What canaries may stand on a page that anybody opens.
const OPEN: [&str; 3] = ["asset", "area", "body"];

/// The page behind the plate of an asset of every place, and the form of a report of it.
pub(super) async fn sweep(scan: &Scan<'_>) {
    let town = scan.country.town;
    let stranger = scan.country.client(Who { place: 0, role: None });
    let rows = town.rows::<entity::asset::Entity>().await;
    let mut n = 0;
    for place in 0..PLACES.len() {
        let name = word(place, "asset0");
        let Some(asset) = rows.iter().find(|row| row.name == name) else { continue };
        let short = town.ledger.short_code(asset.id).expect("a short code").plain();
        for address in [format!("/q/{short}"), format!("/q/{short}/report")] {
            let reply = stranger.ask(Method::GET, &address).send().await.is(200);
            let told = format!("{:?} {}", reply.headers, reply.text());
            assert!(told.contains(&name), "{address}");
            for canary in found(told.as_bytes()) {
                let is_open = OPEN.iter().any(|what| canary.what.starts_with(what));
                assert!(
                    is_open && canary.place == place || canary.what == "area",
                    "{address}: {canary:?}"
                );
            }
            n += 1;
        }
    }
    assert!(n > PLACES.len(), "{n} pages");
}
