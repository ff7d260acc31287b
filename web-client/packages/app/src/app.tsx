// The application: who is signed in, and which page is open.

import { Compass } from 'lucide-react'
import { I18nProvider } from 'react-aria-components'
import { Button } from './parts/button'
import { Around, lazily } from './parts/lazily'
import { Empty, Skeleton } from './parts/states'
import { Toast } from './parts/toast'
import { isDemo, newcomer, person } from './session/person'
import { SessionProvider } from './session/session'
import { Crash } from './shell/crash'
import { Frame } from './shell/frame'
import { OrdersPage } from './shell/orders-page'
import { go, type Place, path, placeOf } from './shell/router'
import { useStore } from './store'
import { useWords } from './words/use-words'
import { speakAsBefore, spoken } from './words/words'
import './shell/theme'

const pages = {
  home: () => import('./home/home-page'),
  desk: () => import('./desk/desk-page'),
  demo: () => import('./demo/demo-page'),
  print: () => import('./print/print-page'),
  gallery: () => import('./gallery/gallery-page'),
}
const whole = { waiting: <Skeleton /> }
const HomePage = lazily(pages.home, whole)
const DeskPage = lazily(pages.desk, whole)
const DemoPage = lazily(pages.demo, whole)
const PrintPage = lazily(pages.print, whole)
const SignInPage = lazily(() => import('./shell/sign-in-page'), whole)
const GalleryPage = lazily(pages.gallery, whole)
const ArrivalDialog = lazily(() => import('./shell/arrival-dialog'), { close: () => newcomer.set(undefined) })

// The page that is asked for comes while the first picture is made, not after it.
const { at } = placeOf(path.getSnapshot())
if (at in pages) pages[at as keyof typeof pages]().catch(() => undefined)

void speakAsBefore()

export function App() {
  const { tag } = useStore(spoken)
  const me = useStore(person)
  const comes = useStore(newcomer)
  const place = placeOf(useStore(path))
  return (
    <I18nProvider locale={tag}>
      <Crash>
        {me ? (
          <SessionProvider me={me} key={me.user}>
            <Frame place={place}>
              <Around key={place.at}>
                <Page place={place} />
              </Around>
            </Frame>
          </SessionProvider>
        ) : (
          <Outside at={place.at} />
        )}
        {comes && <ArrivalDialog who={comes} />}
      </Crash>
      <Toast />
    </I18nProvider>
  )
}

function Outside({ at }: Pick<Place, 'at'>) {
  if (at === 'gallery') return <GalleryPage />
  return at === 'demo' && isDemo ? <DemoPage /> : <SignInPage />
}

function Page({ place }: { place: Place }) {
  switch (place.at) {
    case 'home':
      return <HomePage />
    case 'orders':
      return <OrdersPage order={place.order} />
    case 'desk':
      return <DeskPage order={place.order} />
    case 'print':
      return <PrintPage key={place.order} order={place.order} />
    case 'demo':
      return isDemo ? <DemoPage /> : <Nowhere />
    case 'gallery':
      return <GalleryPage />
    default:
      return <Nowhere />
  }
}

function Nowhere() {
  const { w } = useWords()
  return (
    <main className="flex grow">
      <Empty icon={Compass} title={w.states.nowhere}>
        <Button onPress={() => go('/')}>{w.states.home}</Button>
      </Empty>
    </main>
  )
}
