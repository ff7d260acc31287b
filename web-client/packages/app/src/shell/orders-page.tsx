// The conversations and the one that is open; on a phone one after the other.

import { MessagesSquare } from 'lucide-react'
import { ConversationList } from '../inbox/conversation-list'
import { usePanes } from '../parts/media'
import { Empty } from '../parts/states'
import { RoomPage } from '../room/room-page'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'

export function OrdersPage({ order }: { order: string | undefined }) {
  const panes = usePanes()
  const { client } = useSession()
  const inbox = useStore(client.inbox)
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
            {/* Who has none is told beside it how to begin. */}
            {inbox.rooms.length > 0 && (
              <Empty icon={MessagesSquare} title={w.room.choose} hint={w.room.chooseHint} />
            )}
          </main>
        )
      )}
    </>
  )
}
