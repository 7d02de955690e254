import Mustache from 'mustache';

/**
 * Fills a Mustache template. `html` escapes every `{{value}}`; `text` leaves values as they are.
 *
 * https://mustache.github.io/mustache.5.html
 */
export function renderTemplate(template: string, values: object, as: 'text' | 'html'): string {
  return Mustache.render(template, values, {}, { escape: as === 'html' ? Mustache.escape : String });
}

/** What is wrong with a template, or undefined. Checked with the configuration, not when a mail is due. */
export function templateProblem(template: string): string | undefined {
  try {
    Mustache.parse(template);
    return undefined;
  } catch {
    return 'is not a Mustache template: a tag is not closed';
  }
}
