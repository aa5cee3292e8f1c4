//! Pages that answer a form: looks before something is done, what was done once and is shown once,
//! and forms that come back with what is wrong with them.

use entity::account::Role;

use super::{Sight, furnished::Furnished};
use crate::{
    harness::{
        Town,
        signing_in::PASSWORD,
        town::{COUNTY, VILLAGE_A1, VILLAGE_A2, collective_name},
    },
    matrix::About,
};

/// What answers a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page of its own.
    Page,
    /// The form again, with what is wrong with it.
    Wrong,
}

/// A form: the page it stands on, what is put into it, the button, and what comes of it.
pub(super) type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str, Kind);

use Kind::{Page, Wrong};

/// The day on which the clock of a town begins.
const TODAY: &str = "2026-06-01";

/// The button of a form that is the one of its page.
const GO: &str = "main button.go";

/// What the clerk of the finance bureau fills in.
const OF_CLERK: &[Row] = &[
    ("/assets/new", &[("#f-original_value", "约十二万")], GO, Wrong),
    ("/assets/{code}/edit", &[("#f-name", "")], GO, Wrong),
    ("/assets/{code}/correct", &[], GO, Wrong),
    ("/assets/{code}/reclass", &[], GO, Wrong),
    ("/assets/{bare}/hand-over", &[("#f-on", "2999-01-01")], GO, Wrong),
    ("/assets/{code}/split", &[], "main button[value=more]", Page),
    ("/assets/{code}/split", &[("#f-p0-original_value", "很多")], GO, Wrong),
    ("/assets/{code}/settle", &[], "main button[value=more]", Page),
    ("/assets/{bare}/settle", &[("#f-h1-name", "没有的社")], GO, Wrong),
    ("/assets/merge?asset={code}", &[("#f-codes", "{twin}")], "main button[value=add]", Page),
    ("/assets/merge?asset={code}", &[("#f-codes", "X-1")], GO, Wrong),
    ("/duties/assign?asset={bare}", &[("#f-maintainer", "{collective}")], GO, Page),
    ("/duties/assign?asset={code}", &[("#f-maintainer", "{collective}")], GO, Page),
    ("/duties/assign?asset={bare}", &[("#f-keeper_phone", "1")], GO, Wrong),
    ("/duties/{duty}/end", &[("#f-on", "")], GO, Wrong),
    ("/titles/confirm?asset={bare}", &[("#f-on", "")], GO, Wrong),
    ("/findings/{bare}/G01", &[], "form[action$='/assign'] > button", Wrong),
    ("/findings/{bare}/G01", &[], "form[action$='/escalate'] > button", Wrong),
    ("/findings/chosen?do=assign&finding={finding}", &[], GO, Wrong),
    ("/findings/chosen?do=escalate&finding={finding}", &[], GO, Wrong),
    ("/organizations/new", &[], GO, Wrong),
    ("/organizations/{body}/edit", &[("#f-name", "")], GO, Wrong),
    ("/organizations/{body}/end", &[("#f-on", "2999-01-01")], GO, Wrong),
    ("/persons/{person}", &[("#f-reason", "核实联系方式")], "form[action$='/reveal'] button", Page),
    ("/persons/{person}", &[], "form[action$='/reveal'] button", Wrong),
    ("/persons/{person}/end", &[("#f-on", "2999-01-01")], GO, Wrong),
    ("/views?class=public", &[("#f-name", "")], GO, Wrong),
    ("/imports/new", &[], GO, Wrong),
    ("/assets/{code}/files", &[], "main form[enctype] button", Wrong),
    (
        "/search?q=桥",
        &[("#f-name", "欧阳铁柱")],
        "form[method=post][action='/search'] button",
        Page,
    ),
    ("/me/password", &[("#f-old", "错的"), ("#f-password", "短"), ("#f-again", "长")], GO, Wrong),
    ("/me/mail", &[("#f-mail", "不是邮箱")], GO, Wrong),
    ("/me/mail", &[("#f-mail", "a@b.cn")], GO, Page),
    ("/me/proof", &[("#f-proof", "错的")], GO, Wrong),
    ("/me/second-factor", &[("#f-proof", "错的")], GO, Wrong),
    ("/me/second-factor", &[("#f-proof", PASSWORD)], GO, Page),
];

