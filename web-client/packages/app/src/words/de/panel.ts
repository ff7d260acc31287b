import type { Words } from '../words'

export const status: Words['status'] = {
  rail: { new: 'Erteilt', in_progress: 'Angenommen', delivered: 'Geliefert', completed: 'Abgeschlossen' },
  revisionLoop: n => (n === 1 ? 'nach 1 Überarbeitung' : `nach ${n} Überarbeitungen`),
  cases: { dispute: 'Im Streit', cancel: 'Stornierung erbeten', idle: 'Beim Kundenservice' },
  ends: { cancelled: 'Storniert', declined: 'Abgelehnt', expired: 'Verfallen', refunded: 'Zurückgezahlt' },
  left: 'noch {span}',
  late: '{span} zu spät',
  untilDue: 'bis die Arbeit fällig ist',
  untilReview: 'bis die Prüfzeit endet',
  untilAccept: 'für {seller} zum Annehmen',
  untilProposal: 'für die Antwort auf den Vorschlag',
  untilResolution: 'für die Antwort auf die Lösung',
  reviewAccepts: 'Ohne Antwort gilt die Arbeit dann als angenommen.',
  overdueSince: 'über den Termin hinaus',
  paused: 'Die Uhr steht still',
  pausedCase: 'solange ein Fall offen ist',
  pausedAnswers: 'bis die Fragen beantwortet sind',
  clockFrom: 'Gezählt ab: {what}, {at}',
  revisions: 'Überarbeitungen',
  revisionsLeft: (left, allowed) => `${left} von ${allowed} übrig`,
  noRevisions: 'Keine enthalten',
  payment: 'Zahlung',
  payments: {
    unpaid: 'Nicht bezahlt',
    link_sent: 'Link gesendet',
    agreed: 'Vereinbart',
    paid: 'Bezahlt',
    part_paid: 'Teils bezahlt',
    refund_pending: 'Rückzahlung unterwegs',
    partially_refunded: 'Teils zurückgezahlt',
    refunded: 'Zurückgezahlt',
  },
  toPay: 'Noch zu zahlen',
  held: 'Für Sie beide verwahrt',
  released: 'An {seller} ausgezahlt',
  refunded: 'Zurückgezahlt',
  refundDue: 'Rückzahlung unterwegs',
  payoutDue: 'Auszahlung unterwegs',
  escrow: 'Vom Marktplatz bis zum Abschluss verwahrt',
  direct: 'Direkt zwischen Ihnen bezahlt',
  due: 'Fällig',
  dueFrom: 'Zählt ab der Annahme',
  dueWaits: 'Wartet auf die Antworten',
  acceptedBy: 'Angenommen von {name}',
  setBy: 'Festgelegt von {name}',
  reviewBy: 'Prüfen bis',
  deliveries: 'Lieferungen',
  contract: 'Vertrag',
  people: 'Personen',
  listing: 'Angebot',
  reference: 'Auftragsnummer',
  placed: 'Erteilt',
  fee: 'Die Gebühr des Marktplatzes ist fällig',
  you: 'Sie',
}

export const terms: Words['terms'] = { due_at: 'Termin', revisions: 'Überarbeitungen', price: 'Preis' }

export const dialog: Words['dialog'] = {
  close: 'Schließen',
  cancel: 'Jetzt nicht',
  sending: 'Wird gesendet',
  offline: 'Es gibt keine Verbindung. Es bleibt hier und geschieht, sobald die Verbindung wieder da ist.',
  refusedKept: 'Nichts wurde geändert. Was Sie geschrieben haben, steht noch hier.',
  required: 'Bitte füllen Sie das aus.',
  tickNeeded: 'Bitte setzen Sie hier den Haken.',
  sameAnswers: 'Ändern Sie mindestens eine Antwort.',
  nothingChanged: 'Ändern Sie mindestens eine der Bedingungen.',
  atLeastOneFile: 'Fügen Sie mindestens eine Datei hinzu.',
  notAnAmount: 'Bitte geben Sie einen Betrag ein, etwa 12 oder 12,50.',
  notANumber: 'Bitte geben Sie eine Zahl ein.',
  outOfRange: 'Von {min} bis {max}.',
  current: 'Jetzt: {value}',
  chooseFiles: 'Dateien wählen',
  dropFiles: 'oder hierher ziehen',
  chooseFile: 'Datei wählen',
  dropFile: 'oder hierher ziehen',
  noLink: 'Bitte geben Sie eine Adresse ein, die mit https:// beginnt',
  charsLeft: n => `noch ${n} Zeichen`,
  answersMissing: 'Nötige Fragen sind noch nicht beantwortet.',
  choose: 'Bitte wählen',
  optional: '(freiwillig)',
  refundable: 'Höchstens {amount} können zurückgehen.',
}

