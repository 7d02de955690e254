import { describe, expect, it } from '@jest/globals';
import { renderTemplate, templateProblem } from '../../../functions/mail/template.ts';

describe('a template', () => {
  const values = { name: `<b>"O'Brien" & Söhne</b>`, link: 'https://example.com/?a=1&b=2' };

  it.each([
    ['text', 'Hello {{name}}', `Hello <b>"O'Brien" & Söhne</b>`],
    ['text', '{{link}}', 'https://example.com/?a=1&b=2'],
    ['html', 'Hello {{name}}', 'Hello &lt;b&gt;&quot;O&#39;Brien&quot; &amp; Söhne&lt;&#x2F;b&gt;'],
    ['html', '{{#name}}there{{/name}}{{^none}} and not{{/none}}', 'there and not'],
    ['text', '{{none}}', ''],
    ['text', '{{name.constructor.name}}', 'String'],
  ] as const)('as %s: %s', (as, template, rendered) => {
    expect(renderTemplate(template, values, as)).toBe(rendered);
  });

  it('does not take values for templates', () => {
    expect(renderTemplate('{{name}}', { name: '{{secret}}', secret: 'x' }, 'text')).toBe('{{secret}}');
  });
});

describe('a problem is seen beforehand', () => {
  it.each(['plain', '{{name}}', '{{#name}}{{.}}{{/name}}', ''])('none: %j', (template) => {
    expect(templateProblem(template)).toBeUndefined();
  });
  it.each(['{{name', '{{#name}}', '{{/name}}', '{{#a}}{{/b}}'])('one: %j', (template) => {
    expect(templateProblem(template)).toMatch(/tag is not closed/);
  });
});
