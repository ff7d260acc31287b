// Where the reader was in each room, for as long as the page lives.

import type { VirtualItem } from '@tanstack/react-virtual'

export interface ScrollPlace {
  readonly offset: number
  readonly sizes: VirtualItem[]
}

const places = new Map<string, ScrollPlace>()

export function placeIn(order: string): ScrollPlace | undefined {
  return places.get(order)
}

/** At the end is no place of its own: the next visit begins at the end, too. */
export function keepPlace(order: string, place: ScrollPlace | undefined): void {
  if (place) places.set(order, place)
  else places.delete(order)
}
