export { drip } from './drip.ts';
export { encharge } from './encharge.ts';
export { fluentcrm } from './fluentcrm.ts';
export { highlevel } from './highlevel.ts';
export { mautic } from './mautic.ts';
export { ontraport } from './ontraport.ts';
export { userengage } from './userengage.ts';
