// The site's navigation: a rail beside the page, or a bar below it on a phone.

import {
  Bell,
  BellOff,
  Eraser,
  Headset,
  House,
  Keyboard,
  Languages,
  LogOut,
  type LucideIcon,
  MessagesSquare,
  Monitor,
  Moon,
  Search,
  Settings,
  Store,
  Sun,
} from 'lucide-react'
import { Avatar } from '../parts/avatar'
import { IconButton } from '../parts/button'
import { type Choice, Menu } from '../parts/menu'
import { Count } from '../parts/tag'
import { say } from '../parts/toast'
import { isDemo } from '../session/person'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { languages, speak, type Words } from '../words/words'
import { leave } from './leave'
import { type Notices, notices, turnNotices } from './notices'
import { overlay } from './overlay'
import { follow, type Place } from './router'
import { setTheme, theme } from './theme'

export function Navigation({ place, panes }: { place: Place; panes: number }) {
  const { client, me, staff } = useSession()
  const { unread } = useStore(client.inbox)
  const { w } = useWords()
  const bar = panes === 1
  const item = { place: place.at, bar }
  return (
    <nav
      aria-label={w.nav.product}
      className={
        bar
          ? 'flex shrink-0 items-stretch justify-around border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]'
          : 'flex w-18 shrink-0 flex-col items-center gap-1 border-e border-line bg-surface py-3'
      }
    >
      {!bar && <img src="/icon.svg" alt="" className="mb-3 size-8" />}
      <Item {...item} at="home" to="/" icon={House} label={w.nav.home} />
      {staff ? (
        <Item {...item} at="desk" to="/desk" icon={Headset} label={w.nav.desk} />
      ) : (
        <Item
          {...item}
          at="orders"
          to="/orders"
          icon={MessagesSquare}
          label={w.nav.chat}
          count={unread.entries}
        />
      )}
      {isDemo && <Item {...item} at="demo" to="/demo" icon={Store} label={w.nav.demo} />}
      {!bar && <span className="grow" />}
      {!bar && (
        <IconButton
          icon={Search}
          label={`${w.nav.palette} (Ctrl K)`}
          onPress={() => overlay.set('palette')}
        />
      )}
      <div className={`flex items-center justify-center ${bar ? 'min-w-16 grow' : ''}`}>
        <SettingsMenu bar={bar} />
      </div>
      {!bar && (
        <span title={me.name} className="mt-1">
          <Avatar name={me.name} role={me.role} size={32} />
        </span>
      )}
    </nav>
  )
}

interface ItemProps {
  readonly place: string
  readonly bar: boolean
  readonly at: string
  readonly to: string
  readonly icon: LucideIcon
  readonly label: string
  readonly count?: number
}

function Item({ place, bar, at, to, icon: Icon, label, count = 0 }: ItemProps) {
  const { w } = useWords()
  const here = place === at
  return (
    <a
      href={to}
      onClick={follow}
      aria-current={here ? 'page' : undefined}
      className={`relative flex flex-col items-center justify-center gap-0.5 rounded-lg text-[11px] leading-4 font-medium -outline-offset-2 ${bar ? 'min-h-13 min-w-16 grow' : 'w-16 py-1.5'} ${here ? 'text-accent' : 'text-ink-2 hover:bg-raised hover:text-ink'}`}
    >
      <Icon size={20} strokeWidth={1.5} aria-hidden />
      <span className="max-w-full truncate">{label}</span>
      {count > 0 && (
        <span className="absolute start-1/2 top-0.5">
          <Count n={count} label={w.nav.unread(count)} />
        </span>
      )}
    </a>
  )
}

/** What the browser forbade can only be allowed again in the browser. */
function noticesChoice(now: Notices, w: Words): Choice {
  if (now === 'forbidden')
    return { id: 'notices', label: w.nav.notices.forbidden, icon: BellOff, run: () => say(w.nav.notices.how) }
  const to = now === 'on' ? 'off' : 'on'
  return {
    id: 'notices',
    label: w.nav.notices[to],
    icon: to === 'on' ? Bell : BellOff,
    run: () => void turnNotices(to).then(came => came === 'forbidden' && say(w.nav.notices.how)),
  }
}

function SettingsMenu({ bar }: { bar: boolean }) {
  const session = useSession()
  const { w } = useWords()
  const single = useStore(session.singleKeys)
  const now = useStore(theme)
  const told = useStore(notices)
  const themes: Choice[] = (['light', 'dark', 'system'] as const)
    .filter(one => one !== now)
    .map(one => ({
      id: one,
      label: `${w.nav.theme}: ${w.nav.themes[one]}`,
      icon: { light: Sun, dark: Moon, system: Monitor }[one],
      run: () => setTheme(one),
    }))
  const tongues: Choice[] = languages
    .filter(({ tag }) => tag !== document.documentElement.lang)
    .map(({ tag, name }) => ({ id: tag, label: name, icon: Languages, run: () => void speak(tag) }))
  const choices: Choice[] = [
    ...themes,
    ...tongues,
    ...(told === 'unknown' ? [] : [noticesChoice(told, w)]),
    { id: 'keys', label: w.nav.keys, icon: Keyboard, run: () => overlay.set('keys') },
    {
      id: 'single',
      label: w.nav.single[single ? 'off' : 'on'],
      icon: Keyboard,
      run: () => session.singleKeys.turn(),
    },
    { id: 'forget', label: w.nav.forget, icon: Eraser, run: () => overlay.set('forget') },
    { id: 'out', label: w.nav.signOut, icon: LogOut, run: () => leave(session) },
  ]
  return <Menu icon={Settings} label={w.nav.menu} choices={choices} placement="end bottom" captioned={bar} />
}
