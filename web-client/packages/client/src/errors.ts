// What can come of a question: the rules said no, or the client stopped, or nothing was kept at all.

import type { Code, Rejected } from './protocol.js'

/** A refusal that is final for this attempt: nothing of it was stored by the server. */
export interface Refusal {
  /** For programs; codes newer than this build are possible. */
  readonly code: Code | (string & {})
  /** For people, in English. */
  readonly message: string
  /** The offending field. */
  readonly field?: string
  /** When the same would be allowed (RFC 3339), if only time is missing. */
  readonly allowedFrom?: string
}

export function refusalOf({ code, message, field, allowed_from }: Rejected): Refusal {
  return {
    code,
    message,
    ...(field === undefined ? {} : { field }),
    ...(allowed_from === undefined ? {} : { allowedFrom: allowed_from }),
  }
}

/** The rules said no. */
export class Refused extends Error {
  override name = 'Refused'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/** The client stopped before an answer. A command stays in the outbox: the next client of this user sends it. */
export class Closed extends Error {
  override name = 'Closed'
  readonly code: number

  constructor(code: number, reason: string) {
    super(reason)
    this.code = code
  }
}

/** The command was not taken, so nothing of it is kept: whoever asked still has the text. */
export class NotQueued extends Error {
  override name = 'NotQueued'
  readonly why: 'full' | 'too_large' | 'storage'

  constructor(why: 'full' | 'too_large' | 'storage', message: string, options?: ErrorOptions) {
    super(message, options)
    this.why = why
  }
}
