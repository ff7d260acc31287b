import { Headset } from 'lucide-react'
import { CaseLine } from '../desk/case-line'
import { holderOf, isFree } from '../desk/holder'
import { useQueue } from '../desk/use-queue'
import { Button } from '../parts/button'
import { Empty, Failed } from '../parts/states'
import { useSession } from '../session/session'
import { useAway } from '../shell/away'
import { Coming } from '../shell/coming'
import { go } from '../shell/router'
import { useNow } from '../time/clock'
import { useWords } from '../words/use-words'
import { Figures, Group, HomeFrame } from './parts'

const SHOWN = 6

export function StaffHome() {
  const { me } = useSession()
  const queue = useQueue()
  const { w, fill } = useWords()
  const now = useNow(10_000)
  const away = useAway()
  const cases = queue.data?.cases ?? []
  const mine = cases.filter(one => one.claimed_by === me.user)
  const free = cases.filter(one => isFree(holderOf(one, me.user, now)))
  return (
    <HomeFrame
      title={fill(w.home.hello, { name: me.name })}
      word={queue.data ? w.home.freeCases(free.length) : ''}
    >
      {(queue.loading || (queue.problem && away)) && !queue.data && <Coming />}
      {queue.problem && !queue.data && !away && (
        <Failed title={w.desk.failed} problem={queue.problem} retry={queue.again} />
      )}
      {queue.data && (
        <Figures
          figures={[
            { label: w.home.caseNumbers.free, n: free.length, tone: 'accent' },
            { label: w.home.caseNumbers.mine, n: mine.length },
            { label: w.home.caseNumbers.all, n: cases.length },
          ]}
        />
      )}
      {mine.length > 0 && (
        <Group title={w.desk.mine}>
          {mine.map(one => (
            <CaseLine key={one.order} one={one} here={false} />
          ))}
        </Group>
      )}
      {free.length > 0 && (
        <Group title={w.home.longest}>
          {free.slice(0, SHOWN).map(one => (
            <CaseLine key={one.order} one={one} here={false} />
          ))}
        </Group>
      )}
      {queue.data && cases.length === 0 && (
        <Empty icon={Headset} title={w.desk.empty} hint={w.desk.emptyHint} />
      )}
      <Button className="self-start" onPress={() => go('/desk')}>
        {w.home.toDesk}
      </Button>
    </HomeFrame>
  )
}
