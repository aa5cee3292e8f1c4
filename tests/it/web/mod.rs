//! The pages, opened within the process as a browser would: cookies, forms, ways on.

mod account;
mod act;
mod alert;
mod area;
mod asset;
mod asset_list;
mod asset_new;
mod attachment;
mod brief;
mod budget;
mod campaign;
mod card;
mod contract;
mod dashboard;
mod dashboard_role;
mod discrepancy;
mod draft;
mod draft_form;
mod duty;
mod escalation;
mod export;
mod fault_report;
mod finding;
mod five_have;
mod frame;
mod health;
mod import;
mod import_doubt;
mod import_mend;
mod inspection;
mod inspection_plan;
mod inspection_round;
mod inspection_route;
mod log;
mod meanwhile;
mod organization;
mod permission;
mod printed;
mod project;
mod reminder;
mod revival;
mod saved_view;
mod search;
mod selection;
mod setting;
mod sign_in;
mod stock_take;
mod title;
mod verification;
mod webhook;
mod welfare_post;
mod work_order;

use axum::http::Method;
use entity::{account::Role, session::Kind};
use taizhang::{domain::secret::Secret, store::Opening};

use crate::{
    api::{Client, Reply},
    harness::{Town, signing_in::PASSWORD, town::account_name},
};

/// A browser: it keeps cookies and sends forms of the pages it has opened.
pub(crate) struct Browser {
    client: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new(town: &Town) -> Browser {
        Browser { client: town.stranger(), cookies: Vec::new() }
    }

    fn keep(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all("set-cookie") {
            let text = cookie.to_str().expect("text");
            let (name, rest) = text.split_once('=').expect("a cookie");
            let value = rest.split(';').next().expect("a value");
            self.cookies.retain(|(known, _)| known != name);
            if !text.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn cookie(&self) -> String {
        let all = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        all.collect::<Vec<_>>().join("; ")
    }

    /// Opens an address.
    pub(crate) async fn open(&mut self, address: &str) -> Reply {
        let call = self.client.ask(Method::GET, address).header("cookie", &self.cookie());
        let reply = call.send().await;
        self.keep(&reply);
        reply
    }

    /// Sends fields to an address, as a page of this host does.
    pub(crate) async fn send(&mut self, address: &str, fields: &[(&str, &str)]) -> Reply {
        self.send_from("same-origin", address, fields).await
    }

    /// Sends fields as the page of some site.
    pub(crate) async fn send_from(
        &mut self,
        site: &str,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let call = self.client.ask(Method::POST, address).header("cookie", &self.cookie());
        let call = call.header("sec-fetch-site", site);
        let reply = call.raw("application/x-www-form-urlencoded", body).send().await;
        self.keep(&reply);
        reply
    }

    /// Fills in the form of a page and sends it: what it carries hidden goes along.
    pub(crate) async fn fill(
        &mut self,
        page: &str,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let text = self.open(page).await.is(200).text();
        let form = form_of(&text, address);
        let mut all = hidden(form);
        all.retain(|(name, _)| fields.iter().all(|(set, _)| set != name));
        let own: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.send(address, &[&own, fields].concat()).await
    }

    /// The same with files.
    pub(crate) async fn bring(
        &mut self,
        page: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Reply {
        self.bring_from((page, page), fields, files).await
    }

    /// The same by a form that is sent elsewhere than its page.
    pub(crate) async fn bring_from(
        &mut self,
        (page, address): (&str, &str),
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Reply {
        let text = self.open(page).await.is(200).text();
        let mut all = hidden(form_of(&text, address));
        all.retain(|(name, _)| fields.iter().all(|(set, _)| set != name));
        let own: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.send_files(address, &[&own, fields].concat(), files).await
    }

    /// Sends fields and files to an address.
    pub(crate) async fn send_files(
        &mut self,
        address: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Reply {
        let call = self.client.ask(Method::POST, address).header("cookie", &self.cookie());
        call.header("sec-fetch-site", "same-origin").form(fields, files).send().await
    }

    /// The mark that every form carries which whoever is signed in was shown.
    pub(crate) async fn mark(&mut self) -> String {
        let page = self.open("/me").await.is(200).text();
        let mut carried = hidden(form_of(&page, "/sign-out"));
        carried.retain(|(name, _)| name == "mark");
        carried.remove(0).1
    }

    /// Signs in by the page.
    pub(crate) async fn sign_in(&mut self, name: &str) -> Reply {
        let fields = [("name", name), ("password", PASSWORD), ("next", "/me")];
        self.send("/sign-in", &fields).await
    }
}

/// The form of a page that goes to an address.
#[track_caller]
fn form_of<'a>(page: &'a str, address: &str) -> &'a str {
    let form = page.split("<form").find(|form| form.contains(&format!("action=\"{address}\"")));
    form.unwrap_or_else(|| panic!("no form for {address} in {page}"))
}

/// The hidden fields of a form.
fn hidden(form: &str) -> Vec<(String, String)> {
    let inputs = form.split("<input type=\"hidden\" ").skip(1);
    inputs
        .map(|input| {
            let of = |name: &str| {
                let value = input.split(&format!("{name}=\"")).nth(1).expect("an attribute");
                value.split('"').next().expect("its end").replace("&amp;", "&")
            };
            (of("name"), of("value"))
        })
        .collect()
}

impl Reply {
    /// The page.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Town {
    /// A browser in which somebody of a role has signed in.
    pub(crate) async fn browser(&self, role: Role) -> Browser {
        let name = self.settle_in(role).await;
        let mut browser = Browser::new(self);
        browser.sign_in(&name).await.is(303);
        browser
    }

    /// A browser in which somebody of a role is signed in who has a password and no second factor.
    pub(crate) async fn seated(&self, role: Role) -> Browser {
        let name = self.settle_in(role).await;
        self.seat_of(&name).await
    }

    /// The same in the other county.
    pub(crate) async fn seated_there(&self, role: Role) -> Browser {
        let name = format!("{}-2", account_name(role));
        self.give_password(&name).await;
        self.seat_of(&name).await
    }

    /// A browser in which whoever has a password is signed in, whatever else is due.
    pub(crate) async fn seat_of(&self, name: &str) -> Browser {
        let token = self.seat_token(name).await;
        let mut browser = Browser::new(self);
        browser.cookies.push(("sid".to_owned(), token.expose().to_owned()));
        browser
    }

    /// What the cookie of such a browser holds.
    pub(crate) async fn seat_token(&self, name: &str) -> Secret {
        let account = self.account(name).await.account().expect("an account");
        let opening = Opening {
            account,
            password_of: self.credential(name).await.changed_at,
            kind: Kind::Browser,
            device: "火狐浏览器".to_owned(),
            must_change_password: false,
            must_enroll: false,
        };
        self.ledger.open_session(opening).await.expect("a session").1
    }
}
