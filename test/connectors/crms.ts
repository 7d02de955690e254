export { bento } from './bento.ts';
export { encharge } from './encharge.ts';
export { hubspot } from './hubspot.ts';
export { kit } from './kit.ts';
export { klaviyo } from './klaviyo.ts';
export { userengage } from './userengage.ts';
