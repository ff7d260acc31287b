// Generated from the Rust types by `cargo test -p protocol`. Do not edit.

/** L16, L39: the buyer is satisfied. */
export type AcceptDelivery = {
  /** The delivery they saw: an older one is refused. */
  delivery: number, };

/** L8: take the order on. */
export type AcceptOrder = {
  /** Start although required answers are missing; the due clock waits for them. */
  without_answers?: boolean, };

/** L36: a side agrees to the outcome. */
export type AcceptResolution = {
  /** The resolution they saw. */
  resolution: ResolutionId, };

/** L22: agree to the proposed terms. */
export type AcceptUpdate = {
  /** The proposal they saw. */
  proposal: ProposalId, };

/** What an account is for, as its token says; the [`Role`] in an order follows from it and from the order. */
export type AccountRole = "user" | "agent" | "admin" | "host";

/** The command is committed. Over HTTP it is the same without `ref`. */
export type Ack = {
  /** The question's; absent over HTTP. */
  ref?: number,
  /** The command's. */
  id: CommandId,
  /** The room. */
  order: OrderId,
  /** The first entry it wrote; absent when nothing went to the room's timeline. */
  seq?: Seq,
  /** The last one. */
  last_seq?: Seq,
  /** The order's version after it. */
  version: number,
  /** It had been committed before; nothing happened again. */
  duplicate: boolean, };

/** One command that a role could ever give. */
export type Action = {
  /** Which. */
  command: CommandKind,
  /** Would it be accepted now, with well-formed arguments? */
  allowed: boolean,
  /** If not, why. */
  code?: Code,
  /** The same for a person, in English. */
  message?: string,
  /** If only time is missing, until when. */
  allowed_from?: string,
  /** What it has to be given. */
  needs: Array<Need>, };

/** Who did something, as it stands in an entry's `by`; also who asks for a command.
 *
 * The name is the one they had at that time. */
export type Actor = {
  /** Their part in this order. */
  role: Role,
  /** Absent for bot, system and host. */
  user?: UserId,
  /** Absent for bot, system and host. */
  name?: string, };

/** Money in minor units (cents), 0 to 10^12. The currency stands beside it, once per order. */
export type Amount = number;

/** L29: customer experience cancels. */
export type ApproveCancel = {
  /** What the buyer gets back, in minor units; the rest is paid out to the seller. */
  refund: Amount,
  /** Why. */
  reason: Text, };

/** What the host did with money. */
export type BookingKind = "payment" | "refund" | "payout";

/** L31: the seller cancels (direct settlement). */
export type CancelOrder = {
  /** Why. */
  reason: Text, };

/** What opens the way to a cancellation. */
export type CancelUnlock = "past_due" | "revisions_exhausted";

/** A page of the case stream: staff only, with seqs of its own. */
export type CaseEntriesPage = {
  /** The order. */
  order: OrderId,
  /** The last seq of the stream. */
  head: Seq,
  /** Ascending. */
  entries: Array<CaseEntry>,
  /** There are more. */
  more: boolean, };

/** One place in a case stream, with a seq of its own. */
export type CaseEntry = {
  /** Gapless from 1. */
  seq: Seq,
  /** The database's clock. */
  at: string,
  /** Who did it. */
  by: Actor,
  /** The command that caused it. */
  id: CommandId,
  /** What happened. */
  event: CaseEvent, };

/** Something that happened on the desk about a case. Parties never see these: another type, another table. */
export type CaseEvent = { "type": "case.claimed",
  /** Who. */
  agent: UserId, } | { "type": "case.released",
  /** Who had it. */
  agent: UserId, } | { "type": "case.assigned",
  /** Who had it. */
  from: UserId,
  /** Who has it now. */
  to: UserId, } | { "type": "case.noted",
  /** The note. */
  text: Text, } | { "type": "case.read", };

/** What a case is about. */
export type CaseKind = "dispute" | "cancel" | "idle";

/** Body of `POST /v1/orders/{id}/case/entries`: a note among staff;
 * answered with an [`Ack`](crate::server_frame::Ack). */
export type CaseNote = {
  /** Makes it exactly-once; an `Idempotency-Key` does instead. */
  id?: CommandId,
  /** The note. */
  text: Text, };

/** The open case. */
export type CaseView = {
  /** What it is about. */
  kind: CaseKind,
  /** Who opened it; absent when a clock did. */
  by?: Side,
  /** Why. */
  reason?: Text,
  /** When. */
  opened_at: string,
  /** The agent who has it. Staff only. */
  claimed_by?: UserId,
  /** Customer experience in the room. */
  joined: Array<UserId>,
  /** The outcome that waits for both sides. */
  resolution?: ResolutionView, };

/** L33: an agent takes the case. */
export type ClaimCase = Record<symbol, never>;

/** One frame from a client. Read with [`ClientFrame::decode`], written with [`ClientFrame::encode`]. */
export type ClientFrame = { "type": "hello" } & Hello | { "type": "refresh" } & Refresh | { "type": "subscribe" } & Subscribe | { "type": "unsubscribe" } & Unsubscribe | { "type": "history" } & History | { "type": "command" } & CommandFrame | { "type": "read" } & Read | { "type": "typing" } & Typing | { "type": "presence" } & PresenceFrame | { "type": "heartbeat", };

/** L38: the opener settles the dispute. */
export type CloseDispute = Record<symbol, never>;

/** How an order ended. */
export type CloseReason = "buyer_accept" | "review_timeout" | "seller_close" | "auto_idle" | "not_accepted" | "mutual" | "seller" | "declined" | "cx" | "resolution";

/** Stable reasons of a refusal. Names are final; their order means nothing. */
export type Code = "bad_field" | "unknown_command" | "id_reused" | "version_conflict" | "order_not_found" | "not_your_role" | "wrong_state" | "not_past_due" | "no_revisions_left" | "stale_delivery" | "case_open" | "no_case" | "not_joined" | "already_claimed" | "proposal_open" | "no_proposal" | "requirements_unanswered" | "stale_proposal" | "no_resolution" | "amount_mismatch" | "room_closed" | "window_closed" | "already_done" | "cx_join_required" | "rate_limited" | "resync_required" | "too_many_rooms" | "too_many_conversations" | "unavailable";

