import type { Words } from '../words'

export const nav: Words['nav'] = {
  product: 'Aufträge',
  home: 'Start',
  chat: 'Chat',
  desk: 'Fälle',
  demo: 'Laden',
  unread: n => `${n} ungelesen`,
  menu: 'Einstellungen',
  theme: 'Darstellung',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  keys: 'Tastenkürzel',
  single: { on: 'Tastenkürzel mit einer Taste einschalten', off: 'Tastenkürzel mit einer Taste ausschalten' },
  notices: {
    on: 'Benachrichtigungen einschalten',
    off: 'Benachrichtigungen ausschalten',
    forbidden: 'Benachrichtigungen sind gesperrt',
    how: 'Erlauben Sie Benachrichtigungen für diese Seite in den Einstellungen Ihres Browsers und schalten Sie sie dann hier ein.',
  },
  palette: 'Suche und Befehle',
  forget: 'Auf diesem Gerät alles vergessen',
  signOut: 'Abmelden',
  skip: 'Zur Unterhaltung springen',
}

export const roles: Words['roles'] = {
  buyer: 'Käufer',
  seller: 'Verkäufer',
  agent: 'Kundenservice',
  admin: 'Verwaltung',
  bot: 'Auftragsassistent',
  system: 'Uhr',
  host: 'Marktplatz',
  user: 'Benutzer',
}

export const connection: Words['connection'] = {
  offline:
    'Sie sind offline. Was Sie schreiben, bleibt hier und wird gesendet, sobald die Verbindung wieder da ist.',
  waiting: 'Die Verbindung ist unterbrochen und wird erneut versucht. Was Sie schreiben, bleibt erhalten.',
  retry: 'Jetzt versuchen',
  expired: 'Ihre Anmeldung ist abgelaufen. Was Sie geschrieben haben, bleibt hier erhalten.',
  signIn: 'Neu anmelden',
  closed: 'Der Dienst hat die Verbindung beendet. Was Sie geschrieben haben, bleibt hier erhalten.',
  memory: 'Dieser Browser behält nichts: Beim Neuladen ginge verloren, was noch nicht gesendet ist.',
}

export const inbox: Words['inbox'] = {
  title: 'Unterhaltungen',
  search: 'Unterhaltungen durchsuchen',
  tabs: {
    all: 'Alle',
    new: 'Neu',
    active: 'In Arbeit',
    delivered: 'Geliefert',
    disputed: 'Im Streit',
    done: 'Erledigt',
    conversations: 'Chats',
  },
  tabsLabel: 'Nach Status',
  more: 'Mehr zeigen',
  empty: 'Noch keine Unterhaltungen',
  emptyHint: 'Ein Auftrag, den Sie erteilen oder erhalten, erscheint hier.',
  emptyTab: 'Hier ist gerade nichts',
  nothingFound: 'Nichts gefunden zu „{text}“',
  clear: 'Suche leeren',
  place: 'Auftrag erteilen',
  failed: 'Die Unterhaltungen konnten nicht gelesen werden',
  moreFailed: 'Weitere Unterhaltungen konnten nicht gelesen werden.',
  oldOnes: 'Vielleicht nicht auf dem neuesten Stand: Die Unterhaltungen konnten nicht neu gelesen werden.',
  you: 'Sie',
  late: 'Überfällig',
  yourTurn: 'Sie sind dran',
  with: 'mit {name}',
  draft: 'Entwurf',
  talk: 'Unterhaltung',
}

