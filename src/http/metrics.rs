//! Counts for `/metrics`, in the text form that Prometheus reads. Routes, not addresses: no name,
//! code or token ever becomes a label.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{Method, StatusCode};

/// The upper bounds of the classes of time, in milliseconds.
const BOUNDS: [u64; 8] = [1, 5, 10, 50, 100, 500, 1_000, 10_000];

#[derive(Default)]
struct Times {
    /// Answers within each bound and beyond the last.
    classes: [u64; BOUNDS.len() + 1],
    micros: u128,
}

/// What happened since the service began.
#[derive(Default)]
pub struct Metrics {
    answers: Mutex<BTreeMap<(String, String, u16), u64>>,
    times: Mutex<BTreeMap<(String, String), Times>>,
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        time: Duration,
    ) {
        let (method, route) = (method.to_string(), route.to_owned());
        let key = (method.clone(), route.clone(), status.as_u16());
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry(key).or_default() += 1;
        drop(answers);
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let class = BOUNDS.iter().position(|bound| millis <= *bound).unwrap_or(BOUNDS.len());
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let times = times.entry((method, route)).or_default();
        times.classes[class] += 1;
        times.micros += time.as_micros();
    }

    /// Everything counted, as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("# TYPE taizhang_answers_total counter\n");
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route, status), n) in answers.iter() {
            // writing to a String cannot fail
            _ = writeln!(
                text,
                "taizhang_answers_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {n}"
            );
        }
        drop(answers);
        text.push_str("# TYPE taizhang_answer_milliseconds histogram\n");
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route), times) in times.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            let mut n = 0;
            for (class, bound) in times.classes.iter().zip(BOUNDS) {
                n += class;
                _ = writeln!(
                    text,
                    "taizhang_answer_milliseconds_bucket{{{labels},le=\"{bound}\"}} {n}"
                );
            }
            n += times.classes[BOUNDS.len()];
            let sum = times.micros / 1_000;
            _ = writeln!(
                text,
                "taizhang_answer_milliseconds_bucket{{{labels},le=\"+Inf\"}} {n}\n\
                 taizhang_answer_milliseconds_sum{{{labels}}} {sum}\n\
                 taizhang_answer_milliseconds_count{{{labels}}} {n}"
            );
        }
        text
    }
}
