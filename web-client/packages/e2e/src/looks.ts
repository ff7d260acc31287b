// The ways a screen is looked at, and what must hold of each.

import axe from 'axe-core'
import type { BrowserContextOptions, Page, Route } from 'playwright-core'

export interface Look {
  readonly name: string
  readonly theme: 'light' | 'dark'
  readonly language: 'en' | 'de' | 'ar'
  readonly options: BrowserContextOptions
  /** People have names of 30 letters without a space. */
  readonly longNames?: boolean
  /** Every dialog is looked at too; otherwise the screens are. */
  readonly thorough?: boolean
}

export const LONG_NAME = 'Wolfeschlegelsteinhausenberger'

const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}
/** 1280 px at 400 %. */
const magnified: BrowserContextOptions = { viewport: { width: 320, height: 640 } }

/** Both themes, both directions, a desktop and a phone. */
export const ways: readonly Look[] = [
  { name: 'desktop, light', theme: 'light', language: 'en', options: desktop, thorough: true },
  { name: 'desktop, dark, right to left', theme: 'dark', language: 'ar', options: desktop, thorough: true },
  { name: 'phone, dark', theme: 'dark', language: 'en', options: phone, longNames: true, thorough: true },
  { name: 'phone, light, right to left', theme: 'light', language: 'ar', options: phone, thorough: true },
  { name: 'desktop, dark', theme: 'dark', language: 'en', options: desktop },
  { name: 'desktop, light, right to left', theme: 'light', language: 'ar', options: desktop },
  { name: 'phone, light', theme: 'light', language: 'en', options: phone },
  { name: 'phone, dark, right to left', theme: 'dark', language: 'ar', options: phone, longNames: true },
]

export const looks: readonly Look[] = [
  ...ways,
  {
    name: 'magnified, long words',
    theme: 'light',
    language: 'de',
    options: magnified,
    longNames: true,
    thorough: true,
  },
]

/** Before the page's own scripts. */
export async function wear(page: Page, { theme, language, longNames }: Look): Promise<void> {
  await page.addInitScript(
    kept => {
      localStorage.setItem('order-chat.theme', kept.theme)
      localStorage.setItem('order-chat.language', kept.language)
    },
    { theme, language },
  )
  if (longNames) await rename(page)
}

/** Whatever the service says of its people, it says of people with long names. */
async function rename(page: Page): Promise<void> {
  const long = (text: string) => text.replace(/"name":"(Buyer|Seller|Agent)"/g, `"name":"${LONG_NAME}"`)
  await page.routeWebSocket(/\/v1\/socket/, socket => {
    const server = socket.connectToServer()
    server.onMessage(data => socket.send(typeof data === 'string' ? long(data) : data))
  })
  const renamed = async (route: Route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: long(await answer.text()) })
  }
  await page.route(/\/v1\/(inbox|orders|desk)/, route =>
    // A page that was closed meanwhile needs no answer; any other shows that it has none.
    renamed(route).catch(() => route.abort().catch(() => undefined)),
  )
}

