import * as z from 'zod';

/**
 * Every object has a `constructor`, so one cannot ask whether there is such a connection. In logs and metrics `none`
 * stands for a webhook without a valid key.
 */
export const connectionName = z.string().regex(/^(?!(constructor|none)$)[a-z][a-z0-9-]{0,39}$/);

/** Without a hyphen, which stands between it and the stage. */
export const appName = z.string().regex(/^[a-z][a-z0-9]{0,19}$/, {
  error: 'must be a letter, then letters and digits, lower case, at most 20',
});
