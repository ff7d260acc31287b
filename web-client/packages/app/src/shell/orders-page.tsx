// The conversations and the one that is open; on a phone one after the other.

import { MessagesSquare } from 'lucide-react'
import { ConversationList } from '../inbox/conversation-list'
import { usePanes } from '../parts/media'
import { Empty } from '../parts/states'
import { RoomPage } from '../room/room-page'
import { useWords } from '../words/use-words'

export function OrdersPage({ order }: { order: string | undefined }) {
  const panes = usePanes()
  const { w } = useWords()
  return (
    <>
      {panes > 1 && (
        <div className="flex min-h-0 w-80 shrink-0 flex-col border-e border-line bg-surface">
          <ConversationList here={order} />
        </div>
      )}
      {panes === 1 && order === undefined && (
        <main className="flex min-h-0 w-full flex-col bg-surface">
          <ConversationList here={order} />
        </main>
      )}
      {order !== undefined ? (
        <RoomPage key={order} id={order} home="/orders" />
      ) : (
        panes > 1 && (
          <main className="flex grow bg-ground">
            <Empty icon={MessagesSquare} title={w.room.choose} hint={w.room.chooseHint} />
          </main>
        )
      )}
    </>
  )
}
