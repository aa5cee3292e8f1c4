//! Files of an asset on its card: shown, brought, looked at again, withdrawn.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{FromRequestParts, Path, Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    asset,
    attachment::{self, Kind, Model, Subject},
    id::{AttachmentId, DutyId, InspectionId, RevivalId, SpendingId, WorkOrderId},
    language::Sentence,
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    card::{self, Part},
    form::{Sent, hidden, led, replayed, require_mark},
    icon::{Icon, icon},
    parts::{self, Tone, badge, choice, coded, mistakes, note, nothing, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::{self, attachment::Thing, card::Card, output::CHINA_CLOCK},
    domain::{
        attachment::amended_by,
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::Result,
    http::{
        AppState,
        attachment::{check, content, looked, preview},
        fault::Fault,
        file_form::{self, Shape},
        sheet_form::Texts,
        turn::Turn,
    },
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/assets/{code}/files", get(show).post(send))
        .route("/files/{id}/content", get(handed_out))
        .route("/files/{id}/preview", get(small))
        .route("/files/{id}/withdraw", post(withdraw))
}

/// What was sent and could not be done.
pub(super) struct Tried<'a> {
    /// Why.
    pub(super) fault: &'a Fault,
    /// What was chosen in the form.
    pub(super) texts: &'a Texts,
}

/// What names an inspection among the things that files are attached to.
pub(super) const INSPECTION: &str = "inspection";
/// What names a spending among them.
pub(super) const SPENDING: &str = "spending";

/// What every form carries besides its files.
const SHAPE: Shape<'_> = Shape::documents(limits::FILES_PER_FORM, &["mark", "key", "to"]);
/// What a browser offers to choose from; what a file is, is told by its content.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp,.pdf,.ofd,.docx,.xlsx,.doc,.xls";

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    card::whole(&state, &visit, &code, Part::Files, None).await
}

async fn handed_out(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    content(&state, &visit.actor, AttachmentId(id)).await
}

async fn small(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    preview(&state, &visit.actor, AttachmentId(id)).await
}

async fn send(
    State(state): State<AppState>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &state).await?;
    let request = Request::from_parts(parts, body);
    taken(&state, &visit, &code, request).await.map_err(IntoResponse::into_response)
}

async fn taken(
    state: &AppState,
    visit: &Visit,
    code: &str,
    request: Request,
) -> Result<Response, Fault> {
    // which of the two it takes is known when the form is read
    if !visit.may(Action::AttachFile) {
        visit.actor.require(Action::RecordInspection)?;
    }
    let asset = state.ledger.read(&visit.actor).asset(code).await?;
    let turn = Turn::with_files(state, &visit.actor)?;
    // the mark comes before the files: what another page made is refused unread
    let admit = |texts: &Texts| {
        let said = |name: &str| texts.get(name).map_or("", String::as_str);
        require_mark(said("mark"), &visit.mark)?;
        Ok(said("key").to_owned())
    };
    let received = file_form::receive(request, &SHAPE, admit).await;
    let mut texts = Texts::new();
    let done = match received {
        Ok(received) => {
            texts.clone_from(&received.texts);
            attach(state, visit, &asset, received).await
        }
        // too many files are told where they were chosen
        Err(fault) => Err(fault),
    };
    drop(turn);
    let fault = match done {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(fault) => fault,
    };
    tried(state, visit, code, &Tried { fault: &fault, texts: &texts }).await
}

/// The page again, with what was wrong.
async fn tried(
    state: &AppState,
    visit: &Visit,
    code: &str,
    tried: &Tried<'_>,
) -> Result<Response, Fault> {
    if !is_for_the_sender(tried.fault) {
        return Err(tried.fault.clone());
    }
    let shown = card::whole(state, visit, code, Part::Files, Some(tried)).await?;
    Ok((tried.fault.status, shown).into_response())
}

/// Attaches what a form brought; answers where its sender goes.
async fn attach(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    received: file_form::Received,
) -> Result<String, Fault> {
    received.require_files()?;
    let (kind, key) = (received.kind()?, received.key.clone());
    let thing = thing(asset, received.texts.get("to").map_or("", String::as_str))?;
    let files = looked(state, received.files).await?;
    // whoever brings a photo of what was seen goes back to what was recorded
    let page = match thing {
        Thing::Inspection(id) => format!("/inspections/{id}"),
        Thing::WorkOrder(id) => format!("/work-orders/{id}"),
        Thing::Spending(id) => format!("/spendings/{id}"),
        _ => format!("/assets/{}/files", asset.code),
    };
    let place = at(&page, [("done", "attached")]);
    let answer = place.clone();
    let ledger = state.ledger.once(key, move |_: &Vec<Model>| Ok(led(answer.clone())));
    match app::attachment::attach(&ledger, &visit.actor, thing, &files, kind).await {
        Ok(_) => Ok(place),
        Err(error) => Ok(replayed(error)?),
    }
}

