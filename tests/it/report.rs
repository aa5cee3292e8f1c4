//! Reports: totals, lists, the recorded past, and who sees what of whom.

use chrono::NaiveDate;
use entity::{account::Role, finding::Rule, organization::Kind};
use serde_json::{Value, json};
use taizhang::{
    app::{
        self,
        output::Format,
        report::{ReportRequest, findings, no_maintainer},
    },
    error::Error,
    store::{
        Actor,
        report::{Extent, Grouping},
    },
};

use crate::report_town::{
    BRIDGE_TOWN, Counties, FAR_VILLAGE, LOWER_VILLAGE, Paper, TOWER_TOWN, UPPER_VILLAGE, code,
};

async fn lacking(town: &Counties, actor: &Actor, request: ReportRequest) -> Value {
    let paper = Paper::default();
    let target = paper.target(Format::Json);
    no_maintainer(&town.ledger, actor, &request, target).await.expect("a report");
    paper.json()
}

fn by(grouping: Grouping) -> ReportRequest {
    ReportRequest { by: Some(grouping), ..ReportRequest::default() }
}

fn as_of(text: &str) -> ReportRequest {
    ReportRequest { as_of: Some(text.parse().expect("a time")), ..ReportRequest::default() }
}

fn names(report: &Value) -> Vec<&str> {
    let rows = report["rows"].as_array().expect("rows");
    rows.iter().filter_map(|row| row["name"].as_str()).collect()
}

on_both!(
    Counties:
    every_total_equals_the_list_behind_it,
    what_is_gone_counts_on_request,
    a_waived_finding_counts_on_request,
    kept_sums_equal_a_recount,
    the_recorded_past_is_told_as_it_was,
    the_past_knows_what_has_moved_to_another_county,
    whoever_has_to_act_is_named_whole_at_the_machine_and_masked_elsewhere,
    a_township_sees_its_own,
    findings_are_counted_by_rule_and_listed,
    a_terminal_shows_the_longest_lasting_first,
);

