export { activecampaign } from './crms/activecampaign.ts';
export { brevo } from './crms/brevo.ts';
export { encharge } from './crms/encharge.ts';
export { mailchimp } from './crms/mailchimp.ts';
export { mailerlite } from './crms/mailerlite.ts';
export { omnisend } from './crms/omnisend.ts';
export { userengage } from './crms/userengage.ts';
