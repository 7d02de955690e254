/** Every CRM that there is a connector for, a line each. The bundle holds those that the configuration uses. */
export { activecampaign } from './connectors/activecampaign.ts';
export { brevo } from './connectors/brevo.ts';
export { encharge } from './connectors/encharge.ts';
export { mailchimp } from './connectors/mailchimp.ts';
export { mailerlite } from './connectors/mailerlite.ts';
export { omnisend } from './connectors/omnisend.ts';
export { userengage } from './connectors/userengage.ts';
