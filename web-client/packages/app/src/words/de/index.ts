import type { Words } from '../words'
import { commands, fields, outcomeChoices } from './commands'
import { cards, consequences, events, outcomes, previews, resolutions } from './entries'
import { files, uploads } from './files'
import { actions, composer, connection, gallery, inbox, message, nav, print, roles, room, step } from './page'
import {
  demo,
  desk,
  dialog,
  home,
  keys,
  labels,
  leave,
  palette,
  signIn,
  states,
  status,
  terms,
  time,
} from './panel'
import { prompts, shortSteps } from './prompts'
import { cancelling, reasons } from './reasons'

export const de: Words = {
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
  print,
  roles,
  connection,
  inbox,
  room,
  message,
  composer,
  uploads,
  files,
  step,
  actions,
  reasons,
  cancelling,
  status,
  terms,
  dialog,
  desk,
  home,
  demo,
  signIn,
  keys,
  labels,
  leave,
  palette,
  gallery,
  states,
  time,
}
