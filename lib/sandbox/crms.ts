export { bento } from './crms/bento.ts';
export { encharge } from './crms/encharge.ts';
export { hubspot } from './crms/hubspot.ts';
export { kit } from './crms/kit.ts';
export { klaviyo } from './crms/klaviyo.ts';
export { userengage } from './crms/userengage.ts';
