import type { LucideIcon } from 'lucide-react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components'

type Look = 'accent' | 'outline' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  accent:
    'border border-transparent bg-accent text-on-accent data-[hovered]:bg-accent-strong data-[pressed]:bg-accent-strong',
  outline: 'border border-line-strong bg-surface text-ink data-[hovered]:bg-raised data-[pressed]:bg-raised',
  quiet: 'text-ink-2 data-[hovered]:bg-raised data-[hovered]:text-ink data-[pressed]:bg-raised',
  danger:
    'border border-transparent bg-danger text-surface data-[hovered]:opacity-90 data-[pressed]:opacity-90',
}

const base =
  'inline-flex items-center justify-center gap-2 rounded-sm font-medium whitespace-nowrap transition-colors duration-120 outline-offset-2 data-[disabled]:opacity-50 data-[pending]:opacity-50'

interface Props extends ButtonProps {
  readonly look?: Look
  readonly icon?: LucideIcon
  readonly small?: boolean
}

/** At least 44 px where fingers are used, 36 px (small: 32) where a mouse is. */
export function Button({ look = 'outline', icon: Icon, small, className, children, ...props }: Props) {
  const size = small
    ? 'min-h-8 px-3 text-xs pointer-coarse:min-h-11'
    : 'min-h-9 px-4 text-sm pointer-coarse:min-h-11'
  return (
    <AriaButton {...props} className={`${base} ${size} ${looks[look]} ${(className as string) ?? ''}`}>
      {values => (
        <>
          {Icon && <Icon size={16} strokeWidth={1.5} aria-hidden />}
          {typeof children === 'function' ? children(values) : children}
        </>
      )}
    </AriaButton>
  )
}

interface IconProps extends Omit<ButtonProps, 'children'> {
  readonly icon: LucideIcon
  readonly label: string
  readonly look?: Look
  readonly small?: boolean
  /** Its word stands below it, as in the bar of a phone. */
  readonly captioned?: boolean
}

/** An icon with its word for those who cannot see it, and for whoever points at it. */
export function IconButton({
  icon: Icon,
  label,
  look = 'quiet',
  small,
  captioned,
  className,
  ...props
}: IconProps) {
  const size = captioned
    ? 'min-h-13 min-w-16 flex-col gap-0.5! text-[11px] leading-4'
    : small
      ? 'size-8 pointer-coarse:size-11'
      : 'size-9 pointer-coarse:size-11'
  return (
    <span title={label} className="inline-flex shrink-0 print:hidden">
      <AriaButton
        {...props}
        aria-label={label}
        className={`${base} ${size} ${looks[look]} ${(className as string) ?? ''}`}
      >
        <Icon size={captioned ? 20 : small ? 16 : 18} strokeWidth={1.5} aria-hidden />
        {captioned && label}
      </AriaButton>
    </span>
  )
}