/** A command as a participant sends it: `{"type": "accept_order", …}`. */
export type Command = { "type": "post_message" } & PostMessage | { "type": "edit_message" } & EditMessage | { "type": "retract_message" } & RetractMessage | { "type": "submit_requirements" } & SubmitRequirements | { "type": "accept_order" } & AcceptOrder | { "type": "decline_order" } & DeclineOrder | { "type": "deliver_files" } & DeliverFiles | { "type": "deliver_external" } & DeliverExternal | { "type": "mark_sent" } & MarkSent | { "type": "mark_paid" } & MarkPaid | { "type": "accept_delivery" } & AcceptDelivery | { "type": "request_revision" } & RequestRevision | { "type": "propose_update" } & ProposeUpdate | { "type": "accept_update" } & AcceptUpdate | { "type": "decline_update" } & DeclineUpdate | { "type": "withdraw_update" } & WithdrawUpdate | { "type": "request_cancel" } & RequestCancel | { "type": "consent_cancel" } & ConsentCancel | { "type": "withdraw_cancel" } & WithdrawCancel | { "type": "approve_cancel" } & ApproveCancel | { "type": "reject_cancel" } & RejectCancel | { "type": "cancel_order" } & CancelOrder | { "type": "open_dispute" } & OpenDispute | { "type": "close_dispute" } & CloseDispute | { "type": "claim_case" } & ClaimCase | { "type": "join_case" } & JoinCase | { "type": "leave_case" } & LeaveCase | { "type": "hand_over_case" } & HandOverCase | { "type": "propose_resolution" } & ProposeResolution | { "type": "accept_resolution" } & AcceptResolution | { "type": "resolve_dispute" } & ResolveDispute;

/** Body of `POST /v1/orders/{id}/commands`; answered with an [`Ack`](crate::server_frame::Ack). */
export type CommandBody = {
  /** Makes it exactly-once. */
  id: CommandId,
  /** What. */
  command: Command,
  /** Refuse it unless the order still has this version. */
  expect_version?: number, };

/** Do something, exactly once. */
export type CommandFrame = {
  /** Answered by `ack` or `rejected`. */
  ref: number,
  /** The same id asks for the same thing: it happens at most once. */
  id: CommandId,
  /** The room. */
  order: OrderId,
  /** What. */
  command: Command,
  /** Refuse it unless the order still has this version. */
  expect_version?: number, };

/** Chosen by whoever asks; makes a command exactly-once per (order, sender). */
export type CommandId = string;

/** Which command, without its fields. */
export type CommandKind = "post_message" | "edit_message" | "retract_message" | "submit_requirements" | "accept_order" | "decline_order" | "deliver_files" | "deliver_external" | "mark_sent" | "mark_paid" | "accept_delivery" | "request_revision" | "propose_update" | "accept_update" | "decline_update" | "withdraw_update" | "request_cancel" | "consent_cancel" | "withdraw_cancel" | "approve_cancel" | "reject_cancel" | "cancel_order" | "open_dispute" | "close_dispute" | "claim_case" | "join_case" | "leave_case" | "hand_over_case" | "propose_resolution" | "accept_resolution" | "resolve_dispute";

/** L27: agree to the cancellation. */
export type ConsentCancel = Record<symbol, never>;

/** What accepting new terms would bring about beside the terms themselves. */
export type Consequence = { "code": "cancel_from",
  /** The new moment. */
  at: string, } | { "code": "no_longer_overdue" } | { "code": "revisions_left",
  /** How many. */
  left: number, } | { "code": "refund",
  /** Minor units. */
  amount: Amount, } | { "code": "owed",
  /** Minor units. */
  amount: Amount, };

/** When a seller sees contact data (K16). */
export type ContactReveal = "never" | "accepted" | "placed";

/** Answer to `POST /v1/conversations`. */
export type ConversationOpened = {
  /** The room: its id is used like an order's. */
  order: OrderId, };

/** A conversation without an order. */
export type ConversationSnapshot = {
  /** The room. */
  order: OrderId,
  /** Stays, since no command changes a conversation. */
  version: number,
  /** The last seq that exists. */
  head: Seq,
  /** Who takes part. */
  parties: Parties,
  /** Every command that can be given here. */
  actions: Array<Action>, };

/** An ISO 4217 currency. */
export type Currency = string;

/** L9: turn the order down. */
export type DeclineOrder = {
  /** Why. */
  reason: Text, };

/** L23: refuse the proposed terms. */
export type DeclineUpdate = {
  /** The proposal they saw. */
  proposal: ProposalId,
  /** Why. */
  reason?: Text, };

/** L14, L19: say that the work was delivered elsewhere. */
export type DeliverExternal = {
  /** Where the buyer finds it. */
  where: Text,
  /** A word with it. */
  note?: Text, };

/** L13, L19: deliver files. */
export type DeliverFiles = {
  /** Files of this room, 1–50. */
  files: Array<FileId>,
  /** A word with them. */
  note?: Text, };

/** Work that was handed over. */
export type Delivery = {
  /** 1, 2, … */
  no: number,
  /** How. */
  kind: DeliveryKind,
  /** What, for files. */
  files: Array<FileRef>,
  /** A word with it. */
  note?: Text,
  /** Where, when outside. */
  where?: Text,
  /** Who carries it, when sent. */
  carrier?: Text,
  /** How to follow it, when sent. */
  tracking?: Text,
  /** When it should arrive, when sent. */
  eta?: string,
  /** When it was handed over. */
  at: string, };

/** How work was handed over. */
export type DeliveryKind = "files" | "external" | "shipped";

/** Whom a case may be handed over to. */
export type DeskAgents = {
  /** By name; at most 500. */
  agents: Array<Person>, };

