export { encharge } from './encharge.ts';
export { userengage } from './userengage.ts';
