// The ways a screen is looked at, and what must hold of each.

import axe from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'

export interface Look {
  readonly name: string
  readonly theme: 'light' | 'dark'
  readonly language: 'en' | 'de' | 'ar'
  readonly options: BrowserContextOptions
}

const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}
/** 1280 px at 400 %. */
const magnified: BrowserContextOptions = { viewport: { width: 320, height: 640 } }

export const looks: readonly Look[] = [
  { name: 'desktop, light', theme: 'light', language: 'en', options: desktop },
  { name: 'desktop, dark, right to left', theme: 'dark', language: 'ar', options: desktop },
  { name: 'phone, dark', theme: 'dark', language: 'en', options: phone },
  { name: 'phone, light, right to left', theme: 'light', language: 'ar', options: phone },
  { name: 'magnified, long words', theme: 'light', language: 'de', options: magnified },
]

/** Before the page's own scripts. */
export async function wear(page: Page, { theme, language }: Look): Promise<void> {
  await page.addInitScript(
    kept => {
      localStorage.setItem('order-chat.theme', kept.theme)
      localStorage.setItem('order-chat.language', kept.language)
    },
    { theme, language },
  )
}

/** What is wrong with what is shown, in words; nothing when all is well. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  // The gallery shows the same part several times, which no other page does.
  const isGallery = new URL(page.url()).pathname === '/gallery'
  const rules = isGallery ? { 'landmark-unique': { enabled: false } } : {}
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await page.evaluate(
    options => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    { runOnly: tags, rules },
  )
  const told = violations.map(({ id, nodes }) => {
    const where = nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`)
    return `${id} (${nodes.length}): ${where.join(' | ')}`
  })
  return [...told, ...(await page.evaluate(overflowing))]
}

/** Whatever is wider than the screen, or whose text is cut without a sign. In the page. */
function overflowing(): string[] {
  const page = document.documentElement
  const wide = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} px wide`] : []
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

/** Things to press that a finger may miss: lower or narrower than 44 px. In a page on a phone. */
export function small(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const LEAST = 43.5
    const pressed = [
      ...document.querySelectorAll('button, [role=button], [role=tab], [role=menuitem], select, a[href]'),
    ]
    return pressed
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
