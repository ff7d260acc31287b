// Light, dark, or as the system has it.

import { browserStorage } from '../storage'
import { Value } from '../store'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'order-chat.theme'

export const theme = new Value<Theme>(kept())
apply(theme.getSnapshot())

export function setTheme(to: Theme): void {
  browserStorage.setItem(KEY, to)
  apply(to)
  theme.set(to)
}

function apply(to: Theme): void {
  if (to === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = to
}

function kept(): Theme {
  const text = browserStorage.getItem(KEY)
  return text === 'light' || text === 'dark' ? text : 'system'
}
