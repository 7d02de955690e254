import type { CrmName } from '../../functions/crm/registry.ts';
import type { CrmDescription } from './crm-description.ts';
import * as crms from './crms.ts';

/** A description for every CRM that there is a connector for; without one this does not compile. */
export const descriptions: Readonly<Record<CrmName, CrmDescription>> = crms;
