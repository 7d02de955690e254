/** How a CRM marks what it fills into a text: where a mark begins and where it ends. */
export type TemplateForms = readonly (readonly [open: string, close: string])[];

/** Liquid and its relatives: values and tags. */
export const braces: TemplateForms = [
  ['{{', '}}'],
  ['{%', '%}'],
];

/** Whether a text still holds a mark that the CRM should have filled in. */
export function isTemplate(text: string, forms: TemplateForms): boolean {
  return forms.some(([open, close]) => {
    const start = text.indexOf(open);
    return start !== -1 && text.includes(close, start + open.length);
  });
}
