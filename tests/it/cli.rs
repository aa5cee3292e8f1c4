//! The program as an operator runs it: the sample county, a sheet brought in and taken back, exit
//! codes, what goes to which stream.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

/// Runs the program in a folder, with nothing of this machine's settings.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("TAIZHANG_DATABASE")
        .env_remove("TAIZHANG_LANG")
        .env_remove("TAIZHANG_ACCOUNT")
        .env_remove("TAIZHANG_PASSWORD_PROFILE")
        .output()
        .expect("the program runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn narrated(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn areas(folder: &Path) {
    let text = "区划代码,名称,级别,上级代码\n529901000000,青禾县,3,\n529901100000,石桥镇,4,529901000000\n\
                529901100201,上河村,5,529901100000\n529901100202,下河村,5,529901100000\n";
    fs::write(folder.join("areas.csv"), text).expect("written");
    assert_eq!(code(&run(folder, &["import", "areas", "areas.csv"])), 0);
}

#[test]
fn the_sample_county_is_made_once() {
    let folder = TempDir::new().expect("a folder");
    let first = run(folder.path(), &["demo", "--report-only"]);
    assert_eq!(code(&first), 0, "{}", narrated(&first));
    assert!(said(&first).contains("管护主体缺失"), "{}", said(&first));
    assert!(folder.path().join("taizhang-demo/taizhang.db").exists());
    let second = run(folder.path(), &["demo", "--report-only"]);
    assert!(narrated(&second).contains("未作改动"), "{}", narrated(&second));
    let database = ["--database", "sqlite:taizhang-demo/taizhang.db"];
    let with = |arguments: &[&str]| run(folder.path(), &[&database, arguments].concat());
    assert_eq!(code(&with(&["verify", "--rows"])), 0);
    let list = json(&with(&["report", "no-maintainer", "--json"]));
    let sums = json(&with(&["report", "no-maintainer", "--by", "town", "--json"]));
    assert_eq!(list["total"]["count"], sums["total"]["count"]);
    let rows = list["rows"].as_array().expect("rows").len();
    assert_eq!(list["total"]["count"], rows, "the total is the length of the list");
    assert!(rows > 20);
}

#[test]
fn every_sheet_comes_back_as_it_went() {
    let folder = TempDir::new().expect("a folder");
    assert_eq!(code(&run(folder.path(), &["demo", "--report-only"])), 0);
    let database = ["--database", "sqlite:taizhang-demo/taizhang.db"];
    let with = |arguments: &[&str]| run(folder.path(), &[&database, arguments].concat());
    for kind in ["areas", "organizations", "projects", "assets", "duties"] {
        for form in ["csv", "xlsx"] {
            let file = format!("{kind}.{form}");
            assert_eq!(code(&with(&["export", kind, "--out", &file])), 0, "{file}");
            let again = with(&["import", kind, &file, "--dry-run", "--json"]);
            let outcome = json(&again);
            let counts = ["created", "changed", "rejected"].map(|count| outcome[count].clone());
            assert_eq!(counts, [0, 0, 0], "{file}: {}", narrated(&again));
        }
    }
    let path = folder.path().join("assets.csv");
    let text = fs::read_to_string(&path).expect("the export");
    let edited = text.replacen(",完好,", ",需维修,", 1);
    assert_ne!(text, edited);
    fs::write(&path, edited).expect("written");
    let changed = json(&with(&["import", "assets", "assets.csv", "--json"]));
    assert_eq!((&changed["changed"], &changed["n_changes"]), (&1.into(), &1.into()));
    assert_eq!(changed["changes"][0]["field"], "condition");
    assert_eq!(changed["changes"][0]["after"], "需维修");
}

