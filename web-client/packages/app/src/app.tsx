// The application: who is signed in, and which page is open.

import { Compass } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { I18nProvider } from 'react-aria-components'
import { Button } from './parts/button'
import { Empty, Skeleton } from './parts/states'
import { Toast } from './parts/toast'
import { person } from './session/person'
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
const HomePage = lazy(pages.home)
const DeskPage = lazy(pages.desk)
const DemoPage = lazy(pages.demo)
const PrintPage = lazy(pages.print)
const SignInPage = lazy(() => import('./shell/sign-in-page'))
const GalleryPage = lazy(pages.gallery)

// The page that is asked for comes while the first picture is made, not after it.
const { at } = placeOf(path.getSnapshot())
if (at in pages) pages[at as keyof typeof pages]().catch(() => undefined)

void speakAsBefore()

export function App() {
  const { tag } = useStore(spoken)
  const me = useStore(person)
  const place = placeOf(useStore(path))
  return (
    <I18nProvider locale={tag}>
      <Crash>
        {me ? (
          <SessionProvider me={me} key={me.user}>
            <Frame place={place}>
              <Page place={place} />
            </Frame>
          </SessionProvider>
        ) : (
          <Suspense fallback={<Skeleton />}>
            {place.at === 'gallery' ? <GalleryPage /> : place.at === 'demo' ? <DemoPage /> : <SignInPage />}
          </Suspense>
        )}
      </Crash>
      <Toast />
    </I18nProvider>
  )
}

function Page({ place }: { place: Place }) {
  return (
    <Suspense fallback={<Skeleton />}>
      <Inside place={place} />
    </Suspense>
  )
}

function Inside({ place }: { place: Place }) {
  const { w } = useWords()
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
      return <DemoPage />
    case 'gallery':
      return <GalleryPage />
    default:
      return (
        <main className="flex grow">
          <Empty icon={Compass} title={w.states.nowhere}>
            <Button onPress={() => go('/')}>{w.states.home}</Button>
          </Empty>
        </main>
      )
  }
}
