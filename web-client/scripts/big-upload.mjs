// One large upload over cuts and a killed node, with what it costs the nodes in memory:
//
//   node scripts/big-upload.mjs --nodes http://127.0.0.1:8080,http://127.0.0.1:8081 --pids 11,12 [--mb 2048] [--cuts 5] [--kill]
//
// The nodes must share their database and their files, and hand out demo accounts. Cuts are spread over the file, each at a
// random place; after each the upload goes on at the other node, from where that node says it stands. With `--kill` the node
// that receives in the middle is killed (SIGKILL; its number stands in `--pids`, in the order of the nodes). At the end the
// file is downloaded, and its SHA-256 must be that of what was sent.

import { createCipheriv, createHash, randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { parseArgs } from 'node:util'

const PIECE = 1 << 20
const { values } = parseArgs({
  options: {
    nodes: { type: 'string' },
    pids: { type: 'string', default: '' },
    mb: { type: 'string', default: '2048' },
    cuts: { type: 'string', default: '5' },
    kill: { type: 'boolean', default: false },
  },
})
const nodes = values.nodes.split(',')
const pids = values.pids.split(',').filter(Boolean)
const size = Number(values.mb) * PIECE
const cuts = Number(values.cuts)

// Bytes that can be made again from any piece on, and that nobody could guess.
const key = randomBytes(16)
const head = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1')
function piece(number) {
  const counter = Buffer.alloc(16)
  counter.writeBigUInt64BE(BigInt(number), 0)
  const bytes = createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(PIECE))
  if (number === 0) head.copy(bytes)
  return bytes
}

const rss = () =>
  pids.map(pid => {
    try {
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024)
    } catch {
      return 0
    }
  })
const peaks = pids.map(() => 0)
const watch = setInterval(() => {
  for (const [at, mib] of rss().entries()) peaks[at] = Math.max(peaks[at], mib)
}, 100)

const say = text =>
  process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
const began = Date.now()
let node = 0
const turn = () => {
  node = (node + 1) % nodes.length
}

const { accounts } = await (await fetch(`${nodes[0]}/demo/accounts`)).json()
const { token } = accounts.find(({ role }) => role === 'user')
const authorization = `Bearer ${token}`
const tus = { authorization, 'tus-resumable': '1.0.0' }
const { order } = await (
  await fetch(`${nodes[0]}/demo/orders`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      policy: 'creator',
      listing: { id: 'big', title: 'A large file' },
      price: { amount: 100, currency: 'USD' },
      delivery_days: 1,
      revisions: 0,
      payment: 'paid',
    }),
  })
).json()
const created = await fetch(`${nodes[0]}/v1/orders/${order}/files`, {
  method: 'POST',
  headers: { ...tus, 'upload-length': String(size), 'upload-metadata': `filename ${btoa('large.mp4')}` },
})
if (created.status !== 201) throw new Error(`${created.status} ${await created.text()}`)
const place = created.headers.get('location')
say(`${size / PIECE} MiB to ${place}; RSS before ${rss().join(' and ')} MiB`)

/** Where it stands, at whichever node answers. */
async function stands() {
  for (let tries = 0; tries < 120; tries += 1) {
    try {
      const answer = await fetch(nodes[node] + place, { method: 'HEAD', headers: tus })
      if (answer.ok) return Number(answer.headers.get('upload-offset'))
    } catch {
      turn()
    }
    await new Promise(wait => setTimeout(wait, 500))
  }
  throw new Error('no node answers')
}

/** Sends from there on, up to where something happens; what came of it. */
function send(from, { at: until, how }) {
  return new Promise(resolve => {
    const call = request(nodes[node] + place, {
      method: 'PATCH',
      headers: {
        ...tus,
        'upload-offset': String(from),
        'content-type': 'application/offset+octet-stream',
        'content-length': String(size - from),
      },
    })
    // Each wait leaves a listener until the call ends.
    call.setMaxListeners(0)
    let answered = false
    call.on('response', answer => {
      answered = true
      answer.resume()
      answer.on('end', () =>
        resolve({ whole: answer.statusCode === 204, refused: answer.statusCode !== 204 }),
      )
    })
    call.on('error', () => resolve({ whole: false, refused: false }))
    const closed = once(call, 'close').catch(() => undefined)
    // What the other end no longer takes is told once, by the call.
    call.on('socket', socket => socket.on('error', () => undefined))
    const write = async () => {
      let at = from
      while (at < until && !call.destroyed && !answered) {
        const whole = piece(Math.floor(at / PIECE))
        const bytes = whole.subarray(at % PIECE, Math.min(PIECE, (at % PIECE) + (until - at)))
        if (!call.write(bytes)) await Promise.race([once(call, 'drain').catch(() => undefined), closed])
        at += bytes.length
      }
      // It was refused: somebody still writes down what came before the last cut.
      if (call.destroyed || answered) return
      if (how === 'end') call.end()
      else if (how === 'kill') process.kill(Number(pids[node]), 'SIGKILL')
      else call.destroy(new Error('cut'))
    }
    write().catch(() => call.destroy())
  })
}

const events = Array.from({ length: cuts }, (_, n) => ({
  at: Math.floor((size * (n + 0.2 + randomInt(600) / 1000)) / (cuts + 1)),
  how: 'cut',
}))
if (values.kill) events.push({ at: Math.floor(size * 0.55), how: 'kill' })
events.push({ at: size, how: 'end' })
events.sort((a, b) => a.at - b.at)
let at = 0
for (const event of events) {
  while (at < event.at) {
    const from = at
    const done = await send(at, event)
    if (event.how !== 'end' && !done.refused) turn()
    at = await stands()
    if (done.refused) continue
    const there = `${(at / PIECE).toFixed(1)} MiB are there`
    if (event.how === 'end') {
      if (!done.whole) say(`the end was not answered in time; ${there}`)
      continue
    }
    say(
      `${event.how} at ${(event.at / PIECE).toFixed(1)} MiB, begun at ${(from / PIECE).toFixed(1)}; ${there}, on at ${nodes[node]}; RSS ${rss().join(' and ')} MiB`,
    )
    break
  }
}
while (at < size) {
  await send(at, { at: size, how: 'end' })
  at = await stands()
}
say(`all of it is there; RSS ${rss().join(' and ')} MiB, at most ${peaks.join(' and ')} MiB`)

const sent = createHash('sha256')
for (let number = 0; number < size / PIECE; number += 1) sent.update(piece(number))
const told = await (
  await fetch(`${nodes[node]}/v1/files/${place.split('/').at(-1)}`, { headers: tus })
).json()
const got = createHash('sha256')
for await (const bytes of (await fetch(nodes[node] + told.url)).body) got.update(bytes)
clearInterval(watch)
const hashes = [sent.digest('hex'), told.sha256, got.digest('hex')]
say(`downloaded; RSS ${rss().join(' and ')} MiB, at most ${peaks.join(' and ')} MiB`)
say(`SHA-256 sent ${hashes[0]}`)
if (new Set(hashes).size !== 1) throw new Error(`another SHA-256: told ${hashes[1]}, downloaded ${hashes[2]}`)
say('the same is told by the service and found in what was downloaded')
