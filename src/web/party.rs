//! What pages of organizations and of people have in common: what they own and look after, their
//! contact, which is masked until somebody says why it must be seen, and how they end.

use entity::log::Action;
use maud::{Markup, html};

use super::{
    fields::Sheet,
    form::{Form, hidden},
    icon::{Icon, icon},
    parts::{Field, Tone, badge, fact, field, scrolled},
    visit::Visit,
};
use crate::{
    app::party::Borne,
    domain::{
        masking::{Contact, is_whole},
        mistake::{Mistake, Mistakes},
        reading,
        title::Party,
    },
    error::Result,
    http::fault::Fault,
    limits,
    store::vault::Named,
};

/// How somebody is reached, by one press where the number is whole. A masked one leads to where it
/// may be seen for a reason.
pub(super) fn telephone(visit: &Visit, named: &Named) -> Markup {
    let phone = &named.phone;
    if phone.is_empty() {
        return html! {};
    }
    if is_whole(phone) {
        let dialled: String =
            phone.chars().filter(|one| one.is_ascii_digit() || *one == '+').collect();
        return html! {
            a.tel href={ "tel:" (dialled) } {
                (icon(Icon::Telephone)) span.sr { (visit.say("拨打", "Call ")) (named.name) " " } (phone)
            }
        };
    }
    let place = named.party.filter(|_| visit.may(Action::RevealPerson)).map(address);
    html! {
        @match place {
            Some(place) => a.tel href=(place) { (icon(Icon::Telephone)) (phone) span.sr { " " (visit.say("查看完整号码", "see it whole")) } },
            None => span.tel { (icon(Icon::Telephone)) (phone) },
        }
    }
}

/// Where a party is told of.
pub(super) fn address(party: Party) -> String {
    match party {
        Party::Organization(id) => format!("/organizations/{id}"),
        Party::Person(id) => format!("/persons/{id}"),
    }
}

/// A contact: as the reader may see it, or whole where it was just revealed.
pub(super) fn contact(
    visit: &Visit,
    party: Party,
    masked: Option<&Contact>,
    shown: Option<&Contact>,
) -> Markup {
    let Some(contact) = shown.or(masked) else {
        return html! { span.mut { (visit.say("没有登记", "none on record")) } };
    };
    html! {
        b { (contact.name) } " "
        @let called = Named { name: contact.name.clone(), phone: contact.phone.clone(), party: Some(party).filter(|_| is_whole(&contact.phone)) };
        (telephone(visit, &called))
        @if shown.is_some() { " " (badge(Tone::Warning, visit.say("已显示全文", "shown whole"))) " " span.mut.sm { (visit.say("只在本页，已记入留痕", "on this page alone, and noted in the log")) } }
    }
}

