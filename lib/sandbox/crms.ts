export { encharge } from './crms/encharge.ts';
export { highlevel } from './crms/highlevel.ts';
export { userengage } from './crms/userengage.ts';
