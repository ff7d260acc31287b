// One sign for each kind of event.

import {
  AlarmClock,
  Banknote,
  CalendarClock,
  CircleCheck,
  CircleDashed,
  CircleX,
  FileQuestion,
  FileSignature,
  Headset,
  type LucideIcon,
  Package,
  PencilLine,
  Scale,
  ShoppingBag,
} from 'lucide-react'

const byStart: readonly [string, LucideIcon][] = [
  ['order.placed', ShoppingBag],
  ['order.accepted', CircleCheck],
  ['order.completed', CircleCheck],
  ['order.auto_completed', CircleCheck],
  ['order.overdue', AlarmClock],
  ['order.idle', AlarmClock],
  ['order.', CircleX],
  ['requirements.', FileQuestion],
  ['payment.', Banknote],
  ['refund.', Banknote],
  ['payout.', Banknote],
  ['delivery.', Package],
  ['revision.', PencilLine],
  ['review.', CalendarClock],
  ['contract.', FileSignature],
  ['cancel.', CircleX],
  ['dispute.', Scale],
  ['agent.', Headset],
  ['case.', Headset],
  ['resolution.', Scale],
]

export function iconOf(type: string): LucideIcon {
  return byStart.find(([start]) => type.startsWith(start))?.[1] ?? CircleDashed
}
