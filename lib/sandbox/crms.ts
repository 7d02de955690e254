export { drip } from './crms/drip.ts';
export { encharge } from './crms/encharge.ts';
export { fluentcrm } from './crms/fluentcrm.ts';
export { highlevel } from './crms/highlevel.ts';
export { mautic } from './crms/mautic.ts';
export { ontraport } from './crms/ontraport.ts';
export { userengage } from './crms/userengage.ts';
