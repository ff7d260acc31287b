import type { Question } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { attachedTo, withFiles } from '../src/commands/attached'
import { nothingFilled } from '../src/commands/form'
import { snapshot } from '../src/gallery/samples'
import type { Upload } from '../src/uploads/upload'

const upload = (list: string, id: string): Upload => ({
  key: id,
  order: 'o',
  list,
  name: id,
  size: 1,
  received: 1,
  state: 'done',
  file: { id, name: id, size: 1, sha256: '', type: 'text/plain' },
})
const asking = (answers: Record<string, unknown> = {}) => {
  const order = snapshot('new')
  const question: Question = { id: 'logo', label: 'Logo', kind: 'file', required: false }
  return { ...order, requirements: { ...order.requirements, form: [question], answers } }
}

describe('the files of a form (S12, S48)', () => {
  it('are those that stand in it: what was removed is not sent, though it was kept with the form', () => {
    const kept = { ...nothingFilled, answers: { logo: 'removed', brand: 'Oak' } }
    const now = withFiles(kept, 'submit_requirements', asking(), [])
    expect(now.answers).toEqual({ logo: '', brand: 'Oak' })
  })

  it('of a question: the last one, else what was answered before', () => {
    const list = 'submit_requirements/logo'
    const order = asking({ logo: { id: 'before', name: 'a.png', size: 1, sha256: '', type: 'image/png' } })
    const answer = (uploads: Upload[]) =>
      withFiles(nothingFilled, 'submit_requirements', order, uploads).answers.logo
    expect(answer([upload(list, 'one'), upload(list, 'two')])).toBe('two')
    expect(answer([upload(list, 'one')])).toBe('one')
    expect(answer([])).toBe('before')
  })

  it('are its own and those of its questions, of this order', () => {
    const mine = [upload('deliver_files', 'a'), upload('deliver_files/x', 'b')]
    const others = [upload('message', 'c'), { ...upload('deliver_files', 'd'), order: 'p' }]
    expect(attachedTo('o', 'deliver_files', [...others, ...mine])).toEqual(mine)
    expect(withFiles(nothingFilled, 'deliver_files', undefined, mine).files.map(({ id }) => id)).toEqual([
      'a',
    ])
  })
})
