import type { Words } from '../words'
import { counted, digits } from './plural'

export const nav: Words['nav'] = {
  product: 'الطلبات',
  home: 'الرئيسية',
  chat: 'الدردشة',
  desk: 'المكتب',
  demo: 'المتجر',
  unread: n =>
    counted(n, {
      zero: 'لا شيء غير مقروء',
      one: 'عنصر واحد غير مقروء',
      two: 'عنصران غير مقروءين',
      few: '# عناصر غير مقروءة',
      many: '# عنصرًا غير مقروء',
      other: '# عنصر غير مقروء',
    }),
  menu: 'الإعدادات',
  theme: 'المظهر',
  themes: { system: 'كما في النظام', light: 'فاتح', dark: 'داكن' },
  keys: 'اختصارات لوحة المفاتيح',
  single: { on: 'تشغيل اختصارات المفتاح الواحد', off: 'إيقاف اختصارات المفتاح الواحد' },
  notices: {
    on: 'تشغيل الإشعارات',
    off: 'إيقاف الإشعارات',
    forbidden: 'الإشعارات محظورة',
    how: 'اسمح بالإشعارات لهذه الصفحة في إعدادات المتصفح ثم شغّلها هنا.',
  },
  palette: 'البحث والأوامر',
  forget: 'نسيان ما هو محفوظ على هذا الجهاز',
  signOut: 'تسجيل الخروج',
  skip: 'الانتقال إلى المحادثة',
}

export const roles: Words['roles'] = {
  buyer: 'المشتري',
  seller: 'البائع',
  agent: 'خدمة العملاء',
  admin: 'الإدارة',
  bot: 'مساعد الطلبات',
  system: 'الساعة',
  host: 'السوق',
  user: 'مستخدم',
}

export const connection: Words['connection'] = {
  offline: 'أنت غير متصل. ما تكتبه محفوظ هنا ويُرسل عند عودة الاتصال.',
  waiting: 'انقطع الاتصال. نحاول مجددًا، وما تكتبه محفوظ.',
  retry: 'المحاولة الآن',
  expired: 'انتهت جلسة دخولك. ما كتبته محفوظ هنا.',
  signIn: 'الدخول مجددًا',
  closed: 'أنهت الخدمة الاتصال. ما كتبته محفوظ هنا.',
  memory: 'هذا المتصفح لا يحفظ شيئًا: إعادة التحميل تُفقد ما لم يُرسل بعد.',
}

export const inbox: Words['inbox'] = {
  title: 'المحادثات',
  search: 'البحث في المحادثات',
  tabs: {
    all: 'الكل',
    new: 'جديدة',
    active: 'جارية',
    delivered: 'مسلَّمة',
    disputed: 'متنازع عليها',
    done: 'منتهية',
    conversations: 'دردشات',
  },
  tabsLabel: 'حسب الحالة',
  more: 'عرض المزيد',
  empty: 'لا محادثات بعد',
  emptyHint: 'يظهر هنا كل طلب تقدّمه أو يصلك.',
  emptyTab: 'لا شيء هنا الآن',
  nothingFound: 'لم يُعثر على شيء بعبارة «{text}»',
  clear: 'مسح البحث',
  place: 'تقديم طلب',
  failed: 'تعذّرت قراءة المحادثات',
  moreFailed: 'تعذّرت قراءة بقية المحادثات.',
  oldOnes: 'قد لا تكون محدّثة: تعذّرت قراءة المحادثات من جديد.',
  you: 'أنت',
  late: 'متأخر',
  yourTurn: 'دورك',
  with: 'مع {name}',
  draft: 'مسودة',
  talk: 'محادثة',
}

