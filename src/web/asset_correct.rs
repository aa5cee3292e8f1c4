//! Handing an asset over, correcting what was recorded wrongly, putting it into another class:
//! each by a form that says what it does.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    asset::{Class, Model, Subclass},
    draft::Form as Which,
    language::Language,
};
use maud::html;

use super::{
    act::{Act, about_reason, card_of, is_stale, led, reason, sheet},
    draft::{self, Keeping, Of},
    fields::{self, Typed},
    form::{Form, Sent},
    meanwhile::{Meanwhile, is_settled, is_theirs},
    visit::Visit,
};
use crate::{
    app,
    domain::{
        asset::FIELDS,
        field::{Change, Field, FieldValue, Reading, field},
        mistake::{Mistake, Mistakes},
        permission::Action,
        reading,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/assets/{code}/hand-over", get(show_handover).post(hand_over))
        .route("/assets/{code}/correct", get(show_correction).post(correct))
        .route("/assets/{code}/reclass", get(show_reclass).post(reclass))
}

async fn found(state: &AppState, visit: &Visit, code: &str, action: Action) -> Result<Model> {
    visit.actor.require(action)?;
    state.ledger.read(&visit.actor).asset(code).await
}

/// The version that a form goes on from: whoever has seen what was recorded meanwhile may go on.
fn version(form: &Form, asset: &Model, fault: &Fault) -> i64 {
    if is_stale(fault) { asset.version } else { form.number("version").unwrap_or_default() }
}

async fn show_handover(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let asset = found(&state, &visit, &code, Action::HandOverAsset).await?;
    let mut typed = Typed::default();
    typed.put("on", visit.today.to_string());
    Ok(handover_form(&state, &visit, (&asset, asset.version), &typed, None).await?)
}

async fn handover_form(
    state: &AppState,
    visit: &Visit,
    (asset, version): (&Model, i64),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let act = Act {
        asset,
        path: "hand-over",
        title: visit.say("移交资产", "Hand the asset over"),
        does: visit.say(
            "记下项目实施单位把资产交给所有权人或管护主体的日期和移交文号。一项资产只移交一次；日期不能早于竣工验收。",
            "Keeps the day on which the unit that built it handed it to its owner or maintainer, and the number of the document. An asset is handed over once, and not before its acceptance.",
        ),
        button: visit.say("登记移交", "Hand over"),
        version,
        fault,
        keeping: None,
    };
    let sheet = sheet(visit, typed, fault, None);
    let on = html! { input #f-on name="on" type="date" value=(typed.text("on")) max=(visit.today) aria-required="true"; };
    let number = html! { input #f-document_no name="document_no" value=(typed.text("document_no")) maxlength=(limits::TEXT_LENGTH); };
    let fields = html! {
        div.sheet {
            (sheet.around(("on", visit.say("移交日期 *", "Day *"), ""), &on))
            (sheet.around(("document_no", visit.say("移交文号", "Number of the document"), ""), &number))
        }
    };
    act.drawn(state, visit, &fields).await
}

async fn hand_over(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let asset = found(&state, &visit, &code, Action::HandOverAsset).await?;
    let place = card_of(&asset.code, "handed_over");
    let done = async {
        let on = reading::date(form.one("on"), reading::DateOrder::default());
        let on =
            on.map_err(|wrong| Mistakes(vec![Mistake::new("on", form.one("on"), wrong.expected)]))?;
        let number = form.one("document_no");
        let number = (!number.is_empty()).then(|| number.to_owned());
        let led = place.clone();
        let ledger = form.once(&state.ledger, move |_: &Model| led.clone());
        let named = (asset.id, form.number("version").unwrap_or_default());
        app::asset::hand_over(&ledger, &visit.actor, named, on, number).await?;
        Ok(place)
    };
    let fault = match led(done.await)? {
        Ok(response) => return Ok(response),
        Err(fault) => fault,
    };
    let named = (&asset, version(&form, &asset, &fault));
    Ok(handover_form(&state, &visit, named, &Typed::sent(&form), Some(&fault)).await?)
}

/// The fields that a correction may change.
fn corrected() -> impl Iterator<Item = &'static Field<Model>> {
    let is_open = |change| matches!(change, Change::Amend | Change::Correct);
    let (first, later): (Vec<_>, Vec<_>) = FIELDS
        .iter()
        .filter(move |field| is_open(field.change))
        .partition(|field| field.change == Change::Correct);
    first.into_iter().chain(later)
}

async fn show_correction(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let asset = found(&state, &visit, &code, Action::CorrectAsset).await?;
    let of = Of(Which::Correct, &asset.code);
    let (keeping, kept) = Keeping::opened(&state, &visit, of).await?;
    let sent = kept.map(|fields| Typed::of(&fields)).unwrap_or_default();
    let version = sent.text("version").parse().unwrap_or(asset.version);
    let meanwhile = Meanwhile::of(&state, &visit, (&asset, version), &sent).await?;
    Ok(correction_form(&state, &visit, (&asset, &keeping), &meanwhile, None).await?)
}

async fn correction_form(
    state: &AppState,
    visit: &Visit,
    (asset, keeping): (&Model, &Keeping),
    meanwhile: &Meanwhile,
    fault: Option<&Fault>,
) -> Result<Response> {
    let act = Act {
        asset,
        path: "correct",
        title: visit.say("更正资产", "Correct the asset"),
        does: visit.say(
            "原来登记有误时用更正：包括原值、购建日期这些平常不能变更的内容。理由和每一项的前后内容都留在变更记录里。",
            "For what was recorded wrongly, including what an amendment may not touch, such as the original value. The reason and every field before and after stay in the history.",
        ),
        button: meanwhile.button(visit, visit.say("保存更正", "Save the correction")),
        version: asset.version,
        fault,
        keeping: Some(keeping),
    };
    let sheet = sheet(visit, &meanwhile.typed, fault, None);
    let fields = corrected().map(|field| (field, field.required));
    let fields = meanwhile.draw(visit, &sheet, fields, &reason(visit, &sheet));
    act.drawn(state, visit, &fields).await
}

async fn correct(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let asset = found(&state, &visit, &code, Action::CorrectAsset).await?;
    let place = card_of(&asset.code, "corrected");
    let done = async {
        let led = place.clone();
        let ledger = form.once(&state.ledger, move |_: &Model| led.clone());
        let named = (asset.id, form.number("version").unwrap_or_default());
        let change = |mut card: Model| -> Result<Model> {
            let may = |field: &Field<Model>| {
                corrected().any(|one| one.name == field.name) && !is_theirs(&form, field.name)
            };
            fields::set(FIELDS, &mut card, &form, may).into_result()?;
            Ok(card)
        };
        let done = app::asset::correct(&ledger, &visit.actor, named, form.one("reason"), change);
        match done.await {
            Err(error) if is_settled(&form, &error) => Ok(format!("/assets/{}", asset.code)),
            done => done.map(|_| place).map_err(about_reason),
        }
    };
    let fault = match led(done.await)? {
        Ok(response) => {
            draft::forget(&state, &visit, &form).await;
            return Ok(response);
        }
        Err(fault) => fault,
    };
    // read again: what somebody else has recorded may be newer than what was read at first
    let asset = found(&state, &visit, &code, Action::CorrectAsset).await?;
    let named = (&asset, form.number("version").unwrap_or_default());
    let meanwhile = Meanwhile::of(&state, &visit, named, &Typed::sent(&form)).await?;
    let keeping = Keeping::sent(&form, Of(Which::Correct, &asset.code));
    let named = (&asset, &keeping);
    Ok(correction_form(&state, &visit, named, &meanwhile, Some(&fault)).await?)
}

async fn show_reclass(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let asset = found(&state, &visit, &code, Action::ReclassAsset).await?;
    let typed = Typed::recorded(FIELDS, &asset);
    Ok(reclass_form(&state, &visit, (&asset, asset.version), (&typed, None), None).await?)
}

async fn reclass_form(
    state: &AppState,
    visit: &Visit,
    (asset, version): (&Model, i64),
    (typed, meanwhile): (&Typed, Option<&Typed>),
    fault: Option<&Fault>,
) -> Result<Response> {
    let act = Act {
        asset,
        path: "reclass",
        title: visit.say("资产重分类", "Put the asset into another class"),
        does: visit.say(
            "改类别或子类。编号不变。改为股权、债权、基金的，管护责任随即终止；改出这些形态的，债务人、收益率和到期日清空。",
            "Changes the class or the subclass; the code stays. What becomes equity, debt or a fund share is no longer maintained, and its duties end; what ceases to be one loses debtor, rate and end.",
        ),
        button: visit.say("重分类", "Re-class"),
        version,
        fault,
        keeping: None,
    };
    let sheet = sheet(visit, typed, fault, meanwhile);
    let fields = html! {
        div.sheet {
            @for field in ["class", "subclass"].iter().filter_map(|name| field(FIELDS, name)) { (sheet.draw(field, true)) }
            (reason(visit, &sheet))
        }
    };
    act.drawn(state, visit, &fields).await
}

async fn reclass(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let asset = found(&state, &visit, &code, Action::ReclassAsset).await?;
    let place = card_of(&asset.code, "reclassed");
    let done = async {
        let class = read_choice::<Class>(&form, "class")?;
        let subclass = match form.one("subclass") {
            "" => None,
            _ => Some(read_choice::<Subclass>(&form, "subclass")?),
        };
        let led = place.clone();
        let ledger = form.once(&state.ledger, move |_: &Model| led.clone());
        let named = (asset.id, form.number("version").unwrap_or_default());
        let reason = form.one("reason");
        let done = app::asset::reclass(&ledger, &visit.actor, named, (class, subclass), reason);
        done.await.map_err(about_reason)?;
        Ok(place)
    };
    let fault = match led(done.await)? {
        Ok(response) => return Ok(response),
        Err(fault) => fault,
    };
    let (typed, now) = (Typed::sent(&form), Typed::recorded(FIELDS, &asset));
    let named = (&asset, version(&form, &asset, &fault));
    let typed = (&typed, is_stale(&fault).then_some(&now));
    Ok(reclass_form(&state, &visit, named, typed, Some(&fault)).await?)
}

/// A coded value of a form.
fn read_choice<T: FieldValue>(form: &Form, name: &'static str) -> Result<T> {
    let read = T::read(Some(form.one(name)), Reading::default());
    read.map_err(|expected| {
        let label = field(FIELDS, name).map_or("", |field| field.label.text(Language::Chinese));
        let expected = entity::language::Sentence::new(
            format!("{label}：{}", expected.zh),
            format!("{name}: {}", expected.en),
        );
        Mistakes(vec![Mistake::new(name, form.one(name), expected)]).into()
    })
}
