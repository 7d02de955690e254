export { activecampaign } from './activecampaign.ts';
export { brevo } from './brevo.ts';
export { encharge } from './encharge.ts';
export { mailchimp } from './mailchimp.ts';
export { mailerlite } from './mailerlite.ts';
export { omnisend } from './omnisend.ts';
export { userengage } from './userengage.ts';
