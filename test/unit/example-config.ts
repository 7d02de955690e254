import type { ConfigInput } from '../../functions/config/define-config.ts';

/** The shortest configuration that is right: what a test does not name does not matter to it. */
export function exampleInput(change: Partial<ConfigInput> = {}): ConfigInput {
  return {
    site: {
      name: 'Example Site',
      url: 'https://www.example.com',
      setPasswordUrl: 'https://www.example.com/set-password',
    },
    roles: { default: 'subscriber', list: [{ slug: 'subscriber', name: 'Subscriber' }] },
    mail: { from: 'hello@example.com' },
    connections: { encharge: { crm: 'encharge' } },
    ...change,
  };
}
