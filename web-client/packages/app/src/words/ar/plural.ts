// Arabic has six forms; a sentence gives those in which it differs.

interface Forms {
  readonly zero?: string
  readonly one: string
  readonly two: string
  /** 3 to 10. */
  readonly few: string
  /** 11 to 99. */
  readonly many: string
  readonly other?: string
}

const rules = new Intl.PluralRules('ar')
const number = new Intl.NumberFormat('ar')

/** `#` is the number. */
export function counted(n: number, forms: Forms): string {
  const form = forms[rules.select(n)] ?? forms.other ?? forms.many
  return form.replace('#', number.format(n))
}

export function digits(n: number): string {
  return number.format(n)
}
