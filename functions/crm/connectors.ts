/** Every CRM that there is a connector for, a line each. The bundle holds those that the configuration uses. */
export { bento } from './connectors/bento.ts';
export { encharge } from './connectors/encharge.ts';
export { hubspot } from './connectors/hubspot.ts';
export { kit } from './connectors/kit.ts';
export { klaviyo } from './connectors/klaviyo.ts';
export { userengage } from './connectors/userengage.ts';
