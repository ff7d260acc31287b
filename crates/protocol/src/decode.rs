//! From text to [`ClientFrame`]. One pass finds the fields, then each frame reads its own ones and names what is
//! wrong; nothing a client sends can panic or cost more than its length.

use order_domain::{
    command::{Command, PostMessage},
    rejection::Rejection,
    values::Seq,
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{
    client_frame::{
        ClientFrame, CommandFrame, Hello, History, PresenceFrame, Read, Refresh, Subscribe, Typing,
        Unsubscribe,
    },
    frame_error::{BadFrame, FrameError, RefusedCommand},
    limits::HISTORY_PAGE,
    room::Presence,
};

/// No head is ever larger (2^53 − 1, what JavaScript counts to); a larger seq is read as this.
const SEQ_MAX: u64 = (1 << 53) - 1;

const TEXT: &str = "must be a text";
const UUID: &str = "must be a UUID";
const WHOLE: &str = "must be a whole number, not below 0";

type Raw<'a> = Option<&'a RawValue>;

/// Every field that any frame has, unread. Fields of other frames and unknown ones are ignored.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, rename = "type")]
    kind: Raw<'a>,
    #[serde(borrow, rename = "ref")]
    reference: Raw<'a>,
    #[serde(borrow)]
    token: Raw<'a>,
    #[serde(borrow)]
    client: Raw<'a>,
    #[serde(borrow)]
    order: Raw<'a>,
    #[serde(borrow)]
    after: Raw<'a>,
    #[serde(borrow)]
    epoch: Raw<'a>,
    #[serde(borrow)]
    before: Raw<'a>,
    #[serde(borrow)]
    limit: Raw<'a>,
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    command: Raw<'a>,
    #[serde(borrow)]
    expect_version: Raw<'a>,
    #[serde(borrow)]
    seq: Raw<'a>,
    #[serde(borrow)]
    on: Raw<'a>,
    #[serde(borrow)]
    state: Raw<'a>,
}

impl ClientFrame {
    /// Reads one text frame.
    pub fn decode(text: &str) -> Result<Self, FrameError> {
        let fields = Fields::of(text)?;
        let kind: String = needed(fields.kind, "type", TEXT)?;
        match kind.as_str() {
            "command" => return fields.command_frame().map(Self::Command),
            "hello" => fields.hello().map(Self::Hello),
            "refresh" => fields.refresh().map(Self::Refresh),
            "subscribe" => fields.subscribe().map(Self::Subscribe),
            "unsubscribe" => fields.unsubscribe().map(Self::Unsubscribe),
            "history" => fields.history().map(Self::History),
            "read" => fields.read().map(Self::Read),
            "typing" => fields.typing().map(Self::Typing),
            "presence" => fields.presence().map(Self::Presence),
            "heartbeat" => Ok(Self::Heartbeat {}),
            _ => Err(BadFrame::field("type", "is unknown")),
        }
        .map_err(FrameError::Bad)
    }
}

impl<'a> Fields<'a> {
    fn of(text: &'a str) -> Result<Self, BadFrame> {
        // Serde reads a struct from a list too.
        if !is_object(text) {
            return Err(BadFrame::no_frame("a frame is one JSON object"));
        }
        serde_json::from_str(text).map_err(|error| BadFrame::no_frame(format!("not a frame: {error}")))
    }

    fn hello(&self) -> Result<Hello, BadFrame> {
        Ok(Hello { token: maybe(self.token, "token", TEXT)?, client: maybe(self.client, "client", TEXT)? })
    }

    fn refresh(&self) -> Result<Refresh, BadFrame> {
        Ok(Refresh { reference: self.reference()?, token: needed(self.token, "token", TEXT)? })
    }

    fn subscribe(&self) -> Result<Subscribe, BadFrame> {
        Ok(Subscribe {
            reference: self.reference()?,
            order: needed(self.order, "order", UUID)?,
            after: maybe(self.after, "after", WHOLE)?.map(seq),
            epoch: maybe(self.epoch, "epoch", UUID)?,
        })
    }

