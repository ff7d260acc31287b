// Every word of the application, in one catalogue a language. English is part of the page; others come when chosen.

import { browserStorage } from '../storage'
import { Value } from '../store'
import { en } from './en'

export type Words = typeof en

export interface Language {
  readonly tag: string
  /** Dates and amounts follow the reader's region. Regions of Arabic differ in digits and calendar, the words do not. */
  readonly regional: boolean
  readonly name: string
  readonly load: () => Promise<Words>
}

export const languages: readonly Language[] = [
  { tag: 'en', regional: true, name: 'English', load: async () => en },
  { tag: 'de', regional: true, name: 'Deutsch', load: async () => (await import('./de')).de },
  { tag: 'ar', regional: false, name: 'العربية', load: async () => (await import('./ar')).ar },
]

export interface Spoken {
  readonly tag: string
  readonly words: Words
}

const KEY = 'order-chat.language'

export const spoken = new Value<Spoken>({ tag: 'en', words: en })

export async function speak(tag: string): Promise<void> {
  const language = languages.find(one => one.tag === tag)
  if (!language) return
  const words = await language.load()
  browserStorage.setItem(KEY, tag)
  show(tag, words)
}

/** What was chosen before, else what the browser asks for, else English. */
export async function speakAsBefore(): Promise<void> {
  const wanted = [browserStorage.getItem(KEY) ?? '', ...navigator.languages]
  const tag = wanted.map(one => one.split('-')[0]).find(one => languages.some(({ tag }) => tag === one))
  const language = languages.find(one => one.tag === tag)
  if (language) show(language.tag, await language.load())
}

function show(tag: string, words: Words): void {
  document.documentElement.lang = tag
  document.documentElement.dir = directionOf(tag)
  spoken.set({ tag, words })
}

/** The reader's own English, if the page speaks English: what dates and amounts are written in. */
export function localeOf(tag: string, wanted: readonly string[] = navigator.languages): string {
  const regional = languages.some(one => one.tag === tag && one.regional)
  return (regional && wanted.find(one => one.split('-')[0] === tag)) || tag
}

export function directionOf(tag: string): 'ltr' | 'rtl' {
  return ['ar', 'he', 'fa', 'ur'].includes(tag) ? 'rtl' : 'ltr'
}

/** Puts values into a sentence; a name without a value leaves its place empty. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
