//! A body as bytes: how many there may be, of one request and of all together, and in what time
//! (reliability.md §5.7).

use std::pin::pin;

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, request::Parts},
};
use futures_util::future::poll_immediate;
use http_body_util::BodyExt;
use tokio::sync::Semaphore;

use super::{AppState, fault::Fault, place::Place};
use crate::limits;

/// A request whose sender is known: it may be longer than that of anybody.
#[derive(Clone, Copy)]
pub struct Known;

/// The head of a request and the bytes of its body. A request whose body is on the way has no
/// place until it is there.
///
/// # Errors
///
/// When they are too many or too slow, or end too early; when so many bytes of bodies are on the
/// way, or so many requests carried out, that the service takes no more.
pub async fn read(request: Request, state: &AppState) -> Result<(Parts, Vec<u8>), Fault> {
    let (parts, body) = request.into_parts();
    let is_known = parts.extensions.get::<Known>().is_some();
    let limit = if is_known { limits::BODY_BYTES } else { limits::BODY_BYTES_OF_ANYBODY };
    let mut coming = pin!(bytes(body, limit, &state.bodies));
    if let Some(bytes) = poll_immediate(coming.as_mut()).await {
        return Ok((parts, bytes?));
    }
    let place = parts.extensions.get::<Place>();
    if let Some(place) = place {
        place.give_back();
    }
    let bytes = coming.await?;
    if let Some(place) = place {
        place.take()?;
    }
    Ok((parts, bytes))
}

/// At most `limit` bytes, in time; `room` is what the bodies on the way have together.
pub(super) async fn bytes(body: Body, limit: usize, room: &Semaphore) -> Result<Vec<u8>, Fault> {
    let collected = tokio::time::timeout(limits::BODY_TIME, collected(body, limit, room));
    collected.await.unwrap_or_else(|_| Err(too_slow()))
}

async fn collected(mut body: Body, limit: usize, room: &Semaphore) -> Result<Vec<u8>, Fault> {
    let (mut bytes, mut taken) = (Vec::new(), Vec::new());
    while let Some(frame) = body.frame().await {
        let chunk = frame.map_err(|_| not_whole())?.into_data().unwrap_or_default();
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        let part = room.try_acquire_many(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        taken.push(part.map_err(|_| Fault::busy(limits::RETRY_AFTER))?);
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The body is larger than it may be.
pub fn too_large() -> Fault {
    let (zh, en) = ("请求内容过大", "The body is too large");
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", zh, en)
}

/// The body came too slowly.
pub fn too_slow() -> Fault {
    let (zh, en) = ("请求内容传送过慢", "The body came too slowly");
    Fault::new(StatusCode::REQUEST_TIMEOUT, "too_slow", zh, en)
}

/// The body ended before its end.
pub fn not_whole() -> Fault {
    let (zh, en) = ("请求内容不完整", "The body is not whole");
    Fault::new(StatusCode::BAD_REQUEST, "body_not_whole", zh, en)
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    /// A body whose end does not come before it is asked for again.
    fn late(text: &'static str) -> Body {
        Body::from_stream(stream::once(async move {
            tokio::task::yield_now().await;
            Ok::<_, std::io::Error>(text)
        }))
    }

    async fn status(body: Body, limit: usize, room: &Semaphore) -> Option<StatusCode> {
        bytes(body, limit, room).await.err().map(|fault| fault.status)
    }

    #[tokio::test]
    async fn bodies_have_so_much_room_together_and_give_it_back() {
        let room = Semaphore::new(10);
        assert_eq!(status(late("12345"), 5, &room).await, None);
        assert_eq!(status(late("123456"), 5, &room).await, Some(StatusCode::PAYLOAD_TOO_LARGE));
        let others = room.try_acquire_many(5).unwrap();
        assert_eq!(status(late("12345"), 9, &room).await, None);
        assert_eq!(status(late("123456"), 9, &room).await, Some(StatusCode::SERVICE_UNAVAILABLE));
        drop(others);
        assert_eq!(room.available_permits(), 10);
    }
}
