import type { Words } from '../words'

const apart = 'Diese Seite und der Dienst verstehen einander nicht. Laden Sie die Seite neu.'

export const reasons: Words['reasons'] = {
  /** Of this page, not of the service: there was no connection. */
  waiting: 'Erst muss geschehen, was Sie hier schon getan haben.',
  bad_field: 'Etwas ist nicht so ausgefüllt, wie es sein muss. Sehen Sie es noch einmal durch.',
  unknown_command: apart,
  id_reused: 'Das wurde schon mit anderem Inhalt gesendet. Versuchen Sie es noch einmal.',
  version_conflict:
    'Der Auftrag hat sich inzwischen geändert. Sehen Sie ihn an und versuchen Sie es noch einmal.',
  order_not_found: 'Diesen Auftrag gibt es nicht, oder Sie sind nicht daran beteiligt.',
  not_your_role: 'Das können Sie in diesem Auftrag nicht tun.',
  wrong_state: 'An dieser Stelle des Auftrags ist das nicht möglich.',
  not_past_due: 'Stornieren lassen die Regeln dieses Auftrags jetzt noch nicht zu.',
  no_revisions_left: 'Alle enthaltenen Überarbeitungen sind verbraucht.',
  stale_delivery:
    'Inzwischen ist eine neuere Lieferung gekommen, darum wurde nichts entschieden. Sehen Sie sie zuerst an.',
  case_open: 'Ein Fall ist offen; er muss zuerst enden.',
  no_case: 'Es ist kein Fall mehr offen.',
  not_joined: 'Treten Sie zuerst dem Chat bei.',
  already_claimed: 'Jemand anderes hat den Fall.',
  proposal_open: 'Eine Vertragsänderung wartet schon auf Antwort.',
  no_proposal: 'Es wartet keine Vertragsänderung auf Antwort.',
  requirements_unanswered: 'Nötige Antworten fehlen noch.',
  stale_proposal: 'Der Vorschlag kann nicht mehr gelten.',
  no_resolution: 'Es wartet kein Lösungsvorschlag auf Antwort.',
  amount_mismatch: 'Das ist nicht der Betrag, der offen ist.',
  room_closed: 'Der Raum kann nur noch gelesen werden.',
  window_closed: 'Dafür ist es zu spät.',
  already_done: 'Das ist schon geschehen.',
  cx_join_required: 'Setzen Sie den Haken, damit jemand vom Kundenservice dazukommt.',
  rate_limited: 'Das ging zu schnell. Versuchen Sie es gleich noch einmal.',
  resync_required: 'Hier wurde etwas verpasst. Laden Sie die Seite neu.',
  too_many_rooms: 'Zu viele Unterhaltungen sind gleichzeitig offen. Schließen Sie einige.',
  too_many_conversations: 'Sie haben heute viele Unterhaltungen begonnen. Beginnen Sie morgen eine weitere.',
  unavailable: 'Der Dienst kann das gerade nicht. Versuchen Sie es gleich noch einmal.',
  unauthenticated: 'Ihre Anmeldung ist abgelaufen. Melden Sie sich neu an.',
  unreadable: apart,
  wrong_version: apart,
  wrong_media_type: apart,
  wrong_offset: 'Das Hochladen steht an anderer Stelle. Versuchen Sie es noch einmal.',
  beyond_the_end: apart,
  method_not_allowed: apart,
  origin_not_allowed: apart,
  host_not_allowed: apart,
  body_too_large: 'Das ist zu lang für eine Anfrage. Kürzen Sie es.',
  not_found: 'Unter dieser Adresse gibt es nichts.',
  file_not_found: 'Diese Datei gibt es hier nicht.',
  upload_not_found: 'Dieses Hochladen gibt es nicht mehr. Beginnen Sie es neu.',
  upload_expired: 'Das Hochladen hat zu lange gedauert. Beginnen Sie es neu.',
  link_expired: 'Die Adresse der Datei ist abgelaufen. Versuchen Sie es noch einmal.',
  link_not_valid: 'Die Adresse der Datei gilt nicht. Versuchen Sie es noch einmal.',
}

export const cancelling: Words['cancelling'] = {
  past_due: 'Stornieren geht, sobald der Termin verstrichen ist.',
  revisions_exhausted:
    'Stornieren geht, sobald alle enthaltenen Überarbeitungen verbraucht und geliefert sind. Wenn Sie jetzt Hilfe brauchen, eröffnen Sie einen Streitfall.',
  delivered:
    'Solange eine Lieferung auf Antwort wartet, geht Stornieren nicht. Wenn Sie jetzt Hilfe brauchen, eröffnen Sie einen Streitfall.',
  never:
    'Die Regeln dieses Auftrags sehen kein Stornieren vor. Wenn Sie Hilfe brauchen, eröffnen Sie einen Streitfall.',
}
