import type { Words } from '../words'

export const commands: Words['commands'] = {
  post_message: { name: 'Nachricht senden', submit: 'Senden' },
  edit_message: {
    name: 'Nachricht ändern',
    submit: 'Speichern',
    intro:
      'Die Nachricht zeigt den neuen Text und gilt als geändert. Der erste Text bleibt für alle lesbar, die diesen Raum lesen dürfen.',
  },
  retract_message: {
    name: 'Nachricht zurücknehmen',
    submit: 'Zurücknehmen',
    intro:
      'Die Nachricht wird in der Unterhaltung nicht mehr gezeigt. Ihr Text bleibt in den Aufzeichnungen dieses Auftrags und kann von allen gelesen werden, die diesen Raum lesen dürfen.',
  },
  submit_requirements: {
    name: 'Fragen beantworten',
    submit: 'Antworten absenden',
    intro: '{seller} braucht diese Antworten für die Arbeit. Sie erscheinen im Chat.',
  },
  accept_order: {
    name: 'Auftrag annehmen',
    submit: 'Annehmen',
    intro: 'Prüfen Sie zuerst die Einzelheiten. Mit Ihrer Annahme beginnt die Arbeit, und der Termin zählt.',
  },
  decline_order: {
    name: 'Auftrag ablehnen',
    submit: 'Ablehnen',
    intro: 'Der Auftrag endet, eine Zahlung geht an {buyer} zurück. Das lässt sich nicht rückgängig machen.',
  },
  deliver_files: {
    name: 'Dateien hochladen',
    submit: 'Liefern',
    intro: 'Die Dateien kommen in den Chat, und {buyer} soll sie annehmen oder Änderungen verlangen.',
  },
  deliver_external: {
    name: 'Außerhalb der Plattform geliefert',
    short: 'Außerhalb geliefert',
    submit: 'Als geliefert markieren',
    intro:
      'Für den Fall, dass Sie beide vereinbart haben, anderswo zu liefern. {buyer} bestätigt durch Annehmen.',
  },
  mark_sent: {
    name: 'Als versandt markieren',
    submit: 'Als versandt markieren',
    intro: 'Die Ware ist unterwegs. Die Prüfzeit beginnt, wenn sie angekommen sein sollte.',
  },
  mark_paid: {
    name: 'Als bezahlt markieren',
    submit: 'Als bezahlt markieren',
    intro: '{buyer} sieht, dass die Zahlung vermerkt ist.',
  },
  accept_delivery: {
    name: 'Lieferung annehmen',
    submit: 'Lieferung annehmen',
    intro:
      'Sie sind mit der Arbeit zufrieden. Der Auftrag ist abgeschlossen, und {seller} wird bezahlt. Das lässt sich nicht rückgängig machen.',
  },
  request_revision: {
    name: 'Änderungen verlangen',
    submit: 'Änderungen verlangen',
    intro:
      'Eine Ihrer Überarbeitungen wird verbraucht. {seller} liefert erneut, dann können Sie annehmen oder Änderungen verlangen.',
  },
  propose_update: {
    name: 'Vertragsänderung',
    submit: 'Vorschlagen',
    intro: 'Ändern Sie, was nötig ist. Die jetzigen Bedingungen gelten, bis {other} annimmt.',
  },
  accept_update: { name: 'Neue Bedingungen annehmen', submit: 'Annehmen', intro: 'Sie gelten von da an.' },
  decline_update: {
    name: 'Neue Bedingungen ablehnen',
    submit: 'Ablehnen',
    intro: 'Die jetzigen Bedingungen gelten weiter.',
  },
  withdraw_update: {
    name: 'Vorschlag zurücknehmen',
    submit: 'Zurücknehmen',
    intro: 'Die jetzigen Bedingungen gelten weiter. Sie können erneut vorschlagen.',
  },
  request_cancel: {
    name: 'Auftrag stornieren',
    submit: 'Um Stornierung bitten',
    intro:
      'Sie bitten darum, den Auftrag zu stornieren. {other} kann sofort zustimmen; sonst entscheidet der Kundenservice. Uhren, die noch laufen, stehen so lange still.',
  },
  consent_cancel: {
    name: 'Der Stornierung zustimmen',
    submit: 'Zustimmen und stornieren',
    intro:
      'Der Auftrag endet jetzt, die Zahlung geht an {buyer} zurück. Das lässt sich nicht rückgängig machen.',
  },
  withdraw_cancel: {
    name: 'Stornierung zurücknehmen',
    submit: 'Zurücknehmen',
    intro: 'Der Auftrag geht weiter, wo er war.',
  },
  approve_cancel: {
    name: 'Stornierung bewilligen',
    submit: 'Auftrag stornieren',
    intro: 'Der Auftrag endet. Was nicht zurückgezahlt wird, wird an {seller} ausgezahlt.',
  },
  reject_cancel: {
    name: 'Stornierung ablehnen',
    submit: 'Auftrag weitergehen lassen',
    intro: 'Die Uhren laufen weiter; die Zeit, die sie stillstanden, kommt hinzu.',
  },
  cancel_order: {
    name: 'Auftrag stornieren',
    submit: 'Stornieren',
    intro: 'Der Auftrag endet jetzt. {buyer} liest Ihren Grund. Das lässt sich nicht rückgängig machen.',
  },
  open_dispute: {
    name: 'Streitfall eröffnen',
    submit: 'Streitfall eröffnen',
    intro:
      'Jemand vom Kundenservice kommt in diesen Chat und hilft Ihnen beiden. Uhren, die noch laufen, stehen so lange still; Sie können weiter schreiben.',
  },
  close_dispute: {
    name: 'Streitfall schließen',
    submit: 'Schließen',
    intro: 'Der Auftrag geht weiter, wo er war.',
  },
  claim_case: {
    name: 'Fall übernehmen',
    submit: 'Fall übernehmen',
    intro:
      'Wenn Sie ihn übernehmen, gehört er Ihnen, und Sie können den Raum lesen. {buyer} und {seller} sehen davon nichts.',
  },
  join_case: {
    name: 'Dem Chat beitreten',
    submit: 'Beitreten',
    intro: 'Beide Seiten sehen, dass Sie da sind, und Sie können schreiben.',
  },
  leave_case: {
    name: 'Fall verlassen',
    submit: 'Verlassen',
    intro: 'Der Fall geht zurück in die Warteschlange, und beide Seiten erfahren, dass jemand anderes folgt.',
  },
  hand_over_case: {
    name: 'Fall übergeben',
    submit: 'Übergeben',
    intro: 'Jemand anderes erhält den Fall. Beide Seiten erfahren davon.',
  },
  propose_resolution: {
    name: 'Lösung vorschlagen',
    submit: 'Vorschlagen',
    intro: 'Sie gilt, wenn beide Seiten zustimmen.',
  },
  accept_resolution: {
    name: 'Lösung annehmen',
    submit: 'Lösung annehmen',
    intro: 'Sie gilt, wenn {other} auch zustimmt.',
  },
  resolve_dispute: {
    name: 'Fall entscheiden',
    submit: 'Entscheiden',
    intro: 'Ihre Entscheidung gilt sofort, und beide Seiten lesen den Grund. Der Fall ist damit geschlossen.',
  },
}

