//! The lifecycle as one table: who may do what, when, what happens, and what each side is told.
//!
//! Validator, `actions`, prompts and `docs/LIFECYCLE.md` are read from it; [`crate::lint`] refuses a bad table.
//! What events do to state and clocks is the other half, [`crate::effect`].

use crate::{
    clock::TimerKind,
    command::CommandKind::{self, self as C},
    event::EventKind::{self as E},
    guard::Guard::{self as G},
    guide::Line,
    order::State::{self, Cancelled, Completed, Declined, Delivered, InProgress, InRevision, New, Refunded},
    participant::Role::{self, Admin, Agent, Buyer, Host, Seller, System},
    payment::BookingKind,
    policy::Settlement::{self, Direct, Escrow},
};

/// One transition.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name in the product's tables.
    pub id: &'static str,
    /// States it starts from; empty for what brings an order into being.
    pub from: &'static [State],
    /// What sets it off.
    pub on: Trigger,
    /// Who may.
    pub who: &'static [Who],
    /// What must hold.
    pub guards: &'static [G],
    /// Where it leads.
    pub to: To,
    /// Events it always writes.
    pub events: &'static [E],
    /// Events it writes if there is reason to.
    pub maybe: &'static [E],
    /// What each side is told.
    pub tell: Tell,
}

/// What sets a transition off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A participant asks.
    Command(CommandKind),
    /// The host reports a purchase.
    Place,
    /// The host reports money.
    Booking(BookingKind),
    /// A clock runs out.
    Timer(TimerKind),
    /// A clock reminds.
    Reminder(TimerKind),
}

/// A role, in one settlement or in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who(pub Role, pub Option<Settlement>);

/// Where a transition leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// The state stays.
    Same,
    /// Always there.
    State(State),
    /// As the chosen outcome says.
    Outcome,
}

/// What is told, and to whom.
#[derive(Clone, Copy, Debug)]
pub enum Tell {
    /// Nobody's next step changes.
    Nothing,
    /// To the buyer, to the seller.
    Sides(Line, Line),
    /// To the side that did it, to the other.
    Doer(Line, Line),
}

/// States before the end.
pub const OPEN: &[State] = &[New, InProgress, InRevision, Delivered];
const UNDELIVERED: &[State] = &[New, InProgress, InRevision];
const ACTIVE: &[State] = &[InProgress, InRevision];
const WORK: &[State] = &[InProgress, InRevision, Delivered];
const ANY: &[State] = &[New, InProgress, InRevision, Delivered, Completed, Cancelled, Refunded, Declined];
const DISPUTABLE: &[State] = &[New, InProgress, InRevision, Delivered, Completed, Cancelled, Refunded];

const BUYER: Who = Who(Buyer, None);
const SELLER: Who = Who(Seller, None);
const SELLER_ESCROW: Who = Who(Seller, Some(Escrow));
const SELLER_DIRECT: Who = Who(Seller, Some(Direct));
const AGENT: Who = Who(Agent, None);
const ADMIN: Who = Who(Admin, None);
const ADMIN_DIRECT: Who = Who(Admin, Some(Direct));
const HOST: Who = Who(Host, None);
const HOST_ESCROW: Who = Who(Host, Some(Escrow));
const HOST_DIRECT: Who = Who(Host, Some(Direct));
const CLOCK: Who = Who(System, None);
const CLOCK_ESCROW: Who = Who(System, Some(Escrow));
const CLOCK_DIRECT: Who = Who(System, Some(Direct));

const fn command(id: &'static str, kind: CommandKind, from: &'static [State], who: &'static [Who]) -> Row {
    Row {
        id,
        from,
        on: Trigger::Command(kind),
        who,
        guards: &[],
        to: To::Same,
        events: &[],
        maybe: &[],
        tell: Tell::Nothing,
    }
}

const fn timer(id: &'static str, kind: TimerKind, from: &'static [State], who: &'static [Who]) -> Row {
    Row { on: Trigger::Timer(kind), ..command(id, C::PostMessage, from, who) }
}

const fn host(id: &'static str, on: Trigger, from: &'static [State]) -> Row {
    Row { on, ..command(id, C::PostMessage, from, &[HOST]) }
}

const fn line(code: &'static str, english: &'static str) -> Line {
    Line { code, english }
}

