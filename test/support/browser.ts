import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium } from './launch-chromium.ts';

/** The browser of the test file that runs. */
export let browser: Browser;

/** Tests with a real browser. Without any they are skipped and say so; CI has one, so that nothing is skipped there unseen. */
export function describeWithBrowser(name: string, tests: () => void): void {
  if (!hasChromium) {
    if (process.env['CI']) throw new Error('There is no Chromium for the tests with a browser.');
    describe.skip(`${name} (there is no Chromium here)`, () => {
      it('is not tested', () => undefined);
    });
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());
    tests();
  });
}
