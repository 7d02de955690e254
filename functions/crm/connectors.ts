/** Every CRM that there is a connector for, a line each. The bundle holds those that the configuration uses. */
export { activecampaign } from './connectors/activecampaign.ts';
export { bento } from './connectors/bento.ts';
export { brevo } from './connectors/brevo.ts';
export { customerio } from './connectors/customerio.ts';
export { drip } from './connectors/drip.ts';
export { encharge } from './connectors/encharge.ts';
export { fluentcrm } from './connectors/fluentcrm.ts';
export { highlevel } from './connectors/highlevel.ts';
export { hubspot } from './connectors/hubspot.ts';
export { intercom } from './connectors/intercom.ts';
export { keap } from './connectors/keap.ts';
export { kit } from './connectors/kit.ts';
export { klaviyo } from './connectors/klaviyo.ts';
export { mailchimp } from './connectors/mailchimp.ts';
export { mailerlite } from './connectors/mailerlite.ts';
export { mautic } from './connectors/mautic.ts';
export { userengage } from './connectors/userengage.ts';
