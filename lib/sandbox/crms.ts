export { encharge } from './crms/encharge.ts';
export { hubspot } from './crms/hubspot.ts';
export { userengage } from './crms/userengage.ts';
