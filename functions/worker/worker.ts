/** What works on events that nobody waits for, in one file, so that it is loaded in one. */
export { jobChain } from './job-chain.ts';
export { mailEventChain } from './mail-event-chain.ts';