/// What the files of a form are attached to.
fn thing(asset: &asset::Model, to: &str) -> Result<Thing> {
    match to.split_once(':') {
        None if to.is_empty() || to == Subject::Asset.code() => Ok(Thing::Asset(asset.id)),
        None if to == Subject::Title.code() => Ok(Thing::Title(asset.id)),
        Some(("duty", id)) if id.parse::<i64>().is_ok() => {
            Ok(Thing::Duty(DutyId(id.parse().unwrap_or_default())))
        }
        Some((INSPECTION, id)) if id.parse::<i64>().is_ok() => {
            Ok(Thing::Inspection(InspectionId(id.parse().unwrap_or_default())))
        }
        Some(("work_order", id)) if id.parse::<i64>().is_ok() => {
            Ok(Thing::WorkOrder(WorkOrderId(id.parse().unwrap_or_default())))
        }
        Some(("revival", id)) if id.parse::<i64>().is_ok() => {
            Ok(Thing::Revival(RevivalId(id.parse().unwrap_or_default())))
        }
        Some((SPENDING, id)) if id.parse::<i64>().is_ok() => {
            Ok(Thing::Spending(SpendingId(id.parse().unwrap_or_default())))
        }
        _ => {
            let expected = Sentence::new("请选择附于哪一项", "choose what it is attached to");
            Err(Mistakes(vec![Mistake::new("to", to, expected)]).into())
        }
    }
}

async fn withdraw(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::WithdrawFile)?;
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<attachment::Entity>(AttachmentId(id)).await?;
    let code = read.get::<asset::Entity>(row.asset_id).await?.code;
    let place = at(&format!("/assets/{code}/files"), [("done", "withdrawn")]);
    let answer = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Model| answer.clone());
    let named = (row.id, form.number("version").unwrap_or_default());
    let done = app::attachment::withdraw(&ledger, &visit.actor, named, form.one("reason")).await;
    let Err(error) = done else { return Ok(Redirect::to(&place).into_response()) };
    let fault = match replayed(error) {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => Fault::from(error),
    };
    let texts = Texts::from([("reason", form.one("reason").to_owned()), ("id", id.to_string())]);
    tried(&state, &visit, &code, &Tried { fault: &fault, texts: &texts }).await
}

/// The part of the card that shows files.
pub(super) async fn part(
    state: &AppState,
    visit: &Visit,
    card: &Card,
    files: &[Model],
    tried: Option<&Tried<'_>>,
) -> Result<Markup, Fault> {
    let ids: Vec<AttachmentId> = files.iter().map(|row| row.id).collect();
    let actors = state.ledger.read(&visit.actor).attached_by(&ids).await?;
    let asset = &card.dossier.asset;
    let may = !things(visit, card).is_empty() && asset.is_standing();
    Ok(html! {
        @if let Some(tried) = tried { div.pad { (mistakes(visit, tried.fault)) } }
        @if let Some(file) = asked(visit, files) { div.pad { (checked(state, visit, file).await?) } }
        @if files.is_empty() {
            (nothing(
                if may {
                    visit.say("还没有附件。可附批复、验收资料、合同、权证、管护协议和现场照片。", "No file yet. Approvals, acceptance records, contracts, certificates, agreements and photos belong here.")
                } else {
                    visit.say("没有附件。", "No file is attached.")
                },
                None,
            ))
        } @else { (listed(visit, card, files, &actors, tried)) }
        @if may { (form(visit, card, tried)) }
    })
}

/// The file that the address asks to be looked at again.
fn asked<'a>(visit: &Visit, files: &'a [Model]) -> Option<&'a Model> {
    let (_, id) = visit.query.iter().find(|(word, _)| word == "checked")?;
    let id = id.parse().ok().map(AttachmentId)?;
    files.iter().find(|row| row.id == id)
}