export const desk: Words['desk'] = {
  title: 'Warteschlange',
  empty: 'Keine offenen Fälle',
  emptyHint: 'Wenn jemand um Hilfe bittet, erscheint der Fall hier.',
  failed: 'Die Warteschlange konnte nicht gelesen werden',
  waiting: 'wartet {span}',
  mine: 'Meine',
  taken: 'Bei {name}',
  late: '{name} hat den Fall und ist nicht gekommen.',
  chooseAgent: 'Jemanden auswählen',
  noOthers: 'Hier ist noch niemand anderes bekannt',
  free: 'Frei',
  filter: { all: 'Alle', free: 'Frei', mine: 'Meine' },
  filterLabel: 'Fälle',
  kinds: { dispute: 'Streitfall', cancel: 'Stornierung', idle: 'Kein Fortschritt' },
  by: { buyer: 'von der Käuferseite', seller: 'von der Verkäuferseite' },
  byClock: 'von einer Uhr',
  reading: 'Sie lesen mit. Die beiden Seiten sehen Sie nicht.',
  joined: 'Sie sind im Chat. Beide Seiten sehen, was Sie schreiben.',
  case: 'Fall',
  opened: 'Eröffnet',
  notes: 'Notizen zum Fall',
  notesHint: 'Nur für das Team.',
  addNote: 'Notiz hinzufügen',
  saveNote: 'Notiz speichern',
  noNotes: 'Noch keine Notizen',
  choose: 'Wählen Sie einen Fall',
  chooseHint: 'Die Fälle sind danach geordnet, wie lange sie warten.',
  settled: 'Dieser Fall ist erledigt',
  notInQueue: 'Dieser Fall ist nicht in der Warteschlange',
  notInQueueHint: 'Vielleicht ist er inzwischen erledigt.',
  back: 'Zurück zur Warteschlange',
  events: {
    'case.claimed': '{by} hat den Fall übernommen',
    'case.released': '{by} hat den Fall freigegeben',
    'case.assigned': '{by} hat den Fall an {to} gegeben',
    'case.read': '{by} hat den Raum gelesen',
  },
  forbidden: 'Diese Seite ist für den Kundenservice',
  sides: 'Gelesen bis',
  seenAll: 'alles',
  seenUpTo: 'Eintrag {seq} von {head}',
  seenNothing: 'noch nichts',
}

export const home: Words['home'] = {
  hello: 'Hallo, {name}',
  needsYou: n =>
    n === 0
      ? 'Nichts wartet auf Sie.'
      : n === 1
        ? '1 Auftrag wartet auf Sie.'
        : `${n} Aufträge warten auf Sie.`,
  now: 'Wartet auf Sie',
  waiting: 'Wartet auf andere',
  done: 'Beendet',
  nothingNow: 'Sie sind auf dem Laufenden',
  nothingNowHint:
    'Wenn Sie in einem Auftrag an der Reihe sind, steht er hier, mit dem, was zu tun ist, und bis wann.',
  freeCases: n =>
    n === 0
      ? 'Kein Fall wartet.'
      : n === 1
        ? '1 Fall wartet auf jemanden.'
        : `${n} Fälle warten auf jemanden.`,
  longest: 'Warten am längsten',
  toDesk: 'Zu den Fällen',
  showAll: 'Alle Unterhaltungen zeigen',
  numbers: { turn: 'Sie sind dran', active: 'In Arbeit', delivered: 'Geliefert', disputed: 'Im Streit' },
  caseNumbers: { free: 'Frei', mine: 'Meine', all: 'Insgesamt offen' },
}

