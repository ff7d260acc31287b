// One signed-in person: the client of their socket and the calls over HTTP.

import { ChatClient } from '@order-chat/client'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { Ticks } from '../entries/ticks'
import { FileBytes } from '../files/bytes'
import { SingleKeys } from '../shell/single-keys'
import { browserStorage } from '../storage'
import { setServerTime } from '../time/clock'
import { Uploads } from '../uploads/uploads'
import { Api } from './api'
import { Following } from './following'
import { FORGOTTEN, goodToken, isStaff, type Person, refuse, signOut } from './person'

export interface Session {
  readonly me: Person
  readonly staff: boolean
  readonly client: ChatClient
  readonly api: Api
  readonly following: Following
  readonly uploads: Uploads
  readonly files: FileBytes
  readonly ticks: Ticks
  readonly singleKeys: SingleKeys
  readonly end: () => void
}

const Context = createContext<Session | undefined>(undefined)

/** For what is shown to nobody in particular too: the gallery. */
export function useSessionIfAny(): Session | undefined {
  return useContext(Context)
}

export function useSession(): Session {
  const session = useContext(Context)
  if (!session) throw new Error('nobody is signed in here')
  return session
}

export function SessionProvider({ me, children }: { me: Person; children: ReactNode }) {
  const [session, setSession] = useState<Session>()
  useEffect(() => {
    const started = start(me)
    setSession(started)
    return () => {
      started.end()
    }
  }, [me])
  return session ? <Context value={session}>{children}</Context> : null
}

function start(me: Person): Session {
  let given = ''
  let renewed = false
  const getToken = async () => {
    given = await goodToken(me)
    return given
  }
  const client = new ChatClient({
    endpoints: [window.location.origin],
    user: me.user,
    getToken,
    client: 'order-chat-app/0.1.0',
  })
  client.connection.subscribe(() => {
    const state = client.connection.getSnapshot()
    if (state.is === 'connected') {
      renewed = false
      setServerTime(state.welcome.at, state.heardAt)
    } else if (state.is === 'closed' && state.code === 4001 && !renewed) {
      // A clock that is behind takes a token for good that is over: once, another one is tried, if there is one.
      renewed = true
      refuse(given)
      getToken().then(
        () => client.reconnect(),
        () => undefined,
      )
    }
  })
  // The host sent this person here again.
  const over = new AbortController()
  const again = () => {
    const state = client.connection.getSnapshot()
    if (state.is === 'closed' || 'tokenProblem' in state) client.reconnect()
  }
  window.addEventListener('hashchange', again, { signal: over.signal })
  // In another tab they had this browser forget them.
  const forgotten = ({ key, newValue }: StorageEvent) => {
    if (key === FORGOTTEN + me.user && newValue !== null) signOut()
  }
  window.addEventListener('storage', forgotten, { signal: over.signal })
  const api = new Api(getToken)
  const uploads = new Uploads(api, me.user)
  const files = new FileBytes(api)
  const following = new Following(client)
  return {
    me,
    staff: isStaff(me),
    client,
    api,
    following,
    uploads,
    files,
    ticks: new Ticks(browserStorage, me.user),
    singleKeys: new SingleKeys(browserStorage, me.user),
    end: () => {
      over.abort()
      uploads.end()
      files.end()
      following.end()
      client.close()
    },
  }
}
