export { encharge } from './crms/encharge.ts';
export { hubspot } from './crms/hubspot.ts';
export { kit } from './crms/kit.ts';
export { userengage } from './crms/userengage.ts';
