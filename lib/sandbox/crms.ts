export { activecampaign } from './crms/activecampaign.ts';
export { brevo } from './crms/brevo.ts';
export { drip } from './crms/drip.ts';
export { encharge } from './crms/encharge.ts';
export { highlevel } from './crms/highlevel.ts';
export { hubspot } from './crms/hubspot.ts';
export { kit } from './crms/kit.ts';
export { userengage } from './crms/userengage.ts';
