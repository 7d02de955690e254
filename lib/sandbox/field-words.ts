/** What a CRM calls fields, and how it takes them. */
export interface FieldWords {
  /** Names of `people.ts`, and `email`, that this CRM has other words for: `{ phone: 'phone_number' }`. */
  names?: Readonly<Record<string, string>>;
  /** In the CRM's words, those that stand apart from custom ones; none unless told. */
  standard?: readonly string[];
  /** What becomes of a written field that the account does not have. Stored unless told. */
  unknown?: 'stored' | 'ignored' | 'refused';
}

/** The CRM's word for a field. */
export function crmName(own: string, { names }: FieldWords): string {
  return names && Object.hasOwn(names, own) ? String(names[own]) : own;
}

/** The sandboxes' word for a field of the CRM. */
export function ownName(name: string, { names = {} }: FieldWords): string {
  return Object.keys(names).find((own) => names[own] === name) ?? name;
}