/// The form that asks to see a contact whole.
pub(super) fn reveal_form(visit: &Visit, address: &str, fault: Option<&Fault>) -> Markup {
    if !visit.may(Action::RevealPerson) {
        return html! {};
    }
    let wrong = fault.map(|fault| visit.tell(&fault.sentence));
    let label = visit.say("为什么要看（记入留痕）", "Why it must be seen (kept in the log)");
    let shape = Field { name: "reason", label, hint: "", mistake: wrong, is_required: true };
    html! {
        section.card.mt {
            header { h2 { (visit.say("查看完整姓名和电话", "See name and telephone whole")) } }
            form.pad.stacked method="post" action=(address) {
                (hidden(&visit.mark))
                (field(&shape, &html! { input #f-reason name="reason" required maxlength=(limits::REASON_LENGTH) autocomplete="off"; }))
                button.btn { (visit.say("查看", "Show it")) }
            }
        }
    }
}

/// The fields of a contact in a form.
pub(super) fn contact_fields(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let input = |name: &str, kind: &str, most: usize| {
        html! {
            input id={ "f-" (name) } name=(name) type=(kind) maxlength=(most) value=(sheet.typed.text(name)) autocomplete="off";
        }
    };
    html! {
        (sheet.around(("contact_name", visit.say("联系人姓名", "Name of the contact"), ""), &input("contact_name", "text", limits::NAME_LENGTH)))
        (sheet.around(("contact_phone", visit.say("单位电话", "Telephone of the office"), visit.say("管辖区划内的办事人员可见全号", "seen whole by those who act in its area")), &input("contact_phone", "tel", 32)))
    }
}

/// The contact that a form brings; none where nothing was typed. Mistakes name the field and never
/// what stood there.
pub(super) fn sent_contact(form: &Form) -> Result<Option<Contact>, Mistakes> {
    let (name, phone) = (form.one("contact_name"), form.one("contact_phone"));
    if name.is_empty() && phone.is_empty() {
        return Ok(None);
    }
    let mut mistakes = Mistakes::default();
    let mut taken = |field, read: Result<String, reading::Unreadable>| {
        read.unwrap_or_else(|wrong| {
            mistakes.push(Mistake::new(field, "", wrong.expected));
            String::new()
        })
    };
    let name = taken("contact_name", reading::name(name, limits::NAME_LENGTH));
    let phone = if phone.is_empty() {
        String::new()
    } else {
        taken("contact_phone", reading::phone(phone))
    };
    if mistakes.is_empty() { Ok(Some(Contact { name, phone })) } else { Err(mistakes) }
}

/// What a party owns and looks after.
pub(super) fn borne(visit: &Visit, told: &Borne) -> Markup {
    let title = visit.say("名下的资产", "What it owns and looks after");
    html! {
        section.card.mt {
            header { h2 { (title) } }
            @if told.duties.is_empty() && told.rights.is_empty() {
                p.pad.mut { (visit.say("管辖区划内没有。", "Nothing within your area.")) }
            } @else {
                (scrolled(title, &html! {
                    table.cards {
                        thead { tr {
                            th scope="col" { (visit.say("资产", "Asset")) }
                            th scope="col" { (visit.say("身份", "As")) }
                            th scope="col" { (visit.say("起止", "From and to")) }
                        } }
                        tbody {
                            @for (row, asset) in &told.rights { (line(visit, (&asset.code, &asset.name), visit.text(row.right.label()), (row.from_on, row.until_on))) }
                            @for (row, asset) in &told.duties { (line(visit, (&asset.code, &asset.name), visit.text(row.kind.label()), (row.from_on, row.until_on))) }
                        }
                    }
                }))
                @if told.is_cut { p.pad.mut { (visit.say("只列出前面一部分。", "There are more than are listed.")) } }
            }
        }
    }
}

fn line(
    visit: &Visit,
    (code, name): (&str, &str),
    as_what: &str,
    (from, until): (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>),
) -> Markup {
    let day =
        |day: Option<chrono::NaiveDate>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    html! {
        tr {
            th scope="row" { a.b href={ "/assets/" (code) } { (name) } small { (code) } }
            td data-l=(visit.say("身份", "As")) { (as_what) }
            td data-l=(visit.say("起止", "From and to")) { (day(from)) " – " (day(until)) }
        }
    }
}

/// The form that ends a party, after what comes of it was told.
pub(super) fn end_form(
    visit: &Visit,
    (address, back): (&str, &str),
    version: i64,
    (told, verb): (&Borne, &str),
    (on, fault): (&str, Option<&Fault>),
) -> Markup {
    let wrong = fault.map(|fault| visit.tell(&fault.sentence));
    let label = visit.say("最后一天", "Last day");
    let shape = Field { name: "on", label, hint: "", mistake: wrong, is_required: true };
    html! {
        section.card { dl.desc {
            (fact(visit.say("管护责任", "Duties"), &html! { (told.duties.len()) @if told.is_cut { "+" } (visit.say(" 项当天终止，进入问题清单，要另行指派", " end on that day and become findings: assign them anew")) }))
            (fact(visit.say("权利", "Rights"), &html! { (told.rights.len()) @if told.is_cut { "+" } (visit.say(" 项当天终止，权属要重新确认", " end on that day: settle the titles anew")) }))
        } }
        form.card.pad.stacked.mt method="post" action=(address) {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(version);
            (field(&shape, &html! { input #f-on name="on" type="date" required max=(visit.today) value=(on); }))
            div.dock {
                button.btn.go { (verb) }
                a.btn href=(back) { (visit.say("不办了", "Leave it")) }
            }
        }
        (borne(visit, told))
    }
}

/// The last day that a form names.
pub(super) fn last_day(form: &Form) -> Result<chrono::NaiveDate, Mistakes> {
    form.one("on").parse().map_err(|_| {
        let expected = entity::language::Sentence::new("请填写日期", "a day is needed");
        Mistakes(vec![Mistake::new("on", form.one("on"), expected)])
    })
}
