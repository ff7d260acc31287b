// Which way a field runs: as its letters say; the page's way while it has none, as do figures.

export function directionOf(text: string): 'auto' | undefined {
  return /\p{L}/u.test(text) ? 'auto' : undefined
}
