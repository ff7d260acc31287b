import type { Words } from '../words'

export const prompts: Words['prompts'] = {
  step_resolution_answer: 'Beantworten Sie den Lösungsvorschlag',
  step_resolution_wait: '{other} soll den Lösungsvorschlag beantworten',
  step_resolution_gone: 'Der Lösungsvorschlag ist nicht mehr möglich. Der Kundenservice macht einen neuen',
  step_cancel_answer: 'Stimmen Sie der Stornierung zu, oder warten Sie auf den Kundenservice',
  step_cancel_wait: 'Der Kundenservice oder {other} beantwortet Ihren Wunsch zu stornieren',
  step_cx_wait: 'Der Kundenservice kommt hier dazu',
  step_cx_here: 'Der Kundenservice ist da: Sagen Sie, was Sie brauchen',
  step_update_answer: 'Nehmen Sie die vorgeschlagenen Bedingungen an oder lehnen Sie sie ab',
  step_answer: 'Beantworten Sie die Fragen von {seller}',
  step_accept_wait: '{seller} soll den Auftrag annehmen',
  step_accept: 'Prüfen Sie den Auftrag, dann nehmen Sie ihn an oder lehnen ihn ab',
  step_accept_late:
    'Der Liefertermin ist vorbei. Vereinbaren Sie einen neuen, bevor Sie annehmen, oder lehnen Sie ab',
  step_deliver_wait: '{seller} arbeitet daran',
  step_late_wait:
    'Der Termin ist überschritten. Warten Sie, vereinbaren Sie einen neuen, oder bitten Sie um Stornierung',
  step_deliver: 'Liefern Sie die Arbeit ab',
  step_late: 'Der Termin ist überschritten. Liefern Sie, oder schlagen Sie einen neuen vor',
  step_deliver_answers:
    'Der Termin wartet auf die Antworten von {buyer}. Sie können jederzeit beginnen und liefern',
  step_pay: 'Es ist noch nichts bezahlt. Bitte bezahlen Sie auf dem Marktplatz, auf dem Sie bestellt haben',
  step_arrival: 'Die Ware ist unterwegs. Nehmen Sie die Lieferung an, sobald sie da ist',
  step_arrival_wait: 'Die Ware ist unterwegs. {buyer} soll sie annehmen, sobald sie da ist',
  step_review: 'Prüfen Sie die Lieferung: annehmen oder Änderungen verlangen',
  step_review_last: 'Prüfen Sie die Lieferung. Alle enthaltenen Überarbeitungen sind verbraucht',
  step_review_wait: '{buyer} soll die Lieferung prüfen',
  step_revise_wait: '{seller} überarbeitet die Arbeit',
  step_revise: 'Liefern Sie die überarbeitete Arbeit ab',
  step_done: 'Der Auftrag ist abgeschlossen',
  step_cancelled: 'Der Auftrag ist storniert',
  step_refund_wait: 'Der Auftrag ist beendet. Die Rückzahlung ist unterwegs',
  step_refunded: 'Das Geld ging an {buyer} zurück',
  step_declined: '{seller} hat den Auftrag abgelehnt',
  step_confirm_paid:
    'Markieren Sie den Auftrag als bezahlt, sobald das Geld da ist. {buyer} soll die Arbeit annehmen',
  marked_paid: 'Die Zahlung wurde als „{payment}“ vermerkt. Stimmt das nicht, eröffnen Sie einen Streitfall.',
  marked_paid_next: 'Die Zahlung ist vermerkt. Als Nächstes: liefern oder versenden.',
  marked_paid_review: 'Die Zahlung ist vermerkt. {buyer} soll annehmen, was geliefert wurde.',
  delivered_review:
    'Die Arbeit ist geliefert. Sie haben bis {review_by} Zeit, sie anzunehmen oder Änderungen zu verlangen. Überarbeitungen übrig: {remaining}.',
  delivered_waiting: 'Geliefert. {buyer} hat bis {review_by} Zeit, anzunehmen oder Änderungen zu verlangen.',
  delivered_outside_review:
    '{seller} sagt, die Arbeit wurde außerhalb geliefert. Haben Sie sie? Nehmen Sie an, verlangen Sie Änderungen, oder eröffnen Sie einen Streitfall. Der Ort: „{where}“',
  sent_review:
    'Ihr Auftrag ist unterwegs. Wenn er angekommen ist, nehmen Sie ihn an. Sie haben bis {review_by} Zeit.',
  sent_waiting: 'Versandt. {buyer} hat bis {review_by} Zeit, anzunehmen.',
  revised_review:
    'Die überarbeitete Arbeit ist da. Sie haben bis {review_by} Zeit, sie anzunehmen oder Änderungen zu verlangen. Überarbeitungen übrig: {remaining}.',
  cx_alerted: 'Der Kundenservice ist benachrichtigt und kommt dazu. Sie können hier weiter schreiben.',
  completed_by_you: 'Der Auftrag ist abgeschlossen. Vielen Dank.',
  completed_by_buyer: '{buyer} hat die Arbeit angenommen. Der Auftrag ist abgeschlossen.',
  terms_unchanged: 'Die Bedingungen bleiben, wie sie waren.',
  new_terms: 'Der Vertrag wurde geändert. Er sagt jetzt: {terms}.',
  goes_on: 'Der Auftrag geht weiter, wo er war.',
  cancelled_mutual: 'Der Auftrag ist im Einvernehmen storniert. Eine Rückzahlung ist unterwegs.',
  resolved: 'Der Kundenservice hat entschieden: {option}. Grund: „{reason}“',
  resolution_agreed: 'Beide Seiten sind sich einig: {option}.',
  not_accepted_buyer:
    '{seller} hat nicht rechtzeitig angenommen. Der Auftrag ist storniert, eine Zahlung geht an Sie zurück.',
  not_accepted_seller: 'Der Auftrag ist verfallen, weil er nicht rechtzeitig angenommen wurde.',
  idle_case: 'Zu lange ist nichts geschehen. Der Kundenservice sieht sich den Auftrag an.',
  closed_idle: 'Der Auftrag wurde geschlossen, weil nichts geschah.',
  closed_fee: 'Der Auftrag wurde geschlossen, weil nichts geschah. Die Gebühr fällt an.',
  cancel_approved_buyer:
    'Der Kundenservice hat storniert. Sie erhalten {refund} zurück. Der Grund: „{reason}“',
  cancel_approved_seller:
    'Der Kundenservice hat storniert. {buyer} erhält {refund} zurück. Der Grund: „{reason}“',
  cancel_rejected: 'Der Kundenservice hat entschieden, dass der Auftrag weitergeht: „{reason}“',
  agent_joined: '{agent} vom Kundenservice ist dazugekommen.',
  agent_left: '{agent} ist gegangen. Jemand anderes folgt.',
  agent_left_others: '{agent} ist gegangen. Der Kundenservice ist weiter hier.',
  placed_answer: 'Ihr Auftrag wartet auf {seller}. Bitte beantworten Sie die Fragen.',
  placed_review: 'Neuer Auftrag: {title}. Prüfen Sie die Einzelheiten, dann nehmen Sie an oder lehnen ab.',
  placed_wait: 'Ihr Auftrag wartet darauf, dass {seller} annimmt.',
  placed_review_answers:
    'Neuer Auftrag: {title}. Prüfen Sie Einzelheiten und Antworten, dann nehmen Sie an oder lehnen ab.',
  answered: 'Vielen Dank. {seller} hat Ihre Antworten.',
  answers_review: '{buyer} hat Ihre Fragen beantwortet. Sehen Sie sich die Antworten an.',
  answers_corrected: '{seller} hat Ihre berichtigten Antworten.',
  answers_changed: '{buyer} hat die Antworten berichtigt. Sehen Sie sich an, was sich geändert hat.',
  accepted_answer:
    '{seller} hat angenommen. Der Termin wartet auf Ihre Antworten: bitte geben Sie sie jetzt.',
  accepted_unanswered:
    'Sie können jederzeit beginnen und liefern. Der Termin wartet auf die Antworten von {buyer}.',
  accepted_wait:
    '{seller} hat angenommen. Erwarten Sie die Arbeit bis {due_at}. Sie können hier jederzeit schreiben.',
  accepted_deliver:
    'Erstellen Sie die Arbeit und liefern Sie sie bis {due_at}: Dateien hochladen, sagen, wo sie geliefert wurde, oder als verschickt melden.',
  declined: '{seller} hat abgelehnt. Eine Zahlung geht an Sie zurück. Der Grund: „{reason}“',
  declined_done: 'Abgelehnt. Es ist nichts weiter zu tun.',
  revision_asked: 'Überarbeitung {no} ist verlangt. Sie ist bis {due_at} fällig.',
  revision_do:
    '{buyer} verlangt Änderungen. Liefern Sie bis {due_at}. Danach übrige Überarbeitungen: {remaining}. Die Änderungen: „{text}“',
  review_over_buyer:
    'Die Prüfzeit ist ohne Antwort vergangen, die Arbeit gilt als angenommen. Gibt es ein Problem, eröffnen Sie bald einen Streitfall.',
  review_over_seller: 'Die Prüfzeit ist vergangen, die Arbeit gilt als angenommen.',
  review_unpaid_buyer:
    'Die Prüfzeit ist vergangen, und keine Zahlung ist vermerkt. Bezahlen Sie {seller}, nehmen Sie die Arbeit an, oder eröffnen Sie einen Streitfall.',
  review_unpaid_seller:
    'Die Prüfzeit ist vergangen, und keine Zahlung ist vermerkt. Markieren Sie den Auftrag als bezahlt, oder eröffnen Sie einen Streitfall.',
  review_soon_over:
    'Ihre Prüfzeit endet {review_by}. Nehmen Sie die Arbeit an, oder verlangen Sie Änderungen.',
  review_soon_over_seller: '{buyer} wurde erinnert. Die Prüfzeit endet {review_by}.',
  overdue_buyer:
    'Der Termin ist überschritten. Sie können warten, einen neuen vereinbaren oder um Stornierung bitten.',
  overdue_seller: 'Sie sind zu spät. Liefern Sie, oder schlagen Sie einen neuen Termin vor.',
  proposed_wait: 'Ihr Vorschlag wartet auf {other}. Die jetzigen Bedingungen gelten.',
  proposed_answer:
    'Neue Bedingungen sind vorgeschlagen: {changes}. Nehmen Sie an oder lehnen Sie ab. Die jetzigen gelten.',
  cancel_asked:
    '{other} bittet um Stornierung. Stimmen Sie zu, oder warten Sie auf den Kundenservice. Der Grund: „{reason}“',
  cancelled_by_seller: '{seller} hat den Auftrag storniert: „{reason}“',
  cancelled_by_you: 'Der Auftrag ist storniert.',
  resolution_answer:
    'Der Kundenservice schlägt vor: {option}. Nehmen Sie den Vorschlag bis {expires_at} an, oder schreiben Sie hier, womit Sie einverstanden wären.',
  resolution_wait: 'Sie haben zugestimmt. Der Vorschlag wartet auf {other}.',
  resolution_other_agreed: '{other} hat dem Vorschlag zugestimmt. Nehmen Sie an, oder antworten Sie.',
  dispute_withdrawn: 'Der Streitfall ist geschlossen. Der Auftrag geht weiter, wo er war.',
  case_handed_over: 'Jemand anderes vom Kundenservice übernimmt und kommt dazu.',
  payment_confirmed: 'Ihre Zahlung von {amount} ist eingegangen.',
  payment_confirmed_seller: 'Die Zahlung von {amount} von {buyer} ist eingegangen.',
  refunded: 'Ihre Rückzahlung von {amount} ist bestätigt.',
  refunded_seller: '{buyer} hat {amount} zurückerhalten.',
  paid_out: '{seller} wurde bezahlt.',
  paid_out_seller: 'Ihre Auszahlung von {amount} ist bestätigt.',
  case_escalated: 'Der Kundenservice braucht länger, als er sollte. Ihr Fall steht jetzt vorne.',
  resolution_lapsed: 'Der Lösungsvorschlag ist verfallen. Der Kundenservice entscheidet, was folgt.',
}

export const shortSteps: Words['shortSteps'] = {
  step_resolution_answer: 'Lösung prüfen',
  step_cancel_answer: 'Stornierung beantworten',
  step_update_answer: 'Bedingungen prüfen',
  step_answer: 'Fragen beantworten',
  step_accept: 'Annehmen oder ablehnen',
  step_accept_late: 'Neuen Termin vereinbaren',
  step_deliver: 'Arbeit liefern',
  step_deliver_answers: 'Arbeit liefern',
  step_late: 'Liefern oder Termin vorschlagen',
  step_revise: 'Änderungen liefern',
  step_pay: 'Auftrag bezahlen',
  step_arrival: 'Bei Ankunft annehmen',
  step_review: 'Lieferung prüfen',
  step_review_last: 'Lieferung prüfen',
  step_late_wait: 'Warten, vereinbaren, stornieren',
  step_confirm_paid: 'Als bezahlt markieren',
}
