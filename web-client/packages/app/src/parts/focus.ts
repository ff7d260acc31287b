// Where the focus goes when what had it is gone: to what there is to do next, never to nowhere.

let origin: Element | undefined

/** A menu that closes and opens a dialog says whose menu it was: its own lines are gone when the dialog closes. */
export function comesFrom(trigger: Element | null | undefined): void {
  origin = trigger ?? undefined
}

/** Whose it is, asked once. */
export function takeOrigin(): Element | undefined {
  const taken = origin
  origin = undefined
  return taken
}

/** To the next step, else to where one writes, else to the page. */
export function focusOnwards(): void {
  const places = ['next-step', 'composer', 'main']
  for (const id of places) {
    const place = document.getElementById(id)
    if (!place) continue
    place.focus({ preventScroll: true })
    return
  }
}

export function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}
