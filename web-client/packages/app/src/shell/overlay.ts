import { Value } from '../store'

/** The one thing that floats above the page, beside a command's dialog. */
export const overlay = new Value<'keys' | 'palette' | 'leave' | 'forget' | undefined>(undefined)
