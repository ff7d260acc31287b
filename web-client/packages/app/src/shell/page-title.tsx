// What the browser's tab is called: the page, or the order that is open in it, with what is unread before it.

import { useEffect } from 'react'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import type { Words } from '../words/words'
import type { Place } from './router'

export function PageTitle({ place }: { place: Place }) {
  const { w } = useWords()
  return 'order' in place && place.order !== undefined ? (
    <OrderTitle place={place} order={place.order} />
  ) : (
    <Title of={pageName(place, w)} />
  )
}

function OrderTitle({ place, order }: { place: Place; order: string }) {
  const { client, me } = useSession()
  const { snapshot } = useStore(client.room(order))
  const { w } = useWords()
  const { buyer, seller } = snapshot?.parties ?? {}
  const other = buyer?.user === me.user ? seller : buyer
  const title = snapshot?.kind === 'order' ? snapshot.listing.title : other?.name
  return <Title of={title ?? pageName(place, w)} />
}

function Title({ of }: { of: string }) {
  const { client } = useSession()
  const { unread } = useStore(client.inbox)
  const { w } = useWords()
  const title = titleOf(of, unread.entries, w.nav.product)
  useEffect(() => {
    document.title = title
  }, [title])
  // Who signs out leaves nothing of it behind.
  useEffect(
    () => () => {
      document.title = w.nav.product
    },
    [w],
  )
  return null
}

export function titleOf(page: string, unread: number, product: string): string {
  const title = page === product ? product : `${page} · ${product}`
  return unread > 0 ? `(${unread}) ${title}` : title
}

export function pageName({ at }: Place, { nav, inbox, print, states }: Words): string {
  const names: Record<Place['at'], string> = {
    home: nav.home,
    orders: inbox.title,
    desk: nav.desk,
    print: print.open,
    demo: nav.demo,
    gallery: nav.product,
    nowhere: states.nowhere,
  }
  return names[at]
}
