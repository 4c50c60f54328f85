import { chooseLanguage, languages, type PlainWords } from './languages.ts';

/** What the page depends on; nothing of it is secret or personal. */
export interface PageWish {
  /** Where "Continue" leads: `https://10.42.0.1:8443/`. */
  target: string;
  /** The address as the browser's warning names it. */
  host: string;
  acceptLanguage: string;
  userAgent: string;
  /** `?lang=` wins over the browser's wish. */
  language: string | undefined;
}

type Browser = keyof PlainWords['steps'];

const browserNames: Readonly<Record<Browser, string>> = {
  chrome: 'Chrome, Edge, Samsung, Opera',
  safari: 'Safari (iPhone, iPad, Mac)',
  firefox: 'Firefox',
};

const style = `:root{color-scheme:light dark;--ground:#F5F3EE;--surface:#FFF;--ink:#141C26;--ink2:#46515E;--line:#DAD5CA;--primary:#1A2531;--on:#FFF;--focus:#1F4FD8}
@media(prefers-color-scheme:dark){:root{--ground:#0F151C;--surface:#18212B;--ink:#F2EFE8;--ink2:#BFC7D0;--line:#2B3744;--primary:#F2EFE8;--on:#141C26;--focus:#9DB8FF}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:1.125rem/1.45 system-ui,sans-serif}
main{max-inline-size:36rem;margin-inline:auto;padding:1rem;display:grid;gap:1rem}h1{font-size:1.625rem;line-height:1.2;margin:0}h2{font-size:1.3125rem;margin:0}p{margin:0}
.card{background:var(--surface);border:1px solid var(--line);border-radius:16px;padding:1rem;display:grid;gap:.75rem}.soft{color:var(--ink2)}ol,ul{margin:0;padding-inline-start:1.5rem}
a{color:inherit}a:focus-visible,summary:focus-visible{outline:3px solid var(--focus);outline-offset:2px}nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}nav a,summary{display:inline-flex;align-items:center;min-block-size:48px}
.go{display:flex;align-items:center;justify-content:center;min-block-size:48px;border-radius:10px;background:var(--primary);color:var(--on);font-weight:600;text-decoration:none}summary{cursor:pointer}`;

/** The Connect page: explains the browser's warning and leads on. No script, no secret, no name. */
export function connectPage(wish: PageWish): string {
  const wished = wish.language ?? '';
  const language = Object.hasOwn(languages, wished) ? wished : chooseLanguage(wish.acceptLanguage);
  const words = languages[language] ?? languages['en'];
  if (!words) throw new TypeError('English is missing');
  const mine = browserOf(wish.userAgent);
  const others = (Object.keys(browserNames) as Browser[]).filter((browser) => browser !== mine);
  const steps = (browser: Browser): string =>
    words.steps[browser]
      .map(
        (step) =>
          `<li>${escaped(step).replaceAll('{host}', `<bdi>${escaped(wish.host)}</bdi>`)}</li>`,
      )
      .join('');
  const links = Object.entries(languages).map(
    ([code, { name, direction }]) =>
      `<a href="/?lang=${code}" lang="${code}" dir="${direction}">${name}</a>`,
  );
  return `<!doctype html>
<html lang="${language}" dir="${words.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Parley</title><style>${style}</style></head>
<body><main><nav>${links.join('')}</nav>
<h1>${escaped(words.title)}</h1><p class="soft">${escaped(words.purpose)}</p>
<section class="card"><h2>${escaped(words.warningTitle)}</h2><p class="soft">${escaped(words.warningReason)}</p>
<ol>${steps(mine)}<li>${escaped(words.thenInvitation)}</li></ol>
<p class="soft">${escaped(words.unprotected)}</p><a class="go" href="${escaped(wish.target)}">${escaped(words.goOn)}</a></section>
<details><summary>${escaped(words.otherDevice)}</summary>${others.map((browser) => `<h2>${browserNames[browser]}</h2><ol>${steps(browser)}</ol>`).join('')}</details>
<details><summary>${escaped(words.notWorking)}</summary><ul>${words.help.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul></details>
</main></body></html>`;
}

function browserOf(userAgent: string): Browser {
  if (/firefox|fxios/i.test(userAgent)) return 'firefox';
  // Every browser calls itself Safari; on iPhones all of them show Safari's warning.
  if (/iphone|ipad/i.test(userAgent)) return 'safari';
  return /safari/i.test(userAgent) && !/chrom|edg|android/i.test(userAgent) ? 'safari' : 'chrome';
}

function escaped(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? '');
}