/** Whether the page looks as it was asked to; in words what does not. */
export function worn(page: Page, { theme, language }: Look): Promise<string[]> {
  return page.evaluate(
    ({ theme, language }) => {
      const root = document.documentElement
      const direction = language === 'ar' ? 'rtl' : 'ltr'
      const style = getComputedStyle(document.body)
      const lightness = Number(/oklch\(([\d.]+)/.exec(style.backgroundColor)?.[1] ?? Number.NaN)
      const turned = [...document.querySelectorAll('svg')].filter(svg =>
        /lucide-(arrow-(left|right)|chevron-(left|right)|corner-up-left|log-out|panel-right|send|undo-2)\b/.test(
          svg.getAttribute('class') ?? '',
        ),
      )
      const flips = (svg: Element) => /^matrix\(-1, 0, 0, 1/.test(getComputedStyle(svg).transform)
      return [
        root.lang === language ? '' : `it speaks ${root.lang}`,
        style.direction === direction ? '' : `it runs ${style.direction}`,
        lightness > 0.5 === (theme === 'light') ? '' : `its ground is ${style.backgroundColor}`,
        ...turned
          .filter(svg => flips(svg) !== (direction === 'rtl'))
          .map(svg => `points the wrong way: ${svg.getAttribute('class')}`),
      ].filter(Boolean)
    },
    { theme, language },
  )
}

/** What is wrong with what is shown, in words; nothing when all is well. */
export async function faults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  // The gallery shows the same part several times, which no other page does.
  const isGallery = new URL(page.url()).pathname === '/gallery'
  // Behind a dialog the page is not there for anybody.
  const isModal = (await page.getByRole('dialog').count()) > 0
  const off = [
    ...(isGallery ? ['landmark-unique'] : []),
    ...(isModal ? ['landmark-one-main', 'page-has-heading-one'] : []),
  ]
  const rules = Object.fromEntries(off.map(rule => [rule, { enabled: false }]))
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await page.evaluate(
    options => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    // Of what is right only the rules are told, not every element that keeps them.
    { runOnly: tags, rules, resultTypes: ['violations' as const] },
  )
  const told = violations.map(({ id, nodes }) => {
    const where = nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`)
    return `${id} (${nodes.length}): ${where.join(' | ')}`
  })
  return [...told, ...(await page.evaluate(overflowing)), ...(await page.evaluate(cut))]
}

/** Whatever is wider than the screen, or whose text is cut without a sign. In the page. */
function overflowing(): string[] {
  const page = document.documentElement
  const wide = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} px wide`] : []
  // In the frame of those who are signed in parts scroll; below the page itself there is nothing.
  if (document.getElementById('main') && page.scrollHeight > page.clientHeight + 1)
    wide.push(`the page is ${page.scrollHeight} px high`)
  const name = (element: Element) =>
    `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 40)}"`
  const beyond = [...document.querySelectorAll('button, a, input, textarea, select, h1, h2, p')]
    .filter(element => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
    .filter(element => !element.closest('.sr-only, [data-scrolls]'))
    .filter(element => {
      const { left, right, width } = element.getBoundingClientRect()
      return width > 1 && (left < -1 || right > page.clientWidth + 1)
    })
  return [...wide, ...beyond.map(element => `beyond the edge: ${name(element)}`)]
}

/** Text that ends without a sign: the box around it is narrower and shows neither dots nor a bar to scroll by. In the page. */
function cut(): string[] {
  const hides = (element: Element) => {
    const { overflowX, textOverflow, webkitLineClamp } = getComputedStyle(element)
    return (
      (overflowX === 'hidden' || overflowX === 'clip') &&
      textOverflow !== 'ellipsis' &&
      webkitLineClamp === 'none'
    )
  }
  const signed = (element: Element) => {
    const { textOverflow, webkitLineClamp } = getComputedStyle(element)
    return textOverflow === 'ellipsis' || webkitLineClamp !== 'none'
  }
  const found: string[] = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const inside = text.parentElement
    if (!inside || !text.textContent?.trim() || inside.closest('.sr-only, script, style, option')) continue
    if (!inside.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const { left, right, width } = range.getBoundingClientRect()
    if (width < 1) continue
    for (let box: Element | null = inside; box && box !== document.body; box = box.parentElement) {
      if (signed(box)) break
      const { left: from, right: to } = box.getBoundingClientRect()
      if (hides(box) && (left < from - 1 || right > to + 1)) {
        found.push(`cut: "${text.textContent.trim().slice(0, 40)}"`)
        break
      }
    }
  }
  return found
}

/** Things to press that a finger may miss: lower or narrower than 44 px. In a page on a phone. */
export function small(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const LEAST = 43.5
    const pressed = [
      ...document.querySelectorAll(
        'button, [role=button], [role=tab], [role=menuitem], select, a[href], textarea, input:not([type=file])',
      ),
    ]
    // A small box with a label is pressed by its label.
    const target = (element: Element) =>
      element.matches('[type=checkbox], [type=radio]') ? (element.closest('label') ?? element) : element
    return pressed
      .map(target)
      .filter(element => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
      .filter(element => getComputedStyle(element).display !== 'inline' && !element.closest('.sr-only'))
      .filter(element => {
        const { width, height } = element.getBoundingClientRect()
        return width > 1 && height > 1 && (height < LEAST || width < LEAST)
      })
      .map(element => {
        const { width, height } = element.getBoundingClientRect()
        const label = element.getAttribute('aria-label') ?? (element.textContent ?? '').trim().slice(0, 30)
        return `${element.tagName.toLowerCase()} "${label}": ${Math.round(width)} × ${Math.round(height)}`
      })
  })
}
