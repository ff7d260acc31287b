// Why something did not happen, by the service's code.

const apart = 'This page and the service do not understand each other. Load the page anew.'

/** Only where the service's own sentence, which is English too, speaks to programs; other languages know every code. */
export const reasons: Record<string, string> = {
  /** Of this page, not of the service: there was no connection. */
  waiting: 'Something that you did here waits to be carried out first.',
  bad_field: 'Something is not filled in as it has to be. Look through it once more.',
  unknown_command: apart,
  id_reused: 'This was sent before with other words. Try again.',
  version_conflict: 'The order changed meanwhile. Look at it, then try again.',
  stale_delivery: 'A newer delivery has come meanwhile, so nothing was decided. Look at it first.',
  rate_limited: 'That was too fast. Try again in a moment.',
  resync_required: 'Something was missed here. Load the page anew.',
  too_many_rooms: 'Too many conversations are open at once. Close some of them.',
  too_many_conversations: 'You began many conversations today. Begin another one tomorrow.',
  unavailable: 'The service cannot do this just now. Try again in a moment.',
  unauthenticated: 'Your sign-in has ended. Sign in again.',
  unreadable: apart,
  wrong_version: apart,
  wrong_media_type: apart,
  wrong_offset: 'The upload stands elsewhere. Try again.',
  beyond_the_end: apart,
  method_not_allowed: apart,
  origin_not_allowed: apart,
  host_not_allowed: apart,
  body_too_large: 'This is too long for one request. Make it shorter.',
}

/** When an order can be cancelled, by what its rules unlock and where it stands. */
export const cancelling = {
  past_due: 'You can cancel once the due date has passed.',
  revisions_exhausted:
    'You can cancel once all included revisions are used and delivered. Dispute the order if you need help now.',
  delivered:
    'You cannot cancel while a delivery waits for an answer. Dispute the order if you need help now.',
  never: 'The rules of this order know no cancelling. Dispute the order if you need help.',
}
