// What nearly every file of tests begins with: a Chromium that ends with the file, and the marketplace of the demo.

import { afterAll } from 'vitest'
import { Marketplace } from './marketplace'
import { Stage } from './stage'

export const stage = await Stage.open()
afterAll(() => stage.close())

export const market = await Marketplace.open()
