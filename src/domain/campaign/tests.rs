//! What may happen to a campaign, and at which limits it stops.

use super::*;

const A: Option<AccountId> = Some(AccountId(1));
const B: Option<AccountId> = Some(AccountId(2));

fn day() -> NaiveDate {
    "2026-06-01".parse().expect("a day")
}

fn opening() -> Opening {
    Opening {
        area: "520381000000".parse().expect("a code"),
        name: " 回头看 ".to_owned(),
        purpose: Some("  ".to_owned()),
        rule: None,
        due_on: day(),
    }
}

fn begun(n: usize) -> Result<Model, &'static str> {
    open(&opening(), n, (A, day())).map_err(|no| no.code)
}

#[test]
fn a_campaign_has_as_many_lines_as_it_may() {
    assert_eq!(begun(0), Err("campaign.empty"));
    let most = limits::CAMPAIGN_LINES;
    assert_eq!(begun(most + 1), Err("campaign.too_large"));
    let whole = begun(most).expect("a campaign");
    assert_eq!((usize::try_from(whole.n_lines), whole.name.as_str()), (Ok(most), "回头看"));
    assert_eq!((whole.purpose, whole.opened_by), (None, A));
    let wide = "520300000000".parse().expect("a code");
    assert_eq!(check_extent(wide).map_err(|no| no.code), Err("campaign.too_wide"));
    assert_eq!(check_extent(opening().area), Ok(()));
}

#[test]
fn what_somebody_says_of_it_has_limits() {
    let days = |n: i64| day() + chrono::TimeDelta::days(n);
    let most = limits::RECTIFICATION_DAYS;
    let wrong = |change: &dyn Fn(&mut Opening)| {
        let mut changed = opening();
        change(&mut changed);
        let mistakes = check(&changed, day()).0;
        mistakes.iter().map(|one| one.field.clone().into_owned()).collect::<Vec<_>>()
    };
    assert!(wrong(&|_| {}).is_empty());
    assert!(wrong(&|one| one.due_on = days(most)).is_empty());
    assert_eq!(wrong(&|one| one.due_on = days(most + 1)), ["due_on"]);
    assert_eq!(wrong(&|one| one.due_on = days(-1)), ["due_on"]);
    let text = |n: usize| "查".repeat(n);
    assert!(wrong(&|one| one.name = text(limits::CAMPAIGN_NAME_LENGTH)).is_empty());
    assert_eq!(wrong(&|one| one.name = text(limits::CAMPAIGN_NAME_LENGTH + 1)), ["name"]);
    assert_eq!(wrong(&|one| one.name = " ".to_owned()), ["name"]);
    assert!(wrong(&|one| one.purpose = Some(text(limits::REASON_LENGTH))).is_empty());
    assert_eq!(wrong(&|one| one.purpose = Some(text(limits::REASON_LENGTH + 1))), ["purpose"]);
}

#[test]
fn a_sample_has_as_many_lines_as_it_may() {
    let whole = begun(limits::CAMPAIGN_LINES).expect("a campaign");
    let answered = i64::from(whole.n_lines);
    let of =
        |campaign: &Model, n, size| draw(campaign, n, ("seed", size), day()).map_err(|no| no.code);
    let most = limits::CAMPAIGN_SAMPLE;
    assert_eq!(of(&whole, answered, most + 1), Err("campaign.sample_size"));
    assert_eq!(of(&whole, answered, 0), Err("campaign.sample_size"));
    assert_eq!(of(&whole, answered - 1, most), Err("campaign.unanswered"));
    let drawn = of(&whole, answered, most).expect("drawn");
    assert_eq!((drawn.n_drawn, drawn.seed.as_deref()), (Some(most), Some("seed")));
    assert_eq!(of(&drawn, answered, 1), Err("campaign.drawn"));
    let small = begun(3).expect("a campaign");
    assert_eq!(of(&small, 3, 4), Err("campaign.sample_size"));
    assert!(of(&small, 3, 3).is_ok());
}

#[test]
fn it_is_closed_out_by_another_when_all_is_done() {
    let small = begun(3).expect("a campaign");
    let end = |campaign: &Model, counts, actor| {
        close(campaign, counts, "好", (actor, day())).map_err(|no| no.code)
    };
    assert_eq!(end(&small, (3, 0), B), Err("campaign.without_sample"));
    let drawn = draw(&small, 3, ("seed", 2), day()).expect("drawn");
    assert_eq!(end(&drawn, (3, 2), A), Err("campaign.own"));
    assert_eq!(end(&drawn, (2, 2), B), Err("campaign.unanswered"));
    assert_eq!(end(&drawn, (3, 1), B), Err("campaign.not_rechecked"));
    let closed = end(&drawn, (3, 2), B).expect("closed out");
    assert_eq!(
        (closed.state, closed.closed_by, closed.closed_on),
        (State::ClosedOut, B, Some(day()))
    );
    assert_eq!(end(&closed, (3, 2), B), Err("campaign.closed"));
}
