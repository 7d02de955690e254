import { isTemplate, type TemplateForms } from '../crm/template-forms.ts';
import type { Lookup, ParameterName } from './parameters.ts';

const mayBeTemplates: ReadonlySet<ParameterName> = new Set(['contact_id', 'email', 'role']);

/**
 * Parameters without those that a CRM should have filled in and did not.
 *
 * @param notFilled is told the names of these
 */
export function filledIn(find: Lookup, forms: TemplateForms, notFilled: Set<ParameterName>): Lookup {
  return (name) => {
    const text = find(name);
    if (text === undefined || !mayBeTemplates.has(name) || !isTemplate(text, forms)) return text;
    notFilled.add(name);
    return undefined;
  };
}
