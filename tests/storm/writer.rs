//! Somebody who writes, and remembers what was acknowledged.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::{Value as Json, json};
use tokio::{task::JoinSet, time::sleep};

use super::{
    Chance, Found,
    client::{Ask, Client, Person, Reply},
    site::VILLAGES,
};

/// A card that is whole.
pub(crate) fn card(name: &str, village: &str) -> Json {
    json!({
        "area_code": village,
        "fields": {
            "name": name, "class": "public", "subclass": "road", "location": "村口",
            "quantity": "1.5", "unit": "km", "original_value": "120000.50",
            "acquired_on": "2020-05-20", "project_year": 2020,
        },
        "funding": [{ "tier": "central", "amount": "120000.50" }],
    })
}

/// An asset as its maker was told it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) id: u64,
    pub(crate) version: u64,
}

/// What all writers share: how many writes were acknowledged, and whether it is over.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    pub(crate) acknowledged: AtomicU32,
    pub(crate) is_over: AtomicBool,
}

/// What writers did.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) made: Vec<Made>,
    /// Answers of an earlier time: the first was lost on its way.
    pub(crate) replayed: u64,
    pub(crate) faults: Vec<String>,
}

/// Somebody who writes.
pub(crate) struct Writer {
    pub(crate) one: usize,
    pub(crate) client: Client,
    pub(crate) person: Arc<Person>,
    pub(crate) chance: Chance,
    pub(crate) n: usize,
    pub(crate) written: Written,
}

impl Writer {
    pub(crate) fn new(one: usize, client: Client, person: Arc<Person>, chance: Chance) -> Writer {
        Writer { one, client, person, chance, n: 0, written: Written::default() }
    }

    /// Writes until it is over.
    async fn write(mut self, pace: Arc<Pace>) -> Written {
        while !pace.is_over.load(Ordering::Relaxed) {
            let done = match self.chance.below(10) {
                0 | 1 if !self.written.made.is_empty() => self.amend().await,
                2 | 3 if !self.written.made.is_empty() => self.correct().await,
                _ => self.register().await,
            };
            match done {
                Ok(()) => drop(pace.acknowledged.fetch_add(1, Ordering::Relaxed)),
                Err(fault) => self.written.faults.push(fault),
            }
            if self.written.faults.len() > 5 {
                break;
            }
        }
        self.written
    }

    fn next(&mut self) -> String {
        self.n += 1;
        format!("{}-{}", self.one, self.n)
    }

    fn told(&mut self, reply: &Reply, status: u16) -> Result<(u64, u64), String> {
        self.written.replayed += u64::from(reply.is_replayed());
        let card = reply.json();
        match (reply.status == status, card["id"].as_u64(), card["version"].as_u64()) {
            (true, Some(id), Some(version)) => Ok((id, version)),
            _ => Err(format!("{} {}", reply.status, reply.text())),
        }
    }

    async fn register(&mut self) -> Result<(), String> {
        let name = self.next();
        let token = self.person.token(&mut self.client).await?;
        let new = card(&name, VILLAGES[self.one % VILLAGES.len()]);
        let ask = Ask::post("/assets", &new).by(&token).key(&name);
        let reply = self.client.insist(&ask).await?;
        let (id, version) = self.told(&reply, 201)?;
        self.written.made.push(Made { name, id, version });
        Ok(())
    }

    /// Corrects one of its assets, with a key: asked again as it is until it is answered.
    async fn correct(&mut self) -> Result<(), String> {
        let key = self.next();
        let token = self.person.token(&mut self.client).await?;
        let at = self.chance.below(self.written.made.len());
        let Made { id, version, .. } = self.written.made[at].clone();
        let value = format!("{}.00", 1_000 + self.n);
        let body = json!({ "reason": "抄写有误", "fields": { "original_value": value } });
        let ask = Ask::post(&format!("/assets/{id}/correct"), &body).by(&token);
        let reply = self.client.insist(&ask.key(&key).version(version)).await?;
        self.advance(at, &reply)
    }

