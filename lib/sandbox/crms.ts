export { encharge } from './crms/encharge.ts';
export { keap } from './crms/keap.ts';
export { userengage } from './crms/userengage.ts';
