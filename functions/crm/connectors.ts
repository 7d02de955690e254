/** Every CRM that there is a connector for, a line each. The bundle holds those that the configuration uses. */
export { customerio } from './connectors/customerio.ts';
export { encharge } from './connectors/encharge.ts';
export { intercom } from './connectors/intercom.ts';
export { keap } from './connectors/keap.ts';
export { pipedrive } from './connectors/pipedrive.ts';
export { userengage } from './connectors/userengage.ts';
