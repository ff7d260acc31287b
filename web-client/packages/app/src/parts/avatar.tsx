import { Bot, Headset } from 'lucide-react'

/** Up to two initials on the person's own shade; customer experience and the chatbot have a sign. */
export function Avatar({
  name,
  role,
  size = 32,
  presence,
}: {
  name: string
  role?: string
  size?: number
  presence?: string | undefined
}) {
  const staff = role === 'agent' || role === 'admin'
  const hue = hueOf(name)
  const style =
    staff || role === 'bot'
      ? undefined
      : {
          backgroundColor: `light-dark(oklch(0.92 0.04 ${hue}), oklch(0.36 0.05 ${hue}))`,
          color: `light-dark(oklch(0.4 0.1 ${hue}), oklch(0.9 0.05 ${hue}))`,
        }
  const tint = staff ? 'bg-agent-soft text-agent' : role === 'bot' ? 'bg-raised text-ink-2' : ''
  return (
    <span className="relative inline-flex shrink-0" style={{ width: size, height: size }} aria-hidden>
      <span
        className={`inline-flex size-full items-center justify-center rounded-full font-semibold ${tint}`}
        style={{ ...style, fontSize: Math.round(size * 0.38) }}
      >
        {staff ? (
          <Headset size={size * 0.5} strokeWidth={1.5} />
        ) : role === 'bot' ? (
          <Bot size={size * 0.55} strokeWidth={1.5} />
        ) : (
          initials(name)
        )}
      </span>
      {presence && presence !== 'gone' && (
        <span
          className={`absolute -end-px -bottom-px size-2.5 rounded-full border-2 border-surface ${presence === 'active' ? 'bg-positive' : 'bg-attention'}`}
        />
      )}
    </span>
  )
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map(word => [...(word ?? '')][0]?.toUpperCase() ?? '').join('')
}

function hueOf(name: string): number {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360
  return sum
}