const fn sides(buyer: Line, seller: Line) -> Tell {
    Tell::Sides(buyer, seller)
}

const PLACED_WAIT: Line = line("placed_wait", "Your order waits for the seller to accept.");
const PLACED_REVIEW: Line =
    line("placed_review", "New order: {title}. Review the details, then accept or decline.");
const MARKED_PAID: Line =
    line("marked_paid", "The payment was marked as “{payment}”. If that is not right, open a dispute.");
const PAID_DIRECT: Tell =
    sides(MARKED_PAID, line("marked_paid_next", "The payment is noted. Next: deliver or send the work."));
const PAID_AFTERWARDS: Tell = sides(
    MARKED_PAID,
    line("marked_paid_review", "The payment is noted. The buyer is asked to accept what was delivered."),
);
const DELIVERED_BUYER: Line = line(
    "delivered_review",
    "The work is delivered. You have until {review_by} to accept it or ask for changes. Revisions left: {remaining}.",
);
const DELIVERED_SELLER: Line =
    line("delivered_waiting", "Delivered. The buyer has until {review_by} to accept it or ask for changes.");
const OUTSIDE_BUYER: Line = line(
    "delivered_outside_review",
    "The seller says the work was delivered outside: “{where}”. Do you have it? Accept it, ask for changes, or open a dispute.",
);
const SENT_BUYER: Line = line(
    "sent_review",
    "Your order is on its way. When it has arrived, accept it. You have until {review_by}.",
);
const SENT_SELLER: Line = line("sent_waiting", "Sent. The buyer has until {review_by} to accept it.");
const REVISED_BUYER: Line = line(
    "revised_review",
    "The revised work is here. You have until {review_by} to accept it or ask for changes. Revisions left: {remaining}.",
);
const CX_ALERTED: Line =
    line("cx_alerted", "Customer experience has been alerted and will join. You can go on talking here.");
const COMPLETED_BUYER: Line = line("completed_by_you", "The order is complete. Thank you.");
const COMPLETED_SELLER: Line =
    line("completed_by_buyer", "The buyer accepted the work. The order is complete.");
const TERMS_UNCHANGED: Line = line("terms_unchanged", "The terms stay as they were.");
const NEW_TERMS: Line = line("new_terms", "The contract was updated. It says now: {terms}.");
const GOES_ON: Line = line("goes_on", "The order goes on where it was.");
const CANCELLED_MUTUAL: Line =
    line("cancelled_mutual", "The order is cancelled by agreement. Any refund is on its way.");
const RESOLVED: Line = line("resolved", "Customer experience decided: {option}. Reason: “{reason}”.");
const AGREED: Line = line("resolution_agreed", "Both sides agreed: {option}.");
const LAPSED_BUYER: Line = line(
    "not_accepted_buyer",
    "The seller did not accept in time. The order is cancelled and any payment goes back.",
);
const IDLE: Line =
    line("idle_case", "Nothing has happened for too long. Customer experience will look at the order.");
const CLOSED_IDLE: Line = line("closed_idle", "The order was closed because nothing happened.");

/// L29: an agent who is in the room cancels; an admin needs less.
const APPROVE_CANCEL: Row = Row {
    guards: &[G::CancelCase, G::InRoom],
    to: To::State(Cancelled),
    events: &[E::CancelApproved, E::OrderCancelled],
    maybe: &[E::RefundRequested, E::PayoutRequested],
    tell: sides(
        line(
            "cancel_approved_buyer",
            "Customer experience cancelled the order: “{reason}”. You get {refund} back.",
        ),
        line(
            "cancel_approved_seller",
            "Customer experience cancelled the order: “{reason}”. The buyer gets {refund} back.",
        ),
    ),
    ..command("L29", C::ApproveCancel, OPEN, &[AGENT])
};

/// L30: an agent who is in the room lets the order go on; an admin needs less.
const REJECT_CANCEL: Row = Row {
    guards: &[G::CancelCase, G::InRoom],
    events: &[E::CancelRejected],
    maybe: &[E::ContractUpdated],
    tell: sides(
        line("cancel_rejected", "Customer experience decided that the order goes on: “{reason}”."),
        line("cancel_rejected", "Customer experience decided that the order goes on: “{reason}”."),
    ),
    ..command("L30", C::RejectCancel, OPEN, &[AGENT])
};

