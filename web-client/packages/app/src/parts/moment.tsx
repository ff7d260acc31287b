import { useWords } from '../words/use-words'

/** A moment in the reader's words; the whole of it for whoever points at it. */
export function Moment({
  at,
  as = 'moment',
  className,
}: {
  at: string
  as?: 'moment' | 'time' | 'short'
  className?: string
}) {
  const { format } = useWords()
  return (
    <time dateTime={at} title={format.exact(at)} className={className}>
      {format[as](at)}
    </time>
  )
}
