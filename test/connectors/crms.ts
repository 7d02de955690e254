export { activecampaign } from './activecampaign.ts';
export { brevo } from './brevo.ts';
export { drip } from './drip.ts';
export { encharge } from './encharge.ts';
export { highlevel } from './highlevel.ts';
export { hubspot } from './hubspot.ts';
export { kit } from './kit.ts';
export { userengage } from './userengage.ts';