export const room: Words['room'] = {
  choose: 'Wählen Sie eine Unterhaltung',
  chooseHint: 'Ihre Aufträge und Chats stehen links. Zuerst kommen die, die auf Sie warten.',
  back: 'Zurück zu den Unterhaltungen',
  status: 'Auftragsstatus',
  showStatus: 'Auftragsstatus zeigen',
  hideStatus: 'Auftragsstatus verbergen',
  older: 'Frühere Einträge werden geladen',
  olderFailed: 'Frühere Einträge sind gerade nicht lesbar. Es wird erneut versucht.',
  start: 'Hier begann der Auftrag',
  startTalk: 'Hier begann die Unterhaltung',
  newMessages: n => (n === 1 ? '1 neuer Eintrag' : `${n} neue Einträge`),
  toEnd: 'Zum neuesten Eintrag',
  unreadFrom: 'Neu seit Ihrem letzten Besuch',
  today: 'Heute',
  yesterday: 'Gestern',
  details: 'Einzelheiten',
  by: 'Wer',
  when: 'Wann',
  support: 'Für den Support',
  entry: seq => `Eintrag ${seq}`,
  notFound: 'Diesen Auftrag gibt es nicht, oder er ist nicht für Sie',
  notFoundHint: 'Prüfen Sie die Adresse, oder gehen Sie zurück zu Ihren Unterhaltungen.',
  timeline: 'Verlauf',
  empty: 'Sagen Sie Hallo: Hier steht noch nichts.',
  typing: '{name} schreibt',
  typingMore: 'Mehrere schreiben',
  active: 'Im Chat',
  away: 'Abwesend',
  gone: 'Nicht im Chat',
  because: 'Wegen',
  unknown: 'Etwas ist geschehen, das diese Version nicht zeigen kann',
  readOnly: 'Hier kann gerade nichts geschrieben werden',
}

export const message: Words['message'] = {
  reply: 'Antworten',
  edit: 'Ändern',
  retract: 'Zurücknehmen',
  copy: 'Text kopieren',
  copied: 'Kopiert',
  notCopied: 'Der Browser hat das Kopieren nicht zugelassen.',
  more: 'Mehr zu dieser Nachricht',
  edited: 'geändert',
  retracted: 'Diese Nachricht wurde zurückgenommen',
  repliesTo: 'Antwort an {name}',
  replyGone: 'Ein früherer Eintrag',
  queued: 'Wartet auf das Senden',
  sent: 'Wird gesendet',
  stored: 'Gespeichert',
  seen: 'Gesehen',
  failed: 'Nicht gesendet',
  retry: 'Erneut senden',
  discard: 'Löschen',
  pendingCommand: 'Wird ausgeführt',
  failedCommand: 'Nicht ausgeführt',
  download: '{name} herunterladen',
  notHere: 'Die Datei kann hier gerade nicht heruntergeladen werden.',
  files: 'Dateien',
}

export const composer: Words['composer'] = {
  label: 'Nachricht',
  placeholderRoom: 'Nachricht schreiben',
  send: 'Senden',
  attach: 'Dateien anhängen',
  actions: 'Auftragsaktionen',
  replying: 'Antwort an {name}',
  cancelReply: 'Nicht darauf antworten',
  editing: 'Sie ändern Ihre Nachricht',
  cancelEdit: 'Änderung beenden',
  save: 'Speichern',
  tooLong: over => `${over} Zeichen zu viel`,
  notKept: 'Das konnte in diesem Browser nicht bewahrt werden. Ihr Text steht noch hier.',
  tooMany: 'Zu viele Nachrichten warten. Ihr Text steht noch hier.',
}

export const step: Words['step'] = {
  title: 'Nächster Schritt',
  yours: 'Sie sind dran',
  proposal: 'Antwort bis',
  resolution: 'Antwort bis',
  paused: 'Die Uhr steht still',
}

export const actions: Words['actions'] = {
  now: 'Jetzt möglich',
  later: 'Jetzt nicht möglich',
  from: 'Ab {at}',
  none: 'In diesem Auftrag ist nichts mehr zu tun.',
  correct: 'Antworten korrigieren',
}

export const gallery: Words['gallery'] = {
  messages: 'Nachrichten',
  open: 'Karten, offen',
  settled: 'Karten, erledigt',
  lines: 'Zeilen',
  parts: 'Bausteine',
}

export const print: Words['print'] = {
  open: 'Druckansicht',
  back: 'Zurück zum Chat',
  print: 'Drucken',
  loading: 'Der ganze Verlauf wird gelesen',
  ready: 'Der ganze Verlauf ist da: {count} Einträge.',
  as: 'Auftrag {order}, Stand {at}',
}
