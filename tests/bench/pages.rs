//! What pages cost: processor time of the server for each, as somebody of a county opens them.

use std::time::Duration;

use crate::{
    Outcome,
    served::{Asked, CLIENTS, Client, PASSWORD, Server, carry_out},
    table::{Figure, Row},
    tell,
};

/// Pages of each kind.
const REQUESTS: usize = 400;

/// Signs somebody in by the page: the cookie that says so.
pub(crate) async fn cookie(server: &Server, name: &str) -> Outcome<String> {
    let form = Asked::form("/sign-in", &[("name", name), ("password", PASSWORD)]);
    let answer = Client::of(&server.at).await?.send(&form).await?;
    let kept = answer.headers().get_all("set-cookie").iter();
    let kept: Vec<&str> =
        kept.filter_map(|cookie| cookie.to_str().ok()?.split(';').next()).collect();
    if kept.is_empty() {
        return Err(format!("nobody signed in: {}", answer.status()).into());
    }
    Ok(kept.join("; "))
}

pub(crate) async fn measure(n: u64, server: &Server, name: &str, codes: &[String]) -> Outcome<()> {
    let cookie = cookie(server, name).await?;
    let cards: Vec<String> = codes.iter().map(|code| format!("/assets/{code}")).collect();
    let one = |path: &str| vec![path.to_owned()];
    let kinds = [
        ("list", one("/assets"), 1_500),
        ("list by value", one("/assets?sort=-value"), 1_500),
        ("findings", one("/findings"), 1_500),
        ("overview of a county", one("/dashboard"), 10_000),
        ("card", cards, 3_000),
    ];
    for (kind, paths, goal) in kinds {
        tell(n, &format!("page: {kind}"));
        let asked = paths.iter().cycle().take(REQUESTS);
        let asked = asked.map(|path| Asked::get(path.clone()).with("cookie", cookie.as_str()));
        let asked: Vec<Asked> = asked.collect();
        carry_out(server, asked.iter().take(40).cloned().collect(), 1).await?;
        let came = carry_out(server, asked, CLIENTS).await?;
        Row::new(&format!("page: {kind}"), n, Figure::Time(came.cpu))
            .goal(1_000_000, Figure::Time(Duration::from_micros(goal)))
            .note(format!("CPU a page; {} /s at 8 clients", came.rate))
            .print();
    }
    Ok(())
}
