import type { MailTemplates } from '../../functions/mail/message.ts';
import { renderTemplate } from '../../functions/mail/template.ts';

/** Where a template is broken, in words. */
export interface BrokenTemplate {
  part: keyof MailTemplates;
  line: number;
  column: number;
  message: string;
}

const parts = ['subject', 'text', 'html'] as const;

/** Mustache ends its messages with the place, counted in characters. */
function placeOf(template: string, message: string): Pick<BrokenTemplate, 'line' | 'column'> {
  const [, offset = '0'] = /at (\d+)/.exec(message) ?? [];
  const before = template.slice(0, Number(offset)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** What is wrong with templates, and where. */
export function brokenTemplates(templates: MailTemplates): BrokenTemplate[] {
  return parts.flatMap((part) => {
    try {
      renderTemplate(templates[part], {}, part === 'html' ? 'html' : 'text');
      return [];
    } catch (error) {
      const message = Error.isError(error) ? error.message : String(error);
      return [{ part, ...placeOf(templates[part], message), message }];
    }
  });
}