/** A page of open cases. */
export type DeskQueue = {
  /** Escalated ones first, then the longest waiting. */
  cases: Array<QueuedCase>,
  /** Asks for the next page. */
  next?: string, };

/** L51: replace the shown text of an own message, at most 15 minutes old. */
export type EditMessage = {
  /** The message. */
  seq: Seq,
  /** Its new text. */
  text: Text, };

/** A page of the timeline. */
export type Entries = {
  /** The question's; absent while catching up. */
  ref?: number,
  /** The room. */
  order: OrderId,
  /** Ascending. */
  entries: Array<Entry>,
  /** The last seq that exists. */
  head: Seq, };

/** A page of the timeline over HTTP. `E` is an entry, typed or encoded. */
export type EntriesPage = {
  /** The room. */
  order: OrderId,
  /** Keep it beside the cursor. */
  epoch: string,
  /** The last seq that exists. */
  head: Seq,
  /** Ascending. */
  entries: Array<Entry>,
  /** There are more in the direction that was asked for. */
  more: boolean, };

/** One place in a room's timeline. */
export type Entry = {
  /** Gapless from 1. */
  seq: Seq,
  /** The database's clock, never before the entry ahead of it. */
  at: string,
  /** Who did it. */
  by: Actor,
  /** The command that caused it; several entries may share it. */
  id: CommandId,
  /** What happened. */
  event: Event, };

/** One entry, live: for each subscription seq rises by exactly one. */
export type EntryFrame = {
  /** The room. */
  order: OrderId,
  /** What happened. */
  entry: Entry, };

/** Something that happened in a room. */
export type Event = { "type": "order.placed",
  /** What was bought. */
  listing: Listing,
  /** Pays. */
  buyer: UserId,
  /** Delivers. */
  seller: UserId,
  /** Agreed price. */
  price: Money,
  /** How it came about. */
  origin: Origin,
  /** The rules of this order, resolved. */
  policy: Policy,
  /** Included revisions. */
  revisions: number,
  /** Days from acceptance, unless `due_at` is fixed. */
  delivery_days?: number,
  /** Fixed due date. */
  due_at?: string,
  /** Already paid into escrow, or paid directly. */
  paid: boolean,
  /** The seller's form. */
  requirements?: Array<Question>,
  /** Answers given with the purchase. */
  answers?: Record<string, unknown>,
  /** The host's own order number. */
  reference?: Text, } | { "type": "requirements.asked",
  /** Ids of the questions without an answer. */
  questions: Array<string>, } | { "type": "requirements.answered",
  /** All answers as they stand now. */
  answers: Record<string, unknown>, } | { "type": "order.accepted",
  /** When the work is due. */
  due_at: string,
  /** Required answers are still missing: the due clock waits. */
  without_answers: boolean, } | { "type": "order.declined",
  /** Why. */
  reason: Text, } | { "type": "order.auto_cancelled", } | { "type": "order.auto_closed", } | { "type": "payment.marked",
  /** Agreed, not yet there. */
  agreed: boolean, } | { "type": "payment.confirmed",
  /** Minor units. */
  amount: Amount,
  /** The host's booking. */
  reference: Text, } | { "type": "payment.refunded",
  /** Minor units. */
  amount: Amount,
  /** The host's booking. */
  reference: Text, } | { "type": "payment.paid_out",
  /** Minor units. */
  amount: Amount,
  /** The host's booking. */
  reference: Text, } | { "type": "refund.requested",
  /** Minor units. */
  amount: Amount, } | { "type": "payout.requested",
  /** Minor units. */
  amount: Amount, } | { "type": "delivery.submitted",
  /** 1, 2, … */
  no: number,
  /** How. */
  kind: DeliveryKind,
  /** What, for files. */
  files?: Array<FileRef>,
  /** A word with it. */
  note?: Text,
  /** Where, when outside. */
  where?: Text,
  /** Who carries it, when sent. */
  carrier?: Text,
  /** How to follow it, when sent. */
  tracking?: Text,
  /** When it should arrive, when sent. */
  eta?: string,
  /** The delivery that this one replaces. */
  replaces?: number, } | { "type": "order.completed",
  /** Who ended it and how. */
  close_reason: CloseReason,
  /** The delivery that was accepted. */
  delivery?: number, } | { "type": "order.auto_completed",
  /** The delivery that was accepted. */
  delivery: number, } | { "type": "revision.requested",
  /** 1, 2, … */
  no: number,
  /** The delivery meant. */
  delivery: number,
  /** What to change. */
  text: Text,
  /** The same as a list. */
  points?: Array<Text>,
  /** Revisions left after this one. */
  remaining: number,
  /** When the changed work is due. */
  due_at: string, } | { "type": "review.reminded",
  /** Seconds that were left; 0 when the window ended and starts anew. */
  left_s: number, } | { "type": "order.overdue", } | { "type": "order.idle",
  /** When customer experience should be there; absent when no case opened. */
  respond_by?: string, } | { "type": "contract.proposed",
  /** Its id. */
  proposal: ProposalId,
  /** What would change. */
  changes: Terms,
  /** The terms that it would replace. */
  current: Terms,
  /** What it would bring about. */
  consequences: Array<Consequence>,
  /** When it lapses. */
  expires_at: string, } | { "type": "contract.updated",
  /** The proposal that was accepted. */
  proposal?: ProposalId,
  /** Before. */
  old: Terms,
  /** After. */
  new: Terms, } | { "type": "contract.declined",
  /** The proposal. */
  proposal: ProposalId,
  /** Why. */
  reason?: Text, } | { "type": "contract.withdrawn",
  /** The proposal. */
  proposal: ProposalId, } | { "type": "contract.lapsed",
  /** The proposal. */
  proposal: ProposalId, } | { "type": "cancel.requested",
  /** Why. */
  reason: Text,
  /** When customer experience should be there. */
  respond_by: string, } | { "type": "cancel.agreed", } | { "type": "cancel.withdrawn", } | { "type": "cancel.approved",
  /** What goes back. */
  refund: Amount,
  /** Why. */
  reason: Text, } | { "type": "cancel.rejected",
  /** Why. */
  reason: Text, } | { "type": "order.cancelled",
  /** Who ended it and how. */
  close_reason: CloseReason,
  /** Why. */
  reason?: Text, } | { "type": "dispute.opened",
  /** Why. */
  reason: Text,
  /** When customer experience should be there. */
  respond_by: string, } | { "type": "dispute.resolved",
  /** The outcome; absent when the parties closed it by accepting the delivery. */
  option?: Resolution,
  /** Why. */
  reason?: Text, } | { "type": "dispute.withdrawn", } | { "type": "agent.joined",
  /** Who. */
  agent: UserId, } | { "type": "agent.left",
  /** Who. */
  agent: UserId,
  /** When the next should be there; absent when somebody still is. */
  respond_by?: string, } | { "type": "case.handed_over",
  /** Who left the room by it; absent when they had not joined. Who takes over is told when they join. */
  from?: UserId,
  /** When the next should be there; absent when somebody still is. */
  respond_by?: string, } | { "type": "case.escalated", } | { "type": "resolution.proposed",
  /** Its id. */
  resolution: ResolutionId,
  /** The outcome. */
  option: Resolution,
  /** When it lapses. */
  expires_at: string, } | { "type": "resolution.accepted",
  /** The resolution. */
  resolution: ResolutionId,
  /** Which side. */
  side: Side, } | { "type": "resolution.agreed",
  /** The resolution. */
  resolution: ResolutionId,
  /** The outcome. */
  option: Resolution, } | { "type": "resolution.lapsed",
  /** The resolution. */
  resolution: ResolutionId, } | { "type": "message.posted",
  /** What was said. */
  text?: Text,
  /** Files shown with it. */
  files?: Array<FileRef>,
  /** The entry it answers. */
  reply_to?: Seq, } | { "type": "message.edited",
  /** The message. */
  seq: Seq,
  /** Its new text. */
  text: Text, } | { "type": "message.retracted",
  /** The message. */
  seq: Seq, } | { "type": "bot.prompted",
  /** To the buyer. */
  buyer: Prompt,
  /** To the seller. */
  seller: Prompt,
  /** Entries of this timeline. */
  because: Array<Seq>, };

