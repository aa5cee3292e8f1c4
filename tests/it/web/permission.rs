//! Who may do what, for everybody to read.

use entity::{account::Role, log::Action};
use taizhang::domain::permission::{needs_step_up, permits};

use crate::harness::Town;

on_both!(everybody_reads_who_may_do_what, a_role_is_told_in_sentences);

async fn everybody_reads_who_may_do_what(town: &Town) {
    let mut browser = town.browser(Role::VillageOfficer).await;
    let page = browser.open("/admin/permissions").await.is(200).text();
    for action in Action::ALL {
        let begins = format!("<th scope=\"row\">{}", action.label().zh);
        let is_own = |row: &&str| {
            row.strip_prefix(&begins).is_some_and(|rest| rest.trim_start().starts_with('<'))
        };
        let row = page.split("<tr>").find(is_own);
        let row = row.unwrap_or_else(|| panic!("no row for {action:?}"));
        let n = Role::ALL.iter().filter(|role| permits(**role, *action)).count();
        assert_eq!(row.matches('✓').count(), n, "{action:?}: {row}");
        assert_eq!(row.contains("须再确认是本人"), needs_step_up(*action), "{action:?}: {row}");
    }
}

async fn a_role_is_told_in_sentences(town: &Town) {
    let mut browser = town.browser(Role::VillageOfficer).await;
    let page = browser.open("/admin/permissions/inspector").await.is(200).text();
    let (may, may_not) = page.split_once("<h2>不可以</h2>").expect("both");
    assert!(
        may.contains("在管辖区划内查看个人信息") && may.contains("（须再确认是本人）"),
        "{may}"
    );
    assert!(may_not.contains("登记资产") && !may.contains("在管辖区划内登记资产"), "{page}");
    let english = browser.open("/admin/permissions/inspector?lang=en").await.is(200).text();
    assert!(english.contains("in its area: reveal personal data"), "{english}");
    browser.open("/admin/permissions/king").await.is(404);
}
