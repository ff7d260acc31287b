// One of everything, without anybody signed in, in every way that a screen is looked at.

import { expect, test } from 'vitest'
import { faults, looks, wear, worn } from '../src/looks'
import { stage } from '../src/opened'
import { nodes } from '../src/stage'

test.each(looks)('$name', async way => {
  const page = await stage.visitor(way.options)
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  await wear(page, way)
  await page.goto(`${nodes()[0]}/gallery`)
  await page.locator('article').first().waitFor()
  await page.locator(`html[lang=${way.language}]`).waitFor()
  const flat = await page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent?.trim()))
      .filter(one => one.checkVisibility({ checkVisibilityCSS: true }) && !one.closest('.sr-only, option'))
      .filter(one => {
        const { width, height } = one.getBoundingClientRect()
        return width === 0 || height === 0
      })
      .map(one => one.outerHTML.slice(0, 120)),
  )
  expect(flat).toEqual([])
  expect([...(await worn(page, way)), ...(await faults(page)), ...complaints]).toEqual([])
  expect((await page.screenshot()).length).toBeGreaterThan(10_000)
  await page.context().close()
})
