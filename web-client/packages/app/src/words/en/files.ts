// Files: on their way, shown, and compared.

export const uploads = {
  running: 'Uploading',
  waiting: 'Waiting for its turn',
  paused: 'paused',
  cut: 'no connection, goes on by itself',
  soFar: '{done} of {all}',
  chooseAgain: '{done} of {all} is uploaded: choose the file again to go on',
  choose: 'Choose the file',
  chooseThis: 'Choose {name} again',
  pause: 'Pause {name}',
  resume: 'Go on with {name}',
  retry: 'Try {name} again',
  cancel: 'Cancel {name}',
  remove: 'Remove {name}',
  drop: 'Drop files to add them to your message',
  unfinished: 'Some files are not uploaded yet. Wait for them, or remove them.',
  begun: (name: string, n: number) =>
    `${name}: ${n === 1 ? '1 file is kept here' : `${n} files are kept here`}`,
  goOn: 'Go on',
  refused: {
    empty: '{name} is empty, so there is nothing to upload.',
    too_large: '{name} is too large. A file may have up to {limit}.',
    too_many: '{name} was not added: at most 50 files go together. Send these first.',
    another_file: 'That is another file. Choose {name} as it was when its upload began.',
    not_now:
      '{name} was not added: this page could not be loaded whole. Try again when the connection is back.',
  } as Record<string, string>,
  /** Why an upload stopped, by code. */
  troubles: {
    cut: 'The connection is gone. What is uploaded is kept; it goes on when the connection is back.',
    unreadable: 'The file was changed or moved. Choose it again.',
    file_too_large: 'The file is larger than this service takes.',
    type_not_allowed: 'Files of this kind are not taken. Put it into a ZIP archive.',
    room_full:
      'Your half of this order’s space for files is used up. Keep the file elsewhere and send its link in a message.',
    'room_full.staff':
      'Customer experience’s share of this order’s space for files is used up. Keep the file elsewhere and send its link in a message.',
    too_many_files:
      'You have brought as many files into this order as one side may. Keep the file elsewhere and send its link in a message.',
    'too_many_files.staff':
      'Customer experience has brought as many files into this order as it may. Keep the file elsewhere and send its link in a message.',
    too_many_pieces:
      'The connection was cut too often for one upload. Nothing of this file is kept: try again, best on a steadier connection.',
    too_many_uploads:
      'Too many uploads of your side are on their way in this order. Try again when some are done.',
    disk_full: 'The service has no room for files just now. What you wrote is kept; try again later.',
    unavailable: 'The service cannot take files just now. What is uploaded is kept; try again later.',
    ended: 'Your sign-in has ended. What is uploaded is kept: sign in again, then try again.',
  } as Record<string, string>,
  trouble: 'Could not be uploaded: {problem}',
}

export const files = {
  pictures: 'Pictures',
  show: 'Show {name}',
  previous: 'Previous file',
  next: 'Next file',
  ofAll: '{at} of {all}',
  openTab: 'Open in a new tab',
  notShown: 'This file cannot be shown here. Download it instead.',
  manifest: 'Files of this delivery',
  changes: { same: 'Same', changed: 'Changed', new: 'New', renamed: 'Renamed' },
  before: 'was {name}',
  gone: 'Not in it any more',
  comparedTo: (no: number) => `Compared with delivery ${no}, by name and SHA-256.`,
  copyHash: 'Copy',
  check: 'Check the bytes',
  checking: 'Checking',
  checked: {
    same: 'These are the bytes that were delivered',
    other: 'These are other bytes than were delivered',
  },
  askedFor: (done: number, of: number) => `Changes asked for: ${done} of ${of} ticked`,
  ticksAreYours: 'Ticks are notes for you, kept in this browser.',
  newer: (no: number) => `Delivery ${no} has come meanwhile. Look at it before you decide.`,
  showNewer: (no: number) => `Show delivery ${no}`,
}