/// L34: an agent with the case enters the room; an admin needs less.
const JOIN_CASE: Row = Row {
    guards: &[G::CaseOpen, G::ClaimedByMe, G::NotInRoom],
    events: &[E::AgentJoined],
    tell: sides(
        line("agent_joined", "{agent} from customer experience joined."),
        line("agent_joined", "{agent} from customer experience joined."),
    ),
    ..command("L34", C::JoinCase, ANY, &[AGENT])
};

/// L40: an agent who is in the room gives the case to another; an admin takes it from whoever has it.
const HAND_OVER_CASE: Row = Row {
    guards: &[G::CaseOpen, G::InRoom],
    events: &[E::CaseHandedOver],
    tell: sides(
        line("case_handed_over", "Another agent takes over and will join."),
        line("case_handed_over", "Another agent takes over and will join."),
    ),
    ..command("L40", C::HandOverCase, ANY, &[AGENT])
};

/// L37: an agent who is in the room decides; an admin needs less.
const RESOLVE_DISPUTE: Row = Row {
    guards: &[G::CaseOpen, G::InRoom],
    to: To::Outcome,
    events: &[E::DisputeResolved],
    maybe: OUTCOME,
    tell: sides(RESOLVED, RESOLVED),
    ..command("L37", C::ResolveDispute, ANY, &[AGENT])
};

