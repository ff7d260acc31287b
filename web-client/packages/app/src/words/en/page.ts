// Everything around: navigation, lists, panels, states of the page.

export const nav = {
  product: 'Orders',
  home: 'Home',
  chat: 'Chat',
  desk: 'Desk',
  demo: 'Shop',
  unread: (n: number) => (n === 1 ? '1 unread' : `${n} unread`),
  menu: 'Settings',
  theme: 'Appearance',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  keys: 'Keyboard shortcuts',
  single: { on: 'Turn single-key shortcuts on', off: 'Turn single-key shortcuts off' },
  notices: {
    on: 'Turn notifications on',
    off: 'Turn notifications off',
    forbidden: 'Notifications are blocked',
    how: 'Allow notifications for this page in your browser’s settings, then turn them on here.',
  },
  palette: 'Search and commands',
  forget: 'Forget what is kept on this device',
  signOut: 'Sign out',
  skip: 'Skip to the conversation',
}

export const roles: Record<string, string> = {
  buyer: 'Buyer',
  seller: 'Seller',
  agent: 'Customer experience',
  admin: 'Administration',
  bot: 'Order chatbot',
  system: 'Clock',
  host: 'Marketplace',
  user: 'User',
}

export const connection = {
  offline: 'You are offline. What you write is kept here and sent when the connection is back.',
  waiting: 'The connection is lost. Trying again; what you write is kept.',
  retry: 'Try now',
  expired: 'Your sign-in has ended. What you wrote is kept here.',
  signIn: 'Sign in again',
  closed: 'The service ended the connection. What you wrote is kept here.',
  memory: 'This browser keeps nothing: a reload would lose what is not sent yet.',
}

export const inbox = {
  title: 'Conversations',
  search: 'Search conversations',
  tabs: {
    all: 'All',
    new: 'New',
    active: 'Active',
    delivered: 'Delivered',
    disputed: 'In dispute',
    done: 'Done',
    conversations: 'Chats',
  } as Record<string, string>,
  tabsLabel: 'By status',
  more: 'Show more',
  empty: 'No conversations yet',
  emptyHint: 'An order that you place or receive appears here.',
  emptyTab: 'Nothing here just now',
  nothingFound: 'Nothing found for “{text}”',
  clear: 'Clear the search',
  place: 'Place an order',
  failed: 'The conversations could not be read',
  moreFailed: 'More conversations could not be read.',
  oldOnes: 'These may be out of date: the conversations could not be read anew.',
  you: 'You',
  late: 'Past due',
  yourTurn: 'Your turn',
  with: 'with {name}',
  draft: 'Draft',
  talk: 'Conversation',
}

export const room = {
  choose: 'Choose a conversation',
  chooseHint: 'Your orders and chats are on the left. The ones that wait for you come first.',
  back: 'Back to the conversations',
  status: 'Order status',
  showStatus: 'Show order status',
  hideStatus: 'Hide order status',
  older: 'Loading earlier entries',
  olderFailed: 'Earlier entries cannot be read just now. Trying again.',
  start: 'This is where the order began',
  startTalk: 'This is where the conversation began',
  newMessages: (n: number) => (n === 1 ? '1 new entry' : `${n} new entries`),
  toEnd: 'To the newest entry',
  unreadFrom: 'New since your last visit',
  today: 'Today',
  yesterday: 'Yesterday',
  details: 'Details',
  by: 'Who',
  when: 'When',
  support: 'For support',
  entry: (seq: number) => `Entry ${seq}`,
  notFound: 'This order is not here, or not yours to see',
  notFoundHint: 'Check the address, or go back to your conversations.',
  timeline: 'Timeline',
  empty: 'Say hello: nothing has been written here yet.',
  typing: '{name} is writing',
  typingMore: 'Several people are writing',
  active: 'In this chat',
  away: 'Away',
  gone: 'Not in this chat',
  because: 'Because of',
  unknown: 'Something happened that this version cannot show',
  readOnly: 'Nothing can be written here just now',
}

export const message = {
  reply: 'Reply',
  edit: 'Edit',
  retract: 'Take back',
  copy: 'Copy text',
  copied: 'Copied',
  notCopied: 'The browser did not let it be copied.',
  more: 'More for this message',
  edited: 'edited',
  retracted: 'This message was taken back',
  repliesTo: 'In reply to {name}',
  replyGone: 'An earlier entry',
  queued: 'Waiting to be sent',
  sent: 'Sending',
  stored: 'Stored',
  seen: 'Seen',
  failed: 'Not sent',
  retry: 'Send again',
  discard: 'Delete',
  pendingCommand: 'Being carried out',
  failedCommand: 'Not carried out',
  download: 'Download {name}',
  notHere: 'The file cannot be downloaded here just now.',
  files: 'Files',
}

export const composer = {
  label: 'Message',
  placeholderRoom: 'Write a message',
  send: 'Send',
  attach: 'Attach files',
  actions: 'Order actions',
  replying: 'Replying to {name}',
  cancelReply: 'Do not reply to it',
  editing: 'Editing your message',
  cancelEdit: 'Stop editing',
  save: 'Save',
  tooLong: (over: number) => `${over} characters too many`,
  notKept: 'This could not be kept in this browser. Your text is still here.',
  tooMany: 'Too many messages are waiting. Your text is still here.',
}

export const step = {
  title: 'Next step',
  yours: 'Your turn',
  proposal: 'Answer by',
  resolution: 'Answer by',
  paused: 'The clock stands still',
}

export const actions = {
  now: 'Possible now',
  later: 'Not possible now',
  from: 'From {at}',
  none: 'Nothing can be done in this order any more.',
  correct: 'Correct the answers',
}

/** Headings of the gallery. */
export const gallery = {
  messages: 'Messages',
  open: 'Cards, open',
  settled: 'Cards, settled',
  lines: 'Lines',
  parts: 'Parts',
}

export const print = {
  open: 'Print view',
  back: 'Back to the chat',
  print: 'Print',
  loading: 'Reading the whole timeline',
  ready: 'The whole timeline is here: {count} entries.',
  as: 'Order {order}, as of {at}',
}