export const room: Words['room'] = {
  choose: 'اختر محادثة',
  chooseHint: 'طلباتك ودردشاتك في القائمة الجانبية، وأولها ما ينتظرك.',
  back: 'العودة إلى المحادثات',
  status: 'حالة الطلب',
  showStatus: 'إظهار حالة الطلب',
  hideStatus: 'إخفاء حالة الطلب',
  older: 'جارٍ تحميل ما سبق',
  olderFailed: 'تتعذر قراءة ما سبق الآن. تُعاد المحاولة.',
  start: 'من هنا بدأ الطلب',
  startTalk: 'من هنا بدأت المحادثة',
  newMessages: n =>
    counted(n, {
      zero: 'لا جديد',
      one: 'عنصر جديد واحد',
      two: 'عنصران جديدان',
      few: '# عناصر جديدة',
      many: '# عنصرًا جديدًا',
      other: '# عنصر جديد',
    }),
  toEnd: 'إلى أحدث عنصر',
  unreadFrom: 'الجديد منذ زيارتك الأخيرة',
  today: 'اليوم',
  yesterday: 'أمس',
  details: 'التفاصيل',
  by: 'مَن',
  when: 'متى',
  support: 'للدعم',
  entry: seq => `العنصر ${digits(seq)}`,
  notFound: 'هذا الطلب غير موجود هنا، أو لا يحق لك رؤيته',
  notFoundHint: 'تحقق من العنوان، أو عُد إلى محادثاتك.',
  timeline: 'سجل الأحداث',
  empty: 'ابدأ بالتحية: لم يُكتب شيء هنا بعد.',
  typing: '{name} يكتب الآن',
  typingMore: 'عدة أشخاص يكتبون الآن',
  active: 'في الدردشة',
  away: 'بعيد',
  gone: 'ليس في الدردشة',
  because: 'بسبب',
  unknown: 'حدث شيء لا تستطيع هذه النسخة عرضه',
  readOnly: 'لا يمكن الكتابة هنا الآن',
}

export const message: Words['message'] = {
  reply: 'رد',
  edit: 'تعديل',
  retract: 'سحب',
  copy: 'نسخ النص',
  copied: 'نُسخ',
  notCopied: 'لم يسمح المتصفح بالنسخ.',
  more: 'المزيد لهذه الرسالة',
  edited: 'معدّلة',
  retracted: 'سُحبت هذه الرسالة',
  repliesTo: 'ردًا على {name}',
  replyGone: 'عنصر سابق',
  queued: 'بانتظار الإرسال',
  sent: 'جارٍ الإرسال',
  stored: 'محفوظة',
  seen: 'شوهدت',
  failed: 'لم تُرسل',
  retry: 'إعادة الإرسال',
  discard: 'حذف',
  pendingCommand: 'جارٍ التنفيذ',
  failedCommand: 'لم يُنفَّذ',
  download: 'تنزيل {name}',
  notHere: 'لا يمكن تنزيل الملف هنا الآن.',
  files: 'الملفات',
}

export const composer: Words['composer'] = {
  label: 'الرسالة',
  placeholderRoom: 'اكتب رسالة',
  send: 'إرسال',
  attach: 'إرفاق ملفات',
  actions: 'إجراءات الطلب',
  replying: 'الرد على {name}',
  cancelReply: 'إلغاء الرد',
  editing: 'تعديل رسالتك',
  cancelEdit: 'إيقاف التعديل',
  save: 'حفظ',
  tooLong: over =>
    counted(over, {
      one: 'حرف واحد زائد',
      two: 'حرفان زائدان',
      few: '# أحرف زائدة',
      many: '# حرفًا زائدًا',
      other: '# حرف زائد',
    }),
  notKept: 'تعذّر حفظ هذا في المتصفح. نصك ما زال هنا.',
  tooMany: 'رسائل كثيرة بانتظار الإرسال. نصك ما زال هنا.',
}

export const step: Words['step'] = {
  title: 'الخطوة التالية',
  yours: 'دورك',
  proposal: 'الرد قبل',
  resolution: 'الرد قبل',
  paused: 'الساعة متوقفة',
}

export const actions: Words['actions'] = {
  now: 'ممكنة الآن',
  later: 'غير ممكنة الآن',
  from: 'ابتداءً من {at}',
  none: 'لم يعد ممكنًا فعل شيء في هذا الطلب.',
  correct: 'تصحيح الإجابات',
}

export const gallery: Words['gallery'] = {
  messages: 'الرسائل',
  open: 'البطاقات المفتوحة',
  settled: 'البطاقات المحسومة',
  lines: 'الأسطر',
  parts: 'الأجزاء',
}

export const print: Words['print'] = {
  open: 'عرض للطباعة',
  back: 'العودة إلى الدردشة',
  print: 'طباعة',
  loading: 'جارٍ قراءة السجل كاملًا',
  ready: 'السجل كامل هنا: {count} عنصر.',
  as: 'الطلب {order}، كما في {at}',
}