#[test]
fn a_sheet_is_taken_whole_or_not_at_all_and_taken_back() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    areas(folder);
    let text = "资产名称,资产类别,所在地,资产原值\n便民桥,公益性资产,青禾县/石桥镇/上河村,12万\n\
                水池,公益,青禾县/石桥镇/下河村,1.234\n大棚,经营性资产,青禾县/石桥镇/没有村,5\n";
    fs::write(folder.join("a.csv"), text).expect("written");
    let refused = run(folder, &["import", "assets", "a.csv", "--json"]);
    assert_eq!(code(&refused), 2);
    let outcome = json(&refused);
    assert_eq!((&outcome["rejected"], &outcome["is_kept"]), (&2.into(), &false.into()));
    let places: Vec<_> = outcome["mistakes"]
        .as_array()
        .expect("mistakes")
        .iter()
        .map(|mistake| format!("{}{}", mistake["column"].as_str().unwrap_or(""), mistake["row"]))
        .collect();
    assert_eq!(places, ["B3", "D3", "C4"]);
    let returned = fs::read_to_string(folder.join("a.csv.问题.csv")).expect("rejected rows");
    assert!(returned.starts_with("\u{feff}资产名称,资产类别,所在地,资产原值,问题\n"), "{returned}");
    assert!(said(&run(folder, &["export", "assets", "--format", "csv"])).lines().count() == 1);

    let kept = run(folder, &["import", "assets", "a.csv", "--accept-valid", "--json"]);
    assert_eq!(code(&kept), 0);
    assert_eq!(json(&kept)["created"], 1);
    let assets = json(&run(folder, &["export", "assets", "--json"]));
    assert_eq!(assets["rows"][0]["original_value"], "120000.00");
    let asset = assets["rows"][0]["code"].as_str().expect("a code").to_owned();
    let origin = json(&run(folder, &["import", "origin", &asset, "--json"]));
    let value = origin.as_array().expect("cells").iter().find(|cell| cell["column"] == "D");
    assert_eq!(value.expect("the value's cell")["row"], 2);

    let again = run(folder, &["import", "assets", "a.csv", "--accept-valid", "--json"]);
    assert_eq!((&json(&again)["created"], &json(&again)["same"]), (&0.into(), &1.into()));
    let number = json(&kept)["import"].to_string();
    assert_eq!(code(&run(folder, &["import", "undo", &number])), 0);
    let report = json(&run(folder, &["report", "no-maintainer", "--json"]));
    assert_eq!(report["total"]["count"], 0, "what was taken back is not reported");
    assert_eq!(code(&run(folder, &["import", "undo", &number])), 2, "once is enough");
    assert_eq!(code(&run(folder, &["verify", "--rows"])), 0);
}

#[test]
fn an_account_comes_with_a_code_that_is_shown_once() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    areas(folder);
    let add = ["account", "add", "he-jing", "--role", "乡镇经办", "--area", "529901100000"];
    let added = run(folder, &add);
    assert_eq!(code(&added), 0, "{}", narrated(&added));
    let lines = said(&added);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines[0], "he-jing\t乡镇经办\t529901100000\t启用");
    assert_eq!((lines.len(), lines[1].len()), (2, 43), "{lines:?}");
    assert!(narrated(&added).contains("72 小时"), "{}", narrated(&added));
    let reset = json(&run(folder, &["account", "reset", "he-jing", "--json"]));
    assert_eq!(reset["accounts"][0]["name"], "he-jing");
    let fresh = reset["code"].as_str().expect("a code");
    assert_eq!(fresh.len(), 43);
    let list = said(&run(folder, &["account", "list"]));
    assert!(!list.contains(fresh) && !list.contains(lines[1]), "{list}");
    let locked = run(folder, &["account", "lock", "he-jing"]);
    assert!(said(&locked).ends_with("停用\n"), "{}", said(&locked));
    let unlocked = run(folder, &["account", "unlock", "he-jing"]);
    assert!(said(&unlocked).ends_with("启用\n"), "{}", said(&unlocked));
    assert_eq!(code(&run(folder, &["account", "unlock", "he-jing"])), 2);
    assert_eq!(code(&run(folder, &["account", "reset", "nobody"])), 4);
    assert_eq!(code(&run(folder, &["account", "reset", "he-jing", "--second-factor"])), 2);
    assert_eq!(code(&run(folder, &["verify", "--rows"])), 0);
}

#[test]
fn a_password_profile_that_nobody_knows_is_an_error() {
    let folder = TempDir::new().expect("a folder");
    for (profile, expected) in [("nist", 0), ("mlps3", 0), ("none", 1)] {
        let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .args(["account", "list"])
            .current_dir(folder.path())
            .env("TAIZHANG_PASSWORD_PROFILE", profile)
            .output()
            .expect("the program runs");
        assert_eq!(code(&output), expected, "{profile}: {}", narrated(&output));
    }
}

#[test]
fn errors_have_their_codes_and_words() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    areas(folder);
    let add = ["account", "add", "he-jing", "--role", "township_clerk", "--area", "529901100000"];
    assert_eq!(code(&run(folder, &add)), 0);
    let twice = run(folder, &add);
    assert_eq!(code(&twice), 2, "{}", narrated(&twice));
    let forbidden = run(folder, &["--as", "he-jing", "account", "list"]);
    assert_eq!(code(&forbidden), 3);
    let forbidden = run(folder, &["--as", "he-jing", "account", "lock", "he-jing"]);
    assert_eq!(code(&forbidden), 3);
    assert!(said(&forbidden).is_empty());
    assert_eq!(code(&run(folder, &["--as", "nobody", "account", "list"])), 4);
    fs::write(folder.join("x.csv"), "甲,乙\n1,2\n").expect("written");
    let unknown = run(folder, &["--lang", "en", "import", "assets", "x.csv"]);
    assert_eq!(code(&unknown), 2);
    assert!(narrated(&unknown).contains("column A"), "{}", narrated(&unknown));
    fs::write(folder.join("other.db"), b"SQLite format 3\0").expect("written");
    assert_eq!(code(&run(folder, &["--database", "mysql://x", "migrate"])), 1);
}

