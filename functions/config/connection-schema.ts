import * as z from 'zod';
import type { FieldMap } from '../crm/connector.ts';
import { fieldTypes } from '../crm/connector.ts';
import { longTypes } from '../crm/field-value.ts';
import { type CrmName, connectorOf, crmNames } from '../crm/registry.ts';
import { keysMust } from './keys-must.ts';

/** Not `constructor`: by it the document client of DynamoDB tells types apart. */
const localKey = z.string().regex(/^(?!constructor$)[a-zA-Z][a-zA-Z0-9_]{0,63}$/);

/** In bytes. An item of DynamoDB has 400 KB, and the tags go there too. */
const largestField = 300 * 1024;

/** `false` takes a key out of the connector's default map. */
const mappedField = z.union(
  [
    z.literal(false),
    z
      .string()
      .min(1)
      .transform((field) => ({ field, type: 'text' as const, clearWhenEmpty: false })),
    z
      .strictObject({
        field: z.string().min(1),
        type: z.enum(fieldTypes).default('text'),
        clearWhenEmpty: z.boolean().default(false),
        /** In bytes; 16 KB when it is not said. The whole user has to fit into 400 KB. */
        maxLength: z.int().min(1).max(largestField).optional(),
      })
      .refine(({ type, maxLength }) => maxLength === undefined || longTypes.has(type), {
        path: ['maxLength'],
        error: 'is for text, multiselect and raw: others hold 64 characters',
      }),
  ],
  {
    error: `must be the name of a CRM field, { field, type, clearWhenEmpty, maxLength } with a type of ${fieldTypes.join(', ')}, or false`,
  },
);

/** Local key → CRM field. */
const fields = z
  .record(localKey, mappedField, keysMust('begin with a letter and have letters, digits and _, at most 64'))
  .default({});

const common = {
  /** The CRM field that receives a new user's generated password. Without it none is generated. */
  returnPassword: z.strictObject({ field: z.string().min(1) }).optional(),
  /** Whether its contacts reach users of other connections by their address. */
  linkByEmail: z.boolean().default(true),
  /** The tag with which the CRM confirms that a user is to be deleted. Without it no webhook deletes anybody. */
  deleteWhen: z
    .string()
    .transform((tag) => tag.normalize('NFC').trim())
    .pipe(z.string().min(1))
    .optional(),
  fields,
};

function connectionOf(crm: CrmName) {
  const connector = connectorOf(crm);
  return z
    .strictObject({ crm: z.literal(crm), ...common, ...connector.settings.shape })
    .transform(({ crm: _crm, returnPassword, linkByEmail, deleteWhen, fields: configured, ...settings }) => ({
      crm,
      linkByEmail,
      ...(returnPassword ? { returnPassword } : {}),
      ...(deleteWhen === undefined ? {} : { deleteWhen }),
      fields: mergeFields(connector.defaultFields, configured),
      settings,
    }));
}

function mergeFields(defaults: FieldMap, configured: z.output<typeof fields>): FieldMap {
  const merged = Object.entries({ ...defaults, ...configured });
  return Object.fromEntries(merged.filter(([, field]) => field !== false)) as FieldMap;
}

/** One CRM account: what every connection may set, and what its CRM's may. */
export const connection = z
  .looseObject({ crm: z.enum(crmNames) })
  .transform((given, context) => {
    const checked = connectionOf(given.crm).safeParse(given);
    if (checked.success) return checked.data;
    for (const { path, message } of checked.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  })
  .refine(({ fields: map }) => map['user_email'] !== undefined, {
    path: ['fields', 'user_email'],
    error: 'must be mapped: a user needs an e-mail address',
  })
  .refine(
    ({ returnPassword, fields: map }) =>
      Object.entries(map).every(([key, { field }]) => key === 'user_pass' || field !== returnPassword?.field),
    {
      path: ['returnPassword', 'field'],
      // The next webhook would store the password as it is.
      error: 'must not be mapped by fields, except to user_pass: map its key to false',
    },
  );
