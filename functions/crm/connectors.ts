/** Every CRM that there is a connector for, a line each. The bundle holds those that the configuration uses. */
export { drip } from './connectors/drip.ts';
export { encharge } from './connectors/encharge.ts';
export { fluentcrm } from './connectors/fluentcrm.ts';
export { highlevel } from './connectors/highlevel.ts';
export { mautic } from './connectors/mautic.ts';
export { ontraport } from './connectors/ontraport.ts';
export { userengage } from './connectors/userengage.ts';
