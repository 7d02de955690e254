export { encharge } from './encharge.ts';
export { keap } from './keap.ts';
export { userengage } from './userengage.ts';
