//! Our own protocol; its frames are read by `scan`.

use protocol::{ClientFrame, SUBPROTOCOL, client_frame::Hello};
use tokio_tungstenite::tungstenite::ClientRequestBuilder;

use super::{Cursor, Saying, address};

pub fn request(url: &str) -> Result<ClientRequestBuilder, String> {
    Ok(ClientRequestBuilder::new(address(url, "/v1/socket")?).with_sub_protocol(SUBPROTOCOL))
}

pub fn hello(token: &str) -> String {
    ClientFrame::Hello(Hello { token: Some(token.to_owned()), client: Some("order-chat-load".into()) })
        .encode()
}

pub fn subscribe(Cursor { reference, order, after, epoch, .. }: Cursor<'_>) -> String {
    let epoch = epoch.map_or_else(String::new, |epoch| format!(r#","epoch":"{epoch}""#));
    format!(r#"{{"type":"subscribe","ref":{reference},"order":"{order}","after":{after}{epoch}}}"#)
}

pub fn say(Saying { reference, id, order, text, .. }: Saying<'_>) -> String {
    format!(
        r#"{{"type":"command","ref":{reference},"id":"{id}","order":"{order}","command":{{"type":"post_message","text":"{text}"}}}}"#
    )
}