/** An uploaded or referenced file. */
export type FileId = string;

/** Answer to `GET /v1/files/{id}`. */
export type FileLink = {
  /** The file. */
  id: FileId,
  /** Its room. */
  order: OrderId,
  /** The name it was given, cleaned. */
  name: string,
  /** Bytes. */
  size: number,
  /** SHA-256, 64 hexadecimal digits; of an upload computed here, of a reference as the host says. */
  sha256: string,
  /** Media type; of an upload by its bytes. */
  type: string,
  /** With `&inline` the address shows it: raster images, sound, film, PDF. */
  shown: boolean,
  /** Where its bytes are for now, relative to this service's address; absent when the host keeps them. */
  url?: string,
  /** Until when `url` is good. */
  expires_at?: string, };

/** A file as it stands in a message or a delivery. */
export type FileRef = {
  /** Its id. */
  id: FileId,
  /** The name it was given. */
  name: string,
  /** Bytes. */
  size: number,
  /** SHA-256, 64 hexadecimal digits. */
  sha256: string,
  /** Media type. */
  type: string, };

/** Answer to `POST /v1/orders/{id}/files`. */
export type FileRegistered = {
  /** Its id goes into `files[]`. */
  file: FileRef, };

/** How work was handed over. */
export type Fulfilment = "none" | "files" | "external" | "shipped";

/** The last frame before a close. */
export type Goodbye = {
  /** The close code: its range says whether to come back. */
  code: number,
  /** For logs. */
  reason: string,
  /** Not before. */
  retry_after_ms?: number, };

/** L40: the agent gives the case to another. */
export type HandOverCase = {
  /** The other agent. */
  to: UserId, };

/** Alive. An idle client finds out from `heads` what a lost publish hid. */
export type Heartbeat = {
  /** The node's clock. */
  at: string,
  /** The last seq of each subscribed room. */
  heads: { [key in string]: Seq }, };

/** First frame, within 5 s, once. */
export type Hello = {
  /** The token; absent when the upgrade carried one. */
  token?: string,
  /** Name and version of the client's code, for the server's log. */
  client?: string, };

/** A page backwards. */
export type History = {
  /** Answered by `entries`. */
  ref: number,
  /** The room. */
  order: OrderId,
  /** Entries with a smaller seq. */
  before: Seq,
  /** How many, 1 to 200. */
  limit: number, };

/** The same hours on some days of the week, as a clock on the wall of `zone` shows them. */
export type Hours = {
  /** A name of the IANA database, such as `Europe/Berlin`. */
  zone: string,
  /** `Mon` to `Sun`. */
  days: Array<"Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun">,
  /** `HH:MM:SS`. */
  from: string,
  /** `HH:MM:SS`, on the same day. */
  to: string, };

/** A page of the conversation list. */
export type InboxPage = {
  /** Rooms by tab. */
  tabs: Record<InboxTab, number>,
  /** Latest first. */
  rooms: Array<InboxRoom>,
  /** The `cursor` of the next page; absent on the last. */
  next?: string, };

/** One line of the conversation list: as a frame, and as an item of `GET /v1/inbox`. */
export type InboxRoom = {
  /** The room. */
  order: OrderId,
  /** What was bought; absent in a conversation without an order. */
  title?: string,
  /** The host's own order number. */
  reference?: Text,
  /** The other party. */
  other: Person,
  /** Where the order stands; absent in a conversation. */
  state?: State,
  /** The state in this marketplace's words. */
  label?: string,
  /** What customer experience was called for, while it is open. */
  case?: CaseKind,
  /** The last seq that exists. */
  head: Seq,
  /** Entries after the reader's cursor that are neither by the reader nor the bot's. */
  unread: number,
  /** The last entry. */
  last?: LastEntry,
  /** What the reader is asked to do. */
  next_step?: Prompt,
  /** The next moment at which something runs out. */
  deadline?: string, };