export const signIn: Words['signIn'] = {
  title: 'Sie sind nicht angemeldet',
  hint: 'Öffnen Sie Ihre Aufträge von Ihrem Marktplatz aus: Er meldet Sie hier an.',
  ended: 'Ihre Anmeldung ist abgelaufen',
  endedHint:
    'Öffnen Sie diese Seite noch einmal von Ihrem Marktplatz aus. Was Sie geschrieben haben, ist hier gespeichert.',
  refused: 'Diese Anmeldung ist nicht für Personen',
  refusedHint:
    'Der Link enthielt ein Token, das diese Seite nicht annimmt. Öffnen Sie Ihre Aufträge noch einmal von Ihrem Marktplatz aus.',
  other: 'Weiter als {name}?',
  otherHint:
    'Sie sind hier {me}; der Link ist für {name} ({user}). Gehen Sie nur weiter, wenn Sie ihn in Ihrem Marktplatz geöffnet haben.',
  goOn: 'Weiter',
  host: 'Für den Marktplatz: Schicken Sie Ihre Leute mit #token=… hinter der Adresse auf diese Seite; … ist ein Token, das Ihr Server für sie signiert hat.',
}

export const demo: Words['demo'] = {
  title: 'Demo-Marktplatz',
  intro:
    'Seien Sie jemand: Jeder Tab dieses Browsers kann eine andere Person sein. Öffnen Sie einen zweiten für die andere Seite.',
  pick: 'Wer sind Sie in diesem Tab?',
  as: 'Weiter als {name}',
  you: 'Sie sind {name}',
  change: 'Jemand anderes sein',
  roles: {
    buyer: 'Erteilt Aufträge, beantwortet Fragen, prüft die Arbeit.',
    seller: 'Nimmt Aufträge an, liefert, vereinbart Bedingungen.',
    agent: 'Hilft, wenn sich beide Seiten nicht einig sind.',
    admin: 'Sieht jeden Raum und regelt Beträge.',
  },
  off: 'Hier gibt es keine Demo',
  offHint: 'Dieser Dienst gibt keine Demokonten aus. Melden Sie sich an Ihrem Marktplatz an.',
  shop: 'Auftrag erteilen',
  shopHint: 'Als Käufer der Demo, beim Verkäufer der Demo. Die Rolle des Marktplatzes wird für Sie gespielt.',
  listing: 'Angebot',
  price: 'Preis',
  currency: 'Währung',
  days: 'Tage bis zur Lieferung',
  revisions: 'Enthaltene Überarbeitungen',
  kind: 'Art des Marktplatzes',
  kinds: {
    creator: 'Kreative: beim Kauf bezahlt, bis zur Annahme verwahrt',
    studio: 'Studio: dasselbe in den Worten eines Studios',
    craft: 'Handwerk: direkt bezahlt, Ware wird versandt',
    services: 'Dienstleistungen: mit eigenen Angeboten',
  },
  questions: 'Fragen der Verkäuferseite',
  question: 'Frage',
  addQuestion: 'Frage hinzufügen',
  removeQuestion: 'Diese Frage entfernen',
  answer: 'Antwort',
  answers: {
    text: 'Kurzer Text',
    long_text: 'Langer Text',
    choice: 'Auswahl',
    date: 'Datum',
    number: 'Zahl',
    url: 'Link',
    file: 'Datei',
  },
  options: 'Auswahl, durch Kommas getrennt',
  paid: 'Die Käuferseite hat bezahlt',
  fast: 'Kurze Uhren, um sie ablaufen zu sehen: 10 Minuten zum Prüfen, 5 Minuten zum Dazukommen',
  place: 'Auftrag erteilen',
  ask: '{name} fragen',
  askHint: 'Öffnet eine Unterhaltung ohne Auftrag.',
  placing: 'Der Auftrag wird erteilt',
  placed: 'Der Auftrag ist erteilt',
  failed: 'Der Auftrag wurde nicht erteilt: {problem}',
  money: 'Zahlungen bestätigen',
  moneyHint: 'Was der Zahlungsdienst eines Marktplatzes melden würde.',
  confirmPayment: 'Zahlung von {amount} eingegangen',
  confirmRefund: 'Rückzahlung von {amount} erfolgt',
  confirmPayout: 'Auszahlung von {amount} erfolgt',
  nothingDue: 'Keine Zahlung, Rückzahlung oder Auszahlung wartet auf Bestätigung.',
  forOrder: 'Für {title}',
  defaults: {
    listing: 'Produktfilm, 30 Sekunden',
    question: 'Um welches Produkt geht es?',
    question2: 'Was muss darin vorkommen?',
  },
}

