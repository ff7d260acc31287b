// The order at a glance: where it stands, by when, and everything that was agreed.

import { memo } from 'react'
import { Answers } from '../entries/order-cards'
import { Files } from '../files/file-list'
import { numberOf } from '../inbox/lines'
import { Avatar } from '../parts/avatar'
import { Moment } from '../parts/moment'
import { Tag } from '../parts/tag'
import { useRoom, useRoomState } from '../room/context'
import { namesIn } from '../words/sentences'
import { useWords } from '../words/use-words'
import { ContractHistory } from './contract-history'
import { Countdown } from './countdown'
import { Money } from './money'
import { Line, Part } from './parts'
import { Rail } from './rail'
import { Revisions } from './revisions'

export default memo(function StatusPanel() {
  const { order, telling } = useRoom()
  const { w, fill } = useWords()
  if (!order) return null
  const { requirements, deliveries } = order
  return (
    <div className="flex flex-col">
      <Part>
        <Rail order={order} />
        <Countdown order={order} />
      </Part>
      <Part title={w.status.revisions}>
        <Revisions order={order} />
      </Part>
      <Part title={w.status.payment}>
        <Money order={order} />
      </Part>
      <Part title={w.status.contract}>
        <ContractHistory />
      </Part>
      {requirements.form.length > 0 && (
        <Part
          title={telling.mine === 'seller' ? w.cards.ownQuestions : fill(w.cards.questions, namesIn(telling))}
          aside={w.cards.answered(Object.keys(requirements.answers).length, requirements.form.length)}
        >
          <Answers form={requirements.form} answers={requirements.answers} />
        </Part>
      )}
      {deliveries.length > 0 && (
        <Part title={w.status.deliveries}>
          <ol className="flex flex-col gap-3">
            {[...deliveries].reverse().map(delivery => (
              <li key={delivery.no} className="flex flex-col gap-1">
                <div className="flex items-baseline justify-between gap-2 text-sm">
                  <span className="font-medium">
                    {delivery.kind === 'shipped' ? w.cards.shipped : w.cards.delivery(delivery.no)}
                  </span>
                  <Moment at={delivery.at} as="short" className="text-xs text-ink-2" />
                </div>
                {delivery.files.length > 0 ? (
                  <Files files={delivery.files} pictures={false} />
                ) : delivery.kind === 'shipped' ? (
                  <dl className="flex flex-col gap-1">
                    {delivery.carrier && <Line name={w.cards.carrier}>{delivery.carrier}</Line>}
                    {delivery.tracking && <Line name={w.cards.tracking}>{delivery.tracking}</Line>}
                    {delivery.eta && (
                      <Line name={w.cards.arrives}>
                        <Moment at={delivery.eta} />
                      </Line>
                    )}
                  </dl>
                ) : (
                  <p dir="auto" className="text-sm [overflow-wrap:anywhere] text-ink-2">
                    {delivery.where ?? w.cards.outside}
                  </p>
                )}
              </li>
            ))}
          </ol>
        </Part>
      )}
      <Part title={w.status.people}>
        <People />
      </Part>
      <Part>
        <dl className="flex flex-col gap-1.5 text-sm">
          <Line name={w.status.listing}>
            {order.listing.url?.startsWith('https://') ? (
              <a
                className="text-accent underline underline-offset-2"
                href={order.listing.url}
                target="_blank"
                rel="noopener noreferrer"
              >
                {order.listing.title}
              </a>
            ) : (
              order.listing.title
            )}
          </Line>
          <Line name={w.status.reference}>{numberOf(order)}</Line>
          <Line name={w.status.placed}>
            <Moment at={order.placed_at} />
          </Line>
        </dl>
      </Part>
    </div>
  )
})

function People() {
  const { me } = useRoom()
  const { members } = useRoomState()
  const { w } = useWords()
  return (
    <ul className="flex flex-col gap-2.5">
      {members.map(member => (
        <li key={member.user} className="flex items-center gap-3">
          <Avatar name={member.name} role={member.role} size={28} presence={member.presence} />
          <span dir="auto" className="min-w-0 grow truncate text-sm">
            {member.name}
            {member.user === me && <span className="text-ink-3"> ({w.status.you})</span>}
          </span>
          <Tag tone={member.role === 'agent' || member.role === 'admin' ? 'agent' : 'plain'}>
            {w.roles[member.role]}
          </Tag>
        </li>
      ))}
    </ul>
  )
}
