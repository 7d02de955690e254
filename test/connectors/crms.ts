export { encharge } from './encharge.ts';
export { hubspot } from './hubspot.ts';
export { userengage } from './userengage.ts';