/** A tab of the conversation list. */
export type InboxTab = "all" | "new" | "active" | "delivered" | "disputed" | "done" | "conversations";

/** L34: the agent enters the room. */
export type JoinCase = Record<symbol, never>;

/** The last entry of a room, for a list. */
export type LastEntry = {
  /** Who. */
  by: Actor,
  /** The text of a message, or the event's type; at most 140 characters. */
  preview: string,
  /** When. */
  at: string, };

/** L40: the agent leaves the room; the case waits for another. */
export type LeaveCase = Record<symbol, never>;

/** The limits of this deployment, as `welcome` tells them; 0 means none. */
export type Limits = {
  /** Bytes of an inbound frame. */
  frame_bytes: number,
  /** Characters (Unicode scalar values) of a text. */
  text_chars: number,
  /** Commands a second and user. */
  commands_per_s: number,
  /** Rooms that one socket may follow. */
  rooms: number,
  /** Entries of one page. */
  history_page: number,
  /** Bytes of one uploaded file. */
  file_bytes: number,
  /** Bytes of all uploaded files of a room's two sides: half of it for each, so half of it is what one may bring. */
  room_file_bytes: number, };

/** What was bought. */
export type Listing = {
  /** The host's id. */
  id: Text,
  /** What people call it. */
  title: Text,
  /** Where it is described. */
  url?: Text, };

/** L12: note that the buyer paid directly. */
export type MarkPaid = {
  /** Payment is agreed, not yet there. */
  agreed?: boolean, };

/** L15, L19: physical goods are on their way. */
export type MarkSent = {
  /** Who carries it. */
  carrier?: Text,
  /** How to follow it. */
  tracking?: Text,
  /** When it should arrive; must lie ahead. */
  eta?: string, };

/** Somebody who may be in a room. */
export type Member = {
  /** Who. */
  user: UserId,
  /** Their part in this order. */
  role: Role,
  /** What they are called now. */
  name: string,
  /** Whether they are there. */
  presence: Presence, };

/** A price: an amount and its currency. The currency of an order never changes. */
export type Money = {
  /** Minor units. */
  amount: Amount,
  /** ISO 4217. */
  currency: Currency, };

/** One field of a command. */
export type Need = {
  /** Its name. */
  field: string,
  /** What it looks like. */
  kind: NeedKind,
  /** Must it be there? */
  required: boolean,
  /** Its least value: a number, or a moment. */
  min?: number | string,
  /** Its greatest value; for texts and lists the most characters or items. */
  max?: number | string, };

/** What a field looks like. */
export type NeedKind = "text" | "texts" | "files" | "answers" | "delivery" | "proposal" | "resolution" | "outcome" | "number" | "amount" | "moment" | "tick" | "user" | "entry";

/** What comes next: `you` and `other` for a party, `buyer` and `seller` for everybody else. */
export type NextStep = {
  /** What the reader is asked to do. */
  you?: Prompt,
  /** What the other side is asked to do. */
  other?: Prompt,
  /** What the buyer is asked to do. */
  buyer?: Prompt,
  /** What the seller is asked to do. */
  seller?: Prompt, };

/** Body of `POST /v1/conversations`. */
export type OpenConversation = {
  /** The other user. */
  with: UserId,
  /** The part of the one who asks. */
  as: Side,
  /** The one who asks, when the host does it for them. */
  user?: UserId, };

/** L32: call customer experience. */
export type OpenDispute = {
  /** Why. */
  reason: Text,
  /** The tick: customer experience joins. Must be true. */
  cx_join: boolean, };

/** An order, or a conversation without one: the id of its room either way. */
export type OrderId = string;

/** An order as one role sees it. */
export type OrderSnapshot = {
  /** The order and its room. */
  order: OrderId,
  /** Counts the commands that changed it. */
  version: number,
  /** The last seq that exists. */
  head: Seq,
  /** Where it stands. */
  state: State,
  /** The state in this marketplace's words. */
  label: string,
  /** What was bought. */
  listing: Listing,
  /** Who takes part. */
  parties: Parties,
  /** Agreed price. */
  price: Money,
  /** How it came about. */
  origin: Origin,
  /** Who holds the money. */
  settlement: Settlement,
  /** The rules of this order. */
  policy: Policy,
  /** The host's own order number. */
  reference?: Text,
  /** When it was placed. */
  placed_at: string,
  /** When the work is due; absent before acceptance when it counts from there. */
  due_at?: string,
  /** The due date passed while the seller worked. */
  overdue: boolean,
  /** When the review ends, while one is running. */
  review_by?: string,
  /** How many there are. */
  revisions: Revisions,
  /** The money. */
  payment: PaymentView,
  /** How the latest delivery was made. */
  fulfilment: Fulfilment,
  /** The seller's form and the buyer's answers. */
  requirements: Requirements,
  /** Everything handed over so far. */
  deliveries: Array<Delivery>,
  /** New terms that wait for the other side. */
  proposal?: ProposalView,
  /** The open case. */
  case?: CaseView,
  /** How it ended. */
  close_reason?: CloseReason,
  /** The marketplace's fee is due; absent when it is not. */
  fee_due?: boolean,
  /** Running clocks. */
  timers: Array<TimerView>,
  /** What comes next. */
  next_step: NextStep,
  /** Every command that this role could ever give, allowed or not. */
  actions: Array<Action>, };

/** How an order came about (K19). */
export type Origin = "listing" | "custom_offer" | "seller_on_behalf";

/** Who takes part. */
export type Parties = {
  /** Pays. */
  buyer: Person,
  /** Delivers. */
  seller: Person,
  /** Customer experience in the room. */
  agents: Array<Person>, };

