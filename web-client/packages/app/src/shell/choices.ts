// What was chosen in this browser. Where it keeps nothing, because it is full or may not, a choice lasts as long as the page.

export function chosen(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function choose(key: string, to: string): void {
  try {
    localStorage.setItem(key, to)
  } catch {
    // It holds until the page is loaded anew.
  }
}
