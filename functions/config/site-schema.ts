import * as z from 'zod';
import { pageTexts, siteErrorTexts } from './site-texts.ts';
import { httpUrl, pageUrl } from './site-urls.ts';

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** White text on it can be read: https://www.w3.org/TR/WCAG22/#contrast-minimum */
const isDarkEnough = (colour: string) => 1.05 / (luminance(colour) + 0.05) >= 4.5;

/** The site whose users these are, and how its pages look. */
export const site = z.strictObject({
  /** What the site is called in mails and on pages. */
  name: z
    .string()
    .min(1)
    .regex(/^[^\r\n]*$/, { error: 'must be one line' }),
  url: httpUrl,
  /** A page of the site's own for setting a password; the mail adds `user` and `key` to its query. Without it Usher's is used. */
  setPasswordUrl: pageUrl.optional(),
  /** A page of the site's own where people ask for a new link. Without it Usher's is used. */
  forgotPasswordUrl: httpUrl.optional(),
  /** Where people go once their password is set. The site's `url` unless told. */
  loginUrl: httpUrl.optional(),
  /** Of the texts, as HTML names it: `en`, `de`, `pt-BR`. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, { error: 'must be a language tag such as en or pt-BR' })
    .default('en'),
  /** Of buttons, whose text is white. */
  accentColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour such as #1f5fd6' })
    .refine((colour) => !/^#[0-9a-f]{6}$/i.test(colour) || isDarkEnough(colour), {
      error: 'is too light: white text on it must have a contrast of 4.5:1',
    })
    .default('#1f5fd6'),
  passwords: z.strictObject({ minLength: z.int().min(8).max(64).default(12) }).prefault({}),
  /** What its pages and errors say. */
  texts: pageTexts.prefault({}),
  errors: siteErrorTexts.prefault({}),
});