/** Body of `POST /v1/orders/{id}/payments`; answered with an [`Ack`](crate::server_frame::Ack). */
export type PaymentBody = {
  /** Makes it exactly-once. */
  id: CommandId,
  /** What happened. */
  kind: BookingKind,
  /** Minor units, above 0. */
  amount: Amount,
  /** The order's. */
  currency: Currency,
  /** The host's own number of it. */
  reference: Text, };

/** The payment facet of an order. */
export type PaymentStatus = "unpaid" | "link_sent" | "agreed" | "paid" | "refund_pending" | "partially_refunded" | "refunded";

/** The money of the order, in minor units of its currency. */
export type PaymentView = {
  /** In one word. */
  status: PaymentStatus,
  /** Came in. */
  captured: Amount,
  /** Neither paid out nor given back. */
  held: Amount,
  /** Paid to the seller. */
  released: Amount,
  /** Given back to the buyer. */
  refunded: Amount,
  /** The host is asked to give back. */
  refund_due: Amount,
  /** The host is asked to pay out. */
  payout_due: Amount, };

/** A person with the name they have now. */
export type Person = {
  /** Who. */
  user: UserId,
  /** What they are called now. */
  name: string, };

/** Answer to `POST /v1/orders`. `S` is the snapshot, typed or encoded. */
export type Placed = {
  /** The order. */
  order: OrderId,
  /** As the host sees it. */
  snapshot: Snapshot, };

/** Whether the buyer paid with the purchase. */
export type PlacedPayment = "paid" | "unpaid";

/** A purchase as the host reports it. */
export type Placement = {
  /** A preset's name, or a preset with changed fields. */
  policy: string | ({ preset: string } & Record<string, unknown>),
  /** Pays. */
  buyer: UserId,
  /** Delivers. */
  seller: UserId,
  /** What was bought. */
  listing: Listing,
  /** Agreed price. */
  price: Money,
  /** Days from acceptance; this or `due_at`. */
  delivery_days?: number,
  /** Fixed due date; this or `delivery_days`. */
  due_at?: string,
  /** Included revisions. */
  revisions: number,
  /** Whether the money is there. */
  payment: PlacedPayment,
  /** The seller's form. */
  requirements?: Array<Question>,
  /** Answers given with the purchase. */
  answers?: Record<string, unknown>,
  /** Contact data: stored apart, never in the timeline. */
  shipping_address?: Text,
  /** The host's own order number. */
  reference?: Text,
  /** The id that the host wants the order to have. */
  order?: OrderId, };

/** The rules of one order. */
export type Policy = {
  /** The preset it was made from. */
  preset: string,
  /** Who holds the money meanwhile. */
  settlement: Settlement,
  /** Seconds to accept a new order (`T_accept`). */
  accept_window_s: number,
  /** Seconds to review a delivery (`T_review`). */
  review_window_s: number,
  /** Seconds past due until somebody looks (`T_idle`). */
  idle_window_s: number,
  /** Seconds a payment link lives (`T_link`). */
  link_lifetime_s: number,
  /** Seconds to answer a contract update (`T_proposal`). */
  proposal_lifetime_s: number,
  /** Seconds to answer a proposed resolution (`T_resolution`). */
  resolution_window_s: number,
  /** Seconds for customer experience to join (`T_cx`). */
  cx_response_s: number,
  /** When they are there: `cx_response_s` counts only these hours. Absent: always. */
  cx_hours?: Hours,
  /** Seconds after the end in which a dispute can be opened. */
  dispute_grace_s: number,
  /** Seconds a revision gives at least. */
  revision_s: number,
  /** Seconds goods travel when nobody says more. */
  transit_s: number,
  /** Seconds until the buyer is reminded of feedback (`T_feedback`). */
  feedback_reminder_s: number,
  /** Seconds before the end of the review at which the buyer is reminded, longest first. */
  review_reminders_s: Array<number>,
  /** What silence in review means. */
  on_review_timeout: ReviewTimeout,
  /** Contract updates need the other side's consent. */
  consent_required: boolean,
  /** The buyer may withdraw before acceptance. */
  may_withdraw: boolean,
  /** Contract fields that a buyer may propose. */
  buyer_may_update: Array<TermField>,
  /** Contract fields that a seller may propose. */
  seller_may_update: Array<TermField>,
  /** What opens the way to a cancellation. */
  cancel_unlocked_by: Array<CancelUnlock>,
  /** What a buyer rates. */
  feedback_criteria: Array<string>,
  /** Roles that see complaints. */
  complaints_visible_to: Array<string>,
  /** When a seller sees contact data. */
  contact_revealed: ContactReveal,
  /** What states are called: by state, or by state and payment (`in_progress.paid`). */
  labels: Record<string, string>, };

/** L51: say something, show files, answer an earlier entry. Needs a text or a file. */
export type PostMessage = {
  /** What is said. */
  text?: Text,
  /** Files of this room, at most 50. */
  files?: Array<FileId>,
  /** The entry this answers. */
  reply_to?: Seq, };

/** Whether somebody is there: best effort, never the truth about anything. */
export type Presence = "active" | "away" | "gone";

/** Signal: somebody is there. */
export type PresenceFrame = {
  /** `active` or `away`. */
  state: "active" | "away", };

/** The body of every answer that is no success. */
export type Problem = {
  /** `about:blank`: the status says what kind of problem it is. */
  type: string,
  /** The status in words. */
  title: string,
  /** The HTTP status. */
  status: number,
  /** For people, in English. */
  detail: string,
  /** For programs. */
  code: string,
  /** True: try again with the same id. */
  retry: boolean,
  /** Not before. */
  retry_after_ms?: number,
  /** When the same would be allowed, if only time is missing. */
  allowed_from?: string,
  /** The offending field. */
  field?: string, };

/** What one side is told. */
export type Prompt = {
  /** Which sentence. */
  code: string,
  /** What fills it: moments, numbers, texts, terms. */
  params: Record<string, unknown>,
  /** What this side is asked to do, most likely first. */
  actions: Array<CommandKind>, };