export const fields: Words['fields'] = {
  reason: 'Grund',
  note: 'Anmerkung (freiwillig)',
  text: 'Was soll sich ändern?',
  'edit_message.text': 'Text',
  points: 'Als Liste zum Abhaken (freiwillig)',
  point: 'Eine Änderung',
  addPoint: 'Zeile hinzufügen',
  where: 'Wo wurde geliefert?',
  carrier: 'Versender (freiwillig)',
  tracking: 'Sendungsnummer (freiwillig)',
  eta: 'Erwartete Ankunft (freiwillig)',
  due_at: 'Termin',
  new_due_at: 'Neuer Termin (freiwillig)',
  revisions: 'Überarbeitungen insgesamt',
  price: 'Preis',
  refund: 'Rückzahlung an den Käufer',
  amount: 'Betrag, der zurückgeht',
  to: 'Die andere Person',
  option: 'Ergebnis',
  cx_join: 'Ja, jemand vom Kundenservice soll in diesen Chat kommen',
  agreed: 'Die Zahlung ist vereinbart, aber noch nicht da',
  without_answers: 'Ohne die fehlenden Antworten beginnen. Der Termin wartet auf sie',
  'decline_update.reason': 'Grund (freiwillig)',
}

export const outcomeChoices: Words['outcomeChoices'] = {
  resume: 'Weiter wie bisher',
  extend: 'Neuer Termin',
  extra_revision: 'Eine Überarbeitung mehr',
  partial_refund: 'Teilrückzahlung, der Auftrag geht weiter',
  cancel: 'Auftrag mit Rückzahlung beenden',
  complete: 'Der Auftrag ist abgeschlossen',
}
