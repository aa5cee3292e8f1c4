//! Rows that the ledger seems to hold already, over the API.

use axum::http::StatusCode;
use entity::account::Role;
use serde_json::{Value as Json, json};

use super::import::{n_assets, over, send};
use crate::harness::{Town, town::VILLAGE_A1};

on_both!(rows_that_the_ledger_seems_to_hold_are_made_changed_or_left_out);

async fn rows_that_the_ledger_seems_to_hold_are_made_changed_or_left_out(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let text = |value: &str| {
        format!("资产名称,资产类别,区划代码,资产原值\n石拱桥,公益性资产,{VILLAGE_A1},{value}\n")
    };
    let mut n = 0;
    let mut asked = async |duplicates: &str, value: &str| {
        n += 1;
        let fields = [("kind", "assets"), ("duplicates", duplicates)];
        let text = text(value);
        let file = ("a.csv", text.as_bytes());
        let sent = send(&clerk, &format!("k-{n}"), &fields, file).await;
        if sent.status != StatusCode::ACCEPTED {
            return sent.json();
        }
        over(&clerk, &sent).await["outcome"].clone()
    };
    let counts = |outcome: &Json| {
        ["created", "changed", "skipped"].map(|name| outcome[name].as_u64().unwrap_or_default())
    };
    assert_eq!(counts(&asked("skip", "2000").await), [0, 0, 1]);
    assert_eq!(counts(&asked("update", "2000").await), [0, 1, 0]);
    assert_eq!(n_assets(town).await, 1);
    assert_eq!(counts(&asked("new", "3000").await), [1, 0, 0]);
    assert_eq!(n_assets(town).await, 2);
    let wrong = asked("ask", "1").await;
    assert_eq!(wrong["errors"][0]["field"], json!("duplicates"), "{wrong}");
}