async fn checked(state: &AppState, visit: &Visit, file: &Model) -> Result<Markup, Fault> {
    let (row, is_whole) = check(state, &visit.actor, file.id).await?;
    let name = html! { b { (row.file_name) } };
    Ok(if is_whole {
        note(
            Tone::Good,
            &html! {
                (visit.say("核对无误：", "As it was kept: ")) (name)
                (visit.say("，刚刚重新计算的 SHA-256 与登记的一致。", "; the SHA-256 computed just now is the recorded one."))
                p.sm.mut { (row.digest) }
            },
        )
    } else {
        note(
            Tone::Bad,
            &html! {
                (visit.say("核对不符：", "Not as it was kept: ")) (name)
                (visit.say("，内容打不开或与登记的 SHA-256 不符，请立即报告管理员。", "; it does not open or its SHA-256 is not the recorded one. Tell an administrator at once."))
            },
        )
    })
}

fn listed(
    visit: &Visit,
    card: &Card,
    files: &[Model],
    actors: &HashMap<AttachmentId, String>,
    tried: Option<&Tried<'_>>,
) -> Markup {
    scrolled(
        visit.say("附件", "Files"),
        &html! { table.cards {
            thead { tr {
                th scope="col" { (visit.say("文件", "File")) }
                th scope="col" { (visit.say("种类", "Kind")) }
                th scope="col" { (visit.say("附于", "Attached to")) }
                th scope="col" { (visit.say("上传", "Attached")) }
                th scope="col" { "SHA-256" }
                th scope="col" { span.sr { (visit.say("办理", "Ways on")) } }
            } }
            tbody { @for row in files {
                (line(visit, card, row, actors.get(&row.id).map_or("", String::as_str), tried))
            } }
        } },
    )
}

fn line(visit: &Visit, card: &Card, row: &Model, actor: &str, tried: Option<&Tried<'_>>) -> Markup {
    let when = row.created_at.with_timezone(&CHINA_CLOCK).format("%Y-%m-%d %H:%M");
    html! {
        tr {
            th scope="row" {
                div.filed {
                    @if !row.is_withdrawn { (thumb(row)) }
                    div {
                        @if row.is_withdrawn {
                            del { (row.file_name) } " " (badge(Tone::Idle, visit.say("已撤回", "withdrawn")))
                        } @else { (link(row)) }
                        small { (visit.text(row.media.label())) " · " (size(row.size)) }
                    }
                }
            }
            td data-l=(visit.say("种类", "Kind")) { (visit.text(row.kind.label())) }
            td data-l=(visit.say("附于", "Attached to")) { (thing_of(visit, card, row)) }
            td data-l=(visit.say("上传", "Attached")) { (when) small { (actor) } }
            td data-l="SHA-256" title=(row.digest) { code { (row.digest.get(..12).unwrap_or_default()) "…" } }
            td {
                a.btn.sm href=(at(&visit.path, [("checked", row.id.to_string().as_str())])) { (visit.say("核对", "Check")) }
                @if !row.is_withdrawn && visit.may(Action::WithdrawFile) && visit.may(amended_by(row.subject)) {
                    (withdrawal(visit, row, tried))
                }
            }
        }
    }
}

/// The small picture of a file, as a way to the file.
fn thumb(row: &Model) -> Markup {
    html! {
        @if row.preview_digest.is_some() {
            img.thumb src={ "/files/" (row.id) "/preview" } alt="" loading="lazy" width="64" height="48";
        }
    }
}

fn link(row: &Model) -> Markup {
    html! { a.b download href={ "/files/" (row.id) "/content" } { (row.file_name) } }
}

