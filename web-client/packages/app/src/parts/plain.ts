// What is pasted brings signs of its own along, and the service takes no control characters other than line ends and tabs.

/** Every kind of line end becomes one; what has no shape is left out. */
export function plain(text: string): string {
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/\p{Cc}/gu, sign => (sign === '\n' || sign === '\t' ? sign : ''))
    .trim()
}
