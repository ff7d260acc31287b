// The contract's own files: read where they are, so that nothing can drift.

import { readdirSync, readFileSync } from 'node:fs'

const PROTOCOL = new URL('../../../../crates/protocol/', import.meta.url)

export interface Case {
  readonly title: string
  readonly frame?: unknown
  readonly text?: string
  readonly expect: {
    readonly reads?: boolean
    readonly ignored?: boolean
    readonly reads_as?: unknown
    readonly close?: number
    readonly rejected?: string
  }
}

export function protocolFile(path: string): string {
  return readFileSync(new URL(path, PROTOCOL), 'utf8')
}

export function fixtures(side: 'client' | 'server'): { name: string; cases: Case[] }[] {
  const files = readdirSync(new URL(`fixtures/${side}/`, PROTOCOL)).sort()
  return files.map(name => ({ name, cases: JSON.parse(protocolFile(`fixtures/${side}/${name}`)).cases }))
}
