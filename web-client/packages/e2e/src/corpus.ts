// What people write who mean harm. Each of these, if it ever ran, would call `canary`.

const RLO = '\u202e'
const ZERO_WIDTH = '\u200b\u200c\u200d\u2060\ufeff'

export const TEXTS: readonly string[] = [
  '<script>canary(1)</script>',
  '</textarea></title></style><script>canary(2)</script>',
  '"><script src="data:text/javascript,canary(3)"></script>',
  '<img src=x onerror=canary(4)>',
  '<svg onload=canary(5)><animate onbegin=canary(5) attributeName=x></svg>',
  '<svg><script href="data:text/javascript,canary(6)"/></svg>',
  '<iframe srcdoc="<script>parent.canary(7)</script>"></iframe>',
  '<object data="javascript:canary(8)"></object><embed src="javascript:canary(8)">',
  '<a href="javascript:canary(9)">press me</a>',
  'javascript:canary(10)',
  'JaVaScRiPt&#58;canary(11)',
  ' java\tscript:canary(12)',
  'data:text/html,<script>opener.canary(13)</script>',
  'vbscript:canary(14) file:///etc/passwd blob:https://x/y',
  '[press](javascript:canary(15)) ![x](x" onerror="canary(15)) <javascript:canary(15)>',
  'https://example.com/"onmouseover="canary(16)"x="',
  "https://example.com/'><img src=x onerror=canary(17)>",
  'https://example.com@javascript:canary(18)',
  'mailto:a@example.com?subject=<script>canary(19)</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template is what somebody may try
  '{{constructor.constructor("canary(20)")()}} ${canary(20)} #{canary(20)} <%= canary(20) %>',
  '{buyer} {seller} {name} {at} %s %n %x',
  '__proto__ constructor toString hasOwnProperty',
  '<style>@import "data:text/css,*{display:none}";*{display:none!important}</style>',
  '<meta http-equiv=refresh content="0;url=javascript:canary(23)"><base href="https://example.com/">',
  '<form action="javascript:canary(24)"><button autofocus onfocus=canary(24)>x</button></form>',
  '<details open ontoggle=canary(25)><summary>x</summary></details><video><source onerror=canary(25)></video>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=canary(26)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=canary(27)>">',
  '\u003cscript\u003ecanary(28)\u003c/script\u003e &lt;script&gt;canary(28)&lt;/script&gt; %3Cscript%3Ecanary(28)%3C/script%3E',
  '<scr<script>ipt>canary(29)</scr</script>ipt>',
  `pay ${RLO}001 RUE\u202c and \u2066\u2067turned\u2069 and never ended ${RLO}ecart`,
  `in${ZERO_WIDTH}vis${ZERO_WIDTH}ible`,
  'first\r\nSet-Cookie: canary=33\r\n\r\n<script>canary(33)</script>',
  `Z${'\u0317\u0334\u0345\u0301'.repeat(40)}algo`,
  '🏴‍☠️👩‍👩‍👧‍👦 \ud83d\ude00 ﷽',
]

/** All of them in one field. */
export const TOGETHER = TEXTS.map(text => text.replaceAll('\r\n', ' ')).join('\n')

/** On one line, no longer than a title may be. */
export const LINE = `<img src=x onerror=canary(50)>${RLO}"'\`{{canary(50)}}<svg onload=canary(50)>`

/** A GIF to some and a script to others. */
const GIF = Buffer.from('GIF89a/*\x01\x00\x01\x00\x00*/=1;canary(60)//<script>canary(60)</script>', 'latin1')
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DAwMAAAAYGAQAUF0ADAAAAAElFTkSuQmCC',
  'base64',
)
const PDF = Buffer.from(
  '%PDF-1.4\n<html><script>canary(61)</script>\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\n',
)

interface Given {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}
const text = (name: string): Given => ({ name, mimeType: 'text/html', buffer: Buffer.from('plain words') })

/** Files that are taken, each by the name that it must have in the room. */
export const TAKEN: ReadonlyMap<string, Given> = new Map([
  ['<img src=x onerror=canary(70)>.txt', text('<img src=x onerror=canary(70)>.txt')],
  ['"onmouseover="canary(71).txt', text('"onmouseover="canary(71).txt')],
  ['passwd.txt', text('../../etc/passwd')],
  ['cut.txt', text('C:\\Users\\Public\\cut.txt')],
  ['aSet-Cookie canary=72.txt', text('a\r\nSet-Cookie canary=72.txt')],
  ['invoicegpj.exe.txt', text(`invoice${RLO}gpj.exe`)],
  ['invisible.txt', text(`in${ZERO_WIDTH.replace('\u200d', '').replace('\u200c', '')}visible.txt`)],
  ['page.html.gif', { name: 'page.html', mimeType: 'text/html', buffer: GIF }],
  ['drawing.svg.png', { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: PNG }],
  ['paper.html.pdf', { name: 'paper.html', mimeType: 'text/html', buffer: PDF }],
])

/** Files that could run and are not taken, whatever they are called. */
export const NOT_TAKEN: readonly Given[] = [
  {
    name: 'drawing.svg',
    mimeType: 'image/png',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="canary(80)"/>'),
  },
  {
    name: 'page.png',
    mimeType: 'image/png',
    buffer: Buffer.from('<!doctype html><script>canary(81)</script>'),
  },
  { name: 'feed.txt', mimeType: 'text/plain', buffer: Buffer.from('<?xml version="1.0"?><x/>') },
  { name: 'run.txt', mimeType: 'text/plain', buffer: Buffer.from('#!/bin/sh\nrm -rf /') },
]
