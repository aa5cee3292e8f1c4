//! A body that is a file: longer than others, and for that it must keep coming (reliability.md
//! §5.7).

use std::{error::Error, fmt, pin::Pin, time::Duration};

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use crate::limits;

/// The body came too slowly.
#[derive(Debug)]
pub struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the body came too slowly")
    }
}

impl Error for TooSlow {}

/// Why a body is not whole.
pub type Broken = Box<dyn Error + Send + Sync>;

/// The chunks of a body, in time.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Broken>> + Send>>;

/// When the next chunk must be there, counted from the first, after so many bytes.
fn due(received: u64) -> Duration {
    let owed = limits::UPLOAD_GRACE + Duration::from_secs(received / limits::UPLOAD_RATE);
    owed.min(limits::UPLOAD_TIME)
}

/// The chunks of a body, each within the time that the rate of an upload leaves it.
pub fn paced(body: Body) -> Chunks {
    let begun = Instant::now();
    let start = Some((body.into_data_stream(), 0));
    Box::pin(stream::unfold(start, move |state| async move {
        let (mut chunks, received): (BodyDataStream, u64) = state?;
        // whoever asks as long as there is something would else hold all of it in memory
        tokio::task::yield_now().await;
        match timeout_at(begun + due(received), chunks.next()).await {
            Err(_) => Some((Err(Broken::from(TooSlow)), None)),
            Ok(None) => None,
            Ok(Some(Err(error))) => Some((Err(Broken::from(error)), None)),
            Ok(Some(Ok(chunk))) => {
                let received = received + chunk.len() as u64;
                Some((Ok(chunk), Some((chunks, received))))
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_buys_time_up_to_the_limit() {
        let rate = limits::UPLOAD_RATE;
        assert_eq!(due(0), limits::UPLOAD_GRACE);
        assert_eq!(due(rate * 5), limits::UPLOAD_GRACE + Duration::from_secs(5));
        let rest = limits::UPLOAD_TIME.as_secs() - limits::UPLOAD_GRACE.as_secs();
        assert_eq!(due(rate * rest), limits::UPLOAD_TIME);
        assert_eq!(due(rate * (rest + 1)), limits::UPLOAD_TIME);
        assert_eq!(due(u64::MAX), limits::UPLOAD_TIME);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_coming_is_given_up() {
        let chunk = Ok::<_, std::io::Error>(Bytes::from_static(b"a,b\n"));
        let stuck = stream::once(async { chunk }).chain(stream::pending());
        let begun = Instant::now();
        let mut chunks = paced(Body::from_stream(stuck));
        assert_eq!(chunks.next().await.expect("one").expect("whole"), "a,b\n");
        let error = chunks.next().await.expect("an end").expect_err("too slow");
        assert!(error.is::<TooSlow>());
        assert_eq!(begun.elapsed(), limits::UPLOAD_GRACE);
        assert!(chunks.next().await.is_none());
    }
}
