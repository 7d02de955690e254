export { customerio } from './crms/customerio.ts';
export { encharge } from './crms/encharge.ts';
export { intercom } from './crms/intercom.ts';
export { keap } from './crms/keap.ts';
export { pipedrive } from './crms/pipedrive.ts';
export { userengage } from './crms/userengage.ts';