    fn unsubscribe(&self) -> Result<Unsubscribe, BadFrame> {
        Ok(Unsubscribe { reference: self.reference()?, order: needed(self.order, "order", UUID)? })
    }

    fn history(&self) -> Result<History, BadFrame> {
        let limit: u64 = needed(self.limit, "limit", WHOLE)?;
        if limit == 0 {
            return Err(BadFrame::field("limit", "must be above 0"));
        }
        Ok(History {
            reference: self.reference()?,
            order: needed(self.order, "order", UUID)?,
            before: seq(needed(self.before, "before", WHOLE)?),
            limit: u32::try_from(limit).map_or(HISTORY_PAGE, |limit| limit.min(HISTORY_PAGE)),
        })
    }

    fn command_frame(&self) -> Result<CommandFrame, FrameError> {
        let reference = self.reference()?;
        let id = needed(self.id, "id", UUID)?;
        let order = needed(self.order, "order", UUID)?;
        let expect_version = maybe(self.expect_version, "expect_version", WHOLE)?;
        match command(self.command.ok_or_else(|| BadFrame::field("command", "is missing"))?)? {
            Ok(command) => Ok(CommandFrame { reference, id, order, command, expect_version }),
            Err(rejection) => {
                Err(FrameError::Refused(Box::new(RefusedCommand { reference, id, order, rejection })))
            }
        }
    }

    fn read(&self) -> Result<Read, BadFrame> {
        Ok(Read { order: needed(self.order, "order", UUID)?, seq: seq(needed(self.seq, "seq", WHOLE)?) })
    }

    fn typing(&self) -> Result<Typing, BadFrame> {
        let on = needed(self.on, "on", "must be true or false")?;
        Ok(Typing { order: needed(self.order, "order", UUID)?, on })
    }

    fn presence(&self) -> Result<PresenceFrame, BadFrame> {
        const STATES: &str = "must be active or away";
        match needed(self.state, "state", STATES)? {
            // Only the server knows that somebody is gone.
            Presence::Gone => Err(BadFrame::field("state", STATES)),
            state => Ok(PresenceFrame { state }),
        }
    }

    fn reference(&self) -> Result<i64, BadFrame> {
        needed(self.reference, "ref", "must be a whole number of 64 bits")
    }
}

/// The command inside the frame: refused if its type or a field is wrong, a bad frame if it cannot be read at all.
pub(crate) fn command(raw: &RawValue) -> Result<Result<Command, Rejection>, BadFrame> {
    if !is_object(raw.get()) {
        return Err(BadFrame::field("command", "must be an object"));
    }
    if let Some(message) = message(raw.get()) {
        return Ok(Ok(Command::PostMessage(message)));
    }
    let value: Value = serde_json::from_str(raw.get())
        .map_err(|error| BadFrame::field("command", &format!("cannot be read: {error}")))?;
    Ok(Command::decode(value))
}

/// The hot path: a well-formed `post_message` without the detour over a tree of values.
fn message(command: &str) -> Option<PostMessage> {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(rename = "type")]
        kind: &'a str,
    }
    let kind: Kind<'_> = serde_json::from_str(command).ok()?;
    (kind.kind == "post_message").then(|| serde_json::from_str(command).ok())?
}

fn is_object(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{')
}

fn needed<'a, T: Deserialize<'a>>(
    raw: Raw<'a>,
    field: &'static str,
    expected: &'static str,
) -> Result<T, BadFrame> {
    maybe(raw, field, expected)?.ok_or_else(|| BadFrame::field(field, "is missing"))
}

fn maybe<'a, T: Deserialize<'a>>(
    raw: Raw<'a>,
    field: &'static str,
    expected: &'static str,
) -> Result<Option<T>, BadFrame> {
    let Some(raw) = raw else { return Ok(None) };
    serde_json::from_str(raw.get()).map(Some).map_err(|_| BadFrame::field(field, expected))
}

fn seq(seq: u64) -> Seq {
    Seq(seq.min(SEQ_MAX))
}
