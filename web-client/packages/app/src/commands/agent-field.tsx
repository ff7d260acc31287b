// The agent who gets a case: those the service knows, by name.

import { Choose } from '../parts/field'
import { useAsked } from '../session/asked'
import { useSession } from '../session/session'
import { useWords } from '../words/use-words'

interface Props {
  readonly label: string
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (user: string) => void
}

export function AgentField({ label, value, problem, onChange }: Props) {
  const { api, me } = useSession()
  const { w } = useWords()
  const asked = useAsked(() => api.deskAgents(), `desk/agents/${me.user}`)
  const others = (asked.data?.agents ?? []).filter(({ user }) => user !== me.user)
  const first = asked.data && others.length === 0 ? w.desk.noOthers : w.desk.chooseAgent
  return (
    <Choose
      label={label}
      value={value}
      problem={problem}
      onChange={onChange}
      options={[
        { value: '', label: first },
        ...others.map(({ user, name }) => ({ value: user, label: name })),
      ]}
    />
  )
}
