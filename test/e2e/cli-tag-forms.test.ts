import { expect, it } from '@jest/globals';
import { newEmail, putContact } from '../integration/contacts.ts';
import { cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { webhook } from '../support/webhook.ts';

useCliStack();

it('a tag is found in whatever normal form it is typed, and every user once', async () => {
  const [composed, decomposed] = ['Käufer', 'Ka\u0308ufer'];
  for (const tags of [[composed], [decomposed], [composed, decomposed]]) {
    const id = putContact(cli.test, 'encharge', { email: newEmail(), tags });
    await webhook(cli.test, 'encharge', 'add', id);
  }
  for (const tag of [composed, decomposed]) {
    const { out } = await cli.local(['user', 'list', '--tag', tag, '--json']);
    expect(jsonLines(out)).toMatchObject([{ tags: [composed] }, { tags: [composed] }, { tags: [composed] }]);
  }
});
