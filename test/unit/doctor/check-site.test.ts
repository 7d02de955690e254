import { expect, it } from '@jest/globals';
import { defineConfig } from '../../../functions/config/define-config.ts';
import { checkMailLinks } from '../../../lib/doctor/check-site.ts';
import type { Patient } from '../../../lib/doctor/finding.ts';
import { exampleInput } from '../example-config.ts';

const ofAws = 'https://abc123.execute-api.eu-west-1.amazonaws.com/';

/** What is found of a deployment whose webhooks go there, with these pages of the site's own. */
function found(webhook: string, pages: { setPasswordUrl?: string; forgotPasswordUrl?: string } = {}) {
  const site = { name: 'Example Site', url: 'https://www.example.com', ...pages };
  const deployment = { config: defineConfig(exampleInput({ site })), webhook };
  return checkMailLinks({ deployment } as unknown as Patient);
}

it('mails lead to a name of the site', () => {
  expect(found('https://usher.example.com/')).toEqual([
    { check: 'mail links', status: 'ok', message: 'mails lead to usher.example.com' },
  ]);
});

it.each([
  ['without pages of its own', {}],
  ['with one of the two', { setPasswordUrl: 'https://www.example.com/password' }],
])('warns of a name of AWS, %s', (_name, pages) => {
  expect(found(ofAws, pages)).toEqual([
    {
      check: 'mail links',
      status: 'warn',
      message: expect.stringContaining('abc123.execute-api.eu-west-1.amazonaws.com'),
      fix: expect.stringMatching(/domain .*site\.setPasswordUrl/),
    },
  ]);
});

it('does not mind the name where mails lead to the site itself', () => {
  const pages = {
    setPasswordUrl: 'https://www.example.com/password',
    forgotPasswordUrl: 'https://example.com/forgot',
  };
  expect(found(ofAws, pages)).toEqual([
    { check: 'mail links', status: 'ok', message: 'mails lead to www.example.com and example.com' },
  ]);
});
