//! How webhooks go on.

use super::*;

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_780_000_000_000).expect("an instant")
}

fn row() -> Model {
    let draft = Draft { address: "https://receiver.example.cn/".to_owned(), ..Draft::default() };
    add("520381000000".parse().expect("a county"), &draft, 0, at()).expect("a webhook")
}

#[test]
fn waits_grow_and_come_to_an_end() {
    let waits: Vec<i64> =
        (1..).map_while(|n| next_try(n, at())).map(|next| (next - at()).num_seconds()).collect();
    assert_eq!(waits, WAITS);
    assert!(waits.is_sorted() && next_try(0, at()).is_none() && next_try(-1, at()).is_none());
}

#[test]
fn one_is_of_a_county_or_of_less_and_there_are_not_too_many() {
    let of = |area: &str, n| add(area.parse().expect("an area"), &Draft::default(), n, at());
    assert_eq!(of("520300000000", 0), Err(Refusal::webhook_too_wide()));
    assert!(of("520381000000", 0).is_ok() && of("520381100201", 0).is_ok());
    let most = limits::WEBHOOKS_PER_COUNTY;
    assert!(of("520381000000", most - 1).is_ok());
    assert_eq!(of("520381000000", most), Err(Refusal::webhooks_full(most)));
}

#[test]
fn what_it_is_told_of_is_known_and_not_too_much() {
    let codes = |n: usize| vec!["asset.amend".to_owned(); n];
    let draft = |nouns: &[&str], actions| Draft {
        nouns: nouns.iter().map(|noun| (*noun).to_owned()).collect(),
        actions,
        ..Draft::default()
    };
    let known = ["asset", "duty"];
    let most = limits::WEBHOOK_CODES;
    assert!(check(&draft(&["asset", "duty"], codes(most)), &known).is_empty());
    assert_eq!(check(&draft(&["asset", "account"], codes(most + 1)), &known).len(), 2);
    assert_eq!(check(&draft(&[], vec!["asset.paint".to_owned()]), &known).len(), 1);
}

#[test]
fn one_is_paused_resumed_and_ended_for_good() {
    let row = row();
    assert_eq!(resume(&row, false), Err(Refusal::webhook_active()));
    assert_eq!(resume(&row, true).map(|row| row.state), Ok(State::Active));
    let paused = pause(&row).expect("paused");
    assert_eq!(pause(&paused), Err(Refusal::webhook_paused()));
    assert_eq!(resume(&paused, false).map(|row| row.state), Ok(State::Active));
    let ended = end(&paused).expect("ended");
    let no = Refusal::webhook_ended();
    let same = Draft { address: row.address.clone(), ..Draft::default() };
    for done in [
        end(&ended),
        pause(&ended),
        resume(&ended, true),
        rotate(&ended),
        replay(&ended, 0, 9),
        amend(&ended, &same),
    ] {
        assert_eq!(done, Err(no.clone()));
    }
    assert_eq!(amend(&row, &same), Err(Refusal::nothing_changed()));
}

#[test]
fn what_is_sent_again_stands_in_the_log() {
    let row = row();
    for (from, end, is_good) in [(0, 0, true), (9, 9, true), (10, 9, false), (-1, 9, false)] {
        assert_eq!(replay(&row, from, end).is_ok(), is_good, "{from} {end}");
    }
    assert_eq!(replay(&row, 0, -1), Err(Refusal::webhook_replay_range(-1)));
}
