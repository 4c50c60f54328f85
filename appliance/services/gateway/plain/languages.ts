/** The words of the page before protection. `{host}` stands for the address of the box. */
export interface PlainWords {
  /** Name of the language in itself. */
  name: string;
  direction: 'ltr' | 'rtl';
  title: string;
  purpose: string;
  warningTitle: string;
  warningReason: string;
  /** For each browser, what to press in its warning, in order. */
  steps: Readonly<Record<'chrome' | 'safari' | 'firefox', readonly string[]>>;
  thenInvitation: string;
  unprotected: string;
  goOn: string;
  otherDevice: string;
  notWorking: string;
  help: readonly string[];
}

const en: PlainWords = {
  name: 'English',
  direction: 'ltr',
  title: 'Connect to this Parley box',
  purpose:
    'Chat, calls and files for several organisations. No account, no phone number, nothing to install.',
  warningTitle: 'Your browser will show a warning',
  warningReason: 'It warns because this box is not on the internet. Here, this is expected.',
  steps: {
    chrome: ['Press “Advanced”.', 'Press “Continue to {host}” or “Proceed to {host}”.'],
    safari: ['Press “Show Details”.', 'Press “visit this website”, then “Visit Website”.'],
    firefox: ['Press “Advanced…”.', 'Press “Accept the Risk and Continue”.'],
  },
  thenInvitation: 'Then scan your invitation, or type its code.',
  unprotected: 'This first page is not protected. It never asks for a code or a name.',
  goOn: 'Continue',
  otherDevice: 'Other phone or laptop',
  notWorking: 'It does not work',
  help: [
    'Stay in the Wi-Fi of the box, even if your device says “no internet”.',
    'Open this address in your usual browser, not in a small sign-in window.',
    'Turn off any VPN while you use the box.',
  ],
};

const de: PlainWords = {
  name: 'Deutsch',
  direction: 'ltr',
  title: 'Mit dieser Parley-Box verbinden',
  purpose:
    'Nachrichten, Anrufe und Dateien für mehrere Organisationen. Kein Konto, keine Telefonnummer, nichts zu installieren.',
  warningTitle: 'Ihr Browser zeigt gleich eine Warnung',
  warningReason: 'Er warnt, weil diese Box nicht im Internet steht. Hier ist das zu erwarten.',
  steps: {
    chrome: ['Tippen Sie auf „Erweitert“.', 'Tippen Sie auf „Weiter zu {host}“.'],
    safari: [
      'Tippen Sie auf „Details einblenden“.',
      'Tippen Sie auf „diese Website besuchen“, dann auf „Website besuchen“.',
    ],
    firefox: [
      'Tippen Sie auf „Erweitert…“.',
      'Tippen Sie auf „Risiko akzeptieren und fortfahren“.',
    ],
  },
  thenInvitation: 'Scannen Sie dann Ihre Einladung oder tippen Sie den Code ein.',
  unprotected:
    'Diese erste Seite ist nicht geschützt. Sie fragt nie nach einem Code oder einem Namen.',
  goOn: 'Weiter',
  otherDevice: 'Anderes Telefon oder Laptop',
  notWorking: 'Es geht nicht',
  help: [
    'Bleiben Sie im WLAN der Box, auch wenn Ihr Gerät „kein Internet“ meldet.',
    'Öffnen Sie diese Adresse im gewohnten Browser, nicht in einem kleinen Anmeldefenster.',
    'Schalten Sie ein VPN aus, solange Sie die Box benutzen.',
  ],
};

const uk: PlainWords = {
  name: 'Українська',
  direction: 'ltr',
  title: 'Під’єднайтеся до цієї скриньки Parley',
  purpose:
    'Листування, дзвінки та файли для кількох організацій. Без облікового запису, без номера телефону, без встановлення.',
  warningTitle: 'Ваш браузер покаже попередження',
  warningReason: 'Він попереджає, бо ця скринька не в інтернеті. Тут це очікувано.',
  steps: {
    chrome: ['Натисніть «Додатково».', 'Натисніть «Перейти на сайт {host}».'],
    safari: [
      'Натисніть «Показати подробиці».',
      'Натисніть «відвідати цей вебсайт», потім «Відвідати вебсайт».',
    ],
    firefox: ['Натисніть «Додатково…».', 'Натисніть «Прийняти ризик і продовжити».'],
  },
  thenInvitation: 'Потім відскануйте своє запрошення або введіть його код.',
  unprotected: 'Ця перша сторінка не захищена. Вона ніколи не питає код чи ім’я.',
  goOn: 'Далі',
  otherDevice: 'Інший телефон або ноутбук',
  notWorking: 'Не виходить',
  help: [
    'Залишайтеся у Wi-Fi скриньки, навіть якщо пристрій пише «немає інтернету».',
    'Відкрийте цю адресу у звичному браузері, а не в маленькому вікні входу.',
    'Вимкніть VPN, поки користуєтеся скринькою.',
  ],
};

const ar: PlainWords = {
  name: 'العربية',
  direction: 'rtl',
  title: 'اتصل بصندوق Parley هذا',
  purpose: 'محادثات ومكالمات وملفات لعدة منظمات. بلا حساب، وبلا رقم هاتف، وبلا تثبيت.',
  warningTitle: 'سيعرض متصفحك تحذيرًا',
  warningReason: 'يحذّر لأن هذا الصندوق ليس على الإنترنت. هذا متوقع هنا.',
  steps: {
    chrome: ['اضغط «خيارات متقدمة».', 'اضغط «المتابعة إلى {host}».'],
    safari: ['اضغط «إظهار التفاصيل».', 'اضغط «زيارة موقع الويب هذا»، ثم «زيارة موقع الويب».'],
    firefox: ['اضغط «متقدم…».', 'اضغط «أقبل المخاطرة وأتابع».'],
  },
  thenInvitation: 'ثم امسح دعوتك ضوئيًا أو اكتب رمزها.',
  unprotected: 'هذه الصفحة الأولى غير محمية. لا تطلب أبدًا رمزًا أو اسمًا.',
  goOn: 'متابعة',
  otherDevice: 'هاتف أو حاسوب آخر',
  notWorking: 'لا يعمل',
  help: [
    'ابقَ على شبكة الصندوق حتى لو قال جهازك «لا يوجد إنترنت».',
    'افتح هذا العنوان في متصفحك المعتاد، لا في نافذة تسجيل صغيرة.',
    'أوقف أي VPN أثناء استخدام الصندوق.',
  ],
};

/** All languages of the page; English is the one for everybody else. */
export const languages: Readonly<Record<string, PlainWords>> = { en, ar, de, uk };

/** The best of our languages for an Accept-Language header (RFC 9110 §12.5.4). */
export function chooseLanguage(accepted: string): string {
  const wishes = accepted
    // A header of many thousand wishes is no wish.
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', weight] = part.trim().split(/;\s*q=/);
      return { language: tag.toLowerCase().split('-')[0] ?? '', weight: Number(weight ?? 1) };
    })
    .filter(({ language, weight }) => Object.hasOwn(languages, language) && weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return wishes[0]?.language ?? 'en';
}