/** A proposed contract update. */
export type ProposalId = string;

/** New terms that wait for the other side. */
export type ProposalView = {
  /** To be named when answering. */
  id: ProposalId,
  /** Who proposed. */
  by: Side,
  /** What would change. */
  changes: Terms,
  /** What else it would bring about. */
  consequences: Array<Consequence>,
  /** When it lapses. */
  expires_at: string, };

/** L35: the agent proposes an outcome. */
export type ProposeResolution = {
  /** The outcome. */
  option: Resolution, };

/** L21, L24: propose new terms; any subset of the fields, at least one changed. */
export type ProposeUpdate = {
  /** New due date, ahead of now. */
  due_at?: string,
  /** Revisions in all, not fewer than used. */
  revisions?: number,
  /** New price in minor units (sellers only, before delivery). */
  price?: Amount, };

/** Body of `PUT /v1/users/{id}`: what the host knows of a user. */
export type PutUser = {
  /** What people call them. */
  name: Text,
  /** For notices. */
  email?: Text,
  /** For notices, and as contact data where the policy reveals it. */
  phone?: Text,
  /** BCP 47. */
  locale?: Text,
  /** When they joined the marketplace. */
  registered_at?: string,
  /** Their picture. */
  avatar_url?: Text, };

/** One question of the seller's form. */
export type Question = {
  /** Short and stable: 1–64 characters of `A-Za-z0-9._:-`. */
  id: string,
  /** What is asked. */
  label: Text,
  /** What an answer looks like. */
  kind: QuestionKind,
  /** Must be answered. */
  required: boolean,
  /** What can be chosen, for `choice`. */
  options?: Array<Text>, };

/** What an answer looks like. */
export type QuestionKind = "text" | "long_text" | "choice" | "date" | "number" | "url" | "file";

/** One open case. */
export type QueuedCase = {
  /** The order. */
  order: OrderId,
  /** What it is about. */
  kind: CaseKind,
  /** What was bought. */
  title: string,
  /** The host's own order number. */
  reference?: Text,
  /** Who opened it; absent when a clock did. */
  by?: Side,
  /** Why. */
  reason?: Text,
  /** When. */
  opened_at: string,
  /** Seconds since then. */
  waiting_s: number,
  /** Since when it stands at the front, because nobody of the staff came in time. */
  escalated_at?: string,
  /** The agent who has it. */
  claimed_by?: UserId,
  /** What they are called. */
  claimed_by_name?: string,
  /** When another agent may take it from them: they had the time to join. Absent once somebody joined. */
  claimable_from?: string, };

/** Moves the reader's cursor forward. */
export type Read = {
  /** The room. */
  order: OrderId,
  /** Read up to here. */
  seq: Seq, };

/** A new token for the same user. */
export type Refresh = {
  /** Answered by `refreshed`. */
  ref: number,
  /** The new token. */
  token: string, };

/** The new token holds. */
export type Refreshed = {
  /** The question's. */
  ref: number,
  /** Refresh before then. */
  token_expires_at: string, };

/** Body of `POST /v1/orders/{id}/files`: a reference to a file that is kept elsewhere. */
export type RegisterFile = {
  /** The name it was given. */
  name: Text,
  /** Bytes. */
  size: number,
  /** SHA-256, 64 hexadecimal digits. */
  sha256: string,
  /** Media type. */
  type: Text, };

/** L30: customer experience lets the order go on. */
export type RejectCancel = {
  /** Why. */
  reason: Text,
  /** A new due date with it. */
  new_due_at?: string, };

/** No: nothing of it was stored, unless `retry` says that this is not known yet. */
export type Rejected = {
  /** The question's. */
  ref: number,
  /** The command's. */
  id?: CommandId,
  /** For programs. */
  code: Code,
  /** For people, in English. */
  message: string,
  /** True: try again with the same id. False: this attempt had no effect, the same id asks anew. */
  retry: boolean,
  /** Not before. */
  retry_after_ms?: number,
  /** When the same would be allowed, if only time is missing. */
  allowed_from?: string,
  /** The offending field. */
  field?: string, };

/** L26: ask for the order to be cancelled. */
export type RequestCancel = {
  /** Why. */
  reason: Text,
  /** The tick: customer experience joins. Must be true. */
  cx_join: boolean, };

/** L17: ask for changes. */
export type RequestRevision = {
  /** The delivery they saw. */
  delivery: number,
  /** What to change. */
  text: Text,
  /** The same as a list to tick off, at most 50. */
  points?: Array<Text>, };

/** The seller's form and the buyer's answers. */
export type Requirements = {
  /** In one word. */
  status: RequirementsStatus,
  /** What is asked. */
  form: Array<Question>,
  /** By question id. */
  answers: Record<string, unknown>, };

/** Whether the form is filled in. */
export type RequirementsStatus = "none" | "unanswered" | "answered";

/** How a case can end. */
export type Resolution = { "kind": "resume" } | { "kind": "extend",
  /** Ahead of now. */
  due_at: string, } | { "kind": "extra_revision" } | { "kind": "partial_refund",
  /** Minor units, at most what is left of the payment. */
  amount: Amount, } | { "kind": "cancel",
  /** What the buyer gets back; the rest is paid out. */
  refund: Amount, } | { "kind": "complete" };

/** A proposed resolution of a case. */
export type ResolutionId = string;

/** A proposed outcome. */
export type ResolutionView = {
  /** To be named when accepting. */
  id: ResolutionId,
  /** The outcome. */
  option: Resolution,
  /** Sides that agreed. */
  accepted_by: Array<Side>,
  /** When it lapses. */
  expires_at: string, };

/** L37: customer experience decides. */
export type ResolveDispute = {
  /** The outcome. */
  option: Resolution,
  /** Why. */
  reason: Text, };

/** L51: take an own message back. */
export type RetractMessage = {
  /** The message. */
  seq: Seq, };

/** What a client does after a close. */
export type Retry = "never" | "back_off" | "resume";