#[test]
fn a_code_stands_on_one_row_however_far_apart() {
    let folder = TempDir::new().expect("a folder");
    areas(folder.path());
    // the two rows lie in different batches: one is being stored while the other is read
    let mut text = "资产编号,资产名称,资产类别,区划代码\n".to_owned();
    let n = taizhang::limits::IMPORT_BATCH + 1;
    for row in 0..n {
        writeln!(text, "A-{row},第{row}渠,公益性资产,529901100201").expect("written");
    }
    text += "A-0,又一条渠,公益性资产,529901100202\n";
    fs::write(folder.path().join("a.csv"), text).expect("written");
    let outcome = json(&run(folder.path(), &["import", "assets", "a.csv", "--json"]));
    assert_eq!(
        (&outcome["rejected"], &outcome["is_kept"]),
        (&1.into(), &false.into()),
        "{outcome}"
    );
    let words = outcome["mistakes"].to_string();
    assert!(words.contains("与第 2 行重复"), "{words}");
    let kept = ["import", "assets", "a.csv", "--accept-valid", "--json"];
    let outcome = json(&run(folder.path(), &kept));
    assert_eq!((&outcome["created"], &outcome["rejected"]), (&n.into(), &1.into()), "{outcome}");
    assert_eq!(code(&run(folder.path(), &["verify", "--rows"])), 0);
}

#[test]
fn a_local_rule_is_tried_out_set_listed_and_withdrawn() {
    let folder = TempDir::new().expect("a folder");
    assert_eq!(code(&run(folder.path(), &["demo", "--report-only"])), 0);
    let database = ["--database", "sqlite:taizhang-demo/taizhang.db"];
    let with = |arguments: &[&str]| run(folder.path(), &[&database, arguments].concat());
    let listed = said(&with(&["rule", "list", "--lang", "en"]));
    assert!(listed.contains("idle_days\tdays of lying idle\t180 days\tdefault"), "{listed}");
    let area = json(&with(&["report", "findings", "--by", "county", "--json"]));
    let area = area["rows"][0]["area_code"].as_str().expect("a county").to_owned();
    let rule = ["rule", "set", "check_G01", "no", "--area", &area, "--basis", "管护办法"];
    let tried = json(&with(&[&rule[..], &["--what-if", "--json"]].concat()));
    let n = json(&with(&["report", "no-maintainer", "--json"]))["total"]["count"].clone();
    assert_eq!((&tried["opened"], &tried["closed"]), (&0.into(), &n));
    let set = json(&with(&[&rule[..], &["--json"]].concat()));
    assert_eq!((&set["applied"]["closed"], &set["applied"]["is_complete"]), (&n, &true.into()));
    assert_eq!(code(&with(&["verify", "--rows"])), 0);
    assert_eq!(json(&with(&["report", "no-maintainer", "--json"]))["total"]["count"], 0);
    let again = with(&rule);
    assert_eq!(code(&again), 2);
    assert!(narrated(&again).contains("新值须晚于此日"), "{}", narrated(&again));
    let later = ["rule", "set", "idle_days", "30", "--area", &area, "--basis", "管护办法"];
    let set = with(&[&later[..], &["--from", "2099-01-01"]].concat());
    assert_eq!(code(&set), 2, "too far: {}", said(&set));
    let day = chrono::Local::now().date_naive() + chrono::Days::new(30);
    let set = with(&[&later[..], &["--from", &day.to_string(), "--json"]].concat());
    let id = json(&set)["setting"]["id"].to_string();
    assert!(
        said(&with(&["rule", "list", "--area", &area])).contains(&format!("{day} 30 天 #{id}"))
    );
    assert_eq!(code(&with(&["rule", "withdraw", &id])), 0);
    assert_eq!(code(&with(&["rule", "withdraw", &id])), 2);
    assert_eq!(code(&with(&["rule", "withdraw", "999999"])), 4);
    assert_eq!(code(&with(&["rule", "set", "nonsense", "1", "--area", &area, "--basis", "x"])), 2);
}

#[test]
fn webhooks_are_listed_and_what_waits_is_sent() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    areas(folder);
    let none = run(folder, &["webhook", "list"]);
    assert_eq!((code(&none), said(&none).as_str()), (0, ""));
    let sent = run(folder, &["--json", "webhook", "deliver"]);
    assert_eq!(json(&sent), serde_json::json!({ "sent": 0, "failed": 0, "given_up": 0 }));
    let lost = run(folder, &["webhook", "replay", "7", "--from", "0"]);
    assert!(code(&lost) != 0 && narrated(&lost).contains("推送地址"), "{}", narrated(&lost));
    // what the operator allows is read strictly, and before anything is done
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .args(["webhook", "deliver"])
        .current_dir(folder)
        .env("TAIZHANG_WEBHOOK_ALLOW", "10.20.0.1/16")
        .output()
        .expect("the program runs");
    let told = narrated(&output);
    assert!(code(&output) != 0 && told.contains("TAIZHANG_WEBHOOK_ALLOW"), "{told}");
}
