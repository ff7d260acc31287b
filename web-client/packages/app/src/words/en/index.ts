import { commands, fields, outcomeChoices } from './commands'
import { cards, consequences, events, outcomes, previews, resolutions } from './entries'
import { actions, composer, connection, inbox, message, nav, reasons, roles, room, step } from './page'
import { demo, desk, dialog, home, keys, palette, states, status, terms, time } from './panel'
import { prompts, shortSteps } from './prompts'

export const en = {
  prompts,
  shortSteps,
  events,
  previews,
  cards,
  outcomes,
  consequences,
  resolutions,
  commands,
  fields,
  outcomeChoices,
  nav,
  roles,
  connection,
  inbox,
  room,
  message,
  composer,
  step,
  actions,
  reasons,
  status,
  terms,
  dialog,
  desk,
  home,
  demo,
  keys,
  palette,
  states,
  time,
}
