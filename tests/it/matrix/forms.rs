//! Every form: taken from a page that the ledger showed to whoever sends it, and from nowhere else.

use entity::account::Role;

use super::pages::{forms, routes};
use crate::harness::{Town, town::VILLAGE_A1};

on_both!(no_form_is_taken_without_its_mark);

/// What whoever is not signed in sends: there is no session that another site could use.
const BEFORE_SIGNING_IN: [&str; 4] = ["/sign-in", "/q/reports", "/q/{short}/report", "/link"];
/// What brings a file: other forms are no such thing.
const OF_FILES: [&str; 3] = ["/assets/{code}/files", "/assets/{code}/inspect", "/imports/new"];
/// Forms that there are at least, so that the sweep cannot pass over them.
const AT_LEAST: usize = 50;

async fn no_form_is_taken_without_its_mark(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = (town.n_entries().await, town.rows::<entity::session::Entity>().await.len());
    let mut n = 0;
    let mut taken = Vec::new();
    let routes = routes().into_iter().filter(|route| !BEFORE_SIGNING_IN.contains(&&**route));
    for route in routes {
        let address = address_of(&route, &asset.code);
        for (site, mark) in [("same-origin", "x"), ("same-origin", ""), ("cross-site", "x")] {
            let reply = browser.send_from(site, &address, &[("mark", mark)]).await;
            if reply.status == 405 {
                // a page that takes no form
                continue;
            }
            n += 1;
            if site == "same-origin" {
                taken.push(route.clone());
            }
            let is_of_files = OF_FILES.contains(&&*route) && site == "same-origin";
            let expected: &[u16] = if is_of_files { &[400, 403, 415, 422] } else { &[403] };
            let text = reply.text();
            assert!(expected.contains(&reply.status.as_u16()), "{route} from {site}: {text}");
            let says = if site == "same-origin" { "页面已过期" } else { "" };
            assert!(is_of_files || text.contains(says), "{route} from {site}: {text}");
        }
    }
    assert!(n >= 3 * AT_LEAST, "{n} forms");
    // what takes a form is what the sources say takes one
    taken.dedup();
    taken.extend(BEFORE_SIGNING_IN[..3].iter().map(ToString::to_string));
    taken.sort();
    let mut named = forms();
    named.sort();
    assert_eq!(taken, named);
    let after = (town.n_entries().await, town.rows::<entity::session::Entity>().await.len());
    assert_eq!(after, before, "a form without its mark did something");
}

/// An address of a route.
fn address_of(route: &str, code: &str) -> String {
    let mut address = route.replace("{code}", code).replace("{rule}", "G01");
    while let (Some(begin), Some(end)) = (address.find('{'), address.find('}')) {
        address.replace_range(begin..=end, "1");
    }
    address
}
