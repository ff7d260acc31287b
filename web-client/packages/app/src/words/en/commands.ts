// What can be done: the name in menus and on buttons, and the words of its dialog.

export interface CommandWords {
  /** In the menu. */
  readonly name: string
  /** On the button that does it. */
  readonly submit: string
  /** On the next step's button, where the name is too long. */
  readonly short?: string
  /** What it means, above the form. */
  readonly intro?: string
}

export const commands: Record<string, CommandWords> = {
  post_message: { name: 'Send a message', submit: 'Send' },
  edit_message: {
    name: 'Edit message',
    submit: 'Save',
    intro:
      'The message shows the new text and is marked as edited. The first text stays readable to whoever may read this room.',
  },
  retract_message: {
    name: 'Take message back',
    submit: 'Take back',
    intro:
      'The message is no longer shown in the conversation. Its text stays in the record of this order, readable to whoever may read this room.',
  },
  submit_requirements: {
    name: 'Answer the questions',
    submit: 'Submit answers',
    intro: '{seller} needs these answers to do the work. They appear in the chat.',
  },
  accept_order: {
    name: 'Accept the order',
    submit: 'Accept order',
    intro: 'Review the details first. With your acceptance the work begins and the due date counts.',
  },
  decline_order: {
    name: 'Decline the order',
    submit: 'Decline order',
    intro: 'The order ends, and any payment goes back to {buyer}. This cannot be undone.',
  },
  deliver_files: {
    name: 'Upload files',
    submit: 'Deliver',
    intro: 'The files go into the chat, and {buyer} is asked to accept them or to ask for changes.',
  },
  deliver_external: {
    name: 'Delivered outside of the platform',
    short: 'Delivered outside',
    submit: 'Mark as delivered',
    intro: 'Use this when you both agreed to deliver elsewhere. {buyer} confirms by accepting.',
  },
  mark_sent: {
    name: 'Mark as sent',
    submit: 'Mark as sent',
    intro: 'The goods are on their way. The time to review starts when they should have arrived.',
  },
  mark_paid: {
    name: 'Mark as paid',
    submit: 'Mark as paid',
    intro: '{buyer} sees that the payment is noted.',
  },
  accept_delivery: {
    name: 'Accept the delivery',
    submit: 'Accept delivery',
    intro:
      'You are satisfied with the work. The order is complete and {seller} gets paid. This cannot be undone.',
  },
  request_revision: {
    name: 'Ask for changes',
    submit: 'Ask for changes',
    intro:
      'One of your revisions is used. {seller} delivers again, and you can accept or ask for changes then.',
  },
  propose_update: {
    name: 'Contract update',
    submit: 'Propose',
    intro: 'Change what is needed. The current terms hold until {other} accepts.',
  },
  accept_update: {
    name: 'Accept the new terms',
    submit: 'Accept new terms',
    intro: 'They hold from then on.',
  },
  decline_update: {
    name: 'Decline the new terms',
    submit: 'Decline',
    intro: 'The current terms go on.',
  },
  withdraw_update: {
    name: 'Take the proposal back',
    submit: 'Take back',
    intro: 'The current terms go on. You can propose again.',
  },
  request_cancel: {
    name: 'Cancel order',
    submit: 'Ask to cancel',
    intro:
      'This asks for the order to be cancelled. {other} can agree at once; otherwise customer experience decides. Clocks that still run stand still meanwhile.',
  },
  consent_cancel: {
    name: 'Agree to the cancellation',
    submit: 'Agree and cancel',
    intro: 'The order ends now, and the payment goes back to {buyer}. This cannot be undone.',
  },
  withdraw_cancel: {
    name: 'Take the cancellation back',
    submit: 'Take back',
    intro: 'The order goes on where it was.',
  },
  approve_cancel: {
    name: 'Approve the cancellation',
    submit: 'Cancel the order',
    intro: 'The order ends. What is not refunded is paid out to {seller}.',
  },
  reject_cancel: {
    name: 'Reject the cancellation',
    submit: 'Let the order go on',
    intro: 'The clocks go on, with the time they stood still added.',
  },
  cancel_order: {
    name: 'Cancel order',
    submit: 'Cancel order',
    intro: 'The order ends now. {buyer} reads your reason. This cannot be undone.',
  },
  open_dispute: {
    name: 'Dispute order',
    submit: 'Open dispute',
    intro:
      'A member of the customer experience team joins this chat and helps both of you. Clocks that still run stand still meanwhile; you can go on talking.',
  },
  close_dispute: {
    name: 'Close the dispute',
    submit: 'Close dispute',
    intro: 'The order goes on where it was.',
  },
  claim_case: {
    name: 'Claim the case',
    submit: 'Claim case',
    intro:
      'When you claim it, it is yours and you can read the room. {buyer} and {seller} see nothing of it.',
  },
  join_case: {
    name: 'Join the chat',
    submit: 'Join chat',
    intro: 'Both sides see that you joined, and you can write.',
  },
  leave_case: {
    name: 'Leave the case',
    submit: 'Leave',
    intro: 'The case goes back to the queue, and both sides are told that another agent will follow.',
  },
  hand_over_case: {
    name: 'Hand the case over',
    submit: 'Hand over',
    intro: 'The other agent gets the case. Both sides are told that somebody else takes over.',
  },
  propose_resolution: {
    name: 'Propose a resolution',
    submit: 'Propose',
    intro: 'It takes effect when both sides accept it.',
  },
  accept_resolution: {
    name: 'Accept the resolution',
    submit: 'Accept resolution',
    intro: 'It takes effect when {other} accepts it too.',
  },
  resolve_dispute: {
    name: 'Decide the case',
    submit: 'Decide',
    intro: 'Your decision takes effect at once and both sides read the reason. The case is closed.',
  },
}

/** Labels of the fields, by command and field, else by field. */
export const fields: Record<string, string> = {
  reason: 'Reason',
  note: 'Note (optional)',
  text: 'What should change?',
  'edit_message.text': 'Text',
  points: 'As a list, to tick off (optional)',
  point: 'One change',
  addPoint: 'Add a line',
  where: 'Where was it delivered?',
  carrier: 'Carrier (optional)',
  tracking: 'Tracking number (optional)',
  eta: 'Expected arrival (optional)',
  due_at: 'Due date',
  new_due_at: 'New due date (optional)',
  revisions: 'Revisions in all',
  price: 'Price',
  refund: 'Refund to the buyer',
  amount: 'Amount that goes back',
  to: 'The other agent',
  option: 'Outcome',
  cx_join: 'Yes, a member of the customer experience team should join this chat',
  agreed: 'Payment is agreed, but not there yet',
  without_answers: 'Start without the missing answers. The due date waits for them',
  'decline_update.reason': 'Reason (optional)',
}

export const outcomeChoices: Record<string, string> = {
  resume: 'Go on as it was',
  extend: 'New due date',
  extra_revision: 'One more revision',
  partial_refund: 'Partial refund, the order goes on',
  cancel: 'End the order with a refund',
  complete: 'The order is complete',
}