/// What others fill in.
const OF_OTHERS: &[(Role, &[Row])] = &[
    (
        Role::RuralOfficer,
        &[
            ("/admin/rules/idle_days", &[("#f-basis_title", "管护办法")], GO, Page),
            ("/admin/rules/idle_days", &[("#f-value", "很久")], GO, Wrong),
            ("/admin/areas/{village}/rename", &[("#f-name", "新村"), ("#f-on", TODAY)], GO, Page),
            ("/admin/areas/{village}/rename", &[("#f-name", "")], GO, Wrong),
            (
                "/admin/areas/{village}/merge",
                &[("#f-into", VILLAGE_A2), ("#f-on", TODAY)],
                GO,
                Page,
            ),
            ("/admin/areas/{village}/merge", &[], GO, Wrong),
            ("/findings/{bare}/G01", &[], "form[action$='/waive'] > button", Wrong),
            ("/fault-reports/{report}", &[], "form[action$='/dismiss'] button", Wrong),
            ("/fault-reports/{report}", &[], "form[action$='/reveal'] button", Wrong),
            (
                "/fault-reports/{report}",
                &[("#f-reason", "回电话")],
                "form[action$='/reveal'] button",
                Page,
            ),
        ],
    ),
    (
        Role::Administrator,
        &[
            ("/admin/accounts/new", &[("#f-name", "王 慧敏")], GO, Wrong),
            (
                "/admin/accounts/new",
                &[("#f-name", "new-clerk"), ("#f-role", "leader"), ("#f-area", COUNTY)],
                GO,
                Page,
            ),
            ("/admin/health", &[], "main form button", Page),
        ],
    ),
    (
        Role::SecurityAdministrator,
        &[("/admin/accounts/{id}", &[], "form[action$='/reset'] button", Page)],
    ),
    (Role::Auditor, &[("/log/verify", &[], GO, Page)]),
];

/// What anybody fills in who is not signed in.
const OF_ANYBODY: &[Row] = &[
    ("/sign-in", &[("#f-name", "nobody"), ("#f-password", "错的")], GO, Wrong),
    ("/q", &[("#f-code", "7K3-M2Q")], GO, Wrong),
    ("/q/{short}/report", &[("#f-phone", "不是电话")], GO, Wrong),
    ("/q/reports", &[("#f-code", "7K3M")], GO, Wrong),
    ("/link", &[("#f-code", "错的"), ("#f-password", "短"), ("#f-again", "长")], GO, Wrong),
];

/// Has every page looked at that answers a form: what each look says is wrong.
pub(super) async fn walk(
    town: &Town,
    sight: &Sight,
    furnished: &Furnished,
    look: impl AsyncFn(&Sight, &Row) -> Vec<String>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let signed_in = std::iter::once(&(Role::FinanceClerk, OF_CLERK)).chain(OF_OTHERS);
    let groups = signed_in.map(|(role, rows)| (Some(*role), *rows));
    for (role, rows) in groups.chain([(None, OF_ANYBODY)]) {
        match role {
            Some(role) => sight.seat(town, role).await,
            None => sight.leave().await,
        }
        for row in rows {
            answered(sight, furnished, row).await;
            let found = look(sight, row).await;
            wrong.extend(found.into_iter().map(|one| format!("the answer to {row:?}: {one}")));
        }
    }
    wrong
}

/// Fills a form in, sends it, and waits for what comes of it.
async fn answered(sight: &Sight, furnished: &Furnished, row: &Row) {
    let (page, typed, button, _) = row;
    let told = |text: &str| fill(sight, furnished, text);
    sight.open(&told(page)).await;
    for (field, text) in *typed {
        sight.window.put(field, &told(text)).await;
    }
    // what the browser itself would hold back is answered too
    sight.window.run("for (const form of document.forms) form.noValidate = true").await;
    sight
        .window
        .run("for (const part of document.querySelectorAll('main details')) part.open = true")
        .await;
    sight.window.turn(button).await;
    // what is under way comes to its end
    sight.window.until("!document.querySelector('main progress')").await;
}

/// A text of a row with what stands in it.
fn fill(sight: &Sight, furnished: &Furnished, text: &str) -> String {
    let bare = &sight.assets[0];
    let text = text
        .replace("{bare}", &bare.code)
        .replace("{twin}", &furnished.twin.code)
        .replace("{village}", VILLAGE_A1)
        .replace("{collective}", &collective_name("上河村"))
        .replace("{finding}", &format!("{}.G01.0", bare.id));
    furnished.fill(&text, About::Account)
}