export const keys: Words['keys'] = {
  title: 'Tastenkürzel',
  groups: { everywhere: 'Überall', room: 'In einer Unterhaltung' },
  list: {
    palette: 'Suche und Befehle',
    help: 'Diese Liste',
    next: 'Nächste Unterhaltung',
    previous: 'Vorige Unterhaltung',
    search: 'Unterhaltungen durchsuchen',
    write: 'Nachricht schreiben',
    actions: 'Auftragsaktionen',
    status: 'Auftragsstatus',
    send: 'Senden',
    line: 'Neue Zeile',
    editLast: 'Letzte Nachricht ändern, im leeren Feld',
    leave: 'Schließen, Antwort oder Änderung beenden',
  },
  single: {
    on: 'Tasten ohne Strg oder Alt lassen sich in den Einstellungen ausschalten.',
    off: 'Tasten ohne Strg oder Alt sind aus; die Einstellungen schalten sie ein.',
  },
}

export const leave: Words['leave'] = {
  title: 'Etwas ist noch nicht gesendet',
  unsent: 'Nur auf diesem Gerät:',
  goes: 'Das verschwindet aus diesem Browser, in allen Tabs, und Sie werden abgemeldet:',
  messages: n =>
    n === 1 ? '1 nicht gesendete Nachricht oder Aktion' : `${n} nicht gesendete Nachrichten und Aktionen`,
  files: n => (n === 1 ? '1 nicht gesendete Datei' : `${n} nicht gesendete Dateien`),
  rest: [
    'Entwürfe und begonnene Änderungen',
    'Halb ausgefüllte Formulare',
    'Häkchen in Listen',
    'Darstellung, Sprache und andere Einstellungen',
  ],
  choose: 'Bleibt es hier, wird es gesendet, sobald Sie sich auf diesem Gerät wieder anmelden.',
  stays: 'Was gesendet wurde, bleibt in Ihren Aufträgen.',
  stay: 'Bleiben',
  keep: 'Behalten und abmelden',
  forget: 'Vergessen und abmelden',
}

export const palette: Words['palette'] = {
  placeholder: 'Zu einem Auftrag gehen, oder etwas tun',
  nothing: 'Nichts gefunden',
  go: 'Gehe zu',
  act: 'In diesem Auftrag',
  orders: 'Unterhaltungen',
  settings: 'Einstellungen',
}

export const states: Words['states'] = {
  retry: 'Erneut versuchen',
  failed: 'Das konnte nicht gelesen werden',
  unreachable: 'Der Dienst ist nicht zu erreichen. Versuchen Sie es, wenn die Verbindung wieder da ist.',
  away: 'Keine Verbindung',
  awayHint: 'Dies erscheint, sobald die Verbindung wieder da ist.',
  awayKept: n =>
    n === 1
      ? 'Eine Nachricht oder Aktion von Ihnen liegt hier bereit und wird dann gesendet.'
      : `${n} Nachrichten oder Aktionen von Ihnen liegen hier bereit und werden dann gesendet.`,
  nowhere: 'Unter dieser Adresse ist nichts',
  home: 'Zur Startseite',
  loading: 'Wird geladen',
  missing: 'Dieser Teil der Seite konnte nicht geladen werden',
  missingHint:
    'Was Sie geschrieben haben, ist erhalten. Versuchen Sie es erneut, oder laden Sie die Seite neu.',
  crash: 'Dieser Teil der Seite ist ausgefallen',
  crashHint:
    'Nichts, was Sie gesendet haben, ist verloren. Laden Sie die Seite neu; geschieht es wieder, sagen Sie dem Support, was Sie getan haben.',
  reload: 'Neu laden',
}

export const time: Words['time'] = {
  days: n => (n === 1 ? '1 Tag' : `${n} Tage`),
  hours: n => `${n} Std.`,
  minutes: n => `${n} Min.`,
  on: '{day}, {time}',
  moment: 'einen Augenblick',
  and: ' ',
}

export const labels: Words['labels'] = {
  Offered: 'Angeboten',
  'New order': 'Neuer Auftrag',
  'New Order': 'Neuer Auftrag',
  New: 'Neu',
  'In progress': 'In Arbeit',
  'In Progress': 'In Arbeit',
  'In revision': 'In Überarbeitung',
  Delivered: 'Geliefert',
  Completed: 'Abgeschlossen',
  Cancelled: 'Storniert',
  Canceled: 'Storniert',
  Refunded: 'Zurückgezahlt',
  Refund: 'Zurückgezahlt',
  Declined: 'Abgelehnt',
  Expired: 'Verfallen',
  Confirmed: 'Bestätigt',
  Paid: 'Bezahlt',
  Sent: 'Versandt',
  Closed: 'Geschlossen',
  Finished: 'Fertig',
}
