// A name in another script must not turn the words around it: what is filled in is set apart (Unicode's first strong
// isolate).

export function isolated<T>(words: T): T {
  if (typeof words === 'string') return words.replace(/\{\w+\}/g, '\u2068$&\u2069') as T
  if (typeof words !== 'object' || words === null) return words
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, isolated(value)])) as T
}