async fn every_total_equals_the_list_behind_it(town: Counties) {
    let list = lacking(&town, &town.operator, ReportRequest::default()).await;
    assert_eq!(list["total"], json!({ "count": 4, "value": "1200.00" }));
    assert_eq!(list["rows"].as_array().map(Vec::len), Some(4));
    assert_eq!(list["unknown"], json!({ "count": 1, "value": "400.00" }));
    assert_eq!(list["scope"]["area_code"], "000000000000");
    for (name, grouping) in Grouping::ALL {
        for as_of in [None, Some("2026-11-01".parse().expect("a day"))] {
            let request = ReportRequest { as_of, ..by(grouping) };
            let sums = lacking(&town, &town.operator, request).await;
            let total = &sums["total"];
            let figures = ["count", "value", "unknown", "unknown_value", "assets", "asset_value"];
            let told = figures.map(|figure| total[figure].clone());
            let expected = json!([4, "1200.00", 1, "400.00", 5, "1600.00"]);
            assert_eq!(Value::from(told.to_vec()), expected, "{name} {as_of:?}");
            let rows = sums["rows"].as_array().expect("rows");
            let counted: i64 = rows.iter().filter_map(|row| row["count"].as_i64()).sum();
            assert_eq!(counted, 4, "{name}");
        }
    }
    let sums = lacking(&town, &town.operator, by(Grouping::Area(entity::area::Level::Town))).await;
    let rows = sums["rows"].as_array().expect("rows");
    let told: Vec<_> = rows.iter().map(|row| (&row["area"], &row["count"])).collect();
    let expected = [("石桥镇", 3), ("白塔镇", 1), ("远山镇", 0)].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(told, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
}

async fn what_is_gone_counts_on_request(town: Counties) {
    let request = ReportRequest { with_gone: true, ..ReportRequest::default() };
    let list = lacking(&town, &town.operator, request).await;
    assert_eq!(list["total"], json!({ "count": 5, "value": "1700.00" }));
    for (name, grouping) in Grouping::ALL {
        let request = ReportRequest { by: Some(grouping), ..request };
        let sums = lacking(&town, &town.operator, request).await;
        assert_eq!(
            (&sums["total"]["count"], &sums["total"]["assets"]),
            (&json!(5), &json!(6)),
            "{name}"
        );
    }
}

async fn a_waived_finding_counts_on_request(town: Counties) {
    let until = "2026-12-31".parse::<NaiveDate>().expect("a day");
    let bridge = town.assets[0].id;
    let rule = Rule::NoMaintainer;
    app::waiver::grant(&town.ledger, &town.operator, bridge, rule, "待拆除重建", until)
        .await
        .expect("a waiver");
    let list = lacking(&town, &town.operator, ReportRequest::default()).await;
    assert_eq!(list["total"]["count"], 3);
    let request = ReportRequest { with_waived: true, ..ReportRequest::default() };
    let list = lacking(&town, &town.operator, request).await;
    assert_eq!(list["total"]["count"], 4);
    let waived =
        list["rows"].as_array().expect("rows").iter().filter(|row| row["is_waived"] == true);
    assert_eq!(waived.count(), 1);
    let request = ReportRequest { by: Some(Grouping::Class), ..request };
    let sums = lacking(&town, &town.operator, request).await;
    assert_eq!((&sums["total"]["count"], &sums["total"]["assets"]), (&json!(4), &json!(5)));
}

async fn kept_sums_equal_a_recount(town: Counties) {
    let body = town.organization(UPPER_VILLAGE, "上河村村委会", Kind::VillageCommittee).await;
    town.assign(0, &body).await;
    let read = town.ledger.read(&town.operator);
    let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    for area in ["000000000000", "520381000000", BRIDGE_TOWN, UPPER_VILLAGE] {
        for with_gone in [false, true] {
            let extent = Extent { area: code(area), class: None, with_gone, with_waived: false };
            for (name, grouping) in Grouping::ALL {
                if grouping == Grouping::Subclass {
                    continue;
                }
                let by = Some(grouping);
                let kept = read.kept_sums(&codes, &extent, by).await.expect("kept");
                let counted = read.count_findings(Rule::ALL, &extent, by).await.expect("counted");
                assert_eq!(kept, counted, "{area} {name}");
                let kept = read.kept_sums(&["all"], &extent, by).await.expect("kept");
                let counted = read.count_assets(&extent, by).await.expect("counted");
                assert_eq!(kept, counted, "{area} {name}");
            }
        }
    }
}

async fn the_recorded_past_is_told_as_it_was(town: Counties) {
    let body = town.organization(UPPER_VILLAGE, "上河村村委会", Kind::VillageCommittee).await;
    town.clock.set("2026-11-10");
    town.assign(0, &body).await;
    town.clock.set("2026-11-20");
    let now = lacking(&town, &town.operator, ReportRequest::default()).await;
    assert_eq!(now["total"]["count"], 3);
    let before = lacking(&town, &town.operator, as_of("2026-11-09")).await;
    assert_eq!(before["total"], json!({ "count": 4, "value": "1200.00" }));
    assert_eq!(before["day"], "2026-11-09");
    assert_eq!(before["unknown"], json!({ "count": 1, "value": "400.00" }));
    assert!(names(&before).contains(&"上河村便民桥"));
    let after = lacking(&town, &town.operator, as_of("2026-11-20")).await;
    assert_eq!(after["rows"], now["rows"]);
    let long_ago = lacking(&town, &town.operator, as_of("2026-10-31")).await;
    assert_eq!(long_ago["total"]["count"], 0);
    let to_come = ReportRequest { ..as_of("2026-11-21") };
    let target = Paper::default().target(Format::Json);
    let refused = no_maintainer(&town.ledger, &town.operator, &to_come, target).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

async fn the_past_knows_what_has_moved_to_another_county(town: Counties) {
    town.clock.set("2026-11-10");
    let (from, into) = (code(LOWER_VILLAGE), code(FAR_VILLAGE));
    let on = "2026-11-10".parse().expect("a day");
    app::area::merge(&town.ledger, &town.operator, from, into, on).await.expect("merged");
    town.clock.set("2026-11-20");
    let county =
        |text: &str, as_of: ReportRequest| ReportRequest { area: Some(code(text)), ..as_of };
    for (area, day, expected) in [
        ("520381000000", "2026-11-09", 4),
        ("520382000000", "2026-11-09", 0),
        ("520381000000", "2026-11-20", 3),
        ("520382000000", "2026-11-20", 1),
    ] {
        let past = lacking(&town, &town.operator, county(area, as_of(day))).await;
        assert_eq!(past["total"]["count"], expected, "{area} {day}");
    }
    let now = county("520382000000", ReportRequest::default());
    let now = lacking(&town, &town.operator, now).await;
    let past = lacking(&town, &town.operator, county("520382000000", as_of("2026-11-20"))).await;
    assert_eq!(now["rows"], past["rows"]);
}

async fn whoever_has_to_act_is_named_whole_at_the_machine_and_masked_elsewhere(town: Counties) {
    town.organization(BRIDGE_TOWN, "石桥镇人民政府", Kind::TownGovernment).await;
    let leader = town.actor("leader", Role::Leader, "520381000000").await;
    let approver = town.actor("approver", Role::FinanceApprover, "520381000000").await;
    town.keep(1).await;
    // an office is called by whoever acts in its area; a keeper is a person
    let phone = "13800001234";
    let operator = town.operator.clone();
    for (actor, keeper) in [(operator, "王秀兰"), (leader, "王**"), (approver, "王**")] {
        let list = lacking(&town, &actor, ReportRequest::default()).await;
        let rows = list["rows"].as_array().expect("rows");
        let bridge = rows.iter().find(|row| row["name"] == "上河村便民桥").expect("the bridge");
        assert_eq!(bridge["capacity"], "乡镇政府");
        assert_eq!(
            (&bridge["accountable"], &bridge["phone"]),
            (&json!("石桥镇人民政府"), &json!(phone))
        );
        let area = bridge["area"].as_str().expect("a path");
        assert!(area.ends_with("石桥镇/上河村"), "{area}");
        let road = rows.iter().find(|row| row["name"] == "=下河村路").expect("the road");
        assert_eq!(road["capacity"], "管护责任人");
        assert_eq!(road["accountable"], keeper);
        let shed = rows.iter().find(|row| row["name"] == "养牛场").expect("the shed");
        assert_eq!((&shed["accountable"], &shed["phone"]), (&json!("白塔镇"), &Value::Null));
    }
}

async fn a_township_sees_its_own(town: Counties) {
    let clerk = town.actor("clerk", Role::TownshipClerk, BRIDGE_TOWN).await;
    let list = lacking(&town, &clerk, ReportRequest::default()).await;
    assert_eq!(list["total"]["count"], 3);
    let above = ReportRequest { area: Some(code("520381000000")), ..ReportRequest::default() };
    assert_eq!(lacking(&town, &clerk, above).await["total"]["count"], 3);
    let past = ReportRequest { area: Some(code("520381000000")), ..as_of("2026-11-01") };
    assert_eq!(lacking(&town, &clerk, past).await["total"]["count"], 3);
    let village = ReportRequest {
        area: Some(code(UPPER_VILLAGE)),
        ..by(Grouping::Area(entity::area::Level::County))
    };
    assert_eq!(lacking(&town, &clerk, village).await["total"]["count"], 2);
    let elsewhere = ReportRequest { area: Some(code(TOWER_TOWN)), ..ReportRequest::default() };
    let target = Paper::default().target(Format::Json);
    let refused = no_maintainer(&town.ledger, &clerk, &elsewhere, target).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}

async fn findings_are_counted_by_rule_and_listed(town: Counties) {
    let paper = Paper::default();
    let request = ReportRequest::default();
    findings(&town.ledger, &town.operator, None, &request, paper.target(Format::Json))
        .await
        .expect("a report");
    let report = paper.json();
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), Rule::ALL.len());
    let count = |rule: &str| rows.iter().find(|row| row["rule"] == rule).map(|row| &row["count"]);
    assert_eq!((count("G01"), count("G01U")), (Some(&json!(4)), Some(&json!(1))));
    let sum: i64 = rows.iter().filter_map(|row| row["count"].as_i64()).sum();
    assert_eq!(report["total"]["count"], sum);

    let paper = Paper::default();
    let by_class = by(Grouping::Class);
    findings(&town.ledger, &town.operator, None, &by_class, paper.target(Format::Json))
        .await
        .expect("a report");
    assert_eq!(paper.json()["total"]["count"], sum);

    let paper = Paper::default();
    let rule = Some(Rule::MaintainerUnknown);
    findings(&town.ledger, &town.operator, rule, &request, paper.target(Format::Json))
        .await
        .expect("a report");
    let list = paper.json();
    assert_eq!(names(&list), ["远山村水井"]);
    assert_eq!(list["rows"][0]["why_zh"], "登记时不清楚由谁管护");
    assert_eq!(list["rows"][0]["why_en"], "not known who maintains it");
}

async fn a_terminal_shows_the_longest_lasting_first(town: Counties) {
    let paper = Paper::default();
    let request = ReportRequest::default();
    no_maintainer(&town.ledger, &town.operator, &request, paper.target(Format::Table))
        .await
        .expect("a report");
    let text = paper.text();
    let line = |words: &str| text.lines().position(|line| line.contains(words));
    let (bridge, pig) = (line("上河村便民桥"), line("仔猪"));
    assert!(bridge.is_some() && bridge < pig, "{text}");
    assert!(text.contains("另有 1 项（原值 400.00 元）登记时不清楚由谁管护"), "{text}");
    assert!(text.contains("合计 4 项"), "{text}");
}