/** What silence in review means. */
export type ReviewTimeout = "accept" | "case";

/** Revisions of the contract. */
export type Revisions = {
  /** In all. */
  allowed: number,
  /** Asked for. */
  used: number,
  /** Left. */
  remaining: number, };

/** Answer to `POST /v1/users/{id}/revoke`. */
export type Revoked = {
  /** Whose tokens. */
  user: UserId,
  /** Tokens issued up to this second are refused. */
  up_to: string, };

/** The part somebody plays in one order. */
export type Role = "buyer" | "seller" | "agent" | "admin" | "bot" | "system" | "host";

/** A place in a stream: 1 is the first entry, 0 is before it. */
export type Seq = number;

/** One frame from the server. */
export type ServerFrame = { "type": "welcome" } & Welcome | { "type": "subscribed" } & Subscribed | { "type": "entries" } & Entries | { "type": "entry" } & EntryFrame | { "type": "snapshot" } & SnapshotFrame | { "type": "ack" } & Ack | { "type": "unsubscribed" } & Unsubscribed | { "type": "rejected" } & Rejected | { "type": "refreshed" } & Refreshed | { "type": "inbox" } & InboxRoom | { "type": "signal" } & Signal | { "type": "heartbeat" } & Heartbeat | { "type": "goodbye" } & Goodbye;

/** Who holds the money while the work is done. */
export type Settlement = "escrow" | "direct";

/** One of the two parties of the contract. */
export type Side = "buyer" | "seller";

/** Ephemeral and lossy, across nodes too. */
export type Signal = {
  /** The room. */
  order: OrderId,
  /** Whose. */
  user: UserId, } & ({ "kind": "typing",
  /** Began, or ended. */
  on: boolean, } | { "kind": "presence",
  /** How. */
  state: Presence, } | { "kind": "read",
  /** Up to here. */
  seq: Seq, });

/** What a room shows beside its timeline. */
export type Snapshot = { "kind": "order" } & OrderSnapshot | { "kind": "conversation" } & ConversationSnapshot;

/** The order after a command that changed it, for the subscriber's role. */
export type SnapshotFrame = {
  /** The room. */
  order: OrderId,
  /** A newer one replaces it. */
  snapshot: Snapshot, };

/** Where an order stands. Marketplaces name these as they like (labels), but have no others. */
export type State = "offered" | "new" | "in_progress" | "delivered" | "in_revision" | "completed" | "cancelled" | "refunded" | "declined" | "expired";

/** L7: fill in the seller's form. */
export type SubmitRequirements = {
  /** Answers by question id. */
  answers: Record<string, unknown>, };

/** Join a room: the newest entries, or everything after a seq, then live. */
export type Subscribe = {
  /** Answered by `subscribed`. */
  ref: number,
  /** The room. */
  order: OrderId,
  /** The last entry that the client has. */
  after?: Seq,
  /** The epoch in which it was read. */
  epoch?: string, };

/** The room as it is, and what was missed; more pages may follow as `entries` before anything live. */
export type Subscribed = {
  /** The question's. */
  ref: number,
  /** The room. */
  order: OrderId,
  /** Keep it beside the cursor. */
  epoch: string,
  /** The last seq that exists. */
  head: Seq,
  /** Ascending. */
  entries: Array<Entry>,
  /** As this role sees it. */
  snapshot: Snapshot,
  /** Who may be in the room. */
  members: Array<Member>,
  /** How far they have read. */
  cursors: { [key in string]: Seq }, };

/** A term of the contract that can be updated. */
export type TermField = "due_at" | "revisions" | "price";

/** Terms of the contract that can be updated; only the fields that are meant are there. */
export type Terms = {
  /** When the work is due. */
  due_at?: string,
  /** Revisions in all. */
  revisions?: number,
  /** Price in minor units. */
  price?: Amount, };

/** What a person wrote: trimmed, 1–4,000 characters, no control characters but newline and tab. */
export type Text = string;

/** What a clock is for. */
export type TimerKind = "accept" | "due" | "review" | "idle" | "link" | "proposal" | "cx" | "resolution" | "feedback" | "archive";

/** A running clock. */
export type TimerView = {
  /** What for. */
  kind: TimerKind,
  /** When it fires, unless it stands still. */
  fire_at: string,
  /** It stands still. */
  paused: boolean,
  /** The entry that started it. */
  because: Seq, };

/** Signal: somebody writes. */
export type Typing = {
  /** The room. */
  order: OrderId,
  /** Began, or ended. */
  on: boolean, };

/** What was not read yet. */
export type Unread = {
  /** Rooms with something unread. */
  rooms: number,
  /** Unread entries. */
  entries: number, };

/** Leave a room. */
export type Unsubscribe = {
  /** Answered by `unsubscribed`. */
  ref: number,
  /** The room. */
  order: OrderId, };

/** No longer in the room. */
export type Unsubscribed = {
  /** The question's; absent when unasked. */
  ref?: number,
  /** The room. */
  order: OrderId,
  /** `access_withdrawn` when unasked. */
  reason?: string, };

/** A user as the host names them: 1–64 characters of `A-Za-z0-9._:-`. */
export type UserId = string;

/** After the hello. */
export type Welcome = {
  /** This connection, for logs of both ends. */
  session: string,
  /** The history that seqs belong to: another one after a restored backup. */
  epoch: string,
  /** What this deployment can do beyond the basics. */
  features: Array<string>,
  /** Who you are. */
  user: UserId,
  /** What your account is for. */
  role: AccountRole,
  /** The database's clock. */
  at: string,
  /** How often the server says `heartbeat`. */
  heartbeat_ms: number,
  /** Refresh before then. */
  token_expires_at: string,
  /** 0 means none. */
  limits: Limits,
  /** Across all rooms. */
  unread: Unread, };

/** L28: take the request back. */
export type WithdrawCancel = Record<symbol, never>;

/** L23: take an own proposal back. */
export type WithdrawUpdate = {
  /** The proposal. */
  proposal: ProposalId, };
