// The files of a form: its uploads as they are now. What was removed from it is no part of it. Pure.

import type { CommandKind, OrderId, OrderSnapshot } from '@order-chat/client'
import { asFile } from '../files/kinds'
import type { List, Upload } from '../uploads/upload'
import type { Filled } from './form'

/** Where the files of a form are, or those of one of its questions. */
export function listOf(kind: CommandKind, question?: string): List {
  return question === undefined ? kind : `${kind}/${question}`
}

export function attachedTo(order: OrderId, kind: CommandKind, all: readonly Upload[]): readonly Upload[] {
  return all.filter(one => one.order === order && (one.list === kind || one.list.startsWith(`${kind}/`)))
}

/** A question's answer is the last file of its list, else the one that was given before. */
export function withFiles(
  filled: Filled,
  kind: CommandKind,
  order: OrderSnapshot | undefined,
  attached: readonly Upload[],
): Filled {
  const filesOf = (list: List) => attached.flatMap(one => (one.list === list && one.file ? [one.file] : []))
  const { form = [], answers: given = {} } = order?.requirements ?? {}
  const answers = Object.fromEntries(
    form
      .filter(question => question.kind === 'file')
      .map(({ id }) => [id, filesOf(listOf(kind, id)).at(-1)?.id ?? asFile(given[id])?.id ?? '']),
  )
  return { ...filled, files: filesOf(kind), answers: { ...filled.answers, ...answers } }
}
