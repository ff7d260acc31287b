// A link would sign somebody else in than who is here. Anybody can write such a link, so this is asked first.

import { Button } from '../parts/button'
import { Dialog } from '../parts/dialog'
import { newcomer, type Person, person, signIn } from '../session/person'
import { useStore } from '../store'
import { useWords } from '../words/use-words'

export default function ArrivalDialog({ who }: { who: Person }) {
  const { w, fill } = useWords()
  const me = useStore(person)
  const names = { me: me?.name ?? '', name: who.name, user: who.user }
  const stay = () => newcomer.set(undefined)
  const goOn = () => {
    stay()
    signIn(who)
  }
  return (
    <Dialog
      title={fill(w.signIn.other, names)}
      onClose={stay}
      footer={
        <>
          <Button onPress={stay}>{w.leave.stay}</Button>
          <Button onPress={goOn}>{w.signIn.goOn}</Button>
        </>
      }
    >
      {/* A name is what the link says; the account is whose it is. */}
      <p className="text-sm text-pretty [overflow-wrap:anywhere]">{fill(w.signIn.otherHint, names)}</p>
    </Dialog>
  )
}
