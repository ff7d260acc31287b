import type { Words } from '../words'

export const uploads: Words['uploads'] = {
  running: 'Wird hochgeladen',
  waiting: 'Wartet, bis es an der Reihe ist',
  paused: 'angehalten',
  cut: 'keine Verbindung, geht von selbst weiter',
  soFar: '{done} von {all}',
  chooseAgain: '{done} von {all} ist hochgeladen: Wählen Sie die Datei noch einmal, dann geht es weiter',
  choose: 'Datei wählen',
  chooseThis: '{name} noch einmal wählen',
  pause: '{name} anhalten',
  resume: 'Mit {name} fortfahren',
  retry: '{name} noch einmal versuchen',
  cancel: '{name} abbrechen',
  remove: '{name} entfernen',
  drop: 'Dateien hier loslassen, um sie Ihrer Nachricht hinzuzufügen',
  unfinished: 'Einige Dateien sind noch nicht hochgeladen. Warten Sie auf sie, oder entfernen Sie sie.',
  begun: (name, n) =>
    `${name}: ${n === 1 ? '1 Datei ist hier aufgehoben' : `${n} Dateien sind hier aufgehoben`}`,
  goOn: 'Fortfahren',
  refused: {
    empty: '{name} ist leer, es gibt nichts hochzuladen.',
    too_large: '{name} ist zu groß. Eine Datei darf bis zu {limit} haben.',
    too_many: '{name} wurde nicht hinzugefügt: Höchstens 50 Dateien gehen zusammen. Senden Sie erst diese.',
    another_file: 'Das ist eine andere Datei. Wählen Sie {name}, wie sie war, als das Hochladen begann.',
    not_now:
      '{name} wurde nicht hinzugefügt: Diese Seite konnte nicht ganz geladen werden. Versuchen Sie es wieder, wenn die Verbindung da ist.',
  },
  troubles: {
    cut: 'Die Verbindung ist weg. Was hochgeladen ist, bleibt; es geht weiter, sobald die Verbindung wieder da ist.',
    unreadable: 'Die Datei wurde geändert oder verschoben. Wählen Sie sie noch einmal.',
    file_too_large: 'Die Datei ist größer, als dieser Dienst annimmt.',
    type_not_allowed:
      'Dateien dieser Art werden nicht angenommen. Bilder, Ton, Film, PDF, Dokumente, Text und Archive schon: Legen Sie sie in ein ZIP-Archiv.',
    room_full:
      'Ihre Hälfte des Platzes für Dateien in diesem Auftrag ist belegt. Legen Sie die Datei anderswo ab und senden Sie den Link in einer Nachricht.',
    'room_full.staff':
      'Der Anteil des Kundenservice am Platz für Dateien in diesem Auftrag ist belegt. Legen Sie die Datei anderswo ab und senden Sie den Link in einer Nachricht.',
    too_many_files:
      'Sie haben in diesen Auftrag so viele Dateien gebracht, wie eine Seite darf. Legen Sie die Datei anderswo ab und senden Sie den Link in einer Nachricht.',
    'too_many_files.staff':
      'Der Kundenservice hat in diesen Auftrag so viele Dateien gebracht, wie er darf. Legen Sie die Datei anderswo ab und senden Sie den Link in einer Nachricht.',
    too_many_pieces:
      'Die Verbindung ist für ein Hochladen zu oft abgerissen. Von dieser Datei ist nichts geblieben: Versuchen Sie es noch einmal, am besten mit einer stabileren Verbindung.',
    too_many_uploads:
      'Von Ihrer Seite wird in diesem Auftrag gerade zu viel hochgeladen. Versuchen Sie es, wenn einiges fertig ist.',
    disk_full:
      'Der Dienst hat gerade keinen Platz für Dateien. Was Sie geschrieben haben, bleibt; versuchen Sie es später.',
    unavailable:
      'Der Dienst kann gerade keine Dateien annehmen. Was hochgeladen ist, bleibt; versuchen Sie es später.',
    ended:
      'Ihre Anmeldung ist abgelaufen. Was hochgeladen ist, bleibt: Melden Sie sich wieder an und versuchen Sie es dann noch einmal.',
  },
  trouble: 'Konnte nicht hochgeladen werden: {problem}',
}

export const files: Words['files'] = {
  pictures: 'Bilder',
  show: '{name} zeigen',
  previous: 'Vorige Datei',
  next: 'Nächste Datei',
  ofAll: '{at} von {all}',
  openTab: 'In neuem Tab öffnen',
  notShown: 'Diese Datei kann hier nicht gezeigt werden. Laden Sie sie herunter.',
  manifest: 'Dateien dieser Lieferung',
  changes: { same: 'Gleich', changed: 'Geändert', new: 'Neu', renamed: 'Umbenannt' },
  before: 'vorher {name}',
  gone: 'Nicht mehr dabei',
  comparedTo: no => `Verglichen mit Lieferung ${no}, nach Name und SHA-256.`,
  copyHash: 'Kopieren',
  check: 'Bytes prüfen',
  checking: 'Wird geprüft',
  checked: {
    same: 'Das sind die gelieferten Bytes',
    other: 'Das sind andere Bytes als die gelieferten',
  },
  askedFor: (done, of) => `Gewünschte Änderungen: ${done} von ${of} abgehakt`,
  ticksAreYours: 'Haken sind Notizen für Sie, in diesem Browser aufgehoben.',
  newer: no => `Lieferung ${no} ist inzwischen gekommen. Sehen Sie sie an, bevor Sie entscheiden.`,
  showNewer: no => `Lieferung ${no} zeigen`,
}
