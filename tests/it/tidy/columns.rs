//! Every column of a noun has a label, or a reason why it has none.

use taizhang::domain::{
    area, asset, budget, campaign, contract, discrepancy, duty, fault_report, inspection,
    inspection_route, organization, overspend, project, rectification, revival, setting, spending,
    stock_take, title, upkeep_fund, welfare_post, work_order,
};

use super::{none, sources};

/// Columns that stand beside every row and are shown by other means than a field.
const BESIDE: [&str; 6] = ["id", "area_code", "initials", "version", "created_at", "updated_at"];

/// Nouns, and the names of their labelled fields.
fn labelled() -> Vec<(&'static str, Vec<&'static str>)> {
    macro_rules! names {
        ($($noun:ident),+) => {
            vec![$((stringify!($noun), $noun::FIELDS.iter().map(|field| field.name).collect())),+]
        };
    }
    names!(
        area,
        asset,
        budget,
        campaign,
        contract,
        discrepancy,
        duty,
        fault_report,
        inspection,
        inspection_route,
        organization,
        overspend,
        project,
        rectification,
        revival,
        setting,
        spending,
        stock_take,
        title,
        upkeep_fund,
        welfare_post,
        work_order
    )
}

/// Columns without a label: noun, columns, and why.
const UNLABELLED: &[(&str, &[&str], &str)] = &[
    ("account", &["name", "role", "state"], "accounts are added and locked, not filled in"),
    (
        "attachment",
        &[
            "subject",
            "kind",
            "file_name",
            "media",
            "size",
            "digest",
            "brought_digest",
            "preview_digest",
            "likeness",
            "taken_at",
            "taken_longitude",
            "taken_latitude",
            "is_withdrawn",
            "sealed",
        ],
        "the ledger tells it from the file; its content is shown through its own row alone",
    ),
    (
        "credential",
        &[
            "password",
            "changed_at",
            "must_change",
            "former",
            "totp_secret",
            "totp_confirmed_at",
            "totp_step",
            "digest",
            "used_at",
        ],
        "nobody is shown what lets people in",
    ),
    (
        "one_time_link",
        &["digest", "purpose", "issued_at", "expires_at", "used_at"],
        "nobody is shown what lets people in",
    ),
    (
        "request_key",
        &["key", "route", "body_digest", "claimed_at", "status", "answer"],
        "the ledger records it; nobody fills it in",
    ),
    (
        "job",
        &[
            "runner",
            "kind",
            "is_trial",
            "state",
            "n_rows",
            "is_cancelled",
            "asked_at",
            "seen_at",
            "ended_at",
            "outcome",
            "returned",
        ],
        "the ledger records it; nobody fills it in",
    ),
    (
        "column_choice",
        &["kind", "headers", "kept_at", "chosen"],
        "it holds what somebody chose on the page of a sheet's columns",
    ),
    (
        "mail_address",
        &["sealed", "language", "set_at"],
        "nobody but its account reads it, and its page has its words",
    ),
    (
        "digest",
        &["period_on", "state", "behind", "upto", "tries", "tried_at", "problem"],
        "the ledger records it; nobody fills it in",
    ),
    (
        "reminder",
        &["recipient", "county", "seq", "kind", "n", "rule", "at", "read_on"],
        "it repeats what the log has, for those whom it concerns",
    ),
    ("draft", &["mark", "form", "kept_at", "typed"], "it holds what somebody was typing, sealed"),
    (
        "session",
        &[
            "kind",
            "device",
            "issued_at",
            "seen_at",
            "expires_at",
            "stepped_up_at",
            "must_change_password",
            "must_enroll",
            "ended_at",
            "end_reason",
            "digest",
            "used_at",
        ],
        "the ledger records it; nobody fills it in",
    ),
    (
        "sign_in_attempt",
        &["digest", "n", "since_at", "until_at"],
        "the ledger counts it; nobody is shown it",
    ),
    ("duty", &["end_reason"], "the ledger sets it; its values carry their own labels"),
    (
        "funding",
        &["tier", "fund", "source_name", "year", "document_no", "amount", "is_withdrawn"],
        "all sources of an asset stand in one cell, which `domain::funding` writes",
    ),
    (
        "holding",
        &["right", "numerator", "denominator", "from_on", "until_on"],
        "holders of a right stand in the card's cell of that right",
    ),
    (
        "import",
        &[
            "kind",
            "state",
            "file_name",
            "file_digest",
            "format",
            "encoding",
            "sheet",
            "columns",
            "n_created",
            "n_changed",
            "n_same",
            "n_rejected",
            "noun",
            "number",
            "outcome",
        ],
        "the ledger records it; nobody fills it in",
    ),
    (
        "saved_view",
        &["name", "words", "seen_by", "is_default", "is_withdrawn"],
        "a view is saved from the list itself",
    ),
    (
        "inspection",
        &["device_key", "inspected_at", "checks", "device_count"],
        "told by the history in its own words; a record is never changed",
    ),
    ("fault_report", &["code_digest"], "nobody is shown what a report is followed up by"),
    (
        "five_have",
        &["class", "has_rule", "has_standard", "has_team", "has_money", "has_oversight"],
        "it repeats what the rule says of the asset",
    ),
    (
        "inspection_due",
        &["due_on", "subclass", "interval_days"],
        "it repeats what the rules say of the asset",
    ),
    (
        "contract_due",
        &["number", "kind", "from_on", "to_on", "due_on", "amount"],
        "it follows from the contract",
    ),
    ("upkeep", &["inspected_on", "inspected_at", "condition"], "it repeats the latest inspection"),
    ("post_asset", &["from_on", "until_on"], "set by the actions on posts; never by a sheet"),
    ("campaign", &["opened_by", "closed_by"], "told by the names of their accounts"),
    (
        "campaign_line",
        &[
            "no",
            "rule",
            "since_on",
            "found_on",
            "is_unmanaged",
            "is_idle",
            "is_unkept",
            "is_to_dispose",
            "due_on",
            "measure",
            "answered_by",
            "answered_on",
            "is_drawn",
            "recheck",
            "recheck_note",
            "rechecked_by",
            "rechecked_on",
        ],
        "labelled by the lines of `domain::campaign`",
    ),
    (
        "attendance",
        &[
            "month_on",
            "days_attended",
            "percent",
            "note",
            "pay",
            "recorded_by",
            "approved_by",
            "approved_on",
        ],
        "labelled by the months of `domain::welfare_post`",
    ),
    ("stock_take", &["opened_by", "signed_by"], "told by the names of their accounts"),
    ("discrepancy", &["settled_by"], "told by the name of its account"),
    (
        "stock_line",
        &[
            "place",
            "code",
            "name",
            "recorded_state",
            "outcome",
            "seen_state",
            "note",
            "counted_by",
            "counted_at",
        ],
        "labelled by the lines of `domain::stock_take`",
    ),
    (
        "stock_find",
        &[
            "name",
            "subclass",
            "location",
            "note",
            "found_by",
            "found_on",
            "state",
            "reason",
            "settled_by",
            "settled_on",
        ],
        "labelled by the finds of `domain::stock_take`",
    ),
    (
        "work_order",
        &["found_at", "estimated_by", "approved_by", "reported_by", "ended_at"],
        "the ledger records it; nobody fills it in",
    ),
    (
        "revival",
        &["proposed_by", "approved_by", "reported_by", "verified_by"],
        "whoever acted is told by the names of their accounts",
    ),
    (
        "overspend",
        &["asked_by", "decided_by"],
        "whoever asked and whoever decided are told by the names of their accounts",
    ),
    ("person", &["ended_on"], "a person is known by the vault; leaving is an action"),
    ("rectification", &["reported_by"], "whoever reported it is told by the name of the account"),
    (
        "setting",
        &["key", "value", "withdrawn_on"],
        "each rule says what it is called and what it takes; withdrawing is an action",
    ),
    (
        "waiver",
        &["rule", "reason", "from_on", "until_on"],
        "granted by an action, never by a sheet",
    ),
    (
        "finding",
        &[
            "rule",
            "class",
            "is_standing",
            "is_waived",
            "since_on",
            "value",
            "opened_on",
            "closed_on",
            "progress",
            "due_on",
            "bearer",
            "reporter",
            "escalated_to",
            "digits",
            "subject",
            "n",
        ],
        "the rules write it",
    ),
    (
        "webhook",
        &[
            "address",
            "nouns",
            "actions",
            "state",
            "replay_from",
            "county",
            "secret",
            "former_secret",
            "former_until",
            "behind",
            "is_on",
            "is_failing",
            "failures",
            "next_at",
            "holder",
            "held_until",
            "outcome",
            "tried_at",
            "taken_at",
        ],
        "its page has its words; nobody fills in how far it has come",
    ),
    (
        "vault",
        &["sealed", "salt", "commitment", "blind_index", "name_index"],
        "personal data is shown through `domain::masking` alone",
    ),
    (
        "log",
        &[
            "county", "seq", "at", "actor", "action", "body", "leaf", "noun", "size", "frontier",
            "note", "name", "verifier",
        ],
        "the log is shown as it was hashed",
    ),
];

