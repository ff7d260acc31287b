import { expect, it } from 'vitest'
import { formOf } from '../src/demo/questions-field'

it('S12, S43: the demo’s seller asks in every way there is', () => {
  const ask = (label: string, kind: 'text' | 'choice' = 'text', options = '') => ({ label, kind, options })
  expect(
    formOf([ask(' Which? '), ask('  '), ask('How?', 'choice', 'wide, tall، wide,, '), ask('File?')]),
  ).toEqual([
    { id: 'q1', label: 'Which?', kind: 'text', required: true },
    { id: 'q2', label: 'How?', kind: 'choice', required: true, options: ['wide', 'tall'] },
    { id: 'q3', label: 'File?', kind: 'text', required: true },
  ])
})