    /// Amends one of its assets, without a key: whoever got no answer looks.
    async fn amend(&mut self) -> Result<(), String> {
        let remark = self.next();
        let at = self.chance.below(self.written.made.len());
        let Made { id, version, .. } = self.written.made[at].clone();
        for _ in 0..1_000 {
            let token = self.person.token(&mut self.client).await?;
            let ask = Ask::patch(&format!("/assets/{id}"), &json!({ "remark": remark }));
            match self.client.ask(&ask.by(&token).version(version)).await {
                Ok(reply) if !reply.is_passing() => return self.advance(at, &reply),
                _ => {}
            }
            let look = Ask::get(&format!("/assets/{id}")).by(&token);
            let reply = self.client.insist(&look).await?;
            let card = reply.json();
            if card["remark"] == *remark {
                return self.advance(at, &reply);
            }
            if card["version"] != version {
                return Err(format!("asset {id} had version {version} and is {card}"));
            }
            sleep(Duration::from_millis(10)).await;
        }
        Err(format!("asset {id} cannot be amended"))
    }

    fn advance(&mut self, at: usize, reply: &Reply) -> Result<(), String> {
        let (id, version) = self.told(reply, 200)?;
        let made = &mut self.written.made[at];
        if (id, version) != (made.id, made.version + 1) {
            return Err(format!("{made:?} became {id}, version {version}"));
        }
        made.version = version;
        Ok(())
    }
}

/// Sets writers to work.
pub(crate) fn set_to_work(writers: Vec<Writer>, pace: &Arc<Pace>) -> JoinSet<Written> {
    writers.into_iter().map(|writer| writer.write(Arc::clone(pace))).collect()
}

/// Waits for writers to come to their end.
pub(crate) async fn come_home(mut all: JoinSet<Written>, pace: &Pace) -> Written {
    pace.is_over.store(true, Ordering::Relaxed);
    let mut sum = Written::default();
    while let Some(one) = all.join_next().await {
        let one = one.expect("no panic");
        sum.made.extend(one.made);
        sum.replayed += one.replayed;
        sum.faults.extend(one.faults);
    }
    sum
}

/// Everything in the register.
pub(crate) async fn listed(client: &mut Client, person: &Person) -> Result<Vec<Made>, String> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let token = person.token(client).await?;
        let ask = Ask::get(&format!("/assets?limit=200{after}")).by(&token);
        let reply = client.insist(&ask).await?;
        let page = reply.json();
        let items = page["items"].as_array().ok_or_else(|| reply.text())?;
        for item in items {
            let name = item["name"].as_str().unwrap_or_default().to_owned();
            let number = |field: &str| item[field].as_u64().unwrap_or_default();
            all.push(Made { name, id: number("id"), version: number("version") });
        }
        let Some(next) = page["next"].as_str() else { return Ok(all) };
        after = format!("&after={next}");
    }
}

/// Whether everything that was acknowledged is there, once and as it was told, and nothing else.
pub(crate) fn compare(found: &mut Found, made: &[Made], listed: &[Made]) {
    let mut there: BTreeMap<&str, Vec<&Made>> = BTreeMap::new();
    for one in listed {
        there.entry(&one.name).or_default().push(one);
    }
    let (mut lost, mut doubled) = (0, 0);
    for one in made {
        match there.remove(one.name.as_str()).as_deref() {
            Some([only]) if *only == one => {}
            Some([only]) => {
                lost += 1;
                found.fault(format!("told {one:?}, found {only:?}"));
            }
            None => {
                lost += 1;
                found.fault(format!("lost: {one:?}"));
            }
            Some(many) => {
                doubled += many.len() as u64 - 1;
                found.fault(format!("doubled: {many:?}"));
            }
        }
    }
    found.equal("acknowledged writes lost", lost, 0);
    found.equal("doubled", doubled, 0);
    found.equal("nobody was told of", there.len() as u64, 0);
}

/// Whether the logs grew by one entry for each write.
pub(crate) fn check_entries(found: &mut Found, made: &[Made], grown: u64) {
    let writes: u64 = made.iter().map(|made| made.version).sum();
    found.equal("entries in the logs", grown, writes);
}