/// Bytes as people say them.
fn size(bytes: i64) -> String {
    let (unit, name) = if bytes >= 1 << 20 { (1 << 20, "MB") } else { (1 << 10, "KB") };
    let tenths = (bytes * 10 + unit / 2) / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// What a file is attached to, in words.
fn thing_of(visit: &Visit, card: &Card, row: &Model) -> Markup {
    let duty = card.dossier.duties.iter().find(|duty| duty.id.0 == row.subject_id);
    html! {
        @match (row.subject, duty) {
            (Subject::Duty, Some(duty)) => {
                (visit.text(duty.kind.label()))
                @if let Some((_, named)) = card.party(duty.organization_id, duty.person_id) { small { (named.name) } }
            }
            (subject, _) => (visit.text(subject.label())),
        }
    }
}

fn withdrawal(visit: &Visit, row: &Model, tried: Option<&Tried<'_>>) -> Markup {
    let own =
        tried.filter(|tried| tried.texts.get("id").is_some_and(|id| *id == row.id.to_string()));
    let typed = own.and_then(|tried| tried.texts.get("reason")).map_or("", String::as_str);
    let id = format!("reason-{}", row.id);
    html! {
        details open[own.is_some()] {
            summary { (visit.say("撤回", "Withdraw")) }
            form.stacked method="post" action={ "/files/" (row.id) "/withdraw" } {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(row.version);
                label for=(id) { (visit.say("理由", "Reason")) }
                input id=(id) name="reason" value=(typed) maxlength=(limits::REASON_LENGTH) required;
                button.btn { (visit.say("撤回这个文件", "Withdraw this file")) }
            }
        }
    }
}

fn form(visit: &Visit, card: &Card, tried: Option<&Tried<'_>>) -> Markup {
    let code = &card.dossier.asset.code;
    let asked = visit.query.iter().find(|(word, _)| word == "to").map(|(_, to)| to.as_str());
    let typed = |name: &str| tried.and_then(|tried| tried.texts.get(name)).map(String::as_str);
    let to = typed("to").or(asked).unwrap_or("asset");
    let around = |name: &str, label: &str, hint: &str, control: &Markup| {
        let found = tried.map(|tried| &tried.fault.mistakes.0).into_iter().flatten();
        let mistake = found.into_iter().find(|mistake| mistake.field == name);
        let mistake = mistake.map(|mistake| visit.tell(&mistake.expected));
        parts::field(&parts::Field { name, label, hint, mistake, is_required: false }, control)
    };
    html! {
        form.pad.stacked method="post" action={ "/assets/" (code) "/files" } enctype="multipart/form-data" {
            h2 { (visit.say("上传附件", "Attach files")) }
            (hidden(&visit.mark))
            div.sheet {
                (around("to", visit.say("附于", "Attached to"), "", &choice("to", None, things(visit, card), to)))
                (around("kind", visit.say("种类", "Kind"), "",
                    &choice("kind", Some(visit.say("按文件判断", "told from the file")), coded(visit, Kind::CHOICES), typed("kind").unwrap_or_default())))
            }
            (around("file", visit.say("文件（最多 5 个）", "Files (at most 5)"), visit.say(
                "图片不超过 10 MB，文档不超过 20 MB。图片只保留画面，拍摄地点等信息会去掉。",
                "Pictures have at most 10 MB, documents 20 MB. Of a picture the image alone is kept, not where it was taken.",
            ), &html! {
                input #f-file name="file" type="file" multiple accept=(ACCEPTED) required;
            }))
            div { button.btn.go { (icon(Icon::Add)) (visit.say("上传附件", "Attach")) } }
        }
    }
}

/// What of an asset files can be attached to by the visitor.
fn things(visit: &Visit, card: &Card) -> Vec<(String, String)> {
    let mut things = Vec::new();
    let name = |subject: Subject| visit.text(subject.label()).to_owned();
    if visit.may(Action::AmendAsset) {
        things.push(("asset".to_owned(), name(Subject::Asset)));
    }
    if visit.may(Action::SettleTitle) && card.dossier.title.is_some() {
        things.push(("title".to_owned(), name(Subject::Title)));
    }
    if visit.may(Action::AssignDuty) {
        things.extend(card.dossier.duties.iter().map(|duty| {
            let party = card.party(duty.organization_id, duty.person_id);
            let party = party.map_or(String::new(), |(_, named)| format!(" · {}", named.name));
            (format!("duty:{}", duty.id), format!("{}{party}", visit.text(duty.kind.label())))
        }));
    }
    things
}

/// The files of a title or a duty, beside what is told of it.
pub(super) fn beside(
    visit: &Visit,
    files: &[Model],
    (subject, id): (Subject, i64),
    class: &str,
) -> Markup {
    let own = |row: &&Model| (row.subject, row.subject_id) == (subject, id) && !row.is_withdrawn;
    let own: Vec<&Model> = files.iter().filter(own).collect();
    html! {
        @if !own.is_empty() {
            ul class=(class) { @for row in own { li { (visit.text(row.kind.label())) " " (link(row)) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use entity::attachment::Media;

    use super::*;

    #[test]
    fn sizes_are_said_shortly() {
        for (bytes, said) in [
            (0, "0.0 KB"),
            (512, "0.5 KB"),
            (1_536, "1.5 KB"),
            (1 << 20, "1.0 MB"),
            (20 << 20, "20.0 MB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }

    #[test]
    fn browsers_offer_what_is_taken() {
        for media in Media::ALL {
            let code = media.code();
            let offered = [format!(".{code}"), format!("image/{code}")];
            assert!(offered.iter().any(|one| ACCEPTED.split(',').any(|known| known == one)));
        }
    }
}