/// The fields of every `Model` of a file.
fn columns(text: &str) -> Vec<&str> {
    let mut columns = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        inside = (inside && line.trim() != "}") || line.contains("pub struct Model {");
        let field = line.trim().strip_prefix("pub ").and_then(|rest| rest.split_once(": "));
        if let Some((name, _)) = field.filter(|_| inside) {
            columns.push(name);
        }
    }
    columns
}

#[test]
fn every_column_has_a_label() {
    let labelled = labelled();
    let mut faults = Vec::new();
    for source in sources(&["entity/src"]) {
        let noun = source.path.trim_start_matches("entity/src/").trim_end_matches(".rs");
        let fields = labelled.iter().find(|(name, _)| *name == noun).map(|(_, fields)| fields);
        let excused = UNLABELLED.iter().find(|(name, ..)| *name == noun).map(|(_, names, _)| names);
        for column in columns(&source.text) {
            let known = BESIDE.contains(&column)
                || column.ends_with("_id")
                || fields.is_some_and(|fields| fields.contains(&column))
                || excused.is_some_and(|names| names.contains(&column));
            if !known {
                faults.push(format!("{noun}.{column} has no label and no reason why"));
            }
        }
    }
    none(&faults);
}

#[test]
fn every_label_and_every_excuse_is_of_a_column() {
    let of = |noun: &str| {
        let source = sources(&["entity/src"]).into_iter();
        let mut source = source.filter(|source| source.path == format!("entity/src/{noun}.rs"));
        source.next().unwrap_or_else(|| panic!("no noun {noun}")).text
    };
    let mut faults = Vec::new();
    let excused = UNLABELLED.iter().map(|(noun, names, _)| (*noun, names.to_vec()));
    for (noun, names) in labelled().into_iter().chain(excused) {
        let text = of(noun);
        let columns = columns(&text);
        let lost = names.iter().filter(|name| !columns.contains(name));
        faults.extend(lost.map(|name| format!("{noun} has no column {name}")));
    }
    assert!(UNLABELLED.iter().all(|(_, _, reason)| !reason.is_empty()));
    none(&faults);
}

#[test]
fn labels_are_in_both_languages_and_told_apart() {
    macro_rules! labels {
        ($($noun:ident),+) => {$(
            let labels = $noun::FIELDS.iter().map(|field| (field.label.zh, field.label.en));
            let labels: Vec<_> = labels.collect();
            for (place, (zh, en)) in labels.iter().enumerate() {
                assert!(!zh.is_empty() && en.is_ascii() && !en.is_empty(), "{zh} {en}");
                let again = labels[..place].iter().any(|other| other.0 == *zh || other.1 == *en);
                assert!(!again, "{zh} {en} is there twice");
            }
        )+};
    }
    labels!(
        area,
        asset,
        duty,
        fault_report,
        inspection,
        inspection_route,
        organization,
        project,
        revival,
        setting,
        stock_take,
        title,
        welfare_post,
        work_order
    );
    labels!(campaign, contract, upkeep_fund, budget, spending, overspend);
}
