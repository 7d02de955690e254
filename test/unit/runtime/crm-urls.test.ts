import { describe, expect, it } from '@jest/globals';
import { readCrmUrls } from '../../../functions/runtime/environment.ts';

describe('base URLs from the environment', () => {
  it.each([
    ['nothing', undefined, {}],
    ['a base URL', '{"encharge":"https://crm.example.com/v1/"}', { encharge: 'https://crm.example.com/v1/' }],
    ['one on this machine', '{"encharge":"http://127.0.0.1:4000/"}', { encharge: 'http://127.0.0.1:4000/' }],
  ])('may be %s', (_name, variable, urls) => {
    expect(readCrmUrls(variable)).toEqual(urls);
  });

  it.each([
    ['no JSON', 'fake-token'],
    ['no object', '[]'],
    ['in the clear', '{"encharge":"http://fake-token.example.com/"}'],
  ])('are not shown when they are %s', (_name, variable) => {
    expect(() => readCrmUrls(variable)).toThrow(
      /^USHER_CRM_URLS must be JSON, with base URLs that are https/,
    );
    expect(() => readCrmUrls(variable)).not.toThrow(/fake-token/);
  });
});
