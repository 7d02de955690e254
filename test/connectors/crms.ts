export { customerio } from './customerio.ts';
export { encharge } from './encharge.ts';
export { intercom } from './intercom.ts';
export { keap } from './keap.ts';
export { pipedrive } from './pipedrive.ts';
export { userengage } from './userengage.ts';