/// Every transition of this build. A command's rows stand together; the first whose guards hold is taken.
pub const ROWS: &[Row] = &[
    Row {
        guards: &[G::AnswersMissing],
        to: To::State(New),
        events: &[E::OrderPlaced, E::RequirementsAsked],
        tell: sides(
            line("placed_answer", "Your order waits for the seller. Please answer the seller's questions."),
            PLACED_REVIEW,
        ),
        ..host("L5", Trigger::Place, &[])
    },
    Row {
        guards: &[G::FormExists],
        to: To::State(New),
        events: &[E::OrderPlaced],
        tell: sides(
            PLACED_WAIT,
            line(
                "placed_review_answers",
                "New order: {title}. Review the details and answers, then accept or decline.",
            ),
        ),
        ..host("L5", Trigger::Place, &[])
    },
    Row {
        to: To::State(New),
        events: &[E::OrderPlaced],
        tell: sides(PLACED_WAIT, PLACED_REVIEW),
        ..host("L5", Trigger::Place, &[])
    },
    Row {
        guards: &[G::FormExists, G::NothingAnswered],
        events: &[E::RequirementsAnswered],
        tell: sides(
            line("answered", "Thank you. The seller has your answers."),
            line("answers_review", "The buyer answered your questions. Review the answers."),
        ),
        ..command("L7", C::SubmitRequirements, &[New, InProgress], &[BUYER])
    },
    Row {
        guards: &[G::FormExists],
        events: &[E::RequirementsAnswered],
        tell: sides(
            line("answers_corrected", "The seller has your corrected answers."),
            line("answers_changed", "The buyer corrected the answers. Look at what changed."),
        ),
        ..command("L7", C::SubmitRequirements, &[New, InProgress], &[BUYER])
    },
    Row {
        guards: &[G::NoCase, G::DueAhead, G::AnswersAwaited],
        to: To::State(InProgress),
        events: &[E::OrderAccepted],
        tell: sides(
            line(
                "accepted_answer",
                "The seller accepted. The due date waits for your answers: please give them now.",
            ),
            line(
                "accepted_unanswered",
                "You may begin and deliver any time. The due date waits for the buyer's answers.",
            ),
        ),
        ..command("L8", C::AcceptOrder, &[New], &[SELLER])
    },
    Row {
        guards: &[G::NoCase, G::DueAhead],
        to: To::State(InProgress),
        events: &[E::OrderAccepted],
        tell: sides(
            line(
                "accepted_wait",
                "The seller accepted. Expect the work by {due_at}. You can talk here any time.",
            ),
            line(
                "accepted_deliver",
                "Create the work and deliver it by {due_at}: upload files, say where it was delivered, or mark it as sent.",
            ),
        ),
        ..command("L8", C::AcceptOrder, &[New], &[SELLER])
    },
    Row {
        to: To::State(Declined),
        events: &[E::OrderDeclined],
        maybe: &[E::RefundRequested],
        tell: sides(
            line("declined", "The seller declined: “{reason}”. Any payment goes back to you."),
            line("declined_done", "Declined. There is nothing more to do."),
        ),
        ..command("L9", C::DeclineOrder, &[New], &[SELLER])
    },
    Row {
        to: To::State(Cancelled),
        events: &[E::OrderAutoCancelled],
        maybe: &[E::RefundRequested],
        tell: sides(
            LAPSED_BUYER,
            line("not_accepted_seller", "The order lapsed because it was not accepted in time."),
        ),
        ..timer("L11", TimerKind::Accept, &[New], &[CLOCK_ESCROW])
    },
    Row {
        to: To::State(Completed),
        events: &[E::OrderAutoClosed],
        tell: sides(
            CLOSED_IDLE,
            line("closed_fee", "The order was closed because nothing happened. The fee applies."),
        ),
        ..timer("L11", TimerKind::Accept, &[New], &[CLOCK_DIRECT])
    },
    Row {
        guards: &[G::NotYetPaid],
        events: &[E::PaymentMarked],
        tell: PAID_DIRECT,
        ..command("L12", C::MarkPaid, UNDELIVERED, &[SELLER_DIRECT, ADMIN_DIRECT])
    },
    Row {
        guards: &[G::NotYetPaid],
        events: &[E::PaymentMarked],
        tell: PAID_AFTERWARDS,
        ..command("L12", C::MarkPaid, &[Delivered], &[SELLER_DIRECT, ADMIN_DIRECT])
    },
    Row {
        to: To::State(Delivered),
        events: &[E::DeliverySubmitted],
        tell: sides(DELIVERED_BUYER, DELIVERED_SELLER),
        ..command("L13", C::DeliverFiles, &[InProgress], &[SELLER])
    },
    Row {
        to: To::State(Delivered),
        events: &[E::DeliverySubmitted],
        tell: sides(REVISED_BUYER, DELIVERED_SELLER),
        ..command("L19", C::DeliverFiles, &[InRevision], &[SELLER])
    },
    Row {
        to: To::State(Delivered),
        events: &[E::DeliverySubmitted],
        tell: sides(OUTSIDE_BUYER, DELIVERED_SELLER),
        ..command("L14", C::DeliverExternal, &[InProgress], &[SELLER])
    },
    Row {
        to: To::State(Delivered),
        events: &[E::DeliverySubmitted],
        tell: sides(OUTSIDE_BUYER, DELIVERED_SELLER),
        ..command("L19", C::DeliverExternal, &[InRevision], &[SELLER])
    },
    Row {
        to: To::State(Delivered),
        events: &[E::DeliverySubmitted],
        tell: sides(SENT_BUYER, SENT_SELLER),
        ..command("L15", C::MarkSent, &[InProgress], &[SELLER])
    },
    Row {
        to: To::State(Delivered),
        events: &[E::DeliverySubmitted],
        tell: sides(SENT_BUYER, SENT_SELLER),
        ..command("L19", C::MarkSent, &[InRevision], &[SELLER])
    },
    Row {
        guards: &[G::NoCase],
        to: To::State(Completed),
        events: &[E::OrderCompleted],
        maybe: &[E::PayoutRequested],
        tell: sides(COMPLETED_BUYER, COMPLETED_SELLER),
        ..command("L16", C::AcceptDelivery, &[Delivered], &[BUYER])
    },
    Row {
        guards: &[G::CaseOpen],
        to: To::State(Completed),
        events: &[E::OrderCompleted, E::DisputeResolved],
        maybe: &[E::PayoutRequested],
        tell: sides(COMPLETED_BUYER, COMPLETED_SELLER),
        ..command("L39", C::AcceptDelivery, &[Delivered], &[BUYER])
    },
    Row {
        guards: &[G::RevisionsLeft],
        to: To::State(InRevision),
        events: &[E::RevisionRequested],
        tell: sides(
            line("revision_asked", "Revision {no} is asked for. It is due by {due_at}."),
            line(
                "revision_do",
                "The buyer asks for changes: “{text}”. Deliver by {due_at}. Revisions left after this: {remaining}.",
            ),
        ),
        ..command("L17", C::RequestRevision, &[Delivered], &[BUYER])
    },
    Row {
        guards: &[G::SilenceAccepts],
        to: To::State(Completed),
        events: &[E::OrderAutoCompleted],
        maybe: &[E::PayoutRequested],
        tell: sides(
            line(
                "review_over_buyer",
                "The review time passed without an answer, so the work counts as accepted. If there is a problem, open a dispute soon.",
            ),
            line("review_over_seller", "The review time passed, so the work counts as accepted."),
        ),
        ..timer("L18", TimerKind::Review, &[Delivered], &[CLOCK])
    },
    Row {
        guards: &[G::DirectUnpaidFirst],
        events: &[E::ReviewReminded],
        tell: sides(
            line(
                "review_unpaid_buyer",
                "The review time passed, and no payment is noted. Pay the seller, accept the work, or open a dispute.",
            ),
            line(
                "review_unpaid_seller",
                "The review time passed, and no payment is noted. Mark the order as paid, or open a dispute.",
            ),
        ),
        ..timer("L18", TimerKind::Review, &[Delivered], &[CLOCK_DIRECT])
    },
    Row {
        events: &[E::OrderIdle],
        tell: sides(IDLE, IDLE),
        ..timer("L18", TimerKind::Review, &[Delivered], &[CLOCK])
    },
    Row {
        on: Trigger::Reminder(TimerKind::Review),
        events: &[E::ReviewReminded],
        tell: sides(
            line(
                "review_soon_over",
                "Your time to review ends at {review_by}. Accept the work or ask for changes.",
            ),
            line("review_soon_over_seller", "The buyer was reminded. The review ends at {review_by}."),
        ),
        ..timer("L18", TimerKind::Review, &[Delivered], &[CLOCK])
    },
    Row {
        events: &[E::OrderOverdue],
        tell: sides(
            line(
                "overdue_buyer",
                "The work is past due. You may wait, agree on a new date, or ask to cancel.",
            ),
            line("overdue_seller", "You are late. Deliver, or propose a new date."),
        ),
        ..timer("L20", TimerKind::Due, ACTIVE, &[CLOCK])
    },
    Row {
        guards: &[G::NoProposal, G::MayUpdate, G::ConsentRequired],
        events: &[E::ContractProposed],
        tell: Tell::Doer(
            line("proposed_wait", "Your proposal waits for the other side. The current terms hold."),
            line(
                "proposed_answer",
                "New terms are proposed: {changes}. Accept or decline. The current terms hold.",
            ),
        ),
        ..command("L21", C::ProposeUpdate, OPEN, &[BUYER, SELLER])
    },
    Row {
        guards: &[G::NoProposal, G::MayUpdate, G::ConsentNotRequired],
        events: &[E::ContractUpdated],
        maybe: &[E::RefundRequested],
        tell: sides(NEW_TERMS, NEW_TERMS),
        ..command("L21", C::ProposeUpdate, OPEN, &[BUYER, SELLER])
    },
    Row {
        guards: &[G::ProposalOpen, G::NotProposer, G::ProposalPossible],
        events: &[E::ContractUpdated],
        maybe: &[E::RefundRequested],
        tell: sides(NEW_TERMS, NEW_TERMS),
        ..command("L22", C::AcceptUpdate, OPEN, &[BUYER, SELLER])
    },
    Row {
        guards: &[G::ProposalOpen, G::NotProposer],
        events: &[E::ContractDeclined],
        tell: sides(TERMS_UNCHANGED, TERMS_UNCHANGED),
        ..command("L23", C::DeclineUpdate, OPEN, &[BUYER, SELLER])
    },
    Row {
        guards: &[G::ProposalOpen, G::Proposer],
        events: &[E::ContractWithdrawn],
        tell: sides(TERMS_UNCHANGED, TERMS_UNCHANGED),
        ..command("L23", C::WithdrawUpdate, OPEN, &[BUYER, SELLER])
    },
    Row {
        events: &[E::ContractLapsed],
        tell: sides(TERMS_UNCHANGED, TERMS_UNCHANGED),
        ..timer("L23", TimerKind::Proposal, OPEN, &[CLOCK])
    },
    Row {
        guards: &[G::NoCase, G::CancelUnlocked],
        events: &[E::CancelRequested],
        tell: Tell::Doer(
            CX_ALERTED,
            line(
                "cancel_asked",
                "The other side asks to cancel: “{reason}”. Agree, or wait for customer experience.",
            ),
        ),
        ..command("L26", C::RequestCancel, WORK, &[BUYER, SELLER_ESCROW])
    },
    Row {
        guards: &[G::CancelCase, G::NotCaseOpener],
        to: To::State(Cancelled),
        events: &[E::CancelAgreed, E::OrderCancelled],
        maybe: &[E::RefundRequested],
        tell: sides(CANCELLED_MUTUAL, CANCELLED_MUTUAL),
        ..command("L27", C::ConsentCancel, OPEN, &[BUYER, SELLER])
    },
    Row {
        guards: &[G::CancelCase, G::CaseOpener],
        events: &[E::CancelWithdrawn],
        tell: sides(GOES_ON, GOES_ON),
        ..command("L28", C::WithdrawCancel, OPEN, &[BUYER, SELLER])
    },
    APPROVE_CANCEL,
    Row { who: &[ADMIN], guards: &[G::CancelCase], ..APPROVE_CANCEL },
    REJECT_CANCEL,
    Row { who: &[ADMIN], guards: &[G::CancelCase], ..REJECT_CANCEL },
    Row {
        to: To::State(Cancelled),
        events: &[E::OrderCancelled],
        tell: sides(
            line("cancelled_by_seller", "The seller cancelled the order: “{reason}”."),
            line("cancelled_by_you", "The order is cancelled."),
        ),
        ..command("L31", C::CancelOrder, OPEN, &[SELLER_DIRECT])
    },
    Row {
        guards: &[G::NoCase, G::WithinGrace],
        events: &[E::DisputeOpened],
        tell: sides(CX_ALERTED, CX_ALERTED),
        ..command("L32", C::OpenDispute, DISPUTABLE, &[BUYER, SELLER])
    },
    Row { guards: &[G::CaseOpen, G::Claimable], ..command("L33", C::ClaimCase, ANY, &[AGENT]) },
    JOIN_CASE,
    Row { who: &[ADMIN], guards: &[G::CaseOpen, G::NotInRoom], ..JOIN_CASE },
    Row {
        guards: &[G::CaseOpen, G::InRoom],
        events: &[E::ResolutionProposed],
        tell: sides(
            line(
                "resolution_answer",
                "Customer experience proposes: {option}. Accept it or answer by {expires_at}.",
            ),
            line(
                "resolution_answer",
                "Customer experience proposes: {option}. Accept it or answer by {expires_at}.",
            ),
        ),
        ..command("L35", C::ProposeResolution, ANY, &[AGENT, ADMIN])
    },
    Row {
        guards: &[G::ResolutionOpen, G::NotYetAgreed, G::ResolutionPossible, G::OtherHasAgreed],
        to: To::Outcome,
        events: &[E::ResolutionAccepted, E::ResolutionAgreed],
        maybe: OUTCOME,
        tell: sides(AGREED, AGREED),
        ..command("L36", C::AcceptResolution, ANY, &[BUYER, SELLER])
    },
    Row {
        guards: &[G::ResolutionOpen, G::NotYetAgreed, G::ResolutionPossible],
        events: &[E::ResolutionAccepted],
        tell: Tell::Doer(
            line("resolution_wait", "You agreed. The proposal waits for the other side."),
            line("resolution_other_agreed", "The other side agreed to the proposal. Accept it or answer."),
        ),
        ..command("L36", C::AcceptResolution, ANY, &[BUYER, SELLER])
    },
    RESOLVE_DISPUTE,
    Row { who: &[ADMIN], guards: &[G::CaseOpen], ..RESOLVE_DISPUTE },
    Row {
        guards: &[G::DisputeCase, G::CaseOpener],
        events: &[E::DisputeWithdrawn],
        tell: sides(
            line("dispute_withdrawn", "The dispute is closed. The order goes on where it was."),
            line("dispute_withdrawn", "The dispute is closed. The order goes on where it was."),
        ),
        ..command("L38", C::CloseDispute, ANY, &[BUYER, SELLER])
    },
    Row {
        guards: &[G::CaseOpen, G::InRoom, G::OthersInRoom],
        events: &[E::AgentLeft],
        tell: sides(
            line("agent_left_others", "{agent} left. Customer experience is still here."),
            line("agent_left_others", "{agent} left. Customer experience is still here."),
        ),
        ..command("L40", C::LeaveCase, ANY, &[AGENT, ADMIN])
    },
    Row {
        guards: &[G::CaseOpen, G::InRoom],
        events: &[E::AgentLeft],
        tell: sides(
            line("agent_left", "{agent} left. Another agent will follow."),
            line("agent_left", "{agent} left. Another agent will follow."),
        ),
        ..command("L40", C::LeaveCase, ANY, &[AGENT, ADMIN])
    },
    HAND_OVER_CASE,
    Row { who: &[ADMIN], guards: &[G::CaseOpen], ..HAND_OVER_CASE },
    Row {
        events: &[E::OrderIdle],
        tell: sides(IDLE, IDLE),
        ..timer("L41", TimerKind::Idle, ACTIVE, &[CLOCK_ESCROW])
    },
    Row {
        to: To::State(Completed),
        events: &[E::OrderIdle, E::OrderAutoClosed],
        tell: sides(
            CLOSED_IDLE,
            line("closed_fee", "The order was closed because nothing happened. The fee applies."),
        ),
        ..timer("L41", TimerKind::Idle, ACTIVE, &[CLOCK_DIRECT])
    },
    Row {
        who: &[HOST_DIRECT],
        guards: &[G::NotYetPaid],
        events: &[E::PaymentMarked],
        tell: PAID_DIRECT,
        ..host("L12", Trigger::Booking(BookingKind::Payment), UNDELIVERED)
    },
    Row {
        who: &[HOST_DIRECT],
        guards: &[G::NotYetPaid],
        events: &[E::PaymentMarked],
        tell: PAID_AFTERWARDS,
        ..host("L12", Trigger::Booking(BookingKind::Payment), &[Delivered])
    },
    Row {
        who: &[HOST_ESCROW],
        events: &[E::PaymentConfirmed],
        maybe: &[E::PayoutRequested, E::RefundRequested],
        tell: sides(
            line("payment_confirmed", "Your payment of {amount} arrived."),
            line("payment_confirmed_seller", "The buyer's payment of {amount} arrived."),
        ),
        ..host("payment", Trigger::Booking(BookingKind::Payment), ANY)
    },
    Row {
        to: To::Outcome,
        events: &[E::PaymentRefunded],
        tell: sides(
            line("refunded", "Your refund of {amount} is confirmed."),
            line("refunded_seller", "The buyer was refunded {amount}."),
        ),
        ..host("L43", Trigger::Booking(BookingKind::Refund), ANY)
    },
    Row {
        events: &[E::PaymentPaidOut],
        tell: sides(
            line("paid_out", "The seller was paid."),
            line("paid_out_seller", "Your payout of {amount} is confirmed."),
        ),
        ..host("payout", Trigger::Booking(BookingKind::Payout), ANY)
    },
    Row {
        events: &[E::CaseEscalated],
        tell: sides(
            line(
                "case_escalated",
                "Customer experience is taking longer than it should. Your case was moved to the front.",
            ),
            line(
                "case_escalated",
                "Customer experience is taking longer than it should. Your case was moved to the front.",
            ),
        ),
        ..timer("T_cx", TimerKind::Cx, ANY, &[CLOCK])
    },
    Row {
        events: &[E::ResolutionLapsed],
        tell: sides(
            line(
                "resolution_lapsed",
                "The proposed resolution lapsed. Customer experience decides what is next.",
            ),
            line(
                "resolution_lapsed",
                "The proposed resolution lapsed. Customer experience decides what is next.",
            ),
        ),
        ..timer("T_resolution", TimerKind::Resolution, ANY, &[CLOCK])
    },
];

const OUTCOME: &[E] =
    &[E::ContractUpdated, E::OrderCancelled, E::OrderCompleted, E::RefundRequested, E::PayoutRequested];

impl Row {
    /// Do these events keep what the row says: all that it always writes, in order, and nothing that it never does?
    pub fn writes(&self, events: &[E]) -> bool {
        let always: Vec<E> = events.iter().copied().filter(|event| self.events.contains(event)).collect();
        always == self.events
            && events.iter().all(|event| self.events.contains(event) || self.maybe.contains(event))
    }
}

/// Rows that a trigger can set off, in the order in which they are tried.
pub fn rows(on: Trigger) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.on == on)
}
