import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { renderTemplate } from '../mail/template.ts';
import type { SiteAnswer } from './site-request.ts';

type Site = Config['site'];

/** What texts of the configuration may name. */
const valuesOf = ({ name, passwords }: Site) => ({
  site_name: name,
  min_length: passwords.minLength,
  valid_hours: 24,
});

/** A text of the configuration as HTML. */
export const textOf = (site: Site, name: keyof Site['texts']): string =>
  renderTemplate(site.texts[name], valuesOf(site), 'html');

/** The same for an error's text. */
export const errorTextOf = (
  site: Site,
  code: keyof Site['errors'],
  values: Readonly<Record<string, string>> = {},
  as: 'html' | 'text' = 'html',
): string => renderTemplate(site.errors[code], { ...valuesOf(site), ...values }, as);

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A value as text in HTML, also between quotes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => escapes[mark] ?? mark);

/** Light and dark by the system's choice, from 320 px on. */
const styleOf = ({
  accentColor,
}: Site) => `:root{color-scheme:light dark;--ink:#16191d;--soft:#5c6570;--page:#f4f5f7;--card:#fff;--line:#868e99;--edge:#e3e6ea;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#f1f3f5;--soft:#b4bac3;--page:#16181c;--card:#22252b;--line:#8b939e;--edge:#363b44;--bad:#ffb4ab}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;padding:24px 16px;background:var(--page);color:var(--ink);font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
main{width:100%;max-width:440px;padding:32px;background:var(--card);border:1px solid var(--edge);border-radius:12px}
.site{margin:0 0 16px;color:var(--soft);font-size:14px;line-height:20px}
h1{margin:0 0 12px;font-size:24px;line-height:32px;font-weight:600}
p{margin:0 0 16px}
label{display:block;margin:16px 0 6px;font-weight:600}
input{width:100%;padding:12px;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:8px}
input[readonly]{color:var(--soft)}
.hint{margin:6px 0 0;color:var(--soft);font-size:14px;line-height:20px}
.bad{margin:6px 0 0;color:var(--bad);font-weight:600}
button{width:100%;margin:24px 0 0;padding:14px 24px;font:inherit;font-weight:600;color:#fff;background:${accentColor};border:1px solid rgba(255,255,255,.35);border-radius:8px;cursor:pointer}
:focus-visible{outline:3px solid ${accentColor};outline-offset:2px;box-shadow:0 0 0 2px var(--card)}
.way{margin:24px 0 0;font-size:14px;line-height:20px}
a{color:inherit}
@media (max-width:420px){body{padding:0;align-items:stretch}main{border:0;border-radius:0;padding:24px 16px}}`;

/** The language's own direction. */
const rightToLeft = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/i;

/**
 * A whole page. It runs no script, loads nothing, is kept nowhere and is shown in no frame.
 *
 * @param title as HTML, and so is the content
 */
export function page(
  site: Site,
  status: number,
  { title, content }: { title: string; content: string },
): SiteAnswer {
  const style = styleOf(site);
  const styleHash = createHash('sha256').update(style).digest('base64');
  const dir = rightToLeft.test(site.language) ? ' dir="rtl"' : '';
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      // Browsers hold every redirect after a form to `form-action`: where the site sends people on to, only the site knows.
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    },
    body: `<!doctype html>
<html lang="${site.language}"${dir}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${escaped(site.name)}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="site">${escaped(site.name)}</p>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`,
  };
}

/** The way on to the site. */
export const wayToSite = (site: Site): string =>
  `<p class="way"><a href="${escaped(site.url)}">${textOf(site, 'toSite')}</a></p>`;
