export { activecampaign } from './activecampaign.ts';
export { encharge } from './encharge.ts';
export { userengage } from './userengage.ts';
