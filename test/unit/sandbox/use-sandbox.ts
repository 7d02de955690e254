import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import type { TestedCrm } from '../../support/tested-crm.ts';
import { type Call, callerOf } from './exchange.ts';

/** The sandbox of the test file that runs, and its API. */
export let sandbox: Sandbox;
export let call: Call;

/** Starts a sandbox before the tests of a file, forgets after each what it did, and stops it after them. */
export function useSandbox(crm: TestedCrm): void {
  beforeAll(async () => {
    sandbox = await startSandbox(crm, { token: 'fake-token' });
    call = callerOf(sandbox);
  });
  afterEach(() => {
    sandbox.people.reset();
    sandbox.faults.clear();
    sandbox.requests.clear();
  });
  afterAll(() => sandbox.stop());
}
